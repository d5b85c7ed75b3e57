"""Inline rules and history of ``tax compute``, and what a rule document may not say (spec imposta-di-soggiorno 6.3)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from locanda.cli.tax_compute import compute
from locanda.core.problems import Problem
from locanda.law.tourist_tax import read_rules, uncovered
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
