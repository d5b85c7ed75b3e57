"""The ledger of some properties as the law reads it: nights, receipts, refusals and payments as plain values.

Whole stays are handed over, also for one month: what is outstanding is read off a stay's own nights and receipts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Account, GuestNight, Property, TaxedStay, TaxPayment, TaxPaymentShare, TaxReceipt, TaxRefusal
from locanda.archive.parts import in_parts
from locanda.core.time import rome_day
from locanda.law.periods import Period, parse_period
from locanda.law.remitting import (
    Book,
    LedgerNight,
    LedgerPayment,
    LedgerReceipt,
    LedgerRefusal,
    TaxedStructure,
)  # fmt: skip

__all__ = ["Reading", "book_of", "nights_of_stays", "payments_of", "stays_between", "stuck"]

_AROUND = timedelta(days=400)


class Reading(NamedTuple):
    """The book of a stretch of days, and the stays whose tax could not be reckoned: a declaration waits for them."""

    book: Book
    stuck: tuple[TaxedStay, ...]


def stays_between(account: Account | UUID, properties: Collection[Property], first: date, last: date) -> list[UUID]:
    """The stays that touch these days: by a night, or by a receipt or a refusal of one of them."""
    mine = [row.pk for row in properties]
    stays = TaxedStay.objects.of(account).filter(property__in=mine, first_night__lte=last, departure__gte=first)
    found = dict.fromkeys(stays.order_by("first_night", "pk").values_list("stay", flat=True))
    received = TaxReceipt.objects.of(account).filter(property__in=mine, day__gte=first, day__lte=last)
    found |= dict.fromkeys(received.order_by("day", "number").values_list("stay", flat=True))
    refused = TaxRefusal.objects.of(account).filter(property__in=mine, withdrawn_at=None)
    refused = refused.filter(signed_at__date__gte=first - timedelta(days=1), signed_at__date__lte=last + timedelta(days=1))
    found |= dict.fromkeys(refused.order_by("signed_at").values_list("stay", flat=True))
    return list(found)


def book_of(account: Account | UUID, properties: Collection[Property], first: date, last: date) -> Reading:
    """Everything about the stays of a stretch of days."""
    stays = stays_between(account, properties, first, last)
    structures = [TaxedStructure(str(row.pk), row.name, row.cin) for row in properties]
    nights = list(nights_of_stays(account, stays))
    made = Book(nights, list(_receipts(account, stays)), list(_refusals(account, stays)), structures=structures)
    return Reading(made, tuple(stuck(account, properties, first, last)))


def stuck(account: Account | UUID, properties: Collection[Property], first: date, last: date) -> list[TaxedStay]:
    """Stays of these days whose tax waits for a fact or a rule."""
    rows = TaxedStay.objects.of(account).filter(
        property__in=[row.pk for row in properties], state=TaxedStay.State.STUCK, first_night__lte=last, departure__gte=first
    )
    return list(rows.select_related("stay", "property"))


def nights_of_stays(account: Account | UUID, stays: list[UUID]) -> Iterator[LedgerNight]:
    """The nights of some stays that stand, stay by stay in the order of the nights."""
    for some in in_parts(stays):
        rows = GuestNight.objects.of(account).filter(stay__in=some, superseded_at=None)
        values = rows.order_by("stay", "night", "guest__position").values_list(
            "property_id", "stay_id", "guest_id", "night", "status", "amount", "version", "collected"
        )
        for row in values.iterator(chunk_size=2000):
            structure, stay, guest, night, status, amount, version, portal = row
            yield LedgerNight(str(structure), str(stay), str(guest), night, status, amount, version, portal)


def _receipts(account: Account | UUID, stays: list[UUID]) -> Iterator[LedgerReceipt]:
    for some in in_parts(stays):
        rows = TaxReceipt.objects.of(account).filter(stay__in=some).select_related("corrects").order_by("issued_at", "number")
        for row in rows:
            corrects = row.corrects.number if row.corrects is not None else None
            label = f"{row.number}" if not row.invoice else f"fattura {row.invoice}"
            yield LedgerReceipt(str(row.property_id), str(row.stay_id), row.number, row.day, row.amount, corrects, label)


def _refusals(account: Account | UUID, stays: list[UUID]) -> Iterator[LedgerRefusal]:
    for some in in_parts(stays):
        for row in TaxRefusal.objects.of(account).filter(stay__in=some, withdrawn_at=None).order_by("signed_at"):
            guests = tuple(row.guests)
            yield LedgerRefusal(str(row.property_id), str(row.stay_id), rome_day(row.signed_at), row.amount, guests)


def payments_of(account: Account | UUID, properties: Iterable[Property], years: Collection[int] = ()) -> list[LedgerPayment]:
    """What was paid over for these properties, as the law reads it; the tax alone, without sanctions and interest."""
    rows = TaxPaymentShare.objects.of(account).filter(
        property__in=[row.pk for row in properties], payment__state=TaxPayment.State.PAID
    ).select_related("payment")  # fmt: skip
    found = []
    for row in rows.order_by("payment__paid_on", "pk"):
        period: Period = parse_period(row.payment.period)
        if (not years or period.year in years) and row.payment.paid_on is not None:
            reference = row.payment.iuv or row.payment.reference
            found.append(LedgerPayment(str(row.property_id), period, row.payment.paid_on, row.tax, reference))
    return found
