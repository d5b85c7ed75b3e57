"""What happened that starts a duty: arrivals, departures and movements out of the stays, the rest out of the events.

The clock of the police runs for each person: who arrives later has a term of their own, and a stay of more than thirty nights
has a new one for every round of schedine (spec adempimenti 4.4; alloggiati-web 1.4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.stays import Property, Stay
from locanda.core.time import rome_midnight
from locanda.law.deadlines import When, day_of, instant_of
from locanda.law.events import DutyEvent
from locanda.law.packs import Chain
from locanda.law.police_terms import Segment, segments

__all__ = ["UNKNOWN_START", "Facts", "Occurrence", "Subject", "contradictions", "covers", "portal_key"]

Subject = tuple[tuple[str, str | int], ...]
"""What a duty is about, as pairs: ``(("stay", "S1"), ("guest", "a"))``, ``(("period", "2026-06"),)``, ``(("event", 0),)``."""


class Occurrence(NamedTuple):
    """One start of a clock. ``day``: the day of Italy of ``at``; ``short``: the planned stay lasts 24 hours or less;
    ``follow_up``: nights beyond the thirtieth."""

    at: When
    day: date
    subject: Subject
    short: bool = False
    follow_up: bool = False
    stay: Stay | None = None
    guest: Guest | None = None
    event: DutyEvent | None = None


class Facts:
    """A property with its stays and events; every question is answered once."""

    def __init__(
        self, property: Property, stays: Sequence[Stay], events: Sequence[DutyEvent | None], rules: Chain
    ) -> None:
        self.property = property
        self.stays = tuple(stays)
        self.events = tuple(events)
        self.rules = rules
        self.problems: list[Problem] = []
        self._known: dict[str, tuple[Occurrence, ...]] = {}
        starts = [day_of(event.at) for event in self.of("activity_start") if event.at]
        ends = [day_of(event.at) for event in self.of("activity_end") if event.at]
        self.start: date | None = min(starts, default=property.since)
        self.open = _open(starts, ends, property.since)
        self.names = self._names()
        self.outages = tuple(self.of("outage"))

    def of(self, kind: str) -> Iterator[DutyEvent]:
        """The events of a kind."""
        return (event for event in self.events if event is not None and event.kind == kind)

    def occurrences(self, event: str) -> tuple[Occurrence, ...]:
        """Every start of a clock under that name."""
        found = self._known.get(event)
        if found is None:
            source = _SOURCES.get(event)
            found = self._known[event] = tuple(source(self) if source else self._given(event))
        return found

    def _names(self) -> frozenset[str]:
        """The names under which a clock may start here, so that nobody asks in vain for the others."""
        names = {event.kind for event in self.events if event is not None}
        names |= {"arrival", "movement", "departure", "first_arrival"} if self.stays else set()
        return frozenset(names | (_FROM_THE_START if self.start else {UNKNOWN_START}))

    def active(self, first: date, last: date) -> bool:
        """Whether the property was open to guests on some day of a stretch."""
        return any((begun is None or begun <= last) and (ended is None or ended >= first) for begun, ended in self.open)

    @cached_property
    def nights(self) -> frozenset[date]:
        """The days on which somebody slept there, as far as the stays tell."""
        taken = ((stay.arrival_day, stay.night_count or 0) for stay in self.stays)
        return frozenset(first + timedelta(days=night) for first, nights in taken for night in range(nights))

    @property
    def about(self) -> Subject:
        """The subject of what concerns the property itself."""
        return (("property", self.property.id),)

    def _given(self, kind: str) -> Iterator[Occurrence]:
        for index, event in enumerate(self.events):
            if event is not None and event.kind == kind:
                at = event.at or (date(event.year, 1, 1) if event.year else None)
                if at is not None:
                    yield Occurrence(at, day_of(at), (("event", index),), event=event)

    def _arrivals(self) -> Iterator[Occurrence]:
        last: Stay | None = None
        rounds: list[Segment] = []
        for subject, stay, guest, where in _people(self.stays):
            problem = _contradiction(stay, where)
            if problem is not None:
                self._trouble(problem)
                continue
            if stay is not last:  # most guests share the stay, and with it the clock
                last, rounds = stay, segments(stay)
            for segment in rounds:
                later = segment.first_day > stay.arrival_day
                about = (*subject, ("segment", segment.first_day.isoformat())) if later else subject
                starts = segment.term.starts
                yield Occurrence(starts, day_of(starts), about, segment.term.short, later, stay, guest)

    def _movements(self) -> Iterator[Occurrence]:
        for subject, stay, guest, _ in _people(self.stays):
            yield Occurrence(stay.arrival, stay.arrival_day, subject, stay=stay, guest=guest)
            left = stay.departure_instant or stay.departure_day
            if left is not None:
                yield Occurrence(left, day_of(left), (*subject, ("movement", "departure")), stay=stay, guest=guest)

    def _departures(self) -> Iterator[Occurrence]:
        for index, stay in enumerate(self.stays):
            left = stay.departure_instant or stay.departure_day
            if left is not None:
                yield Occurrence(left, day_of(left), (("stay", stay.id or f"stays[{index}]"),), stay=stay)

    def _guest_departures(self) -> Iterator[Occurrence]:
        for subject, stay, guest, _ in _people(self.stays):
            left = stay.departure_instant or stay.departure_day
            if left is not None and guest is not None:
                yield Occurrence(left, day_of(left), subject, stay=stay, guest=guest)

    def _starts(self) -> Iterator[Occurrence]:
        given = list(self._given("activity_start"))
        if given or self.property.since is None:
            return iter(given)
        return iter([Occurrence(self.property.since, self.property.since, self.about)])

    def _starts_without_code(self) -> Iterator[Occurrence]:
        """The start, where no code of the region can be waited for: none was told, and the packs know of none there."""
        if self.rules.versions("parameter", "regional-code") or any(self.of("regional_code_issued")):
            return iter(())
        return self._starts()

    def _first_arrival(self) -> Iterator[Occurrence]:
        """The earliest arrival known since the start; without stays, the start itself: nobody can come before it."""
        arrivals = [stay.arrival for stay in self.stays if self.start is None or stay.arrival_day >= self.start]
        if arrivals:
            first = min(arrivals, key=datetime.timestamp)
            yield Occurrence(first, day_of(first), self.about)
        elif not self.stays:
            yield from (start._replace(subject=self.about) for start in self.occurrences("activity_start"))

    def _trouble(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


UNKNOWN_START = "unknown_start"
"""The name for a property of which nobody said when it began: it was there already when a rule changed."""

_FROM_THE_START = frozenset(
    {
        "activity_start", "availability_start", "start_without_regional_code", "cin_request", "first_arrival",
        "first_transmission", "first_payment",
    }
)  # fmt: skip


def portal_key(name: str) -> str:
    """A portal however it is written: ``ALLOGGIATI`` and ``alloggiati``, ``Alloggiati Web`` and ``alloggiati_web``."""
    return re.sub(r"[\W_]+", "", name).casefold()


def covers(outages: Iterable[DutyEvent], portals: frozenset[str], start: datetime, end: datetime) -> bool:
    """Whether the portal could not be used when the guest arrived, or is still down when the term ends.

    ``portals``: its names, as :func:`portal_key` writes them."""
    for outage in outages:
        if portal_key(outage.word or "") not in portals or outage.at is None:
            continue
        first = _from(outage.at).timestamp()
        last = float("inf") if outage.until is None else instant_of(outage.until).timestamp()
        if first <= start.timestamp() <= last or first <= end.timestamp() <= last:
            return True
    return False


def _from(when: When) -> datetime:
    return when if isinstance(when, datetime) else rome_midnight(when)


def _open(starts: Sequence[date], ends: Sequence[date], since: date | None) -> list[tuple[date | None, date | None]]:
    """The stretches in which a property was open, None where it is open: whoever closes may begin again.

    Of ends told one after the other the last counts. One who begins on the day of an end, after an earlier start, begins again.
    """
    begins = sorted(starts) or [day for day in (since,) if day]
    found: list[tuple[date | None, date | None]] = []
    before = date.min
    for end in sorted(ends):
        inside = [day for day in begins if before < day <= end]
        if inside or not found:
            found.append((inside[0] if inside else since if since and since <= end else None, end))
        else:
            found[-1] = (found[-1][0], end)
        before = end - timedelta(days=len(inside) > 1 and inside[-1] == end)
    again = [day for day in begins if day > before]
    if again or not found:
        found.append((again[0] if again else None, None))
    return found


def contradictions(stays: Iterable[Stay | None]) -> list[Problem]:
    """Why the terms of people cannot be told, each reason once; a stay that could not be read is None and keeps its place."""
    found = (_contradiction(stay, where) for _, stay, _, where in _people(stays))
    return list(dict.fromkeys(problem for problem in found if problem is not None))


def _people(stays: Iterable[Stay | None]) -> Iterator[tuple[Subject, Stay, Guest | None, str]]:
    """Each person with the stay as it is for them; a stay without guests counts once."""
    for index, stay in enumerate(stays):
        if stay is None:
            continue
        about: Subject = (("stay", stay.id or f"stays[{index}]"),)
        if not stay.guests:
            yield about, stay, None, f"stays[{index}]"
        for place, guest in enumerate(stay.guests):
            where = f"stays[{index}].guests[{place}]"
            yield (*about, ("guest", guest.id or f"guests[{place}]")), _own(stay, guest), guest, where


def _contradiction(stay: Stay, where: str) -> Problem | None:
    """Why the term of a person cannot be told, if it cannot."""
    nights, left = stay.night_count, stay.departure_instant
    if nights is None:
        return Problem("duties.departure.unknown", f"{where.split('.')[0]}.departure")
    if nights < 0 or (left is not None and left.timestamp() < stay.arrival.timestamp()):
        return Problem("stay.departure.before_arrival", f"{where}.departure")
    return None


def _own(stay: Stay, guest: Guest) -> Stay:
    """The stay as it is for a guest with an arrival or a departure of their own."""
    details = guest.details
    if details is None or (details.arrival is None and details.departure is None):
        return stay
    left = details.departure or stay.departure or stay.departure_day
    arrival = details.arrival or stay.arrival
    same = arrival.timestamp() == stay.arrival.timestamp()
    return stay._replace(
        arrival=arrival, departure=left, nights=None, registered_nights=stay.registered_nights if same else 0, first_night=None
    )


_SOURCES: Mapping[str, Callable[[Facts], Iterator[Occurrence]]] = {
    "arrival": Facts._arrivals,
    "movement": Facts._movements,
    "departure": Facts._departures,
    "guest_departure": Facts._guest_departures,
    "activity_start": Facts._starts,
    "availability_start": Facts._starts,
    "start_without_regional_code": Facts._starts_without_code,
    "cin_request": Facts._starts,
    "first_arrival": Facts._first_arrival,
}
"""What is not simply given. The national code is asked for before the start, where it has to be shown from that day on."""
