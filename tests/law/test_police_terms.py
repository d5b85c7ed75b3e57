"""Terms of the police duty: elapsed hours, clock changes, short stays, stays over thirty nights."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.stays import Stay
from locanda.core.time import ROME
from locanda.law.police_terms import MAX_NIGHTS, is_short, police_term, segments
from tests.law.moments import moments


def rome(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME)


@pytest.mark.parametrize(
    ("arrival", "short", "legal", "prudent"),
    [
        # spring: the clock jumps, 24 elapsed hours end an hour later on the wall (spec adempimenti 4.4)
        ("2026-03-28T15:00", False, "2026-03-29T16:00+02:00", "2026-03-29T15:00+02:00"),
        # autumn: an hour comes twice
        ("2026-10-24T15:00", False, "2026-10-25T14:00+01:00", "2026-10-25T14:00+01:00"),
        ("2026-07-10T16:00", False, "2026-07-11T16:00+02:00", "2026-07-11T16:00+02:00"),
        ("2026-07-10T22:30", True, "2026-07-11T04:30+02:00", "2026-07-11T04:30+02:00"),
        ("2026-03-28T23:00", True, "2026-03-29T06:00+02:00", "2026-03-29T05:00+02:00"),
        ("2026-12-31T20:00", False, "2027-01-01T20:00+01:00", "2027-01-01T20:00+01:00"),
    ],
)
def test_terms(arrival: str, short: bool, legal: str, prudent: str) -> None:
    term = police_term(rome(arrival), short=short)
    assert term.obligation == ("IT-PS-03" if short else "IT-PS-02")
    assert term.legal.isoformat() == datetime.fromisoformat(legal).isoformat()
    assert term.prudent.isoformat() == datetime.fromisoformat(prudent).isoformat()


@pytest.mark.parametrize(
    ("arrival", "departure", "nights", "short"),
    [
        ("2026-07-10T15:00", rome("2026-07-11T10:00"), None, True),
        ("2026-07-10T15:00", rome("2026-07-11T15:00"), None, True),  # 24 hours exactly are short
        ("2026-07-10T15:00", rome("2026-07-11T15:01"), None, False),
        ("2026-07-10T15:00", date(2026, 7, 11), None, True),  # one night, hour unknown
        ("2026-07-10T15:00", date(2026, 7, 12), None, False),
        ("2026-07-10T15:00", None, 1, True),
        ("2026-07-10T15:00", None, 2, False),
        # the night the clocks go forward: 15:00 to 16:00 on the wall is 24 hours elapsed
        ("2026-03-28T15:00", rome("2026-03-29T16:00"), None, True),
        ("2026-10-24T15:00", rome("2026-10-25T15:00"), None, False),  # 25 hours elapsed
    ],
)
def test_short_stays(arrival: str, departure: object, nights: int | None, short: bool) -> None:
    assert is_short(rome(arrival), departure, nights) is short  # type: ignore[arg-type]


instants = moments(datetime(2020, 1, 1), datetime(2035, 1, 1))


@given(instants, st.booleans())
def test_the_prudent_term_is_never_after_the_legal_one_nor_before_the_arrival(arrival: datetime, short: bool) -> None:
    term = police_term(arrival, short=short)
    stamps = [instant.timestamp() for instant in (arrival, term.prudent, term.legal)]
    assert stamps == sorted(stamps)
    assert stamps[2] - stamps[0] == (6 if short else 24) * 3600
    assert stamps[2] - stamps[1] <= 3600


@given(instants, st.integers(0, 200), st.integers(0, 60))
def test_segments_cover_every_night_once(arrival: datetime, nights: int, registered: int) -> None:
    found = segments(Stay("s", arrival, nights=nights, registered_nights=registered))
    if nights and registered >= nights:
        assert not found
        return
    if nights == 0 and registered:
        return
    day = found[0].first_day
    assert day == Stay("s", arrival).arrival_day + timedelta(days=registered)
    for index, segment in enumerate(found):
        assert segment.number == index and segment.first_day == day
        assert 1 <= segment.nights <= MAX_NIGHTS
        day += timedelta(days=segment.nights)
    assert sum(segment.nights for segment in found) == max(nights - registered, 1)


def test_forty_five_nights() -> None:
    arrival = rome("2026-03-01T17:30")
    first, second = segments(Stay("s", arrival, departure=date(2026, 4, 15)))
    assert (first.first_day, first.nights) == (date(2026, 3, 1), 30)
    assert (second.first_day, second.nights) == (date(2026, 3, 31), 15)
    # the follow-up starts at the same hour on the wall, beyond the change of clocks
    assert second.term.starts.isoformat() == "2026-03-31T17:30:00+02:00"
    assert second.term.legal.isoformat() == "2026-04-01T17:30:00+02:00"


def test_the_last_night_of_a_long_stay_is_short_on_its_own() -> None:
    found = segments(Stay("s", rome("2026-05-01T15:00"), departure=date(2026, 6, 1)))
    assert [(segment.nights, segment.term.obligation) for segment in found] == [(30, "IT-PS-02"), (1, "IT-PS-03")]
