"""Closing the statistics of months that are over, forgetting the facts of their guests (spec flussi-turistici 2.6; GDPR art. 5).

A month of a property is closed when its portal holds every day of it and :data:`PATIENCE` has passed, in which a correction may
still be needed; a month that no portal ever confirmed, after :data:`LONGEST`. From then on its days are never counted again, and
their figures stay. A guest's sex, birth date, citizenship and residence are erased when all months of the stay are closed and its
tax is final; so is every file of the statistics. When to delete is our choice: no law names the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, Q

from locanda.archive import chain
from locanda.archive.erasure import sweep_due
from locanda.archive.models import CountedDay, FlowExchange, FlowSending, Guest, PortalDay, Property, Stay, TaxedStay
from locanda.archive.vault import Vault
from locanda.core.time import ROME, rome_day
from locanda.law.periods import Period, periods
from locanda.law.statistics import EARLY
from locanda.office.statistics.counting import counted_of
from locanda.office.statistics.home import service_of
from locanda.office.tax import facts

__all__ = ["LONGEST", "PATIENCE", "close_what_is_over", "forget_facts"]

PATIENCE = timedelta(days=60)
"""After the last day of a month: until then a portal or a guest may still ask for a correction."""
LONGEST = timedelta(days=730)
"""Two years, as long as the sheets of the C/59 were kept [C]: then a month is closed whatever its portal says."""
STATISTICS_ONLY = frozenset({
    "residence_state", "residence_comune", "residence_place", "tourism", "transport", "education", "profession", "occupies_bed",
    "rooms", facts.WHY_NOT,
})  # fmt: skip
"""What is kept of a guest beside the columns for the statistics alone; the rest is for the papers of the tax."""
_BATCH = 200
_done_for: list[object] = []


def close_what_is_over(now: datetime) -> int:
    """A job of the engine, once a day: months that can be closed, then what nobody needs any more. The number of rows touched."""
    today = rome_day(now)
    if _done_for == [today]:
        return 0
    months = sum(_close(property, period, now) for property, period in list(_ready(today)))
    gone = forget_facts(now)
    _done_for[:] = [today]
    if gone:
        sweep_due()
    return months + gone


def _ready(today: date) -> Iterator[tuple[Property, Period]]:
    """Months of properties that may be closed: over for long enough, and held by the portal or too old."""
    last = today - PATIENCE
    firsts: dict[UUID, date] = {}
    counted = CountedDay.everywhere.filter(closed=False, day__lte=last).values("property").annotate(first=Min("day"))
    stays = Stay.everywhere.filter(status=Stay.Status.CHECKED_IN, statistics_closed_at=None, departure_day__lte=last)
    lodged = stays.values("property").annotate(first=Min("arrival"))
    for key, first in [*counted.values_list("property", "first"), *lodged.values_list("property", "first")]:
        day = _first_day(first) if isinstance(first, datetime) else first
        firsts[key] = min(day, firsts.get(key, day))
    for property in Property.everywhere.filter(pk__in=firsts).select_related("account"):
        portal = service_of(property, today).portal
        for period in periods("month", firsts[property.pk], last):
            if period.last > last or _is_closed(property, period):
                continue
            if period.last <= today - LONGEST or _held(property, portal, period):
                yield property, period


def _first_day(arrival: datetime) -> date:
    """The first day that a stay may count on: who arrives before six may belong to the night before."""
    day = rome_day(arrival)
    return day - timedelta(days=1) if arrival.astimezone(ROME).hour < EARLY else day


def _held(property: Property, portal: str, period: Period) -> bool:
    days = PortalDay.objects.of(property.account_id).filter(
        property=property, portal=portal, day__range=(period.first, period.last), held=True, state__in=("accepted", "confirmed")
    )
    return days.count() == (period.last - period.first).days + 1


def _close(property: Property, period: Period, now: datetime) -> int:
    """Close a month: its figures as of now stand for good, its files go."""
    counted_of(property, period.first, period.last, now=now)
    mine = Q(property=property, account=property.account_id)
    with transaction.atomic():
        days = CountedDay.objects.of(property.account_id).filter(mine, day__range=(period.first, period.last), closed=False)
        done = days.update(closed=True)
        PortalDay.objects.of(property.account_id).filter(mine, day__range=(period.first, period.last)).update(sealed_held=None)
        sendings = FlowSending.objects.of(property.account_id).filter(mine, last__lte=period.last)
        batches = list(sendings.exclude(batch=None).values_list("batch", flat=True))
        sendings.update(sealed_file=None, sealed_outcomes=None)
        alive = FlowSending.objects.of(property.account_id).filter(batch__in=batches).exclude(sealed_file=None).values("batch")
        over = FlowExchange.objects.of(property.account_id).filter(batch__in=batches).exclude(batch__in=alive)
        over.update(sealed_request=None, sealed_response=None)
        if done:
            chain.append(
                property.account, "statistics.closed", at=now, actor=chain.ENGINE, subject=f"property:{property.pk}",
                data={"period": period.label, "days": done},
            )  # fmt: skip
    return done


# the facts of the guests ------------------------------------------------------------------------------------------------------


def forget_facts(now: datetime) -> int:
    """Erase the facts of guests whose months are all closed and whose tax is final; the number of guests."""
    today, gone = rome_day(now), 0
    left = Stay.everywhere.filter(
        status__in=(Stay.Status.CHECKED_IN, Stay.Status.CANCELLED), statistics_closed_at=None, departure_day__lte=today - PATIENCE
    )
    tax_open = TaxedStay.everywhere.exclude(state=TaxedStay.State.FINAL).values("stay")
    rows = left.exclude(pk__in=tax_open).select_related("property__account", "account").order_by("departure_day")
    months: dict[tuple[UUID, str], bool] = {}
    for stay in rows.iterator(chunk_size=_BATCH):
        if _all_closed(stay, months):
            gone += _forget(stay, now)
    return gone


def _all_closed(stay: Stay, known: dict[tuple[UUID, str], bool]) -> bool:
    """Whether the statistics of every month that the stay touches are closed. A cancelled stay touches none."""
    if stay.status == Stay.Status.CANCELLED:
        return True
    assert stay.arrival is not None and stay.departure_day is not None
    for period in periods("month", _first_day(stay.arrival), stay.departure_day):
        key = (stay.property_id, period.label)
        if key not in known:
            known[key] = _is_closed(stay.property, period)
        if not known[key]:
            return False
    return True


def _is_closed(property: Property, period: Period) -> bool:
    days = CountedDay.objects.of(property.account_id).filter(property=property, day__range=(period.first, period.last))
    counted = days.aggregate(all=Count("pk"), closed=Count("pk", filter=Q(closed=True)))
    return bool(counted["all"] == counted["closed"] == (period.last - period.first).days + 1)


def _forget(stay: Stay, now: datetime) -> int:
    """Erase what the statistics alone needed of the guests of a stay."""
    kept = facts.facts_of(stay)
    values: dict[str, Any] = {"statistics_closed_at": now}
    if kept:
        guests = [{key: fact for key, fact in guest.items() if key not in STATISTICS_ONLY} for guest in kept.get("guests") or ()]
        values["sealed_facts"] = facts.seal(Vault(stay.account), {**kept, "guests": guests})
    with transaction.atomic():
        gone = Guest.objects.of(stay.account_id).filter(party__stay=stay).update(
            sex="", birth_date=None, citizenship="", residence_state="", residence_comune="", residence_place=""
        )  # fmt: skip
        Stay.objects.of(stay.account_id).filter(pk=stay.pk).update(**values)
        chain.append(
            stay.account, "stay.facts_erased", at=now, actor=chain.ENGINE, subject=f"stay:{stay.pk}", data={"guests": int(gone)}
        )
    return int(gone)
