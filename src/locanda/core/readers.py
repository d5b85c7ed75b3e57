"""Reading single values of JSON: text, days, instants, numbers, money, choices. Nothing here raises on any JSON.

A reader takes the value, the path where it stands and the list of problems found so far; it gives the value, or None after
adding a problem. ``null`` never reaches a reader: an absent fact is judged by the rule that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from locanda.core.problems import Problem
from locanda.core.time import ROME, iso_day

__all__ = [
    "Reader", "choice", "day", "day_or_instant", "flag", "instant", "label", "listing", "money", "record", "shown",
    "text", "whole",
]  # fmt: skip

Reader = Callable[[Any, str, list[Problem]], Any]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_YEARS = range(1000, 3000)  # beyond lies a slip of the pen, and the end of what dates can count
_MONEY = re.compile(r"(0|[1-9][0-9]{0,9})\.[0-9]{2}", re.ASCII)


def shown(value: object) -> str:
    """A value as a problem may quote it: short, on one line."""
    plain = " ".join(str(value).split())
    return plain if len(plain) <= 60 else plain[:57] + "..."


def text(value: Any, where: str, found: list[Problem]) -> str | None:
    """Text as it was written; text of blanks only counts as absent."""
    if isinstance(value, str):
        return value if value.strip() else None
    found.append(Problem.of("shape.text.expected", where, value=shown_number(value)))
    return None


def label(value: Any, where: str, found: list[Problem]) -> str | None:
    """Text, or a whole number that stands for it (``category``, ``zone``)."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value, where, found)


def flag(value: Any, where: str, found: list[Problem]) -> bool | None:
    if isinstance(value, bool):
        return value
    found.append(Problem.of("shape.flag.expected", where, value=shown_number(value)))
    return None


def whole(low: int = 0, high: int = 1_000_000) -> Reader:
    """A whole number within bounds; ``4.0`` and ``true`` are not one."""

    def read(value: Any, where: str, found: list[Problem]) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        found.append(Problem.of("shape.number.expected", where, value=shown_number(value), low=low, high=high))
        return None

    return read


def shown_number(value: object) -> str:
    """Python refuses to write out integers of thousands of digits."""
    if isinstance(value, int) and value.bit_length() > 200:
        return "…"
    return shown(value)


def day(value: Any, where: str, found: list[Problem]) -> date | None:
    """A plain day, ``2026-07-10``."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        read = iso_day(value)
        if int(value[:4]) not in _YEARS:
            found.append(_outside(value, where))
        elif read is not None:
            return read
        else:
            found.append(Problem.of("shape.day.impossible", where, value=value))
        return None
    found.append(Problem.of("shape.day.expected", where, value=shown_number(value)))
    return None


def _outside(value: str, where: str) -> Problem:
    return Problem.of("shape.year.outside", where, value=value, low=_YEARS[0], high=_YEARS[-1])


def instant(value: Any, where: str, found: list[Problem]) -> datetime | None:
    """An instant with its offset, ``2026-07-10T16:00+02:00``; the offset is wanted because a clock changes twice a year."""
    if isinstance(value, str) and len(value) <= 40 and "T" in value:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is None:
            found.append(Problem.of("shape.instant.no_offset", where, value=value))
            return None
        if moment is not None and moment.year not in _YEARS:
            found.append(_outside(value, where))
            return None
        if moment is not None:
            return moment.astimezone(ROME)
    found.append(Problem.of("shape.instant.expected", where, value=shown_number(value)))
    return None


def day_or_instant(value: Any, where: str, found: list[Problem]) -> date | datetime | None:
    """A plain day says that the hour is unknown."""
    if isinstance(value, str) and "T" in value:
        return instant(value, where, found)
    return day(value, where, found)


def money(value: Any, where: str, found: list[Problem]) -> int | None:
    """An amount ``"95.00"`` as cents."""
    if isinstance(value, str) and _MONEY.fullmatch(value):
        return int(value.replace(".", ""))
    found.append(Problem.of("shape.money.expected", where, value=shown_number(value)))
    return None


def choice(allowed: Collection[str]) -> Reader:
    """One word of a closed list."""

    def read(value: Any, where: str, found: list[Problem]) -> str | None:
        if isinstance(value, str) and value in allowed:
            return value
        found.append(
            Problem.of("shape.choice.unknown", where, value=shown_number(value), allowed=", ".join(allowed))
        )
        return None

    return read


def listing(item: Reader) -> Reader:
    """A list, each entry read by the same reader; entries that cannot be read are left out (and are problems)."""

    def read(value: Any, where: str, found: list[Problem]) -> tuple[Any, ...]:
        if not isinstance(value, list):
            found.append(Problem.of("shape.list.expected", where, value=shown_number(value)))
            return ()
        entries = []
        for index, entry in enumerate(value):
            if entry is None:
                found.append(Problem("shape.list.null", f"{where}[{index}]"))
            elif (outcome := item(entry, f"{where}[{index}]", found)) is not None:
                entries.append(outcome)
        return tuple(entries)

    return read


def record(value: Any, where: str, known: Mapping[str, Reader], found: list[Problem]) -> dict[str, Any]:
    """The keys of an object that have a value, each read by its reader. Unknown keys are problems, not ignored."""
    if not isinstance(value, dict):
        found.append(Problem.of("shape.object.expected", where, value=shown_number(value)))
        return {}
    read: dict[str, Any] = {}
    prefix = f"{where}." if where else ""
    for key, entry in value.items():
        reader = known.get(key)
        if reader is None:
            near = get_close_matches(key[:40], known, 1)
            found.append(
                Problem.of(
                    "shape.key.near" if near else "shape.key.unknown",
                    prefix + shown(key), key=shown(key), near=near[0] if near else "",
                )
            )  # fmt: skip
        elif entry is not None:
            outcome = reader(entry, prefix + key, found)
            if outcome is not None:
                read[key] = outcome
    return read
