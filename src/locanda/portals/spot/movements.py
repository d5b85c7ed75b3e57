"""SPOT as a format of the house: written from a movement, read from any program, checked (spec flussi-turistici 7)."""

from __future__ import annotations

from datetime import date

from locanda.law.statistics import Movement
from locanda.places import Tables, builtin
from locanda.portals.flows import Report, Written
from locanda.portals.spot.reading import read
from locanda.portals.spot.rules import WARNINGS, judge, unlisted
from locanda.portals.spot.values import File
from locanda.portals.spot.writing import built
from locanda.portals.spot.xml import encode

__all__ = ["check", "encode", "file_name", "read", "write"]


def write(movement: Movement) -> Written:
    """The file for the portal, from the day after the last accepted one."""
    made = built(movement)
    if made.file is None:
        return Written(None, made.problems, made.notes)
    tables = builtin()
    homes = {(guest.residence.comune, guest.where) for guest in movement.guests if guest.residence.comune}
    risky = [
        problem for comune, where in sorted(homes) if comune for problem in unlisted(comune, f"{where}.residence_comune", tables)
    ]
    return Written(encode(made.file), (), (*made.notes, *risky))


def check(data: bytes, *, accepted_until: date | None = None, tables: Tables | None = None) -> Report:
    """SP-01 to SP-11 on one file; with ``accepted_until`` also whether it begins where the portal goes on."""
    file, faults = read(data)
    if file is None:
        return Report(0, 0, 0, faults)
    arrived, departed, judged = judge(file, accepted_until=accepted_until, tables=tables)
    found = [*faults, *judged]
    problems = tuple(problem for problem in found if problem.code not in WARNINGS)
    warnings = tuple(problem for problem in found if problem.code in WARNINGS)
    return Report(len(file.days), arrived, departed, problems, warnings)


def file_name(values: File) -> str:
    """``AAAAMMGG_AAAAMMGG.xml``, first and last day: no rule is published, and this one is known to work."""
    days = [day.day for day in values.days if day.day is not None]
    return f"{min(days):%Y%m%d}_{max(days):%Y%m%d}.xml" if days else "vuoto.xml"
