"""What a territory file may not say, each with its line; and that the shipped ones do not (spec adempimenti 9: loader checks)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locanda.core.problems import catalogue
from locanda.law.packs import BrokenPack, check_text, check_tree, territory, tree
from locanda.law.packs.tree import Tree, builtin_tree

ARTICLE = re.compile(r"art\. \d|L\.R\. \w+ \d+/\d{4}|^Comune di .* regulation|^Regolamento del Comune di ")
HEAD = '''[territory]
level = "comune"
name = "Comune di Prova"
istat = "072099"
read_on = 2026-11-01

'''
DUTY = '''[[obligation]]
id = "X-1"
it = "Dovere"
en = "Duty"
basis = "regolamento art. 1"
applies = ["bb"]
channel = "PEC"
evidence = ["pec_receipts"]
sanctions = ["N-7BIS"]
status = "official"
valid_from = 2020-01-01
sources = ["a letter"]
deadline = { kind = "at_event", event = "arrival" }
'''
SANCTION = '''[[sanction]]
id = "X-S"
it = "Violazione"
en = "Breach"
basis = "regolamento art. 2"
nature = "administrative"
min = "25.00"
max = "500.00"
unit = "violation"
status = "official"
valid_from = 2020-01-01
sources = ["a letter"]
'''


def told(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.problem.code) for fault in check_text(text, "prova.toml")]


@pytest.mark.parametrize(
    ("value", "code", "where"),
    [
        ('{ it = "x" }', "pack.key.missing", "sources.B.en"), ("3", "pack.value.type", "sources.B"),
        ('{ it = "x", en = "y", fr = "z" }', "pack.key.unknown", "sources.B.fr"),
        ('{ it = 3, en = "y" }', "pack.value.type", "sources.B.it"),
    ],
)  # fmt: skip
def test_what_may_be_a_text_or_a_pair_is_told_once_and_by_its_own_name(value: str, code: str, where: str) -> None:
    faults = check_text(HEAD + DUTY + f"[sources]\nB = {value}\n", "prova.toml")
    assert [(fault.problem.code, fault.problem.where) for fault in faults] == [(code, where)]


def test_a_file_without_faults() -> None:
    assert told(HEAD + DUTY + SANCTION) == []


@pytest.mark.parametrize(("duty", "due"), [("X-1", []), ("X-2", [(1, "pack.reference.dangling")])])
def test_the_flows_do_a_duty_that_there_is(duty: str, due: list[tuple[int, str]]) -> None:
    flows = f'''[statistics]
portal = "ROSS1000-LO"
codes = "police"
cadence = "month"
mode = ["FILE"]
deadline = {{ it = "ogni mese", en = "monthly" }}
duties = ["{duty}"]
confidence = "A"
status = "official"
sources = ["a letter"]

'''
    assert told(HEAD + flows + DUTY + SANCTION) == due


@pytest.mark.parametrize(
    ("before", "after", "line", "code"),
    [
        ("evidence", "evidense", 14, "pack.key.unknown"),
        ('basis = "regolamento art. 1"\n', "", 7, "pack.key.missing"),
        ('status = "official"', 'status = "sure"', 16, "pack.value.unknown"),
        ('kind = "at_event"', 'kind = "someday"', 19, "pack.value.unknown"),
        ('event = "arrival"', 'event = "birthday"', 19, "pack.value.unknown"),
        ('"at_event", event = "arrival"', '"elapsed", event = "arrival", duration = "24 hours"', 19, "pack.value.shape"),
        ("valid_from = 2020-01-01", 'valid_from = "2020-01-01"', 17, "pack.value.type"),
        ("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_to = 2019-12-31", 18, "pack.validity.reversed"),
        ('sources = ["a letter"]', "sources = []", 18, "pack.source.missing"),
        ('sources = ["a letter"]\n', "", 7, "pack.source.missing"),
        ('sources = ["a letter"]', 'sources = ["S999"]', 18, "pack.reference.dangling"),
        (', event = "arrival"', "", 19, "pack.deadline.incomplete"),
        ('"N-7BIS"', '"N-8BIS"', 15, "pack.reference.dangling"),
        ('channel = "PEC"', 'channel = "PIGEON"', 13, "pack.reference.dangling"),
        ('channel = "PEC"', 'channel = "PEC"\nnotes = ["D99"]', 14, "pack.reference.dangling"),
        ('channel = "PEC"', 'channel = "PEC"\nrefines = "IT-PS-99"', 14, "pack.reference.dangling"),
        ('applies = ["bb"]', 'applies = ["bnb"]', 12, "pack.group.unknown"),
        ('applies = ["bb"]\n', "", 7, "pack.key.missing"),
        ("valid_from = 2020-01-01\n", "", 7, "pack.key.missing"),
        ('id = "X-1"\n', 'id = "X-1"\noff = true\n', 9, "pack.off.idle"),
        ('id = "X-1"\n', "", 7, "pack.key.missing"),
        ('name = "Comune di Prova"', "name = 3", 3, "pack.value.type"),
        ('level = "comune"', 'level = "village"', 2, "pack.value.unknown"),
        ('it = "Dovere"', 'it = ""', 9, "pack.value.shape"),
        ('it = "Dovere"', "it = ", 9, "pack.file.unreadable"),
    ],
)
def test_a_fault_of_a_duty(before: str, after: str, line: int, code: str) -> None:
    text = HEAD + DUTY
    assert before in text
    found = told(text.replace(before, after, 1))
    assert (line, code) in found
    assert len(found) == 1


@pytest.mark.parametrize(
    ("before", "after", "line", "code"),
    [
        ('basis = "regolamento art. 2"\n', "", 7, "pack.key.missing"),
        ('min = "25.00"', "min = 25.00", 13, "pack.value.type"),
        ('min = "25.00"', 'min = "25,00"', 13, "pack.value.shape"),
        ('min = "25.00"', 'min = "2500.00"', 14, "pack.range.reversed"),
        ('unit = "violation"', 'unit = "per violation"', 15, "pack.value.unknown"),
        ('unit = "violation"', 'unit = "violation"\nauthority = "NOBODY"', 16, "pack.reference.dangling"),
    ],
)
def test_a_fault_of_a_sanction(before: str, after: str, line: int, code: str) -> None:
    assert told((HEAD + SANCTION).replace(before, after, 1)) == [(line, code)]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("valid_from = 2020-01-01", 'valid_from = "2020-01-01"', "valid_from = 2026-01-31"),
        ('applies = ["bb"]', 'applies = "bb"', "applies = [...]"),
        ('en = "Duty"', "en = 7", 'en = "..."'),
        ('"at_event", event = "arrival"', '"after_period", period = "month", day = 45', "day ≤ 31"),
    ],
)
def test_a_wrong_type_is_told_as_it_is_written_in_every_language(before: str, after: str, said: str) -> None:
    assert before in DUTY
    (fault,) = check_text(HEAD + DUTY.replace(before, after, 1), "prova.toml")
    assert fault.problem.code == "pack.value.type"
    for language in ("it", "en"):
        assert fault.problem.message(language).endswith(f" {said}")


@pytest.mark.parametrize(
    ("before", "after", "line", "code"),
    [
        ('istat = "072099"', 'istat = "999001"', 4, "pack.place.province"),
        ('istat = "072099"', 'istat = "072"', 4, "pack.place.code"),
        ('level = "comune"', 'level = "region"', 4, "pack.place.code"),
        ('level = "comune"', 'level = "province"', 4, "pack.place.code"),
    ],
)
def test_a_code_that_is_not_of_the_place(before: str, after: str, line: int, code: str) -> None:
    assert told(HEAD.replace(before, after)) == [(line, code)]


def test_two_versions_on_the_same_day() -> None:
    second = DUTY.replace("2020-01-01", "2022-01-01")
    assert told(HEAD + DUTY + "\n" + second) == [(21, "pack.validity.overlaps")]
    first = DUTY.replace("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_to = 2021-12-31")
    assert told(HEAD + first + "\n" + second) == []


def test_all_faults_come_at_once() -> None:
    text = (HEAD + DUTY + "\n" + SANCTION).replace("evidence", "evidense").replace("N-7BIS", "N-8BIS")
    text = text.replace('min = "25.00"', "min = 25").replace('"X-S"', '"X S"')
    text += '\n[[contact]]\nid = "C"\nname = "U"\nduties = ["NO-1"]\n'
    codes = {code for _, code in told(text)}
    assert {"pack.key.unknown", "pack.value.type", "pack.value.shape", "pack.reference.dangling", "pack.source.missing"} <= codes


def test_a_fault_of_a_key_hides_no_other_of_its_item() -> None:
    duty = DUTY.replace('kind = "at_event"', 'kind = "someday"').replace('sources = ["a letter"]\n', "").replace('"bb"', '"bnb"')
    codes = [code for _, code in told(HEAD.replace("[territory]", "[territory]\nfoo = 1") + duty)]
    assert sorted(codes) == ["pack.group.unknown", "pack.key.unknown", "pack.source.missing", "pack.value.unknown"]
    sanction = SANCTION.replace('min = "25.00"', "min = 25").replace('basis = "regolamento art. 2"\n', "")
    assert sorted(code for _, code in told(HEAD + sanction)) == ["pack.key.missing", "pack.value.type"]


def test_a_broken_item_is_still_there_for_those_that_name_it() -> None:
    text = HEAD + DUTY.replace("N-7BIS", "X-S") + "\n" + SANCTION.replace('min = "25.00"', "min = 25")
    assert told(text) == [(27, "pack.value.type")]


def test_a_part_of_an_inherited_item_is_enough() -> None:
    assert told(HEAD + '[[obligation]]\nid = "IT-PS-02"\nchannel = "PEC"\n') == []
    assert told(HEAD + '[[obligation]]\nid = "IT-IDS-03"\noff = true\n') == []
    assert told(HEAD + '[[obligation]]\nid = "PU-SPOT-01"\noff = true\n') == []


def test_the_words_of_a_fault_say_file_line_and_what_to_do() -> None:
    fault = check_text(HEAD + DUTY.replace("evidence", "evidense"), "prova.toml")[0]
    shown = fault.render("en")
    assert (shown["file"], shown["line"], shown["where"]) == ("prova.toml", 14, "obligation[0].evidense")
    assert "evidense" in shown["message"]
    assert "pack-schema" in shown["hint"]
    assert str(fault).startswith("prova.toml:14:")


def test_every_code_of_the_packs_is_provoked_here() -> None:
    here = Path(__file__).read_text(encoding="utf-8") + Path(__file__).with_name("test_chain.py").read_text(encoding="utf-8")
    assert [code for code in catalogue() if code.startswith("pack.") and f'"{code}"' not in here] == []


# the shipped packs ---------------------------------------------------------------------------------------------------------


def test_the_shipped_territories_have_no_fault() -> None:
    assert [str(fault) for fault in check_tree()] == []


def test_every_obligation_has_a_source_and_every_sanction_an_article() -> None:
    """Asked of the files themselves, beside the loader: no item comes out of a chain without."""
    from locanda.law.packs import chain
    from locanda.law.packs.loading import chain_in

    codes = [row.istat for row in tree() if row.level == "comune"] + ["015146", "030129", "022205", "075035", "048017"]
    naked = []
    count = 0
    for code in codes:
        rules = chain(code) if code else chain_in(builtin_tree(), "015146")
        for kind in ("obligation", "sanction", "contact", "parameter", "portal", "document", "instruction", "keep", "note"):
            for ident in rules.ids(kind):
                for item in rules.versions(kind, ident):
                    count += 1
                    if not item.sources or not all(source.strip() for source in item.sources):
                        naked.append(f"{ident} without source")
                    if kind in ("obligation", "sanction", "keep") and min(map(len, item.basis)) < 8:
                        naked.append(f"{ident} without basis")
                    if kind == "sanction" and not all(map(ARTICLE.search, item.basis)):
                        naked.append(f"{ident} without article")
                    if not item.provenance or item.read_on is None:
                        naked.append(f"{ident} without provenance")
    assert count > 1000
    assert sorted(set(naked)) == []


def test_every_pack_says_when_it_was_read() -> None:
    assert [row.path for row in tree() if row.read_on is None] == []


# trees ----------------------------------------------------------------------------------------------------------------------


def write(root: Path, path: str, text: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def small_tree(root: Path) -> Tree:
    state = '[territory]\nlevel = "state"\nname = "X"\nread_on = 2026-01-01\n[territory.groups]\nEXT = ["bb"]\n'
    write(root, "xx/xx.toml", state)
    write(root, "xx/r/r.toml", '[territory]\nlevel = "region"\nname = "R"\nistat = "01"\nread_on = 2026-01-01\n')
    write(root, "xx/r/p/uno.toml", '[territory]\nlevel = "comune"\nname = "Uno"\nistat = "901001"\nread_on = 2026-01-01\n')
    write(root, "xx/r/p/due.toml", '[territory]\nlevel = "comune"\nname = "Due"\nistat = "901002"\nread_on = 2026-01-01\n')
    write(root, "xx/r/p/due.examples.toml", 'comune = "901002"\n')
    return Tree(root)


def test_a_province_folder_needs_no_file_of_its_own(tmp_path: Path) -> None:
    where = small_tree(tmp_path)
    assert [place.path for place in where.chain_of("901002")] == ["xx", "xx/r", "xx/r/p", "xx/r/p/due"]
    assert where.chain_of("901002")[2].file is None
    assert [place.path for place in where.chain_of("901777")] == ["xx", "xx/r", "xx/r/p"]
    assert check_tree(where) == []
    rows = tree(where)
    assert [(row.path, row.level) for row in rows] == [
        ("xx", "state"), ("xx/r", "region"), ("xx/r/p", "province"), ("xx/r/p/due", "comune"), ("xx/r/p/uno", "comune"),
    ]  # fmt: skip


def test_only_the_files_of_the_chain_are_read(tmp_path: Path) -> None:
    where = small_tree(tmp_path)
    write(tmp_path, "xx/r/p/rotto.toml", 'istat = "901003"\n[territory\n')
    write(tmp_path, "xx/r2/r2.toml", "not toml")
    from locanda.law.packs.loading import chain_in

    assert chain_in(where, "901001").paths == ("xx", "xx/r", "xx/r/p/uno")
    with pytest.raises(BrokenPack) as caught:
        where.pack("xx/r/p/rotto")
    assert caught.value.faults[0].line == 2
    assert [fault.file for fault in check_tree(where)] == ["xx/r/p/rotto.toml", "xx/r2/r2.toml"]


def test_a_file_where_none_is_read_is_told(tmp_path: Path) -> None:
    where = small_tree(tmp_path)
    write(tmp_path, "xx/r/tre.toml", '[territory]\nlevel = "comune"\nname = "Tre"\nistat = "901003"\nread_on = 2026-01-01\n')
    assert [(fault.file, fault.problem.code) for fault in check_tree(where)] == [("xx/r/tre.toml", "pack.place.unread")]


def test_a_level_that_cannot_be_there_and_a_file_that_is_not_text(tmp_path: Path) -> None:
    where = small_tree(tmp_path)
    write(tmp_path, "xx/r/p/uno.toml", '[territory]\nlevel = "province"\nname = "Uno"\nistat = "901"\nread_on = 2026-01-01\n')
    (tmp_path / "xx/r/p/due.toml").write_bytes(b'[territory]\nname = "Citt\xe0"\n')
    assert [(fault.file, fault.line, fault.problem.code) for fault in check_tree(where)] == [
        ("xx/r/p/due.toml", 2, "pack.file.encoding"), ("xx/r/p/uno.toml", 2, "pack.place.level"),
    ]  # fmt: skip


def test_a_file_that_is_not_text_is_a_fault(tmp_path: Path) -> None:
    where = small_tree(tmp_path)
    (tmp_path / "xx/r/r.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BrokenPack):
        where.pack("xx/r")
    assert territory("it/puglia/puglia").territory.path == "it/puglia"


# whatever is written --------------------------------------------------------------------------------------------------------


MONOPOLI = (builtin_tree().root / "it/puglia/bari/monopoli.toml").read_text(encoding="utf-8").splitlines()
GARBLES = st.sampled_from(
    ["", "[[obligation]]", "[territory]", "x = 1", "id = 3", "deadline = []", "sources = [[]]", '"', "= =", "contact = 3",
     "[[sanction]]\nid = 1", "min = nan", "applies = [1, {}]", "remarks.it = 5", "valid_from = 2020-13-01", "a = " + "[" * 3000,
     "\ufeff"]
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(MONOPOLI) - 1), GARBLES, st.booleans()), min_size=1, max_size=4))
def test_whatever_is_written_faults_are_values(changes: list[tuple[int, str, bool]]) -> None:
    lines = list(MONOPOLI)
    for at, text, replace in changes:
        lines[at] = text if replace else f"{lines[at]}\n{text}"
    whole = "\n".join(lines)
    for fault in check_text(whole, "monopoli.toml"):
        assert 1 <= fault.line <= whole.count("\n") + 1
        assert fault.problem.message("it")
