"""The XML of ROSS1000 as a format of the house: a ``movimento`` for every day, closed or not (spec flussi-turistici 6.1-6.5).

No name is written: the portal does not need one (spec 3.2). Where nobody knows a value of a list, the portal's own words for "not
specified" are written. Days that the portal already has are written again when they are asked for: a second
sending overwrites the first.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from locanda.core.problems import Problem
from locanda.law.statistics import FlowDay, FlowGuest, Movement
from locanda.places import ITALY
from locanda.portals.flows import Report, Written
from locanda.portals.markup import is_writable
from locanda.portals.ross1000 import checking
from locanda.portals.ross1000.facts import PLACE_MAX
from locanda.portals.ross1000.notes import notes_on
from locanda.portals.ross1000.reading import read
from locanda.portals.ross1000.records import Arrivo, Movimenti, Movimento, Partenza, Struttura, encode
from locanda.portals.ross1000.values import ROLE_CODES, list_text

__all__ = ["PORTAL_ID", "PRODUCT", "check", "compose", "encode", "read", "write"]

PORTAL_ID: Final = "ross1000"
"""Where the property keeps its code."""
PRODUCT: Final = "Locanda"
"""``prodotto``: the program that writes the file."""
_DAY = timedelta(days=1)


def write(movement: Movement) -> Written:
    """The file of a movement."""
    file, problems, notes = compose(movement)
    return Written(None if file is None else encode(file), problems, notes)


def compose(movement: Movement) -> tuple[Movimenti | None, tuple[Problem, ...], tuple[Problem, ...]]:
    """The values of a movement: what is written to a file, sent to the service, and compared with what was sent before."""
    found: list[Problem] = []
    given = movement.home.portal_id(PORTAL_ID)
    code, where = "" if given is None else str(given).strip(), f"property.portal_ids.{PORTAL_ID}"
    if not code:
        found.append(Problem.of("flows.portal_id.missing", where, portal="ROSS1000", key=PORTAL_ID))
    _writable(code, where, "codice", found)
    days = tuple([_day(day, found) for day in movement.days])
    _heads(movement, found)
    notes = tuple(notes_on(movement))
    return (None, tuple(found), notes) if found else (Movimenti(code, PRODUCT, days), (), notes)


def _day(day: FlowDay, found: list[Problem]) -> Movimento:
    house = Struttura("SI", str(day.rooms_occupied), str(day.rooms), str(day.beds)) if day.open else _CLOSED
    arrived = tuple([_arrival(guest, found) for guest in day.arrived])
    departed = tuple([_departure(guest) for guest in day.departed])
    return Movimento(_date(day.day.isoformat()), house, arrived or None, departed or None)


_CLOSED: Final = Struttura("NO", "0", "0", "0")


def _date(iso: str) -> str:
    return iso.replace("-", "")


def _arrival(guest: FlowGuest, found: list[Problem]) -> Arrivo:
    role, sex, born = guest.role, guest.sex, guest.birth_date
    assert role is not None and sex is not None and born is not None
    home = guest.residence
    place = home.comune if home.state == ITALY else home.place
    profession, exemption = guest.profession, guest.tax_exemption
    if place is None:
        place = ""
    elif home.state != ITALY:
        place = place.strip()
        if len(place) > PLACE_MAX:
            found.append(Problem.of("ross1000.place.long", f"{guest.where}.residence_place", value=place, limit=PLACE_MAX))
        _writable(place, f"{guest.where}.residence_place", "luogoresidenza", found)
    if profession:
        _writable(profession, f"{guest.where}.profession", "professione", found)
    if exemption:
        _writable(exemption, f"{guest.where}.tax_exemption", "esenzioneimposta", found)
    return Arrivo(
        guest.flow_id, ROLE_CODES[role], guest.head or "", None, None, sex.value, guest.citizenship, home.state, place,
        _date(born.isoformat()), guest.birth_state or "", guest.birth_comune or "",
        list_text("tourism", guest.tourism), list_text("transport", guest.transport),
        list_text("channel", guest.channel), list_text("education", guest.education),
        (profession or "").strip(), (exemption or "").strip(),
    )  # fmt: skip


def _writable(text: str, where: str, name: str, found: list[Problem]) -> None:
    if not is_writable(text):
        found.append(Problem.of("ross1000.text.unwritable", where, name=name))


def _departure(guest: FlowGuest) -> Partenza:
    assert guest.role is not None
    return Partenza(guest.flow_id, ROLE_CODES[guest.role], _date(guest.arrival.isoformat()))


def _heads(movement: Movement, found: list[Problem]) -> None:
    """A member is sent with its head or after it (RX-09)."""
    arrivals = {guest.flow_id: guest.arrival for guest in movement.guests if guest.head is None}
    for guest in movement.guests:
        if guest.head is not None and arrivals.get(guest.head, guest.arrival) > guest.arrival:
            head = arrivals[guest.head]
            found.append(Problem.of("ross1000.head.later", f"{guest.where}.arrival", arrival=guest.arrival, head=head))


def check(data: bytes) -> Report:
    """The rules RX-01 to RX-21 on one file."""
    values, problems = read(data)
    if values is None:
        return Report(0, 0, 0, problems)
    return checking.judge(values, problems)
