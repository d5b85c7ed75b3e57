"""Which declarations of days without guests are not due, because there were guests in every one of those days.

Nights are added up by the database, all periods of all properties in one question; only where they could fill a period are the
stays themselves looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, Sum

from locanda.archive.models import Account, Property, Stay
from locanda.archive.parts import in_parts
from locanda.core.time import end_of_day, rome_midnight
from locanda.law.conditions import reported
from locanda.law.occurrences import Facts
from locanda.law.packs import Chain, Obligation
from locanda.law.periods import parse_period
from locanda.office.duty_facts import core_property, stays_of

__all__ = ["EMPTY", "Asked", "full_houses"]

EMPTY = ("period_without_guests", "days_without_guests")
"""What starts such a declaration."""

_LONGEST = timedelta(days=400)
"""No stay that is looked for began longer ago than that."""
_AT_ONCE = 60
"""Periods in one question: each costs three values, of which the older SQLite takes 999."""
_NO_RULES = Chain("", ())


class Asked(NamedTuple):
    """A declaration whose period may have been full. ``at``: which property's, and which of its lines."""

    at: tuple[int, int]
    property: Property
    rule: Obligation
    label: str


def full_houses(account: Account | UUID, asked: Iterable[Asked]) -> frozenset[tuple[int, int]]:
    """The places of those that are not due."""
    by_label: dict[str, list[Asked]] = {}
    for one in asked:
        by_label.setdefault(one.label, []).append(one)
    spent = _nights(account, sorted(by_label))
    dropped: set[tuple[int, int]] = set()
    for label, all_of_it in by_label.items():
        period, nights = parse_period(label), spent[label]
        days = (period.last - period.first).days + 1
        mine = [one for one in all_of_it if one.property.pk in nights]
        dropped |= {one.at for one in mine if one.rule.trigger == "period_without_guests"}
        # so many nights that every day may have had its guests: only the stays tell
        maybe = [one for one in mine if one.at not in dropped and nights[one.property.pk] >= days]
        slept = stays_of(account, [one.property for one in maybe], period.first, period.last) if maybe else {}
        for one in maybe:
            facts = Facts(core_property(one.property), slept.get(one.property.pk, ()), (), _NO_RULES)
            if not reported(facts, one.rule, period):
                dropped.add(one.at)
    return frozenset(dropped)


def _nights(account: Account | UUID, labels: Sequence[str]) -> dict[str, dict[UUID, int]]:
    """Nights of the stays that touch each period, by property."""
    found: dict[str, dict[UUID, int]] = {label: {} for label in labels}
    for part in in_parts(labels, _AT_ONCE):
        periods = [parse_period(label) for label in part]
        sums = {
            f"in_{number}": Sum("nights", filter=Q(
                arrival__gte=rome_midnight(period.first - _LONGEST), arrival__lte=end_of_day(period.last),
                departure_day__gt=period.first,
            ))
            for number, period in enumerate(periods)
        }  # fmt: skip
        first, last = min(one.first for one in periods), max(one.last for one in periods)
        rows = Stay.objects.of(account).filter(
            status=Stay.Status.CHECKED_IN, arrival__gte=rome_midnight(first - _LONGEST), arrival__lte=end_of_day(last),
            departure_day__gt=first, nights__gt=0,
        )  # fmt: skip
        for where, *nights in rows.order_by().values("property_id").annotate(**sums).values_list("property_id", *sums):
            for label, so_many in zip(part, nights, strict=True):
                if so_many:
                    found[label][where] = so_many
    return found
