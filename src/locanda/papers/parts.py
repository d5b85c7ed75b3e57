"""What several forms ask: the comune, the property, who manages it, a person, a stay (spec imposta 10)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.values import Belfiore, Cents, Cin, Period, PropertyType, TaxCode, VatNumber

__all__ = [
    "Comune", "Document", "Operator", "PaidOver", "Payer", "Person", "PropertyOnPaper", "Role",
    "paid_faults", "refusal_faults", "stay_faults",
]  # fmt: skip

Role = Literal["owner", "manager", "legal_representative", "delegate"]


class Comune(NamedTuple):
    """The comune that the paper is for. ``office`` as the paper should address it, where the operator knows it."""

    name: str
    province: str
    belfiore: Belfiore | None = None
    office: str | None = None


class PropertyOnPaper(NamedTuple):
    """The accommodation. Stars, category, codes and address are printed where they are known."""

    name: str
    type: PropertyType
    address: str | None = None
    stars: int | None = None
    superior: bool = False
    category: str | None = None
    regional_code: str | None = None
    cin: Cin | None = None

    def faults(self) -> Iterator[Problem]:
        if self.stars is not None and not 1 <= self.stars <= 5:
            yield Problem.of("paper.stars.unfit", "stars", stars=self.stars)

    def extras(self) -> Mapping[str, str]:
        """``kind``: the legal type in Italian, its stars, its category: ``Albergo, 4 stelle superior``."""
        said = [_types()[self.type]]
        if self.stars is not None:
            stars = "1 stella" if self.stars == 1 else f"{self.stars} stelle"
            said.append(f"{stars} superior" if self.superior else stars)
        if self.category:
            said.append(f"categoria {self.category}")
        return {"kind": ", ".join(said)}


class Operator(NamedTuple):
    """Who manages the property: a person, or a company with its representative."""

    name: str
    tax_code: TaxCode | None = None
    vat: VatNumber | None = None
    address: str | None = None
    representative: str | None = None
    role: Role | None = None
    pec: str | None = None
    phone: str | None = None


class Payer(NamedTuple):
    """The guest who pays."""

    surname: str
    name: str
    tax_code: TaxCode | None = None


class Document(NamedTuple):
    """An identity document, as the declaration names it; no copy is kept."""

    type: str
    number: str
    issued_by: str | None = None


class Person(NamedTuple):
    """Somebody who declares or is declared about. What is not known prints as a line to fill in by hand."""

    surname: str
    name: str
    birth_date: date | None = None
    birth_place: str | None = None
    residence: str | None = None
    country: str | None = None
    document: Document | None = None
    tax_code: TaxCode | None = None


class PaidOver(NamedTuple):
    """A payment to the treasury for a period. ``reference`` is the receipt number, CRO, VCYL or IUV."""

    period: Period
    on: date
    amount: Cents
    reference: str
    note: str | None = None


@cache
def _types() -> Mapping[str, str]:
    return tomllib.loads((files("locanda.papers") / "property_types.toml").read_text(encoding="utf-8"))


def stay_faults(arrival: date, departure: date) -> Iterator[Problem]:
    """A stay has at least one night."""
    if departure <= arrival:
        yield Problem.of("paper.stay.no_night", "departure", arrival=arrival, departure=departure)


def paid_faults(rows: Sequence[PaidOver], year: int, where: str) -> Iterator[Problem]:
    """A declaration is about one year; what was paid for another stands in that one's."""
    for index, row in enumerate(rows):
        if row.period.year != year:
            yield Problem.of("paper.period.year", f"{where}[{index}].period", period=row.period, year=year)


def refusal_faults(arrival: date, departure: date, persons: int, person_nights: int, amount: int) -> Iterator[Problem]:
    """Nothing refused is nothing to declare; overnight stays are persons times nights at most."""
    if persons < 1:
        yield Problem("paper.refusal.nobody", "persons")
    if amount == 0:
        yield Problem("paper.refusal.nothing", "amount")
    nights = (departure - arrival) // timedelta(days=1)
    if nights > 0 and person_nights > persons * (nights + 1):
        yield Problem.of("paper.receipt.nights", "person_nights", taxed=person_nights, persons=persons, nights=nights)
