"""What is forgotten by the calendar, beside what a receipt erases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from locanda.archive.erasure import sweep_due
from locanda.archive.models import Guest, Receipt, Stay, TaxDeclaration, TaxPaper, TaxReceipt, TaxRefusal
from locanda.core.time import rome_day, rome_midnight

__all__ = ["DRAFTS_LAST", "forget_what_is_over"]

DRAFTS_LAST = timedelta(days=30)
"""A draft that nobody finished holds names and documents that nobody needs."""

_done_for: list[object] = []


def forget_what_is_over(now: datetime) -> int:
    """Once a day: keyed hashes of documents of years that are over, receipts older than five years, forgotten drafts.

    The hash counts a guest's nights across a year and stops a double registration; nothing needs it afterwards. Receipts
    are kept five years (D.M. 7/1/2013) and then go; so do the papers of the tourist tax when their time is over (L. 296/2006
    art. 1 c. 161). The number of rows touched.
    """
    today = rome_day(now)
    if _done_for == [today]:
        return 0
    _done_for[:] = [today]
    new_year = rome_midnight(today.replace(month=1, day=1))
    old = Guest.everywhere.exclude(document_hash="", person_hash="").filter(party__stay__arrival__lt=new_year)
    # a stay over the year's end is counted in both years
    old = old.exclude(party__stay__departure_day__gte=new_year.date())
    drafts = Stay.everywhere.filter(status=Stay.Status.DRAFT, created_at__lt=now - DRAFTS_LAST).delete()[0]
    if drafts:
        sweep_due()
    gone = drafts + Receipt.everywhere.filter(keep_until__lt=today).delete()[0] + _tax_papers(today) + _facts(today)
    return gone + old.update(document_hash="", person_hash="")


def _tax_papers(today: date) -> int:
    """Papers of the tourist tax beyond their time. What a later paper refers to stays as long as that one."""
    gone = TaxPaper.everywhere.filter(keep_until__lt=today).delete()[0]
    gone += TaxRefusal.everywhere.filter(keep_until__lt=today, papers=None).delete()[0]
    for rows in (
        TaxReceipt.everywhere.filter(keep_until__lt=today, corrections=None),
        TaxDeclaration.everywhere.filter(keep_until__lt=today, replaced_by=None),
    ):
        while found := rows.delete()[0]:
            gone += found
    return gone


def _facts(today: date) -> int:
    """Whom a receipt would have named, when the year after the stay is over; reasons and prices, with the papers of the tax."""
    left = Stay.everywhere.exclude(status=Stay.Status.DRAFT)
    payers = left.exclude(sealed_payer=None).filter(departure_day__lt=date(today.year - 1, 1, 1))
    facts = left.exclude(sealed_facts=None).filter(departure_day__lt=date(today.year - 6, 1, 1))
    return int(payers.update(sealed_payer=None)) + int(facts.update(sealed_facts=None))
