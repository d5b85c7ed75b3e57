"""What the periods of a payer owe, read property by property: a year of hundreds needs the memory of one (spec 8, 9.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Account, Property, TaxedStay, TaxPayment
from locanda.law.authorities import local_holidays
from locanda.law.deadlines import Due
from locanda.law.late_tax import Late, late_payment, legal_interest
from locanda.law.periods import Period, period_of
from locanda.law.remitting import Book, Figures, Overdue, Shift, figures, overdue, shifts, together
from locanda.office.tax.book import book_of, payments_of, stuck
from locanda.office.tax.payers import Payer

__all__ = [
    "PeriodView", "figures_of", "late_ahead", "late_today", "months", "property_books", "shifts_of", "view", "views",
]  # fmt: skip


class PeriodView(NamedTuple):
    """A period of a payer, as of a day.

    ``state``: ``running`` (not over), ``zero`` (nothing owed), ``to_pay``, ``overdue``, ``paid``, ``over`` (more was paid than is
    owed now), ``waiting`` (stays whose tax is not known hold it up).
    """

    payer: Payer
    period: Period
    due: Due | None
    figures: Figures
    by_property: tuple[Figures, ...]
    payments: tuple[TaxPayment, ...]
    stuck: tuple[TaxedStay, ...]
    state: str

    @property
    def left(self) -> int:
        return self.figures.still_to_pay


def property_books(account: Account | UUID, payer: Payer, first: date, last: date) -> Iterator[tuple[Property, Book]]:
    """The book of each property of a payer in turn; only one is held at a time."""
    for row in payer.properties:
        yield row, book_of(account, [row], first, last).book


def figures_of(account: Account | UUID, payer: Payer, wanted: Sequence[Period]) -> list[list[Figures]]:
    """For each period its figures, property by property in the order of the payer."""
    if not wanted:
        return []
    first, last = min(period.first for period in wanted), max(period.last for period in wanted)
    paid = payments_of(account, payer.properties, {year for period in wanted for year in (period.first.year, period.last.year)})
    found: list[list[Figures]] = [[] for _ in wanted]
    for row, book in property_books(account, payer, first, last):
        mine = [one for one in paid if one.structure == str(row.pk)]
        for place, period in enumerate(wanted):
            found[place].append(figures(book, period, payer.terms, structure=str(row.pk), payments=mine))
    return found


def views(account: Account, payer: Payer, today: date, *, back: int = 5) -> list[PeriodView]:
    """The running period and some before it, the newest first."""
    wanted, period = [], period_of(payer.kind(today), today)
    for _ in range(back + 1):
        wanted.append(period)
        before = period.first - timedelta(days=1)
        period = period_of(payer.kind(before), before)
    return _views(account, payer, wanted, today)


def view(account: Account, payer: Payer, period: Period, today: date) -> PeriodView:
    """Everything about one period."""
    (found,) = _views(account, payer, [period], today)
    return found


def _views(account: Account, payer: Payer, wanted: Sequence[Period], today: date) -> list[PeriodView]:
    rows = TaxPayment.objects.of(account).filter(comune=payer.comune, operator=payer.operator)
    rows = rows.filter(period__in=[period.label for period in wanted]).exclude(state=TaxPayment.State.WITHDRAWN)
    held: dict[str, list[TaxPayment]] = {}
    for row in rows.prefetch_related("shares").select_related("account", "operator"):
        held.setdefault(row.period, []).append(row)
    found = []
    for period, each in zip(wanted, figures_of(account, payer, wanted), strict=True):
        waiting = tuple(stuck(account, payer.properties, period.first, period.last))
        told, due = together(each, period, payer.terms), payer.due(period)
        state = _state(told, period, due, waiting, today)
        found.append(PeriodView(payer, period, due, told, tuple(each), tuple(held.get(period.label, ())), waiting, state))
    return found


def _state(told: Figures, period: Period, due: Due | None, stuck: Sequence[TaxedStay], today: date) -> str:
    if today <= period.last:
        return "running"
    if stuck:
        return "waiting"
    if told.still_to_pay > 0:
        return "overdue" if due is not None and today > due.day else "to_pay"
    if told.still_to_pay < 0:
        return "over"
    return "paid" if told.to_pay else "zero"


def months(account: Account | UUID, payer: Payer, year: int) -> list[Figures]:
    """The twelve months of a year, zeros included."""
    wanted = [Period("month", year, number) for number in range(1, 13)]
    return [
        together(each, period, payer.terms) for period, each in zip(wanted, figures_of(account, payer, wanted), strict=True)
    ]  # fmt: skip


def shifts_of(account: Account | UUID, payer: Payer, period: Period) -> list[Shift]:
    """The stays behind the difference between the two bases."""
    return [
        one for row, book in property_books(account, payer, period.first, period.last)
        for one in shifts(book, period, structure=str(row.pk))
    ]  # fmt: skip


def late_today(seen: PeriodView, today: date) -> Late | None:
    """What paying today costs more, when the term is over; None while it is not, or where no rule names one."""
    day = _missed(seen, today)
    if day is None or seen.payer.chain is None:
        return None
    return late_payment(
        seen.left, day, today, rates=legal_interest(seen.payer.chain), local=local_holidays(seen.payer.chain)
    )


def late_ahead(seen: PeriodView, today: date) -> Overdue | None:
    """The same, with what it will cost on the last day of each step to come."""
    day = _missed(seen, today)
    if day is None or seen.payer.chain is None:
        return None
    return overdue(seen.left, day, today, rates=legal_interest(seen.payer.chain), local=local_holidays(seen.payer.chain))


def _missed(seen: PeriodView, today: date) -> date | None:
    """The nominal day of a term that is over with something left to pay."""
    if seen.due is None or seen.left <= 0 or today <= seen.due.day:
        return None
    nominal = seen.due.nominal
    return nominal.date() if isinstance(nominal, datetime) else nominal
