"""Deadline arithmetic: the worked dates of spec adempimenti 4.3 and 4.4, and what must hold for all dates."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.time import ROME, hours_between, parse_instant
from locanda.law.deadlines import appeal_day, due, instant_of, parse_duration
from locanda.law.holidays import POLICIES
from locanda.law.packs.values import Deadline
from locanda.law.periods import parse_period
from tests.law.moments import NEAR_CLOCK_CHANGES, moments

QUARTER = Deadline("after_period", period="quarter", day=16, roll="tax")
JANUARY = Deadline("yearly", month=1, day=30, year_offset=1)
JUNE = Deadline("yearly", month=6, day=30, year_offset=1, roll="tax")
DAY_5 = Deadline("after_period", period="month", day=5)
DAY_10 = Deadline("after_period", period="month", day=10)
POLICE = Deadline("elapsed", event="arrival", duration="PT24H", short_duration="PT6H")
REFUSAL = Deadline("elapsed", event="form_signed", duration="PT48H")

DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))
INSTANTS = moments(datetime(2001, 1, 1), datetime(2098, 12, 31))
HOURS = st.sampled_from([POLICE, REFUSAL])
DAY_RULES = st.builds(
    Deadline,
    kind=st.sampled_from(["within", "at_event"]),
    event=st.sampled_from(["regional_code_issued", "order_served"]),
    duration=st.sampled_from(["P20D", "P30D", "P60D", "P90D"]),  # P1M and P1Y: below
    roll=st.sampled_from(POLICIES),
    transition_until=st.none(), transition_due=st.none(),
)  # fmt: skip


def at(text: str) -> datetime:
    return parse_instant(text)


@pytest.mark.parametrize(
    ("rule", "period", "nominal", "last"),
    [
        (QUARTER, "2025-Q4", "2026-01-16", "2026-01-16"),
        (QUARTER, "2026-Q1", "2026-04-16", "2026-04-16"),
        (QUARTER, "2026-Q4", "2027-01-16", "2027-01-18"),
        (QUARTER, "2027-Q3", "2027-10-16", "2027-10-18"),
        (JANUARY, "2026", "2027-01-30", "2027-01-30"),
        (JUNE, "2025", "2026-06-30", "2026-06-30"),
        (JUNE, "2023", "2024-06-30", "2024-07-01"),
        (DAY_5, "2026-06", "2026-07-05", "2026-07-05"),
        (DAY_10, "2026-04", "2026-05-10", "2026-05-10"),
    ],
)
def test_worked_dates(rule: Deadline, period: str, nominal: str, last: str) -> None:
    found = due(rule, parse_period(period))
    assert found.nominal == date.fromisoformat(nominal)
    assert found.due == date.fromisoformat(last)
    assert found.prudent_due == found.nominal, "for day terms the prudent day is the nominal one"


@pytest.mark.parametrize(
    ("rule", "period", "reminder"),
    [
        (QUARTER, "2026-Q4", "2027-01-15"),
        (DAY_5, "2026-06", "2026-07-03"),
        (DAY_10, "2026-04", "2026-05-08"),
        (JANUARY, "2026", "2027-01-29"),
        (QUARTER, "2025-Q4", "2026-01-16"),
    ],
)
def test_the_reminder_comes_on_the_last_working_day_before(rule: Deadline, period: str, reminder: str) -> None:
    assert due(rule, parse_period(period)).remind_by == date.fromisoformat(reminder)


@pytest.mark.parametrize(
    ("period", "italian", "english"),
    [
        ("2025-12", "dicembre 2025", "December 2025"),
        ("2026-Q2", "il 2° trimestre 2026", "quarter 2 of 2026"),
        ("2019-T1", "il 1° quadrimestre 2019", "four-month period 1 of 2019"),
        ("2026-H2", "il 2° semestre 2026", "half-year 2 of 2026"),
        ("2026", "2026", "2026"),
    ],
)
def test_the_reason_is_said_as_people_say_it(period: str, italian: str, english: str) -> None:
    of = parse_period(period)
    why = due(Deadline("after_period", period=of.kind, day=10), of).why[0]
    assert why == (f"il giorno 10 del mese dopo {italian}", f"day 10 of the month after {english}")


@pytest.mark.parametrize(
    ("day", "period", "last"),
    [
        (31, "2026-01", "2026-02-28"), (31, "2024-01", "2024-02-29"), (30, "2026-01", "2026-02-28"),
        (31, "2026-03", "2026-04-30"),
        (31, "2026-11", "2026-12-31"), (31, "2026-12", "2027-01-31"), (31, "2026-Q1", "2026-04-30"),
        (29, "2100-01", "2100-02-28"),
    ],
)  # fmt: skip
def test_a_month_without_that_day_ends_on_its_last(day: int, period: str, last: str) -> None:
    of = parse_period(period)
    assert due(Deadline("after_period", period=of.kind, day=day), of).nominal == date.fromisoformat(last)


def test_prices_for_the_year_after() -> None:
    assert due(Deadline("yearly", month=10, day=1, year_offset=-1), parse_period("2027")).due == date(2026, 10, 1)
    assert due(Deadline("yearly", month=12, day=31), parse_period("2026")).due == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("arrival", "short", "legal", "prudent"),
    [
        ("2026-03-28T15:00+01:00", False, "2026-03-29T16:00+02:00", "2026-03-29T15:00+02:00"),
        ("2026-10-24T15:00+02:00", False, "2026-10-25T14:00+01:00", "2026-10-25T14:00+01:00"),
        ("2026-03-28T23:00+01:00", True, "2026-03-29T06:00+02:00", "2026-03-29T05:00+02:00"),
        ("2026-10-24T23:00+02:00", True, "2026-10-25T04:00+01:00", "2026-10-25T04:00+01:00"),
        ("2026-07-10T16:00+02:00", True, "2026-07-10T22:00+02:00", "2026-07-10T22:00+02:00"),
    ],
)
def test_hours_across_the_change_of_clocks(arrival: str, short: bool, legal: str, prudent: str) -> None:
    found = due(POLICE, at(arrival), short=short)
    assert isinstance(found.due, datetime)
    assert isinstance(found.prudent_due, datetime)
    assert found.due.isoformat(timespec="minutes") == legal
    assert found.prudent_due.isoformat(timespec="minutes") == prudent
    assert found.nominal == found.due
    assert found.remind_by == found.prudent_due


def test_a_day_without_its_hour_counts_from_its_start() -> None:
    assert due(POLICE, date(2026, 7, 10)).due == at("2026-07-11T00:00+02:00")


def test_48_hours_run_from_the_signature_and_ignore_sundays() -> None:
    assert due(REFUSAL, at("2026-10-03T18:20+02:00")).due == at("2026-10-05T18:20+02:00")


@pytest.mark.parametrize(
    ("served", "days", "last"),
    [
        (date(2026, 3, 2), 30, date(2026, 4, 1)),
        (date(2026, 7, 20), 30, date(2026, 9, 19)),
        (date(2026, 8, 5), 30, date(2026, 9, 30)),
        (date(2026, 7, 31), 30, date(2026, 9, 30)),
        (date(2026, 8, 31), 30, date(2026, 9, 30)),
    ],
)
def test_august_does_not_count_for_the_appeal(served: date, days: int, last: date) -> None:
    assert appeal_day(served, days) == last
    assert due(Deadline("within", event="order_served", duration=f"P{days}D"), served).nominal == last


def test_sixty_days_to_pay_less() -> None:
    rule = Deadline("within", event="challenge_served", duration="P60D", roll="civil")
    sunday = due(rule, date(2026, 8, 12))
    assert (sunday.nominal, sunday.due) == (date(2026, 10, 11), date(2026, 10, 12))
    saturday = due(rule, date(2026, 8, 11))
    assert (saturday.nominal, saturday.due) == (date(2026, 10, 10), date(2026, 10, 10))


def test_thirty_days_for_the_cin_and_the_older_codes() -> None:
    rule = Deadline(
        "within", event="regional_code_issued", duration="P30D",
        transition_until=date(2024, 11, 1), transition_due=date(2025, 1, 1),
    )  # fmt: skip
    assert due(rule, at("2026-05-04T09:30+02:00")).due == date(2026, 6, 3)
    assert due(rule, date(2023, 5, 4)).due == date(2025, 1, 1)
    assert due(rule, date(2024, 11, 2)).due == date(2024, 12, 2)


def test_at_the_event_itself() -> None:
    rule = Deadline("at_event", event="activity_start")
    assert due(rule, date(2026, 5, 10)).due == date(2026, 5, 10)
    assert due(rule, date(2026, 5, 10)).remind_by == date(2026, 5, 8)
    arrival = at("2026-05-10T16:00+02:00")
    assert set(due(rule, arrival)[:4]) == {arrival}


def test_the_day_before_never_moves_forward() -> None:
    rule = Deadline("before_event", event="closure_planned", duration="P1D")
    assert due(rule, date(2026, 11, 2)).due == date(2026, 11, 1)
    assert due(rule, date(2026, 11, 2)).remind_by == date(2026, 10, 30)


def test_kept_for_five_years_or_to_the_end_of_the_fifth() -> None:
    rule = Deadline("keep_until", event="portal_receipt", duration="P5Y")
    assert due(rule, at("2024-02-29T10:00+01:00")).due == date(2029, 2, 28)
    assert due(rule._replace(year_end=True), date(2026, 1, 16)).due == date(2031, 12, 31)


@pytest.mark.parametrize("kind", ["standing", "counter", "invented", "after_period"])
def test_what_gives_no_date_says_so(kind: str) -> None:
    with pytest.raises(ValueError, match=kind):
        due(Deadline(kind, event="activity_start"), date(2026, 1, 1))
    with pytest.raises(ValueError, match=kind):
        due(Deadline(kind), parse_period("2026"))


@pytest.mark.parametrize("text", ["", "P", "PT", "24H", "P30", "P1W", "PT30M", "-P1D"])
def test_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@given(HOURS, INSTANTS, st.booleans())
def test_hour_terms_are_exact_and_the_prudent_one_a_little_earlier(rule: Deadline, event: datetime, short: bool) -> None:
    found = due(rule, event, short=short)
    assert isinstance(found.due, datetime)
    assert isinstance(found.prudent_due, datetime)
    assert hours_between(event, found.due) == (48 if rule is REFUSAL else 6 if short else 24)
    assert 0 <= hours_between(found.prudent_due, found.due) <= 1
    assert hours_between(event, found.prudent_due) > 0


@given(HOURS, NEAR_CLOCK_CHANGES, st.booleans())
def test_only_the_change_of_spring_asks_for_an_hour_less(rule: Deadline, event: datetime, short: bool) -> None:
    found = due(rule, event, short=short)
    assert isinstance(found.due, datetime)
    assert isinstance(found.prudent_due, datetime)
    offsets = [moment.utcoffset() for moment in (event, found.due)]
    wall = event.replace(tzinfo=None) + timedelta(hours=48 if rule is REFUSAL else 6 if short else 24)
    shown = wall.replace(tzinfo=ROME).astimezone(UTC).astimezone(ROME).replace(tzinfo=None) == wall
    forward = offsets[1] > offsets[0]  # type: ignore[operator]
    assert hours_between(found.prudent_due, found.due) == (1 if forward and shown else 0), "no clock shows the hour"
    assert found.remind_by == found.prudent_due


@given(DAYS, st.integers(1, 130), st.sampled_from(["M", "Y"]), st.sampled_from(POLICIES))
def test_terms_in_months_keep_the_day_or_end_with_the_month(event: date, count: int, unit: str, policy: str) -> None:
    found = due(Deadline("within", event="regional_code_issued", duration=f"P{count}{unit}", roll=policy), event)
    months = event.year * 12 + event.month - 1 + count * (12 if unit == "Y" else 1)
    assert isinstance(found.nominal, date)
    assert found.nominal.year * 12 + found.nominal.month - 1 == months
    assert found.nominal.day == min(event.day, monthrange(months // 12, months % 12 + 1)[1])


@given(st.integers(1, 24), st.sampled_from([1996, 2000, 2004, 2024, 2096]), st.integers(1, 12))
def test_the_29th_of_february_is_kept_in_leap_years_alone(years: int, year: int, more: int) -> None:
    event = date(year, 2, 29)
    yearly = due(Deadline("keep_until", event="portal_receipt", duration=f"P{years}Y"), event).nominal
    leap = (year + years) % 4 == 0 and ((year + years) % 100 != 0 or (year + years) % 400 == 0)
    assert yearly == date(year + years, 2, 29 if leap else 28)
    monthly = due(Deadline("within", event="regional_code_issued", duration=f"P{more}M"), event).nominal
    assert isinstance(monthly, date)
    assert monthly.day == (28 if monthly.month == 2 else 29)


@given(st.integers(1, 40), DAYS, st.integers(0, 400), st.sampled_from(POLICIES))
def test_before_an_event_is_before_it_and_in_its_order(days: int, event: date, later: int, policy: str) -> None:
    rule = Deadline("before_event", event="closure_planned", duration=f"P{days}D")
    first, second = due(rule, event), due(rule, event + timedelta(days=later))
    assert first.due == first.nominal == event - timedelta(days=days)
    assert first.day <= second.day
    assert first.day < event


@given(DAYS)
def test_the_days_of_august_are_not_counted(served: date) -> None:
    last = appeal_day(served, 30)
    counted = [served + timedelta(days=step) for step in range(1, (last - served).days + 1)]
    assert sum(day.month != 8 for day in counted) == 30
    assert last.month != 8


@given(DAY_RULES, DAYS)
def test_never_before_the_event(rule: Deadline, event: date) -> None:
    found = due(rule, event)
    assert isinstance(found.nominal, date)
    assert event <= found.nominal <= found.day
    assert found.remind_by <= found.nominal  # type: ignore[operator]


@given(DAY_RULES, DAYS, st.integers(0, 400))
def test_a_later_event_is_never_due_earlier(rule: Deadline, event: date, later: int) -> None:
    first, second = due(rule, event), due(rule, event + timedelta(days=later))
    assert first.day <= second.day
    assert instant_of(first.nominal) <= instant_of(second.nominal)


@given(HOURS, INSTANTS, st.integers(0, 10_000))
def test_a_later_hour_is_never_due_earlier(rule: Deadline, event: datetime, minutes: int) -> None:
    later = datetime.fromtimestamp(event.timestamp() + minutes * 60, ROME)
    assert due(rule, event).instant.timestamp() <= due(rule, later).instant.timestamp()


@given(st.integers(2001, 2098), st.sampled_from(["month", "quarter", "year"]), st.integers(1, 31), st.sampled_from(POLICIES))
def test_returns_follow_their_period(year: int, kind: str, day: int, policy: str) -> None:
    rule = Deadline("after_period", period=kind, day=day, roll=policy)
    period = parse_period({"month": f"{year}-01", "quarter": f"{year}-Q4", "year": f"{year}"}[kind])
    found = due(rule, period)
    assert isinstance(found.nominal, date)
    assert period.last < found.nominal <= found.day
    assert found.nominal.day == min(day, 28 if (found.nominal.month == 2 and year % 4) else found.nominal.day)
