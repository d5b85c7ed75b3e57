"""Modello 5: the operator declares that the guest refused both to pay and to sign (spec imposta 10, 3.5; DPR 445/2000).

The guest as known from the check-in. Day and hour of the refusal start the clock of the comune; how and when the form was sent
is part of it, or stays free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.amount_words import amount_in_words
from locanda.papers.parts import Comune, Operator, Person, PropertyOnPaper, Role, refusal_faults, stay_faults
from locanda.papers.values import Cents, Label

__all__ = ["DATA", "OperatorDeclaration", "Sent", "shown"]


class Sent(NamedTuple):
    """How the form reached the comune."""

    way: Literal["pec", "fax", "desk", "registered_post"]
    at: datetime | None = None
    reference: Label | None = None


class OperatorDeclaration(NamedTuple):
    """What the operator declares. ``declarant`` is the person who signs; ``send_by`` comes from the law floor."""

    comune: Comune
    property: PropertyOnPaper
    operator: Operator
    declarant: Person
    role: Role
    guest: Person
    arrival: date
    departure: date
    persons: int
    person_nights: int
    amount: Cents
    refused_at: datetime | None = None
    circumstances: str | None = None
    send_by: datetime | None = None
    sent: Sent | None = None
    place: str | None = None
    signed_on: date | None = None

    def faults(self) -> Iterator[Problem]:
        yield from stay_faults(self.arrival, self.departure)
        yield from refusal_faults(self.arrival, self.departure, self.persons, self.person_nights, self.amount)
        if self.refused_at is not None and self.send_by is not None and self.send_by <= self.refused_at:
            yield Problem.of("paper.refusal.term", "send_by", signed=self.refused_at, by=self.send_by)
        if self.sent is not None and self.sent.at is not None and self.refused_at is not None and self.sent.at < self.refused_at:
            yield Problem.of("paper.refusal.sent_before", "sent.at", signed=self.refused_at, sent=self.sent.at)


DATA = OperatorDeclaration


def shown(data: OperatorDeclaration, language: str) -> Mapping[str, Any]:
    """What the template prints beside the data."""
    return {"in_words": amount_in_words(data.amount), "nights": (data.departure - data.arrival) // timedelta(days=1)}
