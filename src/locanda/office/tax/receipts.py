"""Receipts for the tax (Modello 1): numbered without gaps by property and year, never changed, corrected by new ones (7.8, 9.1).

A receipt is for a whole stay, or for each of its parties. When a stay that has one changes, a new one refers to the last, says
the new total, and the money that changes hands is the difference.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from locanda import papers
from locanda.archive import chain
from locanda.archive.models import (
    GuestNight,
    Party,
    Person,
    Stay,
    TaxedStay,
    TaxReceipt,
    TaxReceiptBook,
    TaxRefusal,
)  # fmt: skip
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.remitting.ledger import euro
from locanda.office.tax import collecting, facts, ledger
from locanda.office.tax.operators import comune_on_paper, operator_on_paper, property_on_paper

__all__ = ["FORM", "Owed", "data_of", "issue", "keep_until", "owed", "payer_of", "pdf", "receipts_of"]

FORM = "modello_1"
_CONTEXT = "tax receipt"


class Owed(NamedTuple):
    """What a stay, or a party of it, owes as of now, what was received, and what is left. Cents."""

    due: int
    refused: int
    received: int
    last: TaxReceipt | None

    @property
    def left(self) -> int:
        """Still to be collected; negative: to be given back."""
        return self.due - self.refused - self.received


def keep_until(day: date) -> date:
    """31 December of the fifth year after the one in which the year of ``day`` is declared (L. 296/2006 art. 1 c. 161)."""
    return papers.kept_until(FORM, day.year + 1) or date(day.year + 6, 12, 31)


def receipts_of(stay: Stay, party: Party | None = None) -> list[TaxReceipt]:
    """The receipts of a stay, the first issued first."""
    rows = TaxReceipt.objects.of(stay.account_id).filter(stay=stay).select_related("account", "property", "stay")
    return list((rows if party is None else rows.filter(party=party)).order_by("issued_at", "year", "number"))


def owed(stay: Stay, party: Party | None = None) -> Owed:
    """The money of a stay, read off the ledger."""
    nights = [night for night in ledger.nights_of(stay.account, stay) if party is None or night.guest.party_id == party.pk]
    held = receipts_of(stay, party)
    refused = sum(night.amount for night in nights if night.guest_id in _refusing(stay))
    due = sum(night.amount for night in nights)
    return Owed(due, refused, sum(row.amount for row in held), held[-1] if held else None)


def _refusing(stay: Stay) -> set[UUID]:
    """Who refuses to pay; the refusal of a whole stay names everybody."""
    found: set[UUID] = set()
    for row in TaxRefusal.objects.of(stay.account_id).filter(stay=stay, withdrawn_at=None):
        named = {UUID(text) for text in row.guests}
        found |= named or {guest.pk for guest in facts.guests_of(stay.account_id, [stay.pk]).get(stay.pk, [])}
    return found


def payer_of(stay: Stay, party: Party | None = None) -> dict[str, str]:
    """Whom the receipt would name: the head of the party while the data live, else who was kept for it; empty when nobody."""
    head = facts.guests_of(stay.account_id, [stay.pk]).get(stay.pk, [])
    head = [guest for guest in head if party is None or guest.party_id == party.pk][:1]
    if head and head[0].party.wrapped_key is not None:
        shape = Vault(stay.account).party(head[0].party).open(head[0].sealed, "guest")
        return {key: shape[key] for key in ("surname", "name") if shape.get(key)}
    if stay.sealed_payer is not None and (party is None or party.position == 0):
        kept: dict[str, str] = Vault(stay.account).open(stay.sealed_payer, facts.PAYER)
        return kept
    return {}


def issue(
    stay: Stay, *, method: str, now: datetime, person: Person | None, party: Party | None = None,
    payer: Mapping[str, str] | None = None, invoice: str = "", reason: str = "",
) -> tuple[TaxReceipt | None, list[Problem]]:  # fmt: skip
    """Receive the tax and write the receipt, or the one that corrects the last; nothing is written as soon as there is a problem.

    ``reason`` is asked of a correction only. ``payer`` overrides whom the papers name.
    """
    with transaction.atomic():
        Stay.objects.of(stay.account_id).select_for_update(no_key=True).get(pk=stay.pk)  # two taps, one receipt
        (taxed, *_) = ledger.settle([stay], now=now) or (None,)
        found = _hindrances(taxed, stay, party)
        if found or taxed is None:
            return None, found
        told = owed(stay, party)
        named = {key: value for key, value in (payer or payer_of(stay, party)).items() if value}
        operator, missing = operator_on_paper(stay.property)
        found = [*missing, *_asked(told, named, method, reason)]
        if found:
            return None, found
        return _write(stay, party, told, named, operator, method, invoice, reason, now=now, person=person)


def _hindrances(taxed: TaxedStay | None, stay: Stay, party: Party | None) -> list[Problem]:
    if taxed is None:
        return [Problem("tax.receipt.no_stay", "stay")]
    if taxed.state == TaxedStay.State.STUCK:
        return ledger.problems_of(taxed.problems)
    scopes = {row.party_id for row in receipts_of(stay)}
    if scopes and scopes != {None} and party is None:
        return [Problem("tax.receipt.by_party", "party")]
    if None in scopes and party is not None:
        return [Problem("tax.receipt.whole_stay", "party")]
    return []


def _asked(told: Owed, named: Mapping[str, str], method: str, reason: str) -> list[Problem]:
    found = []
    if told.last is None and told.due - told.refused == 0:
        found.append(Problem("tax.receipt.nothing", "stay"))
    if told.last is not None and told.left == 0:
        found.append(Problem.of("tax.receipt.already", "stay", number=told.last.number, year=told.last.year))
    if told.last is not None and told.left and not reason.strip():
        found.append(Problem("tax.receipt.reason", "reason"))
    if not (named.get("surname") and named.get("name")):
        found.append(Problem("tax.receipt.payer", "payer"))
    if method not in TaxReceipt.Method.values:
        found.append(Problem.of("tax.receipt.method", "method", value=method))
    return found


def _write(
    stay: Stay, party: Party | None, told: Owed, named: Mapping[str, str], operator: Mapping[str, Any], method: str, invoice: str,
    reason: str, *, now: datetime, person: Person | None,
) -> tuple[TaxReceipt | None, list[Problem]]:  # fmt: skip
    account, day = stay.account, rome_day(now)
    refusing = _refusing(stay)
    nights = [
        night for night in ledger.nights_of(account, stay)
        if (party is None or night.guest.party_id == party.pk) and night.guest_id not in refusing
    ]  # fmt: skip
    number = _next_number(stay, day.year)
    data = {
        "number": str(number), "issued_on": day.isoformat(), "comune": comune_on_paper(stay.property),
        "property": property_on_paper(stay.property), "operator": dict(operator), "payer": dict(named),
        **_stay_on_paper(stay, nights), "method": method,
    }  # fmt: skip
    if invoice.strip():
        data["invoice"] = invoice.strip()[:60]
    if told.last is not None:
        data["corrects"] = {
            "number": str(told.last.number), "on": told.last.day.isoformat(), "total": euro(told.last.total),
            "reason": " ".join(reason.split())[:200],
        }  # fmt: skip
    form, found = papers.read(FORM, data)
    if form is None:
        transaction.set_rollback(True)
        return None, found
    content = papers.write(FORM, form, on=day)
    total = told.due - told.refused
    row = TaxReceipt(
        account=account, property=stay.property, stay=stay, party=party, year=day.year, number=number, corrects=told.last,
        issued_at=now, day=day, persons=data["persons_taxed"], nights=sum(line["taxed_nights"] for line in data["lines"]),
        total=total, amount=told.left, method=method, invoice=data.get("invoice", ""),
        sealed=Vault(account).seal(data, _CONTEXT), pdf_sha256=hashlib.sha256(content).hexdigest(), issued_by=person,
        keep_until=keep_until(day),
    )  # fmt: skip
    row.save(force_insert=True)
    if party is None or party.position == 0:  # the name stands in the receipt now
        Stay.objects.of(account).filter(pk=stay.pk).update(sealed_payer=None)
        stay.sealed_payer = None
    _mark_collected(row, now=now, person=person)
    chain.append(
        account, "tax.receipt", at=now, actor=chain.actor_of(person), subject=f"stay:{stay.pk}",
        data={"receipt": str(row.pk), "number": number, "year": day.year, "amount": row.amount, "sha256": row.pdf_sha256},
    )  # fmt: skip
    return row, []


def _mark_collected(row: TaxReceipt, *, now: datetime, person: Person | None) -> None:
    """The duty to collect and give a receipt is done for this stay, once nothing of it is left to collect."""
    if owed(row.stay).left <= 0:
        collecting.collected(row.stay, row.day, f"{row.number}/{row.year}", now=now, person=person)


def _next_number(stay: Stay, year: int) -> int:
    """The next number of the property's year; the row stays locked until the receipt is written, so that none is skipped."""
    books = TaxReceiptBook.objects.of(stay.account_id)
    if not books.filter(property=stay.property_id, year=year).exists():
        TaxReceiptBook.everywhere.bulk_create(
            [TaxReceiptBook(account_id=stay.account_id, property_id=stay.property_id, year=year)], ignore_conflicts=True
        )
    book = books.select_for_update(no_key=True).get(property=stay.property_id, year=year)
    book.last += 1
    book.save(update_fields=["last"])
    return int(book.last)


