"""Tables to look at, to type from and to carry away: one value, written as CSV, as a workbook or (in papers) as a page.

    table = Table("calendar", "Calendario", (Column("day", "Giorno", "day"), Column("rooms", "Camere", "number")), rows)
    to_csv(table)                 # opens right in an Italian spreadsheet
    to_xlsx([table, other])       # a sheet for each

Nothing here knows a law, a portal or a clock: who makes a table says what is in it. Text never becomes a formula.
"""

from __future__ import annotations

from locanda.sheets.csv_text import to_csv
from locanda.sheets.on_paper import for_paper
from locanda.sheets.table import Column, Kind, Table, Value
from locanda.sheets.workbook import to_xlsx

__all__ = ["Column", "Kind", "Table", "Value", "for_paper", "to_csv", "to_xlsx"]
