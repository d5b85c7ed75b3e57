"""Making ready what a statistics portal still lacks (spec flussi-turistici 6.4, 6.8, 7.3).

What the portal holds is compared with the days as they are now, and what differs is made ready: bytes, marks and notes are fixed
together, or nothing is.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import CountedDay, FlowSending, Installation, Person, PortalDay, Property
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.delivery.flow_record import step
from locanda.delivery.held_days import announce
from locanda.delivery.machine import State, Step
from locanda.delivery.record import clear_alarm
from locanda.office.statistics.composing import composer, together
from locanda.office.statistics.counting import counted
from locanda.office.statistics.home import FlowService, service_of
from locanda.office.statistics.plans import Plan

__all__ = ["Prepared", "complete_until", "prepare", "send_now", "white_days"]

_WAITING = (State.READY, State.POSTPONED)
_DAY = timedelta(days=1)


class Prepared(NamedTuple):
    """What was made ready, in its order; or every problem, and ``stays``: which stay the ``where`` of a problem begins with."""

    sendings: tuple[FlowSending, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    stays: Mapping[str, UUID] = {}


def complete_until(now: datetime) -> date:
    """The last day that is over: an arrival before six in the morning may still belong to the day before."""
    local = now.astimezone(ROME)
    return rome_day(now) - (_DAY if local.hour >= 6 else 2 * _DAY)


def white_days(days: Sequence[CountedDay]) -> list[date]:
    """Days of which nobody said anything, and on which nobody came, slept or left: they must not stay so (spec 6.8)."""
    return [one.day for one in days if not (one.declared or one.previous or one.arrived or one.departed or one.present)]


def prepare(
    property: Property, first: date, last: date, *, now: datetime, person: Person | None, send: bool = False
) -> Prepared:
    """Make ready what the portal still lacks of these days, both included. ``send`` makes it due at once, where it can be sent.

    What waited for the same days is withdrawn; what is under way, or was handed over and not yet confirmed, stands in the way.
    """
    service = service_of(property, rome_day(now))
    group = together(service, property)
    found = list(_cannot(service, group, first, last, now))
    if found:
        return Prepared((), tuple(found))
    if service.format.key == "spot":
        first = min(first, _goes_on_from(group[0], service) or first)  # no gap: the portal stops there (spec 7.3 rule 1)
    days = counted(property.account_id, group, first, last, now=now)
    if closed := [one.day for listed in days.values() for one in listed if one.closed]:
        return Prepared((), (*found, Problem.of("statistics.month.closed", "first", first=min(closed))))
    for row in group:
        if white := white_days(days[row.pk]):
            facts = {"property": row.name, "first": white[0], "count": len(white)}
            found.append(Problem.of("statistics.days.white", f"days[{white[0]}]", **facts))
    inputs = {one.day: one.inputs for one in days[group[0].pk]}
    made = composer(service).composed(service, group, first, last, inputs)
    if found or made.problems:
        return Prepared((), (*found, *made.problems), made.notes, made.stays)
    if not made.plans:
        return Prepared((), (), (Problem("statistics.sending.nothing", ""), *made.notes), made.stays)
    with transaction.atomic():
        before = _make_way(group, service.portal, made.plans, now=now, person=person)
        kept = [_keep(row, service, plan, place, made.notes, now, person, group, before) for place, plan in enumerate(made.plans)
                for row in group]  # fmt: skip
        mine = _share_batches(kept, group, service)
        for sending in kept:
            sending.save(force_insert=True)
            announce(sending, at=now)
            _note(sending, "flow.prepared", now, person)
    if send:
        for sending in mine:
            send_now(sending, now=now, person=person)
    clear_alarm(property.account, "flow_not_ready", f"flows:{property.pk}", at=now)
    return Prepared(tuple(mine), (), made.notes, made.stays)


def _goes_on_from(property: Property, service: FlowService) -> date | None:
    """The day after the last that the portal holds."""
    held = PortalDay.objects.of(property.account_id).filter(property=property, portal=service.portal, held=True)
    latest = held.order_by("day").values_list("day", flat=True).last()
    return None if latest is None else latest + _DAY


def _cannot(
    service: FlowService, group: Sequence[Property], first: date, last: date, now: datetime
) -> list[Problem]:
    """What stands in the way before anything is counted."""
    found = list(service.problems)
    for row in group[1:]:
        found += service_of(row, rome_day(now)).problems
    if last < first:
        found.append(Problem.of("statistics.days.backwards", "last", first=first, last=last))
    if last > complete_until(now):
        found.append(Problem.of("statistics.days.not_over", "last", last=last, until=complete_until(now)))
    stuck = FlowSending.objects.of(group[0].account_id).filter(
        property__in=[row.pk for row in group], portal=service.portal, first__lte=last, last__gte=first,
        state__in=(State.SENDING, State.IN_DOUBT, State.HANDED_OVER),
    )  # fmt: skip
    for sending in stuck.order_by("created_at", "position")[:1]:
        code = "statistics.sending.handed_over" if sending.state == State.HANDED_OVER else "statistics.sending.under_way"
        found.append(Problem.of(code, f"sending.{sending.pk}", first=sending.first, last=sending.last))
    return found


def _make_way(
    group: Sequence[Property], portal: str, plans: Sequence[Plan], *, now: datetime, person: Person | None
) -> FlowSending | None:
    """Withdraw what waited for the same days: it is made anew. The newest of it, which the new one replaces."""
    first, last = min(min(plan.days) for plan in plans), max(max(plan.days) for plan in plans)
    waiting = FlowSending.objects.of(group[0].account_id).filter(
        property__in=[row.pk for row in group], portal=portal, state__in=_WAITING, first__lte=last, last__gte=first
    )
    newest = None
    for sending in waiting.select_related("account").order_by("created_at", "position"):
        step(sending, Step.WITHDRAW, at=now, actor=chain.actor_of(person), changes={"next_attempt_at": None})
        newest = sending
    return newest


def _keep(
    row: Property, service: FlowService, plan: Plan, place: int, notes: Sequence[Problem], now: datetime, person: Person | None,
    group: Sequence[Property], before: FlowSending | None,
) -> FlowSending:  # fmt: skip
    installation = Installation.current()
    sends = service.sends and plan.kind != FlowSending.Kind.STEPS
    return FlowSending(
        account=row.account, property=row, credential=row.flow_credential if sends else None, position=place,
        portal=service.portal, format=service.format.key, format_version=service.format.version, mode=service.mode,
        kind=plan.kind, first=min(plan.days), last=max(plan.days), days=len(plan.days), arrivals=plan.arrivals,
        departures=plan.departures, sealed_file=Vault(row.account).seal_bytes(plan.data, "flow file"),
        sha256=hashlib.sha256(plan.data).hexdigest(), size=len(plan.data), marks=list(plan.marks),
        notes=[[note.code, note.where, [list(fact) for fact in note.facts]] for note in notes], created_at=now,
        created_by=person, replaces=before if before is not None and before.property_id == row.pk else None,
        simulated=installation is not None and installation.demo,
    )  # fmt: skip


def _share_batches(kept: Sequence[FlowSending], group: Sequence[Property], service: FlowService) -> list[FlowSending]:
    """Files that belong together move together: one file of several properties, or one period in a file a day."""
    if len(group) > 1:
        for place in {sending.position for sending in kept}:
            batch = uuid.uuid4()
            for sending in kept:
                if sending.position == place:
                    sending.batch = batch
    elif service.format.one_day and len(kept) > 1:
        batch = uuid.uuid4()
        for sending in kept:
            sending.batch = batch
    return [sending for sending in kept if sending.property_id == group[0].pk] if len(group) > 1 else list(kept)


def send_now(sending: FlowSending, *, now: datetime, person: Person | None) -> bool:
    """Make it due at once; False where there is nobody to send it as, or nothing to send."""
    credential = sending.property.flow_credential
    if sending.mode != "WS" or credential is None or credential.stopped_why or not credential.sealed_keys:
        return False
    waiting = FlowSending.objects.of(sending.account_id).filter(pk=sending.pk, state__in=(*_WAITING, State.IN_DOUBT))
    with transaction.atomic():
        if not waiting.update(next_attempt_at=now, credential=credential):
            return False
        _note(sending, "flow.asked_for", now, person)
    sending.refresh_from_db()
    return True


def _note(sending: FlowSending, kind: str, now: datetime, person: Person | None) -> None:
    data = {
        "first": sending.first.isoformat(), "last": sending.last.isoformat(), "days": sending.days, "kind": str(sending.kind),
        "sha256": sending.sha256, "portal": sending.portal,
    }  # fmt: skip
    chain.append(sending.account, kind, at=now, actor=chain.actor_of(person), subject=f"flow_sending:{sending.pk}", data=data)
