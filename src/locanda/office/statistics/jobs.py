"""What the statistics do by themselves (spec flussi-turistici 1, 6.4, 7.3, 10).

Each complete day is sent the morning after, from six, where a service is used on purpose; days that could not be sent follow in
order. On the first of a month the file or the sheet of the month before is made ready. What cannot be made ready says what is
missing; nothing leaves without credentials that somebody entered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from locanda.archive.models import Account, Alarm, FlowSending, PortalDay, Property, Stay
from locanda.core.time import ROME, rome_day
from locanda.delivery.machine import State
from locanda.delivery.record import raise_alarm
from locanda.office.statistics import duties
from locanda.office.statistics.composing import together
from locanda.office.statistics.home import FlowService, services_of
from locanda.office.statistics.preparing import Prepared, complete_until, prepare
from locanda.office.statistics.sendings import OPEN
from locanda.office.statistics.status import DayStatus, is_stale, statuses_of

__all__ = ["hurry", "look_for_changes", "make_ready"]

_BACK = timedelta(days=62)
"""How far back days that were never sent are looked for, and days that have changed."""
_EVERY = timedelta(minutes=30)
_OFTEN = timedelta(minutes=10)
_last: dict[str, datetime] = {}


def _is_time(job: Callable[..., object], now: datetime, every: timedelta) -> bool:
    """Whether some time went by since this process did it last; a clock that was set back counts as well."""
    name = job.__name__
    before = _last.get(name)
    if before is not None and timedelta(0) <= now - before < every:
        return False
    _last[name] = now
    return True


def make_ready(now: datetime) -> int:
    """Days for services, months for files. The number of sendings made."""
    if not _is_time(make_ready, now, _OFTEN):
        return 0
    made = 0
    for account in Account.objects.all():
        properties = list(
            Property.objects.of(account).filter(closed_at=None).exclude(type="").select_related("account", "flow_credential")
        )
        services = services_of(account, properties, rome_day(now))
        ready = [row for row in properties if _is_used(row, services[row.pk])]
        busy = set(
            FlowSending.objects.of(account).filter(property__in=ready, state__in=OPEN).values_list("property", flat=True)
        )
        made += _days([row for row in ready if services[row.pk].sends and row.pk not in busy], now)
        made += _months([row for row in ready if not services[row.pk].sends], services, busy, now)
    return made


def hurry() -> None:
    """Somebody changed how it goes: look at once."""
    _last.pop(make_ready.__name__, None)


def _is_used(property: Property, service: FlowService) -> bool:
    """Whether the operator has begun with it: the code where one is needed, user and password where days go by themselves."""
    if service.sends:
        credential = property.flow_credential
        return property.flow_auto and credential is not None and bool(credential.sealed_keys) and not credential.stopped_why
    return not service.problems


def _days(properties: Sequence[Property], now: datetime) -> int:
    """Everything complete that the portals lack, in order."""
    last, made = complete_until(now), 0
    if now.astimezone(ROME).hour < 6 or not properties:
        return 0
    known = statuses_of(properties[0].account_id, properties, last - _BACK, last, now=now)
    for row in properties:
        first = max(rome_day(row.created_at), row.since or date.min)
        wanted = [one.day for one in known[row.pk] if one.day >= first and one.state in ("todo", "changed")]
        if wanted:
            made += _as_far_as_can_be(row, wanted[0], wanted[-1], now)
    return made


def _as_far_as_can_be(property: Property, first: date, last: date, now: datetime) -> int:
    """The days before the first that something is missing of: the portal wants them in order, and the term does not wait."""
    told = prepare(property, first, last, now=now, person=None, send=True)
    if not told.problems:
        return len(told.sendings)
    stop = _first_trouble(property, told)
    made = 0
    if stop is not None and first < stop:
        before = prepare(property, first, stop - timedelta(days=1), now=now, person=None, send=True)
        made, first = len(before.sendings), stop if before.sendings else first
    _not_ready(property, first, last, told, now)
    return made


def _first_trouble(property: Property, told: Prepared) -> date | None:
    """The first day that a problem is about; None where one of them is about no day."""
    found: list[date] = []
    for problem in told.problems:
        if problem.code == "statistics.days.white":
            found.append(date.fromisoformat(problem.fact("first") or ""))
            continue
        stay = next((told.stays[name] for name in told.stays if f"{problem.where}.".startswith(f"{name}.")), None)
        arrival = Stay.objects.of(property.account_id).filter(pk=stay).values_list("arrival", flat=True).first()
        if arrival is None:
            return None
        found.append(rome_day(arrival) - timedelta(days=1))  # early in the morning it may count for the day before
    return min(found)


def _months(
    properties: Sequence[Property], services: Mapping[UUID, FlowService], busy: Collection[UUID], now: datetime
) -> int:
    """The month before, once it is over; made anew when something changed while it waited."""
    last = rome_day(now).replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    if last > complete_until(now) or not properties:
        return 0
    known = statuses_of(properties[0].account_id, properties, first, last, now=now)
    return sum(_month(row, services[row.pk], row.pk in busy, known[row.pk], first, last, now) for row in properties)


def _month(
    property: Property, service: FlowService, busy: bool, known: Sequence[DayStatus], first: date, last: date, now: datetime  # noqa: FBT001
) -> int:
    begins = max(first, property.since or date.min, _begun(property, service, first))
    if begins > last:
        return 0
    group = together(service, property)
    if property.pk != group[0].pk:
        return 0  # one file for all of them: the first of them makes it
    if busy:
        waiting = FlowSending.objects.of(property.account_id).filter(property=property, state=State.READY, first__lte=last)
        stale = [one for one in waiting.select_related("account", "property") if is_stale(one, now=now)]
        return _try(property, min(one.first for one in stale), max(one.last for one in stale), now) if stale else 0
    if any(one.sending is not None for one in known if one.day >= begins):
        return 0  # it was made once: what became of it is the operator's to say
    return _try(property, begins, last, now)


def _begun(property: Property, service: FlowService, first: date) -> date:
    """A property that came here in the course of the month was reported in another way until then."""
    created = rome_day(property.created_at)
    if created < first or PortalDay.objects.of(property.account_id).filter(property=property, portal=service.portal).exists():
        return first
    return created


def _try(property: Property, first: date, last: date, now: datetime) -> int:
    """Make it ready, or say once what is missing."""
    told = prepare(property, first, last, now=now, person=None)
    if not told.problems:
        return len(told.sendings)
    _not_ready(property, first, last, told, now)
    return 0


def _not_ready(property: Property, first: date, last: date, told: Prepared, now: datetime) -> None:
    facts = {
        "property": property.name, "first": first.isoformat(), "last": last.isoformat(), "count": len(told.problems),
        "problem": told.problems[0].code,
    }  # fmt: skip
    raise_alarm(property.account, "flow_not_ready", f"flows:{property.pk}", at=now, facts=facts)


def look_for_changes(now: datetime) -> int:
    """Days that the portal holds otherwise than they are now: said once, and the marks that rested on them taken back."""
    if not _is_time(look_for_changes, now, _EVERY):
        return 0
    first, last = rome_day(now) - _BACK, rome_day(now)
    found = 0
    for account, rows in _holding(first, last):
        for key, days in statuses_of(account, rows, first, last, now=now).items():
            changed = [one.day for one in days if one.state == "changed"]
            property = next(row for row in rows if row.pk == key)
            if changed or property.pk in _told_before(account):
                duties.review(property, first, last, now=now)
                found += len(changed)
    return found


def _holding(first: date, last: date) -> Iterator[tuple[Account, list[Property]]]:
    """The properties of which a portal holds days, by account."""
    for account in Account.objects.all():
        keys = PortalDay.objects.of(account).filter(held=True, day__range=(first, last)).values("property").distinct()
        rows = list(Property.objects.of(account).filter(pk__in=keys).select_related("account"))
        if rows:
            yield account, rows


def _told_before(account: Account) -> set[UUID]:
    """Properties of which an alarm says that days have changed: it may be over."""
    subjects = Alarm.objects.of(account).filter(kind="flow_changed", cleared_at=None).values_list("subject", flat=True)
    return {UUID(subject.split(":")[1]) for subject in subjects}
