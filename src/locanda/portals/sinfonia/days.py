"""The body of ``POST /v1/movimentazione`` (spec flussi-turistici 9.4): written, read, checked.

Posting a day again replaces it. The names of the fields are published; the list of nations was not seen, and is taken to be
that of the C/59.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.law.statistics import FOREIGN_ROWS, ITALIAN_ROWS, Movement, RowCount, day_counts
from locanda.portals.flows import Read, Report, Written

__all__ = ["Day", "Line", "check", "encode", "read", "write"]

_KNOWN = {("codiceProvincia" if row.kind == "I" else "codiceNazione", row.code) for row in (*ITALIAN_ROWS, *FOREIGN_ROWS)}
_DAY = timedelta(days=1)


class Line(NamedTuple):
    """A residence: ``key`` is codiceProvincia or codiceNazione."""

    key: str
    code: str
    previous: int
    arrived: int
    departed: int


class Day(NamedTuple):
    """``giornata``."""

    day: date
    occupied: int
    closed: bool
    lines: tuple[Line, ...]


def write(movement: Movement) -> Written:
    """Every day of the movement, closed ones included."""
    days = tuple(
        Day(
            counted.day.day, counted.day.rooms_occupied, not counted.day.open,
            tuple(_line(row) for row in counted.rows if row.previous or row.arrived or row.departed),
        )
        for counted in day_counts(movement)
    )  # fmt: skip
    return Written(encode(days))


def _line(row: RowCount) -> Line:
    key = "codiceProvincia" if row.row.kind == "I" else "codiceNazione"
    return Line(key, row.row.code, row.previous, row.arrived, row.departed)


def encode(values: tuple[Day, ...]) -> bytes:
    """The bytes of a body."""
    body = {
        "giornate": [
            {
                "dataRilevazione": f"{day.day:%d%m%Y}", "camereOccupate": day.occupied, "strutturaChiusa": day.closed,
                "movimentazioni": [
                    {
                        line.key: line.code, "arrivi": line.arrived, "presentiNottePrecedente": line.previous,
                        "partenze": line.departed,
                    }
                    for line in day.lines
                ],
            }
            for day in values
        ]
    }  # fmt: skip
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def read(data: bytes) -> Read:
    """The days of a body."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return Read(None, (Problem.of("sinfonia.json.broken", "", rule="9.4"),))
    listed = body.get("giornate") if isinstance(body, dict) else None
    if not isinstance(listed, list) or not listed:
        return Read(None, (Problem.of("sinfonia.value.wrong", "giornate", field="giornate", rule="9.4"),))
    found: list[Problem] = []
    days = [_day(entry, f"giornate[{place}]", found) for place, entry in enumerate(listed)]
    if found:
        return Read(None, tuple(found))
    return Read(tuple(day for day in days if day is not None))


def _day(entry: Any, where: str, found: list[Problem]) -> Day | None:
    if not isinstance(entry, dict):
        found.append(Problem.of("sinfonia.value.wrong", where, field="giornata", rule="9.4"))
        return None
    told, closed, listed = entry.get("dataRilevazione"), entry.get("strutturaChiusa"), entry.get("movimentazioni")
    day = _date(told)
    for field, fine in (
        ("dataRilevazione", day is not None), ("strutturaChiusa", isinstance(closed, bool)),
        ("movimentazioni", isinstance(listed, list)),
    ):  # fmt: skip
        if not fine:
            found.append(Problem.of("sinfonia.value.wrong", f"{where}.{field}", field=field, rule="9.4"))
    occupied = _whole(entry, "camereOccupate", where, found)
    lines = []
    for place, line in enumerate(listed if isinstance(listed, list) else ()):
        here = f"{where}.movimentazioni[{place}]"
        keys = [key for key in ("codiceProvincia", "codiceNazione") if isinstance(line, dict) and key in line]
        if len(keys) != 1 or (keys[0], line[keys[0]]) not in _KNOWN:
            found.append(Problem.of("sinfonia.code.unknown", here, rule="9.4"))
            continue
        numbers = [_whole(line, name, here, found) for name in ("presentiNottePrecedente", "arrivi", "partenze")]
        lines.append(Line(keys[0], line[keys[0]], *numbers))
    return None if day is None else Day(day, occupied, closed is True, tuple(lines))


def _date(told: Any) -> date | None:
    try:
        return datetime.strptime(told, "%d%m%Y").date() if isinstance(told, str) and len(told) == 8 else None  # noqa: DTZ007
    except ValueError:
        return None


def _whole(entry: Mapping[str, Any], name: str, where: str, found: list[Problem]) -> int:
    value = entry.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    found.append(Problem.of("sinfonia.value.wrong", f"{where}.{name}", field=name, rule="9.4"))
    return 0


def check(data: bytes) -> Report:
    """Days in order, closed days empty, and each residence going on from the night before."""
    days, problems = read(data)
    if days is None:
        return Report(0, 0, 0, problems)
    found: list[Problem] = []
    warnings: list[Problem] = []
    before: Day | None = None
    for place, day in enumerate(days):
        _judge(day, before, f"giornate[{place}]", found, warnings)
        before = day
    arrived = sum(line.arrived for day in days for line in day.lines)
    departed = sum(line.departed for day in days for line in day.lines)
    return Report(len(days), arrived, departed, tuple(found), tuple(warnings))


def _judge(day: Day, before: Day | None, where: str, found: list[Problem], warnings: list[Problem]) -> None:
    if before is not None and day.day <= before.day:
        found.append(Problem.of("sinfonia.day.order", where, day=day.day, rule="9.4"))
    if len({(line.key, line.code) for line in day.lines}) != len(day.lines):
        found.append(Problem.of("sinfonia.line.twice", where, day=day.day, rule="2.2-4"))
    for line in day.lines:
        if line.previous + line.arrived < line.departed:
            found.append(Problem.of("sinfonia.balance", where, day=day.day, value=line.code, rule="2.2-1"))
    present = sum(line.previous + line.arrived - line.departed for line in day.lines)
    if day.closed and (day.occupied or present or any(line.arrived for line in day.lines)):
        found.append(Problem.of("sinfonia.closed.figures", where, day=day.day, rule="9.4"))
    if bool(present) != bool(day.occupied):
        warnings.append(Problem.of("sinfonia.rooms.differ", where, day=day.day, rule="2.2-5"))
    if before is not None and day.day == before.day + _DAY:
        slept = {
            (line.key, line.code): night for line in before.lines if (night := line.previous + line.arrived - line.departed) > 0
        }
        if slept != {(line.key, line.code): line.previous for line in day.lines if line.previous}:
            found.append(Problem.of("sinfonia.night.differs", where, day=day.day, rule="2.2-1"))
