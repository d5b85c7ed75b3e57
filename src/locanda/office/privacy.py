"""What is forgotten by the calendar, beside what a receipt erases."""

from __future__ import annotations

from datetime import datetime, timedelta

from locanda.archive.erasure import sweep_due
from locanda.archive.models import Guest, Receipt, Stay
from locanda.core.time import rome_day, rome_midnight

__all__ = ["DRAFTS_LAST", "forget_what_is_over"]

DRAFTS_LAST = timedelta(days=30)
"""A draft that nobody finished holds names and documents that nobody needs."""

_done_for: list[object] = []


def forget_what_is_over(now: datetime) -> int:
    """Once a day: keyed hashes of documents of years that are over, receipts older than five years, forgotten drafts.

    The hash counts a guest's nights across a year and stops a double registration; nothing needs it afterwards. Receipts
    are kept five years (D.M. 7/1/2013) and then go. The number of rows touched.
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
    return drafts + old.update(document_hash="", person_hash="") + Receipt.everywhere.filter(keep_until__lt=today).delete()[0]
