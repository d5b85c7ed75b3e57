"""The C/59 sheet: what is written comes back, is found right, and every fault made in it is found."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from locanda.core.problems import Problem
from locanda.core.stays import Stay
from locanda.law.statistics import Movement, told
from locanda.portals.c59 import FLOWS
from locanda.portals.flows import Report, flow_formats
from tests.flows_year import year
from tests.law.statistics.drawing import counted, stays
from tests.law.statistics.test_worked_examples import house

C59 = FLOWS[0]


def text_of(moved: Movement) -> str:
    written = C59.write(moved)
    assert written.data is not None
    return written.data.decode("utf-8-sig")


def checked(text: str) -> Report:
    return C59.check(text.encode("utf-8-sig"))


def rules(problems: tuple[Problem, ...]) -> set[str | None]:
    return {problem.fact("rule") for problem in problems}


def test_the_house_of_the_specification() -> None:
    lines = text_of(house()).split("\r\n")
    assert lines[0] == "C/59;P1;2027-03-01;2027-03-31"
    assert lines[2:5] == [
        "2027-03-01;zero;T;;Totale;2;0;2;0;2;1;2;4",
        "2027-03-01;zero;I;014;Sondrio;1;0;1;0;1;;;",
        "2027-03-01;zero;E;001;Francia;1;0;1;0;1;;;",
    ]
    sixth = [line for line in lines if line.startswith("2027-03-06")]
    assert sixth == [
        "2027-03-06;movimento;T;;Totale;1;3;4;1;3;2;2;4",
        "2027-03-06;movimento;I;072;Bari;1;0;1;1;0;;;",
        "2027-03-06;movimento;E;004;Germania;0;3;3;0;3;;;",
    ]
    assert "2027-03-31;chiuso;T;;Totale;0;0;0;0;0;0;0;0" in lines
    assert lines[-6:] == [
        "2027-03;28 / 24 / 3;T;;Totale;2;4;6;6;0;14;9;",
        "2027-03;28 / 24 / 3;I;014;Sondrio;1;0;1;1;0;2;;",
        "2027-03;28 / 24 / 3;I;072;Bari;0;1;1;1;0;1;;",
        "2027-03;28 / 24 / 3;E;001;Francia;1;0;1;1;0;2;;",
        "2027-03;28 / 24 / 3;E;004;Germania;0;3;3;3;0;9;;",
        "",
    ]
    assert checked(text_of(house())) == Report(31, 4, 6)


@given(stays())
def test_what_is_written_comes_back_and_is_right(drawn: list[Stay]) -> None:
    moved = counted(drawn)
    assume(moved is not None)
    data = C59.write(moved).data
    assert data is not None
    read = C59.read(data)
    assert read.problems == ()
    assert C59.encode(read.values) == data
    report = C59.check(data)
    assert report == Report(42, sum(len(d.arrived) for d in moved.days), sum(len(d.departed) for d in moved.days))


def test_a_year_of_forty_units_is_right() -> None:
    answer = told(json.dumps(year(3, units=12, guests=2_000)).encode())
    assert answer.movement is not None
    report = checked(text_of(answer.movement))
    assert (report.problems, report.warnings, report.days) == ((), (), 365)
    assert report.arrivals > 1_000


def swapped(before: str, after: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert before in text
        return text.replace(before, after, 1)

    return change


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (swapped("I;072;Bari;1;0;1;1;0", "I;072;Bari;1;0;1;1;1"), "2.2-1"),
        (swapped("2027-03-02;zero;I;014;Sondrio;1;0;1;0;1", "2027-03-02;zero;I;014;Sondrio;2;0;2;0;2"), "2.2-1"),
        (swapped("E;004;Germania;0;3;3;0;3", "E;004;Germania;0;2;2;0;2"), "2.2-4"),
        (swapped("Totale;2;4;6;6;0;14;9;", "Totale;2;4;6;6;0;15;9;"), "2.2-2"),
        (swapped("Totale;2;4;6;6;0;14;9;", "Totale;2;4;6;6;0;14;8;"), "2.2-2"),
        (swapped("28 / 24 / 3;T", "27 / 24 / 4;T"), "2.2-2"),
        (swapped("E;004;Germania;0;3;3;3;0;9", "E;004;Germania;0;3;3;3;0;8"), "2.2-2"),
        (swapped("I;072;Bari;0;1;1;1;0;1;;", "I;072;Bari;0;1;1;0;1;1;;"), "2.2-3"),
        (swapped("2027-03-04;zero;T;;Totale;0;0;0;0;0;0;2;4\r\n", ""), "1"),
        (swapped(";2027-03-31\r\n", ";2027-04-01\r\n"), "1"),
        (swapped(";2027-03-31\r\n", ";2027-03-30\r\n"), "1"),
        (swapped("2027-03-31;chiuso;T;;Totale;0;0;0;0;0;0;0;0", "2027-03-31;chiuso;T;;Totale;0;0;0;0;0;0;3;6"), "RX-05"),
        (swapped("2027-03-31;chiuso;T;;Totale;0;0;0;0;0;0;0;0", "2027-03-31;movimento;T;;Totale;0;0;0;0;0;0;3;6"), "2.1"),
        (swapped("2027-03;28 / 24 / 3;T", "2027-04;28 / 24 / 3;T"), None),
        (swapped("2027-03-31;chiuso", "2027-W13-3;chiuso"), None),
    ],
)
def test_a_fault_is_found_and_named(change: Callable[[str], str], rule: str | None) -> None:
    report = checked(change(text_of(house())))
    assert not report.valid
    assert rule in rules(report.problems)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (swapped("Totale;2;0;2;0;2;1;2;4", "Totale;2;0;2;0;2;0;2;4"), "2.2-5"),
        (swapped("Totale;1;3;4;1;3;2;2;4", "Totale;1;3;4;1;3;2;1;4"), "2.2-6"),
    ],
)
def test_what_portals_paint_red_is_a_warning(change: Callable[[str], str], rule: str) -> None:
    report = checked(change(text_of(house())))
    assert rules(report.warnings) == {rule}


@given(st.binary(max_size=200) | st.text("C/59;T2027-0 \r\n\"IE", max_size=120).map(str.encode))
def test_no_bytes_raise(data: bytes) -> None:
    assert not C59.check(data).valid


@pytest.mark.parametrize("change", [
    swapped("C/59;", "C59;"), swapped("2027-03-06", "2027-03-36"), swapped(";zero;", ";vuoto;"),
    swapped(";Totale;2;", ";Totale;-2;"),
    swapped("2027-03-01;zero;I", "2027-03-02;zero;I"), swapped(";4\r\n", ";4;4\r\n"), swapped("28 / 24 / 3", "28"),
    swapped("C/59;", "\0"), swapped("2027-03-01;zero;I", "2027-03-01;zero;X"),
])  # fmt: skip
def test_what_cannot_be_read_is_said(change: Callable[[str], str]) -> None:
    report = checked(change(text_of(house())))
    assert report.problems
    for problem in report.problems:
        assert problem.message("it") != problem.message("en")


def test_the_format_is_known_to_the_house() -> None:
    assert flow_formats()["c59"] is C59
    assert C59.mode == "NONE"
    assert C59.needs == frozenset()
