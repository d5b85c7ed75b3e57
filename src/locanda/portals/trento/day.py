"""The ``c59`` element of ``inviaC59Full`` (spec flussi-turistici 9.6): written, read, checked.

Only days with movement are told, on the day after; closures are announced beforehand. Two things are not known: the names of
countries that ``targa`` wants (ours stand there, in capitals), and whether ``totalePresenti`` are those who sleep there (here
they are).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.core.time import ROME, iso_day
from locanda.law.statistics import FOREIGN_ROWS, ITALIAN_ROWS, Movement, day_counts
from locanda.portals.flows import Read, Report, Written
from locanda.portals.markup import Node, escaped, read_xml

__all__ = ["Day", "Line", "check", "encode", "read", "write"]

UNKNOWN = "777"
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
_INSTANT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T00:00:00\+0[12]:00", re.ASCII)
_PLATES = frozenset(row.letters for row in ITALIAN_ROWS)
_COUNTRIES = frozenset(row.it.upper() for row in FOREIGN_ROWS)


class Line(NamedTuple):
    """``movimenti``: plate of a province or country in capitals; None where it is not known."""

    arrived: int
    italian: bool
    departed: int
    plate: str | None


class Day(NamedTuple):
    """``c59``; the totals stand in the order arrivals, departures, present, units on offer, units occupied."""

    day: date
    open: bool
    lines: tuple[Line, ...]
    totals: tuple[int, int, int, int, int]


_TOTALS = ("totaleArrivi", "totalePartenze", "totalePresenti", "unitaAbitativeDisponibili", "unitaAbitativeOccupate")


def write(movement: Movement) -> Written:
    """The element of one day with movement."""
    (counted,) = day_counts(movement)
    day = counted.day
    if not day.open or day.is_zero:
        return Written(None, (Problem.of("trento.day.untold", "days", day=day.day),))
    lines = tuple(
        Line(
            row.arrived, row.row.kind == "I", row.departed,
            None if row.row.code == UNKNOWN else row.row.letters if row.row.kind == "I" else row.row.it.upper(),
        )
        for row in counted.rows if row.arrived or row.departed
    )  # fmt: skip
    totals = (len(day.arrived), len(day.departed), day.present, day.rooms, day.rooms_occupied)
    return Written(encode(Day(day.day, day.open, lines, totals)))


def encode(values: Day) -> bytes:
    """The bytes of the element; the instant is midnight in Rome with the offset of that day."""
    midnight = datetime.combine(values.day, time(), ROME)
    lines = [
        "<c59>",
        f"<dataMovimentazione>{midnight.isoformat()}</dataMovimentazione>",
        f"<esercizioAperto>{int(values.open)}</esercizioAperto>",
    ]
    for line in values.lines:
        plate = "" if line.plate is None else f"<targa>{escaped(line.plate)}</targa>"
        lines.append(
            f"<movimenti><arrivi>{line.arrived}</arrivi><italia>{int(line.italian)}</italia>"
            f"<partenze>{line.departed}</partenze>{plate}</movimenti>"
        )
    lines += [f"<{name}>{total}</{name}>" for name, total in zip(_TOTALS, values.totals, strict=True)]
    return ("\n".join(lines) + "\n</c59>\n").encode()


def read(data: bytes) -> Read:
    """The values of an element."""
    root = read_xml(data)
    if isinstance(root, Problem):
        return Read(None, (root._replace(facts=(*root.facts, ("rule", "9.6"))),))
    moves = [child for child in root.children if child.name == "movimenti"]
    wanted = ["dataMovimentazione", "esercizioAperto", *("movimenti" for _ in moves), *_TOTALS]
    if root.name != "c59" or [child.name for child in root.children] != wanted:
        return Read(None, (Problem.of("trento.shape", "", rule="9.6"),))
    found: list[Problem] = []
    instant = _INSTANT.fullmatch(root.children[0].text)
    day = iso_day(instant[1]) if instant else None
    if day is None or datetime.combine(day, time(), ROME).isoformat() != root.children[0].text:
        found.append(_wrong(root.children[0]))
    is_open = _flag(root.children[1], found)
    lines = tuple(_line(node, found) for node in moves)
    first, second, third, fourth, fifth = (_whole(node, found) for node in root.children[-5:])
    if found or day is None:
        return Read(None, tuple(found))
    return Read(Day(day, is_open, lines, (first, second, third, fourth, fifth)))


def _line(node: Node, found: list[Problem]) -> Line:
    names = [child.name for child in node.children]
    if names not in (["arrivi", "italia", "partenze"], ["arrivi", "italia", "partenze", "targa"]):
        found.append(_wrong(node))
        return Line(0, False, 0, None)  # noqa: FBT003
    arrivals, italian, departures = node.children[:3]
    plate = node.text_of("targa")
    return Line(_whole(arrivals, found), _flag(italian, found), _whole(departures, found), plate)


def _whole(node: Node, found: list[Problem]) -> int:
    if _WHOLE.fullmatch(node.text):
        return int(node.text)
    found.append(_wrong(node))
    return 0


def _flag(node: Node, found: list[Problem]) -> bool:
    if node.text not in ("0", "1"):
        found.append(_wrong(node))
    return node.text == "1"


def _wrong(node: Node) -> Problem:
    return Problem.of("trento.value.wrong", node.name, element=node.name, value=node.text[:40], line=node.line, rule="9.6")


def check(data: bytes) -> Report:
    """Totals against lines, plates that exist, no empty line."""
    values, problems = read(data)
    if values is None:
        return Report(0, 0, 0, problems)
    found: list[Problem] = []
    warnings: list[Problem] = []
    lines: tuple[Line, ...] = values.lines
    arrived, departed, present, rooms, occupied = values.totals
    for name, told, summed in (
        (_TOTALS[0], arrived, sum(line.arrived for line in lines)), (_TOTALS[1], departed, sum(line.departed for line in lines)),
    ):  # fmt: skip
        if told != summed:
            found.append(Problem.of("trento.total.differs", name, element=name, told=told, lines=summed, rule="2.2-4"))
    for place, line in enumerate(lines):
        where = f"movimenti[{place}]"
        if not (line.arrived or line.departed):
            found.append(Problem.of("trento.line.empty", where, rule="9.6"))
        if line.plate is not None and line.italian and line.plate not in _PLATES:
            found.append(Problem.of("trento.plate.unknown", where, value=line.plate, rule="4.2"))
        if line.plate is not None and not line.italian and line.plate not in _COUNTRIES:
            warnings.append(Problem.of("trento.country.unknown", where, value=line.plate, rule="9.6"))
    if len({(line.italian, line.plate) for line in lines}) != len(lines):
        found.append(Problem.of("trento.line.twice", "movimenti", rule="2.2-4"))
    if not values.open:
        found.append(Problem.of("trento.day.untold", "esercizioAperto", day=values.day, rule="9.6"))
    if occupied > rooms:
        warnings.append(Problem.of("trento.rooms.beyond", _TOTALS[4], occupied=occupied, rooms=rooms, rule="2.2-6"))
    if bool(present) != bool(occupied):
        warnings.append(Problem.of("trento.rooms.differ", _TOTALS[4], present=present, occupied=occupied, rule="2.2-5"))
    return Report(1, arrived, departed, tuple(found), tuple(warnings))
