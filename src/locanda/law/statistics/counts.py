"""The C/59 of each day and the figures of each month (spec flussi-turistici 2.1, 2.2, 5).

For every row of residence and in total: who slept there the night before, arrived, left, sleeps there. What belongs to a row is
the caller's choice (``row_of``), because some portals count by codes of their own; the rows of ISTAT are the default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from locanda.law.periods import period_of
from locanda.law.statistics.residences import ResidenceRow
from locanda.law.statistics.values import FlowDay, FlowGuest, Movement

__all__ = ["DayCount", "MonthCount", "RowCount", "c59_row", "day_counts", "month_counts", "total"]

_RowOf = Callable[[FlowGuest], ResidenceRow]


class RowCount(NamedTuple):
    """One line: of a day, or of a month with ``nights`` as the sum of those present."""

    row: ResidenceRow
    previous: int
    arrived: int
    departed: int
    present: int
    nights: int


class DayCount(NamedTuple):
    """A day with its lines, in the order of the forms; lines with nothing in any column are left out."""

    day: FlowDay
    rows: tuple[RowCount, ...]


class MonthCount(NamedTuple):
    """The figures of a month, or of the part of it that was asked for, with a line for each residence."""

    first: date
    last: date
    previous: int
    arrivals: int
    departures: int
    present: int
    """Who sleeps there in the night after the last day."""
    nights: int
    """Presenze: the sum of those present each night."""
    room_nights: int
    days_open: int
    days_closed: int
    zero_days: int
    offered_rooms: int
    """Sum over open days; so is the next."""
    offered_beds: int
    rows: tuple[RowCount, ...]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def arrivals_of(self, kind: str) -> int:
        """Arrivals of people who live in Italy (``I``) or abroad (``E``)."""
        return sum(line.arrived for line in self.rows if line.row.kind == kind)

    def nights_of(self, kind: str) -> int:
        """Presenze of people who live in Italy (``I``) or abroad (``E``)."""
        return sum(line.nights for line in self.rows if line.row.kind == kind)

    def average_of(self, kind: str) -> Fraction | None:
        """The average stay of one or the other; None without arrivals."""
        arrivals = self.arrivals_of(kind)
        return Fraction(self.nights_of(kind), arrivals) if arrivals else None

    @property
    def average_stay(self) -> Fraction | None:
        """Presenze by arrivals; None without arrivals."""
        return Fraction(self.nights, self.arrivals) if self.arrivals else None

    def gross_beds(self, beds: int | None) -> Fraction | None:
        """Percent of beds by calendar days; None where the beds of the property are not known."""
        return Fraction(100 * self.nights, beds * self.days) if beds else None

    @property
    def net_beds(self) -> Fraction | None:
        """Percent of the beds on offer on open days."""
        return Fraction(100 * self.nights, self.offered_beds) if self.offered_beds else None

    @property
    def net_rooms(self) -> Fraction | None:
        """Percent of the rooms on offer on open days."""
        return Fraction(100 * self.room_nights, self.offered_rooms) if self.offered_rooms else None


def c59_row(guest: FlowGuest) -> ResidenceRow:
    """The row of ISTAT: the province in Italy, the code of MOV/C abroad."""
    return guest.residence.row


def day_counts(moved: Movement, row_of: _RowOf = c59_row) -> Iterator[DayCount]:
    """The days in order, each with its lines."""
    rows: dict[int, ResidenceRow] = {}
    present: dict[int, int] = {}
    for guest in moved.guests:
        if guest.arrival < moved.first:
            row = row_of(guest)
            rows[row.order] = row
            present[row.order] = present.get(row.order, 0) + 1
    for entry in moved.days:
        arrived: dict[int, int] = {}
        departed: dict[int, int] = {}
        for guests, into in ((entry.arrived, arrived), (entry.departed, departed)):
            for guest in guests:
                row = row_of(guest)
                rows[row.order] = row
                into[row.order] = into.get(row.order, 0) + 1
        lines = []
        for order in sorted({*present, *arrived, *departed} if arrived or departed else present):
            before, come, gone = present.get(order, 0), arrived.get(order, 0), departed.get(order, 0)
            now = before + come - gone
            lines.append(RowCount(rows[order], before, come, gone, now, now))
            if now:
                present[order] = now
            else:
                present.pop(order, None)
        yield DayCount(entry, tuple(lines))


def month_counts(moved: Movement, row_of: _RowOf = c59_row) -> Iterator[MonthCount]:
    """The months in order; the first and the last may be parts."""
    gathered: list[DayCount] = []
    for counted in day_counts(moved, row_of):
        if gathered and period_of("month", gathered[0].day.day) != period_of("month", counted.day.day):
            yield total(gathered)
            gathered = []
        gathered.append(counted)
    yield total(gathered)


def total(days: list[DayCount]) -> MonthCount:
    """The figures of consecutive days."""
    entries = [counted.day for counted in days]
    is_open = [entry for entry in entries if entry.open]
    lines: dict[int, RowCount] = {}
    for counted in days:
        for line in counted.rows:
            known = lines.get(line.row.order)
            if known is None:  # whoever was not there the day before the line began was not there on the first day either
                lines[line.row.order] = line
            else:
                lines[line.row.order] = RowCount(
                    line.row, known.previous, known.arrived + line.arrived, known.departed + line.departed, line.present,
                    known.nights + line.nights,
                )  # fmt: skip
    return MonthCount(
        entries[0].day, entries[-1].day, entries[0].previous, sum(len(entry.arrived) for entry in entries),
        sum(len(entry.departed) for entry in entries), entries[-1].present, sum(entry.present for entry in entries),
        sum(entry.rooms_occupied for entry in entries), len(is_open), len(entries) - len(is_open),
        sum(entry.is_zero for entry in entries), sum(entry.rooms for entry in is_open), sum(entry.beds for entry in is_open),
        tuple(lines[order] for order in sorted(lines)),
    )  # fmt: skip
