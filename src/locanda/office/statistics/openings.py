"""Closures planned ahead, and how many closed days a year has beside what the law asks for (spec flussi-turistici 8, 11.7).

A planned closure is an event on which duties hang: where the portal wants it announced, the calendar says by when. In Lombardia
a property run without a business is closed ninety days a year (L.R. 27/2015 art. 26 c. 2 b and art. 29 c. 2).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import CountedDay, DutyEvent, Person, Property
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.deadlines import day_of, due_after
from locanda.law.packs import Chain, Deadline, Obligation
from locanda.office import duty_marks
from locanda.office.overrides import rules_of
from locanda.office.statistics.counting import counted_of
from locanda.office.statistics.days import CLOSURE, Closure, closures, lived, said

__all__ = ["Announcing", "ClosedDays", "Plan", "add", "announcing", "closed_days", "end", "guests_on", "opened_inside", "plans"]

LONGEST = 400


class Announcing(NamedTuple):
    """The duty to say a closure beforehand, where there is one."""

    rule: Obligation
    deadline: Deadline

    def by(self, first: date) -> date:
        """The last day on which a closure that begins then can be announced."""
        return day_of(due_after(self.deadline, first).nominal)


class Plan(NamedTuple):
    """A planned closure, the days inside that are open all the same, and by when it is to be announced."""

    closure: Closure
    opened: tuple[date, ...]
    by: date | None

    @property
    def days(self) -> int:
        return (self.closure.last - self.closure.first).days + 1 - len(self.opened)


class ClosedDays(NamedTuple):
    """Closed days of a year: those that are over, those ahead, and how many are asked for by which duty."""

    year: int
    past: int
    ahead: int
    unplanned: int
    """Of these, days said to be closed that no plan had told before."""
    need: int | None
    rule: Obligation | None
    told: int | None
    """The number that the operator recorded for the year, where they did."""

    @property
    def have(self) -> int:
        return self.past + self.ahead

    @property
    def missing(self) -> int:
        return max((self.need or 0) - self.have, 0)


def plans(property: Property, *, now: datetime) -> list[Plan]:
    """The closures planned and not taken back."""
    rule = announcing(property, rome_day(now))
    found = []
    for one in closures(property.account_id, [property.pk])[property.pk]:
        found.append(Plan(one, tuple(opened_inside(property, one)), rule.by(one.first) if rule else None))
    return found


def opened_inside(property: Property, closure: Closure) -> list[date]:
    """Days of a closure on which the operator said that it is open."""
    told = said(property.account_id, [property], closure.first, closure.last)[property.pk]
    return [day for day in sorted(told) if told[day].source == "day" and told[day].day.open]


def announcing(property: Property, on: date) -> Announcing | None:
    """The duty to announce closures, for this kind of property."""
    return next(
        (
            Announcing(rule, deadline) for rule in _rules(property, on) for deadline in rule.deadlines
            if deadline.event == CLOSURE
        ),
        None,
    )  # fmt: skip


def _rules(property: Property, on: date) -> list[Obligation]:
    chain: Chain | None = rules_of(property, on)
    if chain is None or not property.type:
        return []
    return [rule for rule in chain.obligations(on) if chain.binds(rule, property.type, business=property.business) == "bound"]


def shut_days(property: Property, year: int) -> list[date]:
    """The days of a year on which it was or will be closed, the time before and after its activity left aside."""
    told = said(property.account_id, [property], date(year, 1, 1), date(year, 12, 31))[property.pk]
    return sorted(day for day, one in told.items() if not one.day.open and one.source != "outside")


def closed_days(property: Property, year: int, *, now: datetime) -> ClosedDays:
    """The counter of a year."""
    today = rome_day(now)
    last = date(year, 12, 31)
    shut = shut_days(property, year)
    planned = closures(property.account_id, [property.pk])[property.pk]
    unplanned = sum(not any(one.first <= day <= one.last for one in planned) for day in shut)
    rule = next((one for one in _rules(property, last) if one.counter is not None), None)
    past = sum(day < today for day in shut)
    need = rule.counter.at_least if rule is not None and rule.counter is not None else None
    written = [row.data.get("days", 0) for row in duty_marks.events(property, "closing_days") if row.data.get("year") == year]
    return ClosedDays(year, past, len(shut) - past, unplanned, need, rule, sum(written) if written else None)


def guests_on(property: Property, first: date, last: date, *, now: datetime) -> dict[date, int]:
    """On which days somebody sleeps there."""
    rows: list[CountedDay] = counted_of(property, first, last, now=now)
    return {row.day: row.present for row in rows if row.present}


def add(
    property: Property, first: date, last: date, *, now: datetime, person: Person | None
) -> tuple[DutyEvent | None, list[Problem]]:
    """Plan a closure; nothing is stored as soon as there is a problem."""
    found = _faults(property, first, last, now)
    if found:
        return None, found
    return duty_marks.record_event(
        property, CLOSURE, {"from": first.isoformat(), "to": last.isoformat()}, now=now, person=person
    )  # fmt: skip


def _faults(property: Property, first: date, last: date, now: datetime) -> list[Problem]:
    if last < first:
        return [Problem.of("statistics.closure.backwards", "last", first=first, last=last)]
    if (last - first).days >= LONGEST:
        return [Problem.of("statistics.days.many", "last", limit=LONGEST)]
    if not all(lived(property, day) for day in (first, last)):
        return [Problem("statistics.closure.outside", "first")]
    for one in closures(property.account_id, [property.pk])[property.pk]:
        if one.first <= last and first <= one.last:
            return [Problem.of("statistics.closure.overlaps", "first", first=one.first, last=one.last)]
    full = guests_on(property, first, last, now=now)
    if full:
        return [Problem.of("statistics.day.guests_there", "first", first=min(full), count=len(full))]
    return []


def end(property: Property, event: UUID, *, now: datetime, person: Person | None) -> bool:
    """Take a planned closure back; False when it is gone already."""
    rows = DutyEvent.objects.of(property.account_id).filter(property=property, kind=CLOSURE, withdrawn_at=None, pk=event)
    row = rows.select_related("account").first()
    if row is None:
        return False
    duty_marks.withdraw_event(row, now=now, person=person)
    return True
