"""The visitor statistics of a property from its stored stays (spec flussi-turistici 2): the same stays that went to the police.

    movement_of(property, first, last)

The counts need no name: what is kept of a stay for the tax serves them, when the party's key is long destroyed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from locanda.archive.models import Property, Stay
from locanda.core import stays as core
from locanda.core.problems import Problem
from locanda.core.stays import PropertyDay
from locanda.core.time import ROME
from locanda.law.statistics import Movement, movement
from locanda.office.duty_facts import core_property
from locanda.office.statistics.days import property_days
from locanda.office.tables import in_force
from locanda.office.tax import facts

__all__ = ["LOOK_BACK", "Read", "movement_from", "movement_of", "stays_of"]

LOOK_BACK = timedelta(days=1000)
"""No stay is looked for that began longer before."""
Read = tuple[Stay, core.Stay | None, list[Problem]]
"""A stored stay, how the law reads it, and what is wrong with it."""


def stays_of(property: Property, first: date, last: date) -> list[Read]:
    """The stored stays that touch these days or the night before, as the law reads them."""
    start = datetime.combine(first - timedelta(days=1), time.min, ROME)
    rows = (
        Stay.objects.of(property.account_id)
        .filter(
            Q(departure_day__gte=first - timedelta(days=1)) | Q(departure_day=None),
            property=property,
            status=Stay.Status.CHECKED_IN,
            statistics_closed_at=None,
            arrival__lt=datetime.combine(last + timedelta(days=1), time(6), ROME),
            arrival__gte=start - LOOK_BACK,
        )
        .select_related("property", "account", "unit")
        .order_by("arrival", "pk")
    )
    found = list(rows)
    people = facts.guests_of(property.account_id, [row.pk for row in found])
    read = facts.core_stays(found, people)
    return [(row, stay, problems) for row, (stay, problems) in zip(found, read, strict=True)]


def movement_of(
    property: Property, first: date, last: date, *, days: Sequence[PropertyDay] | None = None, needs: Collection[str] = (),
    uses: Collection[str] = (), accepted_until: date | None = None,
) -> tuple[Movement | None, list[Problem]]:  # fmt: skip
    """Who came, slept and left in a property between two days, both included; or every problem.

    ``days`` is what the days were; None reads what the operator said of them.
    """
    told = property_days(property, first, last) if days is None else days
    stays = stays_of(property, first, last)
    return movement_from(
        property, stays, first, last, days=told, needs=needs, uses=uses, accepted_until=accepted_until
    )  # fmt: skip


def movement_from(
    property: Property, stays: Sequence[Read], first: date, last: date, *, days: Sequence[PropertyDay] = (),
    needs: Collection[str] = (), uses: Collection[str] = (), accepted_until: date | None = None,
) -> tuple[Movement | None, list[Problem]]:  # fmt: skip
    """The same from stays that were read already."""
    found = [problem.within(f"stays[{place}]") for place, (_, _, problems) in enumerate(stays) for problem in problems]
    told = movement(
        core_property(property), [stay for _, stay, _ in stays], days, first, last, needs=needs, uses=uses,
        accepted_until=accepted_until, tables=in_force().places,
    )  # fmt: skip
    return told.movement, [*found, *told.problems]
