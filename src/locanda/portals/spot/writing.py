"""From the movement of a property to the days of SPOT (spec flussi-turistici 7.1-7.3).

Decisions, each with a note when it happens:

* Nothing accepted yet: who slept there the night before the first day arrives, for SPOT, on the day before it (7.3, start-up).
* The portal takes no day twice: days up to ``accepted_until`` are left out, and the file begins on the next.
* A member whose days are not the head's is sent as a single guest (16), because in SPOT members leave with their head only.
* What our words say and SPOT has no word for, or two, is left out: all of it is optional.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.law.statistics import FlowGuest, Movement, Term, rooms_slept_in
from locanda.places import ITALY
from locanda.portals.spot.lists import CHANNEL, EDUCATION, ONWARD, SENT_AS, STATES, TOURISM, TRANSPORT
from locanda.portals.spot.rules import figures
from locanda.portals.spot.values import Arrival, Day, Figures, File, Leaving, Person

__all__ = ["VENDOR", "Built", "built"]

VENDOR = "Locanda"
_DAY = timedelta(days=1)
_FAMILY_OR_GROUP = {Role.HEAD_OF_FAMILY: "17", Role.HEAD_OF_GROUP: "18"}


class Built(NamedTuple):
    """The values of a file, or None and every problem."""

    file: File | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


class _Party(NamedTuple):
    """Who is one ``arrivo``: a head and the members who come and go with it."""

    head: FlowGuest
    members: tuple[FlowGuest, ...]


def built(moved: Movement, *, start_up: bool | None = None) -> Built:
    """The days to hand to SPOT. ``start_up`` forces the day before, or forbids it; None: when somebody was already there."""
    found: list[Problem] = []
    notes: list[Problem] = []
    first = _first_day(moved, found, notes)
    if first is None:
        return Built(None, tuple(found))
    parties = list(_parties(moved, first, notes))
    arrivals: dict[date, list[Arrival]] = {}
    departures: dict[date, list[Leaving]] = {}
    before: list[_Party] = []
    left_out: Counter[tuple[str, str]] = Counter()
    for party in parties:
        head = party.head
        if head.arrival < first:
            if not head.same_day:
                before.append(party)
        else:
            arrivals.setdefault(head.arrival, []).append(_arrival(party, found, notes, left_out))
        leaves = head.arrival if head.same_day else head.departure
        if leaves is not None and first <= leaves <= moved.last:
            departures.setdefault(leaves, []).append(Leaving(head.flow_id))
    days: list[Day] = []
    if start_up or (start_up is None and moved.accepted_until is None and before):
        made = [_arrival(party, found, notes, left_out) for party in before]
        days.append(_start_up_day(moved, first - _DAY, before, made, notes))
    for entry in moved.days:
        if entry.day < first:
            continue
        came, left = tuple(arrivals.get(entry.day, ())), tuple(departures.get(entry.day, ()))
        if not entry.open and left:
            found.append(Problem.of("spot.closed.departures", f"days[{entry.day}]", day=entry.day, departed=len(left)))
        kind = "EC" if not entry.open else "MP" if came or left else "NM"
        told = Figures(entry.rooms, entry.beds, entry.rooms_occupied)
        days.append(Day(entry.day, kind, came or None, left or None, told))
    for day in days:
        found += figures(day, f"days[{day.day}]")
    notes += [Problem.of("spot.word.left_out", "", list=name, value=word, guests=n) for (name, word), n in left_out.items()]
    if found:
        return Built(None, tuple(dict.fromkeys(found)), tuple(dict.fromkeys(notes)))
    return Built(File(tuple(days), VENDOR), (), tuple(dict.fromkeys(notes)))


def _first_day(moved: Movement, found: list[Problem], notes: list[Problem]) -> date | None:
    """The first day to write, or None when there is none or a gap would open."""
    until = moved.accepted_until
    if until is None or until == moved.first - _DAY:
        return moved.first
    if until < moved.first:
        found.append(Problem.of("spot.accepted.gap", "from", accepted=until, expected=until + _DAY, first=moved.first))
        return None
    if until >= moved.last:
        found.append(Problem.of("spot.accepted.all", "accepted_until", accepted=until, last=moved.last))
        return None
    notes.append(Problem.of("spot.accepted.skipped", "accepted_until", accepted=until, first=until + _DAY))
    return until + _DAY


# parties ----------------------------------------------------------------------------------------------------------------------


def _parties(moved: Movement, first: date, notes: list[Problem]) -> Iterator[_Party]:
    """Heads with the members whose days are theirs; everybody else alone. In the order of the input."""
    heads = {guest.flow_id: guest for guest in moved.guests if guest.head is None}
    members: dict[str, list[FlowGuest]] = {}
    for guest in moved.guests:
        if guest.head is not None and _goes_with(guest, heads.get(guest.head)):
            members.setdefault(guest.head, []).append(guest)
    for guest in moved.guests:
        if guest.head is None:
            yield _Party(guest, tuple(members.get(guest.flow_id, ())))
        elif not _goes_with(guest, heads.get(guest.head)):
            loaded = guest.arrival < first and moved.accepted_until is not None
            code = "spot.member.loaded_before" if loaded else "spot.member.alone"
            notes.append(Problem.of(code, guest.where, guest=guest.flow_id, head=guest.head))
            yield _Party(guest, ())


def _goes_with(member: FlowGuest, head: FlowGuest | None) -> bool:
    return head is not None and (
        (member.arrival, member.departure, member.same_day) == (head.arrival, head.departure, head.same_day)
    )


def _arrival(party: _Party, found: list[Problem], notes: list[Problem], left_out: Counter[tuple[str, str]]) -> Arrival:
    head, members = party
    role = head.role
    kind = _FAMILY_OR_GROUP.get(role, "16") if role is not None else "16"
    if kind != "16" and not members:
        kind = "16"
        notes.append(Problem.of("spot.head.without_members", head.where, guest=head.flow_id))
    trait = _word(head.channel, CHANNEL, left_out)
    onward = ONWARD.get(head.transport.key) if head.transport is not None else None
    return Arrival(
        _person(head, found, notes, left_out), kind, "si" if head.same_day else "no",
        tuple([_person(member, found, notes, left_out) for member in members]),
        (trait,) if trait else (), None, _word(head.transport, TRANSPORT, left_out), onward,
        _word(head.tourism, TOURISM, left_out),
    )  # fmt: skip


def _person(guest: FlowGuest, found: list[Problem], notes: list[Problem], left_out: Counter[tuple[str, str]]) -> Person:
    sex, age, citizenship, home = guest.sex, guest.age, guest.citizenship, guest.residence
    assert sex is not None and age is not None and citizenship is not None  # in ``needs``: judged before
    state = home.state if home.comune is None else None
    if citizenship not in _CITIZENSHIPS:
        citizenship = _state(citizenship, guest, "citizenship", found, notes)
    if state is not None and state not in STATES:
        state = _state(state, guest, "residence_state", found, notes)
    return Person(
        guest.flow_id, sex, citizenship, state, home.comune, "si" if guest.occupies_bed else "no", age,
        _word(guest.education, EDUCATION, left_out),
    )  # fmt: skip


_CITIZENSHIPS = STATES | {ITALY}


def _state(police: str, guest: FlowGuest, name: str, found: list[Problem], notes: list[Problem]) -> str:
    """A state that the list of SPOT lacks: the code that it has instead, or a problem."""
    other = SENT_AS.get(police)
    where = f"{guest.where}.{name}"
    if other is None:
        found.append(Problem.of("spot.state.unlisted", where, state=police))
        return police
    notes.append(Problem.of("spot.state.sent_as", where, state=police, sent=other))
    return other


def _word(term: Term | None, words: Mapping[str, str], left_out: Counter[tuple[str, str]]) -> str | None:
    if term is None:
        return None
    word = words.get(term.key)
    if word is None:
        left_out[term.list, term.it] += 1
    return word


# the day before ---------------------------------------------------------------------------------------------------------------


def _start_up_day(moved: Movement, day: date, parties: Sequence[_Party], made: Iterable[Arrival], notes: list[Problem]) -> Day:
    """The day before the first, on which SPOT lets everybody who is already there arrive.

    Of that day only the guests are known; its capacity is that of the property, or of the first day where that is not told.
    """
    arrivals = tuple(made)
    home, first = moved.home, moved.days[0]
    rooms = first.rooms if home.rooms is None else home.rooms
    beds = first.beds if home.beds is None else home.beds
    notes.append(Problem.of("spot.start_up", "from", day=day, guests=sum(1 + len(party.members) for party in parties)))
    guests = [guest for party in parties for guest in (party.head, *party.members)]
    told = Figures(rooms, beds, rooms_slept_in(guests, day))
    return Day(day, "MP" if arrivals else "NM", arrivals or None, None, told)
