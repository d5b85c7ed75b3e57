"""A file of SPOT as values: the elements of schema 0.6, in its order and by its types (spec flussi-turistici 7.1).

Text stays the text of the file and numbers are numbers; None is what is not there, or (in a file of others) what no sense could
be made of. Whether the values obey the rules is for ``rules`` to say.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

__all__ = ["Arrival", "Day", "Figures", "File", "Leaving", "Person", "Quality"]


class Person(NamedTuple):
    """What ``arrivo`` and ``componente`` both say of somebody: lives abroad (``state``) or in Italy (``comune``)."""

    code: str
    sex: str | None
    citizenship: str | None
    state: str | None
    comune: str | None
    bed: str | None
    age: int | None
    education: str | None = None


class Arrival(NamedTuple):
    """``arrivo``: a single guest (16) or the head of a family (17) or group (18) with its members."""

    person: Person
    kind: str | None
    day_use: str | None
    members: tuple[Person, ...] = ()
    traits: tuple[str, ...] = ()
    trip_days: int | None = None
    came_by: str | None = None
    moves_by: str | None = None
    reason: str | None = None


class Leaving(NamedTuple):
    """A code among the departures. ``alone`` is ``si`` when a head leaves and the members stay."""

    code: str
    alone: str | None = None


class Quality(NamedTuple):
    """``cliente`` of ``datiqualitativi``: what was asked at check-out."""

    code: str
    came_by: str | None = None
    moves_by: str | None = None
    reason: str | None = None
    education: str | None = None
    traits: tuple[str, ...] = ()


class Figures(NamedTuple):
    """``datistruttura``."""

    rooms: int | None
    beds: int | None
    occupied: int | None


class Day(NamedTuple):
    """``movimento``: MP movement, NM open without, EC closed. None for a list: the element is not there."""

    day: date | None
    kind: str | None
    arrivals: tuple[Arrival, ...] | None = None
    departures: tuple[Leaving, ...] | None = None
    figures: Figures | None = None
    quality: tuple[Quality, ...] | None = None
    total: int | None = None
    line: int = 0
    """Of the file it was read from; 0 for a day that was not read."""


class File(NamedTuple):
    """``movimenti``."""

    days: tuple[Day, ...]
    vendor: str | None = None
