"""What is handed over to a statistics portal: the plans, and what all of them are made from (spec flussi-turistici 6.4, 7.3).

Of every day a mark says what to remember once the portal has it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from locanda.archive.models import PortalDay, Property
from locanda.core.problems import Problem
from locanda.law.statistics import Movement
from locanda.office.statistics.days import property_days
from locanda.office.statistics.home import FlowService
from locanda.office.statistics.movements import movement_from, stays_of

__all__ = ["Composed", "Composer", "Json", "Moved", "Plan", "digest", "held_days", "moved_days"]

Json = dict[str, Any]


class Plan(NamedTuple):
    """One thing to hand over: the bytes, and the marks of its days."""

    kind: str
    data: bytes
    marks: tuple[Json, ...]
    arrivals: int = 0
    departures: int = 0

    @property
    def days(self) -> list[date]:
        return [date.fromisoformat(mark["day"]) for mark in self.marks]


class Composed(NamedTuple):
    """What to hand over in its order, or every problem. ``stays`` tells which stay a problem is about."""

    plans: tuple[Plan, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    stays: Mapping[str, UUID] = {}


class Composer(Protocol):
    """How one kind of portal is told of days, and corrected. ``properties`` are those that one file is about."""

    def composed(
        self, service: FlowService, properties: Sequence[Property], first: date, last: date, inputs: Mapping[date, str]
    ) -> Composed:
        """What to hand over for these days, both included; ``inputs`` are the digests of what they were counted from."""
        ...

    def fingerprints(self, service: FlowService, properties: Sequence[Property], first: date, last: date) -> dict[date, str]:
        """Of each day as it is now; a day that cannot be written is missing."""
        ...


class Moved(NamedTuple):
    """The movement of some days, or why there is none. ``stays`` tells which stay a problem is about."""

    movement: Movement | None
    problems: tuple[Problem, ...]
    stays: Mapping[str, UUID]


def moved_days(service: FlowService, property: Property, first: date, last: date, until: date | None = None) -> Moved:
    """The movement with the facts that the format wants."""
    stays = stays_of(property, first, last)
    movement, problems = movement_from(
        property, stays, first, last, days=property_days(property, first, last), needs=service.format.needs,
        uses=service.format.uses, accepted_until=until,
    )  # fmt: skip
    where = {f"stays[{place}]": row.pk for place, (row, _, _) in enumerate(stays)}
    return Moved(None if problems else movement, tuple(problems), where)


def held_days(service: FlowService, property: Property, first: date, last: date) -> dict[date, PortalDay]:
    """What the portal is known to have, or to have had, in the order of days."""
    rows = PortalDay.objects.of(property.account_id).filter(property=property, portal=service.portal, day__range=(first, last))
    return {row.day: row for row in rows.order_by("day")}


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
