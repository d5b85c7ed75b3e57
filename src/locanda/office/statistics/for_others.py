"""What all other portals are told: a file or a sheet of all the days, whole (spec flussi-turistici 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from locanda.archive.models import FlowSending, PortalDay, Property
from locanda.core.problems import Problem
from locanda.law.statistics import FlowDay, Movement
from locanda.office.statistics.home import FlowService
from locanda.office.statistics.plans import Composed, Plan, digest, held_days, moved_days

__all__ = ["composed", "fingerprints"]


def composed(
    service: FlowService, properties: Sequence[Property], first: date, last: date, inputs: Mapping[date, str]
) -> Composed:
    """A file or a sheet of all the days; a format of one day gives one file a day, without those that the portal has."""
    property = properties[0]
    moved = moved_days(service, property, first, last)
    if moved.movement is None:
        return Composed((), moved.problems, (), moved.stays)
    held = held_days(service, property, first, last)
    now = {day.day: _figures(day) for day in moved.movement.days}
    wrong = [day for day, print_ in now.items() if day not in held or not held[day].held or held[day].fingerprint != print_]
    if not wrong:
        return Composed((), (), moved.movement.notes, moved.stays)
    stretches = [(day, day) for day in wrong] if service.format.one_day else [(first, last)]
    plans: list[Plan] = []
    found: list[Problem] = []
    notes = list(moved.movement.notes)
    for start, end in stretches:
        part = moved.movement if (start, end) == (first, last) else moved_days(service, property, start, end).movement
        assert part is not None
        written = service.format.write(part)
        found += written.problems
        notes += written.notes
        if written.data is not None:
            plans.append(_plan(part, written.data, held, inputs))
    return Composed(() if found else tuple(plans), tuple(dict.fromkeys(found)), tuple(dict.fromkeys(notes)), moved.stays)


def fingerprints(service: FlowService, properties: Sequence[Property], first: date, last: date) -> dict[date, str]:
    """Of each day as it is now; none where the days cannot be written."""
    movement = moved_days(service, properties[0], first, last).movement
    return {} if movement is None else {day.day: _figures(day) for day in movement.days}


def _plan(part: Movement, data: bytes, held: Mapping[date, PortalDay], inputs: Mapping[date, str]) -> Plan:
    again = any(day.day in held and held[day.day].held for day in part.days)
    made = tuple(
        {"day": day.day.isoformat(), "fingerprint": _figures(day), "inputs": inputs.get(day.day, "")} for day in part.days
    )
    kind = FlowSending.Kind.CORRECTION if again else FlowSending.Kind.DAYS
    return Plan(kind, data, made, sum(len(day.arrived) for day in part.days), sum(len(day.departed) for day in part.days))


def _figures(day: FlowDay) -> str:
    """A fingerprint of everything that is told of a day."""
    plain = day._replace(arrived=(), departed=(), declared=True)
    people = [
        sorted(repr(guest._replace(stay="", guest="", where="", rooms=())) for guest in group)
        for group in (day.arrived, day.departed)
    ]
    return digest(repr((plain, people)).encode())
