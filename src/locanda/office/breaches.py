"""Breaches found at a property: repetition is reckoned from them, so that the risk shown is real (L. 689/1981 art. 8-bis)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Breach, Event, Person, Property
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law import sanctions

__all__ = ["History", "Told", "change", "history", "listed", "record", "remove", "told"]

_CHANGEABLE = ("sanction", "on", "enforceable_on", "settled_reduced", "suspended_on", "note")


class History(NamedTuple):
    """What the law asks about the past of a property."""

    breaches: tuple[sanctions.Breach, ...]
    suspensions: tuple[date, ...]


class Told(NamedTuple):
    """What history keeps of a change: ``kind`` is ``recorded``, ``changed`` or ``removed``; ``changes`` give before and after."""

    kind: str
    at: datetime
    actor: str
    breach: str
    sanction: str
    on: str
    changes: Mapping[str, Sequence[Any]]


def record(
    property: Property, sanction: str, on: date, *, now: datetime, person: Person | None, enforceable_on: date | None = None,
    settled_reduced: bool = False, suspended_on: date | None = None, note: str = "",
) -> tuple[Breach | None, list[Problem]]:  # fmt: skip
    """A breach that was found. ``enforceable_on``: since when the order can no longer be appealed against."""
    found = _problems(on, enforceable_on, suspended_on, now)
    if found:
        return None, found
    row = Breach(
        account=property.account, property=property, sanction=sanction, on=on, enforceable_on=enforceable_on,
        settled_reduced=settled_reduced, suspended_on=suspended_on, note=note.strip()[:300], recorded_at=now, recorded_by=person,
    )  # fmt: skip
    with transaction.atomic():
        row.save()
        _tell(row, "breach.recorded", now, person)
    return row, []


def change(breach: Breach, *, now: datetime, person: Person | None, **values: Any) -> list[Problem]:
    """How it went on, or what was written wrong. History keeps what it was before; of the note only that it changed."""
    if unknown := set(values) - set(_CHANGEABLE):
        raise TypeError(f"not to be changed: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        row = _locked(breach)
        if row is None:
            return [Problem("breach.gone", "breach")]
        then = {name: getattr(row, name) for name in _CHANGEABLE} | values
        if found := _problems(then["on"], then["enforceable_on"], then["suspended_on"], now):
            return found
        changes = {
            name: [] if name == "note" else [_plain(getattr(row, name)), _plain(value)]
            for name, value in values.items() if getattr(row, name) != value
        }  # fmt: skip
        for name, value in values.items():
            setattr(breach, name, value)
        if changes:
            breach.save(update_fields=sorted(changes))
            _tell(breach, "breach.changed", now, person, changes)
    return []


def remove(breach: Breach, *, now: datetime, person: Person | None) -> bool:
    """Recorded by mistake, or annulled: it counts no more, and history keeps that it stood here. False: it was gone already."""
    with transaction.atomic():
        row = _locked(breach)
        if row is not None:
            _tell(row, "breach.removed", now, person)
            row.delete()
    return row is not None


def _locked(breach: Breach) -> Breach | None:
    found: Breach | None = Breach.objects.of(breach.account_id).select_for_update(no_key=True).filter(pk=breach.pk).first()
    return found


def told(property: Property) -> list[Told]:
    """What was done about the breaches of a property, the newest first."""
    rows = Event.objects.of(property.account_id).filter(subject=f"property:{property.pk}", kind__startswith="breach.")
    return [
        Told(
            row.kind.partition(".")[2], row.at, row.actor, row.data.get("breach", ""), row.data["sanction"], row.data["on"],
            row.data.get("changes", {}),
        )
        for row in rows.order_by("-number")
    ]  # fmt: skip


def listed(property: Property) -> Sequence[Breach]:
    """The breaches of a property, the newest first."""
    return list(Breach.objects.of(property.account_id).filter(property=property))


def history(property: Property, on: date) -> History:
    """As the law reads it on a day."""
    rows = listed(property)
    return History(
        tuple(
            sanctions.Breach(
                row.sanction, row.on, enforceable=row.enforceable_on is not None and row.enforceable_on <= on,
                settled=row.settled_reduced,
            )
            for row in rows
        ),
        tuple(row.suspended_on for row in rows if row.suspended_on is not None and row.suspended_on <= on),
    )  # fmt: skip


def _problems(on: date, enforceable_on: date | None, suspended_on: date | None, now: datetime) -> list[Problem]:
    found = [Problem("breach.on.future", "on")] if on > rome_day(now) else []
    for where, day in (("enforceable_on", enforceable_on), ("suspended_on", suspended_on)):
        if day is not None and day < on:
            found.append(Problem("breach.days.backwards", where))
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _tell(row: Breach, kind: str, now: datetime, person: Person | None, changes: Mapping[str, Any] | None = None) -> None:
    data = {"breach": str(row.pk), "sanction": row.sanction, "on": row.on.isoformat(), "settled": row.settled_reduced}
    actor = chain.actor_of(person)
    where = f"property:{row.property_id}"
    chain.append(row.account, kind, at=now, actor=actor, subject=where, data=data | ({"changes": changes} if changes else {}))
