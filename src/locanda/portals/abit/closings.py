"""Closing days told in advance, and how far they are from the ninety a year (L.R. Lombardia 27/2015; spec flussi-turistici 8).

A B&B not run as a business tells each closing at the latest on the day before it begins (art. 29 c. 2); a holiday home not run
as a business tells them by the end of the year (art. 26 c. 2 b). Both must close on at least ninety days a year. The duties
themselves, with their ids, stand in the territory file; here are the days to type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from locanda.core.stays import Property

__all__ = ["LEAST", "Closing", "ClosingCount", "closing_counts", "closings", "rule_for", "tell_by"]

LEAST = 90
"""Closing days in a calendar year (art. 26 c. 2 b and art. 29 c. 2)."""
_DAY = timedelta(days=1)
_RULES: Mapping[str, str] = {"bb": "LO-BB-01", "cav": "LO-CAV-01"}


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


def closing_counts(days: Iterable[date], *, need: int = LEAST) -> tuple[ClosingCount, ...]:
    """The counter of every calendar year in which something is closed."""
    have: dict[int, int] = {}
    for day in set(days):
        have[day.year] = have.get(day.year, 0) + 1
    return tuple(ClosingCount(year, number, need) for year, number in sorted(have.items()))


def rule_for(home: Property) -> str | None:
    """The duty that asks for closing days of this property; None where none does."""
    return None if home.business else _RULES.get(home.type)


def tell_by(closing: Closing, rule: str | None) -> date | None:
    """The last day on which a closing may still be told in advance; None where no duty asks for it."""
    if rule == "LO-BB-01":
        return closing.first - _DAY
    return date(closing.first.year, 12, 31) if rule == "LO-CAV-01" else None
