"""The sheet of ABIT: figures exact, every fault found, closings counted."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.stays import Property
from locanda.law.periods import parse_period
from locanda.law.remitting.figures import Counts, Figures, Money
from locanda.law.statistics import closing_counts, closings, told
from locanda.portals.abit.closings import rule_for, tell_by
from locanda.portals.abit.prices import highest_prices
from locanda.portals.abit.sheet import check, encode, read, write
from locanda.portals.abit.tax import tax_section
from locanda.portals.flows import flow_formats
from locanda.portals.prices import PriceRow, price_faults
from locanda.portals.sheets import Section, Sheet, decode_sheet, encode_sheet
from locanda.portals.spot.services import prices_and_services
from tests.flows_year import year

FORM = flow_formats()["abit"]


def sheet(request: dict[str, Any]) -> bytes:
    made = told(json.dumps(request).encode(), needs=FORM.needs, uses=FORM.uses)
    assert made.movement is not None, made.problems
    data = write(made.movement).data
    assert data is not None
    return data


def small() -> bytes:
    """A B&B for ten days: one German couple, closed from the fifth day on."""
    person = {
        "sex": "M", "birth_date": "1990-01-01", "citizenship": "DE", "residence_state": "DE", "flow_id": "A1", "id": "a",
        "role": "head_of_family",
    }  # fmt: skip
    mate = person | {
        "sex": "F", "flow_id": "A2", "id": "b", "role": "family_member", "residence_state": "IT", "residence_comune": "014061",
    }  # fmt: skip
    stay = {"id": "S", "arrival": "2027-03-02T15:00+01:00", "departure": "2027-03-04", "units": ["1"], "guests": [person, mate]}
    return sheet({
        "property": {"id": "P", "name": "La Baita", "type": "bb", "business": False, "rooms": 2, "beds": 4},
        "stays": [stay],
        "days": [{"day": f"2027-03-{number:02d}", "open": number < 5} for number in range(1, 11)],
        "from": "2027-03-01", "to": "2027-03-10",
    })  # fmt: skip


def test_the_sheet_reads_as_it_should() -> None:
    text = small().decode("utf-8-sig").splitlines()
    assert text[0] == "ABIT;La Baita;2027-03-01;2027-03-10"
    assert "1;A1;17;;M;1990-01-01;GERMANIA;GERMANIA;;2027-03-02;2027-03-04;1" in text
    assert "2;A2;19;A1;F;1990-01-01;GERMANIA;ITALIA;SONDRIO (SO);2027-03-02;2027-03-04;1" in text
    assert "2027-03-02;movimento;2;4;1;0;2;0;2" in text
    assert "2027-03-03;I;014;Sondrio;1;0;0;1" in text
    assert "2027-03;2;2;4;4;2;6;2" in text
    assert "2027-03-05;2027-03-10;6;6;2027-03-04;90;84" in text, "told the day before at the latest; 84 of 90 days missing"


def test_a_clean_sheet_raises_no_alarm_and_comes_back() -> None:
    data = small()
    report = check(data)
    assert (report.problems, report.warnings, report.days, report.arrivals, report.departures) == ((), (), 10, 2, 2)
    assert encode(read(data).values) == data


@pytest.mark.slow
def test_a_year_of_ten_thousand_guests_comes_back() -> None:
    data = sheet(year())
    report = check(data)
    assert (report.problems, report.days) == ((), 365)
    assert encode(read(data).values) == data


FAULTS = {
    "another sheet": ("ABIT;", "ALTRO;", "sheet.other"),
    "another column": ("Presenti\r\n2027", "Presenti notte\r\n2027", "sheet.other"),
    "a lost cell": ("2027-03-02;movimento;2;4;1;0;2;0;2", "2027-03-02;movimento;2;4;1;0;2;0", "sheet.line.odd"),
    "no number": ("2027-03-02;movimento;2;4;1", "2027-03-02;movimento;due;4;1", "abit.number.wrong"),
    "a lost day": ("2027-03-07;chiuso;0;0;0;0;0;0;0\r\n", "", "abit.calendar.incomplete"),
    "present that does not follow": (
        "2027-03-03;ospiti in casa;2;4;1;2;0;0;2", "2027-03-03;ospiti in casa;2;4;1;2;0;0;3", "abit.balance",
    ),
    "a movement called zero": ("2027-03-02;movimento", "2027-03-02;zero", "abit.state.differs"),
    "an unknown state": ("2027-03-01;zero", "2027-03-01;boh", "abit.state.differs"),
    "a closed day with rooms": ("2027-03-07;chiuso;0;0", "2027-03-07;chiuso;2;4", "abit.closed.figures"),
    "a line that counts otherwise": ("2027-03-03;I;014;Sondrio;1;0;0;1", "2027-03-03;I;014;Sondrio;2;0;0;2", "abit.lines.differ"),
    "a guest who left later": ("2027-03-02;2027-03-04;1\r\n2", "2027-03-02;2027-03-05;1\r\n2", "abit.guests.differ"),
    "a shorter closing": ("2027-03-05;2027-03-10;6;6", "2027-03-05;2027-03-09;5;5", "abit.closings.differ"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_found(name: str) -> None:
    before, after, code = FAULTS[name]
    text = small().decode("utf-8-sig")
    assert before in text
    assert code in {problem.code for problem in check(text.replace(before, after, 1).encode("utf-8-sig")).problems}


# closing days -----------------------------------------------------------------------------------------------------------------


def span(first: date, days: int) -> list[date]:
    return [first + timedelta(days=index) for index in range(days)]


def test_the_counter_begins_anew_at_new_year() -> None:
    days = [*span(date(2026, 12, 20), 20), *span(date(2026, 2, 1), 80)]
    assert [(made.first, made.last, made.days, made.year_to_date) for made in closings(days)] == [
        (date(2026, 2, 1), date(2026, 4, 21), 80, 80),
        (date(2026, 12, 20), date(2026, 12, 31), 12, 92),
        (date(2027, 1, 1), date(2027, 1, 8), 8, 8),
    ]
    counts = closing_counts(days)
    assert [(count.year, count.have, count.missing, count.satisfied) for count in counts] == [
        (2026, 92, 0, True), (2027, 8, 82, False),
    ]  # fmt: skip


@pytest.mark.parametrize("have", [89, 90, 91])
def test_ninety_is_enough(have: int) -> None:
    (count,) = closing_counts(span(date(2026, 1, 1), have))
    assert (count.satisfied, count.missing) == (have >= 90, max(90 - have, 0))


@pytest.mark.parametrize(
    ("kind", "business", "rule", "by"),
    [
        ("bb", False, "LO-BB-01", date(2026, 4, 30)), ("cav", False, "LO-CAV-01", date(2026, 12, 31)),
        ("bb", True, None, None), ("cav", True, None, None), ("albergo", False, None, None),
    ],
)  # fmt: skip
def test_who_must_tell_closings_and_by_when(kind: str, business: bool, rule: str | None, by: date | None) -> None:
    (closing,) = closings(span(date(2026, 5, 1), 3))
    found = rule_for(Property(type=kind, business=business))
    assert (found, tell_by(closing, found)) == (rule, by)


@given(st.sets(st.dates(date(2026, 1, 1), date(2028, 12, 31)), max_size=120))
def test_closings_are_the_closed_days_and_nothing_else(days: set[date]) -> None:
    made = list(closings(days))
    assert {day for one in made for day in span(one.first, one.days)} == days
    assert all(one.first.year == one.last.year for one in made)
    last = {one.first.year: one.year_to_date for one in made}
    assert last == {count.year: count.have for count in closing_counts(days)}


# prices and tax ---------------------------------------------------------------------------------------------------------------

SUMMER = [
    PriceRow("Stella", date(2027, 1, 1), date(2027, 5, 31), 8_000),
    PriceRow("Stella", date(2027, 6, 1), date(2027, 12, 31), 12_050, "room"),
]


def test_highest_prices_in_italian_and_two_more() -> None:
    made = highest_prices(SUMMER, 2027, ("en", "de"))
    assert made.problems == ()
    assert (made.title["it"], made.title["de"]) == ("Prezzi massimi 2027", "Höchstpreise 2027")
    assert made.rows["it"][1] == ("Stella", "01/06/2027", "31/12/2027", "camera", "120,50 €")
    assert made.rows["en"][1] == ("Stella", "01/06/2027", "31/12/2027", "room", "€ 120.50")
    assert made.rows["de"][1] == ("Stella", "01.06.2027", "31.12.2027", "Zimmer", "120,50 €")
    assert len(made.columns["en"]) == 5


@pytest.mark.parametrize("languages", [(), ("en",), ("en", "en"), ("it", "en")])
def test_one_foreign_language_is_too_few(languages: tuple[str, ...]) -> None:
    assert [problem.code for problem in highest_prices(SUMMER, 2027, languages).problems] == ["prices.language.few"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "prices.none"),
        (SUMMER[:1], "prices.season.gap"),
        ([SUMMER[0]._replace(last=date(2027, 6, 3)), SUMMER[1]], "prices.season.overlap"),
        ([SUMMER[0]._replace(first=date(2026, 12, 1)), SUMMER[1]], "prices.season.outside"),
        ([SUMMER[0]._replace(cents=0), SUMMER[1]], "prices.price.none"),
        ([SUMMER[0]._replace(per="night"), SUMMER[1]], "prices.per.unknown"),
        ([*SUMMER, PriceRow("B", date(2027, 3, 1), date(2027, 2, 1), 100)], "prices.season.backwards"),
    ],
)
def test_what_is_wrong_with_prices(rows: list[PriceRow], code: str) -> None:
    assert code in {problem.code for problem in price_faults(rows, 2027)}


def test_prices_and_services_of_puglia_with_the_regional_code_beside() -> None:
    made = prices_and_services("Il Trullo", 2027, SUMMER, ("colazione", "parcheggio"), regional_code="BA07203091000012345")
    assert (made.due, made.problems) == (date(2026, 10, 1), ())
    text = encode_sheet(made.sheet).decode("utf-8-sig")
    assert "CIS (CIR);BA07203091000012345" in text and "2;parcheggio" in text and "120,50 €" in text
    assert decode_sheet(text.encode(), "PREZZI E SERVIZI") == made.sheet
    bare = prices_and_services("Il Trullo", 2027, SUMMER, (), regional_code=None)
    assert [problem.code for problem in bare.problems] == ["spot.regional_code.missing"]


def test_tax_figures_are_those_of_the_period() -> None:
    period = parse_period("2026-Q2")
    nights = Counts(total=100, taxed=70, reduced=(("minori", 5),), exempt=(("residenti", 20),), beyond_cap=5)
    money = Money(due=14_000, collected=13_900, refused=100)
    figures = Figures(period, None, "night", 40, Counts(), nights, money, money, 0, 0, 10_000)
    rows = dict(tax_section(figures).rows)
    assert rows["Periodo"] == "2026-Q2"
    assert (rows["Pernottamenti"], rows["Pernottamenti esenti: residenti"], rows["Da versare"]) == ("100", "20", "140.00")
    assert rows["Ancora da versare"] == "40.00"


CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n\0"), max_size=8)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=5), st.lists(st.tuples(CELL, CELL, CELL), max_size=5))
def test_any_cells_come_back(one: list[tuple[str, str, str]], two: list[tuple[str, str, str]]) -> None:
    head = ("A", "B", "C")
    sections = (Section("Uno", head, tuple(one)), Section("Due", head, tuple(two)))
    made = Sheet("X", "casa", date(2027, 1, 1), date(2027, 1, 2), sections)
    assert decode_sheet(encode_sheet(made), "X") == made
