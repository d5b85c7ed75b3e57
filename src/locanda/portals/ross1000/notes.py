"""What to look at before a movement goes to ROSS1000: nothing of it stops the file (spec flussi-turistici 2.4, 6.1, 6.10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.law.statistics import Movement

__all__ = ["ADULT", "VERY_OLD", "notes_on"]

ADULT: Final = 18
"""Heads and single guests are adults (spec 4.1)."""
VERY_OLD: Final = 110
_DAY = timedelta(days=1)
_LEADING: Final = frozenset({Role.SINGLE, Role.HEAD_OF_FAMILY, Role.HEAD_OF_GROUP})


def notes_on(movement: Movement) -> Iterator[Problem]:
    """Notes on the guests who arrive, and on what the portal already has."""
    accepted = movement.accepted_until
    if accepted is not None and accepted + _DAY < movement.first:
        yield Problem.of("ross1000.days.skipped", "from", first=accepted + _DAY, last=movement.first - _DAY)
    arrivals = {guest.flow_id: guest.arrival for guest in movement.guests if guest.head is None}
    for day in movement.days:
        for guest in day.arrived:
            where, age = guest.where, guest.age
            if age is not None and age < ADULT and guest.role in _LEADING:
                yield Problem.of("ross1000.head.minor", f"{where}.birth_date", id=guest.flow_id, age=age)
            elif age is not None and age > VERY_OLD:
                yield Problem.of("ross1000.birth.very_old", f"{where}.birth_date", id=guest.flow_id, age=age)
            head = None if guest.head is None else arrivals.get(guest.head)
            if head is not None and head < guest.arrival:
                yield Problem.of("ross1000.member.apart", where, id=guest.flow_id, arrival=guest.arrival, head=head)
            if guest.same_day:
                yield Problem.of("ross1000.day.after_midnight", where, arrival=guest.arrival, departure=guest.departure)
