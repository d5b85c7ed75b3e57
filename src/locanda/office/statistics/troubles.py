"""What keeps days from being counted, by what is to be done and for which stay (spec flussi-turistici 2.2, 3).

A counted day remembers that something is wrong; whose it is, is asked of the stays, so that a page can lead there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Property
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.office.statistics.calendar import NOTES, DayLook
from locanda.office.statistics.days import property_days
from locanda.office.statistics.movements import Read, movement_from, stays_of

__all__ = ["TROUBLES", "Trouble", "kind_of", "staying", "troubles"]

TROUBLES = ("residence", "rooms", "closed", "capacity", "guest")
"""What is to be put right: where guests live, which room is whose, a closed day with guests, rooms and beds, other facts."""

_PLACE = re.compile(r"stays\[(\d+)\](?:\.guests\[(\d+)\])?")


class Trouble(NamedTuple):
    """Things of one kind: how many guests, stays or days, and the stays that they belong to."""

    kind: str
    count: int
    stays: tuple[UUID, ...]
    days: tuple[date, ...]
    first: Problem


def kind_of(code: str) -> str:
    """What is to be done about a problem."""
    if code.startswith(("flows.residence", "flows.place.")):
        return "residence"
    if code.startswith("flows.rooms."):
        return "rooms"
    if code.startswith("flows.day."):
        return "closed"
    return "capacity" if code.startswith("flows.capacity") else "guest"


def troubles(property: Property, looks: Sequence[DayLook]) -> list[Trouble]:
    """What is wrong behind these days; nothing is read where nothing is."""
    stuck = [look.counted.day for look in looks if look.stuck]
    if not stuck:
        return []
    first, last = stuck[0], stuck[-1]
    stays = stays_of(property, first, last)
    _, found = movement_from(property, stays, first, last, days=property_days(property, first, last))
    return list(_grouped(stays, found))


def _grouped(stays: Sequence[Read], found: Sequence[Problem]) -> Iterator[Trouble]:
    by_kind: dict[str, list[Problem]] = {}
    for problem in found:
        if problem.code not in NOTES:
            by_kind.setdefault(kind_of(problem.code), []).append(problem)
    for kind in TROUBLES:
        mine = by_kind.get(kind)
        if not mine:
            continue
        places = {(int(at[1]), at[2]) for problem in mine if (at := _PLACE.match(problem.where))}
        days = sorted({date.fromisoformat(told) for problem in mine if (told := problem.fact("day")) and len(told) == 10})
        keys = dict.fromkeys(stays[place][0].pk for place, _ in sorted(places, key=lambda one: one[0]) if place < len(stays))
        yield Trouble(kind, len(places) or len(days) or len(mine), tuple(keys), tuple(days), mine[0])


def staying(property: Property, day: date) -> list[Read]:
    """The stays that touch a day: who comes, sleeps there or leaves."""
    return [
        read for read in stays_of(property, day, day)
        if read[0].departure_day is None or read[0].departure_day >= day
        if rome_day(read[0].arrival) <= day or (read[1] is not None and read[1].first_night == day)
    ]  # fmt: skip
