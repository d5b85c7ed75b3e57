"""Late tourist tax: spec adempimenti 3.2 and imposta-di-soggiorno 15, reckoned by hand."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.law.late_tax import Late, half_up, legal_interest
from locanda.law.late_tax import late_payment as reckon
from locanda.law.packs import Chain, territory

DUE = date(2025, 7, 16)
RATES = legal_interest(Chain("", [territory("it")]))


def late_payment(amount: int, due: date, paid: date, **more: bool) -> Late:
    return reckon(amount, due, paid, rates=RATES, **more)


def test_the_rates_of_the_decrees() -> None:
    assert {year: float(rate.percent) for year, rate in RATES.items() if year >= 2023} == {2023: 5, 2024: 2.5, 2025: 2, 2026: 1.6}


def test_the_worked_example_of_the_spec() -> None:
    late = late_payment(50_000, DUE, date(2025, 7, 28))
    assert (late.days_late, late.sanction, late.interest, late.total) == (12, 500, 33, 50_533)
    assert late.step is not None
    assert late.step.id == "days_1_14"


@pytest.mark.parametrize(
    ("days", "step", "sanction"),
    [
        (1, "days_1_14", 83),  # 1,000.00 x 12.5 % / 15 / 10 = 0.8333
        (14, "days_1_14", 1_167),  # 11.6667
        (15, "days_15_30", 1_250),
        (30, "days_15_30", 1_250),
        (31, "days_31_90", 1_389),  # 13.8889
        (90, "days_31_90", 1_389),
        (91, "within_return", 3_125),
        (349, "within_return", 3_125),  # 30 June 2026
        (350, "later", 3_571),  # 35.7143
    ],
)
def test_steps_on_a_thousand_euro(days: int, step: str, sanction: int) -> None:
    late = late_payment(100_000, DUE, DUE + timedelta(days=days))
    assert late.step is not None
    assert (late.days_late, late.step.id, late.sanction) == (days, step, sanction)


def test_one_year_or_the_return_of_the_year() -> None:
    early = late_payment(100_000, date(2025, 1, 16), date(2026, 3, 2))
    assert early.boundary == date(2026, 6, 30)
    assert (early.sanction, early.other_reading) == (3_125, 3_571)
    year = late_payment(100_000, date(2025, 1, 16), date(2026, 3, 2), periodic_return=False)
    assert year.boundary == date(2026, 1, 16)
    assert (year.sanction, year.other_reading) == (3_571, 3_125)
    same = late_payment(100_000, date(2025, 1, 16), date(2025, 12, 1))
    assert same.other_reading is None


@pytest.mark.parametrize(("days", "told"), [(90, False), (91, True)])
def test_until_when_one_eighth_is_enough_is_told_once_it_applies(days: int, told: bool) -> None:
    due = date(2025, 1, 16)
    found = late_payment(100_000, due, due + timedelta(days=days))
    assert (found.boundary is not None) is told


def test_after_the_draft_assessment() -> None:
    late = late_payment(100_000, DUE, date(2025, 12, 1), after_draft=True)
    assert late.sanction == 4_167
    assert late.other_reading is None


@pytest.mark.parametrize(
    ("days", "sanction"), [(1, 100), (14, 1_400), (15, 1_500), (31, 1_667), (91, 3_750), (500, 4_286)]
)
def test_breaches_before_the_first_of_september_2024(days: int, sanction: int) -> None:
    due = date(2024, 4, 16)
    assert late_payment(100_000, due, due + timedelta(days=days)).sanction == sanction


@pytest.mark.parametrize(
    ("due", "sanction"),
    [(date(2024, 8, 30), 1_500), (date(2024, 8, 31), 1_250), (date(2024, 9, 2), 1_250)],
)
def test_the_day_of_the_reform(due: date, sanction: int) -> None:
    """31 August 2024 is a Saturday: that term ended on 2 September, under the new law."""
    assert late_payment(100_000, due, date(2024, 9, 20)).sanction == sanction


def test_interest_year_by_year() -> None:
    late = late_payment(100_000, date(2024, 10, 16), date(2026, 2, 10))
    assert [(entry.year, entry.days) for entry in late.years] == [(2024, 76), (2025, 365), (2026, 41)]
    # 1,000 x (76 x 2.5 + 365 x 2 + 41 x 1.6) / 36,500 = 985.6 / 36.5 = 27.0027...
    assert late.interest == 2_700


def test_a_year_without_a_rate_is_said() -> None:
    late = late_payment(100_000, date(2026, 10, 16), date(2027, 1, 20))
    assert late.unknown_years == (2027,)
    assert (late.interest, late.total) == (None, None)
    assert late.sanction == 3_125


def test_in_time_costs_nothing() -> None:
    assert late_payment(100_000, DUE, DUE)[3:8] == (0, None, 0, 0, 0)
    assert late_payment(100_000, DUE, date(2025, 6, 1)).total == 100_000


def test_a_term_on_a_saturday_ends_on_monday() -> None:
    assert late_payment(100_000, date(2027, 1, 16), date(2027, 1, 18)).days_late == 0
    assert late_payment(100_000, date(2027, 1, 16), date(2027, 1, 20)).days_late == 2


def test_half_a_cent_goes_up() -> None:
    assert [half_up(Fraction(value, 2)) for value in (0, 1, 2, 3, 5)] == [0, 1, 1, 2, 3]
    assert late_payment(40, DUE, DUE + timedelta(days=15)).sanction == 1  # 0.40 x 1.25 % = half a cent


@given(st.integers(0, 10**9), st.integers(1, 500), st.integers(0, 200))
def test_waiting_never_costs_less(amount: int, days: int, more: int) -> None:
    due = date(2024, 10, 16)
    sooner = late_payment(amount, due, due + timedelta(days=days))
    later = late_payment(amount, due, due + timedelta(days=days + more))
    assert sooner.total is not None
    assert later.total is not None
    assert amount <= sooner.total <= later.total


@given(st.dates(date(2023, 1, 2), date(2026, 6, 1)), st.integers(1, 200))
def test_every_day_of_delay_bears_interest_once(due: date, days: int) -> None:
    late = late_payment(10_000, due, due + timedelta(days=days))
    assert sum(entry.days for entry in late.years) == late.days_late
    assert set(RATES) >= {entry.year for entry in late.years}
