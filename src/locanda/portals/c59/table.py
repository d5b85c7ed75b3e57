"""The sheet as values and as text (spec flussi-turistici 5 and 11).

A text of lines that end with CR LF, columns parted by semicolons, UTF-8 with a mark at the beginning so that spreadsheets in
Italy show it well. What it holds is the C/59 of ISTAT; that it is such a text is our choice: no authority publishes one. First a
line about the sheet, then for each day its total and a line for each residence, then the same for each month::

    C/59;La Locanda;2027-03-01;2027-03-31
    Giorno;Stato;Riga;Codice;Residenza;Notte precedente;Arrivati;Totale;Partiti;Presenti;Camere occupate;...
    2027-03-01;zero;T;;Totale;2;0;2;0;2;1;2;4
    2027-03-01;zero;I;014;Sondrio;1;0;1;0;1;;;
    ...
    Mese;...

The five counters stand in the order of the C/59-G: previous night, arrived, the sum of both, departed, present.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

__all__ = ["DAY_HEAD", "MARK", "MONTH_HEAD", "STATES", "Day", "Line", "Month", "Sheet", "encode"]

MARK = "C/59"
STATES = ("movimento", "zero", "chiuso")
DAY_HEAD = (
    "Giorno", "Stato", "Riga", "Codice", "Residenza", "Notte precedente", "Arrivati", "Totale", "Partiti", "Presenti",
    "Camere occupate", "Camere disponibili", "Letti disponibili",
)  # fmt: skip
MONTH_HEAD = (
    "Mese", "Giorni aperti / zero / chiusi", "Riga", "Codice", "Residenza", "Notte precedente", "Arrivi", "Totale", "Partenze",
    "Presenti ultima notte", "Presenze", "Giornate camera", "",
)  # fmt: skip


class Line(NamedTuple):
    """A line of residence, or the total (``T``). ``nights`` are the presenze of a month; of a day, those present."""

    kind: str
    code: str
    name: str
    previous: int
    arrived: int
    sum: int
    departed: int
    present: int
    nights: int


class Day(NamedTuple):
    """The sheet of a day."""

    day: date
    state: str
    total: Line
    occupied: int
    rooms: int
    beds: int
    lines: tuple[Line, ...]


class Month(NamedTuple):
    """The figures of a month, or of the part of it that the sheet covers."""

    month: str
    days_open: int
    days_zero: int
    days_closed: int
    total: Line
    room_nights: int
    lines: tuple[Line, ...]


class Sheet(NamedTuple):
    """The whole text."""

    name: str
    first: date
    last: date
    days: tuple[Day, ...]
    months: tuple[Month, ...]


def encode(sheet: Sheet) -> bytes:
    """The text of a sheet."""
    into = io.StringIO(newline="")
    writer = csv.writer(into, delimiter=";", lineterminator="\r\n")
    writer.writerow((MARK, sheet.name, sheet.first.isoformat(), sheet.last.isoformat()))
    writer.writerow(DAY_HEAD)
    for day in sheet.days:
        writer.writerows(_day(day))
    writer.writerow(MONTH_HEAD)
    for month in sheet.months:
        writer.writerows(_month(month))
    return into.getvalue().encode("utf-8-sig")


def _day(day: Day) -> Iterator[tuple[object, ...]]:
    head = (day.day.isoformat(), day.state)
    yield (*head, *day.total[:8], day.occupied, day.rooms, day.beds)
    for line in day.lines:
        yield (*head, *line[:8], "", "", "")


def _month(month: Month) -> Iterator[tuple[object, ...]]:
    head = (month.month, f"{month.days_open} / {month.days_zero} / {month.days_closed}")
    yield (*head, *month.total, month.room_nights, "")
    for line in month.lines:
        yield (*head, *line, "", "")
