"""Driving one delivery to the portal: Test, then Send, each step written before and after.

A ``kill -9`` between any two lines leaves the ledger in a state from which the next start goes on without losing or
doubling anything: before the mark ``sending`` nothing has left; after it, whatever has no recorded answer is in doubt.
``mark`` is told the name of every step, which is how the drills die between them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from locanda.archive.chain import ENGINE
from locanda.archive.models import Delivery, PoliceCredential, SendingDay
from locanda.archive.vault import Box, Vault
from locanda.core.time import Clock, rome_day, rome_midnight
from locanda.delivery.courier import OPERATIONS, Courier, NoKeys
from locanda.delivery.machine import Evidence, State, Step
from locanda.delivery.record import clear_alarm, raise_alarm, step, store_exchanges, store_rows
from locanda.portals.alloggiati.client import RowsAnswer
from locanda.portals.alloggiati.errors import CredentialsRefused, NotUnderstood, PortalError, Refusal, Refused, WrongCategory

__all__ = ["FIRST_RECEIPT_TRY", "LATE_ANSWER", "ask_at", "drive", "note_sending_day", "recover", "stop", "window_is_open"]

_BACKOFF = (1, 2, 5, 10, 15, 15, 30)  # minutes before the next attempt
LATE_ANSWER = timedelta(minutes=15)
"""A call that left so long before midnight, and whose answer nobody knows, may have been acquired on either day."""
FIRST_RECEIPT_TRY = timedelta(hours=6)
"""After midnight, when the receipt of the day before is first asked for. The hour at which the portal has it is
unverified (spec 7.9); before it, we would only collect refusals."""


def window_is_open(arrival_day_of: Delivery, now: datetime) -> bool:
    """The portal takes arrivals of today and yesterday only, by the Italian calendar (spec alloggiati-web 1.3)."""
    return 0 <= (rome_day(now) - arrival_day_of.arrival_day).days <= 1


def note_sending_day(credential: PoliceCredential, at: datetime) -> SendingDay:
    """Remember that a receipt is to be expected for this day of this credential."""
    day = rome_day(at)
    found, _ = SendingDay.everywhere.get_or_create(
        account=credential.account,
        credential=credential,
        day=day,
        defaults={"next_try_at": rome_midnight(day + timedelta(days=1)) + FIRST_RECEIPT_TRY},
    )
    return found


def ask_at(delivery: Delivery) -> datetime:
    """When the operator is asked to look at the portal's list: an hour before the prudent term, and before the list of
    that day is gone (it shows today's sendings only, spec alloggiati-web 1.6)."""
    assert delivery.sent_at is not None
    list_gone = rome_midnight(rome_day(delivery.sent_at) + timedelta(days=1))
    term, evening = delivery.segment.prudent_due - timedelta(hours=1), list_gone - timedelta(hours=1)
    return term if term.timestamp() < evening.timestamp() else evening


def recover(credential: PoliceCredential, now: datetime) -> int:
    """With the lease in hand, nobody can be sending: what still says so lost its process. The number put in doubt."""
    stranded = Delivery.objects.of(credential.account_id).filter(credential=credential, state=State.SENDING)
    for delivery in stranded.select_related("account", "party", "segment"):
        with transaction.atomic():
            note_sending_day(credential, (delivery.sent_at or now) + LATE_ANSWER)
            step(delivery, Step.CRASHED, at=now, actor=ENGINE, changes={"last_error": "crashed", "next_attempt_at": None})
    return len(stranded)


def drive(
    delivery: Delivery, courier: Courier, *, clock: Clock, actor: str = ENGINE, mark: Callable[[str], None] = lambda _: None
) -> State:
    """Take a delivery that is ready through Test and Send. The caller holds the lease of its credential."""
    credential = delivery.credential
    if credential is None:
        raise NoKeys("the property has no credentials")
    courier.take_exchanges()  # what an attempt cut short left behind is not of this party
    box = Vault(delivery.account).party(delivery.party)
    rows = box.open(delivery.sealed_text, "delivery text")["text"].split("\r\n")
    mark("begun")
    if not window_is_open(delivery, clock()):
        return _window_closed(delivery, clock())

    try:
        _must_fit(delivery, credential)
        answer = courier.test(delivery.operation, rows)
        _must_be_complete(answer, len(rows))
    except PortalError as error:
        return _not_sent(delivery, error, courier, box, clock)
    mark("tested")
    if not answer.all_valid:
        return _judged(delivery, answer, courier, box, clock, Step.TEST_REFUSED, sent=False)
    with transaction.atomic():
        store_exchanges(credential, courier.take_exchanges(), delivery=delivery, box=box)
        store_rows(delivery, answer.rows, sent=False, box=box)
        Delivery.objects.of(delivery.account_id).filter(pk=delivery.pk).update(tested_at=clock())
    mark("test_recorded")

    now = clock()
    if not window_is_open(delivery, now):  # midnight between Test and Send
        return _window_closed(delivery, now)
    with transaction.atomic():
        note_sending_day(credential, now)
        changes = {
            "sent_at": now,
            "attempts": delivery.attempts + 1,
            "next_attempt_at": None,
            "simulated": courier.simulated,
        }
        step(delivery, Step.SEND_BEGINS, at=now, actor=actor, changes=changes)
    mark("sending")
    try:
        answer = courier.send(delivery.operation, rows)
        _must_be_complete(answer, len(rows))
    except PortalError as error:
        mark("answer_lost")
        if error.sent is False:
            return _not_sent(delivery, error, courier, box, clock)
        return _in_doubt(delivery, error, courier, box, clock)
    mark("answered")
    accepted = sum(row.ok for row in answer.rows)
    what = Step.ALL_ACCEPTED if accepted == len(rows) else Step.SOME_ACCEPTED if accepted else Step.NONE_ACCEPTED
    state = _judged(delivery, answer, courier, box, clock, what, sent=True)
    mark("recorded")
    return state


def _must_fit(delivery: Delivery, credential: PoliceCredential) -> None:
    """Rows written for another kind of account than the credential is by now are not sent: they are written again first."""
    if OPERATIONS[PoliceCredential.Category(credential.category)] != delivery.operation:
        words = Refusal("", "", "le righe sono scritte per un altro tipo di account")
        raise WrongCategory(words.detail, refusal=words, operation=delivery.operation)


def _must_be_complete(answer: RowsAnswer, rows: int) -> None:
    """One outcome for each row and a count that agrees, or we do not know what the portal means."""
    if not answer.complete or len(answer.rows) != rows:
        raise NotUnderstood("the outcomes of the rows do not agree with what was sent")


def _judged(delivery: Delivery, answer: RowsAnswer, courier: Courier, box: Box, clock: Clock, what: Step, *, sent: bool) -> State:
    now = clock()
    assert delivery.credential is not None
    with transaction.atomic():
        store_exchanges(delivery.credential, courier.take_exchanges(), delivery=delivery, box=box)
        store_rows(delivery, answer.rows, sent=sent, box=box)
        if sent:
            note_sending_day(delivery.credential, now)
        changes = {"answered_at" if sent else "tested_at": now, "next_attempt_at": None, "last_error": ""}
        step(delivery, what, at=now, actor=ENGINE, evidence=Evidence.ROW_OUTCOME, changes=changes)
        for kind in ("portal_down", "call_refused"):
            clear_alarm(delivery.account, kind, f"delivery:{delivery.pk}", at=now)
        if what is not Step.ALL_ACCEPTED:
            raise_alarm(delivery.account, "rows_refused", f"delivery:{delivery.pk}", at=now, facts=_facts(delivery))
    return State(delivery.state)


def _not_sent(delivery: Delivery, error: PortalError, courier: Courier, box: Box, clock: Clock) -> State:
    """The portal certainly took nothing: wait and try again, or ask for what is missing. Tests are never in doubt."""
    now = clock()
    credential = delivery.credential
    assert credential is not None
    attempts = delivery.attempts + (delivery.state == State.READY)
    wait = timedelta(minutes=_BACKOFF[min(attempts, len(_BACKOFF)) - 1])
    refused = isinstance(error, Refused)
    changes = {"attempts": attempts, "last_error": type(error).__name__, "next_attempt_at": None if refused else now + wait}
    with transaction.atomic():
        store_exchanges(credential, courier.take_exchanges(), delivery=delivery, box=box)
        step(delivery, Step.CALL_REFUSED if refused else Step.PORTAL_DOWN, at=now, actor=ENGINE, changes=changes)
        if isinstance(error, CredentialsRefused):
            stop(credential, at=now)
        elif refused:
            raise_alarm(delivery.account, "call_refused", f"delivery:{delivery.pk}", at=now, facts=_facts(delivery))
        elif attempts >= 3:
            raise_alarm(delivery.account, "portal_down", f"delivery:{delivery.pk}", at=now, facts=_facts(delivery))
    return State(delivery.state)


def stop(credential: PoliceCredential, *, at: datetime) -> None:
    """The portal refuses these keys: no more calls until somebody mends them, or it may lock the account."""
    credential.stopped_why = "refused"
    credential.save(update_fields=["stopped_why"])
    facts = {"credential": credential.label}
    raise_alarm(credential.account, "credentials_refused", f"credential:{credential.pk}", at=at, facts=facts)


def _in_doubt(delivery: Delivery, error: PortalError, courier: Courier, box: Box, clock: Clock) -> State:
    now = clock()
    assert delivery.credential is not None
    with transaction.atomic():
        store_exchanges(delivery.credential, courier.take_exchanges(), delivery=delivery, box=box)
        note_sending_day(delivery.credential, now)
        note_sending_day(delivery.credential, (delivery.sent_at or now) + LATE_ANSWER)
        changes = {"last_error": type(error).__name__, "next_attempt_at": None}
        step(delivery, Step.ANSWER_LOST, at=now, actor=ENGINE, changes=changes)
    return State(delivery.state)


def _window_closed(delivery: Delivery, now: datetime) -> State:
    """Too late for the portal: only the substitute communication is left (spec alloggiati-web 1.3, 1.7)."""
    with transaction.atomic():
        changes = {"last_error": "window_closed", "next_attempt_at": None}
        step(delivery, Step.GO_BY_HAND, at=now, actor=ENGINE, changes=changes)
        raise_alarm(delivery.account, "window_closed", f"delivery:{delivery.pk}", at=now, facts=_facts(delivery))
    return State(delivery.state)


def _facts(delivery: Delivery) -> dict[str, object]:
    return {
        "property": delivery.property.name,
        "arrival": delivery.arrival_day.isoformat(),
        "guests": delivery.row_count,
        "error": delivery.last_error,
    }
