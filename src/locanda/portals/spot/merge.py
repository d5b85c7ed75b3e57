"""Several units under one id of SPOT: one file a period, because the portal takes no day twice (spec flussi-turistici 7.6).

Every code gets its unit in front, ``A1-K7Q2M1``: a unit's name must stay the same for ever, or a guest who came in June could not
leave in July. Figures are summed; a day moves if any unit moves, is open if any is open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from locanda.core.problems import Problem
from locanda.law.statistics import Movement
from locanda.portals.spot.shape import CODE_MAX
from locanda.portals.spot.values import Arrival, Day, Figures, File, Leaving, Person, Quality
from locanda.portals.spot.writing import VENDOR, Built, built

__all__ = ["merged", "merged_movements"]

_UNIT = re.compile(r"[A-Za-z0-9]{1,20}", re.ASCII)


def merged_movements(units: Mapping[str, Movement]) -> Built:
    """One file from the movements of several units; where one needs the start-up day, all get it."""
    made = {unit: built(moved) for unit, moved in units.items()}
    if any(_has_start_up(made[unit], moved) for unit, moved in units.items()):
        made = {unit: built(moved, start_up=True) for unit, moved in units.items()}
    problems = tuple(problem.within(unit) for unit, one in made.items() for problem in one.problems)
    notes = tuple(problem.within(unit) for unit, one in made.items() for problem in one.notes)
    if problems:
        return Built(None, problems, notes)
    together = merged({unit: one.file for unit, one in made.items() if one.file is not None})
    return together._replace(notes=notes)


def _has_start_up(made: Built, moved: Movement) -> bool:
    return made.file is not None and moved.accepted_until is None and made.file.days[0].day != moved.first


def merged(units: Mapping[str, File]) -> Built:
    """One file from those of several units, or what keeps them apart."""
    found = [Problem.of("spot.merge.unit", unit, unit=unit) for unit in units if not _UNIT.fullmatch(unit)]
    if not units:
        found.append(Problem("spot.merge.nothing", ""))
    calendars = {unit: [day.day for day in file.days] for unit, file in units.items()}
    first = next(iter(calendars.values()), [])
    for unit, days in calendars.items():
        if days != first or None in days or len(set(days)) != len(days):
            found.append(Problem.of("spot.merge.days", unit, unit=unit, other=next(iter(calendars))))
    for unit, file in units.items():
        room = CODE_MAX - len(unit) - 1
        found += [Problem.of("spot.merge.code", unit, guest=code) for code in sorted(_codes(file)) if len(code) > room]
    if found:
        return Built(None, tuple(found))
    joined = tuple(_day([(unit, file.days[place]) for unit, file in units.items()]) for place in range(len(first)))
    return Built(File(joined, VENDOR))


def _codes(file: File) -> set[str]:
    people = {
        person.code for day in file.days for arrival in day.arrivals or () for person in (arrival.person, *arrival.members)
    }
    return people | {leaving.code for day in file.days for leaving in day.departures or ()}


def _day(parts: Sequence[tuple[str, Day]]) -> Day:
    arrivals = tuple(_arrival(unit, arrival) for unit, day in parts for arrival in day.arrivals or ())
    departures = tuple(
        Leaving(_code(unit, leaving.code), leaving.alone) for unit, day in parts for leaving in day.departures or ()
    )
    quality = tuple(_quality(unit, told) for unit, day in parts for told in day.quality or ())
    kinds = {day.kind for _, day in parts}
    figures = [day.figures for _, day in parts if day.figures is not None]
    return Day(
        parts[0][1].day,
        next((kind for kind in ("MP", "NM", "EC") if kind in kinds), None),
        arrivals or None,
        departures or None,
        Figures(*(sum(values) for values in zip(*(_numbers(one) for one in figures), strict=True))) if figures else None,
        quality or None,
    )


def _numbers(figures: Figures) -> tuple[int, int, int]:
    return figures.rooms or 0, figures.beds or 0, figures.occupied or 0


def _code(unit: str, code: str) -> str:
    return f"{unit}-{code}"


def _person(unit: str, person: Person) -> Person:
    return person._replace(code=_code(unit, person.code))


def _arrival(unit: str, arrival: Arrival) -> Arrival:
    members = tuple(_person(unit, member) for member in arrival.members)
    return arrival._replace(person=_person(unit, arrival.person), members=members)


def _quality(unit: str, told: Quality) -> Quality:
    return told._replace(code=_code(unit, told.code))
