"""The life of a delivery as a person steers it: send, try again, correct, look at the portal, go by hand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Alarm, Delivery, DeliveryRow, Person, PoliceCredential, Segment, Stay
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.delivery.comparing import compare_again
from locanda.delivery.drive import LATE_ANSWER, note_sending_day
from locanda.delivery.erasing import erase_what_is_done
from locanda.delivery.machine import Evidence, IllegalStep, State, Step
from locanda.delivery.record import NoEvidence, clear_alarm, step
from locanda.office import schedine
from locanda.office.correcting import rewritten, store
from locanda.office.tables import in_force
from locanda.portals.alloggiati.schedine import PartyRows, Row

__all__ = [
    "BY_HAND_WAYS",
    "by_hand",
    "cancel",
    "confirm_by_hand",
    "file_for_upload",
    "list_is_gone",
    "missing_is_no_proof",
    "resolve_doubt",
    "send_now",
]

BY_HAND_WAYS = ("typed", "pec", "fax", "paper")
ByHand = Literal["typed", "pec", "fax", "paper"]


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
        Delivery.objects.of(delivery.account_id).select_for_update(no_key=True).get(pk=delivery.pk)
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
