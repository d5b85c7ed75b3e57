"""Holidays and weekends: spec adempimenti 4.1 and 4.2, and the calendar of PyPI as a second opinion."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.law.holidays import (
    POLICIES,
    easter_monday,
    is_holiday,
    is_working_day,
    national_holidays,
    reminder_day,
    roll,
)  # fmt: skip
from locanda.law.packs import Chain, territory

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize("day", [date(2026, 4, 6), date(2027, 3, 29), date(2028, 4, 17)])
def test_easter_monday_of_the_spec(day: date) -> None:
    assert easter_monday(day.year) == day


def test_twelve_holidays_from_2026_and_eleven_before() -> None:
    assert len(national_holidays(2026)) == 12
    assert len(national_holidays(2025)) == 11


@pytest.mark.parametrize(
    ("day", "holiday"), [(date(2025, 10, 4), False), (date(2026, 10, 4), True), (date(2027, 10, 4), True)]
)
def test_the_fourth_of_october(day: date, holiday: bool) -> None:
    assert is_holiday(day) is holiday


def test_its_first_visible_effect_is_in_2027() -> None:
    assert roll(date(2027, 10, 4), "civil") == date(2027, 10, 5)
    assert roll(date(2027, 10, 2), "tax") == date(2027, 10, 5)


def test_saints_days_and_easter_sunday() -> None:
    assert not is_holiday(date(2027, 6, 29)), "29 June counts only in the comune of Rome"
    assert not is_holiday(date(2026, 12, 16)), "a patron saint moves no term"
    assert is_holiday(date(2026, 4, 5))


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_the_list_of_the_pack_is_ours(year: int) -> None:
    rules = Chain("", [territory("it")])
    parameter = rules.parameter("national-holidays", date(year, 1, 1))
    assert parameter is not None
    assert isinstance(parameter.value, tuple)
    fixed = {f"{day:%m-%d}" for day in national_holidays(year)} - {f"{easter_monday(year):%m-%d}"}
    assert fixed == set(parameter.value)


@pytest.mark.parametrize("year", range(2024, 2036))
def test_the_calendar_of_pypi_agrees(year: int) -> None:
    holidays = pytest.importorskip("holidays", reason="PyPI holidays, the second opinion, is not installed")
    theirs = set(holidays.country_holidays("IT", years=year))
    ours = set(national_holidays(year))
    assert ours - theirs == set()
    # what it lists beyond ours is a Sunday anyway: Easter, and the armed forces in November
    assert {day for day in theirs - ours if day.weekday() != 6} == set()


@pytest.mark.parametrize(
    ("day", "policy", "moved"),
    [
        (date(2027, 1, 16), "tax", date(2027, 1, 18)),
        (date(2027, 1, 16), "civil", date(2027, 1, 16)),
        (date(2027, 1, 16), "none", date(2027, 1, 16)),
        (date(2024, 6, 30), "tax", date(2024, 7, 1)),
        (date(2026, 12, 25), "tax", date(2026, 12, 28)),
        (date(2026, 12, 25), "civil", date(2026, 12, 28)),
        (date(2026, 7, 5), "none", date(2026, 7, 5)),
        (date(2027, 3, 28), "civil", date(2027, 3, 30)),
    ],
)
def test_policies(day: date, policy: str, moved: date) -> None:
    assert roll(day, policy) == moved


def test_an_unknown_policy_is_no_policy() -> None:
    with pytest.raises(ValueError, match="monday"):
        roll(date(2026, 1, 1), "monday")


def test_the_holiday_of_rome_moves_terms_in_rome_alone() -> None:
    peter_and_paul = date(2026, 6, 29)
    assert roll(peter_and_paul, "civil") == peter_and_paul
    assert roll(peter_and_paul, "civil", frozenset({(6, 29)})) == date(2026, 6, 30)
    assert reminder_day(peter_and_paul, frozenset({(6, 29)})) == date(2026, 6, 26)


@given(DAYS, st.sampled_from(POLICIES))
def test_rolling_twice_is_rolling_once_and_never_back(day: date, policy: str) -> None:
    moved = roll(day, policy)
    assert moved >= day
    assert roll(moved, policy) == moved
    assert moved - day <= timedelta(days=5)


@given(DAYS, st.sampled_from(POLICIES), st.integers(0, 40))
def test_rolling_keeps_order(day: date, policy: str, later: int) -> None:
    assert roll(day, policy) <= roll(day + timedelta(days=later), policy)


@given(DAYS)
def test_the_reminder_is_a_working_day_not_after_the_term(day: date) -> None:
    reminder = reminder_day(day)
    assert reminder <= day
    assert is_working_day(reminder)
    assert not any(is_working_day(reminder + timedelta(days=step)) for step in range(1, (day - reminder).days + 1))
