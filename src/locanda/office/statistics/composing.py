"""What a statistics portal should hold, and what to hand over so that it does (spec flussi-turistici 6.4, 7.3, 7.6, 8).

Each portal corrects in its own way. ROSS1000 overwrites: days that differ go again, people who are gone are taken out. SPOT takes
no day twice: new days go by file, those it has are corrected by hand, step by step. Whatever else there is gets its file or
sheet whole. Of every day a mark says what to remember once the portal has it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from locanda.archive.models import FlowSending, PortalDay, Property
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.law.statistics import FlowDay, Movement
from locanda.office.statistics.days import property_days
from locanda.office.statistics.home import FlowService
from locanda.office.statistics.movements import movement_from, stays_of
from locanda.portals.ross1000.corrections import DayMark, corrections, marks
from locanda.portals.ross1000.movements import compose
from locanda.portals.ross1000.records import Eliminazione, Movimenti, encode
from locanda.portals.spot import steps as spot_steps
from locanda.portals.spot.merge import merged, merged_movements
from locanda.portals.spot.reading import read as read_spot
from locanda.portals.spot.values import Day, File
from locanda.portals.spot.writing import Built, built
from locanda.portals.spot.xml import encode as encode_spot

__all__ = [
    "START_UP", "Composed", "Plan", "composed", "fingerprints", "held_file", "is_ross1000", "spot_day_bytes", "spot_group",
    "spot_mark", "unit_name",
]  # fmt: skip

Json = dict[str, Any]
START_UP = "start-up"
"""In the place of the inputs of a day: SPOT has on it the people who were there before the first day, and nothing else."""
_DAY = timedelta(days=1)
_REMEMBERED = timedelta(days=370)


class Plan(NamedTuple):
    """One thing to hand over: the bytes, and the marks of its days."""

    kind: str
    data: bytes
    marks: tuple[Json, ...]
    arrivals: int = 0
    departures: int = 0

    @property
    def days(self) -> list[date]:
        return [date.fromisoformat(mark["day"]) for mark in self.marks]


class Composed(NamedTuple):
    """What to hand over in its order, or every problem. ``stays`` tells which stay a problem is about."""

    plans: tuple[Plan, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    stays: Mapping[str, UUID] = {}


class _Moved(NamedTuple):
    movement: Movement | None
    problems: tuple[Problem, ...]
    stays: Mapping[str, UUID]


def is_ross1000(service: FlowService) -> bool:
    """Whether days are written for ROSS1000, sent or uploaded: it overwrites what it has."""
    return service.format.key == "ross1000"


def composed(
    service: FlowService, properties: Sequence[Property], first: date, last: date, inputs: Mapping[UUID, Mapping[date, str]]
) -> Composed:
    """What to hand over for these days. ``properties`` are those that one file is about, with the digests of their days."""
    if is_ross1000(service):
        return _ross1000(service, properties[0], first, last, inputs[properties[0].pk])
    if service.format.key == "spot":
        return _spot(service, properties, first, last, inputs[properties[0].pk])
    return _whole(service, properties[0], first, last, inputs[properties[0].pk])


def _moved(service: FlowService, property: Property, first: date, last: date, until: date | None = None) -> _Moved:
    """The movement with the facts that the format wants."""
    stays = stays_of(property, first, last)
    movement, problems = movement_from(
        property, stays, first, last, days=property_days(property, first, last), needs=service.format.needs,
        uses=service.format.uses, accepted_until=until,
    )  # fmt: skip
    where = {f"stays[{place}]": row.pk for place, (row, _, _) in enumerate(stays)}
    return _Moved(None if problems else movement, tuple(problems), where)


def _held(service: FlowService, property: Property, first: date, last: date) -> dict[date, PortalDay]:
    rows = PortalDay.objects.of(property.account_id).filter(property=property, portal=service.portal, day__range=(first, last))
    return {row.day: row for row in rows.order_by("day")}


def fingerprints(service: FlowService, properties: Sequence[Property], first: date, last: date) -> dict[date, str]:
    """Of each day as it is now; a day that cannot be written is missing."""
    if service.format.key == "spot":
        made, _, _ = _spot_truth(service, properties, first, last, None, start_up=False)
        return {} if made.file is None else {day.day: _sha(spot_day_bytes(day)) for day in made.file.days if day.day}
    movement = _moved(service, properties[0], first, last).movement
    if movement is None:
        return {}
    if not is_ross1000(service):
        return {day.day: _figures(day) for day in movement.days}
    file, _, _ = compose(movement)
    return {} if file is None else {_day(mark.day): mark.fingerprint for mark in marks(file)}


# ROSS1000 ---------------------------------------------------------------------------------------------------------------------


def _ross1000(service: FlowService, property: Property, first: date, last: date, inputs: Mapping[date, str]) -> Composed:
    known = _held(service, property, first - _REMEMBERED, date.max)
    before = [_mark_of(row) for row in known.values() if row.held or row.people.get("arrivals")]
    latest = max((day for day, row in known.items() if row.held), default=last)
    for end in dict.fromkeys((last, max(last, latest))):
        moved = _moved(service, property, first, end)
        if moved.movement is None:
            return Composed((), moved.problems, (), moved.stays)
        file, problems, notes = compose(moved.movement)
        if file is None:
            return Composed((), problems, (), moved.stays)
        made = corrections(before, file)
        if not any(note.code == "ross1000.days.again" for note in made.notes):
            break  # else a day had been forgotten before days that the portal has: all of them go again, in order
    arrived = {mark.day: mark for mark in before}
    plans = tuple(_ross1000_plan(step, arrived, inputs) for step in made.steps)
    return Composed(plans, (), (*moved.movement.notes, *notes, *made.notes), moved.stays)


def _ross1000_plan(step: Movimenti, before: Mapping[str, DayMark], inputs: Mapping[date, str]) -> Plan:
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


# SPOT -------------------------------------------------------------------------------------------------------------------------


def unit_name(property: Property) -> str:
    """The short name of a property inside a file of several; the same for ever, because guests bear it."""
    return hashlib.sha256(str(property.pk).encode()).hexdigest()[:5].upper()


def spot_group(property: Property) -> list[Property]:
    """The properties of the account that are one structure for SPOT: those with the same code, in a lasting order."""
    code = str((property.portal_ids or {}).get("spot", "")).strip()
    if not code:
        return [property]
    rows = Property.objects.of(property.account_id).select_related("account", "flow_credential").order_by("created_at", "pk")
    return [row for row in rows if str((row.portal_ids or {}).get("spot", "")).strip() == code]


def _spot(
    service: FlowService, properties: Sequence[Property], first: date, last: date, inputs: Mapping[date, str]
) -> Composed:  # fmt: skip
    held = {day: row for day, row in _held(service, properties[0], date.min, date.max).items() if row.held}
    until = max(held, default=None)
    plans: list[Plan] = []
    notes: list[Problem] = []
    stays: dict[str, UUID] = {}
    found: list[Problem] = []
    if until is not None and first <= until:
        wanted = [row for day, row in held.items() if first <= day <= min(last, until)]
        if wanted:
            start_up = next((row for day, row in held.items() if row.people.get("inputs") == START_UP), None)
            begins = max(first, wanted[0].day + (_DAY if wanted[0] is start_up else timedelta(0)))
            if start_up is not None and begins == start_up.day + _DAY and start_up not in wanted:
                wanted = [start_up, *wanted]  # who was there before the first day is corrected where SPOT has them arrive
            accepted = held_file(wanted)
            made, where, problems = _spot_truth(
                service, properties, begins, wanted[-1].day, None, start_up=start_up is not None and wanted[0] is start_up
            )
            stays |= where
            found += problems or made.problems
            if made.file is not None:
                notes += made.notes
                plan = _spot_steps(accepted, made.file, inputs)
                plans += [plan] if plan is not None else []
    if until is None or last > until:
        begins = first if until is None else until + _DAY
        made, where, problems = _spot_truth(service, properties, begins, last, until)
        stays |= where
        found += [one for one in problems or made.problems if one not in found]
        if made.file is not None:
            notes += made.notes
            plans.append(_spot_file(made.file, begins, inputs))
    return Composed(() if found else tuple(plans), tuple(found), tuple(dict.fromkeys(notes)), stays)


def _spot_truth(
    service: FlowService, properties: Sequence[Property], first: date, last: date, until: date | None, *,
    start_up: bool | None = None,
) -> tuple[Built, dict[str, UUID], tuple[Problem, ...]]:  # fmt: skip
    """What SPOT should hold of these days, several units joined under the names that they keep."""
    shared = bool(str((properties[0].portal_ids or {}).get("spot", "")).strip())
    moved = {unit_name(row) if shared else "": _moved(service, row, first, last, until) for row in properties}
    stays = {f"{unit}.{where}".strip("."): pk for unit, one in moved.items() for where, pk in one.stays.items()}
    problems = tuple(problem.within(unit) if unit else problem for unit, one in moved.items() for problem in one.problems)
    if problems:
        return Built(None), stays, problems
    units = {unit: one.movement for unit, one in moved.items() if one.movement is not None}
    if not shared:
        return built(units[""], start_up=start_up), stays, ()
    if start_up is None:
        return merged_movements(units), stays, ()
    each = {unit: built(movement, start_up=start_up) for unit, movement in units.items()}
    faults = tuple(problem.within(unit) for unit, one in each.items() for problem in one.problems)
    if faults:
        return Built(None, faults), stays, ()
    return merged({unit: one.file for unit, one in each.items() if one.file is not None}), stays, ()


def spot_day_bytes(day: Day) -> bytes:
    """A day as it is kept: a file of its own."""
    return encode_spot(File((day._replace(line=0),), "Locanda"))


def held_file(rows: Collection[PortalDay]) -> File:
    """The days that SPOT holds, as they were accepted and corrected since."""
    days: list[Day] = []
    for row in rows:
        kept = read_spot(Vault(row.account).open_bytes(row.sealed_held, "flow day"))[0] if row.sealed_held else None
        days += [day._replace(line=0) for day in kept.days] if kept is not None else []
    return File(tuple(days), "Locanda")


def spot_mark(day: Day, inputs: str) -> Json:
    """What to remember of a day once SPOT has it."""
    assert day.day is not None
    people = [[one.person.code, one.kind or ""] for one in day.arrivals or ()]
    people += [[member.code, ""] for one in day.arrivals or () for member in one.members]
    return {
        "day": day.day.isoformat(), "fingerprint": _sha(spot_day_bytes(day)), "arrivals": people,
        "departures": [one.code for one in day.departures or ()], "inputs": inputs,
    }  # fmt: skip


def _spot_file(file: File, begins: date, inputs: Mapping[date, str]) -> Plan:
    found = tuple(
        spot_mark(day, START_UP if day.day < begins else inputs.get(day.day, "")) for day in file.days if day.day is not None
    )
    arrivals = sum(len(mark["arrivals"]) for mark in found)
    return Plan(FlowSending.Kind.DAYS, encode_spot(file), found, arrivals, sum(len(mark["departures"]) for mark in found))


def _spot_steps(accepted: File, truth: File, inputs: Mapping[date, str]) -> Plan | None:
    """What to do by hand, with both files: the steps are always read from the same two."""
    todo = spot_steps.corrections(accepted, truth)
    if not todo:
        return None
    touched = {step.day for step in todo}
    wanted = tuple(spot_mark(day, inputs.get(day.day, START_UP)) for day in truth.days if day.day in touched and day.day)
    both = {"accepted": encode_spot(accepted).decode(), "truth": encode_spot(truth).decode()}
    return Plan(FlowSending.Kind.STEPS, json.dumps(both, ensure_ascii=False).encode(), wanted)


# all others -------------------------------------------------------------------------------------------------------------------


def _whole(service: FlowService, property: Property, first: date, last: date, inputs: Mapping[date, str]) -> Composed:
    """A file or a sheet of all the days; a format of one day gives one file a day, without those that the portal has."""
    moved = _moved(service, property, first, last)
    if moved.movement is None:
        return Composed((), moved.problems, (), moved.stays)
    held = _held(service, property, first, last)
    now = {day.day: _figures(day) for day in moved.movement.days}
    wrong = [day for day, print_ in now.items() if day not in held or not held[day].held or held[day].fingerprint != print_]
    if not wrong:
        return Composed((), (), moved.movement.notes, moved.stays)
    stretches = [(day, day) for day in wrong] if service.format.one_day else [(first, last)]
    plans: list[Plan] = []
    found: list[Problem] = []
    notes = list(moved.movement.notes)
    for start, end in stretches:
        part = moved.movement if (start, end) == (first, last) else _moved(service, property, start, end).movement
        assert part is not None
        written = service.format.write(part)
        found += written.problems
        notes += written.notes
        if written.data is not None:
            plans.append(_whole_plan(part, written.data, held, inputs))
    return Composed(() if found else tuple(plans), tuple(dict.fromkeys(found)), tuple(dict.fromkeys(notes)), moved.stays)


def _whole_plan(part: Movement, data: bytes, held: Mapping[date, PortalDay], inputs: Mapping[date, str]) -> Plan:
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
    return _sha(repr((plain, people)).encode())


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
