"""Instants for property tests: any of them, and those within two days of a change of the clocks, which chance seldom finds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from locanda.core.time import ROME

__all__ = ["NEAR_CLOCK_CHANGES", "moments"]


def _change(year: int, month: int) -> datetime:
    """01:00 UTC of the last Sunday of March or October."""
    last = date(year, month, 31)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return datetime(sunday.year, sunday.month, sunday.day, 1, tzinfo=UTC)


NEAR_CLOCK_CHANGES: st.SearchStrategy[datetime] = st.builds(
    lambda year, month, minutes: (_change(year, month) + timedelta(minutes=minutes)).astimezone(ROME),
    st.integers(2001, 2098), st.sampled_from([3, 10]), st.integers(-50 * 60, 50 * 60),
)  # fmt: skip


def moments(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    """Instants between two naive ones, as Italy writes them; half of them near a change of the clocks (of any year)."""
    anywhere = st.datetimes(first, last).map(lambda moment: moment.replace(tzinfo=UTC).astimezone(ROME))
    return st.one_of(anywhere, NEAR_CLOCK_CHANGES)
