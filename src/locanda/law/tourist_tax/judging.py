"""What a rule says about one guest on one night, the counters of nights aside (spec imposta-di-soggiorno 7.1, 7.4, 7.5)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.law.tourist_tax.facts import Refused, first_match, holds
from locanda.law.tourist_tax.rules import Cap, Condition, Doubt, Exemption, Rate, Reduction, TaxVersion
from locanda.law.tourist_tax.values import COLLECTED, EXCLUDED, OUT_OF_PERIOD, TAXED

__all__ = ["Verdict", "judge", "reduced"]

Fact = Callable[[str], Any]
Allows = Callable[[Exemption | Reduction, int], bool]
"""Whether the quota of a row still takes this guest in; the number is the row's place among all with quotas."""


class Verdict(NamedTuple):
    """The status of a night and, where it is taxed, its row and amounts in cents. ``cap`` None: no limit.

    ``also`` are limits beside the first. ``by`` is the place of the exemption, or of the first limit. ``rate`` and ``cuts`` are
    kept for amounts that only the whole room knows (a percentage of its price). ``papers`` are code and form of exemptions whose
    document is needed; ``lost`` those that do not hold without it; ``asks`` and ``doubts`` what no source told.
    """

    status: str
    version: TaxVersion
    row: int | None = None
    base: int | None = None
    reduction: str | None = None
    amount: int = 0
    cap: Cap | None = None
    taxed: bool = False
    rate: Rate | None = None
    cuts: tuple[Reduction, ...] = ()
    papers: tuple[tuple[str, str], ...] = ()
    asks: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    also: tuple[Cap, ...] = ()
    by: int | None = None
    lost: tuple[tuple[str, str], ...] = ()


def judge(
    version: TaxVersion, fact: Fact, *, in_period: bool, resident: bool, allows: Allows, price: Callable[[Rate], Fraction],
    counting: bool = False, held: Collection[str] | None = None,
) -> Verdict:  # fmt: skip
    """The verdict of a version. ``counting``: only whether the night is one that the tax is due for, without its amount.

    ``held``: the papers that are here, when an exemption without its own is lost; None while they may still come.
    """
    if resident and version.residents == "excluded":
        return Verdict(EXCLUDED, version)
    if resident and version.residents == "exempt":
        return Verdict("exempt:resident", version)
    if not in_period:
        return Verdict(OUT_OF_PERIOD, version)
    doubts = tuple(doubt for doubt in version.doubts if _seems(doubt.when, fact)) if version.doubts and not counting else ()
    lost: list[Exemption | Reduction] = []
    for place, exemption in enumerate(version.exemptions):
        if holds(exemption.when, fact):
            if _unproved(exemption, held):
                lost.append(exemption)
            elif allows(exemption, place):
                papers = _papers([exemption])
                return Verdict(f"exempt:{exemption.code}", version, papers=papers, doubts=doubts, by=place, lost=_papers(lost))
    caps = _caps(version, fact)
    cap = caps[0] if caps else None
    if counting:
        return Verdict(TAXED, version, cap=cap, taxed=True, also=caps[1:], lost=_papers(lost))
    asks = _asks(version, fact)
    rate: Rate | None = first_match(version.rates, fact)
    if rate is None or rate.kind == "unknown":
        raise Refused(_no_rate(version, rate, fact))
    wanted = [
        (cut, place) for place, cut in enumerate(version.reductions, len(version.exemptions)) if holds(cut.when, fact)
    ]
    lost += [cut for cut, _ in wanted if _unproved(cut, held)]
    cuts = tuple(cut for cut, place in wanted if not _unproved(cut, held) and allows(cut, place))
    label = "+".join(cut.code for cut in cuts) or None
    status = f"reduced:{label}" if label else TAXED
    if version.intermediary.collects and fact("channel") in version.intermediary.channels:
        status = COLLECTED
    base = Fraction(0) if rate.kind == "percent" else _base(rate, fact, price)
    amount = reduced(version, rate, base, cuts)
    return Verdict(
        status, version, rate.row, version.rounding.cents(base), label, version.rounding.cents(amount), cap, taxed=True,
        rate=rate if rate.kind == "percent" else None, cuts=cuts, papers=_papers(cuts), asks=asks, doubts=doubts,
        also=caps[1:], by=version.caps.index(cap) if cap is not None else None, lost=_papers(lost),
    )  # fmt: skip


