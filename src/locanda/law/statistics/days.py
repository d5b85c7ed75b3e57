"""Every day of a property with its state and figures (spec flussi-turistici 2.1, 2.2, 6.8): none is left out.

A day is what the operator said it was. One of which nothing is said stands open at the capacity of the property, and a note says
so; capacity that nobody told is a problem. Nobody sleeps on a closed day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from locanda.core.problems import Problem
from locanda.core.stays import Property, PropertyDay
from locanda.law.statistics.rooms import Use, is_one_unit, nights_of_units
from locanda.law.statistics.values import FlowDay, FlowGuest

__all__ = ["days_of"]

_DAY = timedelta(days=1)


def days_of(
    home: Property,
    told: Iterable[PropertyDay],
    guests: Sequence[FlowGuest],
    uses: Sequence[Use],
    others: Sequence[Use],
    first: date,
    last: date,
    found: list[Problem],
    notes: list[Problem],
) -> tuple[FlowDay, ...]:
    """The days from ``first`` to ``last``; ``uses`` are the units of those who count, ``others`` of those who do not."""
    count = (last - first).days + 1
    states = _states(told, first, last, found)
    occupied = nights_of_units(uses, first, count)
    arrived: dict[date, list[FlowGuest]] = {}
    departed: dict[date, list[FlowGuest]] = {}
    previous = 0
    for guest in guests:
        if guest.arrival < first:
            previous += 1
        else:
            arrived.setdefault(guest.arrival, []).append(guest)
        if guest.departure is not None and guest.departure <= last:
            departed.setdefault(guest.departure, []).append(guest)
    offers = _Offers(home, _lost(uses, others, occupied, first))
    made: list[FlowDay] = []
    for place in range(count):
        day = first + place * _DAY
        where, state = states.get(day) or ("days", None)
        is_open, rooms, beds = offers.of(place, day, state)
        entry = FlowDay(
            day, is_open, rooms, beds, occupied[place], previous, tuple(arrived.get(day, ())), tuple(departed.get(day, ())),
            state is not None,
        )  # fmt: skip
        _judge(entry, state, where, home, found, notes)
        made.append(entry)
        previous = entry.present
    found += offers.problems()
    notes += offers.notes()
    return tuple(made)


def _states(
    told: Iterable[PropertyDay], first: date, last: date, found: list[Problem]
) -> dict[date, tuple[str, PropertyDay]]:
    """What the operator said of each day, and where."""
    states: dict[date, tuple[str, PropertyDay]] = {}
    for index, state in enumerate(told):
        if state.day in states:
            found.append(Problem.of("flows.day.twice", f"days[{index}].day", day=state.day))
        if first <= state.day <= last:
            states[state.day] = (f"days[{index}]", state)
    return states


def _lost(uses: Sequence[Use], others: Sequence[Use], occupied: Sequence[int], first: date) -> Sequence[int]:
    """For each night the units used only by people who do not count; nothing where there are none."""
    if not others:
        return ()
    both = nights_of_units((*uses, *others), first, len(occupied))
    return [everybody - counted for everybody, counted in zip(both, occupied, strict=True)]


_ITALIAN = {"rooms": "le camere", "beds": "i letti"}


class _Offers:
    """What the property offered on each day, and what had to stand in where nobody said."""

    def __init__(self, home: Property, lost: Sequence[int]) -> None:
        self.home, self.lost = home, lost
        self.one = is_one_unit(home)
        self.capacity: list[date] = []
        self.unsure: list[date] = []
        self.missing: dict[str, date] = {}

    def of(self, place: int, day: date, state: PropertyDay | None) -> tuple[bool, int, int]:
        """Open or not, rooms and beds on offer."""
        if state is not None and not state.open:
            return False, 0, 0
        rooms, beds = (state.rooms, state.beds) if state is not None else (None, None)
        if rooms is not None and beds is not None:
            return True, rooms, beds
        self.capacity.append(day)
        lost = self.lost[place] if self.lost else 0
        if self.one and lost:  # the only unit is lent to people who do not count: open, with nothing to offer
            return True, rooms or 0, beds or 0
        if rooms is None:
            rooms = max(self._full("rooms", 1 if self.one else self.home.rooms, day) - lost, 0)
        if beds is None:
            beds = self._full("beds", self.home.beds, day)
            if lost:
                self.unsure.append(day)
        return True, rooms, beds

    def _full(self, key: str, capacity: int | None, day: date) -> int:
        """The capacity of the property; its absence is told once, with the first day that wanted it."""
        if capacity is None:
            self.missing.setdefault(key, day)
        return capacity or 0

    def problems(self) -> list[Problem]:
        return [
            Problem.of("flows.capacity.missing", f"property.{key}", key=key, day=day, it=_ITALIAN[key], en=key)
            for key, day in self.missing.items()
        ]

    def notes(self) -> list[Problem]:
        found = []
        if self.capacity and not self.missing:
            days = self.capacity
            found.append(Problem.of("flows.days.assumed", "days", count=len(days), first=days[0], last=days[-1]))
        if self.unsure:
            days = self.unsure
            found.append(Problem.of("flows.days.beds_unsure", "days", count=len(days), first=days[0], last=days[-1]))
        return found


def _judge(
    entry: FlowDay, state: PropertyDay | None, where: str, home: Property, found: list[Problem], notes: list[Problem]
) -> None:
    """What a day cannot be, and what portals paint red (spec 2.2, identities 5 and 6; 6.8)."""
    if not entry.open:
        if entry.present or entry.arrived:
            found.append(Problem.of("flows.day.closed_with_guests", where, day=entry.day, present=entry.present))
        elif entry.departed:
            notes.append(Problem.of("flows.day.closed_with_departures", where, day=entry.day, departed=len(entry.departed)))
        if state is not None and (state.rooms or state.beds):
            notes.append(Problem.of("flows.day.closed_with_rooms", where, day=entry.day))
        return
    if entry.rooms_occupied > entry.rooms:
        notes.append(
            Problem.of("flows.rooms.beyond_offer", where, day=entry.day, occupied=entry.rooms_occupied, rooms=entry.rooms)
        )
    one = is_one_unit(home)
    if state is not None and home.rooms is not None and not one and (state.rooms or 0) > home.rooms:
        notes.append(Problem.of("flows.day.beyond_capacity", where, day=entry.day, offered=state.rooms, capacity=home.rooms))
    if state is not None and home.beds is not None and (state.beds or 0) > home.beds:
        notes.append(Problem.of("flows.day.beds_beyond_capacity", where, day=entry.day, offered=state.beds, capacity=home.beds))

