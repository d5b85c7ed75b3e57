"""What a breach costs: range, reduced payment, repetition, suspension, revocation, warning (spec adempimenti 3.2).

Amounts are cents (hundredths of a percent where the sanction is a share of the tax) and already multiplied by the number of
months or violations. The reduced payment of L. 689/1981 art. 16 is computed for each and then added. What no source says stays
None: an unknown amount is told as unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from locanda.law.general_rules import reduced_payment
from locanda.law.late_tax import half_up
from locanda.law.packs import Chain, Delay, Revocation, Sanction, Suspended, Words
from locanda.law.packs.tree import Tree, builtin_tree
from locanda.law.periods import months_later

__all__ = [
    "WARNING_SINCE", "Breach", "Penalty", "Suspension", "accessories", "calculate", "cents_of", "earlier_breaches", "find_rules",
    "revoked", "stakes",
]  # fmt: skip

WARNING_SINCE = date(2024, 8, 2)
"""From this day the first curable breach in five years is warned of before it is punished (D.Lgs. 103/2024 art. 6)."""

WARNING_LIMIT = 500_000
"""... where the sanction is at most 5,000 euro (cents)."""


class Breach(NamedTuple):
    """An earlier breach of a property: when, of what, and how it ended."""

    sanction: str
    on: date
    enforceable: bool = True
    settled: bool = False


class Suspension(NamedTuple):
    """Whether the activity may be suspended, for how long at most, and under which condition."""

    possible: bool
    max_months: int | None = None
    condition: Words | None = None


class Penalty(NamedTuple):
    """What a breach costs, with the articles. ``repetition`` is ``none``, ``recidiva`` or ``repeated_recidiva``."""

    sanction: Sanction
    on: date
    times: int
    min: int | None
    max: int | None
    reduced: int | None
    repetition: str
    factor: int
    suspension: Suspension
    revocation: bool
    warning_first: bool
    suspended: Suspended | None
    oblazione: int | None
    articles: tuple[Words, ...]
    notes: tuple[Words, ...]

    @property
    def percent(self) -> bool:
        """Whether the range is a share of the tax, in percent, and not euro."""
        return self.sanction.nature == "tax_percent"


_BY_MONTH = frozenset({"month", "four_months"})
_SERIOUS = Words("nei casi gravi, dopo diffida", "in serious cases, after a warning")
_REPEATED = Words("facoltativa, con recidiva reiterata", "optional, on repeated recidiva (recidivism)")


def calculate(
    sanction: Sanction,
    *,
    on: date,
    earlier: int = 0,
    count: int = 1,
    suspensions: Sequence[date] = (),
    also: Sequence[Sanction] = (),
) -> Penalty:
    """What ``count`` breaches of that day (or months) cost whoever has ``earlier`` ones that count (:func:`earlier_breaches`).

    ``also``: what the territory adds for any operator (:func:`accessories`).
    """
    euro = sanction.nature != "tax_percent"
    repeats = (sanction.repeat_factor or 1) > 1
    repetition = ("none", "recidiva", "repeated_recidiva")[min(earlier, 2)] if repeats or _steps(sanction) else "none"
    factor = (sanction.repeat_factor or 1) if earlier else 1
    pause = next((entry for entry in sanction.suspended if entry.from_ <= on <= entry.to), None)
    times = count if euro else 1
    single = [None if value is None else cents_of(value) * factor for value in (sanction.min, sanction.max)]
    reduced = reduced_payment(*single) if sanction.nature == "administrative" else None
    total = [None if value is None else value * times * (pause is None) for value in (*single, reduced)]
    first = cents_of(sanction.max) if sanction.max is not None else None
    warning = sanction.warning_first and on >= WARNING_SINCE and not earlier and first is not None and first <= WARNING_LIMIT
    penalty = Penalty(
        sanction, on, count, total[0], total[1], total[2], repetition, factor, _suspension(sanction, earlier),
        any(revoked(suspensions, entry.revoke_after) for entry in (sanction, *also)), warning, pause,
        None if sanction.oblazione is None else cents_of(sanction.oblazione) * count, (), (),
    )  # fmt: skip
    return penalty._replace(articles=tuple(dict.fromkeys(_articles(penalty, also))), notes=tuple(_notes(penalty)))


def stakes(
    idents: Iterable[str], rules: Chain, on: date, *, history: Sequence[Breach] = (), suspensions: Sequence[date] = (),
    days_late: int | None = None, month: date | None = None,
) -> tuple[Penalty, ...]:
    """What each sanction of a duty would cost a property with that history: the risk shown is the real one.

    ``days_late``, when it is late already, leaves out the sanctions that are for a shorter or a longer delay. ``month`` is the
    last day of the period reported: a tariff per month is that of its month, also where the term falls in the next year.
    """
    found = []
    for ident in idents:
        monthly = month is not None and {version.unit for version in rules.versions("sanction", ident)} <= _BY_MONTH
        day = month if month is not None and monthly else on
        sanction = rules.sanction(ident, day)
        if sanction is not None and (not days_late or sanction.delay is None or sanction.delay.holds(days_late)):
            found.append(calculate(
                sanction, on=day, earlier=earlier_breaches(history, sanction, on), suspensions=suspensions,
                also=accessories(rules, sanction, day),
            ))  # fmt: skip
    return tuple(found)


def cents_of(amount: Decimal) -> int:
    """Euro as cents (percent as hundredths of a percent)."""
    return half_up(Fraction(amount) * 100)


def earlier_breaches(history: Iterable[Breach], sanction: Sanction, on: date) -> int:
    """How many earlier breaches count: same rule, within the window, enforceable, not settled by reduced payment (art. 8-bis)."""
    since = months_later(on, -12 * (sanction.repeat_years or 5))
    return sum(
        breach.sanction == sanction.id and since <= breach.on < on and breach.enforceable and not breach.settled
        for breach in history
    )


def revoked(suspensions: Sequence[date], rule: Revocation | None) -> bool:
    """Whether enough suspensions fall in the months that end on the day of the newest one (a duty, not a power)."""
    if rule is None or not suspensions:
        return False
    since = months_later(max(suspensions), -rule.months)
    return sum(day >= since for day in suspensions) >= rule.suspensions


def accessories(rules: Chain, sanction: Sanction, on: date) -> tuple[Sanction, ...]:
    """What the territory of a sanction adds to it for any operator: suspension, loss of the permit."""
    return tuple(
        entry for entry in rules.sanctions(on) if entry.nature == "accessory" and entry.territory == sanction.territory
    )


def find_rules(ident: str, where: Tree | None = None) -> Chain | None:
    """The chain down to the territory in which a sanction is first written; None when no territory has it.

    Files are searched as text, so that only those of one chain are read.
    """
    where = where or builtin_tree()
    mark = f'id = "{ident}"'
    for place in where.walk():
        if place.file is None or mark not in place.file.read_text(encoding="utf-8"):
            continue
        above = [entry for entry in (*where.parents_of(place.path), place) if entry.file is not None]
        rules = Chain("", [where.pack(entry.path) for entry in above])
        if rules.versions("sanction", ident):
            return rules
    return None


def _steps(sanction: Sanction) -> bool:
    return sanction.suspension_from == "repeated_recidiva"


def _suspension(sanction: Sanction, earlier: int) -> Suspension:
    if sanction.suspension_max_months is None:
        return Suspension(possible=False)
    if _steps(sanction):
        may = earlier >= 2
        return Suspension(may, sanction.suspension_max_months if may else None, _REPEATED if may else None)
    return Suspension(max_months=sanction.suspension_max_months, condition=_SERIOUS, possible=True)


def _articles(penalty: Penalty, also: Sequence[Sanction]) -> Iterable[Words]:
    sanction = penalty.sanction
    yield sanction.basis
    if penalty.reduced is not None:
        yield _cited("L. 689/1981 art. 16")
    if penalty.repetition != "none" or penalty.suspension.possible:
        yield _cited(sanction.repeat_rule or "L. 689/1981 art. 8-bis")
    if penalty.suspension.possible:
        yield from (entry.basis for entry in also if entry.suspension_max_months)
    if penalty.revocation:
        yield from (entry.basis for entry in also if entry.revoke_after)
    if penalty.oblazione is not None:
        yield _cited("art. 162-bis c.p.")
        yield _cited("art. 42 c. 4 c.p.")
    if penalty.warning_first:
        yield _cited("D.Lgs. 103/2024 art. 6")
    if penalty.percent:
        yield _cited("D.Lgs. 472/1997 art. 13")


def _only(delay: Delay) -> Words:
    """For which delay alone: a return is either late or missing, and one breach is punished once."""
    if delay.to is not None:
        return Words(
            f"fino a {delay.to} giorni di ritardo; oltre vale al suo posto quella per l'omissione: le due non si sommano",
            f"up to {delay.to} days late; beyond that the one for a missing return applies instead: they are not added",
        )
    return Words(
        f"da {delay.from_} giorni di ritardo in su; prima vale invece quella per il ritardo: le due non si sommano",
        f"from {delay.from_} days late on; before that the one for a late return applies instead: they are not added",
    )


def _cited(article: str) -> Words:
    """An article is cited the same way in both languages."""
    return Words(article, article)


def _notes(penalty: Penalty) -> Iterable[Words]:
    sanction = penalty.sanction
    if sanction.nature in ("administrative", "criminal", "tax_percent") and penalty.max is None:
        yield Words("importo non trovato nelle fonti: non si indovina", "amount not found in any source: it is not guessed")
    if sanction.nature == "criminal" and not sanction.remarks:
        yield Words(
            "arresto oppure ammenda: la L. 689/1981 non si applica; l'oblazione speciale è la metà del massimo più le spese, "
            "se il giudice l'ammette e non restano conseguenze dannose",
            "arrest or fine: L. 689/1981 does not apply; the special oblazione is half of the maximum plus costs, if the judge "
            "admits it and no harmful effects remain",
        )
    if penalty.suspended:
        first, last = f"{penalty.suspended.from_:%d/%m/%Y}", f"{penalty.suspended.to:%d/%m/%Y}"
        yield Words(f"sanzione sospesa dal {first} al {last}", f"sanction suspended from {first} to {last}")
    if penalty.warning_first:
        yield Words(
            "la prima volta, se si può rimediare, arriva prima una diffida: si hanno al più 20 giorni per mettersi in regola. Da "
            "verificare: se vale anche per chi non è impresa (le esclusioni del decreto non sono state lette tutte)",
            "the first time, if it can be put right, a warning comes first: there are up to 20 days to comply. To be verified: "
            "whether this covers hosts who are not a business (the exclusions of the decree were not all read)",
        )
    if sanction.graded:
        yield Words("graduata secondo la dimensione della struttura", "graded by the size of the property")
    if sanction.delay:
        yield _only(sanction.delay)
    if sanction.cure:
        euro = f"{sanction.cure.amount:.2f}"
        comma = euro.replace(".", ",")
        days = sanction.cure.within_days
        yield Words(
            f"{comma} euro se si rimedia entro {days} giorni dall'avviso",
            f"{euro} euro if put right within {days} days of notice"
        )
    if sanction.max_per_year:
        yield Words(f"al più {sanction.max_per_year} l'anno", f"at most {sanction.max_per_year} a year")
    if sanction.remarks:
        yield sanction.remarks
