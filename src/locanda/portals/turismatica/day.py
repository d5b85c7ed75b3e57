"""The day of Umbria in fixed columns (spec flussi-turistici 9.2): written, read, checked.

Line by line: name of the house (255), nothing, the five counters of the C/59 from column 28, rooms occupied from column 17,
the day from column 31, nothing, the head of the table, then a line of 54 for each residence that moves. CR LF after every
line. A closed day has no form in this layout.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.law.statistics import FOREIGN_ROWS, ITALIAN_ROWS, Movement, ResidenceRow, day_counts
from locanda.portals.flows import Read, Report, Written

__all__ = ["Day", "Line", "check", "code_of", "encode", "file_name", "name_of", "read", "write"]

NAME, VALUE, CODE, DESCRIPTION, NUMBER = 255, 27, 5, 35, 5
COUNTERS = ("Presenti notte precedente", "Arrivati", "Totale", "Partiti", "Presenti nella notte")
ROOMS, MOVED = "CAMERE OCCUPATE=", "ARRIVATI E PARTITI DEL GIORNO "
SHARED = frozenset({"CH"})
"""Chieti and Switzerland: the list gives both the same code, and only the name tells them apart."""
HEAD = "PROVENIENZA".ljust(41) + "|ARR. |PAR. |"
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
_LINE = re.compile(r"(.{5})\|(.{35})\|( *[0-9]+)\|( *[0-9]+)\|")


class Line(NamedTuple):
    """A residence: province letters, or a code of Umbria's own."""

    code: str
    name: str
    arrived: int
    departed: int


class Day(NamedTuple):
    """The whole file."""

    name: str
    day: date
    counters: tuple[int, int, int, int, int]
    occupied: int
    lines: tuple[Line, ...]


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    """``foreign``: from the code of the C/59 to Umbria's; ``names``: shorter words where ours do not fit."""
    data: Mapping[str, Mapping[str, str]] = tomllib.loads(
        (files("locanda.portals.turismatica") / "codes.toml").read_text(encoding="utf-8")
    )
    return data


def code_of(row: ResidenceRow) -> str:
    """Province letters in Italy, Umbria's own code abroad."""
    return row.letters if row.kind == "I" else _codes()["foreign"][row.code]


def name_of(row: ResidenceRow) -> str:
    """The name of a row, which fits its 35 columns."""
    return row.it if row.kind == "I" else _codes()["names"].get(row.code, row.it)


def write(movement: Movement) -> Written:
    """The file of one day."""
    (counted,) = day_counts(movement)
    day, name = counted.day, " ".join((movement.home.name or movement.home.id).split())
    found = []
    if not day.open:
        found.append(Problem.of("turismatica.day.closed", "days", day=day.day))
    if len(name) > NAME or not _fits(name):
        found.append(Problem.of("turismatica.name.unfit", "property.name", value=name, limit=NAME))
    if found:
        return Written(None, tuple(found))
    lines = tuple(
        Line(code_of(row.row), name_of(row.row), row.arrived, row.departed) for row in counted.rows if row.arrived or row.departed
    )
    arrived, departed = len(day.arrived), len(day.departed)
    counters = (day.previous, arrived, day.previous + arrived, departed, day.present)
    notes = [Problem("turismatica.unseen", "")]
    notes += [Problem.of("turismatica.code.shared", "", value=line.code, name=line.name) for line in lines if line.code in SHARED]
    return Written(encode(Day(name, day.day, counters, day.rooms_occupied, lines)), (), tuple(notes))


