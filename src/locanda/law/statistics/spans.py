"""The statistical days of a guest: when they arrive, when they leave, or that they do not count (spec flussi-turistici 2.2, 2.4).

* ``first_night``, once confirmed, is the day of arrival: an arrival before 06:00 belongs to the night before.
* Who arrives after midnight and leaves the same day has slept: one arrival and one night; unless ``first_night`` says
  otherwise the departure is counted on the next day (Trento).
* Who comes and goes on one day without sleeping is no guest for the statistics (Trento).
* A guest's own arrival and departure, within those of the stay, win over them; a departure that nobody knows is not invented.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.stays import Stay
from locanda.core.time import ROME, rome_day

__all__ = ["EARLY", "Span", "span_of", "stay_span"]

EARLY = 6
"""Before this hour an arrival may belong to the night before (``interfaces.md``)."""
_DAY = timedelta(days=1)


class Span(NamedTuple):
    """First night slept and day of departure (None: not yet known).

    Both the same: came and went without sleeping. ``same_day``: slept after midnight and left on the day of arrival.
    """

    arrival: date
    departure: date | None
    same_day: bool = False


def stay_span(stay: Stay, found: list[Problem]) -> Span | None:
    """The days of whoever comes and goes with the stay; None after adding a problem."""
    came = stay.arrival_day
    first = came if stay.first_night is None else stay.first_night
    early = stay.arrival.astimezone(ROME).hour < EARLY
    if first != came and not (early and first == came - _DAY):
        found.append(Problem.of("flows.first_night.unfit", "first_night", first=first, arrival=came))
        return None
    return _span(first, stay.departure_day, slept=early, where="departure", found=found)


def span_of(stay: Stay, guest: Guest, whole: Span | None, where: str, found: list[Problem]) -> Span | None:
    """The days of a guest; ``whole`` is the answer for the stay, used when the guest has no days of their own."""
    details = guest.details
    if details is None or (details.arrival is None and details.departure is None):
        return whole
    came = stay.arrival_day
    own = came if details.arrival is None else rome_day(details.arrival)
    if own < came:
        found.append(Problem.of("flows.arrival.before_stay", f"{where}.arrival", own=own, start=came))
        return None
    last = stay.departure_day
    for key, day in (("arrival", own), ("departure", _day(details.departure))):
        if last is not None and day is not None and day > last:
            found.append(Problem.of("flows.guest.after_stay", f"{where}.{key}", own=day, end=last))
            return None
    first, moment = (stay.first_night or came, stay.arrival) if own == came else (own, details.arrival or stay.arrival)
    end = _day(details.departure) or last
    early = moment.astimezone(ROME).hour < EARLY
    return _span(first, end, slept=early, where=f"{where}.departure", found=found)


def _day(moment: date | datetime | None) -> date | None:
    return rome_day(moment) if isinstance(moment, datetime) else moment


def _span(first: date, end: date | None, *, slept: bool, where: str, found: list[Problem]) -> Span | None:
    if end is None or first < end:
        return Span(first, end)
    if end < first:
        found.append(Problem.of("flows.departure.before_arrival", where, arrival=first, departure=end))
        return None
    return Span(first, first + _DAY, same_day=True) if slept else Span(first, first)
