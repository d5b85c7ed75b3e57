"""Receipts: fetched from the day after, kept byte for byte, compared with what was sent, and what follows from them.

The portal makes one receipt for each account and day of sending, the day after, and gives it for thirty days (spec
alloggiati-web 1.6, 4.9). A missing receipt raises an alarm and never settles anything: that it means "nothing was sent" is
the word of a help page, and a receipt may also be late.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from locanda.archive import chain
from locanda.archive.chain import ENGINE
from locanda.archive.erasure import erase_party, sweep_journal
from locanda.archive.models import Delivery, DeliveryRow, Party, Receipt, Segment, SendingDay
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import Clock, rome_day, rome_midnight
from locanda.delivery.courier import Courier
from locanda.delivery.drive import LATE_ANSWER, stop
from locanda.delivery.machine import Evidence, State, Step
from locanda.delivery.reconcile import Load, Verdict, explain
from locanda.delivery.record import NoEvidence, clear_alarm, raise_alarm, step, store_exchanges
from locanda.portals.alloggiati.errors import CredentialsRefused, NoReceipt, PortalError
from locanda.portals.alloggiati.receipt import ReceiptFacts, read_receipt

__all__ = [
    "KEEP_YEARS",
    "LAST_DAY",
    "MISSING_AFTER",
    "compare",
    "compare_again",
    "erase_what_is_done",
    "explain_difference",
    "fetch",
    "finish_erasures",
    "keep",
    "type_counts",
]

RETRY = timedelta(hours=1)
MISSING_AFTER = timedelta(hours=12)
"""Noon of the day after: a receipt that is not there by now is worth a person's attention (our choice, spec 7.9)."""
LAST_DAY = 30
KEEP_YEARS = 5


def fetch(sending_day: SendingDay, courier: Courier, *, clock: Clock, mark: Callable[[str], None] = lambda _: None) -> bool:
    """Ask the portal for the receipt of a day. The caller holds the lease of the credential."""
    now = clock()
    if Receipt.objects.of(sending_day.account_id).filter(sending_day=sending_day).exists():
        compare(sending_day, at=now)  # kept by a process that died before it was compared
        return True
    try:
        pdf = courier.receipt(sending_day.day)
    except PortalError as error:
        store_exchanges(sending_day.credential, courier.take_exchanges())
        _missed(sending_day, error, now)
        return False
    store_exchanges(sending_day.credential, courier.take_exchanges())
    keep(sending_day, pdf, at=now, simulated=courier.simulated, mark=mark)
    mark("receipt")
    return True


def _missed(sending_day: SendingDay, error: PortalError, now: datetime) -> None:
    account, subject = sending_day.account, f"sending_day:{sending_day.pk}"
    sending_day.tries += 1
    sending_day.last_error = type(error).__name__
    sending_day.next_try_at = now + RETRY
    facts = {"day": sending_day.day.isoformat(), "credential": sending_day.credential.label}
    if (rome_day(now) - sending_day.day).days > LAST_DAY:
        sending_day.status, sending_day.next_try_at = SendingDay.Status.GONE, None
        raise_alarm(account, "receipt_gone", subject, at=now, facts=facts)
    elif isinstance(error, NoReceipt) and not any(_deliveries(sending_day)):
        # nothing was taken that day as far as anybody knows (all refused, or never reached): no receipt is as it should be
        sending_day.status, sending_day.next_try_at = SendingDay.Status.NOTHING, None
    sending_day.save(update_fields=["tries", "last_error", "next_try_at", "status"])
    if isinstance(error, CredentialsRefused):
        stop(sending_day.credential, at=now)
    if sending_day.status == SendingDay.Status.NOTHING:
        clear_alarm(account, "receipt_missing", subject, at=now)
        return
    noon = rome_midnight(sending_day.day + timedelta(days=1)) + MISSING_AFTER
    if now.timestamp() >= noon.timestamp():
        kind = "receipt_missing" if isinstance(error, NoReceipt) else "receipt_unreachable"
        raise_alarm(account, kind, subject, at=now, facts=facts)


