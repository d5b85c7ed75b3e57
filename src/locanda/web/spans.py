"""Months, days and years in an address: ``2026-07``, ``2026-07-10``, ``2026``. What is none is no page."""

from __future__ import annotations

from datetime import date

from locanda.law.periods import Period, parse_period

__all__ = ["SpanOfDay", "SpanOfMonth", "SpanOfYear"]

_FIRST, _LAST = 2000, 2100


class SpanOfMonth:
    """A month."""

    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> Period:
        month = parse_period(value)
        _between(month.year)
        return month

    def to_url(self, value: Period | str) -> str:
        return value if isinstance(value, str) else value.label


class SpanOfDay:
    """A day."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        day = date.fromisoformat(value)
        _between(day.year)
        return day

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


class SpanOfYear:
    """A year."""

    regex = r"[0-9]{4}"

    def to_python(self, value: str) -> int:
        _between(int(value))
        return int(value)

    def to_url(self, value: int | str) -> str:
        return str(value)


def _between(year: int) -> None:
    if not _FIRST <= year <= _LAST:
        raise ValueError(year)
