"""A whole year of twelve units: each format reads back what it wrote; twelve flats merged into one SPOT are valid (spec 7.6).

The merged file is held against the official schema, which is no part of this repository: without it that part is skipped, and
says so.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from locanda.law.statistics import Movement, month_counts, told
from locanda.portals.flows import FlowFormat, flow_formats
from locanda.portals.spot.merge import merged_movements
from locanda.portals.spot.movements import check, encode, read
from locanda.portals.spot.values import File
from tests.conftest import absent
from tests.flows_year import year

pytestmark = pytest.mark.slow
UNITS = [f"A{number}" for number in range(1, 13)]


def moved(form: FlowFormat, *, seed: int, units: int, guests: int = 10_000) -> Movement:
    request = year(seed, units=units, guests=guests, closure=False)
    request["property"]["portal_ids"] = {one.portal_id: "X00001" for one in flow_formats().values() if one.portal_id}
    made = told(json.dumps(request).encode(), needs=form.needs, uses=form.uses)
    assert made.movement is not None, made.problems
    return made.movement


@pytest.mark.parametrize("key", sorted(key for key, form in flow_formats().items() if not form.one_day))
def test_a_year_of_twelve_units_is_read_back_and_written_the_same(key: str) -> None:
    form = flow_formats()[key]
    made = form.write(moved(form, seed=12, units=12))
    assert made.data is not None, made.problems
    found = form.read(made.data)
    assert found.problems == ()
    assert form.encode(found.values) == made.data
    assert form.check(made.data).problems == ()


@cache
def flats() -> dict[str, Movement]:
    """Twelve flats, each let on its own through the year."""
    return {unit: moved(flow_formats()["spot"], seed=number, units=1) for number, unit in enumerate(UNITS, 1)}


@cache
def together() -> File:
    made = merged_movements(flats())
    assert made.problems == () and made.file is not None
    return made.file


def test_twelve_flats_are_one_file_with_the_sums_of_all() -> None:
    file, data = together(), encode(together())
    report = check(data)
    assert (report.problems, report.days) == ((), 366), "the year and the day before, on which who was there arrives"
    assert encode(read(data).values) == data
    for place, day in enumerate(file.days[1:]):
        parts = [moved.days[place] for moved in flats().values()]
        assert day.day == parts[0].day and day.figures is not None
        assert day.figures[0] == sum(part.rooms for part in parts)
        assert day.figures[1] == sum(part.beds for part in parts)
        assert day.figures[2] == sum(part.rooms_occupied for part in parts)
        assert day.kind == ("MP" if any(not part.is_zero for part in parts if part.open) else "NM")


def test_everybody_comes_once_and_leaves_once_under_the_name_of_their_flat() -> None:
    file = together()
    came = Counter(
        person.code for day in file.days for arrival in day.arrivals or () for person in (arrival.person, *arrival.members)
    )
    assert set(came.values()) == {1}
    assert {code.partition("-")[0] for code in came} == set(UNITS)
    arrivals = sum(month.arrivals for moved in flats().values() for month in month_counts(moved))
    before = sum(moved.previous for moved in flats().values())
    assert sum(came.values()) == arrivals + before
    left = Counter(leaving.code for day in file.days for leaving in day.departures or ())
    assert set(left.values()) == {1} and set(left) <= set(came)


def test_the_merged_year_is_valid_under_the_official_schema(shared: Path) -> None:
    folder = shared / "schemas" / "spot"
    if not (folder / "movimentogiornaliero-0.6.xsd").is_file():
        absent("shared", "the official schema of SPOT is not in the reference folder (schemas/spot)")
    judge = etree.XMLSchema(etree.parse(folder / "movimentogiornaliero-0.6.xsd"))
    file = together()
    judge.assertValid(etree.fromstring(encode(file)))
    for day in file.days:
        judge.assertValid(etree.fromstring(encode(File((day,), file.vendor))))
