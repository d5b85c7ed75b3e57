"""Modello 4: the guest declares not to pay (spec imposta 10, 3.5). The Italian text, with the guest's language beside it.

From the signature the 48 hours of the comune run: day and hour are asked, or left as lines to fill in at the desk. What is not
known of the guest is a line too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.papers.amount_words import amount_in_words
from locanda.papers.parts import Comune, Operator, Person, PropertyOnPaper, refusal_faults, stay_faults
from locanda.papers.values import Cents

__all__ = ["DATA", "GuestRefusal", "notes", "shown"]


class GuestRefusal(NamedTuple):
    """What the guest declares. ``send_by`` is the term that the law floor reckons from the signature."""

    comune: Comune
    property: PropertyOnPaper
    operator: Operator
    guest: Person
    arrival: date
    departure: date
    persons: int
    person_nights: int
    amount: Cents
    reason: str | None = None
    place: str | None = None
    signed_at: datetime | None = None
    send_by: datetime | None = None

    def faults(self) -> Iterator[Problem]:
        yield from stay_faults(self.arrival, self.departure)
        yield from refusal_faults(self.arrival, self.departure, self.persons, self.person_nights, self.amount)
        if self.signed_at is not None and self.send_by is not None and self.send_by <= self.signed_at:
            yield Problem.of("paper.refusal.term", "send_by", signed=self.signed_at, by=self.send_by)


DATA = GuestRefusal


def notes(data: GuestRefusal, on: date) -> Iterator[Problem]:
    """A signature of another day than the arrival to the departure is looked at once more."""
    if data.signed_at is not None and not data.arrival <= rome_day(data.signed_at) <= data.departure:
        yield Problem.of("paper.refusal.day", "signed_at", day=rome_day(data.signed_at))


def shown(data: GuestRefusal, language: str) -> Mapping[str, Any]:
    """What the template prints beside the data."""
    return {
        "in_words": amount_in_words(data.amount),
        "nights": (data.departure - data.arrival) // timedelta(days=1),
    }
