"""Figures to type and to compare: calendar, C/59 of days and months, monthly figures, closings (spec flussi-turistici 2.1, 11).

Exact figures, nothing left out, zeros printed. Months that are not whole are figures of the days that were asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta

from locanda.core.problems import Problem
from locanda.law.statistics import Closing, FlowDay, MonthCount, Movement, closings, day_counts, month_counts, total
from locanda.portals.table_words import made, word
from locanda.sheets import Table, Value

__all__ = ["calendar", "closures", "daily", "months", "residences", "state_of"]

_DAY = timedelta(days=1)
_Row = tuple[Value, ...]


def calendar(moved: Movement, language: str = "it") -> Table:
    """Every day with its state and figures (11.1). The total of those present is the presenze."""
    days = moved.days
    states = [state_of(day) for day in days]
    facts = {
        "open": sum(day.open for day in days), "closed": states.count("closed"), "zero": sum(day.is_zero for day in days),
        "unsaid": states.count("unsaid"),
    }  # fmt: skip
    rows = [
        (day.day, word(state, language), day.rooms, day.beds, day.rooms_occupied, day.previous, len(day.arrived),
         len(day.departed), day.present)
        for day, state in zip(days, states, strict=True)
    ]  # fmt: skip
    sums: _Row = (
        None, word("counted_days", language, **facts), *(sum(_number(row[place]) for row in rows) for place in (2, 3, 4)), None,
        *(sum(_number(row[place]) for row in rows) for place in (6, 7, 8)),
    )  # fmt: skip
    return made("calendar", rows, language, sums)


def state_of(day: FlowDay) -> str:
    """``movement``, ``staying``, ``zero`` or ``closed``; ``unsaid`` where nobody said that the house was open.

    Nobody comes and nobody leaves on a ``staying`` day, yet rooms are occupied: for the C/59 a day without movement, for ROSS1000
    no "zero movement" (2.1), so nobody must be led to press that button.
    """
    if not day.open:
        return "closed"
    if not day.is_zero:
        return "movement"
    if day.present:
        return "staying"
    return "zero" if day.declared else "unsaid"


def daily(moved: Movement, language: str = "it", *, quiet: bool = False, totals: bool = True) -> Table:
    """For each day with movement a line for each residence, then their total, which is the calendar's (11.2).

    ``quiet``: also the days on which people only stayed.
    """
    return made("daily", _daily(moved, language, quiet=quiet, totals=totals), language)


def _daily(moved: Movement, language: str, *, quiet: bool, totals: bool) -> Iterator[_Row]:
    for counted in day_counts(moved):
        day = counted.day
        if not (quiet or day.arrived or day.departed):
            continue
        for line in counted.rows:
            name = line.row.it if language == "it" else line.row.en
            yield day.day, line.row.kind, line.row.code, name, line.previous, line.arrived, line.departed, line.present
        if totals:
            sums = (day.previous, len(day.arrived), len(day.departed), day.present)
            yield (day.day, "T", None, word("total", language), *sums)


def months(moved: Movement, language: str = "it") -> Table:
    """Figures and indices of each month, Italians and foreigners apart (2.1, 11.6); the total is of all days together."""
    counted = list(month_counts(moved))
    beds = moved.home.beds
    rows = [_month(month.first.replace(day=1), month, beds) for month in counted]
    whole = _month(word("total", language), total(list(day_counts(moved))), beds)
    remarks = [] if beds else [Problem.of("tables.beds.unknown", "property.beds")]
    return made("months", rows, language, whole, remarks)


def _month(name: Value, month: MonthCount, beds: int | None) -> _Row:
    sides: list[Value] = []
    for kind in ("I", "E"):
        sides += [month.arrivals_of(kind), month.nights_of(kind), month.average_of(kind)]
    return (
        name, month.arrivals, month.departures, month.nights, month.average_stay, *sides, month.days_open, month.zero_days,
        month.days_closed, month.room_nights, month.gross_beds(beds), month.net_beds, month.net_rooms,
    )  # fmt: skip


def residences(moved: Movement, language: str = "it") -> Table:
    """The C/59-M: a line for each residence of each month, then their total."""
    rows: list[_Row] = []
    for month in month_counts(moved):
        name = month.first.replace(day=1)
        for line in month.rows:
            where = line.row.it if language == "it" else line.row.en
            figures = (line.previous, line.arrived, line.departed, line.present, line.nights)
            rows.append((name, line.row.kind, line.row.code, where, *figures))
        sums = (month.previous, month.arrivals, month.departures, month.present, month.nights)
        rows.append((name, "T", None, word("total", language), *sums))
    return made("residences", rows, language)


def closures(
    moved: Movement, language: str = "it", *, need: int | None = None, closed: Collection[date] | None = None,
    tell_by: Callable[[Closing], date | None] | None = None,
) -> Table:  # fmt: skip
    """Closed stretches, the running total of the year, and how far it is from the minimum ``need``, where one applies (11.7).

    ``closed`` are closed days of the same years beyond those of the movement: without them a part of a year is told as a part.
    """
    shut = {day.day for day in moved.days if not day.open} | {day for day in closed or () if not moved.first <= day <= moved.last}
    rows: list[_Row] = []
    for one in closings(shut):
        by = tell_by(one) if tell_by is not None else None
        rows.append((one.first, one.last, one.days, one.year_to_date, by, need, _lacking(need, one.year_to_date)))
    years = {moved.first.year, moved.last.year, *(day.year for day in shut)}
    only = len(shut) if len(years) == 1 else None
    lack = None if only is None else _lacking(need, only)
    sums: _Row = (None, None, len(shut), only, None, need if only is not None else None, lack)
    remarks = []
    if closed is None and (moved.first, moved.last + _DAY) != (date(moved.first.year, 1, 1), date(moved.last.year + 1, 1, 1)):
        remarks.append(Problem.of("tables.closings.part", "from", first=moved.first, last=moved.last))
    return made("closures", rows, language, sums, remarks)


def _lacking(need: int | None, have: int) -> int | None:
    return None if need is None else max(need - have, 0)


def _number(cell: Value) -> int:
    return cell if isinstance(cell, int) else 0
