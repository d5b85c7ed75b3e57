"""What a breach costs: the calculations of spec adempimenti 3.2, reckoned by hand."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.law.general_rules import PROCEDURE, late_order, one_act, reduced_payment, time_bar
from locanda.law.packs import chain
from locanda.law.packs.values import Cure, Revocation, Sanction, Suspended, Words
from locanda.law.sanctions import Breach, calculate, earlier_breaches, find_rules, revoked, stakes

TODAY = date(2026, 5, 10)


def sanction(ident: str = "X-1", low: str | None = None, high: str | None = None, **more: Any) -> Sanction:
    """A sanction as a pack would give it; what is not said is not known."""
    fields: dict[str, Any] = dict.fromkeys(Sanction.__dataclass_fields__)
    fields |= {
        "id": ident, "status": "law", "sources": ("S",), "valid_from": date(2000, 1, 1), "notes": (), "territory": "it",
        "provenance": (), "it": "x", "en": "x", "basis": Words("L. 1/2000 art. 1", "L. 1/2000 art. 1"),
        "nature": "administrative", "suspended": (),
        "warning_first": False, "min": None if low is None else Decimal(low), "max": None if high is None else Decimal(high),
    } | more  # fmt: skip
    return Sanction(**fields)


SARDINIAN = {
    "repeat_factor": 2, "suspension_max_months": 3, "suspension_from": "repeated_recidiva", "revoke_after": Revocation(3, 36)
}
S_4D = sanction("S-26-4d", "500.00", "2000.00", warning_first=True, **SARDINIAN)


@pytest.mark.parametrize(
    ("low", "high", "reduced"),
    [
        ("800", "8000", 160_000),
        ("500", "5000", 100_000),
        ("600", "6000", 120_000),
        ("2000", "10000", 333_333),
        ("25", "500", 5_000),
        ("206", "2065", 41_200),
        ("516", "5164", 103_200),
        ("250", "2500", 50_000),
        ("1200", "1200", 40_000),
        ("200", "200", 6_667),
        ("200", "600", 20_000),
        ("2000", "20000", 400_000),
        ("1000", "5000", 166_667),
        ("200", "1000", 33_333),
        ("100", "250", 8_333),
        ("500", "500", 16_667),
    ],
)
def test_reduced_payments_of_the_list(low: str, high: str, reduced: int) -> None:
    assert calculate(sanction(low=low, high=high), on=TODAY).reduced == reduced


@pytest.mark.parametrize(
    ("on", "paused"), [(date(2020, 1, 1), True), (date(2021, 12, 31), True), (date(2022, 1, 1), False)]
)
def test_the_pause_of_puglia_has_a_first_and_a_last_day(on: date, paused: bool) -> None:
    rule = chain("072030").sanction("P-SPOT-OM", on)
    assert rule is not None
    found = calculate(rule, on=on)
    assert (found.suspended is not None, found.max) == ((True, 0) if paused else (False, 60_000))


def test_what_a_territory_adds_is_for_its_own_sanctions() -> None:
    rules = chain("090064")
    (national,) = stakes(["N-CIN-SHOW"], rules, TODAY, suspensions=[date(2026, 1, 1)] * 3)
    (regional,) = stakes(["S-26-2"], rules, TODAY, suspensions=[date(2026, 1, 1)] * 3)
    assert (national.revocation, regional.revocation) == (False, True)


def test_without_a_minimum_a_third_of_the_maximum() -> None:
    assert (reduced_payment(0, 60_000), reduced_payment(None, 60_000), reduced_payment(20_000, None)) == (20_000, 20_000, None)


def test_months_are_multiplied_and_reduced_payments_added() -> None:
    three = calculate(sanction(low="250", high="2500"), on=TODAY, count=3)
    assert (three.min, three.max, three.reduced) == (75_000, 750_000, 150_000)
    lets = calculate(sanction(low="200", high="1000"), on=TODAY, count=3)
    assert lets.reduced == 99_999, "333.33 three times, not a third of 3,000"


def test_the_steps_of_sardegna() -> None:
    first, second, third = (calculate(S_4D, on=TODAY, earlier=earlier) for earlier in (0, 1, 2))
    assert (first.min, first.max, first.repetition) == (50_000, 200_000, "none")
    assert (second.min, second.max, second.reduced, second.repetition) == (100_000, 400_000, 133_333, "recidiva")
    assert (third.min, third.max, third.repetition) == (100_000, 400_000, "repeated_recidiva")
    assert [step.suspension.possible for step in (first, second, third)] == [False, False, True]
    assert [step.suspension.max_months for step in (first, second, third)] == [None, None, 3]
    assert calculate(S_4D, on=TODAY, earlier=7).max == 400_000, "doubled once, however many"


def test_no_doubling_nor_suspension_for_occasional_lets() -> None:
    lets = calculate(sanction("S-26-4bis", "200", "1000", repeat_factor=1), on=TODAY, earlier=3)
    assert (lets.max, lets.repetition, lets.suspension.possible) == (100_000, "none", False)


def test_doubling_without_suspension() -> None:
    trading = calculate(sanction("S-26-2", "2000", "12000", repeat_factor=2), on=TODAY, earlier=2)
    assert (trading.min, trading.max, trading.suspension.possible) == (400_000, 2_400_000, False)


def test_serious_cases_in_lombardia() -> None:
    pause = {"suspension_max_months": 3, "suspension_from": "serious_after_warning"}
    notice = sanction("L-SCIA", "2000", "20000", repeat_factor=2, **pause)
    once, twice = calculate(notice, on=TODAY), calculate(notice, on=TODAY, earlier=1)
    assert (once.suspension.possible, once.suspension.max_months) == (True, 3)
    assert once.suspension.condition is not None
    assert (twice.min, twice.max) == (400_000, 4_000_000)


@pytest.mark.parametrize(
    ("days", "lost"),
    [
        ([], False),
        ([date(2026, 5, 10)] * 2, False),
        ([date(2023, 5, 10), date(2024, 1, 1), date(2026, 5, 10)], True),
        ([date(2023, 5, 9), date(2024, 1, 1), date(2026, 5, 10)], False),
        ([date(2026, 5, 10), date(2019, 1, 1), date(2025, 3, 3), date(2024, 9, 9)], True),
    ],
)
def test_three_suspensions_in_36_months_cost_the_permit(days: list[date], lost: bool) -> None:
    assert revoked(days, Revocation(3, 36)) is lost
    assert calculate(S_4D, on=TODAY, suspensions=days).revocation is lost


def test_where_no_rule_revokes_nothing_does() -> None:
    assert not calculate(sanction(low="1", high="2"), on=TODAY, suspensions=[TODAY] * 9).revocation


def test_puglia_months_of_2020_and_2021() -> None:
    pause = Suspended(date(2020, 1, 1), date(2021, 12, 31), ("000:13",), "press")
    late = sanction("P-SPOT-LATE", "100", "300", suspended=(pause,), cure=Cure(15, Decimal(100), 30))
    inside = calculate(late, on=date(2021, 12, 31), count=2)
    assert (inside.min, inside.max, inside.reduced, inside.suspended) == (0, 0, 0, pause)
    after = calculate(late, on=date(2022, 1, 1), count=2)
    assert (after.min, after.max, after.reduced, after.suspended) == (20_000, 60_000, 20_000, None)


@pytest.mark.parametrize(
    ("high", "on", "earlier", "warned"),
    [
        ("5000", date(2024, 8, 2), 0, True),
        ("5000", date(2024, 8, 1), 0, False),
        ("5000", TODAY, 1, False),
        ("5000.01", TODAY, 0, False),
    ],
)
def test_warning_first(high: str, on: date, earlier: int, warned: bool) -> None:
    found = calculate(sanction(low="500", high=high, warning_first=True), on=on, earlier=earlier)
    assert found.warning_first is warned
    assert ("D.Lgs. 103/2024 art. 6" in {article.it for article in found.articles}) is warned


def test_who_is_no_candidate_is_not_warned() -> None:
    assert not calculate(sanction(low="500", high="5000"), on=TODAY).warning_first


def test_the_contravention_of_the_police_duty() -> None:
    police = sanction("N-109", "0", "206", nature="criminal", arrest_max_months=3, oblazione=Decimal(103))
    found = calculate(police, on=TODAY)
    assert (found.min, found.max, found.reduced, found.oblazione) == (0, 20_600, None, 10_300)
    articles = {article.it for article in found.articles}
    assert "art. 162-bis c.p." in articles
    assert "L. 689/1981 art. 16" not in articles


def test_a_share_of_the_tax_is_not_multiplied() -> None:
    found = calculate(sanction("N-IDS-DICH", "100", "200", nature="tax_percent"), on=TODAY, count=4)
    assert found.percent
    assert (found.min, found.max, found.reduced) == (10_000, 20_000, None)


def test_an_unknown_amount_is_said_to_be_unknown() -> None:
    found = calculate(sanction("P-CPS"), on=TODAY, count=2)
    assert (found.min, found.max, found.reduced) == (None, None, None)
    assert any("not found" in note.en for note in found.notes)
    assert not found.warning_first


def test_which_earlier_breaches_count() -> None:
    history = [
        Breach("S-26-4d", date(2021, 5, 10)),
        Breach("S-26-4d", date(2021, 5, 9)),
        Breach("S-26-4d", date(2025, 1, 1), settled=True),
        Breach("S-26-4d", date(2025, 2, 1), enforceable=False),
        Breach("S-26-4c", date(2025, 3, 1)),
        Breach("S-26-4d", date(2025, 4, 1)),
        Breach("S-26-4d", TODAY),
    ]
    assert earlier_breaches(history, S_4D, TODAY) == 2
    assert earlier_breaches([], S_4D, TODAY) == 0


def test_general_rules() -> None:
    assert one_act([10_000, 50_000, 20_000]) == 80_000
    assert one_act([10_000] * 5) == 30_000
    assert one_act([]) == 0
    assert late_order(10_000, date(2026, 1, 10), date(2026, 7, 9)) == 10_000
    assert late_order(10_000, date(2026, 1, 10), date(2027, 1, 10)) == 12_000
    assert time_bar(date(2024, 2, 29)) == date(2029, 2, 28)
    assert {"reduced", "papers", "appeal", "time_bar"} <= {rule.id for rule in PROCEDURE}


@pytest.mark.parametrize(
    ("days", "named"),
    [
        (None, {"P-SPOT-LATE", "P-SPOT-OM", "P-SPOT-DIF"}), (1, {"P-SPOT-LATE", "P-SPOT-DIF"}),
        (30, {"P-SPOT-LATE", "P-SPOT-DIF"}), (31, {"P-SPOT-OM", "P-SPOT-DIF"}), (400, {"P-SPOT-OM", "P-SPOT-DIF"}),
    ],
)  # fmt: skip
def test_a_month_is_late_or_missing_never_both(days: int | None, named: set[str]) -> None:
    rules = chain("072030")
    found = stakes(["P-SPOT-LATE", "P-SPOT-OM", "P-SPOT-DIF"], rules, TODAY, days_late=days)
    assert {penalty.sanction.id for penalty in found} == named
    for penalty in found:
        told = any("non si sommano" in note.it and "not added" in note.en for note in penalty.notes)
        assert told is (penalty.sanction.id != "P-SPOT-DIF")


@pytest.mark.parametrize(
    ("month", "due", "named", "paused"),
    [
        (date(2019, 12, 31), date(2020, 1, 10), {"P-SPOT-2017T", "P-SPOT-2017P"}, False),
        (date(2020, 1, 31), date(2020, 2, 10), {"P-SPOT-OM"}, True),
        (date(2021, 12, 31), date(2022, 1, 10), {"P-SPOT-OM"}, True),
        (date(2022, 1, 31), date(2022, 2, 10), {"P-SPOT-OM"}, False),
    ],
)
def test_a_month_is_punished_by_the_law_of_that_month(month: date, due: date, named: set[str], paused: bool) -> None:
    rules = chain("072030")
    found = stakes(["P-SPOT-2017T", "P-SPOT-2017P", "P-SPOT-OM"], rules, due, month=month)
    assert {penalty.sanction.id for penalty in found} == named
    assert {penalty.suspended is not None for penalty in found} == {paused}
    (tax,) = stakes(["N-IDS-VERS"], rules, date(2024, 9, 16), month=date(2024, 8, 31))
    assert tax.max == 25_00, "a tax is late on the day it was due"


def test_the_risk_of_a_property_is_the_real_one() -> None:
    rules = chain("090064")
    history = [Breach("S-26-4d", date(2024, 1, 1)), Breach("S-26-4d", date(2025, 1, 1)), Breach("S-26-4a", date(2025, 1, 1))]
    (found,) = stakes(["S-26-4d", "NOPE"], rules, TODAY, history=history, suspensions=[date(2024, 1, 1)] * 3)
    assert (found.max, found.repetition, found.suspension.max_months, found.revocation) == (400_000, "repeated_recidiva", 3, True)
    assert "L.R. Sardegna 16/2017 art. 26 c. 8" in {article.it for article in found.articles}
    (fresh,) = stakes(["S-26-4d"], rules, TODAY)
    assert (fresh.max, fresh.warning_first) == (200_000, True)


def test_ranges_and_reduced_payments_are_those_of_the_reference(shared: Path) -> None:
    text = (shared / "spec" / "adempimenti.md").read_text(encoding="utf-8")
    block = text.split("### 3.1 The list")[1].split("```csv\n")[1].split("```")[0]
    rows = list(csv.DictReader(io.StringIO(block), delimiter=";"))
    assert len(rows) == 42
    for row in rows:
        rules = find_rules(row["id"])
        assert rules is not None, row["id"]
        version = rules.versions("sanction", row["id"])[-1]
        free = [pause.to for pause in version.suspended]
        found = calculate(version, on=max(free) + timedelta(days=1) if free else version.valid_from)
        ours = [None if cents is None else Decimal(cents) / 100 for cents in (found.min, found.max, found.reduced)]
        theirs = [Decimal(row[key]) if row[key] else None for key in ("min_eur", "max_eur", "reduced_art16_eur")]
        assert ours == theirs, row["id"]


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 48), st.integers(0, 5))
def test_less_to_pay_at_once_than_at_most(low: int, more: int, count: int, earlier: int) -> None:
    found = calculate(
        sanction(low=str(Decimal(low) / 100), high=str(Decimal(low + more) / 100), repeat_factor=2),
        on=TODAY, count=count, earlier=earlier,
    )  # fmt: skip
    assert found.reduced is not None
    assert found.max is not None
    assert 0 <= found.reduced <= found.max + count, "rounding adds at most a cent each"
    once = reduced_payment(low * found.factor, (low + more) * found.factor)
    assert once is not None
    assert found.reduced == count * once
