"""What became of each day at its portal, in the words of the calendar (spec flussi-turistici 3, 6.8).

A day that the portal holds has changed when it would be written otherwise now. The digest of what it was counted from is compared
first, so that a month of hundreds of properties opens none of their stays; only where it differs is the day written again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from locanda.archive.models import Account, CountedDay, FlowSending, PortalDay, Property
from locanda.archive.parts import in_parts
from locanda.archive.vault import Vault
from locanda.core.time import rome_day
from locanda.delivery.flow_verdicts import opened
from locanda.delivery.machine import State
from locanda.office.statistics.composing import composer, together
from locanda.office.statistics.counting import counted
from locanda.office.statistics.days import days_between
from locanda.office.statistics.for_spot import START_UP
from locanda.office.statistics.home import FlowService, services_of

__all__ = ["HELD", "STATES", "DayStatus", "changed_of", "is_stale", "status_of", "statuses_of", "word_of"]

STATES = (
    "todo", "ready", "postponed", "sending", "in_doubt", "handed_over", "accepted", "confirmed", "corrected", "changed",
    "rejected", "refused",
)  # fmt: skip
"""In the order of their way. ``changed``: the portal holds it otherwise than it is now; ``corrected``: by hand, later."""
HELD = frozenset({"accepted", "confirmed", "corrected"})
"""States in which the portal has the day as it is."""
_UNDER_WAY = frozenset({State.READY, State.POSTPONED, State.SENDING, State.IN_DOUBT, State.HANDED_OVER})
_REFUSED = frozenset({State.REJECTED, State.REFUSED})


class DayStatus(NamedTuple):
    """A day at its portal. ``reasons`` are the portal's own words."""

    day: date
    state: str
    sending: UUID | None = None
    held: bool = False
    accepted_at: datetime | None = None
    reasons: tuple[str, ...] = ()


def status_of(property: Property, first: date, last: date, *, now: datetime) -> list[DayStatus]:
    """The days of one property, both ends included, in order."""
    return statuses_of(property.account_id, [property], first, last, now=now)[property.pk]


def statuses_of(
    account: Account | UUID, properties: Collection[Property], first: date, last: date, *, now: datetime,
    counts: Mapping[UUID, Sequence[CountedDay]] | None = None, services: Mapping[UUID, FlowService] | None = None,
) -> dict[UUID, list[DayStatus]]:  # fmt: skip
    """The days of many properties. ``counts`` are these days as they are counted, where they are at hand already."""
    services = services_of(account, properties, rome_day(now)) if services is None else services
    rows: dict[UUID, dict[date, PortalDay]] = defaultdict(dict)
    for row in _rows(account, [one.pk for one in properties], first, last):
        if row.portal == services[row.property_id].portal:
            rows[row.property_id][row.day] = row
    changed = _changed(account, properties, services, rows, first, last, now, counts)
    reasons = _reasons(account, [row for days in rows.values() for row in days.values()])
    found = {}
    for one in properties:
        mine, other = rows.get(one.pk, {}), changed.get(one.pk, frozenset())
        found[one.pk] = [_status(day, mine.get(day), reasons, changed=day in other) for day in days_between(first, last)]
    return found


def _rows(account: Account | UUID, keys: Sequence[UUID], first: date, last: date) -> Iterable[PortalDay]:
    for part in in_parts(keys):
        rows = PortalDay.objects.of(account).filter(property__in=part, day__range=(first, last))
        yield from rows.select_related("sending").defer(
            "sealed_held", "sending__sealed_file", "sending__sealed_outcomes", "sending__sealed_proof", "sending__marks",
            "sending__notes",
        )  # fmt: skip


def _status(
    day: date, row: PortalDay | None, reasons: Mapping[tuple[UUID, date], tuple[str, ...]], *, changed: bool
) -> DayStatus:
    if row is None:
        return DayStatus(day, "todo")
    why = reasons.get((row.sending_id, day), ())
    return DayStatus(day, _word(row, changed=changed), row.sending_id, row.held, row.accepted_at, why)


def _word(row: PortalDay, *, changed: bool) -> str:
    kind = row.sending.kind if row.sending is not None else ""
    fingerprint = "" if changed else row.fingerprint
    return word_of(row.state, held=row.held, fingerprint=fingerprint, corrected=row.corrected, kind=kind)


