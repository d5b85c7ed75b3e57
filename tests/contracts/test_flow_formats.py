"""One suite for every format of visitor statistics: what each portal's folder promises by declaring ``FLOWS``.

A format is tried on months of invented guests (``tests/flows_year.py``). Days that a portal refuses outright (SPOT takes no
departure on a closed day) are problems of the format, told before anything is written; there are none here.
"""

from __future__ import annotations

import importlib
import json
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.problems import Problem
from locanda.law.packs import territory, tree
from locanda.law.statistics import FACTS, Movement, told
from locanda.portals.flows import FlowFormat, Read, Report, Written, flow_formats
from tests.flows_year import year

FORMATS = flow_formats()
EACH = pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS.keys())
FUNCTIONS = ("write", "read", "encode", "check")


@cache
def asked(seed: int) -> bytes:
    """Four months without closures, so that every portal can take it, and with a code for every portal."""
    made: dict[str, Any] = year(seed, units=8, guests=400, days=120, closure=False)
    made["property"]["portal_ids"] = {form.portal_id: "X00001" for form in FORMATS.values() if form.portal_id}
    return json.dumps(made).encode()


@cache
def moved(form: FlowFormat, seed: int = 1) -> Movement:
    answer = told(asked(seed), needs=form.needs, uses=form.uses)
    assert answer.problems == ()
    assert answer.movement is not None
    return one_day(answer.movement) if form.one_day else answer.movement


def one_day(whole: Movement) -> Movement:
    """The first day on which somebody comes and somebody leaves, for portals that take a file a day."""
    entry = next(entry for entry in whole.days if entry.arrived and entry.departed)
    there = tuple(
        guest for guest in whole.guests
        if guest.arrival <= entry.day and (guest.departure is None or guest.departure >= entry.day)
    )  # fmt: skip
    return whole._replace(first=entry.day, last=entry.day, days=(entry,), guests=there)


def test_there_are_formats() -> None:
    assert "c59" in FORMATS


@EACH
def test_a_declaration_says_what_is_there(form: FlowFormat) -> None:
    assert form.needs | form.uses <= set(FACTS)
    assert not form.needs & form.uses
    assert form.suffix.startswith(".")
    assert all((form.key, form.name, form.version))
    module = importlib.import_module(form.module)
    assert set(FUNCTIONS) <= set(module.__all__)
    assert FORMATS[form.key] is form


@EACH
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_written_comes_back_and_is_found_right(form: FlowFormat, seed: int) -> None:
    written = form.write(moved(form, seed))
    assert isinstance(written, Written)
    assert written.problems == ()
    assert written.data
    written.data.decode(form.encoding)
    read = form.read(written.data)
    assert isinstance(read, Read)
    assert read.problems == ()
    assert form.encode(read.values) == written.data
    report = form.check(written.data)
    assert isinstance(report, Report)
    assert [problem.render("en") for problem in report.problems] == []
    assert report.arrivals
    assert report.departures


@EACH
def test_what_is_not_offered_says_so(form: FlowFormat) -> None:
    noted = "flows.not_offered" in {problem.code for problem in form.write(moved(form)).notes}
    assert noted == (not form.offered)
    assert form.offered or form.status != "official"


@EACH
def test_a_file_of_one_day_is_not_asked_for_more(form: FlowFormat) -> None:
    movement = moved(form)
    longer = form.write(movement._replace(last=movement.last + timedelta(days=1)))
    assert ("flows.one_day" in {problem.code for problem in longer.problems}) == form.one_day


@EACH
def test_writing_is_the_same_every_time(form: FlowFormat) -> None:
    assert form.write(moved(form)) == form.write(moved(form))


@EACH
def test_no_name_leaves_the_house(form: FlowFormat) -> None:
    """Names are optional or refused everywhere (spec flussi-turistici 3.2)."""
    data = form.write(moved(form)).data
    assert data is not None
    text = data.decode(form.encoding).casefold()
    assert [name for name in ("lefèvre", "d'amico", "nowak", "jürgen") if name in text] == []


@EACH
def test_the_code_of_the_property_is_never_invented(form: FlowFormat) -> None:
    movement = moved(form)
    bare = movement._replace(home=movement.home._replace(portal_ids=()))
    written = form.write(bare)
    if form.portal_id is None:
        assert written.data
    else:
        assert written.data is None
        assert [(problem.code, problem.where) for problem in written.problems] == [
            ("flows.portal_id.missing", f"property.portal_ids.{form.portal_id}"),
        ]  # fmt: skip


@EACH
@given(data=st.binary(max_size=300))
def test_no_bytes_raise(form: FlowFormat, data: bytes) -> None:
    report = form.check(data)
    assert not report.valid
    assert form.read(data).values is None or form.read(data).problems


@EACH
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_no_damage_raises(form: FlowFormat, place: int, byte: int) -> None:
    whole = form.write(moved(form)).data
    assert whole is not None
    broken = bytearray(whole[:4_000])
    broken[place % len(broken)] = byte
    report = form.check(bytes(broken))
    for problem in (*report.problems, *report.warnings):
        assert isinstance(problem, Problem)
        assert problem.message("it") != problem.message("en")


def test_territories_name_formats_by_one_word() -> None:
    """A format that is known here is used somewhere; the others are still to be written."""
    named = set()
    for row in tree():
        statistics = territory(row.path).statistics if row.read_on else None
        if statistics:
            named |= {system["format"] for system in (statistics, *statistics.get("also", ()))}
    assert {"ross1000", "spot", "c59"} <= named
    assert {key.removesuffix("-txt") for key in FORMATS} <= named
