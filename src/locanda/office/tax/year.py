"""The year of a comune: what is missing before it is declared, and where each paper stands (spec imposta 3.5, 9, 11, 12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Account, Guest, TaxDeclaration, TaxPayment, TaxRefusal
from locanda.archive.parts import in_parts
from locanda.archive.vault import Vault
from locanda.law.deadlines import Due
from locanda.law.periods import Period
from locanda.law.remitting import Agreement, Difference
from locanda.office.tax import declarations, explained, yearly
from locanda.office.tax.agreement import Matched, in_order, matched
from locanda.office.tax.book import stuck
from locanda.office.tax.declarations import Draft, declarations_of, draft
from locanda.office.tax.operators import signer_on_paper
from locanda.office.tax.payers import Payer

__all__ = ["Differing", "FormState", "YearView", "differing", "totals_of", "year_view"]


class FormState(NamedTuple):
    """A paper of the year: as it would be today, and what was made of it, the newest first."""

    form: str
    draft: Draft
    kept: tuple[TaxDeclaration, ...]
    obligation: str
    due: Due | None

    @property
    def latest(self) -> TaxDeclaration | None:
        return self.kept[0] if self.kept else None


class YearView(NamedTuple):
    """A year of a payer. The numbers are what stands in the way, or should be looked at first.

    ``totals``: the guest-nights of each source of the comparison, in the order of ``SOURCES``.
    """

    payer: Payer
    year: int
    forms: tuple[FormState, ...]
    file: TaxDeclaration | None
    stuck: int
    totals: tuple[int | None, ...]
    differences: int
    unexplained: int
    unreferenced: int
    unsent: int
    unsigned: bool
    over: bool


class Differing(NamedTuple):
    """A guest about whom the sources do not say the same. ``counts`` are in the order of ``SOURCES``; None: it says nothing.

    ``name`` is empty when it was erased; ``reason`` is the operator's.
    """

    difference: Difference
    counts: tuple[int | None, ...]
    name: str
    reason: str


def year_view(account: Account, payer: Payer, year: int, today: date) -> YearView:
    """Everything about the year, the papers as drafts of today."""
    whole = Period("year", year)
    found = matched(account, payer, whole)
    reasons = explained.reasons_of(account, payer, year)
    payments = TaxPayment.objects.of(account).filter(
        comune=payer.comune, operator=payer.operator, state=TaxPayment.State.PAID, period__startswith=str(year)
    )
    refusals = TaxRefusal.objects.of(account).filter(
        property__in=[row.pk for row in payer.properties], withdrawn_at=None, sent_at=None, signed_at__year=year
    )
    return YearView(
        payer, year, tuple(_form(account, payer, form, year, today, found) for form in declarations.FORMS),
        yearly.file_of(account, payer, year), len(stuck(account, payer.properties, whole.first, whole.last)),
        totals_of([one.whole for one in found]), sum(len(one.whole.differences) for one in found),
        len(explained.unexplained(found, reasons)), payments.filter(iuv="", reference="").count(), refusals.count(),
        bool(signer_on_paper(payer.properties[0])[1]), today > whole.last,
    )  # fmt: skip


def totals_of(found: Sequence[Agreement]) -> tuple[int | None, ...]:
    """The guest-nights of each source over several comparisons; None for one that says nothing of some of them."""
    columns = zip(*(in_order(one, one.totals) for one in found), strict=True)
    return tuple(None if None in column else sum(filter(None, column)) for column in columns)


def _form(account: Account, payer: Payer, form: str, year: int, today: date, found: Sequence[Matched]) -> FormState:
    ident = declarations.obligation_of(payer, form, year)
    made = draft(account, payer, form, year, on=today, found=found, reading=True)
    return FormState(form, made, tuple(declarations_of(account, payer, form, year)), ident, payer.declared_by(ident, year))


def differing(account: Account, payer: Payer, period: Period) -> tuple[list[Differing], tuple[int | None, ...]]:
    """Guest by guest, with the name while it lives; and the guest-nights of each source."""
    found = matched(account, payer, period)
    rows = [(one, in_order(each.whole, one.counts)) for each in found for one in each.whole.differences]
    names = _names(account, [UUID(one.guest) for one, _ in rows])
    reasons = explained.reasons_of(account, payer, period.year)
    told = [Differing(one, counts, names.get(one.guest, ""), reasons.get(one.guest, "")) for one, counts in rows]
    return told, totals_of([one.whole for one in found])


def _names(account: Account, guests: list[UUID]) -> dict[str, str]:
    vault, found = Vault(account), {}
    for part in in_parts(guests):
        rows = Guest.objects.of(account).filter(pk__in=part).select_related("party__account")
        for guest in rows:
            if guest.party.wrapped_key is not None:
                shape = vault.party(guest.party).open(guest.sealed, "guest")
                found[str(guest.pk)] = f"{shape.get('surname', '')} {shape.get('name', '')}".strip()
    return found
