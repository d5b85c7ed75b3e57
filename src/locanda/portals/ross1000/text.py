"""The TXT of ROSS1000 as a format of the house (spec flussi-turistici 6.7): prefer the XML wherever both are accepted.

A record of mode 1 for each arrival, one of mode 2 with the departure for each guest who leaves, day by day. Rooms of a party
stand with its head; of two singles who share a room, the first bears it. The file cannot say closed days, nor days without
movement: a note tells which days are left for the calendar of the portal. No name, address or document is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from locanda.core.people import Sex
from locanda.core.problems import Problem
from locanda.law.statistics import FlowDay, FlowGuest, Movement
from locanda.places import builtin
from locanda.portals.flows import Read, Report, Written
from locanda.portals.ross1000 import text_rules
from locanda.portals.ross1000.notes import notes_on
from locanda.portals.ross1000.text_record import Riga, encode, read_lines, too_long
from locanda.portals.ross1000.values import ROLE_CODES, list_text

__all__ = ["check", "encode", "read", "write"]

SEX_CODES: Final[Mapping[Sex, str]] = {Sex.MALE: "1", Sex.FEMALE: "2"}


def write(movement: Movement) -> Written:
    """The records of a movement, or every problem."""
    writing = _Writing(movement)
    records = tuple(writing.records())
    found = tuple(writing.found)
    notes = (*notes_on(movement), *writing.notes())
    return Written(None, found, notes) if found else Written(encode(records), (), notes)


def read(data: bytes) -> Read:
    """The records in a file; None when a line is none."""
    records, problems, warnings = read_lines(data)
    if not records:
        return Read(None, (Problem.of("ross1000.file.empty", "", rule="RX-01"),))
    return Read(None if None in records else records, (*problems, *warnings))


def check(data: bytes) -> Report:
    """Rule RX-22, and of the others those that a record can break."""
    return text_rules.judge(data)


class _Writing:
    def __init__(self, movement: Movement) -> None:
        self.movement = movement
        self.found: list[Problem] = []
        self.offers = {day.day: day for day in movement.days}
        self.rooms = _rooms_of_parties(movement)
        self.assumed: dict[str, str] = {}

    def records(self) -> list[Riga]:
        made: list[Riga] = []
        for day in self.movement.days:
            made += [self._record(guest, "1", None) for guest in day.arrived]
            made += [self._record(guest, "2", day.day) for guest in day.departed]
        return made

    def notes(self) -> list[Problem]:
        """Which days the file cannot say, and whose figures were taken from another day."""
        found: list[Problem] = []
        silent = [day.day for day in self.movement.days if not day.arrived and not day.departed]
        if silent:
            found.append(Problem.of("ross1000.txt.silent_days", "", count=len(silent), first=silent[0], last=silent[-1]))
        if self.assumed:
            day = self.movement.first
            where = next(iter(self.assumed.values()))
            found.append(Problem.of("ross1000.txt.offer_assumed", where, count=len(self.assumed), day=day))
        return found

    def _record(self, guest: FlowGuest, mode: str, departure: date | None) -> Riga:
        role, sex, born = guest.role, guest.sex, guest.birth_date
        assert role is not None and sex is not None and born is not None
        home = guest.residence
        rooms = offered = beds = ""
        if not role.is_member:
            offer = self._offer(guest)
            rooms = str(self.rooms.get(guest.flow_id, 0))
            offered, beds = str(offer.rooms), str(offer.beds)
        made = Riga(
            tipoalloggiato=ROLE_CODES[role], arrivo=_date(guest.arrival), sesso=SEX_CODES[sex], datanascita=_date(born),
            comunenascita=guest.birth_comune or "", provincianascita=self._province(guest), statonascita=guest.birth_state or "",
            cittadinanza=guest.citizenship or "", comuneresidenza=home.comune or "", provinciaresidenza=home.province or "",
            statoresidenza=home.state, partenza=_date(departure) if departure else "",
            tipoturismo=list_text("tourism", guest.tourism), mezzotrasporto=list_text("transport", guest.transport),
            camereoccupate=rooms, cameredisponibili=offered, lettidisponibili=beds, imposta="0" if guest.tax_exemption else "",
            idswh=guest.flow_id, modalita=mode,
        )  # fmt: skip
        for column, text in too_long(made):
            facts = {"name": column.name, "value": text, "limit": str(column.length)}
            self.found.append(Problem.of("ross1000.txt.too_long", guest.where, **facts))
        return made

    def _province(self, guest: FlowGuest) -> str:
        """The letters beside the comune of birth, from the same row of the table."""
        if guest.birth_comune is None:
            return ""
        row = builtin().comune_row(guest.birth_comune)
        if row is None:
            self.found.append(Problem.of("ross1000.txt.no_province", f"{guest.where}.birth_comune", value=guest.birth_comune))
            return ""
        return row.province

    def _offer(self, guest: FlowGuest) -> FlowDay:
        """Rooms and beds on offer on the day of arrival; of the first day for who came before it."""
        offer = self.offers.get(guest.arrival)
        if offer is None:
            self.assumed.setdefault(guest.flow_id, guest.where)
            return self.movement.days[0]
        return offer


def _rooms_of_parties(movement: Movement) -> dict[str, int]:
    """Rooms of each party by the id of its head or single, on the night of arrival; a room shared by two is counted once."""
    taken: dict[str, list[tuple[date, date | None]]] = {}
    rooms: dict[str, int] = {}
    for guest in sorted(movement.guests, key=lambda guest: guest.arrival):
        leader = guest.head or guest.flow_id
        for use in guest.rooms:
            held = taken[use.unit] = [entry for entry in taken.get(use.unit, ()) if entry[1] is None or entry[1] > guest.arrival]
            shared = any(first <= guest.arrival for first, _ in held)
            if use.first <= guest.arrival and not shared:  # a room entered later is a change inside the stay: no movement
                rooms[leader] = rooms.get(leader, 0) + 1
            held.append((use.first, guest.departure if use.end is None else use.end))
    return rooms


def _date(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
