"""What ROSS1000 is told (spec flussi-turistici 6.4): it overwrites. Days that differ go again, who is gone is taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from locanda.archive.models import FlowSending, PortalDay, Property
from locanda.office.statistics.home import FlowService
from locanda.office.statistics.plans import Composed, Json, Plan, held_days, moved_days
from locanda.portals.ross1000.corrections import DayMark, corrections, marks
from locanda.portals.ross1000.movements import compose
from locanda.portals.ross1000.records import Eliminazione, Movimenti, encode

__all__ = ["composed", "fingerprints"]

_REMEMBERED = timedelta(days=370)


def composed(
    service: FlowService, properties: Sequence[Property], first: date, last: date, inputs: Mapping[date, str]
) -> Composed:
    """The days that differ from what the portal has, and what they bring with them."""
    property = properties[0]
    known = held_days(service, property, first - _REMEMBERED, date.max)
    before = [_mark_of(row) for row in known.values() if row.held or row.people.get("arrivals")]
    latest = max((day for day, row in known.items() if row.held), default=last)
    for end in dict.fromkeys((last, max(last, latest))):
        moved = moved_days(service, property, first, end)
        if moved.movement is None:
            return Composed((), moved.problems, (), moved.stays)
        file, problems, notes = compose(moved.movement)
        if file is None:
            return Composed((), problems, (), moved.stays)
        made = corrections(before, file)
        if not any(note.code == "ross1000.days.again" for note in made.notes):
            break  # else a day had been forgotten before days that the portal has: all of them go again, in order
    arrived = {mark.day: mark for mark in before}
    plans = tuple(_plan(step, arrived, inputs) for step in made.steps)
    return Composed(plans, (), (*moved.movement.notes, *notes, *made.notes), moved.stays)


def fingerprints(service: FlowService, properties: Sequence[Property], first: date, last: date) -> dict[date, str]:
    """Of each day as it is now; a day that cannot be written is missing."""
    movement = moved_days(service, properties[0], first, last).movement
    file = None if movement is None else compose(movement)[0]
    return {} if file is None else {_day(mark.day): mark.fingerprint for mark in marks(file)}


def _plan(step: Movimenti, before: Mapping[str, DayMark], inputs: Mapping[date, str]) -> Plan:
    found: list[Json] = []
    again = False
    for day, mark in zip(step.movimenti, marks(step), strict=True):
        removed = [
            [fix.idswh, fix.tipoalloggiato, _day(fix.arrivo or "").isoformat()]
            for fix in day.rettifiche or () if isinstance(fix, Eliminazione)
        ]  # fmt: skip
        again = again or bool(removed) or mark.day in before
        found.append({
            "day": _day(mark.day).isoformat(), "fingerprint": mark.fingerprint, "arrivals": [list(one) for one in mark.arrivals],
            "departures": list(mark.departures), "removed": removed, "inputs": inputs.get(_day(mark.day), ""),
        })  # fmt: skip
    kind = FlowSending.Kind.CORRECTION if again else FlowSending.Kind.DAYS
    arrivals = sum(len(mark["arrivals"]) for mark in found)
    return Plan(kind, encode(step), tuple(found), arrivals, sum(len(mark["departures"]) for mark in found))


def _mark_of(row: PortalDay) -> DayMark:
    people = row.people or {}
    arrivals = tuple((str(one[0]), str(one[1])) for one in people.get("arrivals", ()))
    return DayMark(f"{row.day:%Y%m%d}", row.fingerprint, arrivals, tuple(people.get("departures", ())))


def _day(text: str) -> date:
    return date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}")
