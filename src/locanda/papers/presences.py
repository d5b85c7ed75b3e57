"""What a declaration counts: persons and presences (guest-nights) by what the tax made of them (spec imposta 9.2).

Persons are heads, presences are heads times nights; a couple for three nights is two persons and six presences. The parts add up
to the whole, or the row is a problem: a number that does not add up is found by the comune.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple, Protocol, TypeVar

from locanda.core.problems import Problem
from locanda.papers.values import Period

__all__ = ["Exempted", "every_period", "exempt_by_code", "exempt_words", "period_faults", "presence_faults", "zero_notes"]


class Exempted(NamedTuple):
    """Persons and presences exempt under one code."""

    code: str
    persons: int
    presences: int

    def faults(self) -> Iterator[Problem]:
        if self.code not in exempt_words():
            yield Problem.of("paper.exemption.code", "code", value=self.code, allowed=", ".join(exempt_words()))


class _Counted(Protocol):
    @property
    def period(self) -> Period: ...
    @property
    def presences(self) -> int: ...
    @property
    def taxed(self) -> int: ...
    @property
    def reduced(self) -> int: ...
    @property
    def exempt(self) -> tuple[Exempted, ...]: ...
    @property
    def beyond_cap(self) -> int: ...
    @property
    def out_of_period(self) -> int: ...
    @property
    def collected_by_portal(self) -> int: ...


Row = TypeVar("Row", bound=_Counted)


def presence_faults(row: _Counted) -> Iterator[Problem]:
    """The parts of a row and its whole."""
    parts = row.taxed + row.reduced + row.beyond_cap + row.out_of_period + row.collected_by_portal
    parts += sum(entry.presences for entry in row.exempt)
    if parts != row.presences:
        yield Problem.of("paper.presences.sum", "presences", presences=row.presences, parts=parts)
    codes = [entry.code for entry in row.exempt]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield Problem.of("paper.exemption.twice", f"exempt[{index}].code", value=code)


def period_faults(rows: Iterable[_Counted], year: int, where: str) -> Iterator[Problem]:
    """Each period once, all of the year, all quarters or all months."""
    seen: set[str] = set()
    kinds: set[bool] = set()
    for index, row in enumerate(rows):
        place = f"{where}[{index}].period"
        if row.period.year != year:
            yield Problem.of("paper.period.year", place, period=row.period, year=year)
        if row.period in seen:
            yield Problem.of("paper.period.twice", place, period=row.period)
        if kinds and ("Q" in row.period) not in kinds:
            yield Problem("paper.period.mixed", place)
        seen.add(row.period)
        kinds.add("Q" in row.period)


def every_period(rows: Iterable[Row], year: int) -> Iterator[tuple[Period, Row | None]]:
    """All quarters or months of the year in order, each with its row or None for one without presences."""
    known = {row.period: row for row in rows}
    quarterly = not known or any("Q" in period for period in known)
    periods = [f"{year}-Q{number}" for number in range(1, 5)] if quarterly else [f"{year}-{number:02}" for number in range(1, 13)]
    for period in map(Period, periods):
        yield period, known.get(period)


def zero_notes(rows: Iterable[_Counted], year: int, where: str) -> Iterator[Problem]:
    """Periods nobody spoke of are printed as zero, and that is said."""
    empty = [period for period, row in every_period(list(rows), year) if row is None]
    if empty:
        yield Problem.of("paper.period.zero", where, periods=", ".join(empty))


def exempt_by_code(rows: Iterable[_Counted]) -> list[tuple[str, int, int]]:
    """Words of the code, persons, presences over all rows; in the order of the table of codes."""
    persons: dict[str, int] = {}
    presences: dict[str, int] = {}
    for row in rows:
        for entry in row.exempt:
            persons[entry.code] = persons.get(entry.code, 0) + entry.persons
            presences[entry.code] = presences.get(entry.code, 0) + entry.presences
    return [(words["table"], persons[code], presences[code]) for code, words in exempt_words().items() if code in persons]


@cache
def exempt_words() -> Mapping[str, Mapping[str, str]]:
    """Every code with its words."""
    return tomllib.loads((files("locanda.papers") / "exemptions.toml").read_text(encoding="utf-8"))
