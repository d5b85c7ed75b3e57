"""Tables as CSV and as a workbook: read back by other software they say what they said, and text is never a formula."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from locanda.core.problems import Problem
from locanda.sheets import Column, Table, Value, to_csv, to_xlsx

COLUMNS = (
    Column("name", "Nome"), Column("code", "Codice", "code"), Column("count", "Arrivi", "number"),
    Column("share", "Media", "decimal"), Column("price", "Prezzo", "money"), Column("day", "Giorno", "day"),
    Column("yes", "Letto", "flag"),
)  # fmt: skip
ROWS: tuple[tuple[Value, ...], ...] = (
    ("Camera Stella", "014", 0, Fraction(14, 4), 12_050, date(2027, 3, 1), True),
    ("=1+1", "3/4", 1_234, Fraction(2, 3), -5, date(1960, 2, 29), False),
    (None, None, None, None, None, None, None),
)
TABLE = Table("try", "Prova", COLUMNS, ROWS, ("Totale", None, 1_234, None, None, None, None))


def lines(table: Table) -> list[list[str]]:
    data = to_csv(table)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


def cells(data: bytes, sheet: int = 0) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [tuple((cell.data_type, cell.value) for cell in row) for row in book.worksheets[sheet].iter_rows()]


def bare(text: str) -> str:
    """What a program makes of a cell: one apostrophe in front is not part of it."""
    return text.removeprefix("'")


# values ---------------------------------------------------------------------------------------------------------------------


def test_every_line_has_as_many_cells_as_there_are_columns() -> None:
    with pytest.raises(ValueError, match="try: 1 cells under 7 columns"):
        Table("try", "Prova", COLUMNS, (("x",),))
    with pytest.raises(ValueError, match="under 7 columns"):
        Table("try", "Prova", COLUMNS, (), ("x",))


def test_some_columns_and_some_rows_of_a_table() -> None:
    part = TABLE.only("count", "name")
    assert [column.title for column in part.columns] == ["Arrivi", "Nome"]
    assert (part.rows[1], part.total) == ((1_234, "=1+1"), (1_234, "Totale"))
    chosen = TABLE.where("count", bool)
    assert (chosen.rows, chosen.total) == (ROWS[1:2], None), "a total of all rows is not the total of some"
    assert TABLE.column("code") == ("014", "3/4", None)


# CSV ------------------------------------------------------------------------------------------------------------------------


def test_numbers_and_days_as_italians_write_them() -> None:
    assert lines(TABLE) == [
        ["Nome", "Codice", "Arrivi", "Media", "Prezzo", "Giorno", "Letto"],
        ["Camera Stella", "'014", "0", "3,50", "120,50", "01/03/2027", "sì"],
        ["'=1+1", "'3/4", "1234", "0,67", "-0,05", "29/02/1960", "no"],
        [""] * 7,
        ["Totale", "", "1234", "", "", "", ""],
    ]
    assert to_csv(TABLE).endswith(b"\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0", "+39 080 1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "'quoted", "007", "1E5", "12:30",
        "1.200", "3-4", "5 mar", "MAR 5", "1 gennaio 2027", "€ 5", "50%", "1234567890123456",
    ],
)  # fmt: skip
def test_text_that_a_spreadsheet_would_take_for_something_else_is_marked(text: str) -> None:
    (_, [cell]) = lines(Table("one", "Uno", (Column("x", "X"),), ((text,),)))
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", ["Stella", "12", "0", "101", "Marina", "Maggio", "A1", "D'Amico", "1a", "5 stelle", "GERMANIA"])
def test_ordinary_text_stands_as_it_is(text: str) -> None:
    (_, [cell]) = lines(Table("one", "Uno", (Column("x", "X"),), ((text,),)))
    assert cell == text


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)


@given(TEXT)
@example("'=1")
@example("''")
def test_any_text_comes_back_and_none_begins_a_formula(text: str) -> None:
    (_, [cell, _]) = lines(Table("one", "Uno", (Column("x", "X"), Column("y", "Y")), ((text, "."),)))
    assert bare(cell) == text
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_remarks_follow_after_an_empty_line() -> None:
    remark = Problem("prices.none", "", (("year", "2027"),))
    table = Table("one", "Uno", (Column("x", "X"), Column("y", "Y")), (("a", "b"),), remarks=(remark,))
    assert lines(table)[-2:] == [[], [remark.message("it")]]


# workbook -------------------------------------------------------------------------------------------------------------------


def test_kinds_are_kept_in_a_workbook() -> None:
    found = cells(to_xlsx([TABLE], about="La Baita, marzo 2027"))
    assert found[0][0] == ("s", "Prova — La Baita, marzo 2027")
    assert [value for _, value in found[2]] == [column.title for column in COLUMNS]
    assert found[3] == (
        ("s", "Camera Stella"), ("s", "014"), ("n", 0), ("n", 3.5), ("n", 120.5), ("d", datetime(2027, 3, 1)), ("s", "sì"),
    )  # fmt: skip
    assert found[4][:2] == (("s", "=1+1"), ("s", "3/4"))
    assert [value for _, value in found[5]] == [None] * 7
    assert found[6][0] == ("s", "Totale") and found[6][2] == ("n", 1_234)


@settings(max_examples=40)
@given(st.lists(TEXT.filter(lambda text: all(mark >= " " for mark in text)), min_size=1, max_size=6))
@example(["=1+1", "+1", "-1", "@x", "http://example.org", "1", "_x0041_"])
def test_any_text_is_text_in_a_workbook(texts: list[str]) -> None:
    table = Table("one", "Uno", (Column("x", "X"), Column("y", "Y")), tuple((text, ".") for text in texts))
    found = cells(to_xlsx([table]))[3:]
    told = [(row[0][0], row[0][1] or "") for row in found]
    # an empty text is written as such; openpyxl reads it as none
    assert [value.replace("_x005F_", "_") for _, value in told] == texts
    assert all(kind == "s" or not value for kind, value in told), "neither formula nor number nor link"


def test_a_day_before_spreadsheets_count_is_written_in_words() -> None:
    found = cells(to_xlsx([Table("one", "Uno", (Column("x", "X", "day"),), ((date(1899, 5, 4),),))]))
    assert found[3] == (("s", "04/05/1899"),)


def test_names_of_sheets_are_allowed_short_and_never_twice() -> None:
    titles = ("C/59", "C/59", "Un titolo che è molto più lungo di trentuno caratteri", "'", "Cronologia")
    tables = [Table(f"t{number}", title, (Column("x", "X"),), ()) for number, title in enumerate(titles)]
    names = openpyxl.load_workbook(io.BytesIO(to_xlsx(tables))).sheetnames
    assert names[:2] == ["C-59", "C-59 2"]
    assert len({name.casefold() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 and name.casefold() != "cronologia" for name in names)


def test_the_same_tables_give_the_same_bytes() -> None:
    assert to_xlsx([TABLE]) == to_xlsx([TABLE])


def test_what_no_sheet_can_hold_is_refused_not_cut() -> None:
    with pytest.raises(ValueError, match="32768 characters"):
        to_xlsx([Table("one", "Uno", (Column("x", "X"),), (("x" * 32_768,),))])
    with pytest.raises(ValueError, match="rows"):
        to_xlsx([Table("one", "Uno", (Column("x", "X"),), ((None,),) * 1_048_576)])


def test_what_there_is_to_remark_stands_below() -> None:
    remark = Problem("prices.none", "", (("year", "2027"),))
    found = cells(to_xlsx([Table("one", "Uno", (Column("x", "X"),), ((1,),), remarks=(remark,), language="en")]))
    assert found[-1][0] == ("s", remark.message("en"))
