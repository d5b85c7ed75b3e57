"""The input of ``flows counts`` and ``flows write``: property, stays, days, from, to, accepted_until (``interfaces.md``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.readers import day
from locanda.core.shapes import Shapes, parse_days, parse_json
from locanda.core.stays import Property, PropertyDay, Stay
from locanda.law.statistics.movement import Told, loose_problems, movement
from locanda.places import Tables

__all__ = ["Request", "parse_request", "told"]

KEYS = ("days", "from", "to", "accepted_until")


class Request(NamedTuple):
    """What was asked, read into values."""

    home: Property
    stays: tuple[Stay | None, ...]
    days: tuple[PropertyDay, ...]
    first: date
    last: date
    accepted_until: date | None = None
    loose: Mapping[int, tuple[Guest, ...]] = {}
    """Guests of stays whose arrival cannot be read."""


def parse_request(data: bytes) -> tuple[Request | None, tuple[Problem, ...]]:
    """The input object; None when the property or the range is not there. Problems come with either."""
    shapes: Shapes = parse_json(data, also=KEYS)
    found = list(shapes.problems)
    days = parse_days(shapes.rest["days"], "days", found) if shapes.rest.get("days") is not None else ()
    limits: dict[str, date | None] = {}
    for key in ("from", "to", "accepted_until"):
        value = shapes.rest.get(key)
        limits[key] = None if value is None else day(value, key, found)
        if value is None and key != "accepted_until" and not _unread(shapes):
            found.append(Problem.of("flows.range.missing", key, key=key))
    if shapes.property is None and not _unread(shapes) and not any(problem.where == "property" for problem in found):
        found.append(Problem("flows.property.missing", "property"))
    first, last = limits["from"], limits["to"]
    if shapes.property is None or first is None or last is None:
        return None, tuple(found)
    return Request(shapes.property, shapes.stays, days, first, last, limits["accepted_until"], shapes.loose), tuple(found)


def _unread(shapes: Shapes) -> bool:
    """Whether the input is no object at all: then nothing can be said of its keys."""
    return any(not problem.where for problem in shapes.problems if problem.code != "shape.key.twice")


def told(data: bytes, *, needs: Collection[str] = (), uses: Collection[str] = (), tables: Tables | None = None) -> Told:
    """The movement that an input object asks for, or every problem of it."""
    asked, problems = parse_request(data)
    if asked is None:
        return Told(None, problems)
    made = movement(
        asked.home, asked.stays, asked.days, asked.first, asked.last, needs=needs, uses=uses,
        accepted_until=asked.accepted_until, tables=tables,
    )  # fmt: skip
    if not problems:
        return made
    # a value that could not be read is one problem, not also a missing one
    taken = {problem.where for problem in problems}
    loose = loose_problems(asked.loose, needs=needs, uses=uses, tables=tables)
    judged = (problem for problem in (*made.problems, *loose) if problem.where not in taken)
    return Told(None, tuple(dict.fromkeys((*problems, *judged))), made.notes)