def _unproved(row: Exemption | Reduction, held: Collection[str] | None) -> bool:
    """Whether the paper that a row needs did not come in time (spec 3.4)."""
    return held is not None and row.paper is not None and row.paper.required and row.paper.form not in held


def _caps(version: TaxVersion, fact: Fact) -> tuple[Cap, ...]:
    """The limit of the first row that matches, and those that hold beside it."""
    first: Cap | None = None
    beside: list[Cap] = []
    for cap in version.caps:
        if (cap.also or first is None) and holds(cap.when, fact):
            if cap.also:
                beside.append(cap)
            else:
                first = cap
    return (*((first,) if first is not None else ()), *beside)


def _seems(when: Iterable[Condition], fact: Fact) -> bool:
    """Whether a doubt is in place; for a doubt alone nobody is asked for a fact."""
    try:
        return holds(when, fact)
    except Refused:
        return False


def _no_rate(version: TaxVersion, row: Rate | None, fact: Fact) -> Problem:
    """Why there is no amount: a fact that any other row needs, what the row itself says, or that nobody found it."""
    for rate in version.rates:
        if rate.kind != "unknown":
            lacking = [condition.key for condition in rate.when if condition.key in _GRADES and fact(condition.key) is None]
            others = [condition for condition in rate.when if condition.key not in lacking]
            if lacking and _seems(others, fact):
                return Refused.missing(f"property.{lacking[0]}").problem
    if row is None:
        return Problem.of("tax.rate.missing", "", version=version.id)
    if row.why is not None:
        return Problem.of("tax.rate.unclear", "", version=version.id, it=row.why.it, en=row.why.en)
    return Problem.of("tax.rate.unknown", "", version=version.id)


_GRADES = ("stars", "suns")


def _papers(rows: Iterable[Exemption | Reduction]) -> tuple[tuple[str, str], ...]:
    return tuple((row.code, row.paper.form) for row in rows if row.paper is not None and row.paper.required)


def _asks(version: TaxVersion, fact: Fact) -> tuple[str, ...]:
    if not version.unknown:
        return ()
    age = fact("age") if "children" in version.unknown else None
    found = ["children"] if isinstance(age, int) and age < 18 else []
    return (*found, *(name for name in version.unknown if name != "children"))


def _base(rate: Rate, fact: Fact, price: Callable[[Rate], Fraction]) -> Fraction:
    if rate.kind == "per_star":
        stars = fact("stars")
        if stars is None:
            raise Refused.missing("property.stars")
        return rate.amount * int(stars) + rate.plus
    if rate.kind == "brackets":
        found = price(rate)
        bracket = next((bracket for bracket in rate.brackets if bracket.holds(found)), None)
        if bracket is None:
            raise Refused(Problem.of("tax.price.beyond", "price", price=f"{float(found) / 100:.2f}"))
        return bracket.amount
    return rate.amount


def reduced(version: TaxVersion, rate: Rate, base: Fraction, cuts: Sequence[Reduction]) -> Fraction:
    """The amount after the reductions, not yet rounded. Published amounts are used as they are (spec 7.4)."""
    if not cuts:
        return base
    named = dict(rate.named)
    published: list[Fraction] = []
    for cut in cuts:
        if cut.use is not None:
            if cut.use not in named:
                raise Refused(Problem.of("tax.amount.missing", "", name=cut.use, row=rate.row, version=version.id))
            published.append(named[cut.use])
        elif cut.fixed is not None:
            published.append(cut.fixed)
    parts: list[Fraction] = [cut.off for cut in cuts if cut.off is not None]
    if version.combine == "best":
        return min([base, *published, *(base * (1 - part) for part in parts)])
    start: Fraction = min(published) if published else base
    if version.combine == "sum":
        return max(start - base * sum(parts, start=Fraction(0)), Fraction(0))
    for part in parts:
        start *= 1 - part
    return start
