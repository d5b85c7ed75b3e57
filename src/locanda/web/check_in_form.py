"""The check-in sheet: from what was typed to a stay in the shape of ``interfaces.md``, and back.

Nothing is guessed: an empty field stays absent, and what cannot be read is a problem beside its field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.core.time import ROME
from locanda.places import Comune, State, Tables
from locanda.web.residence_field import RESIDENCE_FIELDS, chosen, read_residence, residence_fields
from locanda.web.time_words import typed_day

__all__ = [
    "GUEST_FIELDS", "ITALY_FIELD", "KINDS", "STAY_FIELDS", "Typed", "blank", "blank_guest", "field_of", "guest_shape",
    "guest_typed", "renewed", "same_residence", "shape_of", "typed", "typed_of",
]  # fmt: skip

KINDS = ("alone", "family", "group", "several")
STAY_FIELDS = (
    "place", "arrival_day", "arrival_hour", "nights", "departure_day", "departure_hour", "kind", "how", "by", "at",
    "accept_late",
)  # fmt: skip
GUEST_FIELDS = (
    "surname", "name", "sex", "birth_date", "birth_state", "birth_comune", "citizenship", "doc_type", "doc_number",
    "doc_issued", "residence", "residence_place", "remember",
)  # fmt: skip
PLACE_FIELDS = {
    "birth_state": "state", "birth_comune": "comune", "citizenship": "state", "doc_issued": "both",
    "residence": "residence",
}  # fmt: skip
"""Fields that are typed with suggestions: what is suggested."""

ITALY_FIELD = '{"label": "ITALIA", "code": "100000100|ITALIA"}'
"""What the button «Italia» writes into its field and the hidden one beside it."""

_ROLES = {
    "alone": (Role.SINGLE, Role.SINGLE),
    "several": (Role.SINGLE, Role.SINGLE),
    "family": (Role.HEAD_OF_FAMILY, Role.FAMILY_MEMBER),
    "group": (Role.HEAD_OF_GROUP, Role.GROUP_MEMBER),
}
_KIND_OF = {Role.HEAD_OF_FAMILY: "family", Role.HEAD_OF_GROUP: "group"}
_ROUND = re.compile(r"g(\d{1,3})-[a-z_]+", re.ASCII)
_WHERE = re.compile(r"guests\[(\d+)\]\.?(.*)")


class Typed(NamedTuple):
    """What stands in the fields, as text. ``code`` of a place chosen from the list is under ``<field>-code``."""

    stay: dict[str, str]
    guests: list[dict[str, str]]


def typed(post: Mapping[str, Any]) -> Typed:
    """The fields of a posted sheet."""
    stay = {name: str(post.get(name, "")).strip() for name in STAY_FIELDS}
    numbers = sorted({int(found[1]) for key in post if (found := _ROUND.fullmatch(key.removesuffix("-code")))})
    guests = []
    for number in numbers:
        guest = {name: str(post.get(f"g{number}-{name}", "")).strip() for name in GUEST_FIELDS}
        for name in PLACE_FIELDS:
            guest[f"{name}-code"] = str(post.get(f"g{number}-{name}-code", ""))
        guests.append(guest)
    return Typed(stay, guests or [blank_guest()])


def blank_guest() -> dict[str, str]:
    """An empty guest: no sex, no state, nothing that somebody would have to notice and undo."""
    return dict.fromkeys((*GUEST_FIELDS, *(f"{name}-code" for name in PLACE_FIELDS)), "")


def blank(now: datetime, by: str, place: str) -> Typed:
    """A new sheet: arriving now."""
    stay = dict.fromkeys(STAY_FIELDS, "")
    stay |= {"place": place, "by": by, **_instant_fields(now)}
    return Typed(stay, [blank_guest()])


def _instant_fields(now: datetime) -> dict[str, str]:
    at = now.astimezone(ROME)
    return {"arrival_day": f"{at:%Y-%m-%d}", "arrival_hour": f"{at:%H:%M}", "at": f"{at:%Y-%m-%dT%H:%M}"}


# ------------------------------------------------------------------------------------------------------ typed -> shape


def shape_of(sheet: Typed, tables: Callable[[], Tables]) -> tuple[dict[str, Any], list[Problem]]:
    """A stay in the shape of ``interfaces.md`` and what could not be read; such a stay has no valid form either.

    ``tables`` are asked for only when somebody's residence was typed: whoever stands at the door does not wait for them.
    """
    stay, found = sheet.stay, list[Problem]()
    shape: dict[str, Any] = {"id": "S1"}
    arrival = _instant(stay["arrival_day"], stay["arrival_hour"], "arrival", found)
    if arrival is not None:
        shape["arrival"] = arrival.isoformat()
    if stay["nights"]:
        number = stay["nights"]
        readable = number.isascii() and number.isdigit() and len(number) < 5
        shape["nights"] = int(number) if readable else number
        if not readable:
            found.append(Problem.of("form.nights.unreadable", "nights", value=number[:20]))
    shape |= _departure(stay, arrival, shape.get("nights"), found)
    if stay["kind"] not in KINDS:
        found.append(Problem("form.kind.missing", "kind"))
    elif stay["kind"] == "alone" and len(sheet.guests) > 1:
        found.append(Problem.of("form.kind.not_alone", "kind", count=len(sheet.guests)))
    known = not any(problem.where == "kind" for problem in found)
    first, others = _ROLES[stay["kind"]] if known else (None, None)
    on = arrival.date() if arrival is not None else None
    shape["guests"] = []
    for index, guest in enumerate(sheet.guests):
        told = guest_shape(guest, role=(others if index else first), number=index, found=found)
        if guest["residence"] or guest["residence_place"]:
            told |= read_residence(guest, f"guests[{index}]", tables(), on or date.max, found)
        shape["guests"].append(told)
    return shape, found


def _departure(stay: Mapping[str, str], arrival: datetime | None, nights: object, found: list[Problem]) -> dict[str, str]:
    """The departure as a day, or as an instant when its hour is known; the day may come from the nights."""
    departure = _day(stay["departure_day"], "departure", found)
    hour = _hour(stay["departure_hour"], "departure", found)
    if any(problem.where == "departure" for problem in found):
        return {"departure": "?"}  # unreadable: the stay must not pass as one without a departure
    if departure is None and hour is not None and arrival is not None and isinstance(nights, int):
        departure = arrival.date() + timedelta(days=nights)
    if departure is None:
        return {}
    return {"departure": departure.isoformat() if hour is None else datetime.combine(departure, hour, ROME).isoformat()}


def guest_shape(guest: Mapping[str, str], *, role: Role | None, number: int, found: list[Problem]) -> dict[str, Any]:
    """One guest, the residence apart; members of a family or group have no document in the record, so none is kept."""
    where = f"guests[{number}]"
    shape: dict[str, Any] = {"id": f"g{number + 1}"} | ({"role": role.value} if role else {})
    for name in ("surname", "name", "sex"):
        if guest[name]:
            shape[name] = guest[name]
    birth = _day(guest["birth_date"], f"{where}.birth_date", found)
    if guest["birth_date"]:
        shape["birth_date"] = birth.isoformat() if birth else "?"
    for name in ("birth_state", "birth_comune", "citizenship"):
        if token := chosen(guest, name):
            shape[name] = token
    if role is None or not role.is_member:
        document = {"type": guest["doc_type"], "number": guest["doc_number"], "issued_in": chosen(guest, "doc_issued")}
        if kept := {key: value for key, value in document.items() if value}:
            shape["document"] = kept
    return shape


def _day(text: str, where: str, found: list[Problem]) -> date | None:
    if not text:
        return None
    day = typed_day(text)
    if day is None:
        found.append(Problem.of("form.day.unreadable", where, value=text[:20]))
    return day


def _hour(text: str, where: str, found: list[Problem]) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text.replace(".", ":").zfill(5)[:5])
    except ValueError:
        found.append(Problem.of("form.hour.unreadable", where, value=text[:20]))
        return None


def _instant(day: str, hour: str, where: str, found: list[Problem]) -> datetime | None:
    """An instant; a day without its hour is a problem of its own, since the term runs from the hour."""
    on, at = _day(day, where, found), _hour(hour, where, found)
    if on is None:
        return None
    if at is None:
        if not any(problem.where == where for problem in found):
            found.append(Problem.of("form.hour.missing", where))
        return None
    return datetime.combine(on, at, ROME)


# ------------------------------------------------------------------------------------------------------ shape -> typed


def typed_of(shape: Mapping[str, Any], tables: Tables, now: datetime, by: str, place: str) -> Typed:
    """A sheet filled from a stay in the shape of ``interfaces.md`` (a draft of another door)."""
    sheet = blank(now, by, place)
    stay = sheet.stay
    arrival = str(shape.get("arrival") or "")
    if "T" in arrival:
        stay["arrival_day"], stay["arrival_hour"] = arrival[:10], arrival[11:16]
    departure = str(shape.get("departure") or "")
    stay["departure_day"], stay["departure_hour"] = departure[:10], departure[11:16]
    stay["nights"] = "" if shape.get("nights") is None else str(shape["nights"])
    guests = [guest for guest in shape.get("guests") or () if isinstance(guest, Mapping)]
    roles = [guest.get("role") for guest in guests]
    stay["kind"] = _KIND_OF.get(roles[0], "several" if len(guests) > 1 else "alone") if roles and roles[0] else ""
    return Typed(stay, [guest_typed(guest, tables, now.date()) for guest in guests] or sheet.guests)


def guest_typed(shape: Mapping[str, Any], tables: Tables, on: date) -> dict[str, str]:
    """The fields of one guest."""
    guest = blank_guest()
    document = shape.get("document") or {}
    for name in ("surname", "name", "sex"):
        guest[name] = str(shape.get(name) or "")
    birth = typed_day(str(shape.get("birth_date") or ""))
    guest["birth_date"] = f"{birth:%d/%m/%Y}" if birth else ""
    guest["doc_type"], guest["doc_number"] = str(document.get("type") or ""), str(document.get("number") or "")
    guest |= residence_fields(shape, tables, on)
    for name, kind in PLACE_FIELDS.items():
        if name == "residence":
            continue
        token = str((document.get("issued_in") if name == "doc_issued" else shape.get(name)) or "")
        guest[name], guest[f"{name}-code"] = _shown(token, kind, tables, birth)
    return guest


def renewed(guest: Mapping[str, str]) -> dict[str, str]:
    """A guest as a draft keeps it; drafts from before the residence was one field had two."""
    fresh = blank_guest()
    found = fresh | {name: value for name, value in guest.items() if name in fresh}
    for old in ("residence_comune", "residence_state"):
        if not found["residence"] and guest.get(old):
            found |= {"residence": guest[old], "residence-code": guest.get(f"{old}-code", "")}
    return found


def same_residence(guests: Sequence[dict[str, str]], index: int) -> None:
    """The residence of the first guest for another one, because somebody said so; said again, it is taken away."""
    first, mine = guests[0], guests[index]
    same = all(first[name] == mine[name] for name in RESIDENCE_FIELDS)
    mine.update({name: "" if same else first[name] for name in RESIDENCE_FIELDS})


def _shown(token: str, kind: str, tables: Tables, on: date | None) -> tuple[str, str]:
    """The words for a code, and the pair of code and words that the hidden field keeps."""
    if not token:
        return "", ""
    place: Any = None
    if kind in ("state", "both"):
        place = tables.state(token)
    if not isinstance(place, State) and kind in ("comune", "both"):
        place = tables.comune_row(token) or tables.comune(token, on or date.today())  # noqa: DTZ011 - only for its words
    if isinstance(place, Comune | State) and place.police:
        return place.label, f"{place.police}|{place.label}"
    return token, ""


# ------------------------------------------------------------------------------------------------- problems -> fields

_OF_STAY = {
    "arrival": "arrival_day", "departure": "departure_day", "identification": "by", "identification.how": "how",
    "identification.at": "at", "property.apartment": "place", "place": "place", "kind": "kind", "nights": "nights",
}  # fmt: skip
_OF_GUEST = {
    "document": "doc_type", "document.type": "doc_type", "document.number": "doc_number", "document.issued_in": "doc_issued",
    "": "surname", "id": "surname", "residence_state": "residence", "residence_comune": "residence",
}  # fmt: skip


def field_of(where: str) -> str | None:
    """The id of the field that a problem belongs to; None when it is of the whole sheet."""
    if found := _WHERE.fullmatch(where):
        number, name = int(found[1]), found[2]
        if name == "role":
            return "kind"
        name = _OF_GUEST.get(name, name)
        return f"g{number}-{name}" if name in GUEST_FIELDS else f"g{number}-surname"
    return _OF_STAY.get(where)
