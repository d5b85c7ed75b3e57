"""The JSON of the stateless commands, of the REST API and of the library, read into core values.

:func:`parse` takes any JSON value and gives what could be read together with every problem found, all at once. It judges
shapes only (is this a day, is this key known); whether a fact may be absent is judged by the rule that needs it: the tax
wants no document, the police no price.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from locanda.core.json_input import read_json
from locanda.core.people import Document, Guest, GuestDetails, Role, Sex
from locanda.core.problems import Problem
from locanda.core.readers import (
    Reader,
    choice,
    day,
    day_or_instant,
    flag,
    instant,
    label,
    listing,
    money,
    record,
    shown,
    shown_number,
    text,
    whole,
)  # fmt: skip
from locanda.core.stays import PROPERTY_TYPES, Group, Price, Property, PropertyDay, Stay

__all__ = ["GUEST_STATUSES", "ROLE_NUMBERS", "Shapes", "parse", "parse_days", "parse_json", "parse_property", "parse_stay"]

GUEST_STATUSES = (
    "resident", "l104_permanent_care", "severe_disability", "carer_of_disabled", "patient", "patient_companion",
    "tour_leader", "coach_driver", "pupil", "teacher", "student", "athlete", "worker", "employee_of_property",
    "police_on_duty", "volunteer", "displaced", "victim_of_violence", "honeymooner", "prisoner_on_leave",
)  # fmt: skip

ROLE_NUMBERS = {
    "16": Role.SINGLE, "17": Role.HEAD_OF_FAMILY, "18": Role.HEAD_OF_GROUP, "19": Role.FAMILY_MEMBER,
    "20": Role.GROUP_MEMBER,
}  # fmt: skip


class Shapes(NamedTuple):
    """What an input object held.

    ``stays`` keeps the places of the input: a stay without a readable arrival is None, and its guests stand in ``loose``
    under the stay's index, so that their own faults can be told in the same breath. ``rest`` holds the keys of ``also``.
    """

    property: Property | None
    stays: tuple[Stay | None, ...]
    loose: Mapping[int, tuple[Guest, ...]]
    rest: Mapping[str, Any]
    problems: tuple[Problem, ...]

    def unread(self) -> bool:
        """Whether the input was no JSON object at all, so that nothing can be said to be missing from it."""
        return any(problem.where == "" and problem.code != "shape.key.twice" for problem in self.problems)


def parse_json(data: str | bytes, *, also: Collection[str] = ()) -> Shapes:
    """:func:`parse` for JSON not yet read; broken JSON and keys given twice are problems too."""
    value, faults = read_json(data)
    if value is None and faults:
        return _unread(faults[0])
    shapes = parse(value, also=also)
    return shapes._replace(problems=(*faults, *shapes.problems)) if faults else shapes


def _unread(problem: Problem) -> Shapes:
    return Shapes(None, (), {}, {}, (problem,))


def parse(value: object, *, also: Collection[str] = ()) -> Shapes:
    """An input object ``{"property", "stays"}`` and whatever top-level keys the command adds (``also``)."""
    found: list[Problem] = []
    loose: dict[int, tuple[Guest, ...]] = {}

    def stays(entries: Any, where: str, found: list[Problem]) -> tuple[Stay | None, ...]:
        if not isinstance(entries, list):
            found.append(Problem.of("shape.list.expected", where, value=shown_number(entries)))
            return ()
        read: list[Stay | None] = []
        for index, entry in enumerate(entries):
            stay, guests = _stay(entry, f"{where}[{index}]", found)
            read.append(stay)
            if stay is None:
                loose[index] = guests
        return tuple(read)

    known: dict[str, Reader] = {"property": parse_property, "stays": stays, **dict.fromkeys(also, _as_is)}
    top = record(value, "", known, found)
    return Shapes(
        top.get("property"), top.get("stays", ()), loose, {key: top[key] for key in also if key in top}, tuple(found)
    )


def parse_property(value: Any, where: str, found: list[Problem]) -> Property | None:
    """A property; None when it is no object."""
    if not isinstance(value, dict):
        found.append(Problem.of("shape.object.expected", where, value=shown_number(value)))
        return None
    return Property(**record(value, where, _PROPERTY, found))


def parse_stay(value: Any, where: str, found: list[Problem]) -> Stay | None:
    """A stay; None when its arrival cannot be read."""
    return _stay(value, where, found)[0]


def _stay(value: Any, where: str, found: list[Problem]) -> tuple[Stay | None, tuple[Guest, ...]]:
    before = len(found)
    read = record(value, where, _STAY, found)
    guests: tuple[Guest, ...] = read.get("guests", ())
    if "arrival" not in read:
        if isinstance(value, dict) and not any(problem.where == f"{where}.arrival" for problem in found[before:]):
            found.append(Problem("stay.arrival.missing", f"{where}.arrival"))
        return None, guests
    read.setdefault("id", "")
    nights = read.get("price", Price()).nights
    if nights and not isinstance(nights[0][0], date):
        first = read.get("first_night") or read["arrival"].date()
        read["price"] = read["price"]._replace(
            nights=tuple((first + timedelta(days=index), cents) for index, (_, cents) in enumerate(nights))
        )
    stay = Stay(**read)
    found.extend(problem.within(where) for problem in _stay_contradictions(stay))
    return stay, guests


def _stay_contradictions(stay: Stay) -> list[Problem]:
    """Two facts of one stay that cannot both be true."""
    found: list[Problem] = []
    nights, departure = stay.night_count, stay.departure_instant
    if nights is not None and (nights < 0 or (departure is not None and departure.timestamp() < stay.arrival.timestamp())):
        found.append(Problem("stay.departure.before_arrival", "departure"))
    elif stay.departure is not None and stay.nights is not None and nights != stay.nights:
        found.append(Problem.of("stay.nights.differ", "nights", nights=stay.nights, between=nights))
    seen: set[str] = set()
    for index, guest in enumerate(stay.guests):
        if guest.id and guest.id in seen:
            found.append(Problem.of("guest.id.twice", f"guests[{index}].id", id=shown(guest.id)))
        seen.add(guest.id)
    return found


def parse_days(value: Any, where: str, found: list[Problem]) -> tuple[PropertyDay, ...]:
    """The days of a property: open or closed is always said, rooms and beds may be left to its capacity."""
    if not isinstance(value, list):
        found.append(Problem.of("shape.list.expected", where, value=shown_number(value)))
        return ()
    days = []
    for index, entry in enumerate(value):
        here = f"{where}[{index}]"
        before = len(found)
        read = record(entry, here, {"day": day, "open": flag, "rooms": whole(), "beds": whole()}, found)
        missing = [key for key in ("day", "open") if key not in read]
        if not missing:
            days.append(PropertyDay(**read))
        elif len(found) == before:
            found += [Problem.of("shape.day.incomplete", f"{here}.{key}", key=key) for key in missing]
    return tuple(days)


def _as_is(value: Any, where: str, found: list[Problem]) -> Any:
    return value


def _role(value: Any, where: str, found: list[Problem]) -> Role | None:
    """A word or the portal's number."""
    if isinstance(value, int | str) and not isinstance(value, bool):
        plain = shown_number(value)
        if plain in ROLE_NUMBERS:
            return ROLE_NUMBERS[plain]
        if value in _ROLES:
            return Role(value)
    found.append(Problem.of("guest.role.unknown", where, value=shown_number(value), allowed=", ".join(_ROLES)))
    return None


