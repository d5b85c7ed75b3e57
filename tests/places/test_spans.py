"""The answers to a token through time are those of each day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from locanda.places import Comune, Unresolved, builtin

TABLES = builtin()


def _reason(answer: Comune | Unresolved) -> str | None:
    return answer.reason if isinstance(answer, Unresolved) else None


def test_answers_through_time_are_the_answers_of_each_day() -> None:
    tokens = ["MONOPOLI (BA)", "F376", "072030", "416072030", "CARBONIA (SU)", "SAMONE", "NOWHERE (XX)", "FORLI' (FO)"]
    ended = [row.label for row in TABLES.comuni if row.valid_to][::400]
    for token in tokens + ended:
        spans = TABLES.comune_spans(token)
        assert spans[0][0] == date.min and spans[-1][1] == date.max
        assert all(left[1] + timedelta(days=1) == right[0] for left, right in pairwise(spans))
        for first, last, answer in spans:
            middle = date.fromordinal((first.toordinal() + last.toordinal()) // 2)
            for day in (first, middle, last):
                told = TABLES.comune(token, day)
                assert told == answer or _reason(told) == _reason(answer) is not None, (token, day)
