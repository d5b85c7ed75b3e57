"""How days are read from text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.time import ROME, end_hour, end_of_day, iso_day, last_day, rome_day, rome_midnight


@given(st.dates())
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert iso_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "", "20260710", "2026-W28-5", "2026-7-10", "10/07/2026", "2026-02-30", "2026-07-10\n", " 2026-07-10",
        "٢٠٢٦-٠٧-١٠", "0000-01-01",
    ],
)
def test_nothing_else_is_a_day(text: str) -> None:
    assert iso_day(text) is None


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 2), date(2028, 2, 29), date(2026, 12, 31)])
def test_a_term_that_ends_at_midnight_ends_with_the_day_before(day: date) -> None:
    midnight = rome_midnight(day + timedelta(days=1))
    for end in (midnight, midnight.astimezone(UTC)):
        assert (rome_day(end), last_day(end), end_hour(end)) == (day + timedelta(days=1), day, "24:00")
    assert (last_day(end_of_day(day)), end_hour(end_of_day(day))) == (day, "23:59")


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_any_other_term_ends_on_its_own_day(end: datetime) -> None:
    local = end.astimezone(ROME)
    if local.hour or local.minute or local.second or local.microsecond:
        assert last_day(end) == rome_day(end)
    assert last_day(end) <= rome_day(end) and last_day(end) >= rome_day(end) - timedelta(days=1)
