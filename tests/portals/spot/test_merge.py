"""Several units under one id: one file, codes that stay, figures that add up."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from locanda.law.statistics import Movement, told
from locanda.portals.spot.merge import merged, merged_movements
from locanda.portals.spot.movements import check, encode, read, write
from locanda.portals.spot.values import Arrival, Day, Figures, File, Leaving, Person
from tests.flows_year import year
from tests.portals.spot.scene import FORM, guest, moved, stay

ADA = Person("ADA", "F", "100000100", None, "416072030", "si", 40)


def file(*days: Day) -> File:
    return File(days)


def days(kinds: str, code: str = "X") -> File:
    """Three days from 1 March: M an arrival (then a departure), N none, C closed."""
    made = []
    for number, letter in enumerate(kinds, 1):
        on = date(2027, 3, number)
        come = (Arrival(ADA._replace(code=f"{code}{number}"), "16", "no"),) if letter == "M" else None
        figures = Figures(0, 0, 0) if letter == "C" else Figures(1, 2, int(letter == "M"))
        made.append(Day(on, {"M": "MP", "N": "NM", "C": "EC"}[letter], come, None, figures))
    return File(tuple(made))


def test_a_day_moves_if_any_moves_and_is_open_if_any_is_open() -> None:
    made = merged({"A": days("MNC"), "B": days("NCC"), "C": days("CNC")}).file
    assert made is not None
    assert [day.kind for day in made.days] == ["MP", "NM", "EC"]
    assert [day.figures for day in made.days] == [(2, 4, 1), (2, 4, 0), (0, 0, 0)]
    assert check(encode(made)).problems == ()


def test_the_same_code_in_two_units_is_two_guests() -> None:
    made = merged({"A": days("M"), "B": days("M")}).file
    assert made is not None
    assert [arrival.person.code for arrival in made.days[0].arrivals or ()] == ["A-X1", "B-X1"]


def test_a_guest_keeps_the_code_from_month_to_month() -> None:
    june = merged({"A": days("M"), "B": days("N")}).file
    july = merged({"A": File((Day(date(2027, 3, 2), "MP", None, (Leaving("X1"),), Figures(1, 2, 0)),)),
                   "C": File((Day(date(2027, 3, 2), "NM", None, None, Figures(1, 2, 0)),))}).file  # fmt: skip
    assert june is not None and july is not None
    whole = check(encode(File((*june.days, *july.days))))
    assert (whole.problems, whole.warnings, whole.departures) == ((), (), 1)


@pytest.mark.parametrize(
    ("units", "code"),
    [
        ({}, "spot.merge.nothing"),
        ({"A": days("MN"), "B": days("M")}, "spot.merge.days"),
        ({"A": days("M"), "B 1": days("M")}, "spot.merge.unit"),
        ({"A": days("M", code="X" * 98)}, "spot.merge.code"),
        ({"A": File((*days("M").days, *days("M").days))}, "spot.merge.days"),
    ],
)
def test_what_keeps_files_apart(units: dict[str, File], code: str) -> None:
    made = merged(units)
    assert made.file is None and {problem.code for problem in made.problems} == {code}


def test_where_one_needs_the_start_up_all_get_it() -> None:
    units = {"A": moved([stay("S1", "2027-02-20", "2027-03-04", guest("a"))]), "B": moved([])}
    made = merged_movements(units).file
    assert made is not None
    assert made.days[0].day == date(2027, 2, 28)
    assert made.days[0].figures == (6, 12, 1)
    assert check(encode(made)).problems == ()


def test_problems_name_their_unit() -> None:
    made = merged_movements({"A": moved([], accepted_until="2027-03-10"), "B": moved([], accepted_until="2027-03-10")})
    assert [problem.where for problem in made.problems] == ["A.accepted_until", "B.accepted_until"]


def unit(seed: int) -> Movement:
    request = year(seed, units=3, guests=900, days=61)
    for entry in request["days"]:
        entry.update(open=True, rooms=3, beds=12)
    made = told(json.dumps(request).encode(), needs=FORM.needs, uses=FORM.uses)
    assert made.movement is not None, made.problems
    return made.movement


@pytest.mark.slow
def test_twelve_units_for_two_months_are_valid(shared: Path) -> None:
    units = {f"U{number}": unit(number) for number in range(1, 13)}
    made = merged_movements(units)
    assert made.file is not None, made.problems
    data = encode(made.file)
    report = check(data)
    assert (report.problems, report.warnings) == ((), ())
    schema = etree.XMLSchema(etree.parse(shared / "schemas" / "spot" / "movimentogiornaliero-0.6.xsd"))
    schema.assertValid(etree.fromstring(data))
    alone = [read(write(moved_).data or b"").values for moved_ in units.values()]
    assert report.arrivals == sum(
        1 + len(arrival.members) for one in alone for day in one.days for arrival in day.arrivals or ()
    )  # fmt: skip
