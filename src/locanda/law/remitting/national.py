"""The yearly return to the tax agency (D.M. 29 April 2022; spec imposta-di-soggiorno 12.2, 12.3): figures by quarter, and checks.

The boxes of the form are known from the index of its specification and from commentary only: whether nights beyond the limit, out
of the period or collected by a portal have boxes of their own was not verified, so they stand apart here and are never added in.
The quarter is that of the night; a payment stands in the quarter it refers to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.law.periods import Period
from locanda.law.remitting.ledger import Book, LedgerNight, LedgerPayment, TaxedStructure, Terms, euro
from locanda.law.tourist_tax.values import EXCLUDED, TAXED

__all__ = ["NationalReturn", "QuarterBox", "StructureReturn", "national_return"]


class QuarterBox(NamedTuple):
    """A quarter of a structure. ``full`` and ``reduced`` are the amounts applied a night, each with its number of nights."""

    quarter: int
    full: tuple[tuple[int, int], ...]
    reduced: tuple[tuple[int, int], ...]
    exempt: int
    apart: tuple[tuple[str, int], ...]
    excluded: int
    due: int

    @property
    def full_nights(self) -> int:
        return sum(nights for _, nights in self.full)

    @property
    def reduced_nights(self) -> int:
        return sum(nights for _, nights in self.reduced)

    @property
    def presences(self) -> int:
        """Taxed, reduced and exempt; what has no known box is in ``apart``."""
        return self.full_nights + self.reduced_nights + self.exempt


class StructureReturn(NamedTuple):
    """A structure with its four quarters and the payments made for it."""

    structure: TaxedStructure
    quarters: tuple[QuarterBox, ...]
    payments: tuple[LedgerPayment, ...]

    @property
    def due(self) -> int:
        return sum(quarter.due for quarter in self.quarters)

    @property
    def paid(self) -> int:
        return sum(payment.amount for payment in self.payments)


class NationalReturn(NamedTuple):
    """The return of one comune and year, ready to be typed into the web form."""

    year: int
    structures: tuple[StructureReturn, ...]
    notes: tuple[Problem, ...]
    problems: tuple[Problem, ...]


def national_return(
    book: Book, year: int, terms: Terms, *, payments: Iterable[LedgerPayment] = ()
) -> NationalReturn:
    """Every structure with all four quarters, zeros included, and what does not fit."""
    held = list(payments)
    found = tuple(
        StructureReturn(
            structure,
            tuple(_box(number, book.slept([ident], Period("quarter", year, number))) for number in range(1, 5)),
            tuple(sorted((paid for paid in held if paid.structure == ident and paid.period.last.year == year), key=_order)),
        )
        for ident, structure in book.structures.items()
    )
    return NationalReturn(year, found, tuple(_notes(found)), tuple(_checks(book, found, year, terms)))


def _order(paid: LedgerPayment) -> tuple[object, object]:
    return paid.period.first, paid.day


def _box(number: int, nights: Sequence[LedgerNight]) -> QuarterBox:
    full = Counter(night.amount for night in nights if night.status == TAXED)
    reduced = Counter(night.amount for night in nights if night.status.startswith("reduced:"))
    exempt = sum(night.status.startswith("exempt:") for night in nights)
    known = (TAXED, EXCLUDED)
    apart = Counter(
        night.status for night in nights if night.status not in known and not night.status.startswith(("reduced:", "exempt:"))
    )
    return QuarterBox(
        number, tuple(sorted(full.items())), tuple(sorted(reduced.items())), exempt, tuple(sorted(apart.items())),
        sum(night.status == EXCLUDED for night in nights), sum(night.amount for night in nights),
    )  # fmt: skip


def _notes(found: Sequence[StructureReturn]) -> Iterable[Problem]:
    for entry in found:
        for box in entry.quarters:
            for status, nights in box.apart:
                yield Problem.of("remit.return.apart", _where(entry, box), status=status, nights=nights)
            if len(box.full) > 1 or len(box.reduced) > 1:
                amounts = ", ".join(euro(amount) for amount, _ in (*box.full, *box.reduced))
                yield Problem.of("remit.return.amounts", _where(entry, box), amounts=amounts)


def _checks(book: Book, found: Sequence[StructureReturn], year: int, terms: Terms) -> Iterable[Problem]:
    """The checks that hold whatever the layout (12.3)."""
    residents = dict(terms.residents)
    for entry in found:
        ident = entry.structure.id
        if not entry.structure.cin:
            yield Problem.of("remit.return.cin", f"structures[{ident}]", structure=entry.structure.name or ident)
        for box in entry.quarters:
            reckoned = sum(amount * nights for amount, nights in (*box.full, *box.reduced))
            if reckoned != box.due:
                yield Problem.of("remit.return.sum", _where(entry, box), reckoned=euro(reckoned), due=euro(box.due))
        if entry.paid != entry.due:
            yield Problem.of(
                "remit.return.payments", f"structures[{ident}]", due=euro(entry.due), paid=euro(entry.paid),
                difference=euro(entry.due - entry.paid),
            )  # fmt: skip
        wrong = Counter(
            night.status for night in book.slept([ident], Period("year", year))
            if (night.status == EXCLUDED) != (residents.get(night.version) == "excluded")
            and night.status in (EXCLUDED, "exempt:resident") and night.version in residents
        )  # fmt: skip
        for status, nights in wrong.items():
            yield Problem.of("remit.return.residents", f"structures[{ident}]", status=status, nights=nights)


def _where(entry: StructureReturn, box: QuarterBox) -> str:
    return f"structures[{entry.structure.id}].Q{box.quarter}"
