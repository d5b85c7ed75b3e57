"""The counted days of hundreds of properties at a glance: what a list needs of them, and no row more than that.

As fresh as :func:`~locanda.office.statistics.counting.counted` makes them: where anything changed the days are counted again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from locanda.archive.models import Account, CountedDay, PortalDay, Property
from locanda.archive.parts import in_parts
from locanda.office.statistics.counting import counted, inputs_of
from locanda.office.statistics.for_spot import START_UP
from locanda.office.statistics.home import FlowService
from locanda.office.statistics.status import changed_of, word_of

__all__ = ["DayBrief", "briefs", "words_of"]

_COLUMNS = (
    "day", "inputs", "closed", "open", "declared", "rooms", "beds", "rooms_occupied", "arrived", "departed", "present",
)  # fmt: skip
_NONE = "[]"


class DayBrief(NamedTuple):
    """A counted day without its rows of residence."""

    day: date
    inputs: str
    closed: bool
    open: bool
    declared: bool
    rooms: int
    beds: int
    rooms_occupied: int
    arrived: int
    departed: int
    present: int
    problems: Sequence[Any]


def briefs(
    account: Account | UUID, properties: Collection[Property], first: date, last: date, *, now: datetime
) -> dict[UUID, list[DayBrief]]:
    """The days of many properties, in order."""
    wanted = inputs_of(account, properties, first, last)
    found: dict[UUID, list[DayBrief]] = {row.pk: [] for row in properties}
    for chunk in in_parts(row.pk for row in properties):
        rows = CountedDay.objects.of(account).filter(property__in=chunk, day__range=(first, last)).order_by("day")
        told = rows.annotate(said=Cast("problems", TextField())).values_list("property_id", *_COLUMNS, "said")
        for where, *columns, said in told:
            found[where].append(DayBrief(*columns, () if said == _NONE else json.loads(said)))
    stale = [row for row in properties if _stale(found[row.pk], wanted[row.pk])]
    for where, days in (counted(account, stale, first, last, now=now) if stale else {}).items():
        found[where] = [DayBrief(*(getattr(day, name) for name in _COLUMNS), day.problems) for day in days]
    return found


def _stale(days: Sequence[DayBrief], wanted: Mapping[date, str]) -> bool:
    return len(days) != len(wanted) or any(not day.closed and day.inputs != wanted[day.day] for day in days)


def words_of(
    account: Account | UUID, properties: Collection[Property], services: Mapping[UUID, FlowService],
    counts: Mapping[UUID, Sequence[DayBrief]], first: date, last: date,
) -> dict[UUID, dict[date, str]]:  # fmt: skip
    """What the portals have of the days, in the words of ``status.STATES``; a day that is not there is to do."""
    found: dict[UUID, dict[date, str]] = defaultdict(dict)
    doubtful: dict[UUID, list[UUID]] = defaultdict(list)
    inputs = {row.pk: {day.day: (day.inputs, day.closed) for day in counts.get(row.pk, ())} for row in properties}
    for chunk in in_parts(row.pk for row in properties):
        rows = PortalDay.objects.of(account).filter(property__in=chunk, day__range=(first, last)).order_by()
        told = rows.annotate(counted_from=KeyTextTransform("inputs", "people")).values_list(
            "pk", "property_id", "portal", "day", "state", "held", "fingerprint", "corrected", "sending__kind", "counted_from",
        )  # fmt: skip
        for key, where, portal, day, state, held, fingerprint, corrected, kind, counted_from in told:
            if portal != services[where].portal:
                continue
            found[where][day] = word_of(state, held=held, fingerprint=fingerprint, corrected=corrected, kind=kind or "")
            now, closed = inputs[where].get(day, ("", True))
            if held and not closed and counted_from not in (START_UP, now):
                doubtful[where].append(key)
    for row in properties:
        if keys := doubtful.get(row.pk):
            days = list(PortalDay.objects.of(account).filter(pk__in=keys))
            changed = changed_of(row, services[row.pk], days, {day: told for day, (told, _) in inputs[row.pk].items()})
            found[row.pk] |= {
                one.day: word_of(one.state, held=one.held, fingerprint="", corrected=one.corrected, kind="")
                for one in days if one.day in changed
            }  # fmt: skip
    return found
