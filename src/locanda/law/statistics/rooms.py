"""Rooms occupied, night by night (spec flussi-turistici 2.1, 2.2): distinct units with at least one tourist sleeping in them.

A guest's own ``rooms`` say where they sleep. Guests who say nothing share the units of the stay that are left, never more of
them than there are such guests. A property let as a whole, or with one room, is one unit. A change of room is no movement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from locanda.core.people import Guest
from locanda.core.stays import Property, Stay
from locanda.law.statistics.spans import Span
from locanda.law.statistics.values import FlowGuest, RoomUse

__all__ = ["NO_END", "ONE_UNIT", "Use", "is_one_unit", "nights_of_units", "rooms_of_guest", "rooms_slept_in", "units_of_stay"]

ONE_UNIT = "1"
"""The unit of a property that has only one."""
NO_END = date.max.toordinal()
Use = tuple[str, int, int]
"""A unit, occupied from a night up to a morning (ordinals)."""


def is_one_unit(home: Property) -> bool:
    """Whether whoever is in the house occupies all of it."""
    return home.let_as == "whole" or home.rooms == 1


def rooms_of_guest(home: Property, stay: Stay, guest: Guest, span: Span) -> tuple[RoomUse, ...]:
    """The units a guest sleeps in, or may: their own where told, else those of the stay."""
    if is_one_unit(home):
        return (RoomUse(ONE_UNIT, span.arrival, span.departure),)
    own = guest.details.rooms if guest.details is not None else ()
    if not own:
        return tuple(RoomUse(unit, span.arrival, span.departure) for unit in stay.units)
    end = span.departure or date.max
    kept = (RoomUse(unit, max(first, span.arrival), min(last, end)) for unit, first, last in own)
    return tuple(use for use in kept if use.end is not None and use.first < use.end)


def units_of_stay(home: Property, stay: Stay, spans: Sequence[tuple[Guest, Span]]) -> tuple[list[Use], tuple[int, int] | None]:
    """The units occupied, each from a night up to a morning (ordinals); and a stretch whose units nobody told, or None."""
    if not spans:
        return [], None
    nights = [(span.arrival.toordinal(), _end(span)) for _, span in spans]
    first, last = min(start for start, _ in nights), max(end for _, end in nights)
    if is_one_unit(home):
        return [(ONE_UNIT, start, end) for start, end in _covered(nights)], None
    told = any(guest.details is not None and guest.details.rooms for guest, _ in spans)
    own = [_own(guest, span) for guest, span in spans] if told else [[]] * len(spans)
    if not any(own):
        if not stay.units:
            return [], (first, last)
        if len(stay.units) == 1 or (len(spans) >= len(stay.units) and all(pair == nights[0] for pair in nights)):
            return [(unit, start, end) for start, end in _covered(nights) for unit in stay.units], None
    return _mixed(stay.units, nights, own)


def rooms_slept_in(guests: Iterable[FlowGuest], night: date) -> int:
    """Distinct units that guests sleep in on a night; those of a stay no more than it has guests among these."""
    by_stay: dict[str, tuple[list[str], int]] = {}
    for guest in guests:
        units, count = by_stay.setdefault(guest.stay, ([], 0))
        units += [use.unit for use in guest.rooms if use.first <= night and (use.end is None or night < use.end)]
        by_stay[guest.stay] = units, count + 1
    return len({unit for units, count in by_stay.values() for unit in list(dict.fromkeys(units))[:count]})


def _mixed(
    units: Sequence[str], nights: Sequence[tuple[int, int]], own: Sequence[list[Use]]
) -> tuple[list[Use], tuple[int, int] | None]:
    """Some guests have told their rooms, or are fewer than the units: judged between the days on which anything changes."""
    marks = sorted({mark for pair in nights for mark in pair} | {mark for uses in own for _, *pair in uses for mark in pair})
    found: list[Use] = []
    untold: tuple[int, int] | None = None
    for start, end in pairwise(marks):
        taken: dict[str, None] = {}
        loose = 0
        for (arrival, departure), uses in zip(nights, own, strict=True):
            if not arrival <= start < departure:
                continue
            unit = next((unit for unit, first, last in uses if first <= start < last), None)
            if unit is None:
                loose += 1
            else:
                taken[unit] = None
        left = [unit for unit in units if unit not in taken]
        if loose and not units:
            untold = untold or (start, end)
        found += [(unit, start, end) for unit in (*taken, *left[:loose])]
    return found, untold


def _own(guest: Guest, span: Span) -> list[Use]:
    told = guest.details.rooms if guest.details is not None else ()
    start, end = span.arrival.toordinal(), _end(span)
    kept = ((unit, max(first.toordinal(), start), min(last.toordinal(), end)) for unit, first, last in told)
    return [(unit, first, last) for unit, first, last in kept if first < last]


def _end(span: Span) -> int:
    return NO_END if span.departure is None else span.departure.toordinal()


def _covered(nights: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches with at least one night, without overlaps."""
    start = end = None
    for first, last in sorted(nights):
        if end is None or start is None:
            start, end = first, last
        elif first <= end:
            end = max(end, last)
        else:
            yield start, end
            start, end = first, last
    if start is not None and end is not None:
        yield start, end


def nights_of_units(uses: Iterable[Use], first: date, days: int) -> list[int]:
    """How many distinct units are occupied on each of so many nights."""
    base = first.toordinal()
    steps = [0] * (days + 1)
    by_unit: dict[str, list[tuple[int, int]]] = {}
    for unit, start, end in uses:
        by_unit.setdefault(unit, []).append((start, end))
    for stretches in by_unit.values():
        for start, end in _covered(stretches):
            low, high = max(start - base, 0), min(end - base, days)
            if low < high:
                steps[low] += 1
                steps[high] -= 1
    total = 0
    return [total := total + step for step in steps[:days]]

