"""Tourist tax paid late of one's own accord: sanction and legal interest (D.Lgs. 471/1997 art. 13; D.Lgs. 472/1997 art. 13).

Spec adempimenti 3.2 and imposta-di-soggiorno 15. The sanction is the tax times an exact fraction, never a rounded percentage;
sanction and interest are each rounded half up to the cent. Breaches before 1 September 2024 use 30 and 15 percent (D.Lgs.
87/2024 art. 5). A year whose rate of interest is not yet fixed is said, not guessed. Voluntary correction ends where the breach
was served.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from locanda.law.holidays import NOWHERE, Local, roll
from locanda.law.packs import Chain, Words
from locanda.law.periods import months_later

__all__ = ["REFORM", "InterestRate", "InterestYear", "Late", "LateStep", "half_up", "late_payment", "legal_interest"]

REFORM = date(2024, 9, 1)
"""Breaches from this day on are punished under the new percentages."""


class InterestRate(NamedTuple):
    """Legal interest of one year, in percent, and the decree that fixed it."""

    percent: Fraction
    source: str


def legal_interest(rules: Chain) -> Mapping[int, InterestRate]:
    """The rates by year that a chain knows (parameter ``legal-interest``). Each year has its own decree of the December before
    (civil code art. 1284), so an unverified rate, or one without an end for the years to come, is no rate."""
    return {
        year: InterestRate(Fraction(str(version.value)), "; ".join(version.sources))
        for version in rules.versions("parameter", "legal-interest")
        if version.status != "unverified"
        for year in range(version.valid_from.year, (version.valid_to or version.valid_from).year + 1)
    }


class LateStep(NamedTuple):
    """A step of the voluntary correction: up to when, which part of which percentage of the tax."""

    id: str
    percent: Fraction
    part: Fraction
    text: Words
    article: str


class InterestYear(NamedTuple):
    """The days of interest that fall in one year; without a rate when the decree is not out."""

    year: int
    days: int
    rate: InterestRate | None


class Late(NamedTuple):
    """What a late payment costs, in cents. Interest and total are None while a year's rate is unknown."""

    amount: int
    due: date
    paid: date
    days_late: int
    step: LateStep | None
    factor: Fraction
    sanction: int
    interest: int | None
    years: tuple[InterestYear, ...]
    boundary: date | None
    other_reading: int | None

    @property
    def total(self) -> int | None:
        """Tax, sanction and interest together."""
        return None if self.interest is None else self.amount + self.sanction + self.interest

    @property
    def unknown_years(self) -> tuple[int, ...]:
        return tuple(entry.year for entry in self.years if entry.rate is None)


_ARTICLE = "D.Lgs. 472/1997 art. 13 c. 1"

_SHORT: tuple[tuple[str, int, Fraction, Words, str], ...] = (
    ("days_1_14", 14, Fraction(1, 150), Words("1/10 di 1/15 per ogni giorno", "1/10 of 1/15 for each day"), "lett. a"),
    ("days_15_30", 30, Fraction(1, 10), Words("1/10, entro 30 giorni", "1/10, within 30 days"), "lett. a"),
    ("days_31_90", 90, Fraction(1, 9), Words("1/9, entro 90 giorni", "1/9, within 90 days"), "lett. a-bis"),
)
"""Up to 90 days the percentage is halved: id, last day, part of it."""

_EIGHTH, _SEVENTH, _SIXTH = Fraction(1, 8), Fraction(1, 7), Fraction(1, 6)
_LONG: Mapping[str, tuple[Fraction, Words, str]] = {
    "within_return": (_EIGHTH, Words("1/8, entro la dichiarazione dell'anno", "1/8, by the return of the year"), "lett. b"),
    "within_year": (_EIGHTH, Words("1/8, entro un anno", "1/8, within one year"), "lett. b"),
    "later": (_SEVENTH, Words("1/7, oltre", "1/7, later"), "lett. b-bis"),
    "after_draft": (_SIXTH, Words("1/6, dopo lo schema di atto", "1/6, after the draft assessment"), "lett. b-ter"),
}
"""Beyond 90 days, of the whole percentage."""


def late_payment(
    amount: int,
    due: date,
    paid: date,
    *,
    rates: Mapping[int, InterestRate],
    periodic_return: bool = True,
    after_draft: bool = False,
    local: Local = NOWHERE,
) -> Late:
    """What to pay for a tax of ``amount`` cents due on one day and paid on another.

    A term on a Saturday, Sunday or holiday (``local``: of the comune too) ends on the next working day, and days are counted
    from there. With ``periodic_return`` (the national return of 30 June) the one-eighth lasts until the return of the year of the
    breach, without it one year; where the two readings give different sums, ``other_reading`` is that of the other one.
    """
    term = roll(due, "tax", local)
    days = max((paid - term).days, 0)
    if days == 0:
        return Late(amount, term, paid, 0, None, Fraction(0), 0, 0, (), None, None)
    boundary, other = _boundaries(term) if periodic_return else _boundaries(term)[::-1]
    step = _step(days, paid, term, boundary, returns=periodic_return, after_draft=after_draft)
    factor = step.percent / 100 * step.part * (days if step.id == "days_1_14" else 1)
    sanction = half_up(amount * factor)
    rival = _step(days, paid, term, other, returns=not periodic_return, after_draft=after_draft)
    years = _years(term, paid, rates)
    interest = None
    if all(entry.rate for entry in years):
        interest = half_up(amount * sum((_interest(entry) for entry in years), Fraction(0)))
    return Late(
        amount, term, paid, days, step, factor, sanction, interest, years,
        boundary if days > 90 and not after_draft else None,
        half_up(amount * rival.percent / 100 * rival.part) if rival.part != step.part else None,
    )  # fmt: skip


def half_up(cents: Fraction) -> int:
    """The nearest whole cent, halves upwards."""
    return (2 * cents.numerator + cents.denominator) // (2 * cents.denominator)


def _boundaries(term: date) -> tuple[date, date]:
    """Until when one eighth is enough: the return of the year of the breach (30 June of the next), and one year."""
    return roll(date(term.year + 1, 6, 30), "tax"), months_later(term, 12)


def _step(days: int, paid: date, term: date, boundary: date, *, returns: bool, after_draft: bool) -> LateStep:
    full, halved = (Fraction(25), Fraction(25, 2)) if term >= REFORM else (Fraction(30), Fraction(15))
    for ident, last, part, text, letter in () if after_draft else _SHORT:
        if days <= last:
            return LateStep(ident, halved, part, text, f"{_ARTICLE} {letter}")
    early = "within_return" if returns else "within_year"
    ident = "after_draft" if after_draft else early if paid <= boundary else "later"
    part, text, letter = _LONG[ident]
    return LateStep(ident, full, part, text, f"{_ARTICLE} {letter}")


def _years(term: date, paid: date, rates: Mapping[int, InterestRate]) -> tuple[InterestYear, ...]:
    """The days from the one after the term to the payment, year by year."""
    first = term + timedelta(days=1)
    return tuple(
        InterestYear(
            year, (min(paid, date(year, 12, 31)) - max(first, date(year, 1, 1))).days + 1, rates.get(year)
        )
        for year in range(first.year, paid.year + 1)
    )


def _interest(entry: InterestYear) -> Fraction:
    assert entry.rate is not None
    return entry.rate.percent * entry.days / 36_500
