"""Modello 21: the conto della gestione, rendered by 30 January (spec imposta 11; DPR 194/1996; TUEL arts. 93, 233).

Always twelve rows for each property, zeros included, month by month. What was refused was not collected and never appears.
A payment stands in the last month of its period, in the year that it refers to: the fourth quarter paid in January is in
December's row, with its day and a remark. Collected and paid agree, or the difference is explained. The comune's "visto" stays
empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.amount_words import amount_in_words
from locanda.papers.parts import Comune, Operator, PaidOver, PropertyOnPaper, paid_faults
from locanda.papers.replacing import Replaced
from locanda.papers.values import MONTHS, Cents, Label, Year, money_text

__all__ = ["DATA", "AgentAccount", "MonthCollected", "PropertyAccount", "notes", "shown"]

class MonthCollected(NamedTuple):
    """What was collected in a month, with the first and last receipt, or ``receipts`` in words where the comune wants others."""

    month: int
    amount: Cents
    first_receipt: Label | None = None
    last_receipt: Label | None = None
    receipts: str | None = None
    note: str | None = None

    def faults(self) -> Iterator[Problem]:
        if not 1 <= self.month <= 12:
            yield Problem.of("paper.month.unfit", "month", month=self.month)
        if self.amount and not (self.receipts or (self.first_receipt and self.last_receipt)):
            yield Problem.of("paper.account.no_receipts", "first_receipt", month=self.month)
        first, last = self.first_receipt or "", self.last_receipt or ""
        if first.isdecimal() and last.isdecimal() and int(first) > int(last):
            yield Problem.of("paper.account.receipts_order", "last_receipt", first=first, last=last)


class PropertyAccount(NamedTuple):
    """The year of one property: months in which something was collected, and payments. A payment for several is split here."""

    property: PropertyOnPaper
    collected: tuple[MonthCollected, ...] = ()
    paid: tuple[PaidOver, ...] = ()

    def faults(self) -> Iterator[Problem]:
        seen: set[int] = set()
        for index, row in enumerate(self.collected):
            if row.month in seen:
                yield Problem.of("paper.month.twice", f"collected[{index}].month", month=row.month)
            seen.add(row.month)


class AgentAccount(NamedTuple):
    """The account of an agent for a year. Without a day of signature the paper leaves the line free."""

    comune: Comune
    year: Year
    operator: Operator
    properties: tuple[PropertyAccount, ...]
    difference_reason: str | None = None
    place: str | None = None
    signed_on: date | None = None
    replaces: Replaced | None = None

    @property
    def collected(self) -> Cents:
        return Cents(sum(row.amount for entry in self.properties for row in entry.collected))

    @property
    def paid(self) -> Cents:
        return Cents(sum(row.amount for entry in self.properties for row in entry.paid))

    def faults(self) -> Iterator[Problem]:
        for number, entry in enumerate(self.properties):
            yield from paid_faults(entry.paid, self.year, f"properties[{number}].paid")
        if self.collected != self.paid and not self.difference_reason:
            yield Problem.of(
                "paper.account.unexplained", "difference_reason",
                collected=money_text(self.collected), paid=money_text(self.paid),
            )  # fmt: skip


DATA = AgentAccount


def due(year: int) -> date:
    """30 January of the next year; it never moves (spec imposta 8.1)."""
    return date(year + 1, 1, 30)


def notes(data: AgentAccount, on: date) -> Iterator[Problem]:
    """What can be signed but should be looked at."""
    signed = data.signed_on
    if signed is not None and signed > due(data.year):
        yield Problem.of("paper.account.late", "signed_on", day=signed, due=due(data.year))
    if signed is not None and signed <= date(data.year, 12, 31):
        yield Problem.of("paper.account.early", "signed_on", day=signed, year=data.year)
    for number, entry in enumerate(data.properties):
        for index, row in enumerate(entry.paid):
            where = f"properties[{number}].paid[{index}].on"
            if row.on.year != data.year:
                yield Problem.of("paper.account.paid_later", where, day=row.on, period=row.period)
            if signed is not None and row.on > signed:
                yield Problem.of("paper.account.paid_after_signature", where, day=row.on, signed=signed)


def shown(data: AgentAccount, language: str) -> Mapping[str, Any]:
    """The rows, twelve for each property and month by month, and the totals."""
    rows = [_row(data, entry, month) for month in range(1, 13) for entry in data.properties]
    return {
        "rows": [[index, *row] for index, row in enumerate(rows, 1)],
        "count": len(rows),
        "collected": data.collected,
        "paid": data.paid,
        "collected_words": amount_in_words(data.collected),
        "paid_words": amount_in_words(data.paid),
        "difference": Cents(data.collected - data.paid),
        "differs": data.collected != data.paid,
        "due": due(data.year),
    }


def _row(data: AgentAccount, entry: PropertyAccount, month: int) -> list[Any]:
    collected = [row for row in entry.collected if row.month == month]
    paid = [row for row in entry.paid if row.period.last_month == month]
    several = len(data.properties) > 1
    return [
        f"{MONTHS[month - 1].upper()} – IDS" + (f"\n{entry.property.name}" if several else ""),
        "\n".join(_receipts(row) for row in collected) or "–",
        Cents(sum(row.amount for row in collected)),
        "\n".join(f"{row.reference} del {row.on:%d/%m/%Y}" for row in paid) or "–",
        Cents(sum(row.amount for row in paid)) if paid else "–",
        "\n".join([row.note for row in collected if row.note] + [note for row in paid for note in _remarks(row, data.year)]),
    ]


def _receipts(row: MonthCollected) -> str:
    if row.receipts:
        return row.receipts
    return f"da {row.first_receipt} a {row.last_receipt}" if row.first_receipt else "–"


def _remarks(row: PaidOver, year: int) -> Iterator[str]:
    if row.on.year != year:
        yield f"Versamento di competenza {row.period.named}, eseguito il {row.on:%d/%m/%Y}."
    if row.note:
        yield row.note
