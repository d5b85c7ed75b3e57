"""The figures of each day, counted once and kept (spec flussi-turistici 2): a change counts its own days again and no others.

Beside its figures a day keeps a digest of what they were counted from: the stays that touch it, what was said of the day, the
capacity of the property. Where it is the same nothing is counted, so nobody has to remember to tell this room of a change.
A month whose statistics are closed is never counted again: the facts of its guests are gone.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from locanda.archive.models import Account, CountedDay, Guest, Property, Stay
from locanda.archive.parts import in_parts
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.law.statistics import DayCount, Movement, day_counts, head_counts
from locanda.office.statistics import movements
from locanda.office.statistics.days import Said, days_between, said
from locanda.office.tables import in_force

__all__ = ["counted", "counted_of", "inputs_of"]

_VERSION = "1"
"""Of the way of counting: when it changes everything open is counted again."""
_DAY = timedelta(days=1)


def counted_of(property: Property, first: date, last: date, *, now: datetime) -> list[CountedDay]:
    """The days of one property, both ends included, in order."""
    return counted(property.account_id, [property], first, last, now=now)[property.pk]


def counted(
    account: Account | UUID, properties: Collection[Property], first: date, last: date, *, now: datetime
) -> dict[UUID, list[CountedDay]]:
    """The days of many properties: read where they stand, counted where anything changed."""
    told = said(account, properties, first, last)
    fresh = _all_inputs(account, properties, told, first, last)
    kept: dict[UUID, dict[date, CountedDay]] = defaultdict(dict)
    for chunk in in_parts(row.pk for row in properties):
        for day in CountedDay.objects.of(account).filter(property__in=chunk, day__range=(first, last)):
            kept[day.property_id][day.day] = day
    found = {}
    for row in properties:
        inputs, mine = fresh[row.pk], kept[row.pk]
        stale = [day for day, digest in inputs.items() if day not in mine or _changed(mine[day], digest)]
        for start, end in _stretches(stale):
            for made in _count(row, start, end, told[row.pk], inputs, now):
                mine[made.day] = made
        found[row.pk] = [mine[day] for day in sorted(mine)]
    return found


def inputs_of(
    account: Account | UUID, properties: Collection[Property], first: date, last: date
) -> dict[UUID, dict[date, str]]:
    """From what the days of many properties would be counted now."""
    return _all_inputs(account, properties, said(account, properties, first, last), first, last)


def _all_inputs(
    account: Account | UUID, properties: Collection[Property], told: Mapping[UUID, Mapping[date, Said]], first: date, last: date
) -> dict[UUID, dict[date, str]]:
    stays = _digests(account, properties, first, last)
    version = in_force().version
    return {row.pk: dict(_inputs(row, told[row.pk], stays.get(row.pk, ()), first, last, version)) for row in properties}


def _changed(day: CountedDay, digest: str) -> bool:
    return not day.closed and day.inputs != digest


# what a day is counted from ---------------------------------------------------------------------------------------------------


_Touch = tuple[date, date | None, str]
"""First and last day that a stay may touch, and the digest of its facts."""


def _digests(account: Account | UUID, properties: Collection[Property], first: date, last: date) -> Mapping[UUID, list[_Touch]]:
    """What the stays of each property say, without opening any of it."""
    found: dict[UUID, list[_Touch]] = defaultdict(list)
    start = datetime.combine(first - _DAY, time.min, ROME)
    for chunk in in_parts(row.pk for row in properties):
        rows = Stay.objects.of(account).filter(
            Q(departure_day__gte=first - _DAY) | Q(departure_day=None), property__in=chunk, status=Stay.Status.CHECKED_IN,
            arrival__lt=datetime.combine(last + _DAY, time(6), ROME), arrival__gte=start - movements.LOOK_BACK,
            statistics_closed_at=None,
        ).values_list("pk", "property_id", "arrival", "departure", "departure_day", "unit__name", "sealed_facts")  # fmt: skip
        stays = list(rows)
        people = _people(account, [row[0] for row in stays])
        for pk, where, arrival, departure, day, unit, facts in stays:
            told = (pk.hex, arrival, departure, day, unit, hashlib.sha256(bytes(facts or b"")).digest(), people.get(pk, ()))
            came = rome_day(arrival)
            found[where].append((came - _DAY, None if day is None else day + _DAY, _digest(told)))
    return found


def _people(account: Account | UUID, stays: Sequence[UUID]) -> Mapping[UUID, tuple[Any, ...]]:
    found: dict[UUID, tuple[Any, ...]] = {}
    columns = ("position", "role", "sex", "birth_date", "citizenship", "residence_state", "residence_comune", "residence_place")
    for chunk in in_parts(stays):
        rows = Guest.objects.of(account).filter(party__stay__in=chunk).order_by("position", "pk")
        for stay, *facts in rows.values_list("party__stay", *columns):
            found[stay] = (*found.get(stay, ()), tuple(facts))
    return found


def _inputs(
    row: Property, told: Mapping[date, Said], stays: Sequence[_Touch], first: date, last: date, version: str
) -> Iterator[tuple[date, str]]:
    shared = (_VERSION, row.rooms, row.beds, row.let_as, row.since, row.closed_at, version)
    by_day: dict[date, list[str]] = defaultdict(list)
    for start, end, digest in stays:
        for day in days_between(max(start, first), min(end or last, last)):
            by_day[day].append(digest)
    known: dict[tuple[str, ...], str] = {}  # the days of a stay, and the empty ones, are alike
    for day in days_between(first, last):
        state, there = told.get(day), tuple(sorted(by_day.get(day, ())))
        digest = known.get(there) if state is None else None
        if digest is None:
            digest = _digest((shared, state.day if state else None, list(there)))
            if state is None:
                known[there] = digest
        yield day, digest


def _digest(told: Any) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _stretches(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days in a row together."""
    start = last = None
    for day in sorted(days):
        if last is not None and day == last + _DAY:
            last = day
            continue
        if start is not None and last is not None:
            yield start, last
        start = last = day
    if start is not None and last is not None:
        yield start, last


