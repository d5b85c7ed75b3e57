"""The worked stays beside the packs, executed from JSON to JSON (spec imposta-di-soggiorno 5)."""

from __future__ import annotations

import pytest

from tests.law.tourist_tax.examples import TaxCase, differences, tax_cases

CASES = list(tax_cases())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_worked_stay(case: TaxCase) -> None:
    assert differences(case) == [], f"{case.says} ({case.source})"


def test_there_are_enough_worked_stays() -> None:
    assert len([case for case in CASES if case.expect.get("total")]) >= 150


def test_refusals_are_worked_too() -> None:
    refused = {code for case in CASES for code in case.expect.get("problems", ())}
    assert {"tax.rate.unknown", "tax.rule.none", "tax.fact.missing"} <= refused


def test_every_worked_stay_says_where_it_comes_from() -> None:
    assert [str(case) for case in CASES if not case.source.strip() or not case.expect] == []
