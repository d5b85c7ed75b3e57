"""Paying over the tourist tax: what is owed for a period, what is declared, and whether the sources agree (spec 8.2, 9, 11, 12).

    book = Book(nights, receipts, refusals, structures=structures)
    figures(book, parse_period("2026-Q1"), Terms.of(tax)).to_pay
"""

from __future__ import annotations

from locanda.law.remitting.agreement import Agreement, Difference, SourceNights, agreement, tax_nights
from locanda.law.remitting.closed import Changed, Settled, changed_since, settle
from locanda.law.remitting.f24 import F24Row, f24_rows
from locanda.law.remitting.figures import (
    Counts,
    Figures,
    Money,
    Shift,
    figures,
    figures_by_period,
    figures_by_structure,
    shifts,
    together,
)  # fmt: skip
from locanda.law.remitting.invoice import InvoiceLine, StampDuty, invoice_lines, stamp_duty
from locanda.law.remitting.ledger import (
    Book,
    Entry,
    LedgerNight,
    LedgerPayment,
    LedgerReceipt,
    LedgerRefusal,
    TaxedStructure,
    Terms,
    ledger_nights,
)  # fmt: skip
from locanda.law.remitting.modello_21 import Modello21, Modello21Row, modello_21_of
from locanda.law.remitting.national import NationalReturn, QuarterBox, StructureReturn, national_return
from locanda.law.remitting.overdue import Overdue, overdue

__all__ = [
    "Agreement", "Book", "Changed", "Counts", "Difference", "Entry", "F24Row", "Figures", "InvoiceLine", "LedgerNight",
    "LedgerPayment", "LedgerReceipt", "LedgerRefusal", "Modello21", "Modello21Row", "Money", "NationalReturn", "Overdue",
    "QuarterBox", "Settled", "Shift", "SourceNights", "StampDuty", "StructureReturn", "TaxedStructure", "Terms", "agreement",
    "changed_since", "f24_rows", "figures", "figures_by_period", "figures_by_structure", "invoice_lines", "ledger_nights",
    "modello_21_of", "national_return", "overdue", "settle", "shifts", "stamp_duty", "tax_nights", "together",
]  # fmt: skip
