"""The C/59 as a format of the house: written from a movement, read back, checked (spec flussi-turistici 2.2, 5, 11)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.core.time import iso_day
from locanda.law.statistics import DayCount, MonthCount, Movement, RowCount, day_counts, month_counts
from locanda.portals.c59.rules import judge
from locanda.portals.c59.table import DAY_HEAD, MARK, MONTH_HEAD, STATES, Day, Line, Month, Sheet, encode
from locanda.portals.flows import Read, Report, Written

__all__ = ["check", "encode", "read", "write"]

_NUMBER = re.compile(r"[0-9]{1,7}", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
_OPENINGS = re.compile(r"([0-9]{1,2}) / ([0-9]{1,2}) / ([0-9]{1,2})", re.ASCII)


# writing ----------------------------------------------------------------------------------------------------------------------


def write(movement: Movement) -> Written:
    """The sheet of a movement; it needs no fact but the residence."""
    days = tuple(_day(counted) for counted in day_counts(movement))
    months = tuple(_month(counted) for counted in month_counts(movement))
    home = movement.home
    return Written(encode(Sheet(" ".join((home.name or home.id).split()), movement.first, movement.last, days, months)))


def _day(counted: DayCount) -> Day:
    day = counted.day
    total = _total(day.previous, len(day.arrived), len(day.departed), day.present, day.present)
    state = "chiuso" if not day.open else "zero" if day.is_zero else "movimento"
    return Day(day.day, state, total, day.rooms_occupied, day.rooms, day.beds, tuple(map(_line, counted.rows)))


def _month(counted: MonthCount) -> Month:
    total = _total(counted.previous, counted.arrivals, counted.departures, counted.present, counted.nights)
    return Month(
        f"{counted.first:%Y-%m}", counted.days_open, counted.zero_days, counted.days_closed, total, counted.room_nights,
        tuple(map(_line, counted.rows)),
    )  # fmt: skip


def _line(row: RowCount) -> Line:
    arrived, name = row.previous + row.arrived, row.row.it
    return Line(row.row.kind, row.row.code, name, row.previous, row.arrived, arrived, row.departed, row.present, row.nights)


def _total(previous: int, arrived: int, departed: int, present: int, nights: int) -> Line:
    return Line("T", "", "Totale", previous, arrived, previous + arrived, departed, present, nights)


# reading ----------------------------------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """A line of the text: its number and its cells."""

    number: int
    cells: tuple[str, ...]

    @property
    def where(self) -> str:
        return f"line[{self.number}]"


def read(data: bytes) -> Read:
    """The sheet in a text; None with problems where it is none."""
    found: list[Problem] = []
    try:
        text = data.decode("utf-8-sig")
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        rows = [_Row(number, tuple(row)) for number, row in enumerate(lines, 1)]
    except (UnicodeDecodeError, csv.Error):
        return Read(None, (Problem("c59.file.unreadable"),))
    if not rows or len(rows[0].cells) != 4 or rows[0].cells[0] != MARK:
        return Read(None, (Problem("c59.head.missing", "line[1]"),))
    first, last = (_date(cell, rows[0].where, found) for cell in rows[0].cells[2:])
    days: list[Day] = []
    months: list[Month] = []
    part = None
    for row in rows[1:]:
        if row.cells in (DAY_HEAD, MONTH_HEAD):
            part = row.cells
        elif len(row.cells) != len(DAY_HEAD) or part is None:
            found.append(Problem.of("c59.line.columns", row.where, count=len(row.cells), wanted=len(DAY_HEAD)))
        elif part == DAY_HEAD:
            _read_day(row, days, found)
        else:
            _read_month(row, months, found)
    if first is None or last is None or found:
        return Read(None, tuple(found))
    return Read(Sheet(rows[0].cells[1], first, last, tuple(days), tuple(months)), ())


def _read_day(row: _Row, days: list[Day], found: list[Problem]) -> None:
    day = _date(row.cells[0], row.where, found)
    state = row.cells[1]
    if state not in STATES:
        found.append(Problem.of("c59.state.unknown", row.where, value=state, allowed=", ".join(STATES)))
    numbers = _numbers(row, row.cells[5:10], found)
    if row.cells[2] == "T":
        house = _numbers(row, row.cells[10:13], found)
        if day is not None and numbers is not None and house is not None:
            occupied, rooms, beds = house
            days.append(Day(day, state, _made(row, numbers, numbers[4]), occupied, rooms, beds, ()))
    elif numbers is not None and day is not None:
        if not days or (days[-1].day, days[-1].state) != (day, state) or row.cells[2] not in ("I", "E"):
            found.append(Problem("c59.line.lost", row.where))
        else:
            days[-1] = days[-1]._replace(lines=(*days[-1].lines, _made(row, numbers, numbers[4])))


def _read_month(row: _Row, months: list[Month], found: list[Problem]) -> None:
    month, openings = row.cells[0], _OPENINGS.fullmatch(row.cells[1])
    if not _MONTH.fullmatch(month) or openings is None:
        found.append(Problem.of("c59.month.unreadable", row.where, value=month))
        return
    numbers = _numbers(row, row.cells[5:11], found)
    if row.cells[2] == "T":
        nights = _numbers(row, row.cells[11:12], found)
        if numbers is not None and nights is not None:
            is_open, zero, closed = map(int, openings.groups())
            months.append(Month(month, is_open, zero, closed, _made(row, numbers[:5], numbers[5]), nights[0], ()))
    elif numbers is not None:
        if not months or months[-1].month != month or row.cells[2] not in ("I", "E"):
            found.append(Problem("c59.line.lost", row.where))
        else:
            months[-1] = months[-1]._replace(lines=(*months[-1].lines, _made(row, numbers[:5], numbers[5])))


def _made(row: _Row, numbers: Sequence[int], nights: int) -> Line:
    previous, arrived, both, departed, present = numbers
    return Line(row.cells[2], row.cells[3], row.cells[4], previous, arrived, both, departed, present, nights)


def _numbers(row: _Row, cells: Sequence[str], found: list[Problem]) -> list[int] | None:
    """Whole numbers, none of them negative."""
    bad = [cell for cell in cells if not _NUMBER.fullmatch(cell)]
    found += [Problem.of("c59.number.expected", row.where, value=cell[:20]) for cell in bad]
    return None if bad else [int(cell) for cell in cells]


def _date(cell: str, where: str, found: list[Problem]) -> date | None:
    day = iso_day(cell)
    if day is None:
        found.append(Problem.of("c59.day.unreadable", where, value=cell[:20]))
    return day


def check(data: bytes) -> Report:
    """The six identities of spec 2.2, on every line and in total."""
    values, problems = read(data)
    if values is None:
        return Report(0, 0, 0, problems)
    sheet: Sheet = values
    wrong, warnings = judge(sheet)
    arrivals = sum(day.total.arrived for day in sheet.days)
    return Report(len(sheet.days), arrivals, sum(day.total.departed for day in sheet.days), tuple(wrong), tuple(warnings))
