"""Worked by hand: the house of spec flussi-turistici 13, stays across months (2.3), and who counts (2.4)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from locanda.law.statistics import Movement, day_counts, month_counts
from tests.law.statistics.test_reading import Json, asked, good, guest, stay_json

MARCH = {"from": "2027-03-01", "to": "2027-03-31"}
GERMAN = guest(residence_state="DE", residence_comune=...)
FRENCH = guest(residence_state="FR", residence_comune=...)


def house() -> Movement:
    """Three rooms and six beds, open all March 2027 but its last three days; a builder has one room all month."""
    days: list[Json] = [{"day": f"2027-03-{day:02d}", "open": True, "rooms": 2, "beds": 4} for day in range(1, 29)]
    days += [{"day": f"2027-03-{day}", "open": False} for day in (29, 30, 31)]
    return good(
        stay_json(id="S1", arrival="2027-02-27T15:00+01:00", departure="2027-03-03T10:00+01:00", units=["1"],
                  guests=[guest(residence_comune="014061"), {**FRENCH, "id": "b"}]),
        stay_json(id="S2", arrival="2027-03-05T15:00+01:00", departure="2027-03-06", units=["1"]),
        stay_json(id="S3", arrival="2027-03-06T15:00+01:00", departure="2027-03-09", units=["1", "2"],
                  guests=[GERMAN, {**GERMAN, "id": "b"}, {**GERMAN, "id": "c", "birth_date": "2026-12-24"}]),
        stay_json(id="S4", arrival="2027-02-01T15:00+01:00", departure="2027-04-01", units=["3"], guests=[guest(tourist=False)]),
        days=days, **MARCH,
    )  # fmt: skip


def test_the_figures_of_the_month() -> None:
    (month,) = month_counts(house())
    assert {line.row.code: (line.arrived, line.departed, line.nights) for line in month.rows} == {
        "014": (0, 1, 2), "072": (1, 1, 1), "001": (0, 1, 2), "004": (3, 3, 9),
    }  # fmt: skip
    assert [line.row.code for line in month.rows] == ["014", "072", "001", "004"]
    assert (month.previous, month.arrivals, month.departures, month.nights, month.room_nights) == (2, 4, 6, 14, 9)
    assert (month.present, month.days_open, month.days_closed, month.zero_days) == (0, 28, 3, 24)
    assert month.net_beds == Fraction(1400, 4 * 28) == Fraction(25, 2)
    assert month.gross_beds(6) == Fraction(1400, 6 * 31)
    assert month.net_rooms == Fraction(900, 2 * 28)
    assert month.average_stay == Fraction(7, 2)


def test_the_days_of_the_month() -> None:
    moved = house()
    assert len(moved.days) == 31
    moves = [entry.day.day for entry in moved.days if entry.arrived or entry.departed]
    assert moves == [3, 5, 6, 9]
    assert [entry.day.day for entry in moved.days if entry.is_zero] == [1, 2, 4, 7, 8, *range(10, 29)]
    assert [entry.day.day for entry in moved.days if entry.is_zero and entry.rooms_occupied] == [1, 2, 7, 8]
    assert [entry.rooms_occupied for entry in moved.days[:10]] == [1, 1, 0, 0, 1, 2, 2, 2, 0, 0]
    sixth = moved.days[5]
    assert (sixth.previous, len(sixth.arrived), len(sixth.departed), sixth.present) == (1, 3, 1, 3)


def test_a_stay_across_two_months() -> None:
    """From 30 January to 2 February with two persons (spec 2.3)."""
    moved = good(
        stay_json(arrival="2027-01-30T15:00+01:00", departure="2027-02-02", guests=[guest(), guest(id="b")]),
        **{"from": "2027-01-01", "to": "2027-02-28"},
    )
    january, february = month_counts(moved)
    assert (january.arrivals, january.departures, january.nights) == (2, 0, 4)
    assert (february.arrivals, february.departures, february.nights, february.previous) == (0, 2, 2, 2)


def test_a_stay_that_ends_on_the_first_and_one_that_fills_the_month() -> None:
    february = {"from": "2027-02-01", "to": "2027-02-28"}
    first = good(stay_json(arrival="2027-01-30T15:00+01:00", departure="2027-02-01"), **february)
    (month,) = month_counts(first)
    assert (month.departures, month.nights, month.zero_days) == (1, 0, 27)
    full = good(stay_json(arrival="2027-01-30T15:00+01:00", departure="2027-03-02"), **february)
    (month,) = month_counts(full)
    assert (month.arrivals, month.departures, month.nights, month.room_nights, month.zero_days) == (0, 0, 28, 28, 28)


def test_new_year_and_leap_day() -> None:
    moved = good(
        stay_json(arrival="2027-12-30T15:00+01:00", departure="2028-03-01", guests=[guest()]),
        **{"from": "2027-12-01", "to": "2028-03-31"},
    )
    assert [(month.first.year, month.nights) for month in month_counts(moved)] == [(2027, 2), (2028, 31), (2028, 29), (2028, 0)]
    assert [month.days for month in month_counts(moved)] == [31, 31, 29, 31]


@pytest.mark.parametrize(
    ("arrival", "more", "arrived", "departed", "nights"),
    [
        # an arrival belongs to the Italian day, whatever offset it was written with
        ("2026-10-09T23:30Z", {}, 10, 12, 2),
        ("2026-10-10T00:30+02:00", {"first_night": "2026-10-09"}, 9, 12, 3),
        ("2026-10-10T00:30+02:00", {}, 10, 12, 2),
        ("2026-10-10T05:59+02:00", {"first_night": "2026-10-09", "departure": "2026-10-10"}, 9, 10, 1),
        # slept and left on one day: the departure is counted on the next (Trento)
        ("2026-10-10T02:00+02:00", {"departure": "2026-10-10T11:00+02:00"}, 10, 11, 1),
        # the night in which the clock goes back, at both its two o'clocks
        ("2026-10-25T02:30+02:00", {"departure": "2026-10-26"}, 25, 26, 1),
        ("2026-10-25T02:30+01:00", {"departure": "2026-10-25T12:00+01:00"}, 25, 26, 1),
        ("2026-10-24T23:59+02:00", {"departure": "2026-10-25T00:30+02:00"}, 24, 25, 1),
        ("2026-10-10T16:00+02:00", {"departure": None, "nights": 2}, 10, 12, 2),
        ("2026-10-10T16:00+02:00", {"departure": None}, 10, None, 22),
    ],
)
def test_statistical_days(arrival: str, more: Json, arrived: int, departed: int | None, nights: int) -> None:
    moved = good(stay_json(arrival=arrival, **more))
    assert [entry.day.day for entry in moved.days if entry.arrived] == [arrived]
    assert [entry.day.day for entry in moved.days if entry.departed] == ([departed] if departed else [])
    assert sum(entry.present for entry in moved.days) == nights


@pytest.mark.parametrize(
    ("arrival", "first_night"),
    [("10T06:00", "2026-10-09"), ("10T01:00", "2026-10-08"), ("10T01:00", "2026-10-11")],
)
def test_a_first_night_that_cannot_be(arrival: str, first_night: str) -> None:
    answer = asked(stay_json(arrival=f"2026-10-{arrival}+02:00", first_night=first_night))
    assert [problem.code for problem in answer.problems] == ["flows.first_night.unfit"]


def test_a_guest_stays_within_the_stay() -> None:
    for key, day in (("departure", "2026-10-13"), ("arrival", "2026-10-13T12:00+02:00")):
        answer = asked(stay_json(guests=[guest(**{key: day})]))
        assert [(problem.code, problem.where) for problem in answer.problems] == [
            ("flows.guest.after_stay", f"stays[0].guests[0].{key}"),
        ]  # fmt: skip
    early = asked(stay_json(guests=[guest(arrival="2026-10-09T12:00+02:00")]))
    assert [problem.code for problem in early.problems] == ["flows.arrival.before_stay"]
    assert [problem.code for problem in asked(stay_json(guests=[])).problems] == ["flows.guests.missing"]


def test_a_night_that_nobody_confirmed_is_said() -> None:
    answer = asked(stay_json(arrival="2026-10-10T00:30+02:00"))
    assert [note.code for note in answer.notes] == ["flows.night.unconfirmed", "flows.days.assumed"]


def test_who_left_on_the_day_they_slept_is_marked() -> None:
    moved = good(stay_json(arrival="2026-10-10T02:00+02:00", departure="2026-10-10T11:00+02:00"))
    assert (moved.guests[0].same_day, moved.guests[0].departure) == (True, date(2026, 10, 11))


@pytest.mark.parametrize(
    "more",
    [{"departure": "2026-10-10T21:00+02:00"}, {"departure": "2026-10-10"}, {"departure": None, "nights": 0}],
)
def test_a_day_guest_does_not_count(more: Json) -> None:
    answer = asked(stay_json(**more))
    assert answer.movement is not None
    assert answer.movement.guests == ()
    assert [note.code for note in answer.notes] == ["flows.guest.day_guest", "flows.days.assumed"]


def test_babies_the_exempt_and_people_at_work_count() -> None:
    who = [
        guest(id="a", birth_date="2026-10-10", occupies_bed=False), guest(id="b", status=["worker"]),
        guest(id="c", status=["resident"]), guest(id="d", status=["employee_of_property", "l104_permanent_care"]),
    ]  # fmt: skip
    assert len(good(stay_json(guests=who)).guests) == 4


def test_people_housed_after_a_calamity_do_not_count() -> None:
    answer = asked(stay_json(guests=[guest(status=["displaced"])]))
    assert answer.movement is not None
    assert answer.movement.guests == ()
    assert "flows.guest.displaced" in [note.code for note in answer.notes]


def test_a_group_counts_by_each_ones_residence() -> None:
    moved = good(stay_json(guests=[guest(role="head_of_group"), *({**GERMAN, "id": f"m{n}", "role": 20} for n in range(3))]))
    day = list(day_counts(moved))[9]
    assert {line.row.code: line.arrived for line in day.rows} == {"072": 1, "004": 3}


def test_a_change_of_room_is_no_movement() -> None:
    rooms = [{"unit": "1", "from": "2026-10-10", "to": "2026-10-12"}, {"unit": "2", "from": "2026-10-12", "to": "2026-10-14"}]
    moved = good(stay_json(departure="2026-10-14", units=[], guests=[guest(rooms=rooms)]))
    assert [(len(entry.arrived), len(entry.departed), entry.rooms_occupied) for entry in moved.days[9:14]] == [
        (1, 0, 1), (0, 0, 1), (0, 0, 1), (0, 0, 1), (0, 1, 0),
    ]  # fmt: skip


def test_a_member_leaves_before_the_head_and_a_room_falls_free() -> None:
    moved = good(stay_json(departure="2026-10-14", units=["1", "2"], guests=[guest(), guest(id="b", departure="2026-10-12")]))
    assert [entry.rooms_occupied for entry in moved.days[9:14]] == [2, 2, 1, 1, 0]
    assert [len(entry.departed) for entry in moved.days[9:14]] == [0, 0, 1, 0, 1]


def test_a_room_let_twice_on_one_day_counts_once() -> None:
    moved = good(stay_json(), stay_json(id="S2", arrival="2026-10-12T16:00+02:00", departure="2026-10-13"))
    assert [entry.rooms_occupied for entry in moved.days[9:13]] == [1, 1, 1, 0]
    twin = moved.days[11]
    assert (len(twin.arrived), len(twin.departed), twin.previous, twin.present) == (1, 1, 1, 1)


def test_a_house_let_as_a_whole_is_one_unit() -> None:
    home: dict[str, Any] = {"id": "P1", "rooms": 3, "beds": 6, "let_as": "whole"}
    moved = good(stay_json(units=[]), stay_json(id="S2", units=["2", "3"]), property=home)
    assert [(entry.rooms_occupied, entry.rooms) for entry in moved.days[8:12]] == [(0, 1), (1, 1), (1, 1), (0, 1)]
    single = good(stay_json(units=[]), property={"id": "P1", "rooms": 1, "beds": 2})
    assert single.days[9].rooms_occupied == 1


def test_the_only_unit_lent_to_no_tourist_leaves_nothing_to_offer() -> None:
    moved = good(stay_json(guests=[guest(tourist=False)]), property={"id": "P1", "rooms": 1, "beds": 2})
    lent = moved.days[9]
    assert (lent.open, lent.rooms, lent.beds, lent.rooms_occupied, lent.present) == (True, 0, 0, 0, 0)


def test_what_is_said_of_a_day_wins_over_what_stands_in() -> None:
    away = stay_json(guests=[guest(tourist=False)])
    answer = asked(away, days=[{"day": "2026-10-10", "open": True, "beds": 5}, {"day": "2026-10-11", "open": True, "rooms": 1}])
    assert answer.movement is not None
    assert [(entry.rooms, entry.beds) for entry in answer.movement.days[8:12]] == [(3, 6), (2, 5), (1, 6), (3, 6)]
    assert [note.fact("first") for note in answer.notes if note.code == "flows.days.beds_unsure"] == ["2026-10-11"]
    single = asked(away, property={"id": "P1", "rooms": 1, "beds": 2}, days=[{"day": "2026-10-10", "open": True, "rooms": 1}])
    assert single.movement is not None
    assert [(entry.rooms, entry.beds) for entry in single.movement.days[8:11]] == [(1, 2), (1, 0), (0, 0)]


def test_a_room_of_no_tourist_is_not_on_offer_and_its_beds_are_asked_for() -> None:
    answer = asked(stay_json(guests=[guest(tourist=False)]))
    assert answer.movement is not None
    assert [entry.rooms for entry in answer.movement.days[8:12]] == [3, 2, 2, 3]
    unsure = [note for note in answer.notes if note.code == "flows.days.beds_unsure"]
    assert [(note.fact("count"), note.fact("first"), note.fact("last")) for note in unsure] == [("2", "2026-10-10", "2026-10-11")]


def test_more_rooms_occupied_than_on_offer_is_said() -> None:
    days = [{"day": "2026-10-10", "open": True, "rooms": 1, "beds": 2}]
    answer = asked(stay_json(units=["1", "2"], guests=[guest(), guest(id="b")]), days=days)
    assert [note.code for note in answer.notes] == ["flows.rooms.beyond_offer", "flows.days.assumed"]


def test_a_very_long_stay_is_questioned() -> None:
    answer = asked(stay_json(arrival="2025-10-10T16:00+02:00", departure="2026-10-12"))
    assert ("flows.stay.over_a_year", "367") in [(note.code, note.fact("nights")) for note in answer.notes]
