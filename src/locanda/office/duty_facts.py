"""What the law is told about a property: the row as the core knows it, its stays, what happened, and how subjects are named.

A subject is the key by which a duty is marked as done: ``period:2026-06``, ``stay:<id>``, ``event:<id>``, ``segment:<id>``,
``property:<id>`` for what concerns the property itself and ``standing`` for what lasts; parts are joined by a comma.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from locanda.archive.models import Account, Guest, PoliceCredential, Property, Stay
from locanda.archive.models import DutyEvent as Happened
from locanda.archive.parts import in_parts
from locanda.core import people, stays
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.law.events import DutyEvent, read_event
from locanda.law.occurrences import Subject

__all__ = ["Events", "core_property", "credentials_of", "events_of", "law_event", "stays_of", "subject_key"]

ONE_BY_ONE = 60
"""Up to so many properties are asked for by name; beyond that the whole account is read."""
SOME = 400
"""The same for stays, of which there are many more."""

_EXTRA = frozenset({"url", "name"})
"""Facts of an event that are for people, not for the law: where a listing stands."""


class Events(NamedTuple):
    """What happened at a property, as the law reads it, and the id of each."""

    read: tuple[DutyEvent | None, ...] = ()
    ids: tuple[UUID, ...] = ()


def core_property(row: Property) -> stays.Property:
    """The property as the law knows it."""
    return stays.Property(
        id=str(row.pk),
        name=row.name,
        type=row.type,
        business=row.business,
        comune=row.comune,
        stars=row.stars,
        zone=row.zone or None,
        category=row.category or None,
        cadastral_category=row.cadastral_category or None,
        suns=row.suns,
        rooms=row.rooms,
        beds=row.beds,
        credentials=credentials_of(row),
        declared_rooms=row.declared_rooms,
        let_as=row.let_as or None,
        superior=row.superior,
        since=row.since,
        floors_m2=floors(row),
        listed_refuge=row.listed_refuge,
        lets_over_30_days=row.lets_over_30_days,
        portal_ids=tuple(sorted((row.portal_ids or {}).items())),
    )


def credentials_of(row: Property) -> str:
    """Whether the police gave it keys to their portal, and whether they open."""
    return row.credential.status if row.credential_id else PoliceCredential.Status.NONE.value


def floors(row: Property) -> tuple[Decimal, ...]:
    """The areas of the floors; what is no positive number is left out."""
    found = []
    for text in row.floors_m2 or ():
        try:
            area = Decimal(str(text).replace(",", "."))
        except InvalidOperation:
            continue
        if area.is_finite() and area > 0:
            found.append(area)
    return tuple(found)


def events_of(account: Account | UUID, properties: Collection[Property]) -> dict[UUID, Events]:
    """What happened, by property. A property that was closed stopped on that day, unless another day was told."""
    rows = Happened.objects.of(account).filter(withdrawn_at=None)
    if len(properties) <= ONE_BY_ONE:
        rows = rows.filter(property__in=[row.pk for row in properties])
    grouped: dict[UUID, list[tuple[UUID, DutyEvent | None]]] = {}
    for ident, where, kind, data in rows.values_list("pk", "property_id", "kind", "data"):
        grouped.setdefault(where, []).append((ident, law_event(kind, data, [])))
    found = {key: Events(tuple(read for _, read in told), tuple(ident for ident, _ in told)) for key, told in grouped.items()}
    for row in properties:
        if row.closed_at is not None:
            told = found.get(row.pk, Events())
            if not any(event and event.kind == "activity_end" for event in told.read):
                ended = DutyEvent("activity_end", rome_day(row.closed_at))
                found[row.pk] = Events((*told.read, ended), (*told.ids, row.pk))
    return found


def law_event(kind: str, data: Mapping[str, Any], problems: list[Problem]) -> DutyEvent | None:
    """An event as the law reads it, without what only people read."""
    kept = {key: value for key, value in data.items() if key not in _EXTRA}
    return read_event({"kind": kind, **kept}, "event", problems)


def stays_of(
    account: Account | UUID, properties: Collection[Property], first: date, last: date, *, guests: Collection[UUID] = ()
) -> dict[UUID, tuple[stays.Stay, ...]]:
    """The stays of a stretch of days, by property. ``guests``: where birth day and citizenship of the guests matter."""
    start, end = datetime.combine(first, time.min, ROME), datetime.combine(last, time.max, ROME)
    rows = Stay.objects.of(account).filter(
        Q(departure_day__gte=first) | Q(departure_day=None), status=Stay.Status.CHECKED_IN, arrival__lte=end,
        arrival__gte=start - timedelta(days=400),
    )  # fmt: skip
    if len(properties) <= SOME:
        rows = rows.filter(property__in=[row.pk for row in properties])
    found: dict[UUID, list[stays.Stay]] = {}
    values = list(rows.values_list("pk", "property_id", "arrival", "departure", "departure_day", "nights"))
    inside = _guests(account, [ident for ident, where, *_ in values if where in guests]) if guests else {}
    for ident, where, arrival, departure, day, nights in values:
        stay = stays.Stay(
            str(ident), arrival.astimezone(ROME), departure.astimezone(ROME) if departure else day, nights,
            tuple(inside.get(ident, ())) if inside else (),
        )  # fmt: skip
        found.setdefault(where, []).append(stay)
    return {where: tuple(listed) for where, listed in found.items()}


def _guests(account: Account | UUID, idents: Sequence[UUID]) -> dict[UUID, list[people.Guest]]:
    found: dict[UUID, list[people.Guest]] = {}
    for part in in_parts(idents):
        rows = Guest.objects.of(account).filter(party__stay__in=part).order_by("party", "position")
        for stay, label, born, citizenship in rows.values_list("party__stay_id", "label", "birth_date", "citizenship"):
            found.setdefault(stay, []).append(people.Guest(id=label, birth_date=born, citizenship=citizenship or None))
    return found


def subject_key(subject: Subject, events: Sequence[UUID] = ()) -> str:
    """A subject of the law as a key that lasts: events by their id, not by their place in a list."""
    parts: Iterable[str] = (
        f"event:{events[value]}" if kind == "event" and isinstance(value, int) else f"{kind}:{value}" for kind, value in subject
    )
    return ",".join(parts)[:160]