def _stay_on_paper(stay: Stay, nights: Sequence[GuestNight]) -> dict[str, Any]:
    """Days, persons and amounts; of exempt persons only how many (a reason could tell a disability)."""
    taxed = [night for night in nights if night.status == "taxed" or night.status.startswith("reduced:")]
    exempt = [night for night in nights if night.status.startswith("exempt:")]
    payers = {night.guest_id for night in taxed}
    grouped = Counter(night.amount for night in taxed)
    first = min((night.night for night in nights), default=rome_day(stay.arrival))
    assert stay.departure_day is not None
    return {
        "arrival": rome_day(stay.arrival).isoformat(), "departure": stay.departure_day.isoformat(),
        **({"nights": (stay.departure_day - first).days} if first != rome_day(stay.arrival) else {}),
        "persons_taxed": len(payers),
        "persons_exempt": len({night.guest_id for night in exempt} - payers),
        "exempt_nights": len(exempt), "beyond_cap_nights": sum(night.status == "beyond_cap" for night in nights),
        "lines": [
            {"taxed_nights": count, "unit_amount": euro(amount), "amount": euro(amount * count)}
            for amount, count in sorted(grouped.items(), reverse=True)
        ],
        "total": euro(sum(night.amount for night in taxed)),
    }  # fmt: skip


def data_of(receipt: TaxReceipt) -> dict[str, Any]:
    """The data of the form as it was issued."""
    opened: dict[str, Any] = Vault(receipt.account).open(receipt.sealed, _CONTEXT)
    return opened


def pdf(receipt: TaxReceipt, *, language: str = "it") -> bytes:
    """The receipt as it was handed out: the same bytes every time, in Italian; another language for reading beside it."""
    form, found = papers.read(FORM, data_of(receipt))
    if form is None:  # what was printed once is always printed again
        raise papers.Unprintable("; ".join(problem.code for problem in found))
    return papers.write(FORM, form, language=language, on=receipt.day)
