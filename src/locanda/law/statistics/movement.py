"""From stays to the movement of a property between two days (spec flussi-turistici 2 and 3): everything, or every problem.

Who counts (spec 2.4): whoever sleeps there, of any age, paying or not; not those marked as no tourists, not people housed after a
calamity, not day guests. Only the facts named in ``needs`` and ``uses`` are read; those in ``needs`` must be there. Nothing is
assumed about a guest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from locanda.core.people import Guest, Role
from locanda.core.problems import Problem
from locanda.core.stays import Party, Property, PropertyDay, Stay, parties
from locanda.core.time import ROME
from locanda.law.statistics.counted import not_counted
from locanda.law.statistics.days import days_of
from locanda.law.statistics.facts import Facts, derived_flow_id
from locanda.law.statistics.residences import proposed_states, residence_of
from locanda.law.statistics.rooms import Use, units_of_stay
from locanda.law.statistics.spans import EARLY, Span, span_of, stay_span
from locanda.law.statistics.values import FlowGuest, Movement
from locanda.places import Tables, builtin

__all__ = ["DAYS_MAX", "YEAR", "Told", "loose_problems", "movement"]

DAYS_MAX = 3_700
"""A range longer than ten years is a slip of the pen."""

YEAR = 365
"""Who stays longer is probably no tourist (spec 2.4, RX-20)."""


class Told(NamedTuple):
    """A movement, or None and every problem of the input. Notes are in the movement, or here when there is none."""

    movement: Movement | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def movement(
    home: Property,
    stays: Iterable[Stay | None],
    days: Iterable[PropertyDay],
    first: date,
    last: date,
    *,
    needs: Collection[str] = (),
    uses: Collection[str] = (),
    accepted_until: date | None = None,
    tables: Tables | None = None,
) -> Told:
    """The movement of a property from ``first`` to ``last``, both included."""
    if last < first:
        return Told(None, (Problem.of("flows.range.backwards", "to", first=first, last=last),))
    if (last - first).days >= DAYS_MAX:
        return Told(None, (Problem.of("flows.range.too_long", "to", limit=DAYS_MAX),))
    reading = _Reading(home, first, last, frozenset(needs), frozenset(uses), tables or builtin())
    for index, stay in enumerate(stays):
        if stay is not None:
            reading.take(stay, f"stays[{index}]")
    found, notes = reading.found, reading.notes
    made = days_of(home, days, reading.guests, reading.uses, reading.others, first, last, found, notes)
    told = tuple(dict.fromkeys(notes))
    if found:
        return Told(None, tuple(dict.fromkeys(found)), told)
    return Told(Movement(home, first, last, made, tuple(reading.guests), accepted_until, told), (), told)


def loose_problems(
    loose: Mapping[int, Sequence[Guest]],
    *,
    needs: Collection[str] = (),
    uses: Collection[str] = (),
    tables: Tables | None = None,
) -> list[Problem]:
    """What can be said of guests whose arrival is not known: whatever does not depend on the day."""
    found: list[Problem] = []
    day = date.max
    for index, guests in loose.items():
        reading = _Reading(Property(), day, day, frozenset(needs), frozenset(uses), tables or builtin())
        stay = Stay("", datetime.max.replace(tzinfo=UTC), guests=tuple(guests))
        for place, guest in enumerate(guests):
            if not not_counted(guest):
                reading.guest(stay, guest, Span(day, None), f"stays[{index}].guests[{place}]")
        found += reading.found
    return [problem for problem in found if problem.code not in _OF_THE_DAY]


_OF_THE_DAY = ("flows.place.ceased", "flows.place.not_yet", "flows.place.ambiguous", "flows.place.no_code")
_MEMBERS = {Role.HEAD_OF_FAMILY: Role.FAMILY_MEMBER, Role.HEAD_OF_GROUP: Role.GROUP_MEMBER}
# a member of an enumeration is found by name every time it is asked for
_FAMILY_MEMBER, _GROUP_MEMBER = Role.FAMILY_MEMBER, Role.GROUP_MEMBER


class _Reading:
    """The guests who count, gathered stay by stay."""

    def __init__(
        self, home: Property, first: date, last: date, needs: frozenset[str], uses: frozenset[str], tables: Tables
    ) -> None:
        self.home, self.first, self.last, self.tables = home, first, last, tables
        self.proposed = proposed_states()
        self.facts = Facts(home, needs, uses, tables)
        self.needs_role = "role" in needs
        self.reads_role = "role" in needs or "role" in uses
        self.reads_id = "flow_id" in needs or "flow_id" in uses
        self.guests: list[FlowGuest] = []
        self.uses: list[Use] = []
        self.others: list[Use] = []
        """Units of those who do not count."""
        self.found: list[Problem] = []
        self.notes: list[Problem] = []
        self._ids: dict[str, str] = {}
        self._led: tuple[Party | None, str] = (None, "")
        """The party whose members are being read, and the ``flow_id`` of its head."""

    def take(self, stay: Stay, where: str) -> None:
        """The guests of one stay who touch the days asked for."""
        found: list[Problem] = []
        whole = stay_span(stay, found)
        if whole is not None and self._touches(whole):
            if not stay.guests:
                found.append(Problem("flows.guests.missing", "guests"))
            if stay.first_night is None and stay.arrival.astimezone(ROME).hour < EARLY and not whole.same_day:
                self.notes.append(Problem.of("flows.night.unconfirmed", f"{where}.first_night", arrival=whole.arrival))
        counted: list[tuple[Guest, Span]] = []
        others: list[tuple[Guest, Span]] = []
        for party in parties(stay.guests):
            for place, guest in enumerate(party.guests, party.start):
                span = whole if guest.details is None else span_of(stay, guest, whole, f"guests[{place}]", found)
                if span is None or not self._touches(span):
                    continue
                here = f"{where}.guests[{place}]"
                if span.departure == span.arrival:
                    self.notes.append(Problem.of("flows.guest.day_guest", here, day=span.arrival))
                elif not not_counted(guest):
                    counted.append((guest, span))
                    self._count(stay, party, guest, span, here, where)
                else:
                    others.append((guest, span))
                    if guest.details is not None and guest.details.tourist:
                        self.notes.append(Problem("flows.guest.displaced", f"{here}.status"))
        if counted or others:
            self._occupy(stay, counted, others, found, where)
        self.found += [problem.within(where) for problem in found]

    def _touches(self, span: Span) -> bool:
        return span.arrival <= self.last and (span.departure is None or span.departure >= self.first)

    def _count(self, stay: Stay, party: Party, guest: Guest, span: Span, here: str, where: str) -> None:
        """One guest who counts."""
        head: str | None = None
        flow_id = self._flow_id(stay, guest, here) if self.reads_id else ""
        if self.reads_role:
            head = self._head(stay, party, guest, here, where)
        made = self.guest(stay, guest, span, here, flow_id, head)
        if made is not None:
            self.guests.append(made)

    def _head(self, stay: Stay, party: Party, guest: Guest, here: str, where: str) -> str | None:
        """The ``flow_id`` of the head of a member, who must count, though perhaps on other days; what is wrong with the role."""
        role, leader = guest.role, party.head
        if role is None:
            if self.needs_role:
                self.found.append(Problem("flows.role.missing", f"{here}.role"))
            return None
        if role is not _FAMILY_MEMBER and role is not _GROUP_MEMBER:
            return None
        if leader.role is None or _MEMBERS.get(leader.role) is not role:
            self.found.append(Problem("flows.head.missing", f"{here}.role"))
            return None
        if not_counted(leader):
            self.found.append(Problem("flows.head.not_counted", f"{here}.role"))
            return None
        if self.reads_id and self._led[0] is not party:
            self._led = party, self._flow_id(stay, leader, f"{where}.guests[{party.start}]")
        return self._led[1] if self.reads_id else None

    def _flow_id(self, stay: Stay, guest: Guest, here: str) -> str:
        given = guest.details.flow_id if guest.details is not None else None
        flow_id = given or derived_flow_id(self.home.id, stay.id, guest.id)
        if flow_id is None:
            self.found.append(Problem("flows.flow_id.missing", f"{here}.flow_id"))
            return ""
        before = self._ids.setdefault(flow_id, here)
        if before != here:
            self.found.append(Problem.of("flows.flow_id.twice", f"{here}.flow_id", id=flow_id, first=before))
        return flow_id

    def guest(
        self, stay: Stay, guest: Guest, span: Span, here: str, flow_id: str = "", head: str | None = None
    ) -> FlowGuest | None:
        """The facts of a guest; None after adding a problem about the residence."""
        found: list[Problem] = []
        residence = residence_of(guest, span.arrival, self.tables, found)
        facts = self.facts.of(stay, guest, span, found, self.notes)
        if found:
            self.found += [problem.within(here) for problem in found]
        if residence is None:
            return None
        if residence.state in self.proposed:
            row = {"row": residence.row.it, "number": residence.row.code}
            self.notes.append(Problem.of("flows.residence.proposed", "", state=guest.residence_state, **row))
        return FlowGuest(
            span.arrival, span.departure, residence, span.same_day, flow_id, guest.role, head, *facts,
            stay.group.kind if stay.group else None, stay.booked_on, stay.id, guest.id, here,
        )  # fmt: skip

    def _occupy(
        self,
        stay: Stay,
        counted: Sequence[tuple[Guest, Span]],
        others: Sequence[tuple[Guest, Span]],
        found: list[Problem],
        where: str,
    ) -> None:
        """The units of the stay; what is odd about it as a whole."""
        longest = max(((span.departure - span.arrival).days for _, span in counted if span.departure), default=0)
        if longest > YEAR:
            self.notes.append(Problem.of("flows.stay.over_a_year", where, nights=longest))
        uses, untold = units_of_stay(self.home, stay, counted)
        if untold is not None and untold[0] <= self.last.toordinal() and untold[1] > self.first.toordinal():
            found.append(Problem.of("flows.rooms.missing", "units", first=date.fromordinal(untold[0])))
        self.uses += uses
        if others:
            lodged, untold = units_of_stay(self.home, stay, others)
            self.others += lodged if untold is None else [(f"{stay.id}?", *untold)]
