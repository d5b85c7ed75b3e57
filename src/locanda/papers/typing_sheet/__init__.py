"""The sheet for typing by hand: the tables of a property and a period, in the order of the portal's screens (spec flussi 11).

For portals that take no file, and for every other on the day on which its import does not work. The figures come ready: here they
are only set, whole, with heads on every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.parts import Comune, PropertyOnPaper
from locanda.papers.values import Label, TableCell

__all__ = ["DATA", "TableOnPaper", "TypingSheet", "shown"]

_HEAD_MAX = 13
_CELL_MAX = 26


class TableOnPaper(NamedTuple):
    """A table in words. ``numbers`` are the places of columns that stand on the right, from 0."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...] = ()
    total: tuple[TableCell, ...] = ()
    numbers: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()

    def faults(self) -> Iterator[Problem]:
        wide = len(self.columns)
        for index, row in enumerate(self.rows):
            if len(row) != wide:
                yield Problem.of("paper.table.width", f"rows[{index}]", cells=len(row), columns=wide)
        if self.total and len(self.total) != wide:
            yield Problem.of("paper.table.width", "total", cells=len(self.total), columns=wide)
        for index, place in enumerate(self.numbers):
            if place >= wide:
                yield Problem.of("paper.table.column", f"numbers[{index}]", place=place, columns=wide)


class TypingSheet(NamedTuple):
    """What is typed, where, for which days. ``code`` is the property's code at that portal."""

    comune: Comune
    property: PropertyOnPaper
    portal: str
    first: date
    last: date
    tables: tuple[TableOnPaper, ...]
    code: Label | None = None

    def faults(self) -> Iterator[Problem]:
        if self.last < self.first:
            yield Problem.of("paper.days.backwards", "last", first=self.first, last=self.last)


DATA = TypingSheet


def shown(data: TypingSheet, language: str) -> Mapping[str, Any]:
    """The widths of the columns, by the longest word in each."""
    return {"tables": [{**table._asdict(), "widths": _widths(table)} for table in data.tables]}


def _widths(table: TableOnPaper) -> list[int]:
    lines = [*table.rows, *([table.total] if table.total else [])]
    return [
        max(min(_longest(head.split()) + 1, _HEAD_MAX), min(_longest(line[place] for line in lines), _CELL_MAX), 4)
        for place, head in enumerate(table.columns)
    ]


def _longest(texts: Iterable[str]) -> int:
    """In letters; capitals are wider."""
    return max((len(text) + sum(letter.isupper() for letter in text) // 3 for text in texts), default=0)
