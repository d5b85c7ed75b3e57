"""Engine 1: a due-loop in the serving process. The ledger is the queue; nothing is kept in memory that a crash could lose.

Each round first puts in doubt what a dead process left ``sending``, then drives what is due, asks for receipts, and raises
the alarms whose hour has come. Credentials are worked side by side, each by one thread under its lease.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from locanda.archive import erasure
from locanda.archive.chain import ENGINE
from locanda.archive.models import Delivery, Installation, PoliceCredential, SendingDay
from locanda.core.time import Clock
from locanda.delivery import receipts
from locanda.delivery.courier import Couriers, NoKeys, RealPortalInDemo, SimulatorOutsideDemo
from locanda.delivery.drive import ask_at, drive, recover
from locanda.delivery.erasing import finish_erasures
from locanda.delivery.lease import Lease, held
from locanda.delivery.loop import Loop
from locanda.delivery.machine import State, Step
from locanda.delivery.record import clear_alarm, raise_alarm, step

__all__ = ["Engine"]

log = logging.getLogger(__name__)

_AFTER_A_FAULT = timedelta(minutes=15)
_WAITING = (State.READY, State.POSTPONED)
_UNSETTLED = (*_WAITING, State.REJECTED, State.PARTLY_ACCEPTED, State.IN_DOUBT, State.BY_HAND)


class Engine(Loop):
    """Does what is due. ``jobs`` are done first in every round, given the instant (the office's own: follow-ups)."""

    def __init__(
        self,
        clock: Clock,
        couriers: Couriers,
        *,
        jobs: Sequence[Callable[[datetime], object]] = (),
        mark: Callable[[str], None] = lambda _: None,
        threads: int = 4,
    ) -> None:
        super().__init__()
        self._clock, self._couriers, self._jobs, self._mark, self._threads = clock, couriers, jobs, mark, threads
        self._finished = False

    def round(self) -> int:
        """Do everything that is due now; the number of deliveries and receipts worked on."""
        now = self._clock()
        Installation.objects.filter(id=1).update(engine_seen_at=now)
        if not self._finished:  # what a dead process left half done: keys of parties that are done, old copies in the log
            self._finished = self._guarded(finish_erasures, now)
        for job in self._jobs:
            self._guarded(job, now)
        due = self._due_credentials(now)
        if len(due) <= 1 or connection.in_atomic_block or (connection.vendor == "sqlite" and connection.is_in_memory_db()):
            done = sum(self._work_alone(credential) for credential in due)
        else:
            with ThreadPoolExecutor(min(self._threads, len(due))) as pool:
                done = sum(pool.map(self._work_in_thread, due))
        self._alarms(self._clock())
        erasure.sweep_if_due()
        return done

    def _due_credentials(self, now: datetime) -> list[PoliceCredential]:
        ready = Q(state__in=_WAITING, next_attempt_at__lte=now)
        sending = Delivery.everywhere.filter(ready | Q(state=State.SENDING)).values("credential")
        waiting = SendingDay.everywhere.filter(next_try_at__lte=now).values("credential")
        found = PoliceCredential.everywhere.filter(Q(pk__in=sending) | Q(pk__in=waiting))
        return list(found.select_related("account").order_by("pk"))

    def _guarded(self, job: Callable[[datetime], object], now: datetime) -> bool:
        """Do a job whose failure must not hold up what is due to the police."""
        try:
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                job(now)
        except Exception as error:
            log.error("%s failed: %s", getattr(job, "__name__", "a job"), type(error).__name__)
            return False
        return True

    def _work_alone(self, credential: PoliceCredential) -> int:
        try:
            return self._work(credential)
        except Exception as error:  # one credential's trouble is not another's
            log.error("work for a credential failed: %s", type(error).__name__)
            return 0

    def _work_in_thread(self, credential: PoliceCredential) -> int:
        try:
            return self._work_alone(credential)
        finally:
            connection.close()

    def _work(self, credential: PoliceCredential) -> int:
        with held(credential) as lease:
            if lease is None:
                return 0
            self._mark("leased")
            recover(credential, self._clock())
            credential.refresh_from_db(fields=["stopped_why", "sealed_keys", "endpoint"])
            if credential.stopped_why:
                return 0
            try:
                courier = self._couriers.of(credential)
            except (NoKeys, RealPortalInDemo, SimulatorOutsideDemo) as refusal:
                raise_alarm(
                    credential.account,
                    "no_keys" if isinstance(refusal, NoKeys) else "wrong_address",
                    f"credential:{credential.pk}",
                    at=self._clock(),
                    facts={"credential": credential.label},
                )
                return 0
            for kind in ("no_keys", "wrong_address"):
                clear_alarm(credential.account, kind, f"credential:{credential.pk}", at=self._clock())
            return self._send_due(credential, courier, lease) + self._receipts_due(credential, courier, lease)

    def _send_due(self, credential: PoliceCredential, courier: object, lease: Lease) -> int:
        mine = Delivery.objects.of(credential.account_id).filter(credential=credential, state__in=_WAITING)
        due = mine.filter(next_attempt_at__lte=self._clock()).order_by("segment__prudent_due", "created_at")
        done = 0
        for delivery in due.select_related("account", "party", "segment", "property", "credential", "credential__account"):
            if not lease.renew():
                break
            try:
                if delivery.state == State.POSTPONED:
                    with transaction.atomic():
                        step(delivery, Step.RETRY_DUE, at=self._clock(), actor=ENGINE)
                state = drive(delivery, courier, clock=self._clock, mark=self._mark)  # type: ignore[arg-type]
            except DatabaseError:
                raise
            except Exception as error:  # one that cannot even be read must not hold up the others
                log.error("a delivery failed: %s", type(error).__name__)
                later = {"next_attempt_at": self._clock() + _AFTER_A_FAULT, "last_error": type(error).__name__[:40]}
                mine.filter(pk=delivery.pk).update(**later)
                continue
            done += 1
            if state is State.POSTPONED:
                break  # the portal is down or refuses us: the others would fare no better just now
        return done

    def _receipts_due(self, credential: PoliceCredential, courier: object, lease: Lease) -> int:
        credential.refresh_from_db(fields=["stopped_why"])
        if credential.stopped_why:  # refused just now: nobody asks again with the same keys
            return 0
        mine = SendingDay.objects.of(credential.account_id).filter(credential=credential)
        due = mine.filter(next_try_at__lte=self._clock()).order_by("day")
        done = 0
        for sending_day in due.select_related("account", "credential", "credential__account"):
            if not lease.renew():
                break
            receipts.fetch(sending_day, courier, clock=self._clock, mark=self._mark)  # type: ignore[arg-type]
            done += 1
            if sending_day.credential.stopped_why:
                break
        return done

    def _alarms(self, now: datetime) -> None:
        """What a person must be told in time. Cheap when nothing is: two indexed queries."""
        soon = now + timedelta(hours=1)
        owed = Q(segment__settled_at=None, segment__cancelled_at=None, segment__prudent_due__lte=soon)
        near = Delivery.everywhere.filter(owed, state__in=_UNSETTLED)
        for delivery in near.select_related("account", "segment", "property"):
            late = delivery.segment.legal_due <= now
            facts = {
                "property": delivery.property.name,
                "due": delivery.segment.legal_due.isoformat(),
                "state": delivery.state,
            }
            if not delivery.corrections.exists():
                raise_alarm(
                    delivery.account,
                    "term_passed" if late else "term_near",
                    f"segment:{delivery.segment_id}",
                    at=now,
                    facts=facts,
                )
        doubtful = Delivery.everywhere.filter(state=State.IN_DOUBT, asked_at=None).select_related(
            "account", "segment", "property"
        )
        for delivery in doubtful:
            if ask_at(delivery) <= now:
                facts = {
                    "property": delivery.property.name,
                    "sent": delivery.sent_at.isoformat(),
                    "guests": delivery.row_count,
                }
                raise_alarm(delivery.account, "look_at_portal", f"delivery:{delivery.pk}", at=now, facts=facts)
                Delivery.objects.of(delivery.account_id).filter(pk=delivery.pk).update(asked_at=now)
