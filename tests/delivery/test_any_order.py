"""Arrivals, rounds, faults, crashes, nights and the operator, in any order: nothing is ever doubled or wrongly believed."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from locanda.archive import chain
from locanda.archive.models import Alarm, Delivery, Party, PoliceCredential
from locanda.archive.vault import Vault
from locanda.core.time import ROME, rome_day
from locanda.delivery.engine import Engine
from locanda.delivery.machine import State
from locanda.delivery.record import NoEvidence
from locanda.office import correcting, follow_ups, sending
from tests.world import World, guest, world

FAULTS = (
    "drop_before_storing", "drop_after_storing", "cut_answer", "http_500", "http_500_after_storing", "soap_fault",
    "soap_fault_after_storing", "garbled", "inconsistent_counts", "missing_detail", "expire_token", "status",
)  # fmt: skip
MARKS = (
    "leased", "begun", "tested", "test_recorded", "sending", "answer_lost", "answered", "recorded", "receipt_kept", "receipt",
)  # fmt: skip
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

moves = st.one_of(
    st.tuples(st.just("arrive"), st.integers(1, 3)),
    st.tuples(st.just("turn"), st.just(0)),
    st.tuples(st.just("fault"), st.tuples(st.sampled_from(FAULTS), st.sampled_from(["Send", "Send", "Test", None]))),
    st.tuples(st.just("wait"), st.sampled_from([1, 20, 90, 360])),
    st.tuples(st.just("night"), st.just(0)),
    st.tuples(st.just("late"), st.just(0)),
    st.tuples(st.just("again"), st.just(0)),
    st.tuples(st.just("look"), st.just(0)),
    st.tuples(st.just("crash"), st.sampled_from(MARKS)),
)


class Killed(BaseException):
    """A process that dies; what it was doing is undone by the database alone."""


class Play:
    """One history, with what the portal really holds beside what the house believes."""

    def __init__(self, here: World) -> None:
        self.here, self.count = here, 0
        self.rows: dict[Any, list[str]] = {}

    def arrive(self, size: int) -> None:
        names = [f"OSPITE{LETTERS[self.count // 26]}{LETTERS[self.count % 26]}{LETTERS[n]}" for n in range(size)]
        self.count += 1
        roles = ["single"] if size == 1 else ["head_of_family", *["family_member"] * (size - 1)]
        people = [guest(name, role=role) for name, role in zip(names, roles, strict=True)]
        self.learn(self.here.delivery(self.here.check_in(*people, nights=1 + self.count % 4)))

    def learn(self, delivery: Delivery) -> None:
        text = Vault(delivery.account).party(delivery.party).open(delivery.sealed_text, "delivery text")["text"]
        self.rows[delivery.pk] = text.split("\r\n")

    def turn(self, _: object) -> None:
        self.here.engine.round()

    def fault(self, what: tuple[str, str | None]) -> None:
        self.here.sim.faults.next(what[0], operation=what[1])

    def wait(self, minutes: int) -> None:
        self.here.pass_time(minutes=minutes)
        self.here.engine.round()

    def night(self, _: object) -> None:
        day = self.here.now.date() + timedelta(days=1)
        self.here.now = datetime(day.year, day.month, day.day, 7, tzinfo=ROME)
        self.here.engine.round()

    def late(self, _: object) -> None:
        self.here.now = self.here.now.replace(hour=23, minute=58)
        self.here.engine.round()

    def again(self, _: object) -> None:
        """The operator sends again whatever the pages let them."""
        for delivery in Delivery.objects.of(self.here.account).exclude(state=State.ACCEPTED):
            if delivery.state not in (State.READY, State.POSTPONED):
                done = correcting.send_again(delivery, now=self.here.now, person=self.here.person)
                if done.delivery is not None:
                    self.learn(done.delivery)

    def look(self, _: object) -> None:
        """The operator looks at the portal's list of today, and says what is there."""
        today = rome_day(self.here.now)
        listed = self.here.sim.ledger.rows(day=today)
        for delivery in Delivery.objects.of(self.here.account).filter(state=State.IN_DOUBT):
            if rome_day(delivery.sent_at) == today:
                there = all(row in listed for row in self.rows[delivery.pk])
                with suppress(NoEvidence):  # too soon to say that it is missing
                    sending.resolve_doubt(
                        delivery, found="all" if there else "none", note="Analisi", now=self.here.now, person=self.here.person
                    )

    def crash(self, step: str) -> None:
        def mark(name: str) -> None:
            if name == step:
                raise Killed

        try:
            Engine(self.here.clock, self.here.couriers, jobs=[follow_ups.prepare_due_segments], mark=mark).round()
        except Killed:
            # the lease of a dead process falls to whoever comes next; here the process lives on
            PoliceCredential.everywhere.update(lease_owner="", lease_until=None)
            self.here.engine = Engine(self.here.clock, self.here.couriers, jobs=[follow_ups.prepare_due_segments])

    def check(self) -> None:
        ledger = self.here.sim.ledger.rows()
        assert len(ledger) == len(set(ledger)), "a schedina was sent twice"
        for delivery in Delivery.objects.of(self.here.account).prefetch_related("corrections"):
            stored = [row in ledger for row in self.rows[delivery.pk]]
            if delivery.state == State.ACCEPTED:
                assert all(stored), "shown as accepted, and the portal has it not"
                assert delivery.evidence
            elif delivery.corrections.exists():
                continue  # its rows are those of another delivery now
            elif delivery.state == State.REJECTED:
                assert not any(stored), f"shown as not taken ({delivery.evidence}), and the portal has it"
            elif delivery.state in (State.READY, State.POSTPONED, State.BY_HAND):
                assert not any(stored), f"waits as {delivery.state}, and the portal has it already"
        erased = Party.objects.of(self.here.account).filter(wrapped_key=None)
        for delivery in Delivery.objects.of(self.here.account).filter(party__in=erased):
            assert delivery.state in (State.ACCEPTED, State.REJECTED), "erased before the receipt was in"

    def end(self) -> None:
        """Two quiet nights, and the operator sends what was proved missing: what is left open asks for somebody."""
        self.here.sim.faults.clear()
        for _ in range(2):
            self.night(0)
            self.again(0)
            self.turn(0)
        self.night(0)
        self.check()
        ledger = self.here.sim.ledger.rows()
        told = set(Alarm.objects.of(self.here.account).filter(cleared_at=None).values_list("subject", flat=True))
        for delivery in Delivery.objects.of(self.here.account).filter(corrections=None):
            if not all(row in ledger for row in self.rows[delivery.pk]) or delivery.state != State.ACCEPTED:
                asked = {f"delivery:{delivery.pk}", f"segment:{delivery.segment_id}"} & told
                assert asked, f"{delivery.state} ({delivery.evidence}), and nobody is told"
        assert list(chain.verify(self.here.account)) == []


@pytest.mark.django_db
@settings(
    max_examples=200 if os.environ.get("LOCANDA_DRILLS") == "full" else 20, deadline=None, stateful_step_count=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(moves, min_size=3, max_size=18))
def test_in_any_order(db: None, path: list[tuple[str, Any]]) -> None:
    with transaction.atomic(), world() as here:
        play = Play(here)
        play.arrive(1)
        for name, value in path:
            note(f"{here.now:%d %H:%M} {name} {value}")
            getattr(play, name)(value)
            play.check()
        play.end()
        transaction.set_rollback(True)
