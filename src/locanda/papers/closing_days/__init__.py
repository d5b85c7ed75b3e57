"""Closing days of a year with their running total against the minimum (L.R. Lombardia 27/2015 art. 26 c. 2 b, 29 c. 2).

A B&B not run as a business tells each closing before it begins, a holiday home not run as a business by the end of the year; both
close on at least ninety days. The sheet is typed from, and kept beside the proof of what was told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.parts import Comune, PropertyOnPaper
from locanda.papers.values import Year

__all__ = ["DATA", "ClosingDays", "ClosingPeriod", "shown"]

_DAY = timedelta(days=1)
_DAYS_MAX = 366


class ClosingPeriod(NamedTuple):
    """Closed from the first to the last day, both included. ``tell_by`` is the last day to tell it, ``told_on`` when it was."""

    first: date
    last: date
    tell_by: date | None = None
    told_on: date | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first) // _DAY + 1

    def faults(self) -> Iterator[Problem]:
        if self.last < self.first:
            yield Problem.of("paper.days.backwards", "last", first=self.first, last=self.last)


class ClosingDays(NamedTuple):
    """The closings of a calendar year, in order. ``told`` is how the duty wants them told."""

    comune: Comune
    property: PropertyOnPaper
    year: Year
    closings: tuple[ClosingPeriod, ...] = ()
    minimum: int = 90
    told: Literal["before", "by_year_end"] | None = None

    def faults(self) -> Iterator[Problem]:
        if not 1 <= self.minimum <= _DAYS_MAX:
            yield Problem.of("paper.closings.minimum", "minimum", minimum=self.minimum)
        for place, one in enumerate(self.closings):
            if (one.first.year, one.last.year) != (self.year, self.year):
                yield Problem.of("paper.closings.year", f"closings[{place}]", year=self.year, first=one.first, last=one.last)
        for place, (before, after) in enumerate(pairwise(self.closings), 1):
            if after.first <= before.last:
                yield Problem.of("paper.closings.order", f"closings[{place}].first", first=after.first, last=before.last)


DATA = ClosingDays


def shown(data: ClosingDays, language: str) -> Mapping[str, Any]:
    """Rows with their running total; the day on which the minimum is reached, or how many days are missing."""
    rows: list[tuple[Any, ...]] = []
    total, reached = 0, None
    for one in data.closings:
        if total < data.minimum <= total + one.days:
            reached = one.first + timedelta(days=data.minimum - total - 1)
        total += one.days
        rows.append((one.first, one.last, one.days, total, one.tell_by or "–", one.told_on or ""))
    return {"rows": rows, "days": total, "missing": max(data.minimum - total, 0), "reached": reached}
