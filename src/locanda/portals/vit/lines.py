"""The text inside ``CaricaFile`` (spec flussi-turistici 9.7): written, read, checked.

Lines parted by CR LF, fields by tabs, no line end after the last. ``A`` adds a presence and ``E`` cancels it; ``CAMERE`` tells
the rooms occupied on a day. The month is finished by a call of its own (``InserisciC59M``). Nothing is told of how accents are
written: UTF-8 here.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.core.time import iso_day
from locanda.law.statistics import FOREIGN_ROWS, ITALIAN_ROWS, FlowGuest, Movement
from locanda.portals.flows import Read, Report, Written

__all__ = ["Cancelled", "Presence", "Rooms", "check", "encode", "read", "write"]

_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
_ORIGINS = frozenset(row.letters if row.kind == "I" else row.code for row in (*ITALIAN_ROWS, *FOREIGN_ROWS))
_BREAKS = re.compile(r"[\t\r\n\x00]")


class Presence(NamedTuple):
    """``A``: a person's stay. ``origin`` is province letters or a code of the C/59."""

    guest: str
    room: str
    sex: str
    born: date
    origin: str
    town: str
    first: date
    last: date


class Cancelled(NamedTuple):
    """``E``: a presence that never was."""

    guest: str


class Rooms(NamedTuple):
    """``CAMERE``: the rooms occupied on a day."""

    day: date
    occupied: int


Line = Presence | Cancelled | Rooms


def write(movement: Movement) -> Written:
    """Who arrives in the movement and is known to leave, and the rooms of every open day."""
    found: list[Problem] = []
    notes: list[Problem] = []
    lines: list[Line] = []
    for day in movement.days:
        for guest in day.arrived:
            if guest.departure is None:
                notes.append(Problem.of("vit.departure.unknown", guest.where, guest=guest.flow_id))
            else:
                lines.append(_presence(guest, guest.departure, found))
    lines += [Rooms(day.day, day.rooms_occupied) for day in movement.days if day.open]
    if not lines and not notes:
        found.append(Problem("vit.nothing", "stays"))
    if found:
        return Written(None, tuple(found), tuple(notes))
    return Written(encode(tuple(lines)), (), tuple(notes))


def _presence(guest: FlowGuest, last: date, found: list[Problem]) -> Presence:
    home, born, sex = guest.residence, guest.birth_date, guest.sex
    assert born is not None and sex is not None  # in ``needs``: judged before
    room = guest.rooms[0].unit if guest.rooms else ""
    town = " ".join((home.place or "").split()) if home.comune is None else ""
    if _BREAKS.search(room) or _BREAKS.search(town):
        found.append(Problem.of("vit.text.unfit", guest.where))
    return Presence(guest.flow_id, room, sex, born, home.row.letters or home.row.code, town, guest.arrival, last)


def encode(values: tuple[Line, ...]) -> bytes:
    """The bytes of a text."""
    return "\r\n".join(map(_line, values)).encode()


def _line(line: Line) -> str:
    if isinstance(line, Rooms):
        return f"CAMERE\t{line.day}\t{line.occupied}"
    if isinstance(line, Cancelled):
        return f"E\t{line.guest}"
    guest, room, sex, born, origin, town, first, last = line
    return "\t".join(("A", guest, room, sex, str(born), origin, town, str(first), str(last)))


def read(data: bytes) -> Read:
    """The lines of a text."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Read(None, (Problem.of("vit.line.wrong", "", line=1, rule="9.7"),))
    found: list[Problem] = []
    lines = []
    for number, row in enumerate(text.split("\r\n"), 1):
        line = _parsed(row.split("\t"))
        if line is None:
            found.append(Problem.of("vit.line.wrong", f"righe[{number}]", line=number, rule="9.7"))
        else:
            lines.append(line)
    return Read(None, tuple(found)) if found else Read(tuple(lines))


def _parsed(cells: list[str]) -> Line | None:
    match cells:
        case ["A", guest, room, sex, born, origin, town, first, last] if guest:
            days = [iso_day(text) for text in (born, first, last)]
            if any("\n" in cell or "\r" in cell for cell in cells) or None in days:
                return None
            birth, start, end = (day for day in days if day is not None)
            return Presence(guest, room, sex, birth, origin, town, start, end)
        case ["E", guest] if guest and "\n" not in guest and "\r" not in guest:
            return Cancelled(guest)
        case ["CAMERE", day, occupied] if _WHOLE.fullmatch(occupied) and str(int(occupied)) == occupied:
            on = iso_day(day)
            return None if on is None else Rooms(on, int(occupied))
    return None


def check(data: bytes) -> Report:
    """Identifiers once, codes that exist, days in order, rooms where somebody sleeps."""
    lines, problems = read(data)
    if lines is None:
        return Report(0, 0, 0, problems)
    found: list[Problem] = []
    warnings: list[Problem] = []
    seen: set[str] = set()
    days: dict[date, int] = {}
    presences = []
    for number, line in enumerate(lines, 1):
        where = f"righe[{number}]"
        if isinstance(line, Rooms):
            if line.day in days:
                found.append(Problem.of("vit.day.twice", where, day=line.day, rule="9.7"))
            days[line.day] = line.occupied
        elif isinstance(line, Presence):
            presences.append(line)
            if line.guest in seen:
                found.append(Problem.of("vit.guest.twice", where, guest=line.guest, rule="9.7"))
            seen.add(line.guest)
            _judge(line, where, found)
    for day, occupied in days.items():
        if not occupied and any(line.first <= day < line.last for line in presences):
            warnings.append(Problem.of("vit.rooms.none", "", day=day, rule="2.2-5"))
    return Report(len(days), len(presences), len(presences), tuple(found), tuple(warnings))


def _judge(line: Presence, where: str, found: list[Problem]) -> None:
    if line.sex not in ("M", "F"):
        found.append(Problem.of("vit.value.wrong", where, value=line.sex, field="sesso", rule="9.7"))
    if line.origin not in _ORIGINS:
        found.append(Problem.of("vit.value.wrong", where, value=line.origin, field="provenienza", rule="4.2"))
    if not line.room.strip():
        found.append(Problem.of("vit.value.wrong", where, value=line.room, field="camera", rule="9.7"))
    if line.last <= line.first:
        found.append(Problem.of("vit.days.backwards", where, first=line.first, last=line.last, rule="9.7"))
    if line.born > line.first:
        found.append(Problem.of("vit.value.wrong", where, value=line.born, field="data di nascita", rule="RX-13"))