_ROLES = tuple(role.value for role in Role)


def _sex(value: Any, where: str, found: list[Problem]) -> Sex | None:
    """M or F. An X in the document is a fact that the police record cannot hold: somebody has to decide."""
    if isinstance(value, str) and value in ("M", "F"):
        return Sex(value)
    undecided = isinstance(value, str) and value.upper() == "X"
    found.append(Problem.of("guest.sex.undecided" if undecided else "guest.sex.unknown", where, value=shown_number(value)))
    return None


def _document(value: Any, where: str, found: list[Problem]) -> Document:
    return Document(**record(value, where, {"type": text, "number": text, "issued_in": text}, found))


def _room_use(value: Any, where: str, found: list[Problem]) -> tuple[str, date, date] | None:
    read = record(value, where, {"unit": text, "from": day, "to": day}, found)
    if len(read) == 3:
        return read["unit"], read["from"], read["to"]
    found.append(Problem("shape.rooms.incomplete", where))
    return None


def _flow_id(value: Any, where: str, found: list[Problem]) -> str | None:
    """At most ten letters or digits (ROSS1000)."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9]{1,10}", value):
        return value
    found.append(Problem.of("guest.flow_id.unfit", where, value=shown_number(value)))
    return None


def _nightly(value: Any, where: str, found: list[Problem]) -> tuple[tuple[Any, int], ...]:
    """Prices night by night: ``{"2026-07-10": "95.00"}``, or a list that starts with the first night."""
    if isinstance(value, list):
        return tuple((index, cents) for index, cents in enumerate(listing(money)(value, where, found)))
    nights = []
    for key, amount in (value.items() if isinstance(value, dict) else ()):
        night = day(key, f"{where}.{shown(key)}", found)
        cents = None if amount is None else money(amount, f"{where}.{shown(key)}", found)
        if night is not None and cents is not None:
            nights.append((night, cents))
    if not isinstance(value, dict):
        found.append(Problem.of("shape.object.expected", where, value=shown_number(value)))
    return tuple(nights)


def _price(value: Any, where: str, found: list[Problem]) -> Price:
    read = record(value, where, _PRICE, found)
    if "amount" in read:
        read["cents"] = read.pop("amount")
    return Price(**read)


def _group(value: Any, where: str, found: list[Problem]) -> Group | None:
    read = record(value, where, {"kind": choice(("agency", "school", "youth", "sport")), "participants": whole()}, found)
    return Group(**read) if "kind" in read else None


def _portal_ids(value: Any, where: str, found: list[Problem]) -> tuple[tuple[str, str | int], ...]:
    if not isinstance(value, dict):
        found.append(Problem.of("shape.object.expected", where, value=shown_number(value)))
        return ()
    read = ((key, _portal_id(entry, f"{where}.{shown(key)}", found)) for key, entry in value.items() if entry is not None)
    return tuple((key, entry) for key, entry in read if entry is not None)


def _portal_id(value: Any, where: str, found: list[Problem]) -> str | int | None:
    """An id stays the number or the text it is: 0 is an id, and ``"X00001"`` another."""
    return value if isinstance(value, int) and not isinstance(value, bool) else text(value, where, found)


def _area(value: Any, where: str, found: list[Problem]) -> Decimal | None:
    """Square metres, as a number or in quotes: ``80``, ``80.5``, ``"80.5"``."""
    written = value if isinstance(value, str) else shown_number(value) if type(value) in (int, float) else ""
    if re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,4})?", written, re.ASCII):
        return Decimal(written)
    found.append(Problem.of("shape.area.expected", where, value=shown_number(value)))
    return None


def _guests(value: Any, where: str, found: list[Problem]) -> tuple[Guest, ...]:
    """Every entry keeps its place, so that a problem of the third guest says so even when the second is unreadable."""
    if isinstance(value, list):
        return tuple(_guest(entry, f"{where}[{index}]", found) for index, entry in enumerate(value))
    found.append(Problem.of("shape.list.expected", where, value=shown_number(value)))
    return ()


def _guest(value: Any, where: str, found: list[Problem]) -> Guest:
    read = record(value, where, _GUEST, found)
    details = {key: read.pop(key) for key in _DETAILS if key in read}
    return Guest(**read, details=GuestDetails(**details) if details else None)


_DETAILS: dict[str, Reader] = {
    "status": listing(choice(GUEST_STATUSES)), "documents_held": listing(text), "companion_of": text,
    "occupies_bed": flag, "tourist": flag, "arrival": instant, "departure": day_or_instant, "rooms": listing(_room_use),
    "tourism": text, "transport": text, "education": text, "profession": text, "flow_id": _flow_id,
    "tax_exemption": label,
}  # fmt: skip

_GUEST: dict[str, Reader] = {
    "id": label, "role": _role, "surname": text, "name": text, "sex": _sex, "birth_date": day, "birth_state": text,
    "birth_comune": text, "citizenship": text, "document": _document, "residence_state": text, "residence_comune": text,
    "residence_place": text, **_DETAILS,
}  # fmt: skip

_PRICE: dict[str, Reader] = {
    "amount": money, "per": choice(("unit", "room", "person")), "vat": choice(("included", "excluded")),
    "breakfast": choice(("included", "excluded")), "nights": _nightly,
}  # fmt: skip

_STAY: dict[str, Reader] = {
    "id": label, "arrival": instant, "departure": day_or_instant, "nights": whole(0, 5_000), "units": listing(label),
    "channel": text, "booked_on": day, "price": _price, "first_night": day, "registered_nights": whole(0, 5_000),
    "group": _group, "outside_nights": whole(0, 5_000), "guests": _guests,
}  # fmt: skip

_PROPERTY: dict[str, Reader] = {
    "id": label, "name": text, "type": choice(PROPERTY_TYPES), "business": flag, "stars": whole(0, 5), "comune": text,
    "zone": label, "category": label, "cadastral_category": text, "rooms": whole(), "beds": whole(),
    "portal_ids": _portal_ids, "credentials": choice(("active", "pending", "none")), "declared_rooms": whole(),
    "let_as": choice(("rooms", "whole")), "superior": flag, "suns": whole(0, 5), "since": day,
    "floors_m2": listing(_area), "listed_refuge": flag, "lets_over_30_days": flag,
}  # fmt: skip
