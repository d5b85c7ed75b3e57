"""Modello 21, conto della gestione dell'agente contabile (D.P.R. 194/1996; TUEL arts. 93 and 233; spec imposta-di-soggiorno 11).

Twelve rows a structure, zeros included: what was really collected in the month, on which receipts, and what was paid over.
Refused tax never appears among the takings. A payment stands in the row of the last month of the period it refers to, also the
one made in January for the last quarter: comuni differ about that, and the note says what was done.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.law.periods import Period
from locanda.law.remitting.figures import figures
from locanda.law.remitting.ledger import Book, LedgerPayment, LedgerReceipt, Terms, euro

__all__ = ["MONTHS", "Modello21", "Modello21Row", "modello_21_of"]

MONTHS = (
    "GENNAIO", "FEBBRAIO", "MARZO", "APRILE", "MAGGIO", "GIUGNO", "LUGLIO", "AGOSTO", "SETTEMBRE", "OTTOBRE", "NOVEMBRE",
    "DICEMBRE",
)  # fmt: skip


class Modello21Row(NamedTuple):
    """A month. ``receipts`` counts them, ``first`` and ``last`` are how they are printed; all empty in a month without any."""

    number: int
    month: int
    subject: str
    receipts: int
    first: str
    last: str
    collected: int
    payments: tuple[LedgerPayment, ...]

    @property
    def paid(self) -> int:
        return sum(payment.amount for payment in self.payments)

    @property
    def references(self) -> str:
        """The numbers of the treasury's quietanza, of the transfer, or the IUV, as the column wants them."""
        return "; ".join(dict.fromkeys(payment.reference for payment in self.payments if payment.reference))


class Modello21(NamedTuple):
    """The account of one structure for a year. ``refused`` explains tax paid over that nobody ever collected."""

    structure: str
    year: int
    rows: tuple[Modello21Row, ...]
    refused: int
    notes: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @property
    def collected(self) -> int:
        return sum(row.collected for row in self.rows)

    @property
    def paid(self) -> int:
        return sum(row.paid for row in self.rows)

    @property
    def difference(self) -> int:
        """Collected less paid: zero, or explained in the notes of the form."""
        return self.collected - self.paid

    @property
    def entries(self) -> int:
        """``n. registrazioni``: how many rows are filled."""
        return len(self.rows)


def modello_21_of(
    book: Book, structure: str, year: int, terms: Terms, *, payments: Iterable[LedgerPayment] = ()
) -> Modello21:
    """The twelve rows of a structure, with what has to be explained."""
    whole = Period("year", year)
    held = [paid for paid in payments if paid.structure == structure and paid.period.last.year == year]
    rows, problems, notes = [], [], []
    for number in range(1, 13):
        issued = book.issued([structure], Period("month", year, number))
        labels = [receipt.label or str(receipt.number) for receipt in issued]
        rows.append(
            Modello21Row(
                number, number, f"{MONTHS[number - 1]} – IDS", len(issued), labels[0] if labels else "",
                labels[-1] if labels else "", sum(receipt.amount for receipt in issued),
                tuple(sorted((paid for paid in held if paid.period.last.month == number), key=lambda paid: paid.day)),
            )
        )  # fmt: skip
    problems += _numbering(book.issued([structure], whole), structure)
    for paid in sorted(held, key=lambda paid: paid.day):
        if not paid.reference:
            problems.append(
                Problem.of("remit.payment.reference", f"payments[{paid.period.label}]", day=paid.day, amount=euro(paid.amount))
            )
        if paid.day.year != year:
            notes.append(
                Problem.of(
                    "remit.payment.next_year", structure, period=paid.period.label, day=paid.day, amount=euro(paid.amount),
                    year=year,
                )
            )  # fmt: skip
    refused = figures(book, whole, terms, structure=structure).by_receipt.refused
    account = Modello21(structure, year, tuple(rows), refused, (), ())
    if account.difference:
        notes.append(
            Problem.of(
                "remit.account.differs", structure, collected=euro(account.collected), paid=euro(account.paid),
                difference=euro(account.difference), refused=euro(refused),
            )
        )  # fmt: skip
    return account._replace(notes=tuple(notes), problems=tuple(problems))


def _numbering(issued: list[LedgerReceipt], structure: str) -> list[Problem]:
    """The first and last number of a month mean something only when the numbers run on."""
    numbers = sorted(receipt.number for receipt in issued)
    twice = sorted({number for number, other in pairwise(numbers) if number == other})
    gaps = [
        (first + 1, after - 1) for first, after in pairwise(numbers) if after - first > 1
    ]
    found = [Problem.of("remit.receipt.twice", structure, number=number) for number in twice]
    return found + [Problem.of("remit.receipt.gap", structure, first=first, last=last) for first, last in gaps]
