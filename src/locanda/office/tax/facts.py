"""What the tax (and the statistics) ask of a stay beside its columns, kept without names under the key of the account.

The police record of a party is erased when its receipt is in; age, residence, reasons for not paying and the price of the room
are needed until the tax is declared. They stand here, apart from any name or document (design.md, Erasure).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Account, Guest, Party, Person, Stay
from locanda.archive.parts import in_parts
from locanda.archive.vault import Vault
from locanda.core import shapes
from locanda.core import stays as core
from locanda.core.problems import Problem
from locanda.core.time import ROME

__all__ = [
    "GUEST_KEYS", "PAYER", "RESIDENCE", "STAY_KEYS", "WHY_NOT", "change", "core_stays", "facts_of", "facts_to_keep", "guests_of",
    "payer_to_keep", "person_hash", "retell", "seal", "shape_of",
]  # fmt: skip

STAY_KEYS = ("units", "channel", "booked_on", "price", "first_night", "group", "outside_nights")
GUEST_KEYS = (
    "residence_state", "residence_comune", "residence_place", "status", "documents_held", "companion_of", "occupies_bed",
    "tourist", "arrival", "departure", "rooms", "tourism", "transport", "education", "profession", "flow_id",
)  # fmt: skip
RESIDENCE = ("residence_state", "residence_comune", "residence_place")
"""Told together: what is kept of where a guest lives stands for all three, and the columns of the row repeat it."""
WHY_NOT = "not_tourist"
"""Why a guest is no tourist (spec flussi-turistici 2.4): kept beside ``tourist``, no part of the shape."""
_CONTEXT = "stay facts"
PAYER = "tax payer"
"""What the name of a payer is bound to when it is sealed."""


def facts_to_keep(shape: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a stay in the shape of ``interfaces.md`` that outlives the names."""
    guests = [{key: guest[key] for key in GUEST_KEYS if key in guest} for guest in shape.get("guests") or ()]
    return {**{key: shape[key] for key in STAY_KEYS if key in shape}, "guests": guests}


def payer_to_keep(shape: Mapping[str, Any]) -> dict[str, Any]:
    """Whom a receipt of the tax names: the first guest (Modello 1 bears the name of who pays)."""
    first = next(iter(shape.get("guests") or ()), {})
    return {key: first[key] for key in ("surname", "name") if first.get(key)}


def person_hash(vault: Vault, shape: Mapping[str, Any], document_hash: str) -> str:
    """By what the same person is known again: the document; for who shows none, full name and birth date."""
    if document_hash:
        return document_hash
    parts = [str(shape.get(key) or "") for key in ("surname", "name", "birth_date")]
    return vault.keyed_hash("person", *parts) if all(parts) else ""


def facts_of(stay: Stay) -> dict[str, Any]:
    """What is kept of a stay; empty for one from before this was kept."""
    if stay.sealed_facts is None:
        return {}
    opened: dict[str, Any] = Vault(stay.account).open(stay.sealed_facts, _CONTEXT)
    return opened


def seal(vault: Vault, facts: Mapping[str, Any]) -> bytes:
    """The facts as they are stored."""
    return vault.seal(dict(facts), _CONTEXT)


def guests_of(account: Account | UUID, stays: Iterable[UUID]) -> dict[UUID, list[Guest]]:
    """The guests of some stays, in the order they were registered."""
    found: dict[UUID, list[Guest]] = {}
    for part in in_parts(stays):
        rows = Guest.objects.of(account).filter(party__stay__in=part).select_related("party")
        for guest in rows.order_by("position", "pk"):
            found.setdefault(guest.party.stay_id, []).append(guest)
    return found


def core_stays(rows: Sequence[Stay], guests: Mapping[UUID, Sequence[Guest]]) -> list[tuple[core.Stay | None, list[Problem]]]:
    """Stored stays as the law reads them, with the keyed hash of a person in the place of the document."""
    return [_core(row, guests.get(row.pk, ())) for row in rows]


def shape_of(row: Stay, guests: Sequence[Guest]) -> dict[str, Any]:
    """A stored stay in the shape of ``interfaces.md``, without names."""
    facts = facts_of(row)
    kept = facts.get("guests") or []
    assert row.arrival is not None
    shape: dict[str, Any] = {"id": str(row.pk), "arrival": row.arrival.astimezone(ROME).isoformat()}
    if row.departure is not None:
        shape["departure"] = row.departure.astimezone(ROME).isoformat()
    elif row.departure_day is not None:
        shape["departure"] = row.departure_day.isoformat()
    shape.update({key: facts[key] for key in STAY_KEYS if facts.get(key) is not None})
    if "units" not in shape and row.unit_id is not None and row.unit is not None:
        shape["units"] = [row.unit.name]
    idents = {guest.label: str(guest.pk) for guest in guests if guest.label}
    shape["guests"] = [_guest(guest, kept[place] if place < len(kept) else {}, idents) for place, guest in enumerate(guests)]
    return shape


