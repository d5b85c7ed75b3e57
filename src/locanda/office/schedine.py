"""From people at the door to deliveries: building what goes to the police, and building it again after a correction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from locanda.archive.models import Delivery, DeliveryRow, Guest, Party, PoliceCredential, Property, Segment, Unit
from locanda.archive.vault import Box, Vault
from locanda.core import people, shapes, stays
from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.delivery.courier import OPERATIONS
from locanda.office.tables import InForce, in_force
from locanda.places import State
from locanda.portals import registered
from locanda.portals.alloggiati.schedine import PartyRows, judge_party

__all__ = [
    "LATE", "Made", "apartment_of", "document_hash", "judge", "make_delivery", "operation_of", "read_stay", "stay_of_segment",
]  # fmt: skip

_CODE = 9
"""Figures of a code of the police tables, and room of the columns that keep one."""

LATE = "stay.arrival.too_old"
"""The problem of an arrival that the portal no longer takes; only the Questura is left."""


class Made(NamedTuple):
    """A delivery and its rows, not yet stored."""

    delivery: Delivery
    rows: list[DeliveryRow]


def operation_of(credential: PoliceCredential | None) -> str:
    """Which call carries the rows; a property without credentials is written as a hotel would."""
    return OPERATIONS[PoliceCredential.Category(credential.category)] if credential else "Send"


def apartment_of(property: Property, unit: Unit | None) -> tuple[int | None, list[Problem]]:
    """The portal's id of the flat, for an account of flats. 0 is an id."""
    if property.credential is None or property.credential.category != PoliceCredential.Category.APARTMENTS:
        return None, []
    found = unit.apartment if unit is not None and unit.apartment is not None else property.apartment
    return found, [] if found is not None else [Problem.of("property.apartment.missing", "property.apartment")]


def read_stay(shape: Mapping[str, Any]) -> tuple[stays.Stay | None, list[Problem]]:
    """A stay in the shape of ``interfaces.md``, without the ``stays[0]`` in front of its problems."""
    read = shapes.parse({"stays": [dict(shape)]})
    found = [problem._replace(where=problem.where.removeprefix("stays[0]").lstrip(".")) for problem in read.problems]
    return (read.stays[0] if read.stays else None), found


def judge(
    stay: stays.Stay, tables: InForce, *, as_of: datetime | None, apartment: int | None
) -> tuple[list[PartyRows], list[Problem]]:
    """The rows of every party of a stay, and every problem.

    Judged one by one, not at a desk: a desk remembers names, and a serving process must forget what erasure forgets.
    """
    made: list[PartyRows] = []
    found: list[Problem] = []
    today = rome_day(as_of) if as_of is not None else None
    for party in stays.parties(stay.guests):
        rows, problems = judge_party(
            stay, party, tables=tables.places, documents=tables.documents, today=today, apartment=apartment
        )
        found.extend(problems)
        if rows is not None:
            made.append(rows)
    return made, found


def present(segment: Segment, shapes_of_guests: Sequence[Mapping[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """The guests who are still there when a segment begins, by their place, with their own days cut to the segment.

    Whoever leaves before a follow-up begins is not in it; in a follow-up everybody arrives on its first day.
    """
    end = segment.first_day + timedelta(days=segment.nights)
    found = []
    for place, shape in enumerate(shapes_of_guests):
        kept = dict(shape)
        own = _own_day(kept.get("departure"))
        if segment.index and own is not None and own <= segment.first_day:
            continue
        if segment.index:
            kept.pop("arrival", None)
        if own is None or own >= end:
            kept.pop("departure", None)
        found.append((place, kept))
    return found


def _own_day(text: str | None) -> date | None:
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == 10 else rome_day(datetime.fromisoformat(text))


def stay_of_segment(segment: Segment, guests: Sequence[Mapping[str, Any]]) -> tuple[stays.Stay | None, list[Problem]]:
    """The stay as the schedine of one segment tell it: arriving on its first day, for its nights."""
    arrival = segment.starts_at.astimezone(ROME)
    departure = segment.first_day + timedelta(days=segment.nights)
    same_day = segment.party.stay.nights == 0
    return read_stay(
        {
            "id": str(segment.pk),
            "arrival": arrival.isoformat(),
            "departure": (segment.first_day if same_day else departure).isoformat(),
            "guests": [dict(guest) for guest in guests],
        }
    )


def make_delivery(
    segment: Segment,
    party: Party,
    guests: Sequence[Guest],
    rows: PartyRows,
    *,
    property: Property,
    tables: InForce,
    box: Box,
    at: datetime,
    send: bool,
    apartment: int | None,
    corrects: Delivery | None = None,
) -> Made:
    """Fix the bytes of a delivery before anything is sent. ``send``: due at once, else it waits for a tap."""
    text = "\r\n".join(row.text for row in rows.rows)
    salt = secrets.token_hex(16)
    portal = registered()["alloggiati"]
    days = [int(row.text[12:14]) for row in rows.rows]
    credential = property.credential
    usable = credential is not None and credential.status == PoliceCredential.Status.ACTIVE
    delivery = Delivery(
        account=property.account,
        segment=segment,
        party=party,
        property=property,
        credential=credential if usable else None,
        operation=operation_of(credential),
        apartment=apartment,
        sealed_text=box.seal({"text": text, "salt": salt}, "delivery text"),
        digest=hashlib.sha256((salt + text).encode()).hexdigest(),
        format_version=portal.format_version,
        tables_version=tables.version,
        row_count=len(days),
        total_days=sum(days),
        arrival_day=segment.first_day,
        created_at=at,
        next_attempt_at=at if send and usable else None,
        corrects=corrects,
    )
    return Made(
        delivery,
        [
            DeliveryRow(account=property.account, delivery=delivery, guest=guest, index=index, days=count)
            for index, (guest, count) in enumerate(zip(guests, days, strict=True))
        ],
    )


def as_singles(guests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Guests whose party is already acquired in part: a party gains no members after Send, so each goes as a single."""
    return [{**guest, "role": Role.SINGLE.value} for guest in guests]


def open_guests(guests: Sequence[Guest], vault: Vault, party: Party) -> list[dict[str, Any]]:
    """The shapes of the guests of a party; Erased when its key is gone."""
    box = vault.party(party)
    return [box.open(guest.sealed, "guest") for guest in guests]


def document_hash(vault: Vault, shape: Any) -> str:
    """The keyed hash by which a guest's document is found again; empty without a number."""
    document = shape.get("document") if isinstance(shape, Mapping) else None
    number = document.get("number") if isinstance(document, Mapping) else None
    return vault.keyed_hash("document", number) if number else ""


def clear_columns(guest: people.Guest) -> dict[str, Any]:
    """What stays readable beside the sealed guest, for the statistics."""
    return {
        "sex": guest.sex.value if guest.sex else "",
        "birth_date": guest.birth_date,
        "citizenship": _state(guest.citizenship),
        "residence_state": _state(guest.residence_state),
        "residence_comune": _code(guest.residence_comune),
        "residence_place": (guest.residence_place or "")[:60],
        "role": guest.role.value if guest.role else "",
    }


def _state(told: str | None) -> str:
    """A code as it was given; a name as long as a code or longer becomes one, for the column has room for no more."""
    if not told or len(told) <= _CODE:
        return told or ""
    found = in_force().places.state(told)
    return found.police if isinstance(found, State) else ""


def _code(place: str | None) -> str:
    return place if place and len(place) <= 9 and any(mark.isdigit() for mark in place) else ""
