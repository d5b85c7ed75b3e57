"""What SPOT judges after the schema, rule by rule (spec flussi-turistici 7.3, 7.4: SP-02 to SP-11).

One file is seen: a departure whose arrival stands in an earlier one can only be warned about. Singles and heads live in one space
of codes and members in another, because the schema counts them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from locanda.core.problems import Problem
from locanda.places import Tables, builtin
from locanda.portals.spot.lists import UNTIL
from locanda.portals.spot.values import Arrival, Day, File, Person

__all__ = ["WARNINGS", "House", "calendar", "figures", "judge", "unlisted"]

WARNINGS = frozenset({
    "spot.code.name", "spot.comune.new", "spot.comune.unknown", "spot.day_use.stays", "spot.day_use.unmarked",
    "spot.departure.elsewhere", "spot.departure.left_behind", "spot.member.again",
})  # fmt: skip
"""What one file cannot prove, or the portal only dislikes."""
_DAY = timedelta(days=1)
_TAX_CODE = re.compile(r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]", re.I | re.ASCII)
_TWO_WORDS = re.compile(r"\s*[^\W\d_]{2,}(?:[\s_.,;']+[^\W\d_]{2,})+[\s_.,;']*\d*\s*")


class House:
    """Who is in the house, by what one file says: codes of singles and heads, with the members of each."""

    def __init__(self) -> None:
        self.present: dict[str, set[str]] = {}
        self.gone: set[str] = set()
        self.members: dict[str, str] = {}
        """Every member by the code of the head; members of a head who left alone stay."""

    def arrive(self, arrival: Arrival) -> None:
        code = arrival.person.code
        self.present[code] = {member.code for member in arrival.members}
        self.gone.discard(code)
        self.members.update(dict.fromkeys(self.present[code], code))

    def leave(self, code: str, *, alone: bool) -> int:
        """How many persons leave with a code; one for a code that is not known."""
        members = self.present.pop(code, set())
        self.gone.add(code)
        if alone:
            return 1
        for member in members:
            self.members.pop(member, None)
        return 1 + len(members)


def judge(file: File, *, accepted_until: date | None = None, tables: Tables | None = None) -> tuple[int, int, list[Problem]]:
    """Persons arrived, persons departed, and everything wrong; those in ``WARNINGS`` are no more than warnings."""
    found = list(calendar(file.days, accepted_until))
    house = House()
    places = tables or builtin()
    arrived = departed = 0
    for place, day in enumerate(file.days):
        where = f"movimento[{place}]"
        found += _kind(day, where)
        found += figures(day, where)
        found += _total(day, where)
        found += _arrivals(day, where, house, places)
        arrived += sum(1 + len(arrival.members) for arrival in day.arrivals or ())
        before = list(_departures(day, where, house))
        found += before
        departed += sum(house.leave(leaving.code, alone=leaving.alone == "si") for leaving in day.departures or ())
    return arrived, departed, found


def calendar(days: Sequence[Day], accepted_until: date | None) -> Iterator[Problem]:
    """SP-02: days ascending without gap or double, beginning on the day after the last accepted."""
    wanted = None if accepted_until is None else accepted_until + _DAY
    for place, day in enumerate(days):
        if day.day is None:
            wanted = None
            continue
        where = f"movimento[{place}].data"
        if wanted is not None and day.day != wanted:
            code = "spot.days.gap" if day.day > wanted else "spot.days.again"
            yield Problem.of(code, where, day=day.day, expected=wanted, line=day.line, rule="SP-02")
        wanted = day.day + _DAY if wanted is None or day.day >= wanted else wanted


def _kind(day: Day, where: str) -> Iterator[Problem]:
    """SP-03."""
    if day.kind == "MP":
        if day.figures is None:
            yield Problem.of("spot.figures.missing", where, day=day.day, line=day.line, rule="SP-03")
        if not day.arrivals and not day.departures:
            yield Problem.of("spot.movement.empty", where, day=day.day, line=day.line, rule="SP-03")
    elif day.kind is not None and (day.arrivals is not None or day.departures is not None):
        yield Problem.of("spot.movement.unexpected", where, day=day.day, kind=day.kind, line=day.line, rule="SP-03")


def figures(day: Day, where: str) -> Iterator[Problem]:
    """SP-04; the same judge serves the writer."""
    if day.figures is None:
        return
    rooms, beds, occupied = day.figures
    here, facts = f"{where}.datistruttura", {"day": day.day, "rule": "SP-04"}
    if day.kind == "EC":
        if any((rooms, beds, occupied)):
            yield Problem.of("spot.closed.figures", here, **facts)
        return
    if rooms is not None and occupied is not None and occupied > rooms:
        yield Problem.of("spot.rooms.beyond", here, occupied=occupied, rooms=rooms, **facts)
    if rooms is not None and beds is not None and rooms > beds:
        yield Problem.of("spot.beds.below_rooms", here, rooms=rooms, beds=beds, **facts)


def _total(day: Day, where: str) -> Iterator[Problem]:
    """SP-10: ``arrivo`` elements and departures of the block."""
    counted = len(day.arrivals or ()) + len(day.departures or ())
    if day.total is not None and day.total != counted:
        yield Problem.of("spot.total.differs", f"{where}.totale", total=day.total, counted=counted, line=day.line, rule="SP-10")


def _arrivals(day: Day, where: str, house: House, tables: Tables) -> Iterator[Problem]:
    """SP-06, SP-07, SP-09, SP-11; those who arrive are in the house afterwards."""
    singles: set[str] = set()
    members: set[str] = set()
    leaving = {entry.code for entry in day.departures or ()}
    for place, arrival in enumerate(day.arrivals or ()):
        here, code = f"{where}.arrivi.arrivo[{place}]", arrival.person.code
        if arrival.kind in ("17", "18") and not arrival.members:
            yield Problem.of("spot.head.alone", here, guest=code, kind=arrival.kind, rule="SP-06")
        if arrival.kind == "16" and arrival.members:
            yield Problem.of("spot.single.members", here, guest=code, rule="SP-06")
        if code in singles or code in house.present:
            yield Problem.of("spot.code.twice", f"{here}.codiceclientesr", guest=code, day=day.day, rule="SP-07")
        singles.add(code)
        yield from _person(arrival.person, here, day, tables)
        for index, member in enumerate(arrival.members):
            there = f"{here}.componenti.componente[{index}]"
            if member.code in members:
                yield Problem.of("spot.code.twice", f"{there}.codiceclientesr", guest=member.code, day=day.day, rule="SP-07")
            elif member.code in house.members:
                yield Problem.of("spot.member.again", f"{there}.codiceclientesr", guest=member.code, rule="SP-07")
            members.add(member.code)
            yield from _person(member, there, day, tables)
        if arrival.day_use == "si" and code not in leaving:
            yield Problem.of("spot.day_use.stays", here, guest=code, day=day.day, rule="SP-09")
        if arrival.day_use == "no" and code in leaving:
            yield Problem.of("spot.day_use.unmarked", here, guest=code, day=day.day, rule="SP-09")
    for arrival in day.arrivals or ():
        house.arrive(arrival)


def _person(person: Person, here: str, day: Day, tables: Tables) -> Iterator[Problem]:
    where = f"{here}.codiceclientesr"
    if not person.code.strip():
        yield Problem.of("spot.code.empty", where, rule="SP-07")
    elif _TAX_CODE.search(person.code):
        yield Problem.of("spot.code.tax_code", where, rule="SP-07")
    elif _TWO_WORDS.fullmatch(person.code):
        yield Problem.of("spot.code.name", where, guest=person.code, rule="SP-07")
    if person.comune is not None:
        yield from unlisted(person.comune, f"{here}.comuneresidenza", tables)


def unlisted(comune: str, where: str, tables: Tables) -> Iterator[Problem]:
    """SP-11: a comune that the list frozen in 2023 can hardly have."""
    known = _since(tables)
    if comune not in known:
        yield Problem.of("spot.comune.unknown", where, comune=comune, rule="SP-11")
    elif known[comune] >= UNTIL:
        yield Problem.of("spot.comune.new", where, comune=comune, since=known[comune], rule="SP-11")


@lru_cache(maxsize=2)
def _since(tables: Tables) -> Mapping[str, date]:
    """Every code of the police table and the day from which it lives, the distant past where that is not told."""
    return {row.police: row.valid_from or date.min for row in tables.comuni if row.police}


def _departures(day: Day, where: str, house: House) -> Iterator[Problem]:
    """SP-08: only singles and heads who are there, each once."""
    seen: set[str] = set()
    for place, leaving in enumerate(day.departures or ()):
        here, code = f"{where}.partenze.codiceclientesr[{place}]", leaving.code
        if code in seen:
            yield Problem.of("spot.departure.twice", here, guest=code, day=day.day, rule="SP-08")
        elif code in house.present:
            if leaving.alone == "si" and not house.present[code]:
                yield Problem.of("spot.departure.nobody_stays", here, guest=code, rule="SP-08")
        elif code in house.members:
            head = house.members[code]
            fault = "spot.departure.member" if head in house.present else "spot.departure.left_behind"
            yield Problem.of(fault, here, guest=code, head=head, rule="SP-08")
        elif code in house.gone:
            yield Problem.of("spot.departure.gone", here, guest=code, day=day.day, rule="SP-08")
        else:
            yield Problem.of("spot.departure.elsewhere", here, guest=code, day=day.day, rule="SP-08")
        seen.add(code)
