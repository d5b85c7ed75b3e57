"""The days of visitor statistics on their way to a web service: one loop of its own, beside that of the police.

The row and its bytes are fixed before the call; what is sent is what was sealed. Sending again overwrites, so that what is in
doubt (a lost answer, HTTP 5xx, a process that died, an answer without outcomes) goes again, later and later. A user that the
service refuses is stopped until somebody mends it. One credential sends one thing at a time: the days of several of its
properties together, those of one property in order. ``mark`` is told the name of every step, which is how the drills die.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from locanda.archive.chain import ENGINE
from locanda.archive.models import FlowCredential, FlowSending
from locanda.archive.vault import Vault
from locanda.core.time import Clock
from locanda.delivery.courier import NoKeys, RealPortalInDemo, SimulatorOutsideDemo
from locanda.delivery.flow_courier import FlowCourier, FlowCouriers, NoAddress
from locanda.delivery.flow_record import ALARMS, clear_alarms, step, store_exchanges
from locanda.delivery.flow_verdicts import Verdict, judged, told
from locanda.delivery.held_days import remember
from locanda.delivery.lease import Lease, held
from locanda.delivery.loop import Loop
from locanda.delivery.machine import Evidence, State, Step
from locanda.delivery.record import clear_alarm, raise_alarm
from locanda.portals.errors import CredentialsRefused, NotUnderstood, PortalError, PortalFault, Refused
from locanda.portals.flows import flow_formats
from locanda.portals.ross1000.outcomes import StructureOutcome
from locanda.portals.ross1000.records import Movimenti

__all__ = ["FlowLoop", "Unsendable", "recover", "stop"]

log = logging.getLogger(__name__)

MANY = 40
"""Properties in one transmission, at most."""
PATIENCE = 3
"""Attempts after which a person is asked, where the service answers and says nothing that could be counted on."""
_BACKOFF = (1, 2, 5, 10, 20, 40, 60, 120, 240)  # minutes before the next attempt
_AFTER_A_FAULT = timedelta(minutes=30)
_WAITING = (State.READY, State.POSTPONED, State.IN_DOUBT)
_OPEN = (*_WAITING, State.SENDING)


class Unsendable(RuntimeError):
    """What is sealed is not what was fixed, or nobody can read it: it is not sent."""


def _wait(attempts: int) -> timedelta:
    return timedelta(minutes=_BACKOFF[min(max(attempts, 1), len(_BACKOFF)) - 1])


def _records(sending: FlowSending) -> int:
    """How many records of it an answer would speak of; while none did they are unknown."""
    return int(sending.arrivals + sending.departures + sum(len(mark.get("removed", ())) for mark in sending.marks))


def recover(credential: FlowCredential, now: datetime) -> int:
    """With the lease in hand nobody can be sending: what still says so lost its process, and goes again."""
    stranded = FlowSending.objects.of(credential.account_id).filter(credential=credential, state=State.SENDING)
    for sending in stranded.select_related("account", "property"):
        with transaction.atomic():
            changes = {"last_error": "crashed", "next_attempt_at": now, "unknown": _records(sending)}
            step(sending, Step.CRASHED, at=now, actor=ENGINE, changes=changes)
    return len(stranded)


def stop(credential: FlowCredential, *, at: datetime) -> None:
    """The service refuses user or password: no more calls until somebody mends them."""
    credential.stopped_why = "refused"
    credential.save(update_fields=["stopped_why"])
    facts = {"credential": credential.label}
    raise_alarm(credential.account, "flow_credentials_refused", f"flow_credential:{credential.pk}", at=at, facts=facts)


class FlowLoop(Loop):
    """Sends what is due to statistics services."""

    def __init__(
        self, clock: Clock, couriers: FlowCouriers, *, mark: Callable[[str], None] = lambda _: None,
        accepted: Callable[[FlowSending, datetime], object] = lambda *_: None,
        jobs: Sequence[Callable[[datetime], object]] = (),
    ) -> None:  # fmt: skip
        """``accepted`` is told of every sending that the portal took, in its transaction; ``jobs`` are done first in a round."""
        super().__init__()
        self._clock, self._couriers, self._mark, self._accepted, self._jobs = clock, couriers, mark, accepted, jobs

    def round(self) -> int:
        """Send everything that is due now; the number of sendings worked on."""
        now = self._clock()
        for job in self._jobs:
            try:
                job(now)
            except Exception as error:  # what is due goes all the same
                log.error("%s failed: %s", getattr(job, "__name__", "a job"), type(error).__name__)
        due = Q(state__in=_WAITING, next_attempt_at__lte=now) | Q(state=State.SENDING)
        wanted = FlowSending.everywhere.filter(due).exclude(credential=None).values("credential")
        done = 0
        for credential in FlowCredential.everywhere.filter(pk__in=wanted).select_related("account").order_by("pk"):
            try:
                done += self._work(credential)
            except Exception as error:  # one credential's trouble is not another's
                log.error("sending the statistics of a credential failed: %s", type(error).__name__)
        return done

    def _work(self, credential: FlowCredential) -> int:
        with held(credential) as lease:
            if lease is None:
                return 0
            self._mark("flows_leased")
            recover(credential, self._clock())
            credential.refresh_from_db(fields=["stopped_why", "sealed_keys", "endpoint"])
            if credential.stopped_why:
                return 0
            where = f"flow_credential:{credential.pk}"
            try:
                courier = self._couriers.of(credential)
            except (NoKeys, NoAddress, RealPortalInDemo, SimulatorOutsideDemo):
                facts = {"credential": credential.label}
                raise_alarm(credential.account, "flow_not_set", where, at=self._clock(), facts=facts)
                return 0
            clear_alarm(credential.account, "flow_not_set", where, at=self._clock())
            try:
                return self._send_due(credential, courier, lease)
            finally:
                courier.close()

    def _send_due(self, credential: FlowCredential, courier: FlowCourier, lease: Lease) -> int:
        done = 0
        while batch := self._next(credential):
            if not lease.renew():
                break
            done += len(batch)
            if not _send(batch, credential, courier, self._clock, self._mark, self._accepted):
                break  # the service is down or refuses us: the others would fare no better just now
        return done

    def _next(self, credential: FlowCredential) -> list[tuple[FlowSending, Movimenti]]:
        """What goes in the next transmission: of each structure the oldest that is open, those begun together again together."""
        rows = FlowSending.objects.of(credential.account_id).filter(credential=credential, state__in=_OPEN)
        first: dict[object, FlowSending] = {}
        for sending in rows.select_related("account", "property").order_by("created_at", "position", "pk"):
            first.setdefault(sending.property_id, sending)
        now = self._clock()
        due = [one for one in first.values() if one.next_attempt_at is not None and one.next_attempt_at <= now]
        if not due:
            return []
        together = [one for one in due if one.batch == due[0].batch]
        found: list[tuple[FlowSending, Movimenti]] = []
        codes: set[str] = set()
        for sending in together:
            try:
                file = _file(sending)
            except Exception as error:  # one that cannot even be read must not hold up the others
                log.error("a sending of statistics failed: %s", type(error).__name__)
                later = {"next_attempt_at": now + _AFTER_A_FAULT, "last_error": type(error).__name__[:60]}
                FlowSending.objects.of(credential.account_id).filter(pk=sending.pk).update(**later)
                continue
            if (file.codice or "") not in codes and len(found) < MANY:
                codes.add(file.codice or "")
                found.append((sending, file))
        return found or self._next(credential)


def _file(sending: FlowSending) -> Movimenti:
    """The days as they were sealed; refused when they are not what was fixed."""
    form = flow_formats()[sending.format]
    data = Vault(sending.account).open_bytes(sending.sealed_file or b"", "flow file")
    if hashlib.sha256(data).hexdigest() != sending.sha256:
        raise Unsendable("the bytes are not those that were fixed")
    file = form.read(data).values
    if not isinstance(file, Movimenti) or form.encode(file) != data:
        raise Unsendable("the bytes cannot be sent as they are")
    return file


Batch = Sequence[tuple[FlowSending, Movimenti]]


def _send(
    batch: Batch, credential: FlowCredential, courier: FlowCourier, clock: Clock, mark: Callable[[str], None],
    accepted: Callable[[FlowSending, datetime], object],
) -> bool:  # fmt: skip
    """One transmission. False when it is no use to go on with this service just now."""
    now = clock()
    again = [sending.attempts > 0 and sending.unknown > 0 for sending, _ in batch]
    ident = batch[0][0].batch or uuid.uuid4()
    with transaction.atomic():
        for sending, _ in batch:
            if sending.state == State.POSTPONED:
                step(sending, Step.RETRY_DUE, at=now, actor=ENGINE)
            elif sending.state == State.IN_DOUBT:
                step(sending, Step.SEND_AGAIN, at=now, actor=ENGINE)
            begun = {
                "sent_at": now, "attempts": sending.attempts + 1, "next_attempt_at": None, "simulated": courier.simulated,
                "batch": ident,
            }  # fmt: skip
            step(sending, Step.SEND_BEGINS, at=now, actor=ENGINE, changes=begun)
    mark("flows_sending")
    try:
        outcomes = list(courier.send([file for _, file in batch]))
        if len(outcomes) != len(batch):
            raise NotUnderstood("the answer does not fit what was sent")
    except PortalError as error:
        mark("flows_lost")
        _unanswered(batch, error, credential, courier, clock)
        return False
    mark("flows_answered")
    with transaction.atomic():
        store_exchanges(credential, courier.take_exchanges(), batch=ident)
        for (sending, _), outcome, twice in zip(batch, outcomes, again, strict=True):
            _answered(sending, outcome, judged(outcome, again=twice), clock(), accepted)
    mark("flows_recorded")
    return True


def _answered(
    sending: FlowSending, outcome: StructureOutcome, verdict: Verdict, now: datetime,
    accepted: Callable[[FlowSending, datetime], object],
) -> None:  # fmt: skip
    changes = {
        "answered_at": now, "refused": verdict.refused, "unknown": verdict.unknown, "last_error": "", "next_attempt_at": None,
        "sealed_outcomes": Vault(sending.account).seal(told(outcome), "flow outcomes"),
    }  # fmt: skip
    where, subject = f"flow_sending:{sending.pk}", _facts(sending)
    if verdict.step is Step.ANSWER_LOST:
        tired = sending.attempts >= PATIENCE
        changes |= {"last_error": "no_outcome", "next_attempt_at": None if tired else now + _wait(sending.attempts)}
        step(sending, verdict.step, at=now, actor=ENGINE, changes=changes)
        if tired:
            raise_alarm(sending.account, "flow_silent", where, at=now, facts=subject)
        return
    evidence = Evidence.ROW_OUTCOME
    step(sending, verdict.step, at=now, actor=ENGINE, evidence=evidence, note=",".join(verdict.notes), changes=changes)
    remember(sending, verdict.days, at=now, records=told(outcome)["records"])  # type: ignore[arg-type]
    for kind in ALARMS:
        clear_alarm(sending.account, kind, where, at=now)
    if verdict.step is Step.ALL_ACCEPTED:
        clear_alarms(sending, at=now)
        try:
            with transaction.atomic():
                accepted(sending, now)
        except Exception as error:  # what hangs on it can be done later; that the portal took it must be kept
            log.error("after a sending was accepted: %s", type(error).__name__)
        return
    raise_alarm(sending.account, "flow_refused", where, at=now, facts=subject)
    _give_up_later(sending, now)


def _give_up_later(sending: FlowSending, now: datetime) -> None:
    """What should have come after it is no longer right: it is made anew from what the portal holds by then."""
    later = FlowSending.objects.of(sending.account_id).filter(
        property=sending.property_id, created_at=sending.created_at, position__gt=sending.position,
        state__in=(State.READY, State.POSTPONED),
    )  # fmt: skip
    for other in later.select_related("account"):
        step(other, Step.WITHDRAW, at=now, actor=ENGINE, changes={"next_attempt_at": None})


def _unanswered(batch: Batch, error: PortalError, credential: FlowCredential, courier: FlowCourier, clock: Clock) -> None:
    """Nothing was handed over, or nobody knows: wait and send again, or ask for what is missing."""
    now = clock()
    keys = isinstance(error, CredentialsRefused)
    # a refusal of the whole call may be due to one structure: the next time each goes by itself
    apart = len(batch) > 1 and isinstance(error, PortalFault | Refused) and not keys
    with transaction.atomic():
        store_exchanges(credential, courier.take_exchanges(), batch=batch[0][0].batch)
        for sending, _ in batch:
            tired = sending.attempts >= PATIENCE and isinstance(error, PortalFault | Refused)
            waits = keys or tired
            changes = {
                "last_error": type(error).__name__, "next_attempt_at": None if waits else now + _wait(sending.attempts),
                **({"batch": uuid.uuid4()} if apart else {}), **({"unknown": _records(sending)} if error.sent is None else {}),
            }  # fmt: skip
            what = Step.ANSWER_LOST if error.sent is None else Step.CALL_REFUSED if keys else Step.PORTAL_DOWN
            step(sending, what, at=now, actor=ENGINE, changes=changes)
            where, facts = f"flow_sending:{sending.pk}", _facts(sending)
            if tired:
                raise_alarm(sending.account, "flow_silent", where, at=now, facts=facts)
            elif sending.attempts >= PATIENCE and not keys:
                raise_alarm(sending.account, "flow_down", where, at=now, facts=facts)
        if keys:
            stop(credential, at=now)


def _facts(sending: FlowSending) -> dict[str, object]:
    return {
        "property": sending.property.name, "first": sending.first.isoformat(), "last": sending.last.isoformat(),
        "refused": sending.refused, "error": sending.last_error,
    }  # fmt: skip
