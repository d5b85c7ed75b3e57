"""Figures of the days: counted once, again only where something changed, and the same as counting everything anew."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from locanda.archive.models import CountedDay, DayState, Property, Stay
from locanda.core.time import ROME
from locanda.law.statistics import day_counts
from locanda.office import duty_marks, sending, staying
from locanda.office.statistics import counting, days, movements
from tests.world import World, guest, world

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
IT = {"residence_state": "IT", "residence_comune": "BOLOGNA (BO)"}
DE = {"residence_state": "DE"}


def at(made: World, day: int, hour: int = 16) -> None:
    made.now = datetime(2026, 6, day, hour, tzinfo=ROME)


def house(made: World, **more: Any) -> Property:
    Property.objects.of(made.account).filter(pk=made.property.pk).update(rooms=1, beds=4, let_as="whole", **more)
    made.property.refresh_from_db()
    return made.property


def lived(made: World) -> list[Stay]:
    """Three stays in June: Italians, a German, and somebody from May who leaves on the 2nd."""
    house(made)
    made.now = datetime(2026, 5, 30, 15, tzinfo=ROME)
    found = [made.check_in(guest("VERDI", "LEA", **IT), nights=3)]
    at(made, 5)
    family = guest("ROSSI", "ADA", "head_of_family", **IT), guest("ROSSI", "UGO", "family_member", **IT)
    found.append(made.check_in(*family, nights=4))
    at(made, 20)
    found.append(made.check_in(guest("NERI", "IDA", **DE), nights=2))
    return found


def figures(made: World, span: tuple[date, date] = JUNE) -> dict[date, tuple[Any, ...]]:
    rows = counting.counted_of(made.property, *span, now=made.now)
    return {row.day: (row.open, row.previous, row.arrived, row.departed, row.present, row.rooms_occupied) for row in rows}


def anew(made: World, span: tuple[date, date] = JUNE) -> dict[date, tuple[Any, ...]]:
    moved, problems = movements.movement_of(made.property, *span)
    assert moved is not None, problems
    return {
        one.day.day: (one.day.open, one.day.previous, len(one.day.arrived), len(one.day.departed), one.day.present,
                      one.day.rooms_occupied)
        for one in day_counts(moved)
    }  # fmt: skip


def counted_at(made: World) -> dict[date, datetime]:
    return dict(CountedDay.objects.of(made.account).values_list("day", "counted_at"))


@pytest.mark.django_db
def test_the_figures_are_those_of_the_law() -> None:
    with world() as made:
        lived(made)
        found = figures(made)
        assert found == anew(made)
        assert found[date(2026, 6, 1)] == (True, 1, 0, 0, 1, 1)
        assert found[date(2026, 6, 2)] == (True, 1, 0, 1, 0, 0)
        assert found[date(2026, 6, 5)] == (True, 0, 2, 0, 2, 1)
        assert len(found) == 30
        row = CountedDay.objects.of(made.account).get(day=date(2026, 6, 5))
        assert not row.declared and row.rooms == 1 and row.beds == 4
        assert [line[1:] for line in row.rows] == [[0, 2, 0]]


@pytest.mark.django_db
def test_nothing_is_counted_twice() -> None:
    with world() as made:
        lived(made)
        figures(made)
        before = counted_at(made)
        made.pass_time(hours=1)
        with CaptureQueriesContext(connection) as seen:
            figures(made)
        assert counted_at(made) == before
        assert not [query for query in seen if not query["sql"].lstrip().upper().startswith("SELECT")]
        assert len(seen) < 10


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["leaves earlier", "stays longer", "cancelled", "closed day", "planned closure", "residence"])
def test_a_change_counts_its_own_days_again_and_no_others(change: str) -> None:
    with world() as made:
        _, family, german = lived(made)
        figures(made)
        before = counted_at(made)
        at(made, 21, 9)
        touched = {
            "leaves earlier": (date(2026, 6, 19), date(2026, 6, 23)),
            "stays longer": (date(2026, 6, 19), date(2026, 6, 25)),
            "cancelled": (date(2026, 6, 4), date(2026, 6, 10)),
            "closed day": (date(2026, 6, 15), date(2026, 6, 16)),
            "planned closure": (date(2026, 6, 12), date(2026, 6, 14)),
            "residence": (date(2026, 6, 4), date(2026, 6, 10)),
        }[change]
        if change == "leaves earlier":
            staying.leave_early(german, date(2026, 6, 21), now=made.now, person=made.person)
        elif change == "stays longer":
            staying.extend(german, date(2026, 6, 24), now=made.now, person=made.person)
        elif change == "cancelled":
            sending.cancel(family, now=made.now, person=made.person)
        elif change == "closed day":
            told = [date(2026, 6, 15), date(2026, 6, 16)]
            assert not days.declare(made.property, told, open=False, now=made.now, person=made.person)
        elif change == "planned closure":
            told = {"from": "2026-06-12", "to": "2026-06-14"}
            _, problems = duty_marks.record_event(made.property, "closure_planned", told, now=made.now, person=made.person)
            assert not problems
        else:
            one = family.parties.get().guests.order_by("position").first()
            type(one).objects.of(made.account).filter(pk=one.pk).update(residence_comune="", residence_state="100000219")
        assert figures(made) == anew(made)
        again = {day for day, when in counted_at(made).items() if when != before[day]}
        assert again and all(touched[0] <= day <= touched[1] for day in again)


@pytest.mark.django_db
def test_a_day_whose_guests_lack_something_says_so_and_still_counts_heads() -> None:
    with world() as made:
        lived(made)
        at(made, 11)
        made.check_in(guest("BLU", "ENEA", sex="M"), nights=1)  # no residence
        rows = {row.day: row for row in counting.counted_of(made.property, *JUNE, now=made.now)}
        bad = rows[date(2026, 6, 11)]
        assert bad.arrived == 1 and bad.present == 1 and bad.rows == []
        assert {code for code, _, _ in bad.problems} == {"flows.residence.missing"}
        assert rows[date(2026, 6, 5)].rows and not rows[date(2026, 6, 5)].problems


@pytest.mark.django_db
def test_a_closed_month_is_never_counted_again() -> None:
    with world() as made:
        _, family, _ = lived(made)
        figures(made)
        CountedDay.objects.of(made.account).filter(property=made.property).update(closed=True)
        Stay.objects.of(made.account).filter(pk=family.pk).update(status=Stay.Status.CANCELLED)
        assert figures(made)[date(2026, 6, 5)] == (True, 0, 2, 0, 2, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_after_any_history_the_kept_figures_are_those_counted_anew(seed: int) -> None:
    random = Random(seed)
    with world() as made:
        house(made)
        stays: list[Stay] = []
        first = datetime.combine(date(2026, 6, 1), time(15), ROME)
        for step in range(14):
            made.now = first + timedelta(days=2 * step)
            what = random.choice(("come", "come", "extend", "leave", "cancel", "declare", "count"))
            alive = [row for row in Stay.objects.of(made.account).filter(status=Stay.Status.CHECKED_IN)
                     if row.departure_day and row.departure_day > made.now.date()]
            if what == "come" or not stays:
                home = random.choice((IT, DE))
                stays.append(made.check_in(guest(f"A{'BCDEFGHILMNOPQ'[step]}", "EVA", **home), nights=random.randint(1, 9)))
            elif what == "extend" and alive:
                row = random.choice(alive)
                staying.extend(row, row.departure_day + timedelta(days=random.randint(1, 5)), now=made.now, person=made.person)
            elif what == "leave" and alive:
                row = random.choice(alive)
                staying.leave_early(row, made.now.date(), now=made.now, person=made.person)
            elif what == "cancel" and alive:
                sending.cancel(random.choice(alive), now=made.now, person=made.person)
            elif what == "declare":
                day = (made.now + timedelta(days=random.randint(-6, 6))).date()
                full = {key for key, told in figures(made).items() if told[4]}
                days.declare(made.property, [day], open=random.random() < 0.5, guests=full, now=made.now, person=made.person)
            figures(made)
        rows = counting.counted_of(made.property, *JUNE, now=made.now)
        moved, _ = movements.movement_of(made.property, *JUNE)
        if moved is None:  # somebody came on a day that had been closed: its days say so, and only they
            assert any(code == "flows.day.closed_with_guests" for row in rows for code, _, _ in row.problems)
            return
        assert figures(made) == anew(made)


@pytest.mark.django_db
def test_what_was_said_of_days() -> None:
    with world() as made:
        house(made, since=date(2026, 6, 3))
        at(made, 20)
        told = {"from": "2026-06-12", "to": "2026-06-14"}
        duty_marks.record_event(made.property, "closure_planned", told, now=made.now, person=made.person)
        assert not days.declare(made.property, [date(2026, 6, 13)], open=True, rooms=1, beds=3, now=made.now, person=made.person)
        known = days.said(made.account, [made.property], *JUNE)[made.property.pk]
        assert {day.day: one.source for day, one in known.items()} == {
            1: "outside", 2: "outside", 12: "closure", 13: "day", 14: "closure",
        }  # fmt: skip
        assert known[date(2026, 6, 13)].day.beds == 3
        assert days.take_back(made.property, [date(2026, 6, 13)], now=made.now, person=made.person) == 1
        known = days.said(made.account, [made.property], *JUNE)[made.property.pk]
        assert known[date(2026, 6, 13)].source == "closure"


@pytest.mark.django_db
def test_a_day_is_not_declared_against_its_guests_or_beyond_the_house() -> None:
    with world() as made:
        house(made)
        day = date(2026, 6, 5)
        more = {"now": made.now, "person": made.person}
        assert [one.code for one in days.declare(made.property, [day], open=False, guests={day}, **more)] == [
            "statistics.day.guests_there"
        ]
        codes = [one.code for one in days.declare(made.property, [day], open=True, rooms=6, beds=5, **more)]
        assert codes == ["statistics.day.rooms_above_beds", "statistics.day.above_capacity", "statistics.day.above_capacity"]
        long = [day + timedelta(days=place) for place in range(500)]
        assert [one.code for one in days.declare(made.property, long, open=True, **more)] == ["statistics.days.many"]
        assert not DayState.objects.of(made.account).exists()
