"""CSV that a double click opens right in an Italian spreadsheet.

The dialect, and why:

* UTF-8 with a mark at the beginning: without it Excel reads the letters of another century.
* Semicolons: where the comma parts decimals, as in Italy, the list separator of the machine is the semicolon. No ``sep=`` line:
  it makes Excel forget the mark, and everybody else takes it for a row.
* 12,50 and 31/12/2027, because that is a number and a day there; lines end with CR LF, as RFC 4180 wants.
* The heads are the first line, then the rows, then the total. What there is to remark follows after an empty line.
* **An apostrophe before a text that a spreadsheet would take for something else**: for a formula (``= + - @``, also after a tab),
  for a day (``3/4``), for a number without its zeros (``014``). It is not part of the text: whoever reads the file with a program
  takes one away. A name with its own apostrophe in front gets a second one, so that this is always right. Numbers and days have
  none.

For people who only want to work with the figures, the workbook of :mod:`locanda.sheets.workbook` needs no such marks.
"""

from __future__ import annotations

import csv
import io
import re

from locanda.sheets.cells import written
from locanda.sheets.table import Column, Table, Value

__all__ = ["to_csv"]

_FORMULA = tuple("=+-@'\t\r\n＝＋－＠")
_MONTHS = (
    "gen(?:naio)?|feb(?:braio|ruary)?|mar(?:zo|ch)?|apr(?:ile|il)?|mag(?:gio)?|giu(?:gno)?|lug(?:lio)?|ago(?:sto)?|set(?:tembre)?|"
    "ott(?:obre)?|nov(?:embre|ember)?|dic(?:embre)?|jan(?:uary)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|dec(?:ember)?"
)
_TAKEN = re.compile(
    rf"\s*(?:[€(]?\s?[0-9.,][0-9\s.,:/\-e%€)]*|[0-9]+[\s./-]*(?:{_MONTHS})[\s./-]*[0-9]*|(?:{_MONTHS})[\s./-]*[0-9]+)\s*",
    re.IGNORECASE | re.ASCII,
)
"""What looks like a number, a time, an amount or a day to a spreadsheet."""
_SAME = re.compile("0|[1-9][0-9]{0,14}", re.ASCII)
"""A number that stays the text it was: without zeros in front, no longer than a spreadsheet can count."""


def to_csv(table: Table) -> bytes:
    """The rows of a table as a file."""
    into = io.StringIO(newline="")
    writer = csv.writer(into, delimiter=";", lineterminator="\r\n")
    writer.writerow([_guarded(column.title) for column in table.columns])
    for row in table.rows if table.total is None else (*table.rows, table.total):
        writer.writerow([_cell(cell, column, table.language) for cell, column in zip(row, table.columns, strict=True)])
    if table.remarks:
        into.write("\r\n")
        writer.writerows([_guarded(remark.message(table.language))] for remark in table.remarks)
    return into.getvalue().encode("utf-8-sig")


def _cell(cell: Value, column: Column, language: str) -> str:
    text = written(cell, column, language)
    return _guarded(text) if isinstance(cell, str) else text


def _guarded(text: str) -> str:
    if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA):
        return f"'{text}"
    return f"'{text}" if _TAKEN.fullmatch(text) and not _SAME.fullmatch(text) else text
