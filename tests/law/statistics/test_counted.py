"""Whom the statistics count of one stay, and why not the others: the same people as in the movement (spec 2.4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given

from locanda.core.people import Guest, GuestDetails
from locanda.core.stays import Stay
from locanda.core.time import ROME
from locanda.law.statistics import movement
from locanda.law.statistics.counted import LEFT_OUT, counted_guests
from tests.law.statistics.drawing import HOME, LAST, days, stays

ARRIVAL = datetime(2026, 10, 14, 16, tzinfo=ROME)
_DAY = timedelta(days=1)


def the_stay(*guests: Guest, departure: date | None = date(2026, 10, 17), arrival: datetime = ARRIVAL) -> Stay:
    return Stay("S", arrival, departure, guests=guests, units=("1",))


def somebody(**details: object) -> Guest:
    return Guest(id="a", residence_state="IT", residence_comune="F376", details=GuestDetails(**details) if details else None)


@given(stays())
def test_the_same_guests_and_nights_as_in_the_movement(drawn: list[Stay]) -> None:
    early = min((stay.arrival.date() for stay in drawn), default=LAST) - _DAY
    moved = movement(HOME, drawn, days(early, LAST), early, LAST).movement
    assume(moved is not None)
    for stay in drawn:
        told = {stay.guests[one.place].id: one for one in counted_guests(stay, until=LAST)}
        counted = {guest.guest: guest for guest in moved.guests if guest.stay == stay.id}
        for ident, one in told.items():
            if one.left_out or one.first > LAST:
                assert ident not in counted and (one.nights == 0 or one.first > LAST)
            else:
                flow = counted[ident]
                assert (flow.arrival, (flow.departure or LAST + _DAY) - flow.arrival) == (one.first, one.nights * _DAY)


@pytest.mark.parametrize(
    ("guest", "reason"),
    [
        (somebody(tourist=False), "not_tourist"),
        (somebody(status=("displaced",)), "displaced"),
        (Guest(id="a"), "incomplete"),
        (somebody(departure=date(2026, 10, 30)), "incomplete"),
    ],
)
def test_who_is_left_out_says_why(guest: Guest, reason: str) -> None:
    [told] = counted_guests(the_stay(guest), until=LAST)
    assert (told.nights, told.left_out) == (0, reason) and reason in LEFT_OUT


def test_a_day_guest_has_no_night_and_who_stays_on_is_there_up_to_the_last_day() -> None:
    [told] = counted_guests(the_stay(somebody(), departure=ARRIVAL.date()), until=LAST)
    assert (told.nights, told.left_out) == (0, "day_guest")
    [told] = counted_guests(the_stay(somebody(), departure=None), until=ARRIVAL.date() + _DAY)
    assert (told.nights, told.left_out) == (2, "")
