"""The life of a delivery as a person steers it: send, try again, correct, look at the portal, go by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db import IntegrityError, transaction

from locanda.archive import chain
from locanda.archive.models import Alarm, Delivery, DeliveryRow, Guest, Party, Person, PoliceCredential, Segment, Stay
from locanda.archive.vault import Vault
from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.core.stays import Stay as CoreStay
from locanda.core.time import ROME, rome_day
from locanda.delivery.comparing import compare_again
from locanda.delivery.drive import LATE_ANSWER, note_sending_day
from locanda.delivery.erasing import erase_what_is_done
from locanda.delivery.machine import Evidence, IllegalStep, State, Step, may_try_anew
from locanda.delivery.record import NoEvidence, clear_alarm, step
from locanda.office import schedine
from locanda.office.tables import in_force
from locanda.office.tax import facts, ledger
from locanda.portals.alloggiati.schedine import PartyRows, Row

__all__ = [
    "BY_HAND_WAYS",
    "Corrected",
    "by_hand",
    "cancel",
    "confirm_by_hand",
    "correct",
    "correctable",
    "file_for_upload",
    "list_is_gone",
    "missing_is_no_proof",
    "resolve_doubt",
    "rewritten",
    "send_again",
    "send_now",
    "store",
    "to_correct",
]

BY_HAND_WAYS = ("typed", "pec", "fax", "paper")
ByHand = Literal["typed", "pec", "fax", "paper"]


class Corrected(NamedTuple):
    """The new delivery, or why there is none."""

    delivery: Delivery | None
    problems: list[Problem]
    notes: list[Problem]


def send_now(delivery: Delivery, *, now: datetime, person: Person | None) -> bool:
    """Make a waiting delivery due at once; False when there is nothing to send or nobody to send it as.

    A delivery made while the property had no active credentials takes those that it has by now; one written for another
    kind of account is written again.
    """
    credential = delivery.property.credential
    if credential is None or credential.status != PoliceCredential.Status.ACTIVE or credential.stopped_why:
        return False
    operation = schedine.operation_of(credential)
    if operation != delivery.operation and State(delivery.state) in (State.READY, State.POSTPONED):
        return _made_anew(delivery, now=now, person=person)
    waiting = Delivery.objects.of(delivery.account_id).filter(pk=delivery.pk, state__in=[State.READY, State.POSTPONED])
    with transaction.atomic():
        if not waiting.update(next_attempt_at=now, credential=credential):
            return False
        chain.append(
            delivery.account, "delivery.asked_for", at=now, actor=chain.actor_of(person), subject=f"delivery:{delivery.pk}",
            data={},
        )
    return True


def _made_anew(delivery: Delivery, *, now: datetime, person: Person | None) -> bool:
    """Rows written for another kind of account than the property has now: written again, the old ones withdrawn."""
    guests = [row.guest for row in delivery.rows.select_related("guest")]
    made, problems = rewritten(delivery.segment, delivery.party, guests, now=now, corrects=delivery)
    if made is None or problems:
        return False
    try:
        with transaction.atomic():
            step(delivery, Step.WITHDRAW, at=now, actor=chain.actor_of(person))
            store(made)
    except IllegalStep:  # the engine was quicker
        return False
    return True


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


def missing_is_no_proof(delivery: Delivery, now: datetime) -> Problem | None:
    """Why not seeing a schedina in the portal's list proves nothing now; None when it does.

    The list is that of the day, and a call that broke may still be stored some minutes later.
    """
    if delivery.sent_at is None:
        return None
    settled = delivery.sent_at + LATE_ANSWER
    if not rome_day(now) == rome_day(delivery.sent_at) == rome_day(settled):
        return Problem.of("doubt.list_gone")
    if now.timestamp() < settled.timestamp():
        return Problem.of("doubt.too_soon", until=f"{settled.astimezone(ROME):%H:%M}")
    return None


def list_is_gone(delivery: Delivery, now: datetime) -> bool:
    """Whether the portal's list no longer speaks of the day of this delivery."""
    problem = missing_is_no_proof(delivery, now)
    return problem is not None and problem.code == "doubt.list_gone"


def resolve_doubt(
    delivery: Delivery, *, found: Literal["all", "none"] | Collection[int], note: str, now: datetime, person: Person
) -> State:
    """What the operator saw in the portal's list of the day: every guest, none, or the rows of these indexes.

    NoEvidence when something is said to be missing and the list cannot show that it is.
    """
    rows = DeliveryRow.objects.of(delivery.account_id).filter(delivery=delivery)
    if found not in ("all", "none") and len(set(found)) in (0, delivery.row_count):
        found = "all" if found else "none"
    if found != "all" and (problem := missing_is_no_proof(delivery, now)) is not None:
        raise NoEvidence(problem)
    what = {"all": Step.OPERATOR_FOUND, "none": Step.OPERATOR_MISSED}.get(str(found), Step.OPERATOR_FOUND_SOME)
    with transaction.atomic():
        if found == "all":
            rows.update(outcome=DeliveryRow.Outcome.ACCEPTED)
        elif found == "none":
            rows.update(outcome=DeliveryRow.Outcome.REFUSED)
        else:
            rows.filter(index__in=found).update(outcome=DeliveryRow.Outcome.ACCEPTED)
            rows.exclude(index__in=found).update(outcome=DeliveryRow.Outcome.REFUSED)
        step(delivery, what, at=now, actor=chain.actor_of(person), evidence=Evidence.OPERATOR, note=note)
    clear_alarm(delivery.account, "look_at_portal", f"delivery:{delivery.pk}", at=now)
    compare_again(delivery, at=now)
    return State(delivery.state)


