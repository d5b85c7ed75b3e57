"""What SPOT is told: it takes no day twice (spec flussi-turistici 7.3, 7.6).

New days go by file, without a gap; those it has are corrected by hand, step by step. Properties with the same code are one
structure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from locanda.archive.models import FlowSending, PortalDay, Property
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.office.statistics.home import FlowService
from locanda.office.statistics.plans import Composed, Json, Plan, digest, held_days, moved_days
from locanda.portals.spot import steps as spot_steps
from locanda.portals.spot.merge import merged, merged_movements
from locanda.portals.spot.reading import read
from locanda.portals.spot.values import Day, File
from locanda.portals.spot.writing import Built, built
from locanda.portals.spot.xml import encode

__all__ = ["START_UP", "composed", "day_bytes", "day_mark", "fingerprints", "group", "held_file", "unit_name"]

START_UP = "start-up"
"""In the place of the inputs of a day: SPOT has on it the people who were there before the first day, and nothing else."""
_DAY = timedelta(days=1)


def unit_name(property: Property) -> str:
    """The short name of a property inside a file of several; the same for ever, because guests bear it."""
    return hashlib.sha256(str(property.pk).encode()).hexdigest()[:5].upper()


def group(property: Property) -> list[Property]:
    """The properties of the account that are one structure for SPOT: those with the same code, in a lasting order."""
    code = str((property.portal_ids or {}).get("spot", "")).strip()
    if not code:
        return [property]
    rows = Property.objects.of(property.account_id).select_related("account", "flow_credential").order_by("created_at", "pk")
    return [row for row in rows if str((row.portal_ids or {}).get("spot", "")).strip() == code]


def composed(
    service: FlowService, properties: Sequence[Property], first: date, last: date, inputs: Mapping[date, str]
) -> Composed:
    """New days by file, wrong ones by steps."""
    held = {day: row for day, row in held_days(service, properties[0], date.min, date.max).items() if row.held}
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
            made, where, problems = _truth(
                service, properties, begins, wanted[-1].day, None, start_up=start_up is not None and wanted[0] is start_up
            )
            stays |= where
            found += problems or made.problems
            if made.file is not None:
                notes += made.notes
                plan = _steps(accepted, made.file, inputs)
                plans += [plan] if plan is not None else []
    if until is None or last > until:
        begins = first if until is None else until + _DAY
        made, where, problems = _truth(service, properties, begins, last, until)
        stays |= where
        found += [one for one in problems or made.problems if one not in found]
        if made.file is not None:
            notes += made.notes
            plans.append(_file(made.file, begins, inputs))
    return Composed(() if found else tuple(plans), tuple(found), tuple(dict.fromkeys(notes)), stays)


def fingerprints(service: FlowService, properties: Sequence[Property], first: date, last: date) -> dict[date, str]:
    """Of each day as it is now; a day that cannot be written is missing."""
    made, _, _ = _truth(service, properties, first, last, None, start_up=False)
    return {} if made.file is None else {day.day: digest(day_bytes(day)) for day in made.file.days if day.day}


def _truth(
    service: FlowService, properties: Sequence[Property], first: date, last: date, until: date | None, *,
    start_up: bool | None = None,
) -> tuple[Built, dict[str, UUID], tuple[Problem, ...]]:  # fmt: skip
    """What SPOT should hold of these days, several units joined under the names that they keep."""
    shared = bool(str((properties[0].portal_ids or {}).get("spot", "")).strip())
    moved = {unit_name(row) if shared else "": moved_days(service, row, first, last, until) for row in properties}
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


def day_bytes(day: Day) -> bytes:
    """A day as it is kept: a file of its own."""
    return encode(File((day._replace(line=0),), "Locanda"))


def held_file(rows: Collection[PortalDay]) -> File:
    """The days that SPOT holds, as they were accepted and corrected since."""
    days: list[Day] = []
    for row in rows:
        kept = read(Vault(row.account).open_bytes(row.sealed_held, "flow day"))[0] if row.sealed_held else None
        days += [day._replace(line=0) for day in kept.days] if kept is not None else []
    return File(tuple(days), "Locanda")


def day_mark(day: Day, inputs: str) -> Json:
    """What to remember of a day once SPOT has it."""
    assert day.day is not None
    people = [[one.person.code, one.kind or ""] for one in day.arrivals or ()]
    people += [[member.code, ""] for one in day.arrivals or () for member in one.members]
    return {
        "day": day.day.isoformat(), "fingerprint": digest(day_bytes(day)), "arrivals": people,
        "departures": [one.code for one in day.departures or ()], "inputs": inputs,
    }  # fmt: skip


def _file(file: File, begins: date, inputs: Mapping[date, str]) -> Plan:
    found = tuple(
        day_mark(day, START_UP if day.day < begins else inputs.get(day.day, "")) for day in file.days if day.day is not None
    )
    arrivals = sum(len(mark["arrivals"]) for mark in found)
    return Plan(FlowSending.Kind.DAYS, encode(file), found, arrivals, sum(len(mark["departures"]) for mark in found))


def _steps(accepted: File, truth: File, inputs: Mapping[date, str]) -> Plan | None:
    """What to do by hand, with both files: the steps are always read from the same two."""
    todo = spot_steps.corrections(accepted, truth)
    if not todo:
        return None
    touched = {step.day for step in todo}
    wanted = tuple(day_mark(day, inputs.get(day.day, START_UP)) for day in truth.days if day.day in touched and day.day)
    both = {"accepted": encode(accepted).decode(), "truth": encode(truth).decode()}
    return Plan(FlowSending.Kind.STEPS, json.dumps(both, ensure_ascii=False).encode(), wanted)
