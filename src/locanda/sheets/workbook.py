"""A workbook (XLSX) with a sheet for each table: numbers are numbers, days are days, and text is never anything else.

Every cell is written by its kind: what begins with ``= + - @`` stays the text it is, codes keep their zeros. The same tables give
the same bytes: the file bears no moment at which it was made.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from locanda.sheets.cells import decimals, flag_words, written
from locanda.sheets.table import Column, Table, Value

__all__ = ["to_xlsx"]

_MADE = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_NAME_MAX = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_TEXT_MAX = 32_767
_ROWS_MAX = 1_048_576
_FIRST_YEAR = 1901
"""Spreadsheets count days from 1900, and count that year wrong."""
_HEAD_ROW = 2
_WIDEST = 44


def to_xlsx(tables: Iterable[Table], *, about: str = "") -> bytes:
    """The file. ``about`` stands above every table: whose it is, and of which days. ValueError for what no sheet can hold."""
    import xlsxwriter  # a big package, which nobody needs who only makes tables

    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _MADE, "title": about, "author": "Locanda"})
    looks = _looks(book)
    names: set[str] = set()
    for table in tables:
        _sheet(book.add_worksheet(_name(table.title, names)), table, about, looks)
    book.close()
    return into.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    """The formats of cells, each plain and as a total."""
    shapes: dict[str, dict[str, Any]] = {
        "text": {"num_format": "@"}, "number": {"num_format": "#,##0"}, "money": {"num_format": "#,##0.00"},
        "day": {"num_format": "dd/mm/yyyy", "align": "left"}, "month": {"num_format": "mm/yyyy", "align": "left"},
        **{f"decimal{places}": {"num_format": "0." + "0" * places if places else "0"} for places in range(5)},
    }  # fmt: skip
    made: dict[str, Any] = {}
    for name, shape in shapes.items():
        made[name] = book.add_format({"valign": "top", **shape})
        made[f"total {name}"] = book.add_format({"valign": "top", "bold": True, "top": 1, **shape})
    made["title"] = book.add_format({"bold": True, "font_size": 14})
    made["head"] = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "bg_color": "#E8E8E8"})
    made["remark"] = book.add_format({"italic": True})
    return made


def _sheet(sheet: Any, table: Table, about: str, looks: dict[str, Any]) -> None:
    """A table from its third row on: its title above, what there is to remark below."""
    lines = [*table.rows, *([] if table.total is None else [table.total])]
    if len(lines) + _HEAD_ROW + len(table.remarks) + 2 > _ROWS_MAX:
        raise ValueError(f"{table.key}: {len(lines)} rows are more than a sheet holds")
    _text(sheet, 0, 0, " — ".join(part for part in (table.title, about) if part), looks["title"])
    for place, column in enumerate(table.columns):
        _text(sheet, _HEAD_ROW, place, column.title, looks["head"])
        sheet.set_column(place, place, _width(column, place, lines, table.language))
    for number, line in enumerate(lines, _HEAD_ROW + 1):
        mark = "total " if table.total is not None and number == _HEAD_ROW + len(lines) else ""
        for place, (cell, column) in enumerate(zip(line, table.columns, strict=True)):
            _cell(sheet, number, place, cell, column, table.language, looks, mark)
    below = _HEAD_ROW + len(lines) + 2
    for number, remark in enumerate(table.remarks, below):
        _text(sheet, number, 0, remark.message(table.language), looks["remark"])
    sheet.freeze_panes(_HEAD_ROW + 1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")


def _cell(
    sheet: Any, row: int, place: int, cell: Value, column: Column, language: str, looks: dict[str, Any], mark: str
) -> None:
    if cell is None:
        sheet.write_blank(row, place, None, looks[f"{mark}text"])
    elif isinstance(cell, bool):
        _text(sheet, row, place, flag_words(language)[cell], looks[f"{mark}text"])
    elif isinstance(cell, str):
        _text(sheet, row, place, cell, looks[f"{mark}text"])
    elif isinstance(cell, date) and cell.year < _FIRST_YEAR:
        _text(sheet, row, place, written(cell, column, language), looks[f"{mark}text"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, looks[mark + ("month" if column.kind == "month" else "day")])
    elif column.kind == "money" and isinstance(cell, int):
        sheet.write_number(row, place, cell / 100, looks[f"{mark}money"])
    elif column.kind == "decimal":
        sheet.write_number(row, place, float(decimals(cell, column.places)), looks[f"{mark}decimal{column.places}"])
    else:
        sheet.write_number(row, place, cell, looks[f"{mark}number"])


def _text(sheet: Any, row: int, place: int, text: str, look: Any) -> None:
    """Text as text, whole or not at all."""
    if len(text) > _TEXT_MAX:
        raise ValueError(f"a text of {len(text)} characters is more than a cell holds")
    sheet.write_string(row, place, text, look)


def _width(column: Column, place: int, lines: Sequence[Sequence[Value]], language: str) -> int:
    longest = max((len(written(line[place], column, language)) for line in lines), default=0)
    word = max((len(part) for part in column.title.split()), default=0)
    return min(max(longest, word) + 2, _WIDEST)


def _name(title: str, taken: set[str]) -> str:
    """A name for a sheet: at most 31 characters, none of ``[]:*?/\\``, none twice. The whole title stands on the sheet."""
    base = _FORBIDDEN.sub("-", title).strip("' ")[:_NAME_MAX].strip("' ") or "Tabella"
    name, number = base, 1
    while name.casefold() in taken or name.casefold() in ("history", "cronologia"):
        number += 1
        name = f"{base[: _NAME_MAX - len(str(number)) - 1]} {number}"
    taken.add(name.casefold())
    return name