def by_hand(delivery: Delivery, *, now: datetime, person: Person) -> None:
    """The operator takes it in hand: typing it on the portal, or the substitute communication (spec 1.7, 5).

    Of a party acquired in part, the rows that are still owed become a delivery of their own, which goes by hand.
    """
    refused = f"delivery:{delivery.pk}"
    with transaction.atomic():
        Delivery.objects.of(delivery.account_id).select_for_update().get(pk=delivery.pk)
        if delivery.corrections.exists():
            raise IllegalStep("it was corrected: its correction goes by hand, not this one")
        if State(delivery.state) is State.PARTLY_ACCEPTED:
            delivery = _owed_rows(delivery, now)
        step(delivery, Step.GO_BY_HAND, at=now, actor=chain.actor_of(person), changes={"next_attempt_at": None})
    clear_alarm(delivery.account, "rows_refused", refused, at=now)


def _owed_rows(delivery: Delivery, now: datetime) -> Delivery:
    """The rows of a delivery that the portal did not take, as they were written, as a delivery that waits."""
    box = Vault(delivery.account).party(delivery.party)
    lines = box.open(delivery.sealed_text, "delivery text")["text"].split("\r\n")
    owed = [row for row in delivery.rows.select_related("guest") if row.outcome != DeliveryRow.Outcome.ACCEPTED]
    rows = tuple(Row(lines[row.index], row.guest.label, str(delivery.segment_id), f"guests[{row.index}]") for row in owed)
    made = schedine.make_delivery(
        delivery.segment, delivery.party, [row.guest for row in owed], PartyRows(str(delivery.segment_id), 0, rows, (), None),
        property=delivery.property, tables=in_force(), box=box, at=now, send=False, apartment=delivery.apartment,
        corrects=delivery,
    )  # fmt: skip
    return store(made)


def confirm_by_hand(delivery: Delivery, *, how: ByHand, note: str, now: datetime, person: Person) -> None:
    """It is done. ``typed``: seen in the portal's list. Otherwise: the proof of the PEC, the fax or the stamped copy.

    What was typed on the portal stands in that day's receipt. A proved substitute communication is itself the receipt.
    """
    with transaction.atomic():
        if how == "typed":
            rows = DeliveryRow.objects.of(delivery.account_id).filter(delivery=delivery)
            rows.update(outcome=DeliveryRow.Outcome.ACCEPTED)
            changes = {"answered_at": now, **({} if delivery.sent_at else {"sent_at": now})}
            step(
                delivery,
                Step.OPERATOR_FOUND,
                at=now,
                actor=chain.actor_of(person),
                evidence=Evidence.OPERATOR,
                note=note,
                changes=changes,
            )
            if delivery.credential is not None:
                note_sending_day(delivery.credential, now)
        else:
            step(
                delivery, Step.SUBSTITUTE_PROVED, at=now, actor=chain.actor_of(person), evidence=Evidence.SUBSTITUTE,
                note=f"{how}: {note}",
            )  # fmt: skip
            Segment.objects.of(delivery.account_id).filter(pk=delivery.segment_id).update(settled_at=now, receipted_at=now)
    for kind in ("window_closed", "portal_down", "call_refused", "look_at_portal"):
        clear_alarm(delivery.account, kind, f"delivery:{delivery.pk}", at=now)
    if how == "typed":
        compare_again(delivery, at=now)
    else:
        erase_what_is_done([delivery.party], at=now, actor=chain.actor_of(person))


def cancel(stay: Stay, *, now: datetime, person: Person) -> bool:
    """Nobody came (a no-show is not reported, spec 1.1). False as soon as anything may have reached the police."""
    with transaction.atomic():
        for delivery in Delivery.objects.of(stay.account_id).filter(party__stay=stay).select_related("account", "party"):
            try:
                step(delivery, Step.WITHDRAW, at=now, actor=chain.actor_of(person))
            except IllegalStep:
                if State(delivery.state) not in (State.REJECTED, State.WITHDRAWN):
                    transaction.set_rollback(True)
                    return False
        Segment.objects.of(stay.account_id).filter(party__stay=stay).update(cancelled_at=now)
        Stay.objects.of(stay.account_id).filter(pk=stay.pk).update(status=Stay.Status.CANCELLED)
        chain.append(stay.account, "stay.cancelled", at=now, actor=chain.actor_of(person), subject=f"stay:{stay.pk}")
        segments = Segment.objects.of(stay.account_id).filter(party__stay=stay)
        subjects = {f"segment:{pk}" for pk in segments.values_list("pk", flat=True)}
        subjects |= {f"delivery:{pk}" for pk in segments.exclude(deliveries=None).values_list("deliveries", flat=True)}
        Alarm.objects.of(stay.account_id).filter(subject__in=subjects, cleared_at=None).update(cleared_at=now)
    erase_what_is_done(list(stay.parties.select_related("account")), at=now, actor=chain.actor_of(person))
    return True


def file_for_upload(delivery: Delivery) -> bytes:
    """The same rows as a file for the portal's own page «File»: UTF-8, CR LF between lines, none after the last."""
    box = Vault(delivery.account).party(delivery.party)
    text: str = box.open(delivery.sealed_text, "delivery text")["text"]
    return text.encode()
