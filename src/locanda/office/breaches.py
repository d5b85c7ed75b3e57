"""Breaches found at a property: repetition is reckoned from them, so that the risk shown is real (L. 689/1981 art. 8-bis)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Breach, Person, Property
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law import sanctions

__all__ = ["History", "change", "history", "listed", "record", "remove"]

_CHANGEABLE = ("enforceable_on", "settled_reduced", "suspended_on", "note")


class History(NamedTuple):
    """What the law asks about the past of a property."""

    breaches: tuple[sanctions.Breach, ...]
    suspensions: tuple[date, ...]


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
    """How it went on: paid, final, suspended."""
    if unknown := set(values) - set(_CHANGEABLE):
        raise TypeError(f"not to be changed: {', '.join(sorted(unknown))}")
    told = {name: getattr(breach, name) for name in _CHANGEABLE} | values
    found = _problems(breach.on, told["enforceable_on"], told["suspended_on"], now)
    if found:
        return found
    with transaction.atomic():
        for name, value in values.items():
            setattr(breach, name, value)
        breach.save(update_fields=list(values))
        _tell(breach, "breach.changed", now, person)
    return []


def remove(breach: Breach, *, now: datetime, person: Person | None) -> None:
    """Recorded by mistake, or annulled."""
    with transaction.atomic():
        _tell(breach, "breach.removed", now, person)
        breach.delete()


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


def _tell(row: Breach, kind: str, now: datetime, person: Person | None) -> None:
    data = {"sanction": row.sanction, "on": row.on.isoformat(), "settled": row.settled_reduced}
    actor = str(person.pk) if person else "engine"
    chain.append(row.account, kind, at=now, actor=actor, subject=f"property:{row.property_id}", data=data)