# counting ---------------------------------------------------------------------------------------------------------------------


def _count(
    row: Property, first: date, last: date, told: Mapping[date, Said], inputs: Mapping[date, str], now: datetime
) -> list[CountedDay]:
    """Count these days and keep them."""
    made = [_kept(row, one, inputs[one.day], now) for one in _figures(row, first, last, told)]
    with transaction.atomic():
        known = CountedDay.objects.of(row.account_id).filter(property=row, day__range=(first, last))
        closed = set(known.filter(closed=True).values_list("day", flat=True))
        CountedDay.everywhere.bulk_create(
            [one for one in made if one.day not in closed], batch_size=200, update_conflicts=True,
            unique_fields=["property", "day"], update_fields=_FIGURES,
        )  # fmt: skip
    return made


_FIGURES = [
    "inputs", "open", "declared", "rooms", "beds", "rooms_occupied", "previous", "arrived", "departed", "present", "rows",
    "problems", "counted_at",
]  # fmt: skip


def _figures(row: Property, first: date, last: date, told: Mapping[date, Said]) -> Iterator[CountedDay]:
    """The figures of the days, with the problems behind each; a problem of one day takes nothing from the others."""
    days = tuple(told[day].day for day in sorted(told) if first <= day <= last)
    stays = movements.stays_of(row, first, last)
    moved, problems = movements.movement_from(row, stays, first, last, days=days)
    if moved is not None and not problems:
        yield from (_figure(one, moved) for one in day_counts(moved))
        return
    heads = head_counts([stay for _, stay, _ in stays], first, last)
    for place, day in enumerate(days_between(first, last)):
        mine = tuple(one for one in days if one.day == day)
        alone, found = movements.movement_from(row, stays, day, day, days=mine)
        if alone is not None and not found:
            yield from (_figure(one, alone) for one in day_counts(alone))
            continue
        head, state = heads[place], mine[0] if mine else None
        is_open = state.open if state else True
        yield CountedDay(
            day=day, open=is_open, declared=state is not None, rooms=_offer(state.rooms if state else None, row.rooms, is_open),
            beds=_offer(state.beds if state else None, row.beds, is_open), rooms_occupied=0, previous=head.previous,
            arrived=head.arrived, departed=head.departed, present=head.present, problems=[_problem(one) for one in found],
        )  # fmt: skip


def _offer(own: int | None, capacity: int | None, is_open: bool) -> int:  # noqa: FBT001 - the third of three facts of a day
    return 0 if not is_open else own if own is not None else capacity or 0


def _figure(one: DayCount, moved: Movement) -> CountedDay:
    day = one.day
    notes = [_problem(note) for note in moved.notes if ("day", day.day) in note.facts]
    return CountedDay(
        day=day.day, open=day.open, declared=day.declared, rooms=day.rooms, beds=day.beds, rooms_occupied=day.rooms_occupied,
        previous=day.previous, arrived=len(day.arrived), departed=len(day.departed), present=day.present, problems=notes,
        rows=[[line.row.order, line.previous, line.arrived, line.departed] for line in one.rows],
    )  # fmt: skip


def _problem(problem: Problem) -> list[Any]:
    return [problem.code, problem.where, [[name, str(value)] for name, value in problem.facts]]


def _kept(row: Property, one: CountedDay, inputs: str, now: datetime) -> CountedDay:
    one.account_id, one.property, one.inputs, one.counted_at = row.account_id, row, inputs, now
    return one
