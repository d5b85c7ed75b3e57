"""The notice to guests from the rule in force, whatever kind of rate the comune has."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from locanda import places
from locanda.core.time import ROME
from locanda.office.tax import guest_notice
from tests.world import World, world

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 7, 10, 12, 0, tzinfo=ROME)


@pytest.fixture
def here() -> Iterator[World]:
    with world(NOON) as made:
        yield made


def told(here: World, name: str, **facts: Any) -> dict[str, Any]:
    comune = places.builtin().comune(name, NOON.date())
    here.property.comune = comune.police  # type: ignore[union-attr]
    for key, value in facts.items():
        setattr(here.property, key, value)
    here.property.save()
    data, _ = guest_notice.notice_data(here.property, facts.pop("on", NOON.date()))
    assert data is not None
    return data


@pytest.mark.parametrize("language", guest_notice.LANGUAGES)
def test_monopoli_in_every_language(here: World, language: str) -> None:
    data = told(here, "MONOPOLI (BA)")
    assert [rate["amount"] for rate in data["rates"]] == ["2.00"] and set(data["sanction"]) == set(guest_notice.LANGUAGES)
    content, problems, notes = guest_notice.notice_pdf(here.property, language, NOON.date())
    assert problems == [] and content.startswith(b"%PDF")
    assert [note.code for note in notes] == ["paper.notice.unverified"]


def test_bands_of_prices_say_for_which_prices(here: World) -> None:
    data = told(here, "AREZZO (AR)")
    assert [rate["amount"] for rate in data["rates"]] == ["1.50", "3.00", "5.00"]
    assert all("what" in rate for rate in data["rates"])
    assert guest_notice.notice_pdf(here.property, "it", NOON.date())[1] == []


def test_an_amount_by_star_is_that_of_the_property(here: World) -> None:
    comune = places.builtin().comune("SONDRIO (SO)", NOON.date())
    here.property.comune, here.property.type, here.property.stars = comune.police, "albergo", 3  # type: ignore[union-attr]
    here.property.save()
    data, _ = guest_notice.notice_data(here.property, date(2023, 5, 1))
    assert data is not None and [rate["amount"] for rate in data["rates"]] == ["2.00"]  # 0.50 x 3 + 0.50


def test_where_nobody_knows_the_amount_there_is_no_notice(here: World) -> None:
    content, problems, _ = guest_notice.notice_pdf(here.property, "it", date(2010, 1, 1))
    assert content == b"" and [problem.code for problem in problems] == ["tax.notice.unknown"]


@pytest.mark.parametrize("language", guest_notice.LANGUAGES)
def test_reduced_rates_stand_in_every_language(here: World, language: str) -> None:
    data = told(here, "BARI (BA)", on=date(2026, 7, 10))
    assert [(one["code"], one["percent_off"]) for one in data["reductions"]] == [("school_group", "50"), ("athlete", "50")]
    assert data["reductions"][1]["to_age"] == 15 and "text" not in data["reductions"][0]
    content, problems, notes = guest_notice.notice_pdf(here.property, language, date(2026, 7, 10))
    assert problems == []
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    printed = " ".join(" ".join(pages).replace("\u200b", "").split())
    heading = {"it": "Chi paga meno", "en": "Who pays less", "de": "Wer weniger zahlt", "fr": "Qui paie moins",
               "es": "Quién paga menos", "ru": "Кто платит меньше"}  # fmt: skip
    assert heading[language].upper() in printed.upper() and "50 %" in printed
    assert not [note for note in notes if note.code == "paper.notice.untranslated" and note.where.startswith("reductions")]


def test_a_reduction_that_asks_for_more_than_its_words_say_is_told_in_the_words_of_the_rule(here: World) -> None:
    data = told(here, "VERONA (VR)", type="albergo", stars=3)
    by_code = {one["code"]: one for one in data["reductions"]}
    assert (by_code["youth"]["from_age"], by_code["youth"]["to_age"], by_code["youth"]["percent_off"]) == (15, 25, "20")
    assert by_code["over_70"]["from_age"] == 71 and "26" in by_code["group"]["text"]["it"]
    _, problems, notes = guest_notice.notice_pdf(here.property, "de", NOON.date())
    assert problems == [] and "paper.notice.untranslated" in [note.code for note in notes]
