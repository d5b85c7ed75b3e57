"""The duty to collect the tax of a stay and give a receipt, marked as done when nothing is left to collect (MO-IDS-03)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from locanda.archive.models import Person, Property, Stay, TaxedStay, TaxReceipt
from locanda.office import duty_marks
from locanda.office.overrides import rules_of

__all__ = ["collected", "nothing_due"]

_FREE = "0,00 €"
"""The number of a mark that needed no receipt."""


def collected(stay: Stay, day: date, number: str, *, now: datetime, person: Person | None) -> None:
    """A receipt was given and nothing of it is left."""
    for duty in _duties(stay.property, day):
        duty_marks.mark_done(stay.property, duty, f"stay:{stay.pk}", now=now, person=person, number=number)


def nothing_due(stay: Stay, taxed: TaxedStay, *, now: datetime) -> None:
    """Who owes nothing gets no receipt: the duty is done when the tax is final; taken back when something is due after all."""
    free = taxed.state == TaxedStay.State.FINAL and taxed.total == 0
    for duty in _duties(stay.property, taxed.departure):
        mark = duty_marks.mark_of(stay.property, duty, f"stay:{stay.pk}")
        if free and mark is None:
            duty_marks.mark_done(stay.property, duty, f"stay:{stay.pk}", now=now, person=None, number=_FREE)
        elif not free and mark is not None and mark.number == _FREE and not _receipts(stay):
            duty_marks.undo(mark, now=now, person=None)


def _receipts(stay: Stay) -> bool:
    return bool(TaxReceipt.objects.of(stay.account_id).filter(stay=stay).exists())


def _duties(property: Property, day: date) -> Iterator[str]:
    rules = rules_of(property, day)
    for duty in rules.obligations(day) if rules is not None else ():
        if "numbered_receipts" in duty.evidence:
            yield duty.id
