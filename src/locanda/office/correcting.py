"""Guests of a delivery written again: corrected after a refusal, as singles, or simply once more.

Only what is known not to be acquired is ever sent again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from locanda.archive import chain
from locanda.archive.models import Delivery, DeliveryRow, Guest, Party, Person, Segment
from locanda.archive.vault import Vault
from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.core.stays import Stay as CoreStay
from locanda.delivery.machine import IllegalStep, State, Step, may_try_anew
from locanda.delivery.record import clear_alarm, step
from locanda.office import schedine
from locanda.office.tables import in_force
from locanda.office.tax import facts, ledger

__all__ = ["Corrected", "correct", "correctable", "rewritten", "send_again", "store", "to_correct"]


class Corrected(NamedTuple):
    """The new delivery, or why there is none."""

    delivery: Delivery | None
    problems: list[Problem]
    notes: list[Problem]


def store(made: schedine.Made) -> Delivery:
    """Keep a delivery and its rows; inside a transaction."""
    made.delivery.save(force_insert=True)
    DeliveryRow.everywhere.bulk_create(made.rows)
    return made.delivery


def rewritten(
    segment: Segment, party: Party, guests: Sequence[Guest], *, now: datetime, send: bool = True,
    corrects: Delivery | None = None, singles: bool = False, shapes: Sequence[Mapping[str, Any]] | None = None,
) -> tuple[schedine.Made | None, list[Problem]]:  # fmt: skip
    """A delivery of these guests as they stand sealed (or as ``shapes`` has them), judged as of now."""
    property, tables, vault = segment.property, in_force(), Vault(party.account)
    opened = list(shapes) if shapes is not None else schedine.open_guests(guests, vault, party)
    if singles:
        opened = schedine.as_singles(opened)
    staying = schedine.present(segment, opened)
    if staying and staying[0][0] != 0:  # the head has left: those who stay on go each alone
        staying = [(place, {**shape, "role": Role.SINGLE.value}) for place, shape in staying]
    guests, opened = [guests[place] for place, _ in staying], [shape for _, shape in staying]
    stay, problems = schedine.stay_of_segment(segment, opened)
    apartment, missing = schedine.apartment_of(property, party.stay.unit)
    problems += missing
    if stay is None or problems:
        return None, problems
    made, found = schedine.judge(stay, tables, as_of=None, apartment=apartment)
    if found or not made:
        return None, found
    rows = made[0]._replace(
        rows=tuple(row for one in made for row in one.rows), notes=tuple(note for one in made for note in one.notes)
    )
    delivery = schedine.make_delivery(
        segment, party, guests, rows, property=property, tables=tables, box=vault.party(party), at=now, send=send,
        apartment=apartment, corrects=corrects,
    )  # fmt: skip
    return delivery, list(rows.notes)


def correctable(delivery: Delivery) -> bool:
    """Whether its guests can still be corrected: their data live, and not all of them were accepted."""
    waits = (State.READY, State.POSTPONED, State.REJECTED, State.PARTLY_ACCEPTED)
    return delivery.party.wrapped_key is not None and State(delivery.state) in waits and not delivery.corrections.exists()


def to_correct(delivery: Delivery) -> list[tuple[Guest, dict[str, Any]]]:
    """The guests whose rows must be corrected, with their shapes; all of them when the portal took none.

    A party refused whole by Test goes again whole; one acquired in part goes again for its refused rows alone.
    """
    rows = list(delivery.rows.select_related("guest"))
    if State(delivery.state) is State.PARTLY_ACCEPTED:
        rows = [row for row in rows if row.outcome != DeliveryRow.Outcome.ACCEPTED]
    guests = [row.guest for row in rows]
    opened = schedine.open_guests(guests, Vault(delivery.account), delivery.party)
    if State(delivery.state) is State.PARTLY_ACCEPTED:
        opened = schedine.as_singles(opened)
    return list(zip(guests, opened, strict=True))


def correct(delivery: Delivery, shapes: Mapping[str, Mapping[str, Any]], *, now: datetime, person: Person | None) -> Corrected:
    """Change what the portal refused and hand it over again. ``shapes``: guest id (of the table) -> the corrected guest.

    Only what is known not to be acquired is ever sent again. ``where`` of a problem is ``guests[i].field`` in the order of
    :func:`to_correct`.
    """
    state = State(delivery.state)
    if state in (State.READY, State.POSTPONED):
        before = Step.WITHDRAW
    elif may_try_anew(state) and not delivery.corrections.exists():
        before = None
    else:
        return Corrected(None, [Problem.of("delivery.not_correctable")], [])
    party = delivery.party
    if party.wrapped_key is None:
        return Corrected(None, [Problem.of("stay.erased")], [])
    people = to_correct(delivery)
    guests = [guest for guest, _ in people]
    changed = [{**shape, **shapes.get(str(guest.pk), {}), "role": shape["role"]} for guest, shape in people]
    # what waited for a tap goes on waiting for it; what had left, or was about to, is due at once
    due = state is not State.READY or delivery.next_attempt_at is not None or delivery.property.send_on_check_in
    made, found = rewritten(
        delivery.segment, party, guests, now=now, corrects=delivery, shapes=changed, send=due,
        singles=state is State.PARTLY_ACCEPTED,
    )  # fmt: skip
    if made is None:
        return Corrected(None, found, [])
    stay, _ = schedine.stay_of_segment(delivery.segment, changed)
    assert stay is not None
    try:
        _store_correction(delivery, made, guests, changed, stay, before, now=now, person=person)
    except (IntegrityError, IllegalStep):  # somebody else has just corrected it, or it has gone
        return Corrected(None, [Problem.of("delivery.not_correctable")], [])
    for kind in ("rows_refused", "not_received", "call_refused"):
        clear_alarm(delivery.account, kind, f"delivery:{delivery.pk}", at=now)
    ledger.settle([party.stay], now=now)  # a birth date decides a tax
    return Corrected(made.delivery, [], found)


def _store_correction(
    delivery: Delivery, made: schedine.Made, guests: Sequence[Guest], changed: Sequence[Mapping[str, Any]], stay: CoreStay,
    before: Step | None, *, now: datetime, person: Person | None,
) -> None:  # fmt: skip
    vault = Vault(delivery.account)
    box = vault.party(delivery.party)
    with transaction.atomic():
        if before is not None:
            step(delivery, before, at=now, actor=chain.actor_of(person))
        for guest, shape, read in zip(guests, changed, stay.guests, strict=True):
            guest.sealed = box.seal(shape, "guest")
            guest.document_hash = schedine.document_hash(vault, shape)
            guest.person_hash = facts.person_hash(vault, shape, guest.document_hash)
            for name, value in schedine.clear_columns(read).items():
                setattr(guest, name, value)
            guest.save()
        facts.retell(delivery.party.stay, {guest.position: shape for guest, shape in zip(guests, changed, strict=True)})
        store(made)
        chain.append(
            delivery.account,
            "delivery.corrected",
            at=now,
            actor=chain.actor_of(person),
            subject=f"delivery:{delivery.pk}",
            data={"by": str(made.delivery.pk), "digest": made.delivery.digest, "rows": made.delivery.row_count},
            party=delivery.party,
            secret={"guests": list(changed)},
        )


def send_again(delivery: Delivery, *, now: datetime, person: Person | None) -> Corrected:
    """The same guests once more, unchanged: for a delivery that is proved not to have been received."""
    return correct(delivery, {}, now=now, person=person)