def _guest(row: Guest, kept: Mapping[str, Any], idents: Mapping[str, str]) -> dict[str, Any]:
    """The id is that of the row, so that guests of two stays are never taken for one because both were called "1"."""
    if kept.get("companion_of"):
        kept = {**kept, "companion_of": idents.get(kept["companion_of"], kept["companion_of"])}
    columns: dict[str, Any] = {
        "id": str(row.pk), "role": row.role or None, "sex": row.sex or None,
        "birth_date": row.birth_date.isoformat() if row.birth_date else None, "citizenship": row.citizenship or None,
        "residence_state": row.residence_state or None, "residence_comune": row.residence_comune or None,
        "residence_place": row.residence_place or None,
        "document": {"number": row.person_hash} if row.person_hash else None,
    }  # fmt: skip
    if any(kept.get(key) for key in RESIDENCE):
        columns |= dict.fromkeys(RESIDENCE)
    return {key: value for key, value in {**columns, **kept}.items() if value is not None and key != WHY_NOT}


def _core(row: Stay, guests: Sequence[Guest]) -> tuple[core.Stay | None, list[Problem]]:
    read = shapes.parse({"stays": [shape_of(row, guests)]})
    found = [problem._replace(where=problem.where.removeprefix("stays[0]").lstrip(".")) for problem in read.problems]
    return (read.stays[0] if read.stays else None), found


def change(
    stay: Stay, values: Mapping[str, Any], guests: Mapping[int, Mapping[str, Any]], *, now: datetime, person: Person | None
) -> list[Problem]:
    """Change what is kept of a stay: keys of the stay, and of guests by their place. An empty value takes a key away.

    Nothing is stored as soon as something cannot be read; ``where`` of a problem is relative to the stay.
    """
    with transaction.atomic():
        row = Stay.objects.of(stay.account_id).select_for_update(no_key=True).select_related("account").get(pk=stay.pk)
        if row.statistics_closed_at is not None:
            return [Problem("stay.facts_erased")]
        moved = [place for place, told in guests.items() if any(key in told for key in RESIDENCE)]
        if moved:  # no key is destroyed between opening a record and sealing it again
            list(Party.objects.of(row.account_id).select_for_update(no_key=True).filter(stay=row).order_by("position"))
        people = guests_of(row.account_id, [row.pk]).get(row.pk, [])
        facts = facts_of(row)
        kept = [dict(entry) for entry in facts.get("guests") or ()]
        kept += [{} for _ in range(len(people) - len(kept))]
        for place, told in guests.items():
            known = {key: value for key, value in kept[place].items() if place not in moved or key not in RESIDENCE}
            kept[place] = _merged(known, {key: value for key, value in told.items() if key in (*GUEST_KEYS, WHY_NOT)})
            if place in moved:
                _columns(people[place], kept[place])
        facts = {**_merged(facts, {key: value for key, value in values.items() if key in STAY_KEYS}), "guests": kept}
        row.sealed_facts = seal(Vault(row.account), facts)
        read, problems = _core(row, people)
        if problems or read is None:
            return problems
        row.save(update_fields=["sealed_facts"])
        for place in moved:
            _seal_residence(row, people[place], kept[place])
        data = {"stay": sorted(values), "guests": {str(place): sorted(told) for place, told in guests.items()}}
        chain.append(
            row.account, "stay.facts", at=now, actor=chain.actor_of(person), subject=f"stay:{row.pk}", data=data
        )
    stay.sealed_facts = row.sealed_facts
    return []


def _columns(guest: Guest, kept: Mapping[str, Any]) -> None:
    """The columns of a guest say where they live as the facts do; a code only, never part of a longer word."""
    for key in RESIDENCE:
        value = str(kept.get(key) or "")
        setattr(guest, key, value if len(value) <= (60 if key == "residence_place" else 9) else "")


def _seal_residence(stay: Stay, guest: Guest, kept: Mapping[str, Any]) -> None:
    """Row and record of a guest follow, so that a later correction of the record does not bring back what was told before."""
    if guest.party.wrapped_key is not None:
        box = Vault(stay.account).party(guest.party)
        record = {key: value for key, value in box.open(guest.sealed, "guest").items() if key not in RESIDENCE}
        guest.sealed = box.seal(record | {key: kept[key] for key in RESIDENCE if kept.get(key)}, "guest")
    guest.save(update_fields=[*RESIDENCE, "sealed"])


def retell(stay: Stay, shapes: Mapping[int, Mapping[str, Any]]) -> None:
    """Guests were corrected: what is kept of them follows, by their place in the stay. Within the correction's transaction."""
    facts = facts_of(stay)
    kept = [dict(entry) for entry in facts.get("guests") or ()]
    for place, shape in shapes.items():
        kept += [{} for _ in range(place + 1 - len(kept))]
        kept[place] = _merged(kept[place], {key: shape[key] for key in GUEST_KEYS if key in shape})
    stay.sealed_facts = seal(Vault(stay.account), {**facts, "guests": kept})
    Stay.objects.of(stay.account_id).filter(pk=stay.pk).update(sealed_facts=stay.sealed_facts)


def _merged(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**known, **told}.items() if value not in (None, "", [], ())}