def keep(
    sending_day: SendingDay, pdf: bytes, *, at: datetime, simulated: bool, actor: str = ENGINE,
    mark: Callable[[str], None] = lambda _: None,
) -> Receipt:  # fmt: skip
    """Store a receipt verbatim and compare it. A receipt that is already there stays as it is.

    The day stays due until the receipt is compared, so that dying between the two leaves nothing undone.
    """
    if (kept := Receipt.objects.of(sending_day.account_id).filter(sending_day=sending_day).first()) is not None:
        return kept
    facts = read_receipt(pdf)
    unfit = _unfit(sending_day, facts, simulated=simulated)
    digest = hashlib.sha256(pdf).hexdigest()
    with transaction.atomic():
        receipt = Receipt(
            account=sending_day.account,
            sending_day=sending_day,
            credential=sending_day.credential,
            day=sending_day.day,
            pdf=pdf,
            sha256=digest,
            fetched_at=at,
            number=(facts.receipt_id or "")[:60],
            schedine=facts.schedine,
            total_days=facts.total_days,
            keep_until=_years_later(rome_day(at), KEEP_YEARS),
            unfit=unfit,
            simulated=simulated,
        )
        receipt.save(force_insert=True)
        chain.append(
            sending_day.account,
            "receipt.kept",
            at=at,
            actor=actor,
            subject=f"receipt:{receipt.pk}",
            data={
                "day": sending_day.day.isoformat(),
                "sha256": digest,
                "bytes": len(pdf),
                "number": receipt.number,
                "schedine": receipt.schedine,
                "total_days": receipt.total_days,
                "unfit": unfit,
                "simulated": simulated,
            },
        )
    for kind in ("receipt_missing", "receipt_unreachable", "receipt_gone"):
        clear_alarm(sending_day.account, kind, f"sending_day:{sending_day.pk}", at=at)
    mark("receipt_kept")
    compare(sending_day, at=at)
    return receipt


def _unfit(sending_day: SendingDay, facts: ReceiptFacts, *, simulated: bool) -> str:
    """Why a receipt is not one of this day of this account, as far as it says; empty when nothing speaks against it."""
    if facts.sending_day not in (None, sending_day.day):
        return "day"
    if facts.simulated and not simulated:
        return "simulated"
    sealed = sending_day.credential.sealed_keys
    user = Vault(sending_day.account).open(sealed, "police keys")["user"] if sealed else None
    return "user" if facts.login and user and facts.login.upper() != user.upper() else ""


def explain_difference(sending_day: SendingDay, *, foreign: int, reason: str, at: datetime, actor: str) -> None:
    """Say that so many schedine of the day were sent with the same account, but not from here.

    It closes the day for what the portal itself accepted row by row; it never settles a doubt. NoEvidence: it does not add up.
    """
    with transaction.atomic():
        sending_day = SendingDay.objects.of(sending_day.account_id).select_for_update().get(pk=sending_day.pk)
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
        receipt = Receipt.objects.of(sending_day.account_id).select_for_update().get(sending_day=sending_day)
        if receipt.schedine is not None and receipt.read_by != "operator":
            raise NoEvidence(Problem.of("receipt.counts_read"))
        receipt.schedine, receipt.total_days, receipt.read_by = schedine, total_days, "operator"
        receipt.save(update_fields=["schedine", "total_days", "read_by"])
        data = {"schedine": schedine, "total_days": total_days}
        chain.append(receipt.account, "receipt.typed", at=at, actor=actor, subject=f"receipt:{receipt.pk}", data=data)
    compare(sending_day, at=at)


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


def erase_what_is_done(parties: Iterable[Party], *, at: datetime, actor: str = ENGINE) -> int:
    """Destroy the keys of the parties whose last schedina is receipted; the number erased."""
    done = 0
    for party in {party.pk: party for party in parties}.values():
        owed = Segment.objects.of(party.account_id).filter(party=party, receipted_at=None, cancelled_at=None)
        doubtful = Delivery.objects.of(party.account_id).filter(party=party, state__in=[State.IN_DOUBT, State.SENDING])
        if not owed.exists() and not doubtful.exists():
            done += erase_party(party, at=at, actor=actor, why="receipt")
    if done:
        sweep_journal()
    return done


def finish_erasures(at: datetime) -> int:
    """Erase what a process that died was about to; asked once when an engine starts."""
    segments = Segment.everywhere.filter(party=OuterRef("pk"))
    owed = segments.filter(receipted_at=None, cancelled_at=None)
    left = Party.everywhere.filter(Exists(segments), ~Exists(owed), wrapped_key__isnull=False)
    done = erase_what_is_done(left.select_related("account"), at=at)
    sweep_journal()
    return done


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