def _fits(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return text.isprintable()


def encode(values: Day) -> bytes:
    """The bytes of a day."""
    rows = [
        values.name.ljust(NAME),
        "",
        *(word.ljust(VALUE) + str(value) for word, value in zip(COUNTERS, values.counters, strict=True)),
        f"{ROOMS}{values.occupied}",
        f"{MOVED}{values.day:%d-%m-%Y}",
        "",
        HEAD,
        *(
            f"{line.code.ljust(CODE)}|{line.name.ljust(DESCRIPTION)}|{line.arrived:>{NUMBER}}|{line.departed:>{NUMBER}}|"
            for line in values.lines
        ),
    ]
    return "".join(f"{row}\r\n" for row in rows).encode("latin-1")


def read(data: bytes) -> Read:
    """The values of a file, or the first lines that are not as the layout wants."""
    lines = data.decode("latin-1").split("\r\n")
    if len(lines) < 12 or lines[-1]:
        return Read(None, (Problem.of("turismatica.line.wrong", "", line=len(lines), rule="9.2"),))
    lines.pop()
    wrong: list[int] = []
    fixed = {1: len(lines[0]) == NAME, 2: not lines[1], 10: not lines[9], 11: lines[10] == HEAD}
    wrong += [number for number, fine in fixed.items() if not fine]
    counters = [_value(line, word.ljust(VALUE)) for word, line in zip(COUNTERS, lines[2:7], strict=True)]
    wrong += [number for number, value in enumerate(counters, 3) if value is None]
    occupied, day = _value(lines[7], ROOMS), _day(lines[8])
    wrong += [number for number, value in ((8, occupied), (9, day)) if value is None]
    made = []
    for number, line in enumerate(lines[11:], 12):
        found = _LINE.fullmatch(line)
        if found is None or len(line) != 54:
            wrong.append(number)
        else:
            made.append(Line(found[1].rstrip(" "), found[2].rstrip(" "), int(found[3]), int(found[4])))
    if wrong or occupied is None or day is None:
        return Read(None, tuple(Problem.of("turismatica.line.wrong", f"righe[{line}]", line=line, rule="9.2") for line in wrong))
    first, arrived, total, departed, present = (value or 0 for value in counters)
    return Read(Day(lines[0].rstrip(" "), day, (first, arrived, total, departed, present), occupied, tuple(made)))


def _value(line: str, head: str) -> int | None:
    rest = line.removeprefix(head)
    return int(rest) if line.startswith(head) and _WHOLE.fullmatch(rest) else None


def _day(line: str) -> date | None:
    rest = line.removeprefix(MOVED)
    try:
        day = datetime.strptime(rest, "%d-%m-%Y").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return None
    return day if f"{MOVED}{day:%d-%m-%Y}" == line else None


def check(data: bytes) -> Report:
    """The counts of a day, its lines and their codes."""
    values, problems = read(data)
    if values is None:
        return Report(0, 0, 0, problems)
    found: list[Problem] = []
    warnings: list[Problem] = []
    previous, arrived, total, departed, present = values.counters
    if total != previous + arrived or present != total - departed:
        found.append(Problem.of("turismatica.balance", "", day=values.day, rule="2.2-1"))
    lines: tuple[Line, ...] = values.lines
    for word, told, summed in (
        (COUNTERS[1], arrived, sum(line.arrived for line in lines)),
        (COUNTERS[3], departed, sum(line.departed for line in lines)),
    ):  # fmt: skip
        if told != summed:
            found.append(Problem.of("turismatica.lines.differ", "", counter=word, told=told, lines=summed, rule="2.2-4"))
    known = {code_of(row) for row in (*ITALIAN_ROWS, *FOREIGN_ROWS)}
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(lines, 12):
        if line.code not in known:
            found.append(Problem.of("turismatica.code.unknown", f"righe[{number}]", value=line.code, rule="9.2"))
        if (line.code, line.name if line.code in SHARED else "") in seen:
            found.append(Problem.of("turismatica.code.twice", f"righe[{number}]", value=line.code, rule="2.2-4"))
        if not (line.arrived or line.departed):
            found.append(Problem.of("turismatica.line.empty", f"righe[{number}]", value=line.code, rule="5"))
        seen.add((line.code, line.name if line.code in SHARED else ""))
    if bool(present) != bool(values.occupied):
        warnings.append(Problem.of("turismatica.rooms.differ", "", present=present, occupied=values.occupied, rule="2.2-5"))
    return Report(1, arrived, departed, tuple(found), tuple(warnings))


def file_name(values: Day) -> str:
    """``ggmmaaaa.txt``."""
    return f"{values.day:%d%m%Y}.txt"
