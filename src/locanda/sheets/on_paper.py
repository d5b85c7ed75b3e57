"""A table in words, for whoever prints it: papers take plain values, as JSON has them."""

from __future__ import annotations

from typing import Any

from locanda.sheets.cells import written
from locanda.sheets.table import Table

__all__ = ["for_paper"]

_RIGHT = frozenset({"number", "decimal", "money"})


def for_paper(table: Table) -> dict[str, Any]:
    """Title, heads, rows and totals as Italians write them; ``numbers`` are the places of columns that stand on the right."""

    def said(line: tuple[Any, ...]) -> list[str]:
        return [written(cell, column, table.language) for cell, column in zip(line, table.columns, strict=True)]

    return {
        "title": table.title,
        "columns": [column.title for column in table.columns],
        "numbers": [place for place, column in enumerate(table.columns) if column.kind in _RIGHT],
        "rows": [said(row) for row in table.rows],
        "total": [] if table.total is None else said(table.total),
        "remarks": [remark.message(table.language) for remark in table.remarks],
    }
