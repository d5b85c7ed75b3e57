"""Reading the events that start duties."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from locanda.core.problems import Problem, catalogue
from locanda.core.time import parse_instant
from locanda.law.events import EVENTS, DutyEvent, read_events

GIVEN: dict[str, Any] = {
    "at": "2026-07-14T09:00+02:00", "on": "2026-07-14", "from": "2026-07-14", "to": "2026-07-20", "form": "4", "portal": "SPOT",
    "year": 2026, "tax_year": 2026, "days": 85, "count": 3, "first_arrival": "2026-07-14T15:00+02:00",
}  # fmt: skip


def read(value: Any) -> tuple[tuple[DutyEvent | None, ...], list[Problem]]:
    found: list[Problem] = []
    return read_events(value, "events", found), found


@pytest.mark.parametrize("kind", EVENTS)
def test_every_kind_of_the_interfaces_is_read(kind: str) -> None:
    facts = {key: GIVEN[key] for key in EVENTS[kind].keys}
    for form in ({"kind": kind, **facts}, {"event": kind, **facts}, {"type": kind, **facts}, {kind: facts}):
        events, problems = read([form])
        assert problems == []
        assert events[0] is not None
        assert events[0].kind == kind
        assert events[0] == read([{"kind": kind, **facts}])[0][0]


def test_the_kinds_are_those_of_the_interfaces() -> None:
    assert set(EVENTS) == {
        "form_signed", "closure_planned", "closing_days", "price_change", "regional_code_issued", "activity_start",
        "activity_end", "certificate_expiry", "listing_published", "apartments_let", "portal_receipt", "outage",
        "challenge_served", "order_served", "unit_added",
    }  # fmt: skip


def test_facts_land_where_they_belong() -> None:
    (signed, closing), problems = read([
        {"kind": "form_signed", "at": "2026-07-14T09:00+02:00", "form": 4},
        {"kind": "closure_planned", "from": "2026-11-02", "to": "2026-11-30"},
    ])  # fmt: skip
    assert problems == []
    assert signed == DutyEvent("form_signed", at=parse_instant("2026-07-14T09:00+02:00"), word="4")
    assert closing == DutyEvent("closure_planned", at=date(2026, 11, 2), until=date(2026, 11, 30))


@pytest.mark.parametrize(
    ("value", "code", "where"),
    [
        ({"kind": "earthquake"}, "event.kind.unknown", "events[0].kind"),
        ({}, "event.kind.unknown", "events[0].kind"),
        ({"kind": ["x"]}, "event.kind.unknown", "events[0].kind"),
        ({"kind": "price_change"}, "event.fact.missing", "events[0].on"),
        ({"price_change": {}}, "event.fact.missing", "events[0].price_change.on"),
        ({"kind": "price_change", "on": "yesterday"}, "shape.day.expected", "events[0].on"),
        ({"kind": "price_change", "on": None}, "event.fact.missing", "events[0].on"),
        ({"kind": "price_change", "on": "2026-01-01", "at": "2026-01-01"}, "shape.key.unknown", "events[0].at"),
        ({"kind": "closing_days", "year": "2026", "days": 1}, "shape.number.expected", "events[0].year"),
        ({"kind": "closing_days", "year": 2026, "days": 367}, "shape.number.expected", "events[0].days"),
        ({"kind": "closing_days", "year": 2026, "days": -1}, "shape.number.expected", "events[0].days"),
        ({"kind": "closure_planned", "from": "2026-02-02", "to": "2026-02-01"}, "event.stretch.backwards", "events[0]"),
        ("x", "shape.object.expected", "events[0]"),
    ],
)
def test_what_cannot_be_read_is_one_problem(value: Any, code: str, where: str) -> None:
    events, problems = read([value, {"kind": "price_change", "on": "2026-01-01"}])
    assert [(problem.code, problem.where) for problem in problems] == [(code, where)]
    assert events[0] is None
    assert events[1] is not None, "the others keep their places"
    assert code in catalogue()


def test_no_list_at_all() -> None:
    assert read({"kind": "price_change"})[1][0].code == "shape.list.expected"


def test_an_outage_may_last() -> None:
    events, problems = read([{"kind": "outage", "from": "2026-07-14T09:00+02:00", "portal": "ALLOGGIATI"}])
    assert problems == []
    assert events[0] is not None
    assert events[0].until is None
