"""A rule tried on an example stay, so that whoever writes it sees what it does before it is kept."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from locanda.archive.models import Property
from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.stays import Stay
from locanda.core.time import ROME
from locanda.law.tourist_tax import ExplainedNights, Reckoner, TouristTax, explained
from locanda.office.duty_facts import core_property

__all__ = ["NIGHTS", "Example", "tried"]

NIGHTS = 3
_AGES = (40, 38, 8)


class Example(NamedTuple):
    """Two adults and a child of eight for three nights: each with their nights by reason; or what keeps it open."""

    guests: tuple[tuple[int, tuple[ExplainedNights, ...]], ...]
    total: int
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def tried(tax: TouristTax, row: Property, on: date) -> Example:
    """What the rule asks for the example stay from a day on."""
    guests = tuple(Guest(id=f"g{age}", birth_date=date(on.year - age, 1, 1)) for age in _AGES)
    stay = Stay("example", datetime.combine(on, time(16), ROME), on + timedelta(days=NIGHTS), guests=guests)
    found = Reckoner(tax, core_property(row)).reckon([stay])
    told = tuple(
        (age, tuple(explained(guest.nights, tax))) for age, guest in zip(_AGES, found.stays[0].guests, strict=True)
    ) if found.stays else ()  # fmt: skip
    return Example(told, found.total, tuple(found.problems), tuple(found.notes))
