"""What a comune is told and paid for a period, under both readings of it (spec imposta-di-soggiorno 8.2, 9.2-9.4).

``collected``: the period of the receipt. ``night``: the period of the night, a stay being split. The counts always follow the
night. A period without anything gives zeros, since many comuni want the declaration all the same (9.4).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.law.periods import Period, periods
from locanda.law.remitting.ledger import (
    COLLECTED_MONEY,
    EXCESS,
    OUTSTANDING,
    REFUSED,
    Book,
    Entry,
    LedgerNight,
    LedgerPayment,
    Terms,
    euro,
)  # fmt: skip
from locanda.law.tourist_tax.values import BEYOND_CAP, COLLECTED, EXCLUDED, OUT_OF_PERIOD, TAXED

__all__ = [
    "Counts", "Figures", "Money", "Shift", "figures", "figures_by_period", "figures_by_structure", "shifts", "together",
]  # fmt: skip


class Counts(NamedTuple):
    """Guest-nights, or persons, by what they were. ``excluded`` are residents whom the comune wants declared nowhere.

    Of guest-nights each is counted once, and ``total`` is their sum without the excluded. A person may be counted under two
    headings, and is counted once in ``total``.
    """

    total: int = 0
    taxed: int = 0
    reduced: tuple[tuple[str, int], ...] = ()
    exempt: tuple[tuple[str, int], ...] = ()
    beyond_cap: int = 0
    out_of_period: int = 0
    portal: int = 0
    excluded: int = 0

    @property
    def taxable(self) -> int:
        """Those on which the operator owes tax: taxed in full and reduced."""
        return self.taxed + self.all_reduced

    @property
    def all_reduced(self) -> int:
        return sum(number for _, number in self.reduced)

    @property
    def all_exempt(self) -> int:
        return sum(number for _, number in self.exempt)


class Money(NamedTuple):
    """The cents of a period. ``due`` = collected + refused + outstanding; ``excess`` was collected beyond what is due.

    ``deducted`` is the part of ``refused`` that the comune does not want; both sums to pay are there, with and without (9.3).
    """

    due: int = 0
    collected: int = 0
    refused: int = 0
    outstanding: int = 0
    excess: int = 0
    deducted: int = 0

    @property
    def to_pay(self) -> int:
        """What the comune is owed for the period, under its own rule about refused tax."""
        return self.due + self.excess - self.deducted

    @property
    def to_pay_without_refused(self) -> int:
        return self.due + self.excess - self.refused

    @property
    def to_pay_with_refused(self) -> int:
        return self.due + self.excess


class Figures(NamedTuple):
    """Everything about a period: of one structure, or of several together with ``structure`` None."""

    period: Period
    structure: str | None
    basis: str
    arrivals: int
    persons: Counts
    presences: Counts
    by_night: Money
    by_receipt: Money
    portal: int
    receipts: int
    paid: int
    notes: tuple[Problem, ...] = ()

    @property
    def money(self) -> Money:
        """The cents under the comune's own basis."""
        return self.by_night if self.basis == "night" else self.by_receipt

    @property
    def to_pay(self) -> int:
        return self.money.to_pay

    @property
    def difference(self) -> int:
        """How much more the period owes by receipt than by night."""
        return self.by_receipt.to_pay - self.by_night.to_pay

    @property
    def still_to_pay(self) -> int:
        """What is owed and not yet paid; negative when too much was paid."""
        return self.to_pay - self.paid

    @property
    def is_zero(self) -> bool:
        """Nobody slept and nothing is owed: the declaration is made all the same."""
        return not (self.presences.total or self.presences.excluded or self.to_pay or self.by_night.due)


class Shift(NamedTuple):
    """A stay that weighs differently on a period under the two bases."""

    structure: str
    stay: str
    by_night: int
    by_receipt: int


def figures(
    book: Book, period: Period, terms: Terms, *, structure: str | None = None, payments: Iterable[LedgerPayment] = ()
) -> Figures:
    """The figures of a period, of one structure or of all together."""
    chosen = list(book.structures) if structure is None else [structure]
    nights = book.slept(chosen, period)
    by_night = _money(book.entries(chosen, period, by_night=True), terms)
    by_receipt = _money(book.entries(chosen, period, by_night=False), terms)
    return Figures(
        period, structure, terms.basis,
        sum(period.first <= first <= period.last for first in _first_nights(book, nights)),
        _persons(nights), _presences(nights), by_night, by_receipt, sum(night.portal for night in nights),
        len(book.issued(chosen, period)),
        sum(paid.amount for paid in payments if paid.structure in chosen and _within(paid.period, period)),
        _notes(period, terms.basis, by_night, by_receipt),
    )  # fmt: skip


def together(each: Sequence[Figures], period: Period, terms: Terms) -> Figures:
    """The figures of several structures as one, so that a book need not hold more than one structure: a stay is of one alone."""
    by_night = Money(*(sum(cents) for cents in zip(Money(), *(one.by_night for one in each), strict=True)))
    by_receipt = Money(*(sum(cents) for cents in zip(Money(), *(one.by_receipt for one in each), strict=True)))
    return Figures(
        period, None, terms.basis, sum(one.arrivals for one in each), _added([one.persons for one in each]),
        _added([one.presences for one in each]), by_night, by_receipt, sum(one.portal for one in each),
        sum(one.receipts for one in each), sum(one.paid for one in each), _notes(period, terms.basis, by_night, by_receipt),
    )  # fmt: skip


