"""Modello 3: exemption of a minor, declared under DPR 445/2000 (spec imposta 10, 3.4).

The age is the comune's and is handed in. A child who has completed it before the arrival is no exempt one: the form would state
what is false. A birthday during the stay is stated with its day, for from that night the child pays (7.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.ages import birthday
from locanda.papers.parts import Comune, Person, PropertyOnPaper, stay_faults
from locanda.papers.values import Age

__all__ = ["DATA", "Minor", "MinorExemption", "notes", "shown"]


class Minor(NamedTuple):
    """The child."""

    surname: str
    name: str
    birth_date: date
    birth_place: str | None = None


class MinorExemption(NamedTuple):
    """What is declared. ``age`` is the one that must not be completed, by the rule of the comune."""

    comune: Comune
    property: PropertyOnPaper
    declarant: Person
    quality: Literal["parent", "guardian", "accompanying"]
    minors: tuple[Minor, ...]
    age: Age
    arrival: date
    departure: date
    place: str | None = None
    signed_on: date | None = None

    def faults(self) -> Iterator[Problem]:
        yield from stay_faults(self.arrival, self.departure)
        for index, minor in enumerate(self.minors):
            where = f"minors[{index}].birth_date"
            if minor.birth_date > self.arrival:
                yield Problem.of("paper.minor.unborn", where, born=minor.birth_date, arrival=self.arrival)
            elif birthday(minor.birth_date, self.age) <= self.arrival:
                yield Problem.of("paper.minor.too_old", where, born=minor.birth_date, age=self.age, arrival=self.arrival)


DATA = MinorExemption


def _turning(data: MinorExemption) -> Iterator[tuple[int, Minor, date]]:
    for index, minor in enumerate(data.minors):
        day = birthday(minor.birth_date, data.age)
        if data.arrival < day < data.departure:
            yield index, minor, day


def notes(data: MinorExemption, on: date) -> Iterator[Problem]:
    """Who turns the age during the stay pays from that night; a signature after the departure loses the exemption."""
    for index, _, day in _turning(data):
        yield Problem.of("paper.minor.birthday", f"minors[{index}].birth_date", day=day, age=data.age)
    if data.signed_on is not None and data.signed_on > data.departure:
        yield Problem.of("paper.exemption.late", "signed_on", day=data.signed_on, departure=data.departure)


def shown(data: MinorExemption, language: str) -> Mapping[str, Any]:
    """Whose exemption ends during the stay, and when."""
    return {"until": [{"name": f"{minor.name} {minor.surname}", "day": day} for _, minor, day in _turning(data)]}
