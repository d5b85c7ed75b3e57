"""Modello 1: the receipt for the tax, in the guest's name, non-fiscal (spec imposta 10, 14; D.Lgs. 23/2011 art. 4).

An issued receipt is never edited: one that ``corrects`` another names it, keeps its amount in sight and shows the difference
(7.8). Of exempt persons it says how many, never why: where the only other reason is a disability, any reason would tell it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.amount_words import amount_in_words
from locanda.papers.parts import Comune, Operator, Payer, PropertyOnPaper, stay_faults
from locanda.papers.values import Cents, Label, money_text

__all__ = ["DATA", "Corrected", "Line", "Quietanza", "shown"]


class Line(NamedTuple):
    """Overnight stays at one amount. Without ``unit_amount`` the tax was a percentage of the price."""

    taxed_nights: int
    amount: Cents
    unit_amount: Cents | None = None

    def faults(self) -> Iterator[Problem]:
        if self.unit_amount is not None and self.taxed_nights * self.unit_amount != self.amount:
            expected = Cents(self.taxed_nights * self.unit_amount)
            yield Problem.of("paper.receipt.line_sum", "amount", expected=money_text(expected), amount=money_text(self.amount))


class Corrected(NamedTuple):
    """The receipt that this one corrects."""

    number: Label
    on: date
    total: Cents
    reason: str


class Quietanza(NamedTuple):
    """What the receipt says. ``nights`` are those of the stay, counted from the days unless given (an arrival before six)."""

    number: Label
    issued_on: date
    comune: Comune
    property: PropertyOnPaper
    operator: Operator
    payer: Payer
    arrival: date
    departure: date
    persons_taxed: int
    lines: tuple[Line, ...]
    total: Cents
    persons_exempt: int = 0
    exempt_nights: int = 0
    beyond_cap_nights: int = 0
    nights: int | None = None
    regulation: str | None = None
    method: Literal["cash", "card", "transfer", "online", "other"] | None = None
    invoice: str | None = None
    place: str | None = None
    corrects: Corrected | None = None

    def faults(self) -> Iterator[Problem]:
        yield from stay_faults(self.arrival, self.departure)
        counted = (self.departure - self.arrival) // timedelta(days=1)
        if self.nights is not None and counted > 0 and self.nights not in (counted, counted + 1):
            yield Problem.of("paper.stay.nights", "nights", nights=self.nights, counted=counted)
        summed = sum(line.amount for line in self.lines)
        if summed != self.total:
            yield Problem.of("paper.receipt.total", "total", summed=money_text(summed), total=money_text(self.total))
        taxed = sum(line.taxed_nights for line in self.lines)
        if counted > 0 and taxed > self.persons_taxed * (counted + 1):
            yield Problem.of("paper.receipt.nights", "lines", taxed=taxed, persons=self.persons_taxed, nights=counted)
        if self.corrects is not None and self.corrects.number == self.number:
            yield Problem.of("paper.receipt.same_number", "number", number=self.number)


DATA = Quietanza


def shown(data: Quietanza, language: str) -> Mapping[str, Any]:
    """What the template prints beside the data."""
    difference = 0 if data.corrects is None else data.total - data.corrects.total
    return {
        "nights": data.nights if data.nights is not None else (data.departure - data.arrival) // timedelta(days=1),
        "in_words": amount_in_words(data.total),
        "regulation": f" ({data.regulation})" if data.regulation else "",
        "taxed_nights": sum(line.taxed_nights for line in data.lines),
        "difference": Cents(abs(difference)),
        "difference_key": "difference_more" if difference > 0 else "difference_less" if difference < 0 else "difference_none",
    }
