"""Periods that returns and payments are about, written as ``interfaces.md`` does: ``2026-06``, ``2026-Q1``, ``2026``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

__all__ = ["PERIODS", "Period", "days_of", "months_later", "parse_period", "period_of", "periods"]

PERIODS = {"month": 1, "quarter": 3, "four_months": 4, "half_year": 6, "year": 12}
"""How many months each kind lasts."""

_LETTERS = {"quarter": "Q", "four_months": "T", "half_year": "H"}
_SHAPE = re.compile(r"([0-9]{4})(?:-(?:([QTH])([1-4])|([0-9]{2})))?", re.ASCII)


class Period(NamedTuple):
    """A calendar month, quarter, four months, half year or year; ``number`` counts from 1 within the year."""

    kind: str
    year: int
    number: int = 1

    @property
    def label(self) -> str:
        """As ``interfaces.md`` writes it; four months are ``2026-T1``, half years ``2026-H1``."""
        if self.kind == "year":
            return f"{self.year:04}"
        if self.kind == "month":
            return f"{self.year:04}-{self.number:02}"
        return f"{self.year:04}-{_LETTERS[self.kind]}{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * PERIODS[self.kind] + 1, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Period:
        if self.number * PERIODS[self.kind] == 12:
            return Period(self.kind, self.year + 1, 1)
        return Period(self.kind, self.year, self.number + 1)


@lru_cache(maxsize=1024)
def days_of(period: Period) -> frozenset[date]:
    """All days of a period."""
    return frozenset(period.first + timedelta(days=step) for step in range((period.next.first - period.first).days))


def period_of(kind: str, day: date) -> Period:
    """The period of that kind in which the day lies."""
    return Period(kind, day.year, (day.month - 1) // PERIODS[kind] + 1)


def periods(kind: str, first: date, last: date) -> Iterator[Period]:
    """The periods of that kind that share a day with the stretch."""
    period = period_of(kind, first)
    while period.first <= last:
        yield period
        period = period.next


def parse_period(text: str) -> Period:
    """``2026``, ``2026-Q1`` or ``2026-06``; ValueError when it is none of these."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError(f"{text!r} is no period such as 2026, 2026-Q1 or 2026-06")
    year, letter, part, month = shape.groups()
    kind = next((kind for kind, mark in _LETTERS.items() if mark == letter), "month" if month else "year")
    number = int(part or month or 1)
    if not 1 <= number <= 12 // PERIODS[kind]:
        raise ValueError(f"{text!r}: there is no such part of a year")
    return Period(kind, int(year), number)


def months_later(day: date, months: int) -> date:
    """The same day so many months on; where it does not exist, the last day of the month (civil code art. 2963).

    Beyond the first or the last day that can be written it is that day.
    """
    years, month = divmod(day.month - 1 + months, 12)
    if not date.min.year <= day.year + years <= date.max.year:
        return date.min if months < 0 else date.max
    first = date(day.year + years, month + 1, 1)
    last = Period("month", first.year, first.month).last
    return first.replace(day=min(day.day, last.day))
