"""The calendar, its months and its year from counted days: the colours, the figures of the law, terms, what a list says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from locanda.archive.models import CountedDay, DutyMark, Property
from locanda.core.time import ROME
from locanda.law.periods import parse_period
from locanda.law.statistics import month_counts
from locanda.office import accounts
from locanda.office.overrides import rules_of
from locanda.office.statistics import days, openings, tables
from locanda.office.statistics.brief import DayBrief, briefs, words_of
from locanda.office.statistics.calendar import COLOURS, colour_of, day_looks, figures, is_over
from locanda.office.statistics.counting import counted, counted_of
from locanda.office.statistics.home import services_of
from locanda.office.statistics.months import MonthNow, months_now, terms
from locanda.office.statistics.movements import movement_of
from locanda.office.statistics.status import statuses_of
from locanda.office.statistics.year import year_of
from locanda.portals.tables import tables_of
from tests.web.flow_scene import FlowHouse, at_portal, lived_june
from tests.web.scene import scene
from tests.web.tax_scene import at

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
MONTH = parse_period("2026-06")


@pytest.fixture
def flat(db: None) -> Iterator[FlowHouse]:
    with scene() as made:
        yield lived_june(made)


def june(flat: FlowHouse) -> MonthNow:
    (found,) = months_now(flat.world.account, [flat.world.property], [MONTH], now=flat.world.now)
    return found


def fill(flat: FlowHouse) -> None:
    """Whatever was white is open."""
    rows = counted_of(flat.world.property, *JUNE, now=flat.world.now)
    white = [row.day for row in rows if colour_of(row, date(2026, 7, 3)) == "white"]
    assert not days.declare(flat.world.property, white, open=True, now=flat.world.now, person=flat.world.person)


# colours ----------------------------------------------------------------------------------------------------------------------


def a_day(**more: Any) -> CountedDay:
    told = {"day": date(2026, 6, 5), "open": True, "declared": False, "rooms": 3, "beds": 6, "rooms_occupied": 0, "arrived": 0,
            "departed": 0, "present": 0, "problems": []}  # fmt: skip
    return CountedDay(**told | more)


@pytest.mark.parametrize(
    ("told", "colour"),
    [
        ({"present": 2, "rooms_occupied": 1}, "green"),
        ({"declared": True}, "yellow"),
        ({"departed": 2}, "yellow"),
        ({"open": False, "declared": True, "rooms": 0}, "grey"),
        ({"open": False, "declared": True, "departed": 1}, "grey"),
        ({}, "white"),
        ({"day": date(2026, 7, 3)}, "ahead"),
        ({"present": 2}, "orange"),
        ({"rooms_occupied": 1, "declared": True}, "orange"),
        ({"present": 1, "open": False, "declared": True}, "orange"),
    ],
)
def test_the_colours_of_the_portals(told: dict[str, Any], colour: str) -> None:
    assert colour_of(a_day(**told), date(2026, 7, 3)) == colour


@given(st.booleans(), st.booleans(), *(st.integers(0, 3) for _ in range(4)))
def test_a_day_with_anybody_in_it_is_never_white(
    is_open: bool, declared: bool, occupied: int, arrived: int, departed: int, present: int
) -> None:  # fmt: skip
    day = a_day(
        open=is_open, declared=declared, rooms_occupied=occupied, arrived=arrived, departed=departed, present=present
    )
    colour = colour_of(day, date(2026, 7, 3))
    assert colour in COLOURS
    assert (colour == "white") == (is_open and not (declared or occupied or arrived or departed or present))
    assert (colour == "orange") == ((present > 0) != (occupied > 0))


def test_a_border_for_more_than_there_is() -> None:
    home = Property(rooms=3, beds=6)
    assert not is_over(a_day(rooms_occupied=3), home)
    assert is_over(a_day(rooms_occupied=4), home)
    assert is_over(a_day(rooms=4), home) and is_over(a_day(beds=7), home)
    assert not is_over(a_day(rooms=9), Property(rooms=None, beds=None))


# figures and tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_figures_and_tables_are_those_of_the_law_where_every_day_was_said(flat: FlowHouse) -> None:
    made = flat.world
    flat.unknown.status = "cancelled"
    flat.unknown.save()
    fill(flat)
    looks = day_looks(made.property, counted_of(made.property, *JUNE, now=made.now), date(2026, 7, 3))
    moved, problems = movement_of(made.property, *JUNE)
    assert moved is not None, problems
    (law,) = month_counts(moved)
    mine = figures(made.property, looks)
    assert (mine.arrived, mine.departed, mine.nights, mine.room_nights, mine.open, mine.closed, mine.zero) == (
        law.arrivals, law.departures, law.nights, law.room_nights, law.days_open, law.days_closed, law.zero_days,
    )  # fmt: skip
    assert (mine.net_beds, mine.net_rooms, mine.average_stay) == (law.net_beds, law.net_rooms, law.average_stay)
    assert mine.gross_beds == law.gross_beds(4) and mine.white == 0
    told = tables.month_tables(made.property, looks, "it")
    theirs = tables_of(moved)
    for key in ("daily", "residences"):
        assert (told[key].columns, told[key].rows) == (theirs[key].columns, theirs[key].rows), key
    for key in ("calendar", "months"):
        assert (told[key].columns, told[key].rows[0][2:], len(told[key].rows)) == (
            theirs[key].columns, theirs[key].rows[0][2:], len(theirs[key].rows)
        ), key  # fmt: skip
    assert [row[2:] for row in told["calendar"].rows] == [row[2:] for row in theirs["calendar"].rows]


# terms and states -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("comune", "kind", "day", "duties", "advised"),
    [
        ("416072030", "bb", date(2026, 7, 10), {"PU-SPOT-01", "PU-SPOT-02"}, False),
        ("403014061", "locazione_turistica", date(2026, 7, 5), {"LO-STAT-01", "LO-STAT-02"}, False),
        ("416072030", "locazione_turistica", date(2026, 7, 10), {"PU-SPOT-01", "PU-SPOT-02"}, True),
    ],
)
def test_the_term_of_a_month_is_that_of_its_duties(
    flat: FlowHouse, comune: str, kind: str, day: date | None, duties: set[str], *, advised: bool
) -> None:
    home = flat.world.property
    home.comune, home.type = comune, kind
    rules = rules_of(home, date(2026, 7, 3))
    assert rules is not None
    told = terms(rules, home.type, home.business, MONTH)
    assert (told.day, set(told.duties), told.advised) == (day, duties, advised)


@pytest.mark.django_db
def test_where_each_movement_has_its_term_the_oldest_day_counts(flat: FlowHouse) -> None:
    Property.objects.of(flat.world.account).filter(pk=flat.world.property.pk).update(comune="420092009")  # Cagliari
    flat.world.property.refresh_from_db()
    found = june(flat)
    assert found.term.after is not None and found.due == date(2026, 6, 2) and found.state == "late"
    flat.world.property.created_at = datetime(2026, 6, 15, 9, tzinfo=ROME)  # what was due before is nobody's to do here
    found = june(flat)
    assert (found.due, found.days, found.white) == (date(2026, 6, 15), 17, 13)
    flat.world.property.created_at = datetime(2026, 7, 3, 9, tzinfo=ROME)
    assert june(flat).state == "before"


@pytest.mark.django_db
def test_the_states_of_a_month_the_worst_first(flat: FlowHouse) -> None:
    assert (june(flat).state, june(flat).stuck, june(flat).white) == ("stuck", 2, 19)
    flat.unknown.status = "cancelled"
    flat.unknown.save()
    assert june(flat).state == "white"
    fill(flat)
    assert (june(flat).state, june(flat).to_send) == ("send", 30)
    at_portal(flat.world, dict.fromkeys(range(1, 30), "accepted"))
    assert (june(flat).state, june(flat).to_send) == ("send", 1)
    at_portal(flat.world, {30: "handed_over"})
    assert june(flat).state == "handed"
    at(flat.world, 2026, 7, 12, 9)
    assert june(flat).state == "handed"  # nothing is left to be handed over
    days.declare(flat.world.property, [date(2026, 6, 2)], open=False, now=flat.world.now, person=None)
    found = june(flat)
    assert (found.state, found.changed) == ("changed", 1)


@pytest.mark.django_db
def test_what_is_late_what_was_before_and_what_somebody_marked(flat: FlowHouse) -> None:
    made = flat.world
    at(made, 2026, 7, 11, 9)
    assert june(flat).state == "late"
    (running,) = months_now(made.account, [made.property], [parse_period("2026-07")], now=made.now)
    assert running.state == "running" and running.white == 10  # a month that is sent when it is over does not press
    Property.objects.of(made.account).update(created_at=made.now)
    made.property.refresh_from_db()
    assert june(flat).state == "before"
    DutyMark(
        account=made.account, property=made.property, obligation="PU-SPOT-01", subject="period:2026-06", done_at=made.now,
        created_at=made.now,
    ).save()  # fmt: skip
    assert june(flat).state == "done"


@pytest.mark.django_db
def test_a_list_says_what_the_calendar_says_with_few_questions(flat: FlowHouse) -> None:
    made = flat.world
    for number in range(30):
        told = {"name": f"Casa {number}", "type": "bb", "comune": "416072030", "rooms": 1, "beds": 2}
        accounts.add_property(made.account, told, now=made.now, by=made.person)
    at_portal(made, {5: "accepted", 6: "rejected", 7: "in_doubt", 21: "changed"})
    rows = list(Property.objects.of(made.account).select_related("account", "credential"))
    services = services_of(made.account, rows, date(2026, 7, 3))
    months_now(made.account, rows, [MONTH], now=made.now)
    days.declare(made.property, [date(2026, 6, 2)], open=False, now=made.now, person=None)
    brief = briefs(made.account, rows, *JUNE, now=made.now)
    whole = counted(made.account, rows, *JUNE, now=made.now)
    for key, listed in whole.items():
        assert [day[:-1] for day in brief[key]] == [tuple(getattr(day, name) for name in DayBrief._fields[:-1]) for day in listed]
        assert [list(day.problems) for day in brief[key]] == [day.problems for day in listed]
    words = words_of(made.account, rows, services, brief, *JUNE)
    for key, listed in statuses_of(made.account, rows, *JUNE, now=made.now).items():
        assert [words[key].get(one.day, "todo") for one in listed] == [one.state for one in listed]
    with CaptureQueriesContext(connection) as seen:
        months_now(made.account, rows, [MONTH], now=made.now)
    assert len(seen) < 20 and not [one for one in seen if not one["sql"].lstrip().upper().startswith("SELECT")]


# closures and years -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_closed_days_are_counted_once_whatever_says_so(flat: FlowHouse) -> None:
    made = flat.world
    more = {"now": made.now, "person": made.person}
    assert openings.add(made.property, date(2026, 12, 30), date(2027, 1, 3), **more)[0] is not None
    days.declare(made.property, [date(2026, 12, 30)], open=False, **more)
    told = openings.closed_days(made.property, 2026, now=made.now)
    assert (told.past, told.ahead, told.unplanned, told.need, told.missing) == (1, 2, 1, None, 0)
    assert openings.closed_days(made.property, 2027, now=made.now).have == 3
    _, problems = openings.add(made.property, date(2024, 12, 30), date(2025, 1, 3), **more)
    assert [one.code for one in problems] == ["statistics.closure.outside"]
    _, problems = openings.add(made.property, date(2027, 2, 1), date(2028, 6, 3), **more)
    assert [one.code for one in problems] == ["statistics.days.many"]


@pytest.mark.django_db
def test_a_year_lives_from_counted_days_alone(flat: FlowHouse) -> None:
    made = flat.world
    first = year_of(made.account, [made.property], 2026, now=made.now)
    assert (first.total.arrived, first.total.nights, first.until) == (4, 11, date(2026, 7, 2))
    assert [(line.row.code, line.nights) for line in first.lines] == [("037", 8), ("004", 2)]
    assert (first.total.open, first.total.closed, first.total.zero) == (10, 1, 4) and first.total.gross_beds is not None
    assert first.counted == first.expected == 183
    assert first.before is None and first.months[5].now is not None and first.months[0].now is None
    CountedDay.objects.of(made.account).update(closed=True)
    for stay in (flat.italians, flat.german, flat.unknown):
        stay.status = "cancelled"
        stay.save()
    made.now = datetime(2027, 6, 21, 9, tzinfo=ROME)
    again = year_of(made.account, [made.property], 2027, now=made.now)
    assert again.before is not None and again.before.nights == 10  # of the German, the last night is still to come
    assert again.months[5].then is not None and again.months[5].then.nights == 11
    assert {line.row.code for line in again.lines_before} == {"037", "004"}
