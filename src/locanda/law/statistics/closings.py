"""Closed days on end, and how many of a calendar year (spec flussi-turistici 8 and 11.7).

Lombardia wants ninety a year of some properties that are no business (L.R. 27/2015 art. 26 c. 2 b and art. 29 c. 2): which duty
asks for how many stands in the territory files (``counter = { what = "closing_days", ... }``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

__all__ = ["LEAST_CLOSED", "Closing", "ClosingCount", "closing_counts", "closings"]

LEAST_CLOSED = 90
"""Closing days in a calendar year, where the law of Lombardia asks for them."""
_DAY = timedelta(days=1)


class Closing(NamedTuple):
    """Closed days on end within one calendar year; ``year_to_date`` counts those of the year up to ``last``."""

    first: date
    last: date
    year_to_date: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class ClosingCount(NamedTuple):
    """The counter of a calendar year."""

    year: int
    have: int
    need: int

    @property
    def missing(self) -> int:
        return max(self.need - self.have, 0)

    @property
    def satisfied(self) -> bool:
        return self.have >= self.need


def closings(days: Iterable[date]) -> Iterator[Closing]:
    """The stretches of closed days, in order; one that goes over New Year is two, because the counter begins anew."""
    first = last = None
    before = 0
    for day in sorted(set(days)):
        if first is not None and last is not None:
            if day == last + _DAY and day.year == last.year:
                last = day
                continue
            yield (made := _closing(first, last, before))
            before = made.year_to_date if day.year == last.year else 0
        first = last = day
    if first is not None and last is not None:
        yield _closing(first, last, before)


def _closing(first: date, last: date, before: int) -> Closing:
    return Closing(first, last, before + (last - first).days + 1)


def closing_counts(days: Iterable[date], *, need: int = LEAST_CLOSED) -> tuple[ClosingCount, ...]:
    """The counter of every calendar year in which something is closed."""
    have: dict[int, int] = {}
    for day in set(days):
        have[day.year] = have.get(day.year, 0) + 1
    return tuple(ClosingCount(year, number, need) for year, number in sorted(have.items()))
