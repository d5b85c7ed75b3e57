"""The calendar cut where the rule changes: versions, periods, seasons, months, edges of the windows of caps (spec 6.1, 7.3)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta

from locanda.law.tourist_tax.rules import Condition, TaxVersion, TouristTax, YearSpan

__all__ = ["Cell", "Cells", "every_when", "window_key"]

_DAY = timedelta(days=1)


def every_when(version: TaxVersion) -> Iterator[tuple[Condition, ...]]:
    """The conditions of all rows of a version."""
    for rows in (version.rates, version.caps, version.exemptions, version.reductions, version.doubts):
        for row in rows:
            yield row.when


def window_key(window: str, night: date) -> tuple[object, ...]:
    """Which month, quarter or year a night counts in."""
    match window:
        case "calendar_month":
            return (window, night.year, night.month)
        case "calendar_quarter":
            return (window, night.year, (night.month - 1) // 3)
        case _:
            return (window, night.year)


class Cell:
    """Nights on which nothing of the calendar changes: ``first`` to before ``end``, as ordinals."""

    __slots__ = ("end", "first", "in_period", "keys", "month", "seasons", "verdicts", "version")

    def __init__(self, first: int, end: int, tax: TouristTax, windows: frozenset[str]) -> None:
        self.first, self.end = first, end
        night = date.fromordinal(first)
        version = self.version = tax.version(night)
        self.in_period = version is not None and (not version.periods or any(span.holds(night) for span in version.periods))
        self.seasons = frozenset(
            name for name, spans in (version.seasons if version else ()) if any(span.holds(night) for span in spans)
        )
        self.month = night.month
        self.keys = {window: window_key(window, night) for window in windows}
        self.verdicts: dict[object, object] = {}


class Cells:
    """The cells of a tax, made when a night of theirs is first met."""

    def __init__(self, tax: TouristTax) -> None:
        self._tax = tax
        caps = [cap for version in tax.versions for cap in version.caps if cap.nights is not None]
        self.windows = frozenset(cap.window for cap in caps)
        self._calendar = frozenset(window for window in self.windows if window.startswith("calendar_"))
        months = any(
            condition.key == "months"
            for version in tax.versions for when in every_when(version) for condition in when
        )  # fmt: skip
        monthly = months or "calendar_month" in self.windows
        self._starts = range(1, 13) if monthly else (1, 4, 7, 10) if "calendar_quarter" in self.windows else (1,)
        self._edges: dict[int, list[int]] = {}
        self._by_first: dict[int, Cell] = {}
        self._by_night: dict[int, Cell] = {}

    def at(self, ordinal: int) -> Cell:
        """The cell of a night."""
        cell = self._by_night.get(ordinal)
        return self._make(ordinal) if cell is None else cell

    def _make(self, ordinal: int) -> Cell:
        year = date.fromordinal(ordinal).year
        edges = self._edges.get(year)
        if edges is None:
            edges = self._edges[year] = self._edges_of(year)
        place = bisect_right(edges, ordinal)
        first = edges[place - 1]
        cell = self._by_first.get(first)
        if cell is None:
            cell = self._by_first[first] = Cell(first, edges[place], self._tax, self._calendar)
        self._by_night[ordinal] = cell
        return cell

    def _edges_of(self, year: int) -> list[int]:
        begin, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1
        found = {begin, end, *(date(year, month, 1).toordinal() for month in self._starts)}
        for version in self._tax.versions:
            found |= {version.first.toordinal(), version.last.toordinal() + 1}
            for span in (*version.periods, *(span for _, spans in version.seasons for span in spans)):
                found |= set(_span_edges(span, year))
        return sorted(edge for edge in found if begin <= edge <= end)


def _span_edges(span: YearSpan, year: int) -> Iterator[int]:
    yield _day(year, *span.first).toordinal()
    last = _day(year, *span.last)
    # 29 February as a last day stands for the last of the month
    yield last.toordinal() + (1 if (last.month, last.day) == span.last else 0)


def _day(year: int, month: int, day: int) -> date:
    """A day of a year; one that the year does not have is the next day there is."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28) + _DAY if month == 2 else date(year, month, day - 1) + _DAY
