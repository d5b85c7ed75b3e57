"""Corrections made by hand on SPOT, one after the other (spec flussi-turistici 7.3 rule 6, 7.7).

The list is read from two files that were fixed together: what the portal had and what is true. Each step is ticked off when it
is done on the portal, and what the portal holds is known after every tick, also of a list that nobody finished.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import FlowSending, Person
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.delivery.flow_record import step
from locanda.delivery.held_days import remember
from locanda.delivery.machine import Evidence, State, Step
from locanda.office.statistics import duties
from locanda.office.statistics.for_spot import day_bytes, day_mark
from locanda.office.statistics.sendings import hand_over, siblings
from locanda.portals.spot.reading import read
from locanda.portals.spot.steps import Step as HandStep
from locanda.portals.spot.steps import applied, corrections
from locanda.portals.spot.values import File

__all__ = ["Ticked", "finish", "steps_of", "tick"]


class Ticked(NamedTuple):
    """A step, and whether it was done."""

    step: HandStep
    done: bool


class _Both(NamedTuple):
    accepted: File
    steps: tuple[HandStep, ...]
    done: tuple[int, ...]


def _open(sending: FlowSending) -> _Both:
    vault = Vault(sending.account)
    both: Mapping[str, str] = json.loads(vault.open_bytes(sending.sealed_file or b"", "flow file"))
    accepted, truth = (_file(both[name]) for name in ("accepted", "truth"))
    kept: Mapping[str, Any] = vault.open(sending.sealed_outcomes, "flow outcomes") if sending.sealed_outcomes else {}
    return _Both(accepted, corrections(accepted, truth), tuple(kept.get("done", ())))


def _file(text: str) -> File:
    found = read(text.encode())[0]
    assert found is not None  # we wrote it ourselves
    return found._replace(days=tuple(day._replace(line=0) for day in found.days))


def steps_of(sending: FlowSending) -> list[Ticked]:
    """The list, in the order in which the portal can follow; empty when the month is closed and its files are gone."""
    if sending.sealed_file is None:
        return []
    both = _open(sending)
    return [Ticked(one, place in both.done) for place, one in enumerate(both.steps)]


def tick(sending: FlowSending, place: int, *, done: bool, now: datetime, person: Person | None) -> list[Problem]:
    """A step was done on the portal, or it was not after all."""
    if State(sending.state) is State.READY and (problems := hand_over(sending, now=now, person=person)):
        return problems
    if State(sending.state) is not State.HANDED_OVER:
        return [Problem("statistics.sending.moved_on", "")]
    with transaction.atomic():
        for one in siblings(sending):
            row = FlowSending.objects.of(one.account_id).select_for_update(no_key=True).select_related("account").get(pk=one.pk)
            both = _open(row)
            if not 0 <= place < len(both.steps):
                return [Problem("statistics.sending.moved_on", "")]
            ticked = sorted({*both.done, place} if done else {*both.done} - {place})
            row.sealed_outcomes = Vault(row.account).seal({"done": ticked}, "flow outcomes")
            row.unknown = len(both.steps) - len(ticked)
            row.save(update_fields=["sealed_outcomes", "unknown"])
            _hold(row, both, ticked, now)
    sending.refresh_from_db()
    return []


def _hold(sending: FlowSending, both: _Both, done: list[int], now: datetime) -> None:
    """What the portal has after the steps that were done."""
    held = applied(both.accepted, [both.steps[place] for place in done])
    inputs = {mark["day"]: mark["inputs"] for mark in sending.marks}
    whole = len(done) == len(both.steps)
    marks = [day_mark(day, inputs[day.day.isoformat()] if whole else "") for day in held.days if day.day and
             day.day.isoformat() in inputs]  # fmt: skip
    sealed = {day.day.isoformat(): day_bytes(day) for day in held.days if day.day}
    planned, sending.marks = sending.marks, marks
    try:
        remember(sending, None, at=now, sealed=sealed, replace=True)
    finally:
        sending.marks = planned


def finish(sending: FlowSending, *, now: datetime, person: Person | None, protocol: str = "") -> list[Problem]:
    """All steps are done: the portal has what is true."""
    both = _open(sending)
    if len(both.done) < len(both.steps):
        return [Problem.of("statistics.steps.left", "", count=len(both.steps) - len(both.done))]
    if State(sending.state) is not State.HANDED_OVER:
        return [Problem("statistics.sending.moved_on", "")]
    with transaction.atomic():
        for one in siblings(sending):
            changes = {"protocol": protocol.strip()[:120], "confirmed_by": person, "answered_at": now, "unknown": 0}
            actor = chain.actor_of(person)
            step(one, Step.PORTAL_CONFIRMED, at=now, actor=actor, evidence=Evidence.OPERATOR, changes=changes)
            _hold(one, _open(one), list(both.done), now)
            duties.accepted(one, now)
    sending.refresh_from_db()
    return []
