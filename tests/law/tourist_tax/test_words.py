"""Why a night costs what it costs, and what a notice says, in words (spec imposta-di-soggiorno 3.5, 7.1)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from locanda.core.shapes import parse, parse_json
from locanda.core.stays import Property
from locanda.law.authorities import comune_code
from locanda.law.packs import chain
from locanda.law.packs.tree import builtin_tree
from locanda.law.tourist_tax import Reckoner, TouristTax, explained, notice, reason, reason_of
from locanda.law.tourist_tax.building import build
from tests.conftest import ROOT
from tests.law.tourist_tax.examples import TaxCase, tax_cases

WORDS = tomllib.loads((ROOT / "src/locanda/law/tourist_tax/words.toml").read_text(encoding="utf-8"))
MONOPOLI = chain("072030").tourist_tax()
assert MONOPOLI is not None


def taxes() -> Iterator[TouristTax]:
    for place in builtin_tree().walk():
        section = builtin_tree().pack(place.path).tourist_tax if place.file is not None else None
        if section is not None:
            yield build(section, territory=place.path)


def test_every_code_of_the_packs_has_words() -> None:
    codes = {row.code for tax in taxes() for version in tax.versions for row in (*version.exemptions, *version.reductions)}
    assert {code for code in codes if f"who.{code}" not in WORDS} == set()


def test_words_are_in_both_languages_and_name_the_same_facts() -> None:
    import string

    for key, entry in WORDS.items():
        assert set(entry) == {"it", "en"}, key
        names = [{name for _, name, _, _ in string.Formatter().parse(entry[language]) if name} for language in ("it", "en")]
        assert names[0] == names[1], key


@pytest.mark.parametrize("case", [case for case in tax_cases() if case.expect.get("total")], ids=str)
def test_every_night_of_the_worked_stays_is_explained(case: TaxCase) -> None:
    shapes = parse_json(json.dumps(case.given))
    given = shapes if not shapes.problems else parse({key: case.given[key] for key in ("property", "stays")})
    home = given.property
    assert home is not None
    tax = chain(str(comune_code(home.comune, date(2026, 1, 1)))).tourist_tax()
    assert tax is not None
    for stay in Reckoner(tax, home).reckon(given.stays).stays:
        for guest in stay.guests:
            told = explained(guest.nights, tax)
            assert sum(line.nights for line in told) == len(guest.nights)
            assert sum(line.nights * line.amount for line in told) == guest.amount
            for line in told:
                for language in ("it", "en"):
                    text = line.reason.text(language)
                    assert text.endswith(".")
                    assert "{" not in text
                    assert "?" not in text


def test_a_family_reads_why() -> None:
    guests = [{"id": "a", "birth_date": "1980-05-10"}, {"id": "c", "birth_date": "2014-06-12", "documents_held": ["modello_3"]}]
    stays = parse({"stays": [
        {"id": "S", "arrival": "2026-06-10T16:00+02:00", "departure": "2026-06-27", "guests": guests}
    ]}).stays  # fmt: skip
    parent, child = Reckoner(MONOPOLI, Property(type="bb", comune="072030")).reckon(stays).stays[0].guests
    told = [(line.nights, line.amount, line.reason.text("it")) for line in explained(parent.nights, MONOPOLI)]
    assert told == [
        (14, 200, "Tariffa del comune: 2,00 euro per persona e notte."),
        (3, 0, "Oltre il limite (al massimo 14 notti in un anno): questa notte non si paga."),
    ]
    told = [(line.nights, line.amount, line.reason.text("en")) for line in explained(child.nights, MONOPOLI)]
    assert told[:2] == [
        (2, 0, "Exempt: child, under 12."), (14, 200, "The comune's rate: 2.00 euro per person and night."),
    ]  # fmt: skip


def test_a_ledger_that_kept_the_status_alone_reads_the_same() -> None:
    guests = [{"id": "c", "birth_date": "2018-01-01"}]
    stay = {"id": "S", "arrival": "2026-06-10T16:00+02:00", "departure": "2026-06-12", "guests": guests}
    stays = parse({"stays": [stay]}).stays
    night = Reckoner(MONOPOLI, Property(type="bb", comune="072030")).reckon(stays).stays[0].guests[0].nights[0]
    assert reason(MONOPOLI.named(night.version), night.status) == reason_of(night, MONOPOLI)
    assert reason(None, "exempt:minor").text("it") == "Esente: minore."
    assert reason(None, "reduced:youth", base=350, amount=170).text("it") == "Riduzione (giovane): 1,70 euro invece di 3,50."


def test_the_notice_of_a_bed_and_breakfast_in_monopoli() -> None:
    rules = chain("072030")
    told = notice(MONOPOLI, Property(type="bb", comune="072030"), date(2026, 7, 1), chain=rules)
    assert told is not None
    assert (told.version, told.status) == ("2026", "press")
    assert [(line.says.it, line.amount, line.only) for line in told.rates] == [("2,00 euro per persona e notte", 200, ())]
    assert [line.says.it for line in told.caps] == ["al massimo 14 notti in un anno"]
    assert [(line.code, line.paper, [words.it for words in line.only]) for line in told.exemptions] == [
        ("minor", "modello_3", ["meno di 12 anni"]), ("disabled_l104", "modello_6", []),
    ]  # fmt: skip
    assert "N-IDS-VERS" in told.sanctions
    hotel = notice(MONOPOLI, Property(type="albergo", stars=4, comune="072030"), date(2026, 7, 1))
    assert hotel is not None
    assert [line.amount for line in hotel.rates] == [400]
    assert notice(MONOPOLI, Property(type="bb"), date(1990, 1, 1)) is None


@pytest.mark.parametrize("tax", list(taxes()), ids=lambda tax: tax.territory.rsplit("/", 1)[-1])
@pytest.mark.parametrize("home", [Property(type="bb"), Property(type="albergo", stars=4), Property(type="campeggio", stars=2)])
def test_a_notice_is_whole_for_every_comune(tax: TouristTax, home: Property) -> None:
    for version in tax.versions:
        told: Any = notice(tax, home, max(version.first, date(2000, 1, 1)))
        assert told is not None
        assert told.rates
        lines = [*told.rates, *told.caps, *told.exemptions, *told.reductions]
        words = [text for line in lines for saying in (line.says, *line.only) for text in saying]
        assert all(text.strip() and "{" not in text for text in words)
