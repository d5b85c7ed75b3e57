"""From stays to the movement of a property between two days (spec flussi-turistici 2 and 3): everything, or every problem.

Who counts (spec 2.4): whoever sleeps there, of any age, paying or not; not those marked as no tourists, not people housed after a
calamity, not day guests. Only the facts named in ``needs`` and ``uses`` are read; those in ``needs`` must be there. Nothing is
assumed about a guest. A day of which nothing is said stands open at the capacity of the property, and a note says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from locanda.core.people import Guest, GuestDetails, Role
from locanda.core.problems import Problem
from locanda.core.stays import Property, PropertyDay, Stay, parties
from locanda.law.statistics.residences import proposed_states, residence_of, unresolved
from locanda.law.statistics.rooms import is_one_unit, nights_of_units, rooms_of_guest, units_of_stay
from locanda.law.statistics.spans import Span, span_of, stay_span
from locanda.law.statistics.values import FlowDay, FlowGuest, Movement
from locanda.law.statistics.vocabulary import LISTS, Term, means_unknown, term
from locanda.places import ITALY, Tables, Unresolved, builtin

__all__ = ["DAYS_MAX", "FACTS", "YEAR", "Told", "derived_flow_id", "loose_problems", "movement"]

DAYS_MAX = 3_700
"""A range longer than ten years is a slip of the pen."""

FACTS = ("flow_id", "role", "sex", "birth_date", "citizenship", "birth_place", "rooms", *LISTS, "profession", "tax_exemption")
"""What a format may need or use of a guest, beside the days and the residence, which everybody gets."""

YEAR = 365
"""Who stays longer is probably no tourist (spec 2.4, RX-20)."""

_DAY = timedelta(days=1)
_NOBODY = GuestDetails()


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
    found: list[Problem] = []
    if last < first:
        return Told(None, (Problem.of("flows.range.backwards", "to", first=first, last=last),))
    if (last - first).days >= DAYS_MAX:
        return Told(None, (Problem.of("flows.range.too_long", "to", limit=DAYS_MAX),))
    reading = _Reading(home, first, last, frozenset(needs), frozenset((*needs, *uses)), tables or builtin())
    for index, stay in enumerate(stays):
        if stay is not None:
            reading.take(stay, f"stays[{index}]")
    made = _days(reading, days, found)
    problems = tuple(dict.fromkeys(reading.found + found))
    notes = tuple(dict.fromkeys(reading.notes))
    if problems:
        return Told(None, problems, notes)
    return Told(Movement(home, first, last, made, tuple(reading.guests), accepted_until, notes), (), notes)


def loose_problems(
    loose: Mapping[int, Sequence[Guest]],
    *,
    needs: Collection[str] = (),
    uses: Collection[str] = (),
    tables: Tables | None = None,
) -> list[Problem]:
    """What can be said of guests whose arrival is not known: whatever does not depend on the day."""
    found: list[Problem] = []
    for index, guests in loose.items():
        day = date.max
        reading = _Reading(Property(), day, day, frozenset(needs), frozenset((*needs, *uses)), tables or builtin())
        stay = Stay("", datetime.max.replace(tzinfo=UTC), guests=tuple(guests))
        for place, guest in enumerate(guests):
            if _counts(guest):
                reading._guest(stay, guest, Span(day, None), place, found)
        found = [problem.within(f"stays[{index}]") if not problem.where.startswith("stays") else problem for problem in found]
    return [problem for problem in found if problem.code not in _OF_THE_DAY]


_OF_THE_DAY = ("flows.place.ceased", "flows.place.not_yet", "flows.place.ambiguous", "flows.place.no_code")


class _Reading:
    """The guests who count, gathered stay by stay."""

    def __init__(
        self, home: Property, first: date, last: date, needs: frozenset[str], reads: frozenset[str], tables: Tables
    ) -> None:
        self.home, self.first, self.last, self.needs, self.reads, self.tables = home, first, last, needs, reads, tables
        self.guests: list[FlowGuest] = []
        self.uses: list[tuple[str, int, int]] = []
        self.others: list[tuple[str, int, int]] = []
        """Units of those who do not count."""
        self.found: list[Problem] = []
        self.notes: list[Problem] = []
        self._ids: dict[str, str] = {}

    def take(self, stay: Stay, where: str) -> None:
        """The guests of one stay who touch the days asked for."""
        found: list[Problem] = []
        whole = stay_span(stay, found)
        counted: list[tuple[Guest, Span]] = []
        others: list[tuple[Guest, Span]] = []
        roles = self._roles(stay, found) if "role" in self.reads else {}
        ids: dict[int, str] = {}
        for place, guest in enumerate(stay.guests):
            here = f"guests[{place}]"
            span = span_of(stay, guest, whole, here, found)
            if span is None or not self._touches(span):
                continue
            if span.departure == span.arrival:
                self.notes.append(Problem.of("flows.guest.day_guest", f"{where}.{here}", day=span.arrival))
                continue
            if not _counts(guest):
                if guest.details is not None and guest.details.tourist:
                    self.notes.append(Problem("flows.guest.displaced", f"{where}.{here}.status"))
                others.append((guest, span))
                continue
            counted.append((guest, span))
            made = self._guest(stay, guest, span, place, found)
            if "flow_id" in self.reads:
                ids[place] = self._flow_id(stay, guest, f"{where}.{here}", here, found)
            if made is not None:
                head = roles.get(place)
                if head is not None and head not in ids:
                    found.append(Problem("flows.head.not_counted", f"{here}.role"))
                self.guests.append(
                    made._replace(
                        flow_id=ids.get(place, ""), head=None if head is None else ids.get(head), where=f"{where}.{here}"
                    )
                )
        longest = max(((span.departure - span.arrival).days for _, span in counted if span.departure), default=0)
        if longest > YEAR:
            self.notes.append(Problem.of("flows.stay.over_a_year", where, nights=longest))
        self._occupy(stay, counted, others, found)
        self.found += [problem.within(where) for problem in found]

    def _touches(self, span: Span) -> bool:
        return span.arrival <= self.last and (span.departure is None or span.departure >= self.first)

    def _occupy(
        self, stay: Stay, counted: Sequence[tuple[Guest, Span]], others: Sequence[tuple[Guest, Span]], found: list[Problem]
    ) -> None:
        uses, untold = units_of_stay(self.home, stay, counted)
        if untold is not None and untold[0] <= self.last.toordinal() and untold[1] >= self.first.toordinal():
            found.append(Problem.of("flows.rooms.missing", "units", first=date.fromordinal(untold[0])))
        self.uses += uses
        if others:
            lodged, untold = units_of_stay(self.home, stay, others)
            self.others += lodged if untold is None else [(f"{stay.id}?", *untold)]

    def _roles(self, stay: Stay, found: list[Problem]) -> dict[int, int]:
        """For each member the place of the head; what is wrong with heads and members that count."""
        heads: dict[int, int] = {}
        for party in parties(stay.guests):
            head = party.head.role
            for place, guest in enumerate(party.guests, party.start):
                if not _counts(guest):
                    continue
                if guest.role is None:
                    if "role" in self.needs:
                        found.append(Problem("flows.role.missing", f"guests[{place}].role"))
                elif guest.role.is_member:
                    if head is None or _MEMBERS.get(head) is not guest.role:
                        found.append(Problem("flows.head.missing", f"guests[{place}].role"))
                    else:
                        heads[place] = party.start
        return heads

    def _flow_id(self, stay: Stay, guest: Guest, where: str, here: str, found: list[Problem]) -> str:
        given = guest.details.flow_id if guest.details is not None else None
        flow_id = given or derived_flow_id(self.home.id, stay.id, guest.id)
        if flow_id is None:
            found.append(Problem("flows.flow_id.missing", f"{here}.flow_id"))
            return ""
        before = self._ids.setdefault(flow_id, where)
        if before != where:
            found.append(Problem.of("flows.flow_id.twice", f"{here}.flow_id", id=flow_id, first=before))
        return flow_id

    def _guest(self, stay: Stay, guest: Guest, span: Span, place: int, found: list[Problem]) -> FlowGuest | None:
        said: list[Problem] = []
        details = guest.details or _NOBODY
        residence = residence_of(guest, span.arrival, self.tables, said)
        facts: dict[str, Any] = {}
        for name, reader in _READERS.items():
            if name in self.reads:
                facts |= reader(self, guest, span, said)
        for name in LISTS:
            if name in self.reads:
                value = stay.channel if name == "channel" else getattr(details, name)
                facts[name] = self._term(name, value, f"guests[{place}].", stay, said)
        if "rooms" in self.reads:
            facts["rooms"] = rooms_of_guest(self.home, stay, guest, span)
        if "profession" in self.reads:
            facts["profession"] = details.profession
        if "tax_exemption" in self.reads:
            facts["tax_exemption"] = details.tax_exemption
        found += [problem.within(f"guests[{place}]") for problem in said]
        if residence is None:
            return None
        if residence.state in proposed_states():
            row = {"row": residence.row.it, "number": residence.row.code}
            self.notes.append(Problem.of("flows.residence.proposed", "", state=guest.residence_state, **row))
        return FlowGuest(
            span.arrival, span.departure, residence, same_day=span.same_day, role=guest.role, occupies_bed=details.occupies_bed,
            group=stay.group.kind if stay.group else None, booked_on=stay.booked_on, stay=stay.id, guest=guest.id, **facts,
        )  # fmt: skip

    def _term(self, name: str, value: str | None, here: str, stay: Stay, said: list[Problem]) -> Term | None:
        if value is None or means_unknown(value):
            return None
        found = term(name, value)
        if found is None and name == "channel":  # a word of the operator's own: it decides nothing, and is not guessed
            self.notes.append(Problem.of("flows.channel.unknown", "", value=value))
        elif found is None:
            said.append(Problem.of("flows.value.unknown", name, value=value, list=name))
        return found

    # the facts of a guest ------------------------------------------------------------------------------------------------

    def _sex(self, guest: Guest, span: Span, said: list[Problem]) -> Mapping[str, Any]:
        if guest.sex is None and "sex" in self.needs:
            said.append(Problem("flows.sex.missing", "sex"))
        return {"sex": guest.sex}

    def _birth_date(self, guest: Guest, span: Span, said: list[Problem]) -> Mapping[str, Any]:
        if guest.birth_date is None:
            if "birth_date" in self.needs:
                said.append(Problem("flows.birth_date.missing", "birth_date"))
        elif guest.birth_date > span.arrival:
            said.append(Problem.of("flows.birth_date.after_arrival", "birth_date", born=guest.birth_date, arrival=span.arrival))
        return {"birth_date": guest.birth_date}

    def _citizenship(self, guest: Guest, span: Span, said: list[Problem]) -> Mapping[str, Any]:
        if guest.citizenship is None:
            if "citizenship" in self.needs:
                said.append(Problem("flows.citizenship.missing", "citizenship"))
            return {}
        answer = self.tables.state(guest.citizenship, span.arrival)
        if isinstance(answer, Unresolved):
            said.append(unresolved(answer, "citizenship", span.arrival))
            return {}
        return {"citizenship": answer.police}

    def _birth_place(self, guest: Guest, span: Span, said: list[Problem]) -> Mapping[str, Any]:
        """Judged on the birth date; closed codes are fine as a birthplace (spec 4.1)."""
        on = guest.birth_date
        if guest.birth_state is None and guest.birth_comune is None:
            if "birth_place" in self.needs:
                said.append(Problem("flows.birth_place.missing", "birth_state"))
            return {}
        state = self.tables.state(guest.birth_state, on) if guest.birth_state is not None else self.tables.state(ITALY)
        if isinstance(state, Unresolved):
            said.append(unresolved(state, "birth_state", on or span.arrival))
            return {}
        if guest.birth_comune is None:
            if state.police == ITALY and "birth_place" in self.needs:
                said.append(Problem("flows.birth_comune.missing", "birth_comune"))
            return {"birth_state": state.police}
        if state.police != ITALY:
            said.append(Problem.of("flows.birth_place.contradiction", "birth_comune", state=guest.birth_state))
            return {}
        comune = self.tables.comune(guest.birth_comune, on or span.arrival)
        if isinstance(comune, Unresolved):
            said.append(unresolved(comune, "birth_comune", on or span.arrival))
            return {}
        return {"birth_state": state.police, "birth_comune": comune.police}


_READERS = {
    "sex": _Reading._sex, "birth_date": _Reading._birth_date, "citizenship": _Reading._citizenship,
    "birth_place": _Reading._birth_place,
}  # fmt: skip
_MEMBERS = {Role.HEAD_OF_FAMILY: Role.FAMILY_MEMBER, Role.HEAD_OF_GROUP: Role.GROUP_MEMBER}


def _counts(guest: Guest) -> bool:
    """People marked as no tourists, and people housed after a calamity, do not count (spec 2.4)."""
    details = guest.details
    return details is None or (details.tourist and "displaced" not in details.status)


@lru_cache(maxsize=4096)
def derived_flow_id(home: str, stay: str, guest: str) -> str | None:
    """An identifier for who has none: ten letters and digits made from the ids of property, stay and guest.

    The same ids give the same identifier, so that it never changes after it was sent; other stays give another one. None where an
    id is missing: a place in a list may change.
    """
    if not stay or not guest:
        return None
    digest = hashlib.sha256("\0".join((home, stay, guest)).encode()).digest()
    number = int.from_bytes(digest, "big")
    return "".join(_LETTERS[(number >> (5 * place)) & 31] for place in range(10))


_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _days(reading: _Reading, told: Iterable[PropertyDay], found: list[Problem]) -> tuple[FlowDay, ...]:
    """Every day with its state and its figures."""
    first, last, home = reading.first, reading.last, reading.home
    count = (last - first).days + 1
    states = _states(told, first, last, found)
    occupied = nights_of_units(reading.uses, first, count)
    arrived: dict[date, list[FlowGuest]] = {}
    departed: dict[date, list[FlowGuest]] = {}
    previous = 0
    for guest in reading.guests:
        if guest.arrival < first:
            previous += 1
        else:
            arrived.setdefault(guest.arrival, []).append(guest)
        if guest.departure is not None and guest.departure <= last:
            departed.setdefault(guest.departure, []).append(guest)
    offers = _Offers(home, reading, count)
    made: list[FlowDay] = []
    for place in range(count):
        day = first + place * _DAY
        where, state = states.get(day, ("days", None))
        is_open, rooms, beds = offers.of(place, day, state, occupied[place])
        entry = FlowDay(
            day, is_open, rooms, beds, occupied[place], previous, tuple(arrived.get(day, ())), tuple(departed.get(day, ())),
            state is not None,
        )  # fmt: skip
        _judge(entry, state, where, home, found, reading.notes)
        made.append(entry)
        previous = entry.present
    found += offers.problems()
    reading.notes += offers.notes()
    return tuple(made)


def _states(
    told: Iterable[PropertyDay], first: date, last: date, found: list[Problem]
) -> dict[date, tuple[str, PropertyDay | None]]:
    """What the operator said of each day, and where."""
    states: dict[date, tuple[str, PropertyDay | None]] = {}
    for index, state in enumerate(told):
        if state.day in states:
            found.append(Problem.of("flows.day.twice", f"days[{index}].day", day=state.day))
        if first <= state.day <= last:
            states[state.day] = (f"days[{index}]", state)
    return states


class _Offers:
    """What the property offered on each day, and what had to stand in where nobody said."""

    def __init__(self, home: Property, reading: _Reading, count: int) -> None:
        self.home = home
        self.one = is_one_unit(home)
        self.lost: list[int] = []
        """Rooms used only by people who do not count."""
        if reading.others:
            ours = nights_of_units(reading.uses, reading.first, count)
            both = nights_of_units(reading.uses + reading.others, reading.first, count)
            self.lost = [everybody - counted for everybody, counted in zip(both, ours, strict=True)]
        self.capacity: list[date] = []
        self.unsure: list[date] = []
        self.missing: dict[str, date] = {}

    def of(self, place: int, day: date, state: PropertyDay | None, occupied: int) -> tuple[bool, int, int]:
        """Open or not, rooms and beds on offer."""
        if state is not None and not state.open:
            return False, 0, 0
        rooms, beds = (state.rooms, state.beds) if state is not None else (None, None)
        if rooms is not None and beds is not None:
            return True, rooms, beds
        self.capacity.append(day)
        lost = self.lost[place] if self.lost else 0
        if self.one:
            if lost:  # the only unit is lent to people who do not count: open, with nothing to offer
                return True, 0, 0
            full_rooms: int | None = 1
        else:
            full_rooms = self.home.rooms
            if lost:
                self.unsure.append(day)
        if rooms is None:
            if full_rooms is None:
                self.missing.setdefault("rooms", day)
            rooms = max((full_rooms or 0) - lost, 0)
        if beds is None:
            if self.home.beds is None:
                self.missing.setdefault("beds", day)
            beds = self.home.beds or 0
        return True, rooms, beds

    def problems(self) -> list[Problem]:
        return [Problem.of("flows.capacity.missing", f"property.{key}", key=key, day=day) for key, day in self.missing.items()]

    def notes(self) -> list[Problem]:
        found = []
        if self.capacity and not self.missing:
            days = self.capacity
            found.append(Problem.of("flows.days.assumed", "days", count=len(days), first=days[0], last=days[-1]))
        if self.unsure:
            days = self.unsure
            found.append(Problem.of("flows.days.beds_unsure", "days", count=len(days), first=days[0], last=days[-1]))
        return found


def _judge(
    entry: FlowDay, state: PropertyDay | None, where: str, home: Property, found: list[Problem], notes: list[Problem]
) -> None:
    """What a day cannot be, and what portals paint red (spec 2.2, identities 5 and 6; 6.8)."""
    if not entry.open:
        if entry.present or entry.arrived:
            found.append(Problem.of("flows.day.closed_with_guests", where, day=entry.day, present=entry.present))
        elif entry.departed:
            notes.append(Problem.of("flows.day.closed_with_departures", where, day=entry.day, departed=len(entry.departed)))
        if state is not None and (state.rooms or state.beds):
            notes.append(Problem.of("flows.day.closed_with_rooms", where, day=entry.day))
        return
    if entry.rooms_occupied > entry.rooms:
        notes.append(
            Problem.of("flows.rooms.beyond_offer", where, day=entry.day, occupied=entry.rooms_occupied, rooms=entry.rooms)
        )
    one = is_one_unit(home)
    if state is not None and home.rooms is not None and not one and (state.rooms or 0) > home.rooms:
        notes.append(Problem.of("flows.day.beyond_capacity", where, day=entry.day, offered=state.rooms, capacity=home.rooms))
    if state is not None and home.beds is not None and (state.beds or 0) > home.beds:
        notes.append(Problem.of("flows.day.beds_beyond_capacity", where, day=entry.day, offered=state.beds, capacity=home.beds))

