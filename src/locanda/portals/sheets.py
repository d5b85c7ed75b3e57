"""Sheets for typing by hand: titled tables in one text, for portals that take no file (spec flussi-turistici 11).

They are the tables that also become CSV and workbooks (:func:`section_of`), here with days and amounts as programs exchange them,
so that a sheet can be read back and checked. Lines end with CR LF, cells are parted by semicolons, UTF-8 with a mark at the
beginning so that spreadsheets in Italy show it well. A table begins with its title alone in brackets, then its head::

    ABIT;La Baita;2027-03-01;2027-03-31
    [Calendario]
    Giorno;Stato;Camere disponibili;...
    2027-03-01;zero;3;...
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.core.time import iso_day
from locanda.sheets import Table
from locanda.sheets.cells import plain

__all__ = ["Section", "Sheet", "cells", "decode_sheet", "encode_sheet", "section_of"]

_TITLE = re.compile(r"\[([^\[\]\r\n;]+)\]")


class Section(NamedTuple):
    """A table with its title; every row has as many cells as the head, and at least two."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Sheet(NamedTuple):
    """What is printed for one property and one period. ``mark`` says for which portal."""

    mark: str
    name: str
    first: date
    last: date
    sections: tuple[Section, ...]

    def section(self, title: str) -> Section | None:
        """The table of that title."""
        return next((section for section in self.sections if section.title == title), None)


def encode_sheet(sheet: Sheet) -> bytes:
    """The text of a sheet."""
    into = io.StringIO()
    writer = csv.writer(into, delimiter=";", lineterminator="\r\n")
    writer.writerow((sheet.mark, " ".join(sheet.name.split()), sheet.first.isoformat(), sheet.last.isoformat()))
    for section in sheet.sections:
        into.write(f"[{section.title}]\r\n")
        writer.writerow(section.head)
        writer.writerows(section.rows)
    return into.getvalue().encode("utf-8-sig")


def decode_sheet(data: bytes, mark: str) -> Sheet | Problem:
    """The tables of a sheet, or why it is none."""
    try:
        text = data.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    except (UnicodeDecodeError, csv.Error):
        return Problem.of("sheet.unreadable", "", mark=mark)
    head = lines[0] if lines else []
    first, last = (iso_day(cell) for cell in head[2:4]) if len(head) == 4 else (None, None)
    if len(head) != 4 or head[0] != mark or first is None or last is None:
        return Problem.of("sheet.other", "", mark=mark)
    sections: list[Section] = []
    number = 1
    while number < len(lines):
        title = _TITLE.fullmatch(lines[number][0]) if len(lines[number]) == 1 else None
        if title is None or number + 1 == len(lines):
            return Problem.of("sheet.line.odd", f"righe[{number + 1}]", line=number + 1)
        columns = tuple(lines[number + 1])
        rows: list[tuple[str, ...]] = []
        number += 2
        while number < len(lines) and not (len(lines[number]) == 1 and _TITLE.fullmatch(lines[number][0])):
            if len(lines[number]) != len(columns) or len(columns) < 2:
                return Problem.of("sheet.line.odd", f"righe[{number + 1}]", line=number + 1)
            rows.append(tuple(lines[number]))
            number += 1
        sections.append(Section(title[1], columns, tuple(rows)))
    return Sheet(mark, head[1], first, last, tuple(sections))


def section_of(table: Table, title: str | None = None) -> Section:
    """The rows of a table as a section, without their total: the sheet is checked by adding them up."""
    rows = (
        tuple(plain(cell, column, table.language) for cell, column in zip(row, table.columns, strict=True)) for row in table.rows
    )
    return Section(title or table.title, tuple(column.title for column in table.columns), tuple(rows))


def cells(*values: object) -> tuple[str, ...]:
    """Values as cells: nothing for None."""
    return tuple("" if value is None else str(value) for value in values)
