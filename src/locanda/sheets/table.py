"""The value of a table: a title, columns of a kind, rows, a line of totals, and what to know about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from locanda.core.problems import Problem

__all__ = ["Column", "Kind", "Table", "Value"]

Kind = Literal["text", "code", "number", "decimal", "money", "day", "month", "flag"]
"""``code`` is text of digits that must keep its zeros (014), ``decimal`` a fraction, ``money`` integer cents, ``month`` the first
day of it."""
Value = str | int | Fraction | date | bool | None
"""None is an empty cell: not known, or not asked on this line. Zero is written."""


class Column(NamedTuple):
    """A column: our name of it, the words above it, what its cells are, and the decimals of a ``decimal``."""

    key: str
    title: str
    kind: Kind = "text"
    places: int = 2


@dataclass(frozen=True)
class Table:
    """Rows under columns. ``remarks`` say what was assumed, or why the table is empty, and travel with it."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None
    language: str = "it"
    """In which titles are written, and ``flag`` and remarks will be."""
    remarks: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        lines = self.rows if self.total is None else (*self.rows, self.total)
        for line in lines:
            if len(line) != len(self.columns):
                raise ValueError(f"{self.key}: {len(line)} cells under {len(self.columns)} columns")

    def only(self, *keys: str) -> Table:
        """The same table with these columns alone, in this order."""
        places = [self._place(key) for key in keys]
        return replace(
            self,
            columns=tuple(self.columns[place] for place in places),
            rows=tuple(tuple(row[place] for place in places) for row in self.rows),
            total=None if self.total is None else tuple(self.total[place] for place in places),
        )

    def where(self, key: str, wanted: Callable[[Value], bool]) -> Table:
        """The same table with those rows alone whose cell in this column is wanted; the totals are no longer theirs."""
        place = self._place(key)
        return replace(self, rows=tuple(row for row in self.rows if wanted(row[place])), total=None)

    def column(self, key: str) -> tuple[Value, ...]:
        """The cells of a column, without the total."""
        place = self._place(key)
        return tuple(row[place] for row in self.rows)

    def _place(self, key: str) -> int:
        return next(place for place, column in enumerate(self.columns) if column.key == key)
