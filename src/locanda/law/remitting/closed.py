"""What changed in a period after it was paid (spec imposta-di-soggiorno 7.8): a stay corrected, a receipt that came later.

A period once paid is never rewritten. What the ledger says of it today is compared, stay by stay, with what was paid over for it;
the differences are shown, and whether the comune lets them be set off against the next payment is asked of the comune.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from locanda.law.periods import Period
from locanda.law.remitting.ledger import EXCESS, REFUSED, Book, Terms

__all__ = ["Changed", "Settled", "changed_since", "settle"]


class Settled(NamedTuple):
    """What was paid over for a stay with a period."""

    structure: str
    stay: str
    period: Period
    amount: int


class Changed(NamedTuple):
    """A stay whose share of a paid period is another one today. ``difference`` is what is missing, negative when too much."""

    structure: str
    stay: str
    period: Period
    settled: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.settled


def settle(book: Book, period: Period, terms: Terms, *, structure: str | None = None) -> list[Settled]:
    """The share of each stay in what a period owes today; their sum is ``Figures.to_pay``."""
    chosen = list(book.structures) if structure is None else [structure]
    by_night = terms.basis == "night"
    found: Counter[tuple[str, str]] = Counter()
    for entry in book.entries(chosen, period, by_night=by_night):
        if not (entry.kind == REFUSED and entry.version in terms.deducted) and not (by_night and entry.kind == EXCESS):
            found[entry.structure, entry.stay] += entry.amount
    return [Settled(*key, period, amount) for key, amount in found.items() if amount]


def changed_since(book: Book, settled: Iterable[Settled], terms: Terms) -> list[Changed]:
    """The stays of paid periods whose share is another one today."""
    before: Counter[tuple[str, Period, str]] = Counter()
    for row in settled:
        before[row.structure, row.period, row.stay] += row.amount
    found = []
    for structure, period in dict.fromkeys(key[:2] for key in before):
        now = {row.stay: row.amount for row in settle(book, period, terms, structure=structure)}
        then = {key[2]: amount for key, amount in before.items() if key[:2] == (structure, period)}
        found += [
            Changed(structure, stay, period, then.get(stay, 0), now.get(stay, 0))
            for stay in dict.fromkeys((*then, *now)) if then.get(stay, 0) != now.get(stay, 0)
        ]  # fmt: skip
    return found
