"""What each day of a property was: open or closed, rooms and beds really on offer (spec flussi-turistici 2.1, 6.8).

A day is, in this order: what the operator said of it; closed inside a closure that was planned; closed before the property opened
and after it ended. Of every other day nothing was said: with guests it is open; without them it is white, and must not stay so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Account, DayState, DutyEvent, Person, Property
from locanda.core.problems import Problem
from locanda.core.stays import PropertyDay
from locanda.core.time import rome_day

__all__ = ["CLOSURE", "Closure", "Said", "closures", "days_between", "declare", "lived", "property_days", "said", "take_back"]

CLOSURE = "closure_planned"
"""The kind of event that a planned closure is; duties hang on it too."""
_DAY = timedelta(days=1)
_LONGEST = 400


class Closure(NamedTuple):
    """Days in a row on which a property is closed, both included."""

    event: UUID
    first: date
    last: date


class Said(NamedTuple):
    """A day of which something is known, and from where: ``day`` (the operator's word), ``closure`` (a plan), ``outside``."""

    day: PropertyDay
    source: str
    reason: str = ""


def days_between(first: date, last: date) -> list[date]:
    """Every day, both included."""
    return [first + place * _DAY for place in range((last - first).days + 1)]


def said(account: Account | UUID, properties: Collection[Property], first: date, last: date) -> dict[UUID, dict[date, Said]]:
    """What is known of the days of some properties."""
    keys = [row.pk for row in properties]
    found: dict[UUID, dict[date, Said]] = {key: {} for key in keys}
    for row in properties:
        found[row.pk] = _outside(row, first, last)
    for key, planned in closures(account, keys).items():
        for one in planned:
            for day in days_between(max(one.first, first), min(one.last, last)):
                found[key][day] = Said(PropertyDay(day, open=False), "closure")
    rows = DayState.objects.of(account).filter(property__in=keys, day__range=(first, last))
    for state in rows:
        told = PropertyDay(state.day, state.open, state.rooms, state.beds)
        found[state.property_id][state.day] = Said(told, "day", state.reason)
    return found


def lived(property: Property, day: date) -> bool:
    """Whether the activity had begun and had not ended."""
    until = property.closed_at
    return (property.since is None or property.since <= day) and (until is None or day <= rome_day(until))


def _outside(row: Property, first: date, last: date) -> dict[date, Said]:
    return {
        day: Said(PropertyDay(day, open=False), "outside") for day in days_between(first, last) if not lived(row, day)
    }  # fmt: skip


def property_days(property: Property, first: date, last: date) -> tuple[PropertyDay, ...]:
    """The days of one property of which something is known, as the law takes them."""
    told = said(property.account_id, [property], first, last)[property.pk]
    return tuple(told[day].day for day in sorted(told))


def closures(account: Account | UUID, properties: Collection[UUID]) -> dict[UUID, list[Closure]]:
    """The closures planned and not taken back, by property."""
    found: dict[UUID, list[Closure]] = {key: [] for key in properties}
    rows = DutyEvent.objects.of(account).filter(kind=CLOSURE, withdrawn_at=None, property__in=list(properties))
    for ident, where, data in rows.values_list("pk", "property_id", "data"):
        try:
            first, last = date.fromisoformat(str(data["from"])[:10]), date.fromisoformat(str(data["to"])[:10])
        except (KeyError, ValueError):
            continue
        found[where].append(Closure(ident, first, last))
    return {key: sorted(planned, key=lambda one: one.first) for key, planned in found.items()}


def declare(
    property: Property,
    days: Iterable[date],
    *,
    open: bool,
    rooms: int | None = None,
    beds: int | None = None,
    reason: str = "",
    guests: Collection[date] = (),
    now: datetime,
    person: Person | None,
) -> list[Problem]:
    """Say what some days were. ``guests`` are the days on which somebody sleeps there: such a day is not closed.

    Nothing is stored as soon as there is a problem.
    """
    wanted = sorted(set(days))
    found = list(_faults(property, wanted, open=open, rooms=rooms, beds=beds, guests=guests))
    if found or not wanted:
        return found
    values = {"open": open, "rooms": rooms if open else None, "beds": beds if open else None, "reason": reason.strip()[:120]}
    with transaction.atomic():
        known = {row.day: row for row in DayState.objects.of(property.account_id).filter(property=property, day__in=wanted)}
        fresh = []
        for day in wanted:
            row = known.get(day) or DayState(account_id=property.account_id, property=property, day=day)
            for name, value in (values | {"set_at": now, "set_by": person}).items():
                setattr(row, name, value)
            if day in known:
                row.save()
            else:
                fresh.append(row.check_account())
        DayState.everywhere.bulk_create(fresh)
        told = {"first": wanted[0].isoformat(), "last": wanted[-1].isoformat(), "days": len(wanted), **values}
        told.pop("reason")
        _note(property, "days.declared", told, now, person)
    return []


def _faults(
    property: Property, days: Sequence[date], *, open: bool, rooms: int | None, beds: int | None, guests: Collection[date]
) -> Iterable[Problem]:
    if len(days) > _LONGEST:
        yield Problem.of("statistics.days.many", "days", limit=_LONGEST)
    if not open:
        full = sorted(set(days) & set(guests))
        if full:
            yield Problem.of("statistics.day.guests_there", "open", first=full[0], count=len(full))
        return
    if rooms is not None and beds is not None and rooms > beds:
        yield Problem.of("statistics.day.rooms_above_beds", "rooms", rooms=rooms, beds=beds)
    for name, value, limit in (("rooms", rooms, property.rooms), ("beds", beds, property.beds)):
        if value is not None and limit is not None and value > limit:
            yield Problem.of("statistics.day.above_capacity", name, key=name, value=value, limit=limit)


def take_back(property: Property, days: Iterable[date], *, now: datetime, person: Person | None) -> int:
    """Forget what was said of some days; what a plan says of them holds again."""
    rows = DayState.objects.of(property.account_id).filter(property=property, day__in=set(days))
    with transaction.atomic():
        told = sorted(rows.values_list("day", flat=True))
        rows.delete()
        if told:
            data = {"first": told[0].isoformat(), "last": told[-1].isoformat(), "days": len(told)}
            _note(property, "days.taken_back", data, now, person)
    return len(told)


def _note(property: Property, kind: str, data: dict[str, object], now: datetime, person: Person | None) -> None:
    actor = chain.actor_of(person)
    chain.append(property.account, kind, at=now, actor=actor, subject=f"property:{property.pk}", data=data)
