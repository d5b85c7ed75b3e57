"""Heads alone: the same people that the statistics count, whatever else is missing of them."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from locanda.law.statistics import day_counts, head_counts, told
from locanda.law.statistics.request import parse_request
from tests.flows_year import year


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 10_000))
def test_heads_are_those_of_the_counts(seed: int) -> None:
    data = json.dumps(year(seed, units=3, guests=60, days=60)).encode()
    answer = told(data)
    assert answer.movement is not None, answer.problems
    request, _ = parse_request(data)
    assert request is not None
    stays = request.stays
    found = head_counts(stays, answer.movement.first, answer.movement.last)
    assert [(one.day, one.previous, one.arrived, one.departed, one.present) for one in found] == [
        (one.day.day, one.day.previous, len(one.day.arrived), len(one.day.departed), one.day.present)
        for one in day_counts(answer.movement)
    ]


def test_a_stay_that_could_not_be_read_counts_nobody() -> None:
    day = date(2026, 6, 1)
    assert [one.present for one in head_counts([None], day, day)] == [0]