def word_of(state: str, *, held: bool, fingerprint: str, corrected: bool, kind: str) -> str:
    """A day in a word. Without a ``fingerprint`` the portal holds it otherwise than it is; ``kind`` is that of its sending."""
    if state in _UNDER_WAY or state in _REFUSED:
        return str(state)
    if held:
        if not fingerprint:
            return "changed"
        by_hand = corrected and kind == FlowSending.Kind.STEPS
        return "corrected" if by_hand else "confirmed" if state == State.CONFIRMED else "accepted"
    return "in_doubt" if state == State.PARTLY_ACCEPTED else "todo"


def _reasons(account: Account | UUID, rows: Sequence[PortalDay]) -> dict[tuple[UUID, date], tuple[str, ...]]:
    """What the portals said against days, in their own words."""
    said: dict[tuple[UUID, date], tuple[str, ...]] = {}
    wanted = {row.sending_id for row in rows if row.sending_id and row.state in (State.REJECTED, State.REFUSED)}
    for sending in FlowSending.objects.of(account).filter(pk__in=wanted).select_related("account"):
        mine = [row.day for row in rows if row.sending_id == sending.pk]
        if sending.mode != "WS":
            said |= {(sending.pk, day): (sending.evidence_note,) for day in mine if sending.evidence_note}
            continue
        kept: Mapping[str, Any] = (
            Vault(sending.account).open(sending.sealed_outcomes, "flow outcomes") if sending.sealed_outcomes else {}
        )
        outcome = opened(kept)
        for day in mine:
            own = [record.error for record in outcome.refused if record.day == f"{day:%Y%m%d}" and record.error]
            said[sending.pk, day] = tuple(dict.fromkeys(own or ([outcome.error] if outcome.error else [])))
    return said


def _changed(
    account: Account | UUID, properties: Collection[Property], services: Mapping[UUID, FlowService],
    rows: Mapping[UUID, Mapping[date, PortalDay]], first: date, last: date, now: datetime,
    known: Mapping[UUID, Sequence[CountedDay]] | None,
) -> dict[UUID, frozenset[date]]:  # fmt: skip
    """Held days that would be written otherwise now."""
    holding = [one for one in properties if any(row.held for row in rows.get(one.pk, {}).values())]
    if not holding:
        return {}
    digests = counted(account, holding, first, last, now=now) if known is None else known
    found = {}
    for one in holding:
        counts = {day.day: day for day in digests[one.pk]}
        doubtful = [
            row for day, row in rows[one.pk].items()
            if row.held and day in counts and not counts[day].closed
            if row.people.get("inputs") not in (START_UP, counts[day].inputs)
        ]  # fmt: skip
        if doubtful:
            found[one.pk] = changed_of(one, services[one.pk], doubtful, {day: row.inputs for day, row in counts.items()})
    return found


def changed_of(
    property: Property, service: FlowService, doubtful: Sequence[PortalDay], inputs: Mapping[date, str]
) -> frozenset[date]:
    """Write the days again and compare; those that came out the same are remembered with what they are counted from now."""
    first, last = min(row.day for row in doubtful), max(row.day for row in doubtful)
    group = together(service, property)
    now = composer(service).fingerprints(service, group, first, last)
    same = [row for row in doubtful if now.get(row.day) == row.fingerprint]
    for row in same:
        row.people = {**row.people, "inputs": inputs[row.day]}
    PortalDay.objects.of(property.account_id).bulk_update(same, ["people"])
    return frozenset(row.day for row in doubtful if row not in same)


def is_stale(sending: FlowSending, *, now: datetime) -> bool:
    """Whether something of its days changed since it was made ready: then it is to be made anew."""
    told = {mark["day"]: mark.get("inputs") for mark in sending.marks}
    days = counted(sending.account_id, [sending.property], sending.first, sending.last, now=now)[sending.property_id]
    differs = [day.day for day in days if told.get(day.day.isoformat()) not in (None, "", START_UP, day.inputs)]
    if not differs:
        return False
    service = services_of(sending.account_id, [sending.property], rome_day(now))[sending.property_id]
    group = together(service, sending.property)
    fresh = composer(service).fingerprints(service, group, min(differs), max(differs))
    kept = {date.fromisoformat(mark["day"]): mark["fingerprint"] for mark in sending.marks}
    return any(fresh.get(day) != kept[day] for day in differs)
