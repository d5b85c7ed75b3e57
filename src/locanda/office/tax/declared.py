"""What a paper of the year says of each property and in sum, from the ledger alone (spec imposta 9.2, 10, 11, 12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from locanda.archive.models import Account, Property, TaxRefusal
from locanda.core.time import rome_day
from locanda.law.periods import Period, periods
from locanda.law.remitting import Book, Counts, Figures, LedgerPayment, QuarterBox, figures, modello_21_of, national_return
from locanda.law.remitting.ledger import euro
from locanda.law.tourist_tax.values import BEYOND_CAP, COLLECTED
from locanda.office.tax.payers import Payer

__all__ = ["of_property", "once", "paid_on_paper", "refusals_on_paper", "residents"]


def of_property(form: str, payer: Payer, row: Property, year: int, book: Book, paid: Sequence[LedgerPayment]) -> dict[str, Any]:
    structure, whole = str(row.pk), Period("year", year)
    if form == "modello_21":
        account = modello_21_of(book, structure, year, payer.terms, payments=paid)
        return {
            "collected": [
                {"month": line.month, "amount": euro(line.collected), "first_receipt": line.first, "last_receipt": line.last}
                for line in account.rows if line.receipts
            ],
            "paid": [paid_on_paper(one) for one in paid if one.structure == structure],
        }  # fmt: skip
    if form == "national_declaration":
        (told_of,) = (one for one in national_return(book, year, payer.terms).structures if one.structure.id == structure)
        return {"quarters": [_quarter(box) for box in told_of.quarters]}
    kind = "month" if form == "presence_summary" or payer.kind(whole.last) == "month" else "quarter"
    told = [figures(book, period, payer.terms, structure=structure) for period in periods(kind, whole.first, whole.last)]
    if form == "presence_summary":
        return {"months": [{**_counts(one), "arrivals": one.arrivals} for one in told]}
    return {
        "periods": [{**_counts(one), "persons": one.persons.total, "due": euro(one.money.to_pay_with_refused)} for one in told]
    }  # fmt: skip


def _quarter(box: QuarterBox) -> dict[str, Any]:
    """A quarter of the sheet; what has no known box on the form stands apart in the ledger, and is told by its name."""
    apart = dict(box.apart)
    rates = [
        {"kind": kind, "presences": nights, "amount": euro(amount), "due": euro(amount * nights)}
        for kind, rows in (("full", box.full), ("reduced", box.reduced)) for amount, nights in rows
    ]  # fmt: skip
    beyond, portal = apart.get(BEYOND_CAP, 0), apart.get(COLLECTED, 0)
    return {
        "quarter": box.quarter, "presences": box.presences + beyond + portal, "due": euro(box.due), "rates": rates,
        "exempt": box.exempt, "beyond_cap": beyond, "collected_by_portal": portal,
    }  # fmt: skip


def residents(payer: Payer, year: int) -> dict[str, Any]:
    """Whether the comune wants its residents declared; left out where its versions of the year do not agree."""
    if payer.rule is None:
        return {}
    words = {
        one.residents for one in payer.rule.tax.versions if one.first <= date(year, 12, 31) and one.last >= date(year, 1, 1)
    }  # fmt: skip
    word = words.pop() if len(words) == 1 else ""
    return {"residents": "excluded" if word == "excluded" else "counted"} if word else {}


def _counts(told: Figures) -> dict[str, Any]:
    presences: Counts = told.presences
    persons = dict(told.persons.exempt)
    return {
        "period": told.period.label, "presences": presences.total, "taxed": presences.taxed, "reduced": presences.all_reduced,
        "beyond_cap": presences.beyond_cap, "out_of_period": presences.out_of_period, "collected_by_portal": presences.portal,
        "exempt": [
            {"code": code, "persons": persons.get(code, 0), "presences": count} for code, count in presences.exempt
        ],
    }  # fmt: skip


def paid_on_paper(row: LedgerPayment) -> dict[str, Any]:
    return {
        "period": row.period.label, "on": row.day.isoformat(), "amount": euro(row.amount), "reference": row.reference or "-",
    }  # fmt: skip


def once(paid: Sequence[LedgerPayment]) -> list[LedgerPayment]:
    """One payment for several properties is told once, with its whole amount."""
    found: dict[tuple[str, date, str], LedgerPayment] = {}
    for row in paid:
        key = (row.period.label, row.day, row.reference)
        known = found.get(key)
        found[key] = row if known is None else known._replace(amount=known.amount + row.amount)
    return list(found.values())


def refusals_on_paper(account: Account | UUID, payer: Payer, year: int) -> list[dict[str, Any]]:
    rows = TaxRefusal.objects.of(account).filter(property__in=[row.pk for row in payer.properties], withdrawn_at=None)
    found = []
    for row in rows.order_by("signed_at"):
        day = rome_day(row.signed_at)
        if day.year != year:
            continue
        told: dict[str, Any] = {"on": day.isoformat(), "form": row.form, "amount": euro(row.amount)}
        if row.sent_at is not None:
            told["sent_on"] = rome_day(row.sent_at).isoformat()
        if row.protocol:
            told["protocol"] = row.protocol
        found.append(told)
    return found
