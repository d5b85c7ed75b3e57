"""The tables for typing by hand: the worked house of spec 13, figure by figure, and what must hold for any year (spec 11)."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locanda.law.statistics import Movement, day_counts, month_counts, told
from locanda.portals.figure_tables import closures, state_of
from locanda.portals.tables import TABLES, USES, tables_of
from locanda.sheets import Table, Value, to_csv, to_xlsx
from tests.flows_year import year

Json = dict[str, Any]


def moved(request: Json, uses: frozenset[str] = USES, **options: Any) -> Movement:
    made = told(json.dumps(request).encode(), uses=uses, **options)
    assert made.movement is not None, made.problems
    return made.movement


def person(ident: str, role: str = "single", **more: Any) -> Json:
    return {
        "id": ident, "role": role, "sex": "F", "birth_date": "1990-05-10", "citizenship": "IT", "birth_state": "IT",
        "birth_comune": "F376", "residence_state": "IT", "residence_comune": "072030", "flow_id": f"K{ident.upper()}", **more,
    }  # fmt: skip


def abroad(ident: str, state: str, role: str = "single", **more: Any) -> Json:
    made = person(ident, role, residence_state=state, citizenship=state, birth_state=state, **more)
    return {key: value for key, value in made.items() if not key.endswith("comune")}


def house(**more: Any) -> Json:
    """Three rooms and six beds, open all March 2027 but its last three days; a builder has one room all month."""
    days: list[Json] = [{"day": f"2027-03-{day:02d}", "open": True, "rooms": 2, "beds": 4} for day in range(1, 29)]
    days += [{"day": f"2027-03-{day}", "open": False} for day in (29, 30, 31)]
    return {
        "property": {"id": "P", "name": "Il Trullo", "type": "bb", "business": False, "rooms": 3, "beds": 6},
        "stays": [
            {"id": "S1", "arrival": "2027-02-27T15:00+01:00", "departure": "2027-03-03T10:00+01:00", "units": ["1"],
             "guests": [person("a", residence_comune="014061", tourism="seaside"), abroad("b", "FR")]},
            {"id": "S2", "arrival": "2027-03-05T15:00+01:00", "departure": "2027-03-06", "units": ["1"], "guests": [person("c")]},
            {"id": "S3", "arrival": "2027-03-06T15:00+01:00", "departure": "2027-03-09", "units": ["1", "2"], "guests": [
                abroad("d", "DE", "head_of_family"), abroad("e", "DE", "family_member"),
                abroad("f", "DE", "family_member") | {"birth_date": "2026-12-24", "occupies_bed": False},
            ]},
            {"id": "S4", "arrival": "2027-02-01T15:00+01:00", "departure": "2027-04-01", "units": ["3"],
             "guests": [person("w", tourist=False)]},
        ],
        "days": days, "from": "2027-03-01", "to": "2027-03-31", **more,
    }  # fmt: skip


def rows(table: Table, *keys: str) -> list[tuple[Value, ...]]:
    return list(table.only(*keys).rows)


def test_all_tables_of_the_spec_are_there_in_its_order() -> None:
    assert tuple(tables_of(moved(house()))) == TABLES
    english = tables_of(moved(house()), language="en")
    assert [table.title for table in english.values()][:2] == ["Calendar", "Daily C/59"]
    for key, table in tables_of(moved(house())).items():
        assert table.key == key
        assert [column.key for column in table.columns] == [column.key for column in english[key].columns]


# calendar and figures -----------------------------------------------------------------------------------------------------


def test_the_calendar_of_the_month() -> None:
    table = tables_of(moved(house()))["calendar"]
    assert len(table.rows) == 31
    assert table.rows[0] == (date(2027, 3, 1), "ospiti in casa", 2, 4, 1, 2, 0, 0, 2)
    assert table.rows[5] == (date(2027, 3, 6), "movimento", 2, 4, 2, 1, 3, 1, 3)
    assert table.rows[30] == (date(2027, 3, 31), "chiuso", 0, 0, 0, 0, 0, 0, 0)
    assert table.total == (None, "28 aperti, 3 chiusi, 24 senza movimento, 0 da confermare", 56, 112, 9, None, 4, 6, 14)


def test_a_day_of_which_nobody_said_anything_is_to_be_confirmed() -> None:
    table = tables_of(moved(house(days=[])))["calendar"]
    states = Counter(table.column("state"))
    assert states == {"movimento": 4, "ospiti in casa": 4, "da confermare": 23}, "with guests in it a house is open, said or not"
    assert table.total is not None and table.total[1] == "31 aperti, 0 chiusi, 27 senza movimento, 23 da confermare"


def test_the_daily_c59_of_days_with_movement() -> None:
    table = tables_of(moved(house()))["daily"]
    assert sorted({cell.day for cell in table.column("day") if isinstance(cell, date)}) == [3, 5, 6, 9]
    third = [row[1:] for row in table.rows if row[0] == date(2027, 3, 3)]
    assert third == [
        ("I", "014", "Sondrio", 1, 0, 1, 0), ("E", "001", "Francia", 1, 0, 1, 0), ("T", None, "Totale", 2, 0, 2, 0),
    ]  # fmt: skip


def test_monthly_figures_and_indices() -> None:
    table = tables_of(moved(house()))["months"]
    assert rows(table, "month", "arrivals", "departures", "nights") == [(date(2027, 3, 1), 4, 6, 14)]
    assert rows(table, "average_stay") == [(Fraction(7, 2),)]
    assert rows(table, "italian_arrivals", "italian_nights", "italian_stay") == [(1, 3, Fraction(3))]
    assert rows(table, "foreign_arrivals", "foreign_nights", "foreign_stay") == [(3, 11, Fraction(11, 3))]
    assert rows(table, "days_open", "zero_days", "days_closed", "room_nights") == [(28, 24, 3, 9)]
    assert rows(table, "gross_beds", "net_beds", "net_rooms") == [(Fraction(1400, 186), Fraction(25, 2), Fraction(900, 56))]
    assert table.total is not None and table.total[1:] == table.rows[0][1:], "one month is the whole"
    text = to_csv(table).decode("utf-8-sig").splitlines()[1]
    assert text == "03/2027;4;6;14;3,50;1;3;3,00;3;11;3,67;28;24;3;9;7,53;12,50;16,07"


def test_the_gross_index_needs_the_beds_of_the_property() -> None:
    request = house()
    del request["property"]["beds"]
    table = tables_of(moved(request))["months"]
    assert rows(table, "gross_beds") == [(None,)]
    assert [remark.code for remark in table.remarks] == ["tables.beds.unknown"]


def test_the_monthly_c59_has_every_residence_and_their_total() -> None:
    table = tables_of(moved(house()))["residences"]
    assert rows(table, "row_code", "arrivals", "departures", "nights") == [
        ("014", 0, 1, 2), ("072", 1, 1, 1), ("001", 0, 1, 2), ("004", 3, 3, 9), (None, 4, 6, 14),
    ]  # fmt: skip


# guests -------------------------------------------------------------------------------------------------------------------


def test_the_simplified_entry_of_ross1000() -> None:
    table = tables_of(moved(house()))["ross1000_simple"]
    assert [row[1:] for row in table.rows] == [
        (1, 1, date(2027, 2, 27), date(2027, 3, 3), "SO", "Sondrio"),
        (1, 0, date(2027, 2, 27), date(2027, 3, 3), "100000215", "FRANCIA"),
        (1, 1, date(2027, 3, 5), date(2027, 3, 6), "BA", "Bari"),
        (3, 2, date(2027, 3, 6), date(2027, 3, 9), "100000216", "GERMANIA"),
    ]


def test_who_leaves_earlier_has_a_line_of_their_own() -> None:
    request = house()
    request["stays"][2]["guests"][1]["departure"] = "2027-03-08"
    table = tables_of(moved(request))["ross1000_simple"]
    assert [row[1:5] for row in table.rows[-2:]] == [
        (2, 2, date(2027, 3, 6), date(2027, 3, 9)), (1, 0, date(2027, 3, 6), date(2027, 3, 8)),
    ]  # fmt: skip


def test_the_guest_list_has_no_name_and_everything_else() -> None:
    table = tables_of(moved(house()))["guests"]
    assert rows(table, "number", "guest_code", "type", "head_line", "head_code", "rooms_of_stay", "units") == [
        (1, "KA", "16", None, None, 1, "1"), (2, "KB", "16", None, None, 0, "1"), (3, "KC", "16", None, None, 1, "1"),
        (4, "KD", "17", None, None, 2, "1 + 2"), (5, "KE", "19", 4, "KD", 0, "1 + 2"), (6, "KF", "19", 4, "KD", 0, "1 + 2"),
    ]  # fmt: skip
    first = dict(zip((column.key for column in table.columns), table.rows[0], strict=True))
    assert (first["birth_comune"], first["residence_comune"], first["tourism"]) == ("MONOPOLI (BA)", "SONDRIO (SO)", "Balneare")
    assert (first["sex"], first["citizenship"], first["non_tourist"]) == ("F", "ITALIA", False)
    assert not {"surname", "name", "document"} & set(first)


def test_the_entry_of_spot_says_what_its_file_says() -> None:
    table = tables_of(moved(house(accepted_until="2027-02-28")))["spot"]
    sixth = [row[1:] for row in table.rows if row[0] == date(2027, 3, 6)]
    baby = ("KF", None, "F", 0, "GERMANIA", "GERMANIA", False, None, None)
    mother = ("KE", None, "F", 36, "GERMANIA", "GERMANIA", True, None, None)
    assert [(row[1], row[2:11]) for row in sixth] == [
        ("giornata", (None,) * 9),
        ("arrivo", ("KD", "17", "F", 36, "GERMANIA", "GERMANIA", True, False, 2)),
        ("componente", mother), ("componente", baby),
        ("partenza", ("KC", *(None,) * 8)),
    ]  # fmt: skip
    assert sixth[0][0] == "MP movimento" and sixth[0][11:] == (2, 4, 2)
    kinds = {row[0]: row[1] for row in table.rows}
    assert (kinds[date(2027, 3, 1)], kinds[date(2027, 3, 30)]) == ("NM nessun movimento", "EC esercizio chiuso")


def test_what_cannot_be_typed_is_said_and_the_rest_is_there() -> None:
    request = house()
    del request["stays"][2]["guests"][1]["sex"]
    tables = tables_of(moved(request))
    assert tables["spot"].rows == ()
    assert [remark.code for remark in tables["spot"].remarks] == ["tables.facts.missing"]
    assert len(tables["guests"].rows) == 6 and tables["calendar"].rows
    bare = tables_of(moved(house(), frozenset()))
    assert bare["guests"].column("sex") == (None,) * 6 and bare["ross1000_simple"].column("rooms_of_stay")[0] is None
    late = [{"day": "2027-03-09", "open": False}]
    closed = tables_of(moved(house(days=late, accepted_until="2027-02-28")))["spot"]
    assert closed.rows == () and "spot.closed.departures" in {remark.code for remark in closed.remarks}


# closings -----------------------------------------------------------------------------------------------------------------


def test_closings_and_their_distance_from_ninety() -> None:
    table = tables_of(moved(house()), closing_days=90)["closures"]
    assert table.rows == ((date(2027, 3, 29), date(2027, 3, 31), 3, 3, None, 90, 87),)
    assert table.total == (None, None, 3, 3, None, 90, 87)
    assert [remark.code for remark in table.remarks] == ["tables.closings.part"]
    none = tables_of(moved(house()))["closures"]
    assert none.rows[0][5:] == (None, None), "no duty, no minimum"


def test_closed_days_of_the_rest_of_the_year_are_counted_too() -> None:
    winter = {date(2027, 1, day) for day in range(1, 32)} | {date(2027, 3, 1)}
    table = closures(moved(house()), need=90, closed=winter)
    assert [row[2:4] for row in table.rows] == [(31, 31), (3, 34)], "the first of March was open, whatever was planned"
    assert table.total == (None, None, 34, 34, None, 90, 56) and table.remarks == ()
    both = closures(moved(house()), need=90, closed={date(2026, 12, 31)})
    assert both.total == (None, None, 4, None, None, None, None), "two years have no common minimum"


# any year -----------------------------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(0, 60), st.sampled_from([1, 28, 31, 60]))
def test_the_tables_agree_with_each_other_and_with_the_counts(seed: int, units: int, guests: int, days: int) -> None:
    request = year(seed, units=units, guests=guests, start=date(2026, 10, 20), days=days)
    movement = moved(request)
    tables = tables_of(movement)
    calendar, daily, residences = tables["calendar"], tables["daily"], tables["residences"]
    for counted in day_counts(movement):
        of_day = daily.where("day", lambda cell, day=counted.day.day: cell == day)  # type: ignore[misc]
        lines = of_day.where("line", lambda cell: cell != "T").only("previous", "arrived", "departed", "present")
        [row] = calendar.where("day", lambda cell, day=counted.day.day: cell == day).only(  # type: ignore[misc]
            "previous", "arrived", "departed", "present"
        ).rows
        if of_day.rows:
            assert of_day.rows[-1][4:] == row == tuple(map(sum, zip(*lines.rows, strict=True)))  # type: ignore[arg-type]
        else:
            assert row[1:3] == (0, 0)
        assert (state_of(counted.day) == "closed") != counted.day.open
    months = list(month_counts(movement))
    totals = residences.where("line", lambda cell: cell == "T")
    assert totals.column("nights") == tuple(month.nights for month in months) == tables["months"].column("nights")
    guest_list = tables["guests"]
    assert len(guest_list.rows) == len(movement.guests) == sum(tables["ross1000_simple"].column("guests"))  # type: ignore[arg-type]
    assert sorted(map(str, guest_list.column("guest_code"))) == sorted(guest.flow_id for guest in movement.guests)
    simple = sum(tables["ross1000_simple"].column("rooms_of_stay"))  # type: ignore[arg-type]
    assert simple == sum(guest_list.column("rooms_of_stay"))  # type: ignore[arg-type]
    assert calendar.total is not None
    assert calendar.total[8] == sum(month.nights for month in months)


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_month_as_files(language: str) -> None:
    tables = tables_of(moved(year(3, units=4, guests=80, start=date(2026, 5, 1), days=31)), language=language, closing_days=90)
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(tables.values(), about="La Locanda")))
    assert len(book.sheetnames) == len(TABLES)
    for (_, table), sheet in zip(tables.items(), book.worksheets, strict=True):
        held = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)][: len(table.rows)]
        assert [len(row) for row in held] == [len(table.columns)] * len(table.rows)
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        lines = list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline=""), delimiter=";"))
        assert lines[0] == [column.title for column in table.columns]
        assert [len(line) for line in lines[1 : 1 + len(table.rows)]] == [len(table.columns)] * len(table.rows)
        for row, line in zip(table.rows, lines[1:], strict=False):
            whole = [str(cell) for cell in row if type(cell) is int]
            assert whole == [text for text, cell in zip(line, row, strict=True) if type(cell) is int]


def test_the_same_table_is_a_section_of_a_text_sheet() -> None:
    from locanda.portals.sheets import section_of

    table = tables_of(moved(house()))["months"]
    section = section_of(table)
    assert section.title == "Mesi" and section.rows[0][:5] == ("2027-03", "4", "6", "14", "3.50")
    assert section_of(replace(table, rows=()), "Altro").rows == ()
