"""How many people came, left and slept each day, whatever else is missing of them (spec flussi-turistici 2.2).

What a screen can still say when a residence or a room is not known: the same heads that the statistics count, without rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from locanda.core.stays import Stay
from locanda.law.statistics.counted import not_counted
from locanda.law.statistics.spans import span_of, stay_span

__all__ = ["HeadCount", "head_counts"]


class HeadCount(NamedTuple):
    """People of one day: who slept there the night before, came, left, sleeps there."""

    day: date
    previous: int
    arrived: int
    departed: int
    present: int


def head_counts(stays: Iterable[Stay | None], first: date, last: date) -> tuple[HeadCount, ...]:
    """The heads of every day; a stay whose days make no sense counts nobody."""
    days = (last - first).days + 1
    came, left = [0] * days, [0] * days
    previous = 0
    for stay in stays:
        whole = None if stay is None else stay_span(stay, [])
        for guest in stay.guests if stay is not None and whole is not None else ():
            if not_counted(guest):
                continue
            span = span_of(stay, guest, whole, "", [])  # type: ignore[arg-type]
            if span is None or span.arrival == span.departure or span.arrival > last:
                continue
            if span.departure is not None and span.departure < first:
                continue
            if span.arrival < first:
                previous += 1
            else:
                came[(span.arrival - first).days] += 1
            if span.departure is not None and span.departure <= last:
                left[(span.departure - first).days] += 1
    found = []
    for place in range(days):
        present = previous + came[place] - left[place]
        found.append(HeadCount(first + timedelta(days=place), previous, came[place], left[place], present))
        previous = present
    return tuple(found)
