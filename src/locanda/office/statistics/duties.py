"""The duties of the visitor flows are done when the portal has the days, and are so no more when a day has changed since.

Which duties they are stands in the packs (``duties`` of ``[statistics]``). A return of a month is done when every day of it is
held; what is owed for each movement, when the portal has the day of that movement. What a person marked is left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from locanda.archive.models import DutyMark, FlowSending, Property, Stay
from locanda.core.time import ROME, rome_day
from locanda.delivery.record import clear_alarm, raise_alarm
from locanda.law.periods import Period, parse_period, periods
from locanda.office.duty_list import Entry, entries
from locanda.office.duty_marks import mark_done, undo
from locanda.office.statistics.days import days_between, lived
from locanda.office.statistics.home import service_of
from locanda.office.statistics.status import HELD, status_of

__all__ = ["accepted", "review", "sending_of"]

_NOTE = "Flussi turistici"
"""The beginning of the words beside a mark of ours."""
_TERM = timedelta(days=45)
"""No return of flows is due so long after its period or its movement."""
_DAY = timedelta(days=1)


def accepted(sending: FlowSending, now: datetime) -> int:
    """The portal took it: mark what is done by it. The number of duties."""
    return review(sending.property, sending.first, sending.last, now=now, sending=sending)


def review(property: Property, first: date, last: date, *, now: datetime, sending: FlowSending | None = None) -> int:
    """Mark what is done by the days that the portal has, and take back what is not so any more. The number of new marks."""
    service = service_of(property, rome_day(now))
    wanted = frozenset(service.pack.duties) if service.pack is not None else frozenset()
    months = list(periods("month", first, last))
    start, end = months[0].first, months[-1].last
    held = {one.day: one for one in status_of(property, start, end, now=now)}
    changed = sorted(day for day, one in held.items() if one.state == "changed")
    _say_changed(property, start, end, changed, now)
    if not wanted:
        return 0
    owed = [one for one in _owed(property, start, end, now) if one.obligation in wanted]
    resting = {one.key: _rests_on(one, property) for one in owed}
    done = {key: days for key, days in resting.items() if days and all(day in held and held[day].state in HELD for day in days)}
    made = 0
    for one in owed:
        if one.key in done and one.done_at is None:
            proof = sending or FlowSending.objects.of(property.account_id).get(pk=held[done[one.key][-1]].sending)
            note = f"{_NOTE}: {proof.pk}"
            number = proof.protocol or f"SHA-256 {proof.sha256[:16]}"
            mark_done(property, one.obligation, one.subject, now=now, person=None, note=note, number=number)
            made += 1
    _take_back(property, {(one.obligation, one.subject) for one in owed if one.key not in done}, now)
    return made


def sending_of(mark: DutyMark) -> str | None:
    """The key of the sending on which a mark of ours rests; None for what somebody marked."""
    return mark.note.rpartition(" ")[2] if mark.done_by is None and mark.note.startswith(_NOTE) else None


def _owed(property: Property, first: date, last: date, now: datetime) -> Iterator[Entry]:
    """What is due for these months and the movements in them, with a subject that tells which."""
    for one in entries(property.account_id, [property], from_=first, to=last + _TERM, now=now):
        period = _period(one.subject)
        whole = period is not None and first <= period.first and period.last <= last
        if whole or one.subject.startswith("stay:"):
            yield one


def _period(subject: str) -> Period | None:
    if not subject.startswith("period:"):
        return None
    try:
        return parse_period(subject.removeprefix("period:"))
    except ValueError:
        return None


def _rests_on(entry: Entry, property: Property) -> list[date]:
    """The days that the portal must have."""
    period = _period(entry.subject)
    return _days_of(period, property) if period is not None else _days_of_movement(entry.subject, property)


def _days_of(period: Period, property: Property) -> list[date]:
    """Every day of the period on which the property was there."""
    return [day for day in days_between(period.first, period.last) if lived(property, day)]


def _days_of_movement(subject: str, property: Property) -> list[date]:
    """The day of an arrival or a departure; one before six in the morning may have been counted on the day before."""
    parts = dict(part.partition(":")[::2] for part in subject.split(","))
    try:
        key = UUID(parts["stay"])
    except ValueError:
        return []
    stay = Stay.objects.of(property.account_id).filter(pk=key, property=property).first()
    if stay is None or stay.arrival is None:
        return []
    if parts.get("movement") == "departure":
        return [stay.departure_day] if stay.departure_day is not None else []
    day = rome_day(stay.arrival)
    return [day - _DAY, day] if stay.arrival.astimezone(ROME).hour < 6 else [day]


def _take_back(property: Property, undone: Collection[tuple[str, str]], now: datetime) -> None:
    """Marks that rested on days which are not held any more."""
    if not undone:
        return
    subjects = {subject for _, subject in undone}
    rows = DutyMark.objects.of(property.account_id).filter(property=property, done_by=None, subject__in=subjects)
    for mark in rows.select_related("account"):
        if (mark.obligation, mark.subject) in undone and sending_of(mark) is not None:
            undo(mark, now=now, person=None)


def _say_changed(property: Property, first: date, last: date, changed: Iterable[date], now: datetime) -> None:
    """Tell of days that the portal holds otherwise; one alarm a month."""
    by_month: dict[date, list[date]] = {}
    for day in changed:
        by_month.setdefault(day.replace(day=1), []).append(day)
    for period in periods("month", first, last):
        subject = f"flows:{property.pk}:{period.label}"
        days = by_month.get(period.first)
        if days:
            facts = {"property": property.name, "first": days[0].isoformat(), "count": len(days)}
            raise_alarm(property.account, "flow_changed", subject, at=now, facts=facts)
        else:
            clear_alarm(property.account, "flow_changed", subject, at=now)
