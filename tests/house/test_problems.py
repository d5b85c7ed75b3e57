"""Every problem has words, and every word has a problem (design, section 5: what, where, why, which article, what to do)."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from locanda.core.problems import LANGUAGES, Problem, catalogue
from tests.conftest import ROOT

SRC = ROOT / "src" / "locanda"
SHAPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
INSIDE = re.compile(r"(?:^|; *)(?:spec |interfaces|design|our rule)")
CATALOGUES = sorted(SRC.rglob("problems.toml"))


def literals(path: Path) -> Iterator[tuple[str, bool]]:
    """Every string of a module that is not a docstring; True when it is the code handed to a Problem."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = set()
    codes = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            prose.add(id(node.value))
        if isinstance(node, ast.Call) and node.args and _makes_a_problem(node.func):
            codes.add(id(node.args[0]))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value, id(node) in codes


def _makes_a_problem(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "of" and isinstance(function.value, ast.Name) and function.value.id == "Problem"
    return isinstance(function, ast.Name) and function.id == "Problem"


def all_literals() -> list[tuple[str, bool, Path]]:
    return [(text, is_code, path) for path in sorted(SRC.rglob("*.py")) for text, is_code in literals(path)]


def test_there_is_a_catalogue() -> None:
    assert len(CATALOGUES) >= 2
    assert len(catalogue()) > 20


def test_every_code_raised_has_words() -> None:
    known = set(catalogue())
    # a code in a table of data looks like one of a known area with three parts; a code given to Problem is one for sure
    areas = {code.split(".")[0] for code in known}
    unknown = {
        f"{text} ({path.relative_to(SRC)})"
        for text, is_code, path in all_literals()
        if text not in known
        and (is_code or (SHAPE.fullmatch(text) and text.count(".") == 2 and text.split(".")[0] in areas))
    }
    assert unknown == set()


def test_every_word_has_a_problem_that_is_raised() -> None:
    used = {text for text, _, _ in all_literals()}
    assert {code for code in catalogue() if code not in used} == set()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.name)
def test_words_are_whole(path: Path) -> None:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    assert entries
    faults = []
    for code, entry in entries.items():
        if not SHAPE.fullmatch(code):
            faults.append(f"{code}: write area.field.fault in small letters")
        wanted = {"source", *LANGUAGES, *(f"hint_{language}" for language in LANGUAGES)}
        if set(entry) != wanted:
            faults.append(f"{code}: has the keys {sorted(entry)}, needs {sorted(wanted)}")
            continue
        faults += [f"{code}.{key} is empty" for key, text in entry.items() if not text.strip()]
        if entry["it"] == entry["en"]:
            faults.append(f"{code}: Italian and English are the same words")
        faults += [
            f"{code}.{key} does not end as a sentence" for key in wanted - {"source"} if entry[key][-1] not in ".?!:»…})"
        ]
        for first, second in (("it", "en"), ("hint_it", "hint_en")):
            if facts_named(entry[first]) != facts_named(entry[second]):
                faults.append(f"{code}: {first} and {second} name different facts")
    assert faults == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.name)
def test_a_source_is_one_that_the_reader_can_open(path: Path) -> None:
    """A law, a manual, a standard, a page of ours: never the working papers by which we built."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    faults = {code: entry["source"] for code, entry in entries.items() if INSIDE.search(entry["source"])}
    assert faults == {}
    pages = {page for entry in entries.values() for page in re.findall(r"docs/[\w./-]+", entry["source"])}
    assert {page for page in pages if not (ROOT / page).is_file()} == set()


def test_the_search_for_working_papers_finds_them() -> None:
    papers = ("interfaces", "spec alloggiati-web 2.5", "TULPS art. 11; spec adempimenti 6.3", "design 4.1", "our rule: dated")
    assert all(INSIDE.search(paper) for paper in papers)
    assert not any(INSIDE.search(open_) for open_ in ("TULPS art. 109", "scelta di Locanda / our choice", "RFC 8259"))


def test_days_are_written_as_italians_do_and_what_was_typed_is_left_alone() -> None:
    assert "12/05/2026" in Problem.of("guest.birth_date.future", date="2026-05-12").message("it")
    assert "12 May 2026" in Problem.of("guest.birth_date.future", date="2026-05-12").message("en")
    assert "«2026-05-12»" in Problem.of("guest.surname.letterless", value="2026-05-12").message("it")


def test_amounts_are_written_with_a_comma_in_italian_and_a_dot_in_english() -> None:
    problem = Problem.of("remit.receipt.below", stay="S1", amount="-3.50")
    assert "-3,50" in problem.message("it") and "-3.50" in problem.message("en")


def test_a_null_is_called_null() -> None:
    problem = Problem.of("shape.object.expected", "", value=None)
    assert "null" in problem.message("it") and "null" in problem.message("en") and "None" not in problem.message("it")


def facts_named(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_problem_says_its_facts_in_both_languages() -> None:
    code = next(code for code, words in catalogue().items() if facts_named(words.it))
    fact = sorted(facts_named(catalogue()[code].it))[0]
    problem = Problem.of(code, "stays[0]", **{fact: "XYZZY"})
    assert "XYZZY" in problem.message("it")
    assert "XYZZY" in problem.message("en")
    assert set(problem.render()) == {"code", "where", "message", "hint", "source"}


def test_the_reader_of_literals_tells_codes_from_prose(tmp_path: Path) -> None:
    path = tmp_path / "room.py"
    lines = ['"""guest.doc.string"""', 'Problem.of("guest.name.missing", "guests[0].name")', 'T = {"x": "guest.sex.odd"}']
    path.write_text("\n".join(lines))
    assert dict(literals(path)) == {
        "guest.name.missing": True, "guests[0].name": False, "x": False, "guest.sex.odd": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("count", "it", "en"), [(1, "1 ospite arriva", "1 guest arrives"), (3, "3 ospiti arrivano", "3 guests arrive")]
)
def test_a_number_goes_with_its_word(count: int, it: str, en: str) -> None:
    problem = Problem.of("ross1000.closed.arrivals", "day", count=count)
    assert it in problem.message("it") and en in problem.message("en")


def test_a_fact_that_is_missing_leaves_its_words() -> None:
    assert "… ospiti arrivano" in Problem.of("ross1000.closed.arrivals", "day").message("it")


@pytest.mark.parametrize(
    ("period", "it", "en"),
    [("2026-Q4", "4° trimestre 2026", "quarter 4 of 2026"), ("2026-T1", "1° quadrimestre 2026", "four months 1 of 2026"),
     ("2026-H2", "2° semestre 2026", "half 2 of 2026"), ("2026-06", "06/2026", "June 2026"), ("2026", "2026", "2026")],
)  # fmt: skip
def test_a_period_is_said_as_people_do(period: str, it: str, en: str) -> None:
    problem = Problem.of("tax.payment.nothing", "period", period=period)
    assert f"Per il {it} non c'è nulla" in problem.message("it") and en in problem.message("en")
