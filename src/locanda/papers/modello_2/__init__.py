"""Modello 2: the yearly declaration to the comune, by 30 January, also without tax (spec imposta 10, 3.5, 9.2-9.4).

Tax due counts what guests refused: the operator owes it all the same, and both figures are printed. What is due and what was
paid agree, or the difference is explained. Quarters or months without presences are printed as zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.parts import Comune, Operator, PaidOver, PropertyOnPaper, paid_faults
from locanda.papers.presences import (
    Exempted,
    every_period,
    exempt_by_code,
    period_faults,
    presence_faults,
    zero_notes,
)
from locanda.papers.replacing import Replaced
from locanda.papers.values import Cents, Label, Period, Year, money_text

__all__ = ["DATA", "DeclaredPeriod", "PropertyDeclaration", "RefusedTax", "YearlyDeclaration", "notes", "shown"]


class DeclaredPeriod(NamedTuple):
    """A quarter or month of a property."""

    period: Period
    persons: int
    presences: int
    taxed: int
    due: Cents
    reduced: int = 0
    exempt: tuple[Exempted, ...] = ()
    beyond_cap: int = 0
    out_of_period: int = 0
    collected_by_portal: int = 0

    def faults(self) -> Iterator[Problem]:
        yield from presence_faults(self)
        if self.due and not self.taxed + self.reduced:
            yield Problem.of("paper.declaration.due_of_nobody", "due", due=money_text(self.due))


class PropertyDeclaration(NamedTuple):
    """The year of one property."""

    property: PropertyOnPaper
    periods: tuple[DeclaredPeriod, ...] = ()


class RefusedTax(NamedTuple):
    """Tax that a guest refused: with which form, when it was sent. No name."""

    on: date
    form: Literal["modello_4", "modello_5"]
    amount: Cents
    sent_on: date | None = None
    protocol: Label | None = None


class YearlyDeclaration(NamedTuple):
    """What the operator declares for a year."""

    comune: Comune
    year: Year
    operator: Operator
    properties: tuple[PropertyDeclaration, ...]
    refusals: tuple[RefusedTax, ...] = ()
    payments: tuple[PaidOver, ...] = ()
    annexes: tuple[str, ...] = ()
    difference_reason: str | None = None
    other_information: str | None = None
    place: str | None = None
    signed_on: date | None = None
    replaces: Replaced | None = None

    @property
    def due(self) -> Cents:
        return Cents(sum(row.due for entry in self.properties for row in entry.periods))

    @property
    def paid(self) -> Cents:
        return Cents(sum(row.amount for row in self.payments))

    def faults(self) -> Iterator[Problem]:
        for index, entry in enumerate(self.properties):
            yield from period_faults(entry.periods, self.year, f"properties[{index}].periods")
        yield from paid_faults(self.payments, self.year, "payments")
        if self.due != self.paid and not self.difference_reason:
            facts = {"due": money_text(self.due), "paid": money_text(self.paid)}
            yield Problem.of("paper.declaration.unexplained", "difference_reason", **facts)


DATA = YearlyDeclaration


def notes(data: YearlyDeclaration, on: date) -> Iterator[Problem]:
    """Zeros nobody wrote, a signature after the term, refusals that were not sent."""
    for index, entry in enumerate(data.properties):
        yield from zero_notes(entry.periods, data.year, f"properties[{index}].periods")
    term = date(data.year + 1, 1, 30)
    if data.signed_on is not None and data.signed_on > term:
        yield Problem.of("paper.declaration.late", "signed_on", day=data.signed_on, due=term)
    for index, refusal in enumerate(data.refusals):
        if refusal.sent_on is None:
            yield Problem.of("paper.declaration.refusal_unsent", f"refusals[{index}].sent_on", day=refusal.on)


def shown(data: YearlyDeclaration, language: str) -> Mapping[str, Any]:
    """The rows of every property, their sums, and the four figures at the end."""
    everything = [row for entry in data.properties for row in entry.periods]
    refused = sum(refusal.amount for refusal in data.refusals)
    return {
        "tables": [_table(entry, data.year) for entry in data.properties],
        "whole": _line("Totale", everything),
        "several": len(data.properties) > 1,
        "exempt": exempt_by_code(everything),
        "refusals": [
            [row.on, row.form.replace("modello_", ""), row.sent_on or "–", row.protocol or "–", row.amount]
            for row in data.refusals
        ],
        "payments": [[row.period.titled, row.on, row.reference, row.amount] for row in data.payments],
        "due": data.due,
        "paid": data.paid,
        "refused": Cents(refused),
        "difference": Cents(data.due - data.paid),
    }


def _table(entry: PropertyDeclaration, year: int) -> Mapping[str, Any]:
    rows = [_line(period.titled, [] if row is None else [row]) for period, row in every_period(entry.periods, year)]
    return {"property": entry.property, "rows": rows, "total": _line("Totale", entry.periods)}


def _line(title: str, rows: Any) -> list[Any]:
    exempt = [part for row in rows for part in row.exempt]
    return [
        title,
        *(sum(getattr(row, name) for row in rows) for name in ("persons", "presences", "taxed", "reduced")),
        sum(part.persons for part in exempt),
        sum(part.presences for part in exempt),
        *(sum(getattr(row, name) for row in rows) for name in ("beyond_cap", "out_of_period", "collected_by_portal")),
        Cents(sum(row.due for row in rows)),
    ]
