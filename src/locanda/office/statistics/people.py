"""Whom an identifier in a file of statistics belongs to: a stay, its room, a place in the party; no name."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Property
from locanda.core.time import rome_day
from locanda.law.statistics import derived_flow_id
from locanda.office.statistics.for_spot import unit_name
from locanda.office.statistics.movements import stays_of

__all__ = ["Whom", "whom"]


class Whom(NamedTuple):
    """A guest as the pages show one: the stay says more, to who may see it."""

    stay: UUID
    property: str
    arrival: date
    departure: date | None
    room: str
    place: int
    guests: int


def whom(properties: list[Property], first: date, last: date) -> dict[str, Whom]:
    """By identifier, with the short name of the unit before it and without."""
    found: dict[str, Whom] = {}
    for row in properties:
        for stored, stay, _ in stays_of(row, first, last):
            if stay is None or stored.arrival is None:
                continue
            for place, guest in enumerate(stay.guests, start=1):
                own = guest.details.flow_id if guest.details is not None else None
                ident = own or derived_flow_id(str(row.pk), stay.id or "", guest.id or "")
                if ident is None:
                    continue
                room = stored.unit.name if stored.unit is not None else ""
                told = Whom(
                    stored.pk, row.name, rome_day(stored.arrival), stored.departure_day, room, place, len(stay.guests)
                )
                found[ident] = found[f"{unit_name(row)}-{ident}"] = told
    return found
