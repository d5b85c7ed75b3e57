"""The sheet from which the national declaration is typed in, in the order of the online form (spec imposta 12.2; DM 29/4/2022).

Front page, each property with its four quarters, payments, remarks. A quarter that is missing, presences or tax that do not add
up are problems; a difference between due and paid, or a property without its CIN, is a note, for the form can be filed with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.parts import Comune, Operator, PaidOver, PropertyOnPaper, paid_faults
from locanda.papers.values import Cents, Year, money_text

__all__ = ["DATA", "NationalDeclaration", "PropertyQuarters", "Quarter", "QuarterRate", "notes", "shown"]

_QUARTERS = (1, 2, 3, 4)


class QuarterRate(NamedTuple):
    """Presences at one amount. A rate that changed within the quarter gives two; a percentage has no ``amount``."""

    kind: Literal["full", "reduced"]
    presences: int
    due: Cents
    amount: Cents | None = None

    def faults(self) -> Iterator[Problem]:
        if self.amount is not None and self.presences * self.amount != self.due:
            expected = money_text(self.presences * self.amount)
            yield Problem.of("paper.national.rate", "due", due=money_text(self.due), expected=expected)


class Quarter(NamedTuple):
    """A quarter of a property."""

    quarter: int
    presences: int
    due: Cents
    rates: tuple[QuarterRate, ...] = ()
    exempt: int = 0
    beyond_cap: int = 0
    collected_by_portal: int = 0

    def faults(self) -> Iterator[Problem]:
        if self.quarter not in _QUARTERS:
            yield Problem.of("paper.national.quarter", "quarter", value=self.quarter)
        parts = sum(rate.presences for rate in self.rates) + self.exempt + self.beyond_cap + self.collected_by_portal
        if parts != self.presences:
            yield Problem.of("paper.presences.sum", "presences", presences=self.presences, parts=parts)
        summed = sum(rate.due for rate in self.rates)
        if summed != self.due:
            yield Problem.of("paper.national.due", "due", due=money_text(self.due), expected=money_text(summed))


class PropertyQuarters(NamedTuple):
    """The four quarters of a property, zeros written."""

    property: PropertyOnPaper
    quarters: tuple[Quarter, ...]

    def faults(self) -> Iterator[Problem]:
        there = [entry.quarter for entry in self.quarters]
        for quarter in _QUARTERS:
            if there.count(quarter) != 1:
                yield Problem.of("paper.national.four", "quarters", quarter=quarter, count=there.count(quarter))


class NationalDeclaration(NamedTuple):
    """The declaration of a year to one comune."""

    comune: Comune
    year: Year
    operator: Operator
    properties: tuple[PropertyQuarters, ...]
    subject: Literal["manager", "intermediary"] = "manager"
    kind: Literal["new", "substitutive"] = "new"
    declarant: Operator | None = None
    payments: tuple[PaidOver, ...] = ()
    residents: Literal["excluded", "counted"] | None = None
    remarks: str | None = None

    @property
    def due(self) -> Cents:
        return Cents(sum(quarter.due for entry in self.properties for quarter in entry.quarters))

    @property
    def paid(self) -> Cents:
        return Cents(sum(row.amount for row in self.payments))

    def faults(self) -> Iterator[Problem]:
        yield from paid_faults(self.payments, self.year, "payments")


DATA = NationalDeclaration


def notes(data: NationalDeclaration, on: date) -> Iterator[Problem]:
    """What the online form will ask and the data do not say, and what does not match."""
    if data.due != data.paid:
        facts = {"due": money_text(data.due), "paid": money_text(data.paid)}
        yield Problem.of("paper.national.difference", "payments", **facts)
    if data.comune.belfiore is None:
        yield Problem("paper.national.belfiore", "comune.belfiore")
    if data.operator.tax_code is None:
        yield Problem("paper.national.tax_code", "operator.tax_code")
    for index, entry in enumerate(data.properties):
        if entry.property.cin is None:
            yield Problem.of("paper.national.cin", f"properties[{index}].property.cin", name=entry.property.name)
    if data.residents is None:
        yield Problem("paper.national.residents", "residents")
    yield Problem("paper.national.boxes")


def shown(data: NationalDeclaration, language: str) -> Mapping[str, Any]:
    """The rows of every property in the order of the quarters, and the figures to check at the end."""
    quarters = [quarter for entry in data.properties for quarter in entry.quarters]
    return {
        "next": data.year + 1,
        "tables": [{"property": entry.property, "rows": list(_rows(entry))} for entry in data.properties],
        "payments": [[row.period.titled, row.on, row.reference, row.amount] for row in data.payments],
        "presences": sum(quarter.presences for quarter in quarters),
        "due": data.due,
        "paid": data.paid,
        "difference": Cents(data.due - data.paid),
    }


def _rows(entry: PropertyQuarters) -> Iterator[list[Any]]:
    """Quarter, treatment, amount, presences, due; the last row of a quarter is its sum (treatment empty)."""
    for quarter in sorted(entry.quarters):
        title = f"{quarter.quarter}°"
        for rate in quarter.rates:
            yield [title, rate.kind, rate.amount, rate.presences, rate.due]
        for kind, count in (("exempt", quarter.exempt), ("beyond", quarter.beyond_cap), ("portal", quarter.collected_by_portal)):
            if count or kind == "exempt":
                yield [title, kind, None, count, None]
        yield [title, None, None, quarter.presences, quarter.due]
