"""The worked cases beside the packs, executed by the engines (design, section 3: examples are the tests)."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

import pytest

from locanda.law.packs import territory, tree
from tests.conftest import shared_dir
from tests.law.packs.examples import QUESTIONS, Case, cases, differences, example_files

CASES = list(cases())
WANTED = ("it", "puglia", "barletta_andria_trani", "bari", "monopoli", "lombardia", "sondrio", "sardegna")
TOWNS = ("monopoli", "comune_di_sondrio", "tirano")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_worked_case(case: Case) -> None:
    assert differences(case) == [], f"{case.says} ({case.source})"


def test_every_territory_of_the_specification_has_fifteen_cases() -> None:
    counted = Counter(case.file for case in CASES)
    assert {name: counted[name] for name in WANTED if counted[name] < 15} == {}


def test_the_towns_of_the_specification_have_fifteen_cases_with_their_tax() -> None:
    counted = {name: Counter[str]() for name in TOWNS}
    for path in example_files():
        name = path.name.removesuffix(".examples.toml")
        if name in counted:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
            counted[name].update(case=len(raw.get("case", ())), tax_case=len(raw.get("tax_case", ())))
    poor = {name for name, count in counted.items() if count.total() < 15 or min(count["case"], count["tax_case"]) < 8}
    assert poor == set(), counted


def test_every_kind_of_question_is_asked_and_no_answer_is_asked_twice() -> None:
    assert {case.question for case in CASES} == set(QUESTIONS)
    asked = Counter((case.comune, case.question, str(case.asked), str(case.expect)) for case in CASES)
    assert [what for what, times in asked.items() if times > 1] == []


def _answered(case: Case) -> set[str]:
    """The ids that a case asks about or expects."""
    found = {str(case.asked[key]) for key in ("duty", "id") if key in case.asked}
    for value in case.expect.values():
        found |= set(map(str, value)) if isinstance(value, list | dict) else set()
    return found


def test_every_duty_every_sanction_and_every_disagreement_has_a_case() -> None:
    known = {change.id for row in tree() for kind in ("obligation", "sanction") for change in territory(row.path).of(kind)}
    asked = set().union(*map(_answered, CASES))
    missing = known - asked
    assert {ident for ident in missing if not re.match(r"IT-[A-Z0-9]{2}-|IT-SANZ-02", ident)} == set()  # of the region table
    texts = [case.source for case in CASES]
    for path in example_files():
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        texts += [entry["source"] for entry in raw.get("tax_case", ())]
    named = {number for text in texts for number in re.findall(r"\bD(\d+)\b", text)}
    assert named == {str(number) for number in range(1, 24)}


def test_the_ten_comuni_of_the_bat_province_have_their_files_and_their_office() -> None:
    named = {case.comune for case in CASES if case.file == "barletta_andria_trani" and case.question == "authority"}
    assert named >= {f"1100{number:02}" for number in range(1, 11)}


def test_every_examples_file_stands_beside_its_pack() -> None:
    alone = [path.name for path in example_files() if not path.with_name(path.name.replace(".examples", "")).is_file()]
    assert alone == []


def test_every_case_says_where_it_comes_from() -> None:
    assert [str(case) for case in CASES if not case.source.strip() or not case.expect] == []


def test_lines_named_by_cases_exist() -> None:
    folder = shared_dir()
    if folder is None:
        pytest.skip("the reference folder is not beside the checkout: the lines that cases name are not looked up")
    lengths = {path.stem: len(path.read_text(encoding="utf-8").splitlines()) for path in (folder / "sources").glob("*.txt")}
    wrong = []
    for case in CASES:
        for document, rest in re.findall(r"\b(00[0-4]):([\d,-]+)", case.source):
            wrong += [f"{case}: {document}:{line}" for line in re.findall(r"\d+", rest) if int(line) > lengths[document]]
    assert wrong == []
