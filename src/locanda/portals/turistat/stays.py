"""The body of ``stay/addfrompms`` (spec flussi-turistici 9.3): written, read, checked; and the one that closes a day.

Instants are in UTC, and the statistics know days, not hours: noon in Rome stands for every one of them, which is the same day
in both. Stays whose departure nobody knows yet wait, with a note: the body wants the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.core.time import ROME
from locanda.law.statistics import FlowGuest, Movement
from locanda.places import builtin
from locanda.portals.flows import Read, Report, Written
from locanda.portals.markup import DECLARATION, Node, escaped, is_writable, read_xml

__all__ = ["Guest", "Room", "Stay", "check", "encode", "end_of_day", "read", "write"]

_CODE = re.compile(r"[0-9]{9}", re.ASCII)
_TYPES = {
    Role.SINGLE: "16", Role.HEAD_OF_FAMILY: "17", Role.HEAD_OF_GROUP: "18", Role.FAMILY_MEMBER: "19", Role.GROUP_MEMBER: "20",
}  # fmt: skip
_GUEST = (
    "GuestId", "Age", "NationalityCode", "BirthPlaceCode", "ResidencePlaceCode", "Type", "Gender", "ArrivalDate", "DepartureDate",
    "Checkout", "BedOccupancy", "Rooms",
)  # fmt: skip


class Room(NamedTuple):
    """``Room``: a unit for some nights."""

    unit: str
    first: date
    end: date


class Guest(NamedTuple):
    """``Guest``, in the order of the protocol; ``EMail`` is never written."""

    ident: str
    age: int
    citizenship: str
    birth: str
    residence: str
    kind: str
    gender: str
    arrival: date
    departure: date
    left: bool
    bed: bool
    rooms: tuple[Room, ...]


class Stay(NamedTuple):
    """``Stay``."""

    hotel: str
    ident: str
    guests: tuple[Guest, ...]


def write(movement: Movement) -> Written:
    """Every stay that touches the movement, whole; ``Checkout`` for those who left by its last day."""
    hotel = str(movement.home.portal_id("turistat") or "")
    notes: list[Problem] = []
    found: list[Problem] = []
    by_stay: dict[str, list[FlowGuest]] = {}
    for guest in movement.guests:
        by_stay.setdefault(guest.stay, []).append(guest)
    stays = []
    for ident, guests in by_stay.items():
        unknown = next((guest for guest in guests if guest.departure is None), None)
        if unknown is not None:
            notes.append(Problem.of("turistat.departure.unknown", unknown.where, stay=ident))
            continue
        stays.append(Stay(hotel, ident, tuple(_guest(guest, movement.last) for guest in guests)))
    if not all(is_writable(text) for stay in stays for text in (stay.hotel, stay.ident)):
        found.append(Problem("turistat.text.unfit", "stays"))
    return Written(None, tuple(found), tuple(notes)) if found else Written(encode(tuple(stays)), (), tuple(notes))


def _guest(guest: FlowGuest, last: date) -> Guest:
    age, citizenship, departure = guest.age, guest.citizenship, guest.departure
    birth = guest.birth_comune or guest.birth_state
    assert age is not None and citizenship is not None and departure is not None and birth is not None and guest.role is not None
    rooms = tuple(Room(use.unit, use.first, use.end or departure) for use in guest.rooms)
    return Guest(
        guest.flow_id, age, citizenship, birth, guest.residence.comune or guest.residence.state, _TYPES[guest.role],
        "1" if guest.sex == "M" else "2", guest.arrival, departure, departure <= last, guest.occupies_bed, rooms,
    )  # fmt: skip


def _instant(day: date) -> str:
    """Noon in Rome, in UTC with thousandths."""
    return f"{datetime.combine(day, time(12), ROME).astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def encode(values: tuple[Stay, ...]) -> bytes:
    """The bytes of a body: HotelCode before StayId."""
    lines = [DECLARATION, "<StaysPmsDTO>"]
    for stay in values:
        head = f"<HotelCode>{escaped(stay.hotel)}</HotelCode><StayId>{escaped(stay.ident)}</StayId>"
        lines += [f"<Stay>{head}<Guests>", *map(_encoded, stay.guests), "</Guests></Stay>"]
    return ("\n".join(lines) + "\n</StaysPmsDTO>\n").encode()


def _encoded(guest: Guest) -> str:
    rooms = "".join(
        f"<Room><RoomId>{escaped(room.unit)}</RoomId><StartDate>{_instant(room.first)}</StartDate>"
        f"<EndDate>{_instant(room.end)}</EndDate></Room>"
        for room in guest.rooms
    )
    values = (
        escaped(guest.ident), guest.age, guest.citizenship, guest.birth, guest.residence, guest.kind, guest.gender,
        _instant(guest.arrival), _instant(guest.departure), str(guest.left).lower(), str(guest.bed).lower(), rooms,
    )  # fmt: skip
    return f"<Guest>{''.join(f'<{name}>{value}</{name}>' for name, value in zip(_GUEST, values, strict=True))}</Guest>"


def end_of_day(hotel: str, day: date) -> bytes:
    """The body of ``entity/enddayfrompms``: every open day, with or without movement; never during a closure."""
    return (
        f"{DECLARATION}\n<EndDayPmsDTO><HotelCode>{escaped(hotel)}</HotelCode>"
        f"<CurrentDate>{_instant(day)}</CurrentDate></EndDayPmsDTO>\n"
    ).encode()


def read(data: bytes) -> Read:
    """The stays of a body."""
    root = read_xml(data)
    if isinstance(root, Problem):
        return Read(None, (root._replace(facts=(*root.facts, ("rule", "9.3"))),))
    if root.name != "StaysPmsDTO":
        return Read(None, (Problem.of("turistat.shape", "", line=root.line, rule="9.3"),))
    found: list[Problem] = []
    stays = tuple(_stay(node, found) for node in root.children)
    return Read(None, tuple(found)) if found else Read(stays)


def _stay(node: Node, found: list[Problem]) -> Stay:
    if node.name != "Stay" or [child.name for child in node.children] != ["HotelCode", "StayId", "Guests"]:
        found.append(Problem.of("turistat.shape", node.name, line=node.line, rule="9.3"))
        return Stay("", "", ())
    hotel, ident, guests = node.children
    made = tuple(guest for child in guests.children if (guest := _read_guest(child, found)) is not None)
    return Stay(_raw(hotel), _raw(ident), made)


def _raw(node: Node) -> str:
    return "".join(node.parts)


def _read_guest(node: Node, found: list[Problem]) -> Guest | None:
    names = [child.name for child in node.children]
    if node.name != "Guest" or names != list(_GUEST):
        found.append(Problem.of("turistat.shape", node.name, line=node.line, rule="9.3"))
        return None
    text = {child.name: _raw(child) for child in node.children}
    rooms = list(_rooms(node.children[-1], found))
    arrival, departure = _day(text["ArrivalDate"]), _day(text["DepartureDate"])
    fine = {
        "Age": re.fullmatch(r"[0-9]|[1-9][0-9]{1,2}", text["Age"], re.ASCII), "ArrivalDate": arrival, "DepartureDate": departure,
        "Checkout": text["Checkout"] in ("true", "false"), "BedOccupancy": text["BedOccupancy"] in ("true", "false"),
        "Type": text["Type"] in _TYPES.values(), "Gender": text["Gender"] in ("1", "2"),
        **{name: _CODE.fullmatch(text[name]) for name in ("NationalityCode", "BirthPlaceCode", "ResidencePlaceCode")},
    }  # fmt: skip
    wrong = [name for name, good in fine.items() if not good]
    found += [
        Problem.of("turistat.value.wrong", name, element=name, value=text[name][:40], line=node.line, rule="9.3")
        for name in wrong
    ]
    if wrong or arrival is None or departure is None:
        return None
    return Guest(
        text["GuestId"], int(text["Age"]), text["NationalityCode"], text["BirthPlaceCode"], text["ResidencePlaceCode"],
        text["Type"], text["Gender"], arrival, departure, text["Checkout"] == "true", text["BedOccupancy"] == "true",
        tuple(rooms),
    )  # fmt: skip


def _rooms(node: Node, found: list[Problem]) -> Iterator[Room]:
    for child in node.children:
        first, end = _day(child.text_of("StartDate") or ""), _day(child.text_of("EndDate") or "")
        names = [entry.name for entry in child.children]
        if child.name != "Room" or names != ["RoomId", "StartDate", "EndDate"] or first is None or end is None:
            found.append(Problem.of("turistat.shape", child.name, line=child.line, rule="9.3"))
        else:
            yield Room(_raw(child.children[0]), first, end)


def _day(text: str) -> date | None:
    """The day of an instant that we wrote; others say an hour too, which is theirs to judge."""
    try:
        day = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC).astimezone(ROME).date()
    except (ValueError, OverflowError):
        return None
    return day if _instant(day) == text else None


def check(data: bytes) -> Report:
    """Ids once, days forward, codes that exist, rooms that begin with the stay."""
    stays, problems = read(data)
    if stays is None:
        return Report(0, 0, 0, problems)
    found: list[Problem] = []
    seen: set[str] = set()
    tables = builtin()
    codes = {comune.police for comune in tables.comuni} | {state.police for state in tables.states}
    states = {state.police for state in tables.states}
    nights: set[date] = set()
    for place, stay in enumerate(stays):
        if not stay.hotel.strip() or not stay.ident.strip() or not stay.guests:
            found.append(Problem.of("turistat.shape", f"Stay[{place}]", line=0, rule="9.3"))
        for index, guest in enumerate(stay.guests):
            where = f"Stay[{place}].Guest[{index}]"
            nights |= {guest.arrival, guest.departure}
            if guest.ident in seen or not guest.ident:
                found.append(Problem.of("turistat.guest.twice", where, guest=guest.ident, rule="9.3"))
            seen.add(guest.ident)
            if guest.departure <= guest.arrival:
                found.append(Problem.of("turistat.days.backwards", where, rule="9.3"))
            if guest.age > 150:
                found.append(Problem.of("turistat.value.wrong", where, element="Age", value=guest.age, line=0, rule="9.3"))
            for value, known in ((guest.citizenship, states), (guest.birth, codes), (guest.residence, codes)):
                if value not in known:
                    found.append(Problem.of("turistat.code.unknown", where, value=value, rule="4.1"))
            if len(guest.rooms) == 1 and guest.rooms[0].first != guest.arrival:
                found.append(Problem.of("turistat.room.first", where, rule="9.3"))
    guests = [guest for stay in stays for guest in stay.guests]
    return Report(len(nights), len(guests), sum(guest.left for guest in guests), tuple(found))
