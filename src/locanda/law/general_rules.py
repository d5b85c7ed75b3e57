"""What the general law says of every administrative sanction (L. 689/1981; spec adempimenti 3.2). Amounts are cents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from locanda.law.late_tax import half_up
from locanda.law.packs import Words
from locanda.law.periods import months_later

__all__ = ["PROCEDURE", "GeneralRule", "late_order", "one_act", "reduced_payment", "time_bar"]


class GeneralRule(NamedTuple):
    """A rule of the general law on sanctions, with its article."""

    id: str
    article: str
    text: Words


PROCEDURE: tuple[GeneralRule, ...] = tuple(
    GeneralRule(ident, article, Words(it, en))
    for ident, article, it, en in (
        (
            "service", "L. 689/1981 art. 14",
            "contestazione entro 90 giorni dall'accertamento (360 all'estero)",
            "notice of breach served within 90 days of the finding (360 abroad)",
        ),
        (
            "reduced", "L. 689/1981 art. 16 c. 1",
            "un terzo del massimo o, se meno, il doppio del minimo, entro 60 giorni",
            "a third of the maximum or, when lower, twice the minimum, within 60 days",
        ),
        (
            "giunta", "L. 689/1981 art. 16 c. 2",
            "per i regolamenti di comuni e province la Giunta può fissare un'altra somma",
            "for rules of a comune or province its executive (Giunta) may fix another sum",
        ),
        (
            "papers", "L. 689/1981 art. 18",
            "scritti difensivi entro 30 giorni",
            "defence papers within 30 days",
        ),
        (
            "appeal", "L. 689/1981 art. 22; D.Lgs. 150/2011 art. 6",
            "ricorso contro l'ordinanza entro 30 giorni, agosto escluso",
            "appeal against the order within 30 days, August not counted",
        ),
        (
            "one_act", "L. 689/1981 art. 8",
            "più violazioni con una sola azione: fino al triplo della più grave",
            "several breaches by one act: up to three times the heaviest",
        ),
        (
            "repetition", "L. 689/1981 art. 8-bis c. 1 e 5",
            "reiterazione: stessa indole entro cinque anni; non vale se la prima fu pagata in misura ridotta",
            "repetition: of the same kind within five years; not where the first was settled by reduced payment",
        ),
        (
            "instalments", "L. 689/1981 art. 26",
            "a rate, da 3 a 30 mensili, su richiesta",
            "in 3 to 30 monthly parts, on request",
        ),
        (
            "late_order", "L. 689/1981 art. 27",
            "un decimo in più per ogni semestre di ritardo",
            "one tenth more for each half-year of delay",
        ),
        (
            "time_bar", "L. 689/1981 art. 28",
            "si prescrive in cinque anni dalla violazione",
            "time-barred five years after the breach",
        ),
    )
)  # fmt: skip
"""What holds for every administrative sanction."""


def reduced_payment(low: int | None, high: int | None) -> int | None:
    """A third of the maximum or, when lower, twice the minimum (L. 689/1981 art. 16); None where the maximum is unknown."""
    if high is None:
        return None
    third = half_up(Fraction(high, 3))
    return min(third, 2 * low) if low else third


def one_act(maxima: Iterable[int]) -> int:
    """The most that several breaches by one act can cost: three times the heaviest, never more than their sum (art. 8)."""
    amounts = list(maxima)
    return min(3 * max(amounts, default=0), sum(amounts))


def late_order(cents: int, due: date, on: date) -> int:
    """An order paid late: one tenth more for each whole half-year from the day it became due (art. 27)."""
    halves = 0
    while months_later(due, 6 * (halves + 1)) <= on:
        halves += 1
    return cents + half_up(Fraction(cents * halves, 10))


def time_bar(on: date) -> date:
    """The last day on which a breach can still be punished, if nothing interrupts the term (art. 28)."""
    return months_later(on, 60)
