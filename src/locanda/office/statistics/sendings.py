"""The life of a sending of visitor statistics once it is ready, as a person steers it (spec flussi-turistici 1, 6.4, 7.3).

It is sent (WS), or handed over and confirmed by whoever looked at the portal (FILE, SHEET).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import FlowSending, Person
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.delivery.flow_record import clear_alarms, step
from locanda.delivery.held_days import remember
from locanda.delivery.machine import Evidence, IllegalStep, State, Step
from locanda.letters.uploads import MEDIA, kind_of
from locanda.office.duty_marks import File, proof_problem
from locanda.office.statistics import duties
from locanda.office.statistics.for_spot import day_bytes
from locanda.office.statistics.preparing import Prepared, prepare, send_now
from locanda.portals.flows import flow_formats
from locanda.portals.spot.reading import read as read_spot

__all__ = [
    "OPEN", "confirm", "file_of", "found_on_portal", "hand_over", "proof_of", "refuse", "resend", "siblings", "withdraw",
]  # fmt: skip

OPEN = (State.READY, State.POSTPONED, State.SENDING, State.IN_DOUBT, State.HANDED_OVER)
"""States in which something is still to happen to a sending."""


def siblings(sending: FlowSending) -> list[FlowSending]:
    """What moves together with a sending that goes by hand, itself included."""
    rows = FlowSending.objects.of(sending.account_id).select_related("account", "property", "credential")
    if sending.batch is None or sending.mode == "WS":
        return [rows.get(pk=sending.pk)]
    return list(rows.filter(batch=sending.batch).order_by("property__name", "first", "position"))


def file_of(sending: FlowSending) -> tuple[str, bytes] | None:
    """Name and bytes of what is handed over; None when the month is closed and the file is gone."""
    if sending.sealed_file is None:
        return None
    data = Vault(sending.account).open_bytes(sending.sealed_file, "flow file")
    suffix = flow_formats()[sending.format].suffix
    return f"{sending.first:%Y%m%d}_{sending.last:%Y%m%d}{suffix}", data


def proof_of(sending: FlowSending) -> tuple[str, bytes] | None:
    """What the operator kept of what the portal showed."""
    if sending.sealed_proof is None:
        return None
    vault = Vault(sending.account)
    name = str(vault.open(sending.sealed_proof_name, "flow proof")) if sending.sealed_proof_name else "prova"
    return name, vault.open_bytes(sending.sealed_proof, "flow proof")


# to a service -----------------------------------------------------------------------------------------------------------------


def resend(sending: FlowSending, *, now: datetime, person: Person | None) -> Prepared:
    """The same days again, as they are now: what was refused and corrected, or what nobody knows of."""
    if State(sending.state) is State.IN_DOUBT:  # the same bytes: the portal writes them over
        done = send_now(sending, now=now, person=person)
        return Prepared((sending,) if done else (), () if done else (Problem("statistics.credential.missing", ""),))
    return prepare(sending.property, sending.first, sending.last, now=now, person=person, send=sending.mode == "WS")


def found_on_portal(sending: FlowSending, *, there: bool, now: datetime, person: Person | None) -> list[Problem]:
    """Somebody looked at the portal at what is in doubt, or was refused: it has these days, or it has not."""
    state = State(sending.state)
    if state is State.PARTLY_ACCEPTED and there:
        return _mended(sending, now=now, person=person)
    try:
        with transaction.atomic():
            if state is State.REJECTED and there:
                step(sending, Step.GO_BY_HAND, at=now, actor=chain.actor_of(person))
            what = Step.OPERATOR_FOUND if there else Step.OPERATOR_MISSED
            changes = {"next_attempt_at": None, "confirmed_by": person, "unknown": 0}
            step(sending, what, at=now, actor=chain.actor_of(person), evidence=Evidence.OPERATOR, changes=changes)
            if there:
                remember(sending, None, at=now)
                duties.accepted(sending, now)
            clear_alarms(sending, at=now)
    except IllegalStep:
        return [Problem("statistics.sending.moved_on", "")]
    return []


def _mended(sending: FlowSending, *, now: datetime, person: Person | None) -> list[Problem]:
    """What had passed in part was put right on the portal itself: the days as they are now are there, as somebody saw."""
    told = prepare(sending.property, sending.first, sending.last, now=now, person=person)
    found = list(told.problems)
    for one in told.sendings:
        found += confirm(one, now=now, person=person) if not found else []
    return found


# by hand ----------------------------------------------------------------------------------------------------------------------


def hand_over(sending: FlowSending, *, now: datetime, person: Person | None) -> list[Problem]:
    """It was taken to be uploaded or typed. One after the other, where they must be."""
    earlier = FlowSending.objects.of(sending.account_id).filter(
        property=sending.property_id, created_at=sending.created_at, position__lt=sending.position, state__in=OPEN
    )
    if sending.batch is None and earlier.exists():
        return [Problem("statistics.sending.order", "")]
    return _all(sending, Step.HAND_OVER, now=now, person=person)


def _all(
    sending: FlowSending, what: Step, *, now: datetime, person: Person | None, evidence: Evidence | None = None, note: str = "",
    changes: Mapping[str, object] | None = None,
) -> list[Problem]:  # fmt: skip
    """One step for everything that moves together."""
    try:
        with transaction.atomic():
            for one in siblings(sending):
                more = {"next_attempt_at": None, **(changes or {})}
                step(one, what, at=now, actor=chain.actor_of(person), evidence=evidence, note=note, changes=more)
    except IllegalStep:
        return [Problem("statistics.sending.moved_on", "")]
    finally:
        sending.refresh_from_db()
    return []


def confirm(
    sending: FlowSending, *, now: datetime, person: Person | None, protocol: str = "", proof: File | None = None
) -> list[Problem]:
    """The portal took it, as somebody saw: with its words or number, and a picture or PDF of what it showed, if there is one."""
    if proof is not None and (problem := proof_problem(proof, "proof")) is not None:
        return [problem]
    if sending.kind == FlowSending.Kind.STEPS:
        return [Problem("statistics.steps.open", "")]  # each is ticked off by itself
    try:
        with transaction.atomic():
            for one in siblings(sending):
                if State(one.state) is State.READY:  # uploaded from elsewhere, or typed at once
                    step(one, Step.HAND_OVER, at=now, actor=chain.actor_of(person), changes={"next_attempt_at": None})
                changes: dict[str, object] = {"protocol": protocol.strip()[:120], "confirmed_by": person, "answered_at": now}
                if proof is not None:
                    changes |= _sealed_proof(one, proof)
                who = chain.actor_of(person)
                step(one, Step.PORTAL_CONFIRMED, at=now, actor=who, evidence=Evidence.OPERATOR, changes=changes)
                remember(one, None, at=now, sealed=_sealed_days(one))
                clear_alarms(one, at=now)
                duties.accepted(one, now)
    except IllegalStep:
        return [Problem("statistics.sending.moved_on", "")]
    finally:
        sending.refresh_from_db()
    return []


def _sealed_proof(sending: FlowSending, proof: File) -> dict[str, object]:
    vault = Vault(sending.account)
    return {
        "proof_media": MEDIA[kind_of(proof.content)], "proof_sha256": hashlib.sha256(proof.content).hexdigest(),
        "sealed_proof": vault.seal_bytes(proof.content, "flow proof"),
        "sealed_proof_name": vault.seal(" ".join(proof.name.split())[:120], "flow proof"),
    }  # fmt: skip


def _sealed_days(sending: FlowSending) -> dict[str, bytes]:
    """The days of a SPOT file, each as it will be corrected one day."""
    if sending.format != "spot":
        return {}
    file = read_spot(Vault(sending.account).open_bytes(sending.sealed_file or b"", "flow file"))[0]
    return {day.day.isoformat(): day_bytes(day) for day in file.days if day.day} if file is not None else {}


def refuse(sending: FlowSending, reason: str, *, now: datetime, person: Person | None) -> list[Problem]:
    """The portal did not take it; with what it said."""
    if not reason.strip():
        return [Problem("statistics.refusal.reason", "reason")]
    if State(sending.state) is State.READY:
        problems = hand_over(sending, now=now, person=person)
        if problems:
            return problems
    changes = {"confirmed_by": person, "answered_at": now, "settled_at": now}
    return _all(
        sending, Step.PORTAL_REFUSED, now=now, person=person, evidence=Evidence.OPERATOR, note=reason.strip(), changes=changes
    )


def withdraw(sending: FlowSending, *, now: datetime, person: Person | None) -> list[Problem]:
    """It will not go: nothing of it has left."""
    return _all(sending, Step.WITHDRAW, now=now, person=person)
