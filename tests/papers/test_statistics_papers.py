"""The papers of the statistics: tables whole, prices in enough languages, closings counted once (spec flussi-turistici 8, 11)."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from locanda import papers
from locanda.papers.closing_days import shown
from tests.papers.test_forms import made, text_of


def sampled(form_id: str, **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(papers.sample(form_id)) | changes


def codes(form_id: str, sample: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in papers.read(form_id, sample)[1]]


def table(**changes: Any) -> dict[str, Any]:
    return {"title": "T", "columns": ["A", "B"], "rows": [["1", ""]], "numbers": [0], **changes}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rows": [["1"]]}, ("paper.table.width", "tables[0].rows[0]")),
        ({"total": ["1", "2", "3"]}, ("paper.table.width", "tables[0].total")),
        ({"numbers": [2]}, ("paper.table.column", "tables[0].numbers[0]")),
    ],
)
def test_a_table_that_does_not_fit_its_heads(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert codes("typing_sheet", sampled("typing_sheet", tables=[table(**changes)])) == [expected]
    assert codes("typing_sheet", sampled("typing_sheet", tables=[table()])) == []


def test_a_period_that_ends_before_it_begins() -> None:
    assert codes("typing_sheet", sampled("typing_sheet", last="2027-02-28")) == [("paper.days.backwards", "last")]
    one = text_of(made("typing_sheet", sample=sampled("typing_sheet", last="2027-03-01", tables=[table(rows=[])])))
    assert "dal 01/03/2027" not in one and "Nessuna riga." in one


def test_every_row_of_a_long_table_is_printed_under_its_head() -> None:
    rows = [[str(number), f"riga{number}"] for number in range(400)]
    reader = made("typing_sheet", sample=sampled("typing_sheet", tables=[table(columns=["Numero", "Testa"], rows=rows)]))
    text = text_of(reader)
    assert all(f"riga{number}" in text for number in range(400))
    assert len(reader.pages) > 5 and all("Testa" in page.extract_text() for page in reader.pages)


def test_a_very_wide_table_is_not_cut() -> None:
    heads = [f"Colonna numero {place}" for place in range(24)]
    rows = [[f"valore-{place}-piuttosto-lungo" for place in range(24)]]
    page = text_of(made("typing_sheet", sample=sampled("typing_sheet", tables=[table(columns=heads, rows=rows)])))
    whole = "".join(page.split())
    assert all(f"valore-{place}-piuttosto-lungo" in whole for place in range(24))


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (["en", "it", "de"], [("paper.prices.italian", "languages")]),
        (["it", "en", "en"], [("paper.prices.italian", "languages"), ("paper.prices.languages", "languages")]),
        (["it", "en"], [("paper.prices.languages", "languages")]),
        (["it", "fr", "es"], []),
    ],
)
def test_highest_prices_are_shown_in_italian_and_two_more(languages: list[str], expected: list[tuple[str, str]]) -> None:
    sample = sampled("price_list")
    sample["languages"] = [{"language": name, "title": "x", "columns": ["a", "b", "c", "d", "e"]} for name in languages]
    sample["prices"] = [dict(row, per=["x"] * len(languages)) for row in sample["prices"]]
    assert codes("price_list", sample) == expected
    assert [code for code, _ in codes("price_list", sample | {"kind": "services"})] == [
        code for code, _ in expected if code != "paper.prices.languages"
    ]


def test_prices_that_are_no_prices() -> None:
    sample = sampled("price_list")
    sample["prices"][0] |= {"per": ["unità"], "last": "2026-01-01"}
    sample["languages"][1]["columns"] = ["one"]
    assert codes("price_list", sample) == [
        ("paper.table.width", "languages[1].columns"), ("paper.days.backwards", "prices[0].last"),
    ]  # fmt: skip
    sample = sampled("price_list")
    sample["prices"][0]["per"] = ["unità"]
    assert codes("price_list", sample) == [("paper.prices.per", "prices[0].per")]


def test_the_running_total_and_the_day_on_which_the_minimum_is_reached() -> None:
    data, _ = papers.read("closing_days", sampled("closing_days"))
    told = shown(data, "it")
    assert [row[2:4] for row in told["rows"]] == [(25, 25), (28, 53), (32, 85)]
    assert (told["days"], told["missing"], told["reached"]) == (85, 5, None)
    data, _ = papers.read("closing_days", sampled("closing_days", minimum=54))
    told = shown(data, "it")
    assert (told["missing"], str(told["reached"])) == (0, "2027-11-02")
    page = text_of(made("closing_days", sample=sampled("closing_days", closings=[])))
    assert "Nessuna chiusura." in page and "0 su 90: ne mancano 90" in page


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"closings": [{"first": "2026-12-30", "last": "2027-01-03"}]}, ("paper.closings.year", "closings[0]")),
        ({"closings": [{"first": "2027-02-01", "last": "2027-01-03"}]}, ("paper.days.backwards", "closings[0].last")),
        (
            {"closings": [{"first": "2027-02-01", "last": "2027-02-03"}, {"first": "2027-02-03", "last": "2027-02-04"}]},
            ("paper.closings.order", "closings[1].first"),
        ),
        ({"minimum": 0}, ("paper.closings.minimum", "minimum")),
    ],
)
def test_closings_that_cannot_be(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert codes("closing_days", sampled("closing_days", **changes)) == [expected]
