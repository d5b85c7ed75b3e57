"""The tax on an invoice, and the stamp duty beside it (spec imposta-di-soggiorno 14).

The specialist sources put the tax on the electronic invoice as an excluded amount, ``Natura`` N1 (D.P.R. 633/1972 art. 15 c. 1 n.
3); whether that still holds since the operator became liable nobody confirmed, so N2.2 stays a choice. Whether the tax counts for
the stamp is disputed: it does not by default, and where the answer would be another one a note says so. No invoice is required
for the tax alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.law.remitting.ledger import euro

__all__ = ["NATURES", "STAMP", "STAMP_THRESHOLD", "InvoiceLine", "StampDuty", "invoice_lines", "stamp_duty"]

NATURES = {
    "N1": ("Escluso art. 15 c.1 n.3 DPR 633/72 - imposta di soggiorno", "press"),
    "N2.2": ("Fuori campo IVA - imposta di soggiorno", "unverified"),
}
"""``RiferimentoNormativo`` of each nature, and the status of the advice. Latin-1 only and at most 100 characters, as the file of
the electronic invoice wants: no long dash."""

STAMP_THRESHOLD = 7747
STAMP = 200


class InvoiceLine(NamedTuple):
    """A line of the invoice. Amounts in cents; ``total`` is quantity times price."""

    description: str
    quantity: int
    price: int
    nature: str
    reference: str
    status: str
    vat_rate: str = "0.00"

    @property
    def total(self) -> int:
        return self.quantity * self.price


def invoice_lines(
    nights: Iterable[int], *, nature: str = "N1", single: bool = False, reference: str = "",
    description: str = "Imposta di soggiorno",
) -> list[InvoiceLine]:  # fmt: skip
    """A line for each amount per night, taxed nights times that amount; with ``single`` one line of quantity 1.

    ``nights`` are the amounts of the guest-nights; those of zero bear no line. ``reference`` replaces the one of the nature.
    """
    text, status = NATURES[nature]
    amounts = Counter(amount for amount in nights if amount)
    rows = [(1, sum(amount * count for amount, count in amounts.items()))] if single else [
        (count, amount) for amount, count in sorted(amounts.items(), reverse=True)
    ]  # fmt: skip
    return [InvoiceLine(description, count, price, nature, reference or text, status) for count, price in rows if price]


class StampDuty(NamedTuple):
    """Whether the paper bears the stamp. ``other`` is the answer of the other reading; with a note where they differ."""

    amount: int
    base: int
    other: int
    status: str
    notes: tuple[Problem, ...]


def stamp_duty(outside_vat: int, tax: int, *, counts_tax: bool = False) -> StampDuty:
    """The stamp of an invoice or receipt (D.P.R. 642/1972, tariff art. 13): due above 77.47 euro of amounts not subject to VAT.

    ``outside_vat`` is everything on the paper outside VAT but the tourist tax, in cents; ``tax`` is the tourist tax on it.
    """
    readings = {counts: outside_vat + (tax if counts else 0) for counts in (False, True)}
    answers = {counts: STAMP if base > STAMP_THRESHOLD else 0 for counts, base in readings.items()}
    notes = []
    if answers[True] != answers[False]:
        code = "remit.stamp.with_tax" if counts_tax else "remit.stamp.without_tax"
        notes.append(Problem.of(code, "stamp", without=euro(readings[False]), whole=euro(readings[True])))
    return StampDuty(answers[counts_tax], readings[counts_tax], answers[not counts_tax], "disputed", tuple(notes))