def _added(counts: Sequence[Counts]) -> Counts:
    def coded(rows: Iterable[tuple[tuple[str, int], ...]]) -> tuple[tuple[str, int], ...]:
        total: Counter[str] = Counter()
        for row in rows:
            total.update(dict(row))
        return tuple(sorted(total.items()))

    return Counts(
        sum(one.total for one in counts), sum(one.taxed for one in counts), coded(one.reduced for one in counts),
        coded(one.exempt for one in counts), sum(one.beyond_cap for one in counts), sum(one.out_of_period for one in counts),
        sum(one.portal for one in counts), sum(one.excluded for one in counts),
    )  # fmt: skip


def _notes(period: Period, basis: str, by_night: Money, by_receipt: Money) -> tuple[Problem, ...]:
    """What the reader of these figures should know: the other basis says otherwise, refusals, money nobody collected."""
    notes = []
    used = by_night if basis == "night" else by_receipt
    if by_night.to_pay != by_receipt.to_pay:
        code = "remit.basis.by_night" if basis == "night" else "remit.basis.by_receipt"
        night, receipt = euro(by_night.to_pay), euro(by_receipt.to_pay)
        notes.append(Problem.of(code, period.label, period=period.label, night=night, receipt=receipt))
    if used.refused:
        code = "remit.refused.deducted" if used.deducted else "remit.refused.due"
        notes.append(Problem.of(code, period.label, amount=euro(used.refused), period=period.label))
    if used.outstanding:
        notes.append(
            Problem.of("remit.outstanding.counted", period.label, amount=euro(used.outstanding), period=period.label)
        )
    return tuple(notes)


def figures_by_period(
    book: Book, kind: str, first: date, last: date, terms: Terms, *, structure: str | None = None,
    payments: Sequence[LedgerPayment] = (),
) -> list[Figures]:  # fmt: skip
    """The figures of every period of a kind, month or quarter or year, that shares a day with the stretch; zeros included."""
    return [
        figures(book, period, terms, structure=structure, payments=payments) for period in periods(kind, first, last)
    ]


def figures_by_structure(
    book: Book, period: Period, terms: Terms, *, payments: Sequence[LedgerPayment] = ()
) -> dict[str, Figures]:
    """The figures of a period of each structure, also of those in which nobody slept."""
    return {
        structure: figures(book, period, terms, structure=structure, payments=payments) for structure in book.structures
    }


def shifts(book: Book, period: Period, *, structure: str | None = None) -> list[Shift]:
    """The stays that explain the difference between the two bases, refused tax counted in both."""
    chosen = list(book.structures) if structure is None else [structure]
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for place, by_night in enumerate((True, False)):
        for entry in book.entries(chosen, period, by_night=by_night):
            found[entry.structure, entry.stay][place] += entry.amount
    return [Shift(*key, *amounts) for key, amounts in found.items() if amounts[0] != amounts[1]]


def _within(inner: Period, outer: Period) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last


def _first_nights(book: Book, nights: list[LedgerNight]) -> list[date]:
    here = {(night.structure, night.stay, night.guest) for night in nights if night.status != EXCLUDED}
    return [book.first_nights[key] for key in here]


def _money(entries: list[Entry], terms: Terms) -> Money:
    total: Counter[str] = Counter()
    deducted = 0
    for entry in entries:
        total[entry.kind] += entry.amount
        if entry.kind == REFUSED and entry.version in terms.deducted:
            deducted += entry.amount
    due = total[COLLECTED_MONEY] + total[REFUSED] + total[OUTSTANDING]
    return Money(due, total[COLLECTED_MONEY], total[REFUSED], total[OUTSTANDING], total[EXCESS], deducted)


def _presences(nights: list[LedgerNight]) -> Counts:
    return _counts(Counter(night.status for night in nights), sum(night.status != EXCLUDED for night in nights))


def _persons(nights: list[LedgerNight]) -> Counts:
    """Persons of a stay, each once under every heading that one of their nights has."""
    headings = {(night.structure, night.stay, night.guest, night.status) for night in nights}
    people = {heading[:3] for heading in headings if heading[3] != EXCLUDED}
    return _counts(Counter(heading[3] for heading in headings), len(people))


def _counts(by_status: Counter[str], total: int) -> Counts:
    def coded(prefix: str) -> tuple[tuple[str, int], ...]:
        return tuple(
            sorted((status.removeprefix(prefix), number) for status, number in by_status.items() if status.startswith(prefix))
        )

    return Counts(
        total, by_status[TAXED], coded("reduced:"), coded("exempt:"), by_status[BEYOND_CAP], by_status[OUT_OF_PERIOD],
        by_status[COLLECTED], by_status[EXCLUDED],
    )  # fmt: skip
