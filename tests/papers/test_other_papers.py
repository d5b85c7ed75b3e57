"""The sheet of the national declaration, the cover sheet, the notice to guests (spec imposta 12.2, 3.5)."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from locanda import papers
from locanda.core.shapes import GUEST_STATUSES
from locanda.papers.presences import exempt_words
from tests.papers.test_forms import DAY, made, squeezed, text_of


def sampled(form_id: str, **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(papers.sample(form_id)) | changes


def codes(form_id: str, sample: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in papers.read(form_id, sample)[1]]


def told(form_id: str, sample: Any, on: date = DAY) -> list[tuple[str, str]]:
    data, problems = papers.read(form_id, sample)
    assert problems == []
    return [(problem.code, problem.where) for problem in papers.notes(form_id, data, on=on)]


# ---- national declaration


def test_the_sheet_follows_the_online_form() -> None:
    page = text_of(made("national_declaration"))
    places = [page.index(title) for title in ("1. FRONTESPIZIO", "2. DATI DELLA STRUTTURA", "3. VERSAMENTI", "4. ANNOTAZIONI")]
    assert places == sorted(places)
    assert "30 giugno 2027" in page
    assert "F376" in page
    assert squeezed("Questo foglio non è la dichiarazione") in squeezed(page)


def test_four_quarters_once_each() -> None:
    sample = sampled("national_declaration")
    sample["properties"][0]["quarters"][3]["quarter"] = 1
    found = codes("national_declaration", sample)
    assert found == [("paper.national.four", "properties[0].quarters")] * 2
    sample["properties"][0]["quarters"][3]["quarter"] = 5
    assert ("paper.national.quarter", "properties[0].quarters[3].quarter") in codes("national_declaration", sample)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"presences": 151}, ["paper.presences.sum"]), ({"due": "255.00"}, ["paper.national.due"]),
        ({"rates": [{"kind": "full", "presences": 128, "amount": "2.00", "due": "255.00"}]}, ["paper.national.rate"]),
        ({"rates": [{"kind": "full", "presences": 128, "due": "256.00"}]}, []),
        ({"rates": [{"kind": "full", "presences": 100, "amount": "2.00", "due": "200.00"},
                    {"kind": "reduced", "presences": 28, "amount": "2.00", "due": "56.00"}]}, []),
    ],
)  # fmt: skip
def test_sums_of_a_quarter(changes: dict[str, Any], expected: list[str]) -> None:
    sample = sampled("national_declaration")
    sample["properties"][0]["quarters"][1] |= changes
    found = [code for code, _ in codes("national_declaration", sample)]
    assert found == expected


def test_what_the_form_will_ask_is_noted() -> None:
    sample = sampled("national_declaration", payments=[], residents=None)
    del sample["comune"]["belfiore"], sample["operator"]["tax_code"], sample["properties"][0]["property"]["cin"]
    assert [code.rpartition(".")[2] for code, _ in told("national_declaration", sample)] == [
        "difference", "belfiore", "tax_code", "cin", "residents", "boxes",
    ]  # fmt: skip
    comune = {"name": "X", "province": "BA", "belfiore": "376"}
    assert codes("national_declaration", sampled("national_declaration", comune=comune)) == [
        ("paper.belfiore.unfit", "comune.belfiore")
    ]


# ---- cover


def test_at_the_desk_two_copies_one_to_be_stamped() -> None:
    first, second = (page.extract_text() for page in made("cover").pages)
    assert "Copia per il comune" in first
    assert "Copia per chi consegna" in second
    assert "protocollo" in second


@pytest.mark.parametrize(("way", "needed"), [("fax", "fax"), ("pec", "pec"), ("registered_post", "address")])
def test_an_address_is_handed_in_and_never_guessed(way: str, needed: str) -> None:
    sample = sampled("cover", way=way, address=None)
    assert codes("cover", sample) == [("paper.field.missing", needed)]
    reader = made("cover", sample=sample | {needed: "080 000000"})
    assert len(reader.pages) == 1
    assert "080 000000" in text_of(reader)


def test_pages_are_counted_with_the_sheet() -> None:
    assert "Pagine in tutto, con questo foglio 8" in text_of(made("cover"))
    assert codes("cover", sampled("cover", attached=[{"title": "x", "pages": 0}])) == [("paper.cover.pages", "attached[0].pages")]


# ---- notice


@pytest.mark.parametrize("language", ["it", "en", "de", "fr", "es", "ru"])
@pytest.mark.parametrize("window", ["stay", "run", "calendar_month", "calendar_quarter", "calendar_year", "none"])
def test_one_page_with_every_cap_and_every_exemption(language: str, window: str) -> None:
    codes_ = [{"code": code, "age": 12, "signed": True} for code in list(exempt_words())[:6]]
    cap = {"window": window} | ({} if window == "none" else {"nights": 7})
    reader = made("tax_notice", language, sample=sampled("tax_notice", cap=cap, exemptions=codes_))
    assert len(reader.pages) == 1
    page = squeezed(text_of(reader))
    assert ("7" in page) or window == "none"
    for entry in codes_:
        words = exempt_words()[entry["code"]][language].replace("{age}", "12")
        assert squeezed(words) in page


def test_amounts_are_written_as_the_reader_writes_them() -> None:
    assert "€2.00" in text_of(made("tax_notice", "en")).replace(" ", "")
    assert "2,00€" in squeezed(text_of(made("tax_notice", "de"))).replace("\xa0", "")
    assert "March 1, 2026" in text_of(made("tax_notice", "en"))


def test_percentage_with_and_without_ceiling() -> None:
    rates = [{"percent": "10.5", "ceiling": "7.00"}, {"percent": "3"}]
    page = text_of(made("tax_notice", sample=sampled("tax_notice", rates=rates)))
    assert "10.5 %" in page
    assert "al massimo 7,00" in page.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rates": [{}]}, ("paper.notice.rate", "rates[0].amount")),
        ({"rates": [{"amount": "1.00", "percent": "3"}]}, ("paper.notice.rate", "rates[0].amount")),
        ({"rates": [{"amount": "1.00", "first_night": "2026-03-02", "last_night": "2026-03-01"}]},
         ("paper.notice.nights", "rates[0].last_night")),
        ({"rates": [{"percent": "dieci"}]}, ("paper.decimals.unfit", "rates[0].percent")),
        ({"cap": {"window": "stay"}}, ("paper.notice.cap", "cap.nights")),
        ({"cap": {"window": "none", "nights": 3}}, ("paper.notice.cap", "cap.nights")),
        ({"reductions": [{"code": "youth", "amount": "1.00", "percent_off": "50"}]},
         ("paper.notice.reduction", "reductions[0].percent_off")),
        ({"reductions": [{"code": "elf", "percent_off": "50"}]}, ("paper.notice.words", "reductions[0].text")),
        ({"exemptions": [{"code": "elf"}]}, ("paper.notice.words", "exemptions[0].text")),
        ({"exemptions": [{"code": "minor"}]}, ("paper.field.missing", "exemptions[0].age")),
        ({"sanction": {"en": "x"}}, ("paper.field.missing", "sanction.it")),
    ],
)  # fmt: skip
def test_facts_that_make_no_notice(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert codes("tax_notice", sampled("tax_notice", **changes)) == [expected]


def test_own_words_are_italian_where_nobody_translated_them_and_that_is_said() -> None:
    sample = sampled("tax_notice", exemptions=[{"code": "elf", "text": {"it": "gli elfi", "en": "elves"}}], verified=True)
    assert "elves" in text_of(made("tax_notice", "en", sample=sample))
    assert "gli elfi" in text_of(made("tax_notice", "ru", sample=sample))
    assert told("tax_notice", sample) == [("paper.notice.untranslated", "exemptions[0].text")]


def test_amounts_that_no_longer_hold_are_noted() -> None:
    rates = [{"amount": "1.00", "last_night": "2026-02-28"}]
    sample = sampled("tax_notice", rates=rates, verified=True)
    assert told("tax_notice", sample, date(2026, 2, 28)) == []
    assert told("tax_notice", sample, date(2026, 3, 1)) == [("paper.notice.expired", "rates")]


def test_every_exemption_code_has_words_in_every_language() -> None:
    """The status words of the guest, but the one whose code has another name; and the codes of the tourist tax."""
    expected = set(GUEST_STATUSES) - {"l104_permanent_care"} | {"minor", "further_child", "disabled_l104"}
    assert set(exempt_words()) == expected
    for code, words in exempt_words().items():
        assert set(words) == {"table", "it", "en", "de", "fr", "es", "ru"}, code
        assert len({"{age}" in words[language] for language in ("it", "en", "de", "fr", "es", "ru")}) == 1
