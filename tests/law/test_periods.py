"""Periods as the doors write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.law.periods import PERIODS, Period, months_later, parse_period, period_of, periods

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-T3", date(2026, 9, 1), date(2026, 12, 31)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
    ],
)
def test_written_and_read(text: str, first: date, last: date) -> None:
    period = parse_period(text)
    assert (period.first, period.last, period.label) == (first, last, text)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-T4", "2026-H3", "26-01", "2026-1", ""])
def test_no_such_period(text: str) -> None:
    with pytest.raises(ValueError, match=r"no period|no such part"):
        parse_period(text)


@given(st.sampled_from(list(PERIODS)), DAYS)
def test_every_day_lies_in_one_period_of_a_kind(kind: str, day: date) -> None:
    period = period_of(kind, day)
    assert period.first <= day <= period.last
    assert period.next.first == period.last + timedelta(days=1)
    assert parse_period(period.label) == period


def test_periods_that_share_a_day() -> None:
    quarters = periods("quarter", date(2026, 3, 31), date(2026, 7, 1))
    assert [period.label for period in quarters] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert list(periods("month", date(2026, 3, 2), date(2026, 3, 1))) == [Period("month", 2026, 3)]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 10), -36, date(2023, 5, 10)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
    ],
)
def test_a_month_without_the_day_ends_on_its_last(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_no_month_lies_beyond_what_a_calendar_can_write() -> None:
    assert months_later(date(3, 5, 1), -60) == date.min and months_later(date.max, 1) == date.max
