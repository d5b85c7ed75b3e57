"""A receipt beside what was sent: what it settles, and what a person says where it does not (spec alloggiati-web 1.6, 4.9).

Count and total days must agree and only one explanation may fit; anything else is for a person to look at.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from locanda.archive import chain
from locanda.archive.chain import ENGINE
from locanda.archive.models import Delivery, DeliveryRow, Receipt, Segment, SendingDay
from locanda.core.problems import Problem
from locanda.core.time import rome_day, rome_midnight
from locanda.delivery.drive import LATE_ANSWER
from locanda.delivery.erasing import erase_what_is_done
from locanda.delivery.machine import Evidence, State, Step
from locanda.delivery.reconcile import Load, Verdict, explain
from locanda.delivery.record import NoEvidence, clear_alarm, raise_alarm, step

__all__ = ["anything_taken", "compare", "compare_again", "explain_difference", "type_counts"]


class _Day(NamedTuple):
    """The deliveries of a credential that a receipt of one day speaks of."""

    certain: list[Delivery]
    doubtful: list[Delivery]


def _accepted(delivery: Delivery) -> Load:
    rows = [row.days for row in delivery.rows.all() if row.outcome == DeliveryRow.Outcome.ACCEPTED]
    return Load(str(delivery.pk), len(rows), sum(rows))


def _whole(delivery: Delivery) -> Load:
    days = [row.days for row in delivery.rows.all()]
    return Load(str(delivery.pk), len(days), sum(days))


def _deliveries(sending_day: SendingDay) -> _Day:
    start, end = rome_midnight(sending_day.day), rome_midnight(sending_day.day + timedelta(days=1))
    touched = (
        Delivery.objects.of(sending_day.account_id)
        .filter(credential=sending_day.credential)
        .filter(
            Q(sent_at__gte=start, sent_at__lt=end)
            | Q(answered_at__gte=start, answered_at__lt=end, sent_at__lt=start)
            | Q(answered_at=None, sent_at__gte=start - LATE_ANSWER, sent_at__lt=start)
        )
        .select_related("account", "party", "segment", "property", "credential")
        .prefetch_related("rows")
    )
    certain, doubtful = [], []
    for delivery in touched:
        state = State(delivery.state)
        across_midnight = delivery.answered_at is not None and rome_day(delivery.answered_at) != rome_day(delivery.sent_at)
        if state in (State.ACCEPTED, State.PARTLY_ACCEPTED):
            (doubtful if across_midnight or _of_two_days(delivery) else certain).append(delivery)
        elif state in (State.IN_DOUBT, State.BY_HAND, State.SUBSTITUTED):
            # a substitute communication may stand beside a sending whose answer was lost
            doubtful.append(delivery)
    return _Day(certain, doubtful)


def anything_taken(sending_day: SendingDay) -> bool:
    """Whether the portal took anything on that day, or may have."""
    return any(_deliveries(sending_day))


def compare(sending_day: SendingDay, *, at: datetime) -> Verdict | None:
    """Compare a receipt with what was sent, settle what it settles, and erase what may now be erased."""
    receipt = Receipt.objects.of(sending_day.account_id).filter(sending_day=sending_day).first()
    if receipt is None:
        return None
    account, subject = sending_day.account, f"sending_day:{sending_day.pk}"
    facts: dict[str, object] = {"day": sending_day.day.isoformat(), "credential": sending_day.credential.label}
    with transaction.atomic():
        day = _deliveries(sending_day)
        certain = [_accepted(delivery) for delivery in day.certain]
        doubtful = [_load_in_doubt(delivery) for delivery in day.doubtful]
        sending_day.expected_schedine = sum(load.schedine for load in certain)
        sending_day.expected_days = sum(load.days for load in certain)
        facts |= {"schedine": receipt.schedine, "expected": sending_day.expected_schedine, "doubtful": len(doubtful)}
        if sending_day.status == SendingDay.Status.EXPLAINED:  # a person's word stands; what is certain by now is receipted
            verdict = None
            for delivery in day.certain:
                _mark_receipted(delivery, at)
        elif receipt.unfit:
            verdict, sending_day.status = None, SendingDay.Status.DIFFERS
            facts["unfit"] = receipt.unfit
        elif receipt.schedine is None:
            verdict, sending_day.status = None, SendingDay.Status.UNREAD
        else:
            verdict = explain(receipt.schedine, receipt.total_days, certain, doubtful)
            agrees = verdict.kind == "agrees"
            sending_day.status = SendingDay.Status.AGREES if agrees else SendingDay.Status.DIFFERS
            if agrees:
                _settle(sending_day, day, verdict, at)
                settled = [load for load in doubtful if load.key in verdict.present]  # what the receipt itself has told us
                sending_day.expected_schedine += sum(load.schedine for load in settled)
                sending_day.expected_days += sum(load.days for load in settled)
        sending_day.next_try_at = None
        sending_day.save(update_fields=["status", "expected_schedine", "expected_days", "next_try_at"])
        chain.append(
            account, "receipt.compared", at=at, actor=ENGINE, subject=subject, data={**facts, "verdict": sending_day.status}
        )
        for status, kind in ((SendingDay.Status.DIFFERS, "receipt_differs"), (SendingDay.Status.UNREAD, "receipt_unread")):
            if sending_day.status == status:
                raise_alarm(account, kind, subject, at=at, facts=facts)
            else:
                clear_alarm(account, kind, subject, at=at)
    if sending_day.status == SendingDay.Status.EXPLAINED:
        erase_what_is_done([delivery.party for delivery in day.certain], at=at)
    if sending_day.status == SendingDay.Status.AGREES:
        erase_what_is_done([delivery.party for delivery in (*day.certain, *day.doubtful)], at=at)
    return verdict


def compare_again(delivery: Delivery, *, at: datetime) -> None:
    """What is known of a delivery has changed: compare the receipts that may speak of it once more."""
    days = {rome_day(instant) for instant in (delivery.sent_at, delivery.answered_at) if instant is not None}
    if delivery.sent_at is not None:
        days.add(rome_day(delivery.sent_at + LATE_ANSWER))
    mine = SendingDay.objects.of(delivery.account_id).filter(credential=delivery.credential_id, day__in=days)
    for sending_day in mine.exclude(receipt=None).select_related("account", "credential"):
        compare(sending_day, at=at)


def explain_difference(sending_day: SendingDay, *, foreign: int, reason: str, at: datetime, actor: str) -> None:
    """Say that so many schedine of the day were sent with the same account, but not from here.

    It closes the day for what the portal itself accepted row by row; it never settles a doubt. NoEvidence: it does not add up.
    """
    with transaction.atomic():
        sending_day = SendingDay.objects.of(sending_day.account_id).select_for_update(no_key=True).get(pk=sending_day.pk)
        receipt = Receipt.objects.of(sending_day.account_id).filter(sending_day=sending_day).first()
        if receipt is None or sending_day.status != SendingDay.Status.DIFFERS or receipt.unfit or receipt.schedine is None:
            raise NoEvidence(Problem.of("receipt.nothing_to_explain"))
        day = _deliveries(sending_day)
        ours = sum(_accepted(delivery).schedine for delivery in day.certain)
        fits = ours + foreign <= receipt.schedine if day.doubtful else ours + foreign == receipt.schedine
        if foreign < 0 or not fits:
            raise NoEvidence(Problem.of("receipt.explanation_wrong", "foreign", receipt=receipt.schedine, ours=ours))
        sending_day.status = SendingDay.Status.EXPLAINED
        sending_day.save(update_fields=["status"])
        for delivery in day.certain:
            _mark_receipted(delivery, at)
        chain.append(
            sending_day.account,
            "receipt.explained",
            at=at,
            actor=actor,
            subject=f"sending_day:{sending_day.pk}",
            data={"foreign": foreign, "reason": reason[:200], "schedine": receipt.schedine, "ours": ours},
        )
        clear_alarm(sending_day.account, "receipt_differs", f"sending_day:{sending_day.pk}", at=at)
    erase_what_is_done([delivery.party for delivery in day.certain], at=at, actor=actor)


def type_counts(sending_day: SendingDay, schedine: int, total_days: int | None, *, at: datetime, actor: str) -> None:
    """The counts as a person reads them on the PDF, when the program cannot. What the program read is not typed over."""
    with transaction.atomic():
        receipt = Receipt.objects.of(sending_day.account_id).select_for_update(no_key=True).get(sending_day=sending_day)
        if receipt.schedine is not None and receipt.read_by != "operator":
            raise NoEvidence(Problem.of("receipt.counts_read"))
        receipt.schedine, receipt.total_days, receipt.read_by = schedine, total_days, "operator"
        receipt.save(update_fields=["schedine", "total_days", "read_by"])
        data = {"schedine": schedine, "total_days": total_days}
        chain.append(receipt.account, "receipt.typed", at=at, actor=actor, subject=f"receipt:{receipt.pk}", data=data)
    compare(sending_day, at=at)


def _load_in_doubt(delivery: Delivery) -> Load:
    return _accepted(delivery) if delivery.state in (State.ACCEPTED, State.PARTLY_ACCEPTED) else _whole(delivery)


def _settle(sending_day: SendingDay, day: _Day, verdict: Verdict, at: datetime) -> None:
    """The one explanation that fits: what is present is accepted, what was in doubt and is absent was not taken."""
    receipted = list(day.certain)
    for delivery in day.doubtful:
        present, state = str(delivery.pk) in verdict.present, State(delivery.state)
        if not present and _of_two_days(delivery) and not _other_day_agrees(delivery, sending_day):
            continue  # it may still stand in the receipt of the other day
        if state is State.IN_DOUBT or (state is State.BY_HAND and present):
            outcome = DeliveryRow.Outcome.ACCEPTED if present else DeliveryRow.Outcome.REFUSED
            DeliveryRow.objects.of(delivery.account_id).filter(delivery=delivery).update(outcome=outcome)
            what = Step.RECEIPT_SHOWS if present else Step.RECEIPT_LACKS
            step(delivery, what, at=at, actor=ENGINE, evidence=Evidence.RECEIPT_COUNT)
            for kind in ("look_at_portal", "window_closed", "portal_down", "call_refused"):
                clear_alarm(delivery.account, kind, f"delivery:{delivery.pk}", at=at)
            if not present:
                facts = {"property": delivery.property.name, "arrival": delivery.arrival_day.isoformat()}
                raise_alarm(delivery.account, "not_received", f"delivery:{delivery.pk}", at=at, facts=facts)
        if present:
            receipted.append(delivery)
    for delivery in receipted:
        _mark_receipted(delivery, at)


def _of_two_days(delivery: Delivery) -> bool:
    """Whether it left so shortly before midnight that, for want of an answer, either day's receipt may hold it."""
    if delivery.sent_at is None or delivery.answered_at is not None:
        return False
    return rome_day(delivery.sent_at + LATE_ANSWER) != rome_day(delivery.sent_at)


def _other_day_agrees(delivery: Delivery, sending_day: SendingDay) -> bool:
    assert delivery.sent_at is not None
    days = {rome_day(delivery.sent_at), rome_day(delivery.sent_at + LATE_ANSWER)} - {sending_day.day}
    others = SendingDay.objects.of(delivery.account_id).filter(credential=delivery.credential_id, day__in=days)
    return others.filter(status=SendingDay.Status.AGREES).exists()


def _mark_receipted(delivery: Delivery, at: datetime) -> None:
    """A segment is receipted when it is settled and each of its accepted deliveries stands in an agreeing receipt."""
    mine = Delivery.objects.of(delivery.account_id)
    mine.filter(pk=delivery.pk, receipted_at=None).update(receipted_at=at)
    accepted = mine.filter(segment=delivery.segment_id, state__in=[State.ACCEPTED, State.PARTLY_ACCEPTED])
    if not accepted.filter(receipted_at=None).exists():
        segments = Segment.objects.of(delivery.account_id).filter(pk=delivery.segment_id, receipted_at=None)
        segments.exclude(settled_at=None).update(receipted_at=at)
