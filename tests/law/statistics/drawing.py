"""Random stays for the properties of the counts, and a slow count that follows the definitions word by word."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from locanda.core.people import Guest, GuestDetails
from locanda.core.stays import Property, PropertyDay, Stay
from locanda.core.time import ROME, rome_day
from locanda.law.statistics import Movement, movement

__all__ = ["FIRST", "HOME", "LAST", "UNITS", "counted", "days", "slow", "stays"]

HOME = Property(id="P1", rooms=5, beds=20)
FIRST, LAST = date(2026, 10, 12), date(2026, 11, 22)
"""A stretch over the end of summer time and of a month."""
UNITS = ("1", "2", "3", "4", "5")
_RESIDENCES = (("IT", "F376"), (None, "H501"), ("DE", None), ("FR", None), ("GP", None), ("US", None))
_DAY = timedelta(days=1)

_day = st.dates(FIRST - 8 * _DAY, LAST + 3 * _DAY)


@st.composite
def _guest(draw: st.DrawFn, number: int, first: date, end: date | None, units: tuple[str, ...]) -> Guest:
    state, comune = draw(st.sampled_from(_RESIDENCES))
    own: dict[str, object] = {}
    if draw(st.integers(0, 4)) == 0:
        late = draw(st.integers(0, 3))
        arrival = first + late * _DAY
        if end is None or arrival < end:
            own["arrival"] = datetime.combine(arrival, time(17), ROME)
            first = arrival
    if draw(st.integers(0, 4)) == 0:
        most = 5 if end is None else max(1, min(5, (end - first).days))
        own["departure"] = first + draw(st.integers(1, most)) * _DAY
    if draw(st.integers(0, 5)) == 0:
        turn = first + draw(st.integers(0, 3)) * _DAY
        stop = turn + draw(st.integers(1, 6)) * _DAY
        own["rooms"] = ((draw(st.sampled_from(UNITS)), turn, stop),)
    if draw(st.integers(0, 9)) == 0:
        own["tourist"] = False
    details = GuestDetails(**own) if own else None  # type: ignore[arg-type]
    return Guest(id=f"g{number}", residence_state=state, residence_comune=comune, details=details)


@st.composite
def _stay(draw: st.DrawFn, number: int) -> Stay:
    first = draw(_day)
    end = None if draw(st.integers(0, 7)) == 0 else first + draw(st.integers(1, 20)) * _DAY
    units = tuple(draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True)))
    arrival, first_night = datetime.combine(first, time(16), ROME), None
    if draw(st.integers(0, 6)) == 0:
        arrival, first_night = datetime.combine(first + _DAY, time(2, 30), ROME), first
        end = None if end is None else max(end, first + _DAY)
    size = draw(st.integers(1, 4))
    guests = tuple(draw(_guest(place, rome_day(arrival), end, units)) for place in range(size))
    return Stay(f"S{number}", arrival, end, guests=guests, units=units, first_night=first_night)


@st.composite
def stays(draw: st.DrawFn, most: int = 6) -> list[Stay]:
    """Some stays that touch the stretch, or nearly."""
    return [draw(_stay(number)) for number in range(draw(st.integers(0, most)))]


def days(first: date = FIRST, last: date = LAST) -> list[PropertyDay]:
    """Every day open with everything on offer."""
    return [PropertyDay(first + place * _DAY, True, 5, 20) for place in range((last - first).days + 1)]


def counted(given: list[Stay], first: date = FIRST, last: date = LAST) -> Movement | None:
    """The movement; None where the draw has a stay that contradicts itself."""
    told = movement(HOME, given, days(first, last), first, last)
    assert (told.movement is None) == bool(told.problems)
    assert {problem.code for problem in told.problems} <= {"flows.departure.before_arrival", "flows.guest.after_stay"}
    return told.movement


def slow(given: list[Stay], day: date) -> tuple[Counter[str], Counter[str], Counter[str], int]:
    """Arrived, departed, present by residence, and rooms occupied, as spec 2.1 and 2.2 define them."""
    arrived: Counter[str] = Counter()
    departed: Counter[str] = Counter()
    present: Counter[str] = Counter()
    rooms: set[str] = set()
    for stay in given:
        untold, taken = 0, set()
        for guest in stay.guests:
            details = guest.details or GuestDetails()
            if not details.tourist:
                continue
            come = stay.first_night or rome_day(stay.arrival)
            if details.arrival is not None and rome_day(details.arrival) != rome_day(stay.arrival):
                come = rome_day(details.arrival)
            gone = details.departure or stay.departure
            assert gone is None or not isinstance(gone, datetime)
            place = guest.residence_comune or guest.residence_state or ""
            arrived[place] += come == day
            departed[place] += gone == day
            if come <= day and (gone is None or day < gone):
                present[place] += 1
                room = next((unit for unit, first, last in details.rooms if first <= day < last), None)
                if room is None:
                    untold += 1
                else:
                    taken.add(room)
        left = [unit for unit in stay.units if unit not in taken]
        rooms |= taken | set(left[:untold])
    return +arrived, +departed, +present, len(rooms)
