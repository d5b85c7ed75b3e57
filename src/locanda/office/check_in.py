"""Checking in: a draft becomes a stay with its parties, their terms and the deliveries that are due, or problems.

Drafts are kept as they are, whatever they lack. Nothing half-valid goes on: either everything is stored in one transaction
or nothing is, and then the draft still is. Who identified the guests, when and how, is part of it (TULPS art. 109).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from locanda.archive import chain
from locanda.archive.erasure import sweep_due, sweep_journal
from locanda.archive.lookup import parties_with_documents
from locanda.archive.models import (
    Account,
    Delivery,
    DeliveryRow,
    Guest,
    Party,
    Person,
    Property,
    Segment,
    Stay,
    Unit,
)  # fmt: skip
from locanda.archive.models.owned import new_id
from locanda.archive.vault import Vault
from locanda.core import people, stays
from locanda.core.people import Identification
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.police_terms import segments
from locanda.office import schedine
from locanda.office.remembering import forget, recall, remember
from locanda.office.tables import InForce, in_force
from locanda.office.tax import facts

_HOW = frozenset(how.value for how in Identification)

__all__ = ["Identified", "Outcome", "check_in", "delete_draft", "draft_of", "drafts", "forget", "recall", "save_draft"]


class Identified(NamedTuple):
    """Who matched the guests to their documents, when and how."""

    how: str
    by: str
    at: datetime


class Outcome(NamedTuple):
    """``stay`` is None as soon as there is a problem; notes say what was spelled otherwise."""

    stay: Stay | None
    problems: list[Problem]
    notes: list[Problem]


# --------------------------------------------------------------------------------------------------------------- drafts


def save_draft(property: Property, shape: Mapping[str, Any], *, now: datetime, person: Person | None, draft: Stay | None = None,
               unit: Unit | None = None, stay_id: UUID | None = None) -> Stay:  # fmt: skip
    """Keep what was typed so far, sealed under a key of its own that is destroyed with the draft.

    ``stay_id``: the id that the form was given: whoever asks finds by it that it has been kept.
    """
    account, vault = property.account, Vault(property.account)
    if draft is None:
        key = vault.new_party_key()
        draft = Stay(id=stay_id or new_id(), account=account, created_at=now, created_by=person, wrapped_draft_key=key)
    draft.property, draft.unit = property, unit
    draft.sealed_draft = vault.box(draft.wrapped_draft_key).seal(dict(shape), "draft")
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:  # the form has become a stay meanwhile: what was typed is kept all the same
        draft.id = new_id()
        draft.save()
    return draft


def draft_of(stay: Stay) -> dict[str, Any]:
    """What was typed; empty for a stay that is no draft any more."""
    if stay.sealed_draft is None or stay.wrapped_draft_key is None:
        return {}
    opened: dict[str, Any] = Vault(stay.account).box(stay.wrapped_draft_key).open(stay.sealed_draft, "draft")
    return opened


def drafts(account: Account) -> Sequence[Stay]:
    """The drafts of an account, the last first."""
    mine = Stay.objects.of(account).filter(status=Stay.Status.DRAFT)
    return list(mine.select_related("property", "unit", "account").order_by("-created_at"))


def delete_draft(stay: Stay) -> None:
    """Throw a draft away, key and all."""
    Stay.objects.of(stay.account_id).filter(pk=stay.pk, status=Stay.Status.DRAFT).delete()
    sweep_journal()


# ------------------------------------------------------------------------------------------------------------- check-in


def check_in(
    property: Property,
    shape: Mapping[str, Any],
    *,
    identified: Identified,
    now: datetime,
    person: Person | None,
    unit: Unit | None = None,
    draft: Stay | None = None,
    accept_late: bool = False,
    stay_id: UUID | None = None,
    remembered: Mapping[str, str] | None = None,
    unread: Sequence[Problem] = (),
) -> Outcome:
    """Register an arrival. ``shape`` is a stay of ``interfaces.md``; ``where`` of a problem is relative to it.

    ``accept_late``: the operator knows that the portal no longer takes this arrival and goes to the Questura with it.
    ``stay_id``: the id that the form was given, so that a form sent twice registers once.
    ``remembered``: id of a guest -> how consent to be remembered was given.
    ``unread``: what the door could not read and ``shape`` therefore lacks: nothing is stored, and the rest is judged.
    """
    account, tables = property.account, in_force()
    if draft is not None and draft.status != Stay.Status.DRAFT:
        return Outcome(None, [Problem.of("stay.already_checked_in")], [])
    if property.closed_at is not None:
        return Outcome(None, [Problem.of("property.closed", "place")], [])
    stay, problems = schedine.read_stay(shape)
    apartment, missing = schedine.apartment_of(property, unit)
    problems += missing + _identification_problems(identified, now)
    if stay is None:
        return Outcome(None, problems, [])
    if not stay.guests:
        problems.append(Problem.of("stay.guests.missing", "guests"))
    made, found = schedine.judge(stay, tables, as_of=now, apartment=apartment)
    if accept_late and any(problem.code == schedine.LATE for problem in found):
        made, found = schedine.judge(stay, tables, as_of=None, apartment=apartment)
    notes = [note for party in made for note in party.notes]
    row = draft or Stay(id=stay_id or new_id(), account=account, created_at=now, created_by=person)
    with transaction.atomic():
        rows = Property.objects.of(account).select_for_update(no_key=True)
        rows.only("pk").get(pk=property.pk)  # the same guest from two windows
        problems += found + _registered_already(property, stay, shape)
        if problems or unread:
            return Outcome(None, _once(problems), [])
        try:
            stored = _store(row, property, unit, shape, stay, made, identified, person, now, apartment, tables)
        except (IntegrityError, Stay.DoesNotExist):  # the same form, or the same draft, a moment ago
            return Outcome(None, [Problem.of("stay.already_checked_in")], [])
    for guest in shape["guests"]:
        if how := (remembered or {}).get(guest.get("id", "")):
            remember(account, guest, how=how, now=now, person=person)
    return Outcome(stored, [], notes)


def _identification_problems(identified: Identified, now: datetime) -> list[Problem]:
    if not identified.by.strip() or identified.how not in _HOW:
        return [Problem.of("identification.missing", "identification")]
    found = []
    if not Identification(identified.how).is_proof:
        found.append(Problem.of("identification.passive", "identification.how"))
    if identified.at.timestamp() > now.timestamp() + 60:
        found.append(Problem.of("identification.early", "identification.at"))
    return found


def _once(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _registered_already(property: Property, stay: stays.Stay, shape: Mapping[str, Any]) -> list[Problem]:
    """The same document, the same arrival day, the same property: a second schedina could never be taken back."""
    vault = Vault(property.account)
    hashes: dict[str, int] = {}
    found = []
    for index, guest in enumerate(shape.get("guests") or ()):
        digest = schedine.document_hash(vault, guest)
        if digest and digest in hashes:
            found.append(Problem.of("guest.document_twice", f"guests[{index}].document.number"))
        elif digest:
            hashes[digest] = index
    for digest, party in parties_with_documents(property.account, list(hashes)):
        known = Stay.objects.of(property.account_id).filter(parties=party, property=property, status=Stay.Status.CHECKED_IN)
        if any(rome_day(arrival) == stay.arrival_day for arrival in known.values_list("arrival", flat=True)):
            found.append(Problem.of("guest.already_registered", f"guests[{hashes[digest]}].document.number"))
    return found


def _store(
    row: Stay,
    property: Property,
    unit: Unit | None,
    shape: Mapping[str, Any],
    stay: stays.Stay,
    made: Sequence[Any],
    identified: Identified,
    person: Person | None,
    now: datetime,
    apartment: int | None,
    tables: InForce,
) -> Stay:
    account, vault = property.account, Vault(property.account)
    new = row._state.adding
    row.property, row.unit, row.status = property, unit, Stay.Status.CHECKED_IN
    row.arrival, row.departure, row.departure_day = stay.arrival, stay.departure_instant, stay.departure_day
    row.nights, row.checked_in_at = stay.night_count, now
    row.identified_how, row.identified_by, row.identified_at = identified.how, identified.by.strip()[:120], identified.at
    row.wrapped_draft_key = row.sealed_draft = None
    row.sealed_facts = facts.seal(vault, facts.facts_to_keep(shape))
    row.sealed_payer = vault.seal(facts.payer_to_keep(shape), facts.PAYER)
    parties, guests, due, deliveries, rows = [], [], [], [], []
    for position, party_of_rows in enumerate(made):
        lodgers = stay.guests[party_of_rows.start : party_of_rows.start + len(party_of_rows.rows)]
        party = Party(account=account, stay=row, position=position, size=len(lodgers), wrapped_key=vault.new_party_key())
        box = vault.party(party)
        terms = segments(_as_the_party_stays(stay, lodgers))  # the term is per person (spec adempimenti 4.4)
        parties.append(party)
        mine = [
            Guest(
                account=account,
                party=party,
                position=index,
                label=person_shape.get("id", "")[:40],
                sealed=box.seal(person_shape, "guest"),
                document_hash=digest,
                person_hash=facts.person_hash(vault, person_shape, digest),
                **schedine.clear_columns(guest),
            )
            for index, guest in enumerate(lodgers, party_of_rows.start)
            for person_shape in [dict(shape["guests"][index])]
            for digest in [schedine.document_hash(vault, person_shape)]
        ]
        guests += mine
        for term in terms:
            segment = Segment(
                account=account,
                party=party,
                property=property,
                index=term.number,
                first_day=term.first_day,
                nights=term.nights,
                starts_at=term.term.starts,
                legal_due=term.term.legal,
                prudent_due=term.term.prudent,
                obligation=term.term.obligation,
            )
            due.append(segment)
            if term.number == 0:
                delivery = schedine.make_delivery(
                    segment, party, mine, party_of_rows,
                    property=property, tables=tables, box=box, at=now, send=property.send_on_check_in, apartment=apartment,
                )  # fmt: skip
                deliveries.append(delivery.delivery)
                rows += delivery.rows
    with transaction.atomic():
        if not new:  # a draft is checked in once, whoever taps twice
            Stay.objects.of(account).select_for_update(no_key=True).get(pk=row.pk, status=Stay.Status.DRAFT)
            row.save()
        else:
            Stay.everywhere.bulk_create([row.check_account()])
        Party.everywhere.bulk_create(parties)
        Guest.everywhere.bulk_create(guests)
        Segment.everywhere.bulk_create(due)
        Delivery.everywhere.bulk_create(deliveries)
        DeliveryRow.everywhere.bulk_create(rows)
        chain.append(
            account,
            "stay.checked_in",
            at=now,
            actor=chain.actor_of(person, nobody="api"),
            subject=f"stay:{row.pk}",
            data={
                "property": str(property.pk),
                "guests": len(guests),
                "parties": len(parties),
                "segments": len(due),
                "identified_how": identified.how,
                "digests": [delivery.digest for delivery in deliveries],
            },
        )
    if not new:
        sweep_due()  # the key of the draft is destroyed; whoever stands at the door does not wait for its last copy
    return row


def _as_the_party_stays(stay: stays.Stay, lodgers: Sequence[people.Guest]) -> stays.Stay:
    """The stay from the day its head comes to the day its last member leaves, where guests have days of their own."""
    own = [guest.details for guest in lodgers if guest.details is not None]
    if not any(details.arrival or details.departure for details in own):
        return stay
    whole = stay.departure or stay.departure_day
    ends = [guest.details.departure if guest.details and guest.details.departure else whole for guest in lodgers]
    last = max((end for end in ends if end is not None), key=lambda end: rome_day(end) if isinstance(end, datetime) else end)
    head = lodgers[0].details
    return stay._replace(arrival=(head.arrival if head else None) or stay.arrival, departure=last, nights=None)
