"""The papers of the statistics: what the tables say is on the page, and what is wrong is told instead of printed."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from locanda.core.stays import Property
from locanda.office.statistics.sheets import MadePaper, closing_days, price_page, typing_sheet
from locanda.portals.prices import PriceRow
from tests.portals.test_tables import house, moved

ON = date(2027, 4, 2)
WHERE: dict[str, Any] = {
    "comune": {"name": "Sondrio", "province": "SO"}, "property": {"name": "La Baita", "type": "bb"}, "on": ON,
}  # fmt: skip


def text_of(made: MadePaper) -> str:
    assert made.content is not None, made.problems
    pages = PdfReader(io.BytesIO(made.content)).pages
    return re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in pages).replace("\u200b", ""))


def test_the_sheet_to_type_from() -> None:
    movement = moved(house())
    keys = ("calendar", "guests", "closures")
    asked: dict[str, Any] = {"portal": "ABIT", "keys": keys, "code": "X1", "closing_days": 90, **WHERE}
    made = typing_sheet(movement, **asked)
    text = text_of(made)
    assert "dal 01/03/2027 al 31/03/2027" in text and "X1" in text
    assert "06/03/2027 movimento 2 4 2 1 3 1 3" in text
    assert "28 aperti, 3 chiusi, 24 senza movimento, 0 da confermare" in text
    assert "29/03/2027 31/03/2027 3 3 90 87" in text
    assert "C/59" not in text, "only the tables asked for"
    assert made == typing_sheet(movement, **asked)
    english = text_of(typing_sheet(moved(house()), portal="SPOT", language="en", **WHERE))
    assert "Sheet for typing by hand" in english and "Rooms on offer" in english


def test_a_name_that_no_font_draws_is_told() -> None:
    request = house()
    request["stays"][0]["units"] = ["王"]
    made = typing_sheet(moved(request), portal="ABIT", keys=("guests",), **WHERE)
    assert made.content is None and {problem.code for problem in made.problems} == {"paper.text.unprintable"}


PRICES = [
    PriceRow("Stella", date(2027, 6, 1), date(2027, 12, 31), 12_050, "room"),
    PriceRow("Stella", date(2027, 1, 1), date(2027, 5, 31), 8_005, "person"),
]


def test_the_highest_prices_in_three_languages() -> None:
    text = text_of(price_page(PRICES, 2027, ("en", "de"), **WHERE))
    for words in ("Prezzi massimi 2027", "Maximum prices 2027", "Höchstpreise 2027", "camera · room · Zimmer"):
        assert words in text
    assert text.index("€ 80,05") < text.index("€ 120,50")
    few = price_page(PRICES, 2027, ("en",), **WHERE)
    assert few.content is None and [problem.code for problem in few.problems] == ["prices.language.few"]


@pytest.mark.parametrize(
    ("kind", "business", "count", "wanted"),
    [
        ("bb", False, 85, ("85 su 90: ne mancano 5", "al più tardi il giorno prima", "31/12/2026")),
        ("cav", False, 95, ("95 su 90: minimo raggiunto il 31/03/2027", "entro la fine dell'anno", "31/12/2027")),
        ("bb", True, 1, ("1 su 90: ne mancano 89",)),
    ],
)
def test_closing_days_against_ninety(kind: str, business: bool, count: int, wanted: tuple[str, ...]) -> None:
    days = [date(2026, 12, 30) + timedelta(days=place) for place in range(count + 2)]
    told = {date(2027, 1, 1): date(2026, 12, 28)}
    text = text_of(closing_days(Property(type=kind, business=business), 2027, days, told_on=told, **WHERE))
    assert [words for words in wanted if words not in text] == []
    assert "28/12/2026" in text and "30/12/2026" not in text
