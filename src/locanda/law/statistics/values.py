"""What the visitor statistics are made of, as values (spec flussi-turistici 2, 3 and 5).

A :class:`Movement` is a property between two days: each day with its state and figures, and every guest who counts, with their
facts already looked up and judged. No name and no document is in it (spec 3.2). Portals write from it and never look back at
the stays.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from locanda.core.people import Role, Sex
from locanda.core.problems import Problem
from locanda.core.stays import Property
from locanda.law.statistics.residences import Residence
from locanda.law.statistics.vocabulary import Term

__all__ = ["FlowDay", "FlowGuest", "Movement", "RoomUse"]


class RoomUse(NamedTuple):
    """A unit slept in from the night of ``first`` up to the morning of ``end`` (None: not yet known)."""

    unit: str
    first: date
    end: date | None


class FlowGuest(NamedTuple):
    """One person's stay, as statistics see it. Facts that the caller did not ask for are None.

    ``arrival`` and ``departure`` are statistical days: the night of ``arrival`` is the first one slept, ``departure`` is None
    while nobody knows it. ``same_day`` is who arrived after midnight and left the same day: ``departure`` is then the day
    after (Trento), and portals that want both on one day (SPOT) take ``arrival``.
    """

    arrival: date
    departure: date | None
    residence: Residence
    same_day: bool = False
    flow_id: str = ""
    role: Role | None = None
    head: str | None = None
    """The ``flow_id`` of the head of a member; None for singles and heads."""
    sex: Sex | None = None
    birth_date: date | None = None
    citizenship: str | None = None
    """Police state code, nine digits; so are the next two."""
    birth_state: str | None = None
    birth_comune: str | None = None
    occupies_bed: bool = True
    rooms: tuple[RoomUse, ...] = ()
    tourism: Term | None = None
    transport: Term | None = None
    channel: Term | None = None
    education: Term | None = None
    profession: str | None = None
    tax_exemption: str | None = None
    group: str | None = None
    booked_on: date | None = None
    stay: str = ""
    guest: str = ""
    where: str = ""
    """Where the guest stands in the input, ``stays[0].guests[1]``: for problems of a format."""

    @property
    def age(self) -> int | None:
        """Completed years on the day of arrival (spec 2.5)."""
        born, day = self.birth_date, self.arrival
        return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def sleeps(self, night: date) -> bool:
        """Whether the guest is there in the night that follows the day."""
        return self.arrival <= night and (self.departure is None or night < self.departure)


class FlowDay(NamedTuple):
    """One day of a property. ``rooms`` and ``beds`` are on offer that day: zero when closed.

    ``declared`` is whether the operator said so; else the capacity of the property stands in, and a note says so.
    """

    day: date
    open: bool
    rooms: int
    beds: int
    rooms_occupied: int
    previous: int
    arrived: tuple[FlowGuest, ...]
    departed: tuple[FlowGuest, ...]
    declared: bool = True

    @property
    def present(self) -> int:
        """Who sleeps there in the night after this day (spec 2.6, identity 1)."""
        return self.previous + len(self.arrived) - len(self.departed)

    @property
    def is_zero(self) -> bool:
        """Open, with nobody coming and nobody leaving: a zero day in the sense of the C/59."""
        return self.open and not self.arrived and not self.departed


class Movement(NamedTuple):
    """A property from ``first`` to ``last``, both included: one entry in ``days`` for each day, in order.

    ``guests`` are all who sleep there on a night from the one before ``first`` to that of ``last``, or leave on ``first``, in
    the order of the input, members after their head. ``accepted_until`` is the last day a portal already has.
    """

    home: Property
    first: date
    last: date
    days: tuple[FlowDay, ...]
    guests: tuple[FlowGuest, ...]
    accepted_until: date | None = None
    notes: tuple[Problem, ...] = ()

    @property
    def previous(self) -> int:
        """Who slept there the night before the first day."""
        return self.days[0].previous
