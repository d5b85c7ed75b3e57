"""Whom of a stay the statistics count, for how many nights, and why somebody is left out (spec flussi-turistici 2.2, 2.4).

    told = counted_guests(stay, until=date(2026, 12, 31))

For the comparison with the tax and the police, guest by guest: a stay of which something is missing says nothing yet.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.stays import Stay
from locanda.law.statistics.residences import residence_of
from locanda.law.statistics.spans import span_of, stay_span
from locanda.places import Tables, builtin

__all__ = ["LEFT_OUT", "CountedGuest", "counted_guests", "not_counted"]

LEFT_OUT = ("not_tourist", "displaced", "day_guest", "incomplete")
"""Why a guest has no night in the statistics; ``incomplete``: something is missing, so that they say nothing yet."""
_DAY = timedelta(days=1)


class CountedGuest(NamedTuple):
    """A guest by its place in the stay: the nights from ``first`` on, or none and one of :data:`LEFT_OUT`."""

    place: int
    first: date
    nights: int
    left_out: str = ""


def counted_guests(stay: Stay, *, until: date, tables: Tables | None = None) -> tuple[CountedGuest, ...]:
    """Everybody of the stay. Who has not left yet sleeps there up to the night of ``until``, the last that is asked about."""
    found: list[Problem] = []
    whole = stay_span(stay, found)
    told = []
    for place, guest in enumerate(stay.guests):
        wrong: list[Problem] = []
        span = whole if guest.details is None else span_of(stay, guest, whole, "", wrong)
        first = stay.arrival_day if span is None else span.arrival
        if span is not None and span.departure == span.arrival:
            told.append(CountedGuest(place, first, 0, "day_guest"))
        elif reason := not_counted(guest):
            told.append(CountedGuest(place, first, 0, reason))
        elif span is None or residence_of(guest, first, tables or builtin(), wrong) is None:
            told.append(CountedGuest(place, first, 0, "incomplete"))
        else:
            end = span.departure or until + _DAY
            told.append(CountedGuest(place, first, max((end - first).days, 0)))
    return tuple(told)


def not_counted(guest: Guest) -> str:
    """Why somebody does not count, or nothing: no tourists, people housed after a calamity (spec 2.4)."""
    details = guest.details
    if details is None:
        return ""
    if not details.tourist:
        return "not_tourist"
    return "displaced" if "displaced" in details.status else ""
