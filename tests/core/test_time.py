"""How days are read from text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.time import iso_day


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
