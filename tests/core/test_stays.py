"""Parties, nights and what counts as a short stay."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from locanda.core.people import Guest, Role
from locanda.core.stays import Stay, parties
from locanda.core.time import ROME

S, H, M, G, N = Role.SINGLE, Role.HEAD_OF_FAMILY, Role.FAMILY_MEMBER, Role.HEAD_OF_GROUP, Role.GROUP_MEMBER


@pytest.mark.parametrize(
    ("roles", "cut"),
    [
        ([], []), ([S], [1]), ([S, S], [1, 1]), ([H, M, M], [3]), ([S, H, M, G, N, N, S], [1, 2, 3, 1]),
        ([M], [1]), ([M, M], [2]), ([S, M], [1, 1]), ([H, H, M], [1, 2]), ([H, N], [2]), ([None, S, None], [1, 1, 1]),
    ],
)  # fmt: skip
def test_a_member_belongs_to_the_head_before_it(roles: list[Role | None], cut: list[int]) -> None:
    made = parties(tuple(Guest(str(index), role) for index, role in enumerate(roles)))
    assert [len(party.guests) for party in made] == cut
    assert [guest.id for party in made for guest in party.guests] == [str(index) for index in range(len(roles))]
    assert all(party.guests[0].id == str(party.start) for party in made)


def rome(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ROME, fold=fold)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("arrival", "departure", "nights", "short"),
    [
        (rome(2026, 7, 10, 15), rome(2026, 7, 11, 10), None, True),
        (rome(2026, 7, 10, 15), rome(2026, 7, 11, 15), None, True),  # exactly 24 hours are short
        (rome(2026, 7, 10, 15), rome(2026, 7, 11, 15, 1), None, False),
        (rome(2026, 7, 10, 15), date(2026, 7, 11), None, True),  # one night, hour unknown
        (rome(2026, 7, 10, 15), date(2026, 7, 12), None, False),
        (rome(2026, 7, 10, 15), None, 1, True),
        (rome(2026, 7, 10, 15), None, 2, False),
        (rome(2026, 7, 10, 15), None, None, None),
        (rome(2026, 10, 24, 15), rome(2026, 10, 25, 14, 30), None, False),  # the clocks go back: 24 hours and a half
        (rome(2026, 3, 28, 15), rome(2026, 3, 29, 16), None, True),  # the clocks go forward: 24 hours
    ],
)
def test_short_stays(arrival: datetime, departure: date | None, nights: int | None, short: bool | None) -> None:
    assert Stay("S", arrival, departure, nights).is_short is short
