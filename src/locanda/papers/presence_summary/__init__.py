"""Our own yearly summary of presences, to stand beside the report of the regional system (spec imposta 9.2, 2.5; SPOT in Puglia).

The nights of the ledger, those told to the police and those of the regional system are matched by others (DL 34/2019 art.
13-quater): a month in which they differ is printed with its explanation, or is a problem; so is each guest about whom they
differ. No name is printed: the comune looks a guest up by the nights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.parts import Comune, Operator, PropertyOnPaper
from locanda.papers.presences import Exempted, every_period, exempt_by_code, period_faults, presence_faults, zero_notes
from locanda.papers.values import Period, Year

__all__ = ["DATA", "GuestDifference", "MonthSummary", "PresenceSummary", "PropertySummary", "notes", "shown"]

_COLUMNS = ("arrivals", "presences", "taxed", "reduced", "", "beyond_cap", "out_of_period", "collected_by_portal")


class MonthSummary(NamedTuple):
    """A month of a property. ``police`` and ``regional`` are what the other two count, where it is known."""

    period: Period
    arrivals: int
    presences: int
    taxed: int
    reduced: int = 0
    exempt: tuple[Exempted, ...] = ()
    beyond_cap: int = 0
    out_of_period: int = 0
    collected_by_portal: int = 0
    police: int | None = None
    regional: int | None = None
    difference: str | None = None

    @property
    def differs(self) -> bool:
        return any(other is not None and other != self.presences for other in (self.police, self.regional))

    def faults(self) -> Iterator[Problem]:
        yield from presence_faults(self)
        if "Q" in self.period:
            yield Problem.of("paper.period.month", "period", value=self.period)
        if self.differs and not self.difference:
            yield Problem.of("paper.summary.unexplained", "difference", period=self.period)


class GuestDifference(NamedTuple):
    """A guest about whom the sources differ, by the nights that differ; counts are guest-nights of the year."""

    first: date
    last: date
    tax: int
    police: int
    statistics: int | None = None
    reason: str | None = None

    def faults(self) -> Iterator[Problem]:
        if not self.reason:
            yield Problem.of("paper.summary.guest", "reason", first=self.first, last=self.last)


class PropertySummary(NamedTuple):
    """The year of one property."""

    property: PropertyOnPaper
    months: tuple[MonthSummary, ...]
    guests: tuple[GuestDifference, ...] = ()


class PresenceSummary(NamedTuple):
    """The year of an operator."""

    comune: Comune
    year: Year
    operator: Operator
    properties: tuple[PropertySummary, ...]

    def faults(self) -> Iterator[Problem]:
        for index, entry in enumerate(self.properties):
            yield from period_faults(entry.months, self.year, f"properties[{index}].months")


DATA = PresenceSummary


def notes(data: PresenceSummary, on: date) -> Iterator[Problem]:
    """Months nobody spoke of."""
    for index, entry in enumerate(data.properties):
        yield from zero_notes(entry.months, data.year, f"properties[{index}].months")


def shown(data: PresenceSummary, language: str) -> Mapping[str, Any]:
    """Twelve rows for each property, their sums, and the months that differ."""
    return {"tables": [_table(entry, data.year) for entry in data.properties]}


def _table(entry: PropertySummary, year: int) -> Mapping[str, Any]:
    months = [(period, row) for period, row in every_period(entry.months, year)]
    return {
        "property": entry.property,
        "rows": [_line(period.titled, [] if row is None else [row]) for period, row in months],
        "total": _line("Totale", entry.months),
        "exempt": exempt_by_code(entry.months),
        "differences": [
            {
                "month": period.titled, "presences": row.presences, "reason": row.difference,
                "police": "–" if row.police is None else row.police, "regional": "–" if row.regional is None else row.regional,
            }
            for period, row in months if row is not None and row.differs
        ],
        "guests": [
            [
                f"{one.first:%d/%m/%Y} – {one.last:%d/%m/%Y}" if one.last != one.first else f"{one.first:%d/%m/%Y}", one.tax,
                one.police, "–" if one.statistics is None else one.statistics, one.reason,
            ]
            for one in entry.guests
        ],
    }  # fmt: skip


def _line(title: str, rows: Any) -> list[Any]:
    counts = [
        sum(getattr(row, name) for row in rows) if name else sum(part.presences for row in rows for part in row.exempt)
        for name in _COLUMNS
    ]
    return [title, *counts, _known(rows, "police"), _known(rows, "regional")]


def _known(rows: Any, name: str) -> int | str:
    """A sum only where every month has the figure: part of a year is not the year."""
    values = [getattr(row, name) for row in rows]
    return "–" if not values or None in values else sum(values)
