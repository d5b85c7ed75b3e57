"""Inline rules and history of ``tax compute``, and what a rule document may not say (spec imposta-di-soggiorno 6.3)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from locanda.cli.tax_compute import compute
from locanda.core.problems import Problem
from locanda.core.shapes import parse
from locanda.core.stays import Property
from locanda.law.tourist_tax import Reckoner, read_rules, uncovered
from locanda.law.tourist_tax.validation import warnings

CAP = {"nights": 7, "window": "calendar_year", "carry_over": True}


def stay(ident: str, first: str, last: str) -> dict[str, Any]:
    return {"id": ident, "arrival": f"{first}T16:00+02:00", "departure": last, "guests": [{"id": "a"}]}


def told(*stays: Any, **more: Any) -> dict[str, Any]:
    return compute(json.dumps({"stays": stays, **more}).encode(), "en", explain=True)


def test_inline_rules_and_history_ask_only_for_what_the_rules_read() -> None:
    rules = {"versions": [{"id": "x", "rates": [{"fixed": "2.00"}], "cap": [CAP]}]}
    answer = told(stay("S", "2026-06-10", "2026-06-15"), rules=rules, history=[stay("H", "2026-05-10", "2026-05-14")])
    assert answer["total"] == "6.00"
    assert answer["stays"][0]["guests"][0]["nights_by_status"] == {"taxed": 3, "beyond_cap": 2}
    assert answer["rule"] == {"comune": None, "versions": ["x"], "status": "unverified"}


@pytest.mark.parametrize(
    ("version", "code", "where"),
    [
        ({"rates": [{}]}, "tax.rate.kind", ".rates[0]"),
        ({"rates": [{"fixed": "1.00", "when": {"any": True, "stars": 3}}]}, "tax.when.crowded", ".rates[0].when"),
        ({"rates": [{"percent": "5"}]}, "tax.price.basis", ".rates[0]"),
        ({"rates": [{"fixed": "1.00", "when": {"season": "low"}}]}, "tax.season.unknown", ".rates[0].when"),
        ({"cap": [{"nights": 3, "window": "calendar_month"}]}, "tax.cap.incomplete", ".cap[0]"),
        ({"periods": [{"from": "02-30", "to": "03-01"}]}, "tax.day.impossible", ".periods[0].from"),
        ({"rates": [{"fixed": 1}]}, "tax.rules.shape", ".rates[0].fixed"),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "tax.validity.reversed", ".valid_to"),
    ],
)
def test_faults_stand_where_they_are(version: dict[str, Any], code: str, where: str) -> None:
    found: list[Problem] = []
    assert read_rules({"versions": [{"id": "x", **version}]}, "rules", found) is None
    assert [(problem.code, problem.where) for problem in found] == [(code, f"rules.versions[0]{where}")]


def test_gaps_high_amounts_and_uncovered_types_are_told() -> None:
    versions = [
        {"id": "a", "valid_to": "2025-12-31", "rates": [{"when": {"type": "bb"}, "fixed": "15.00"}]},
        {"id": "b", "valid_from": "2026-02-01", "rates": [{"fixed": "1.00"}]},
    ]
    assert [problem.code for _, problem in warnings({"versions": versions})] == ["tax.validity.gap", "tax.amount.ceiling"]
    tax = read_rules({"versions": versions}, "rules", [])
    assert tax is not None
    assert [problem.fact("version") for problem in uncovered(tax, ["bb", "cav"])] == ["a"]


FULL: dict[str, Any] = {"rates": [{"fixed": "2.00"}]}


@pytest.mark.parametrize(
    ("version", "code", "where"),
    [
        ({"rounding": {"step": "0"}}, "tax.rounding.step", ".rounding.step"),
        ({"rounding": {"step": "0.001"}}, "tax.rounding.step", ".rounding.step"),
        ({"reductions": [{"code": "z", "when": {"any": True}, "percent_off": "150"}]},
         "tax.percent.beyond", ".reductions[0].percent_off"),
        ({"reductions": [{"code": "z", "when": {"any": True}, "use": "half"}]}, "tax.use.dangling", ".reductions[0].use"),
        ({"rates": [{"fixed": "1.00", "plus": "0.50"}]}, "tax.rate.stray", ".rates[0].plus"),
        ({"rates": [{"fixed": "1.00", "when": {"stars": "5..3"}}]}, "tax.range.reversed", ".rates[0].when.stars"),
        ({"rates": [{"fixed": "1.00", "when": {"booked_on": "<2026-13-01"}}]}, "tax.day.unreal", ".rates[0].when.booked_on"),
        ({"rates": [{"fixed": "1.00", "when": {"stars": ">=3..5"}}]}, "tax.rules.shape", ".rates[0].when.stars"),
        ({"rates": [{"fixed": "1.00", "when": {"type": []}}]}, "tax.rules.shape", ".rates[0].when.type"),
        ({"rates": [{"fixed": "1.00", "when": {"type": "hotel"}}]}, "tax.rules.shape", ".rates[0].when.type"),
        ({"rates": [{"fixed": "1.00", "when": {"month": [7]}}]}, "tax.rules.key", ".rates[0].when.month"),
        ({"cap": [{"nights": 3}]}, "tax.rules.missing", ".cap[0].window"),
        ({"rates": [{"price": {"per": "room"}, "brackets": [{"up_to": "3", "below": "4", "amount": "1"}, {"amount": "2"}]}]},
         "tax.bracket.ends", ".rates[0].brackets[0]"),
    ],
)  # fmt: skip
def test_rules_that_would_reckon_nonsense_are_refused_in_words(version: dict[str, Any], code: str, where: str) -> None:
    found: list[Problem] = []
    assert read_rules({"versions": [{"id": "x", **FULL, **version}]}, "rules", found) is None
    assert [(problem.code, problem.where) for problem in found] == [(code, f"rules.versions[0]{where}")]
    for language in ("it", "en"):
        assert "{" not in found[0].message(language)
        assert "…" not in found[0].message(language)


def test_all_faults_of_rules_and_stays_are_told_together() -> None:
    rules = {"versions": [{"id": "x", "rates": [{"fixed": 2, "when": {"stars": "abc"}}, {"fixed": "1,00"}]}]}
    answer = told({**stay("S", "2026-06-10", "2026-06-15"), "colour": "red"}, rules=rules)
    assert [problem["where"] for problem in answer["problems"]] == [
        "stays[0].colour", "rules.versions[0].rates[0].when.stars", "rules.versions[0].rates[0].fixed",
        "rules.versions[0].rates[1].fixed",
    ]  # fmt: skip


def test_a_gap_and_a_high_amount_of_inline_rules_are_notes() -> None:
    versions = [
        {"id": "a", "valid_to": "2026-06-30", "rates": [{"fixed": "15.00"}]},
        {"id": "b", "valid_from": "2026-08-01", "rates": [{"fixed": "1.00"}]},
    ]
    answer = told(stay("S", "2026-06-10", "2026-06-11"), rules={"versions": versions})
    assert answer["total"] == "15.00"
    assert [note["code"] for note in answer["notes"]] == ["tax.validity.gap", "tax.amount.ceiling"]


def test_months_are_a_number_a_range_or_a_list() -> None:
    for months in (6, "5..7", [6, 7]):
        rates = [{"when": {"months": months}, "fixed": "3.00"}, {"fixed": "1.00"}]
        assert told(stay("S", "2026-06-10", "2026-06-11"), rules={"versions": [{"id": "x", "rates": rates}]})["total"] == "3.00"


def test_two_limits_hold_at_once_and_the_one_that_is_spent_is_named() -> None:
    caps = [
        {"nights": 5, "window": "run"},
        {"nights": 7, "window": "calendar_month", "carry_over": True, "also": True},
    ]
    rules = {"versions": [{"id": "x", "rates": [{"fixed": "1.00"}], "cap": caps}]}
    answer = told(stay("A", "2026-06-01", "2026-06-08"), stay("B", "2026-06-15", "2026-06-22"), rules=rules)
    assert [one["total"] for one in answer["stays"]] == ["5.00", "2.00"]
    tax = read_rules(rules, "rules", [])
    assert tax is not None
    stays = parse({"stays": [stay("A", "2026-06-01", "2026-06-08"), stay("B", "2026-06-15", "2026-06-22")]}).stays
    first, second = Reckoner(tax, Property()).reckon(stays).stays
    assert [night.by for night in first.guests[0].nights[5:]] == [0, 0]
    assert [night.by for night in second.guests[0].nights[2:]] == [1] * 5


def test_a_percentage_is_rounded_once_and_then_divided() -> None:
    rates = [{"percent": "10", "price": {"per": "room"}}]
    rules = {"versions": [{"id": "x", "rates": rates, "rounding": {"step": "0.10", "mode": "half_up"}}]}
    three = {**stay("S", "2026-06-10", "2026-06-11"), "guests": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}
    answer = told({**three, "price": {"amount": "101.00", "per": "room"}}, rules=rules)
    assert answer["total"] == "10.10"
    assert [guest["amount"] for guest in answer["stays"][0]["guests"]] == ["3.38", "3.36", "3.36"]


def test_the_first_night_is_that_of_the_arrival_or_the_one_before_an_early_arrival() -> None:
    rules = {"versions": [{"id": "x", **FULL}]}
    early = {**stay("S", "2026-06-10", "2026-06-12"), "arrival": "2026-06-10T00:30+02:00"}
    assert told(early, rules=rules)["total"] == "4.00"
    assert [note["code"] for note in told(early, rules=rules)["notes"]] == ["tax.night.unconfirmed"]
    assert told({**early, "first_night": "2026-06-09"}, rules=rules)["total"] == "6.00"
    # who carries the arrival of the party carries its first night
    own = [{"id": "a", "arrival": "2026-06-10T00:30+02:00"}]
    assert told({**early, "first_night": "2026-06-09", "guests": own}, rules=rules)["total"] == "6.00"
    for wrong in ("2026-06-08", "2026-06-11", "2020-01-01"):
        answer = told({**early, "first_night": wrong}, rules=rules)
        assert [problem["code"] for problem in answer["problems"]] == ["tax.first_night.impossible"]
    late = {**stay("S", "2026-06-10", "2026-06-12"), "first_night": "2026-06-09"}
    assert [problem["code"] for problem in told(late, rules=rules)["problems"]] == ["tax.first_night.impossible"]


def test_a_guest_is_there_only_while_the_stay_lasts() -> None:
    rules = {"versions": [{"id": "x", **FULL}]}
    for own in ({"departure": "2026-06-13"}, {"arrival": "2026-06-13T10:00+02:00"}, {"departure": "2026-06-09"}):
        answer = told({**stay("S", "2026-06-10", "2026-06-12"), "guests": [{"id": "a", **own}]}, rules=rules)
        assert [problem["code"] for problem in answer["problems"]] == ["tax.guest.outside"]


def test_what_is_unknown_about_others_in_the_history_does_not_matter() -> None:
    rules = {"versions": [{"id": "x", **FULL, "cap": [CAP], "exemptions": [{"code": "minor", "when": {"age": "<12"}}]}]}
    with_age = {"id": "a", "birth_date": "1980-05-10"}
    past = {**stay("H", "2026-05-10", "2026-05-14"), "guests": [with_age, {"id": "b"}]}
    answer = told({**stay("S", "2026-06-10", "2026-06-15"), "guests": [with_age]}, rules=rules, history=[past])
    assert answer["total"] == "6.00"


def test_proven_nights_count_in_the_window_in_which_the_guest_came() -> None:
    cap = {"nights": 3, "window": "calendar_month", "carry_over": True, "scope": "comune"}
    rules = {"versions": [{"id": "x", **FULL, "cap": [cap]}]}
    later = [{"id": "a", "arrival": "2026-07-02T10:00+02:00"}]
    assert told({**stay("S", "2026-06-29", "2026-07-06"), "outside_nights": 2, "guests": later}, rules=rules)["total"] == "2.00"


def test_a_doubt_is_told_where_it_matters_and_asks_for_nothing() -> None:
    doubts = [{"when": {"age": ">=70"}, "it": "Forse meno.", "en": "Perhaps less."}]
    rules = {"versions": [{"id": "x", **FULL, "doubts": doubts}]}
    old = {**stay("S", "2026-06-10", "2026-06-12"), "guests": [{"id": "a", "birth_date": "1940-01-01"}, {"id": "b"}]}
    answer = told(old, rules=rules)
    assert [(note["code"], note["where"], note["message"]) for note in answer["notes"]] == [
        ("tax.doubt", "stays[0].guests[0]", "To be made clear. Perhaps less.")
    ]
    assert answer["total"] == "8.00"


def test_an_unknown_amount_says_why_where_the_rules_do() -> None:
    why = {"it": "A 14 anni non si sa.", "en": "At 14 nobody knows."}
    rates = [{"when": {"age": 14}, "unknown": True, "why": why}, {"fixed": "1.00"}]
    one = {**stay("S", "2026-06-10", "2026-06-12"), "guests": [{"id": "a", "birth_date": "2012-01-01"}]}
    answer = told(one, rules={"versions": [{"id": "x", "rates": rates}]})
    (problem,) = answer["problems"]
    assert (problem["code"], problem["message"]) == ("tax.rate.unclear", "Amount not known. At 14 nobody knows.")
