"""The day a child completes a year of age: who is born on 29 February does so on 1 March of a common year (spec imposta 7.2)."""

from __future__ import annotations

from datetime import date

__all__ = ["birthday"]


def birthday(born: date, age: int) -> date:
    """The day on which that age is completed; the night of that day is no longer exempt."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
