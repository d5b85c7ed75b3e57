"""Which arrival day and how many days a schedina carries: the 30-night cap, follow-ups, one's own arrival, the window.

Spec alloggiati-web 1.3 and 1.4. A follow-up is a new arrival on the first night not yet registered, sent that day or the next.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.stays import Stay
from locanda.core.time import rome_day
from locanda.portals.alloggiati.fields import DAYS_MAX

__all__ = ["Segment", "guest_segment", "has_own_days", "segment", "stay_segment", "window_problem"]


class Segment(NamedTuple):
    """``start`` and ``days`` of the record; ``follow_up`` is the arrival day of the next schedina, if one is due."""

    start: date | None
    days: int = 0
    follow_up: date | None = None
    problem: Problem | None = None
    note: Problem | None = None


def has_own_days(guest: Guest) -> bool:
    """Whether the guest comes or goes apart from the stay."""
    return guest.details is not None and (guest.details.arrival is not None or guest.details.departure is not None)


def stay_segment(stay: Stay) -> Segment:
    """The segment of whoever comes and goes with the stay."""
    start, nights = stay.arrival_day, stay.night_count
    if nights is None:
        return Segment(start, problem=Problem("stay.departure.missing", "departure"))
    return segment(start, nights, stay.registered_nights)


def guest_segment(stay: Stay, guest: Guest, where: str) -> Segment:
    """The segment of a guest with an arrival or a departure of their own."""
    details = guest.details
    assert details is not None
    start = stay.arrival_day if details.arrival is None else rome_day(details.arrival)
    end = stay.departure_day if details.departure is None else _day(details.departure)
    if start < stay.arrival_day:
        found = Problem.of("guest.arrival.outside_stay", f"{where}.arrival", own=start, start=stay.arrival_day)
        return Segment(start, problem=found)
    if end is None:
        return Segment(start, problem=Problem("stay.departure.missing", "departure"))
    if end < start:
        return Segment(start, problem=Problem("guest.departure.before_arrival", f"{where}.departure"))
    made = segment(start, (end - start).days, stay.registered_nights, f"{where}.departure")
    if made.problem is not None and details.departure is not None:
        return made._replace(problem=Problem("guest.departure.all_registered", f"{where}.departure"))
    return made


def segment(arrival: date, nights: int, registered: int, where: str = "departure") -> Segment:
    """What the next schedina covers, after the nights already registered: 30 at most, then a follow-up."""
    start, left = arrival + timedelta(days=registered), nights - registered
    if nights < 0:
        return Segment(arrival, problem=Problem("stay.departure.before_arrival", where))
    if registered and left <= 0:
        return Segment(start, problem=Problem.of("stay.registered_nights.complete", "registered_nights", nights=nights))
    if left == 0:  # in and out on one day is lodging too, and the field knows no zero (spec 2.5)
        return Segment(start, 1, note=Problem("stay.nights.day_use", where))
    if left <= DAYS_MAX:
        return Segment(start, left)
    follow_up = start + timedelta(days=DAYS_MAX)
    said = Problem.of(
        "schedine.follow_up", where, nights=nights, date=follow_up.isoformat(), registered=registered + DAYS_MAX
    )
    return Segment(start, DAYS_MAX, follow_up, note=said)


def _day(moment: date | datetime) -> date:
    return rome_day(moment) if isinstance(moment, datetime) else moment


def window_problem(start: date, today: date, where: str) -> Problem | None:
    """The portal takes arrivals of today and of yesterday, by the Italian calendar."""
    age = (today - start).days
    if age in (0, 1):
        return None
    code = "stay.arrival.future" if age < 0 else "stay.arrival.too_old"
    return Problem.of(code, where, arrival=start.isoformat(), today=today.isoformat())
