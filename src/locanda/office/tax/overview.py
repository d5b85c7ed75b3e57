"""What the tax asks for now: periods to pay over, stays that wait for a fact, papers to have signed, money nobody collected."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast, Coalesce

from locanda.archive.models import Account, Property, TaxedStay, TaxReceipt, TaxRefusal
from locanda.office.tax.payers import Payer, payers
from locanda.office.tax.periods import PeriodView, views

__all__ = ["Attention", "PayerNow", "attention", "now_of", "uncollected"]

_BACK = timedelta(days=400)
_PAPER = "tax.document.missing"
_OPEN = ("overdue", "to_pay", "waiting", "over")
SHOWN = 30
"""Stays of a kind in one list; more than that nobody reads."""


class PayerNow(NamedTuple):
    """A payer today. ``open``: periods that are over and not settled, the oldest first."""

    payer: Payer
    running: PeriodView
    open: tuple[PeriodView, ...]
    closed: tuple[PeriodView, ...]

    @property
    def first(self) -> PeriodView:
        """The period that asks for something first."""
        return self.open[0] if self.open else self.running


class Attention(NamedTuple):
    """Stays that need somebody, and how many of each there are."""

    stuck: tuple[TaxedStay, ...]
    stuck_count: int
    papers: tuple[TaxedStay, ...]
    papers_count: int
    uncollected: tuple[TaxedStay, ...]
    uncollected_count: int

    def __bool__(self) -> bool:
        return bool(self.stuck_count or self.papers_count or self.uncollected_count)


def now_of(account: Account, properties: Collection[Property], today: date) -> list[PayerNow]:
    """Every payer with its periods; those with something overdue first."""
    found = []
    for payer in payers(account, properties):
        running, *before = views(account, payer, today)
        known = [one for one in before if payer.rule is not None]
        waiting = tuple(one for one in reversed(known) if one.state in _OPEN)
        found.append(PayerNow(payer, running, waiting, tuple(one for one in known if one.state not in _OPEN)))
    return sorted(found, key=lambda one: (not any(seen.state == "overdue" for seen in one.open), not one.open, one.payer.name))


def attention(account: Account | UUID, properties: Collection[Property], today: date) -> Attention:
    """The stays that the tab lists, each with its reason."""
    mine = [row.pk for row in properties]
    rows = TaxedStay.objects.of(account).filter(property__in=mine, departure__gte=today - _BACK)
    rows = rows.select_related("stay", "property").order_by("departure", "pk")
    stuck = rows.filter(state=TaxedStay.State.STUCK)
    papers = rows.exclude(state=TaxedStay.State.STUCK).annotate(told=Cast("notes", TextField())).filter(told__contains=_PAPER)
    owing = uncollected(account, mine, today)
    return Attention(*_some(stuck), *_some(papers), *_some(owing))


def _some(rows: QuerySet[TaxedStay]) -> tuple[tuple[TaxedStay, ...], int]:
    found: Sequence[TaxedStay] = list(rows[: SHOWN + 1])
    return tuple(found[:SHOWN]), len(found) if len(found) <= SHOWN else rows.count()


def uncollected(account: Account | UUID, properties: Collection[UUID], today: date) -> QuerySet[TaxedStay]:
    """Stays that are over and whose tax is neither received nor refused in full; ``left`` says how much."""
    received = TaxReceipt.objects.of(account).filter(stay=OuterRef("stay")).order_by().values("stay")
    refused = TaxRefusal.objects.of(account).filter(stay=OuterRef("stay"), withdrawn_at=None).order_by().values("stay")
    rows = TaxedStay.objects.of(account).filter(
        property__in=list(properties), state=TaxedStay.State.FINAL, total__gt=0, departure__range=(today - _BACK, today)
    )
    rows = rows.annotate(left=_total("total") - _sum(received) - _sum(refused))
    return rows.filter(left__gt=0).select_related("stay", "property").order_by("departure", "pk")


def _total(name: str) -> Cast:
    return Cast(name, IntegerField())


def _sum(rows: QuerySet[TaxReceipt] | QuerySet[TaxRefusal]) -> Coalesce:
    whole = rows.annotate(whole=Sum("amount")).values("whole")
    return Coalesce(Subquery(whole, output_field=IntegerField()), 0)
