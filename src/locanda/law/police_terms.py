"""By when a guest must be registered with the police (TULPS art. 109 c. 3; D.L. 53/2019 art. 5).

Within 24 hours of arrival (IT-PS-02), within 6 when the planned stay is 24 hours or less, 24 exactly included
(IT-PS-03; spec alloggiati-web 1.2). One night with unknown departure hour counts as short: an ordinary night lasts less
than a day. Hours are elapsed hours; the prudent term is also kept on the wall clock (spec adempimenti 4.4).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from locanda.core.stays import Stay
from locanda.core.time import ROME, elapsed, prudent

__all__ = ["MAX_NIGHTS", "PoliceTerm", "Segment", "is_short", "police_term", "segments"]

MAX_NIGHTS = 30
"""Nights one schedina can carry (Guide; WS manual; spec 1.4)."""

_HOURS = {"IT-PS-02": 24, "IT-PS-03": 6}


class PoliceTerm(NamedTuple):
    """A term with its obligation; both instants in Italian time."""

    obligation: str
    starts: datetime
    legal: datetime
    prudent: datetime

    @property
    def short(self) -> bool:
        return self.obligation == "IT-PS-03"


class Segment(NamedTuple):
    """The nights that one round of schedine covers."""

    number: int
    first_day: date
    nights: int
    term: PoliceTerm


def is_short(arrival: datetime, departure: datetime | date | None, nights: int | None = None) -> bool:
    """Whether the planned stay is 24 hours or less. With the hour of departure unknown, one night or none is short."""
    return bool(Stay("", arrival, departure, nights).is_short)


def police_term(arrival: datetime, *, short: bool) -> PoliceTerm:
    """The term of an arrival."""
    obligation = "IT-PS-03" if short else "IT-PS-02"
    hours = _HOURS[obligation]
    return PoliceTerm(obligation, arrival, elapsed(arrival, hours), prudent(arrival, hours))


def segments(stay: Stay) -> list[Segment]:
    """The rounds of schedine of a stay: thirty nights each, the last with what remains.

    A follow-up is a new arrival on its first day, at the hour of the first arrival (a choice of ours: the sources say
    only that the new schedina obeys the same window, spec 1.4). Nights already registered are left out.
    """
    total = stay.night_count
    if total is None:
        return []
    found: list[Segment] = []
    done = stay.registered_nights
    while done < total or (total == 0 and not found):
        first_day = stay.arrival_day + timedelta(days=done)
        nights = min(MAX_NIGHTS, total - done)
        if done == 0:
            starts = stay.arrival
            short = is_short(starts, stay.departure, stay.nights)
        else:
            starts = datetime.combine(first_day, stay.arrival.astimezone(ROME).time(), ROME)
            short = is_short(starts, stay.departure if isinstance(stay.departure, datetime) else stay.departure_day)
        found.append(Segment(len(found), first_day, max(nights, 1), police_term(starts, short=short)))
        done += max(nights, 1)
    return found
