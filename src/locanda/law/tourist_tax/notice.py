"""What a notice to the guests has to say of the tax, as data: rates, limit, exemptions with their papers, sanctions (spec 3.5).

    notice(tax, property, on, chain=chain("072030"))

Rows that can never hold for the property are left out; of the others the conditions that are left are told in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from locanda.core.stays import Property
from locanda.law.tourist_tax.rules import (
    Cap,
    Condition,
    Doubt,
    Exemption,
    OwnMark,
    Rate,
    Reduction,
    Saying,
    TaxVersion,
    TouristTax,
    YearSpan,
)
from locanda.law.tourist_tax.words import ages_in_words, both, euro, named, who

if TYPE_CHECKING:
    from locanda.law.packs.chain import Chain

__all__ = ["NoticeLine", "TaxNotice", "notice"]

_OF_THE_PROPERTY = ("type", "business", "stars", "suns", "superior", "category", "cadastral_category", "zone", "let_as")


class NoticeLine(NamedTuple):
    """One row of the rule: what it says, for whom or when, its code and paper.

    ``amount`` in cents where it is one amount for this property; ``percent`` of the price, with its ``ceiling`` in cents;
    ``band`` says for which prices the amount holds. Of a reduction ``amount`` is what is paid instead, ``percent`` what is taken
    off, neither where the comune publishes a reduced amount of its own. ``when``: the conditions that the property leaves open.
    """

    says: Saying
    only: tuple[Saying, ...] = ()
    amount: int | None = None
    code: str = ""
    paper: str | None = None
    paper_required: bool = False
    percent: str | None = None
    ceiling: int | None = None
    band: Saying | None = None
    when: tuple[Condition, ...] = ()


class TaxNotice(NamedTuple):
    """The rule in force for a property on a day. ``rates`` is empty where nobody knows the amount."""

    version: str
    first: date
    last: date
    status: str
    sources: tuple[str, ...]
    rates: tuple[NoticeLine, ...]
    caps: tuple[NoticeLine, ...]
    exemptions: tuple[NoticeLine, ...]
    reductions: tuple[NoticeLine, ...]
    periods: tuple[YearSpan, ...]
    residents: str
    unknown: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    own: tuple[OwnMark, ...]
    sanctions: tuple[str, ...]


def notice(tax: TouristTax, home: Property, on: date, *, chain: Chain | None = None) -> TaxNotice | None:
    """None where no version holds that day. ``chain`` tells the sanctions of the duties that the rule names."""
    version = tax.version(on)
    if version is None:
        return None
    rates = _reached([rate for rate in version.rates if _may(rate.when, home)], version)
    return TaxNotice(
        version.id, version.first, version.last, version.status, version.sources,
        tuple(line for rate in rates for line in _rate(rate, home)),
        tuple(_cap(cap) for cap in _caps(version, home)),
        tuple(_relief(row) for row in version.exemptions if _may(row.when, home)),
        tuple(_reduced(row) for row in version.reductions if _may(row.when, home)),
        version.periods, version.residents, version.unknown,
        tuple(doubt for doubt in version.doubts if _may(doubt.when, home)), version.own, _sanctions(tax, chain, on),
    )  # fmt: skip


def _may(when: Iterable[Condition], home: Property) -> bool:
    """Whether conditions on the property hold; those on guests and nights stay open."""
    return all(
        condition.key not in _OF_THE_PROPERTY or condition.holds(_fact(home, condition.key))
        for condition in when
    )


def _fact(home: Property, key: str) -> object:
    value = getattr(home, key)
    return None if value == "" else value


def _left(when: Iterable[Condition]) -> list[Condition]:
    return [condition for condition in when if condition.key not in _OF_THE_PROPERTY]


def _reached(rates: Sequence[Rate], version: TaxVersion) -> list[Rate]:
    """Rows after the first that holds whoever comes, or after one for every season, are never reached."""
    told: list[Rate] = []
    seasons = {name for name, _ in version.seasons}
    for rate in rates:
        told.append(rate)
        left = _left(rate.when)
        if [condition.key for condition in left] == ["season"]:
            seasons -= {str(word) for word in left[0].words or ()}
        if not left or (version.seasons and not seasons):
            break
    return told


def _caps(version: TaxVersion, home: Property) -> list[Cap]:
    told: list[Cap] = []
    closed = False
    for cap in version.caps:
        if _may(cap.when, home) and (cap.also or not closed):
            told.append(cap)
            closed = closed or (not cap.also and not _left(cap.when))
    return told


def _rate(rate: Rate, home: Property) -> Iterable[NoticeLine]:
    only = tuple(map(_only, _left(rate.when)))
    match rate.kind:
        case "per_star":
            key = "rate.per_star_plus" if rate.plus else "rate.per_star"
            amount = None if home.stars is None else int(rate.amount * home.stars + rate.plus)
            yield NoticeLine(both(key, amount=euro(rate.amount), plus=euro(rate.plus)), only, amount)
        case "brackets":
            for bracket in rate.brackets:
                key = "rate.above" if bracket.top is None else "rate.up_to" if bracket.closed else "rate.below"
                says = both(key, amount=euro(bracket.amount), top=euro(bracket.top or 0))
                yield NoticeLine(says, only, int(bracket.amount), band=says)
        case "percent":
            key = "rate.percent" if rate.ceiling is None else "rate.percent_ceiling"
            percent, ceiling = f"{float(rate.amount * 100):g}", None if rate.ceiling is None else int(rate.ceiling)
            says = both(key, percent=percent, ceiling=euro(rate.ceiling or 0))
            yield NoticeLine(says, only, percent=percent, ceiling=ceiling)
        case "unknown":
            yield NoticeLine(rate.why or both("rate.unknown"), only)
        case _:
            yield NoticeLine(both("rate.fixed", amount=euro(rate.amount)), only, int(rate.amount))


def _cap(cap: Cap) -> NoticeLine:
    window = "none" if cap.nights is None else cap.window
    return NoticeLine(both(f"cap.{window}", nights=cap.nights), tuple(map(_only, _left(cap.when))))


def _relief(row: Exemption | Reduction, more: Saying | None = None) -> NoticeLine:
    """Who it is for, with the age and how many; of what else it asks, the conditions that the code does not already say."""
    only = [] if more is None else [more]
    age = ages_in_words(row)
    only += [age] if age is not None else []
    only += [_only(condition) for condition in _left(row.when) if condition.key not in ("age", "status")]
    if row.quota is not None:
        each = row.quota.each
        only.append(both(f"quota.{row.quota.per}", each=each, every=row.quota.every))
    paper = row.paper
    return NoticeLine(
        who(row.code), tuple(only), None, row.code, paper.form if paper else None, paper.required if paper else False
    )


def _reduced(row: Reduction) -> NoticeLine:
    """A reduction with what is paid: the figures apart from the words."""
    line = _relief(row, _cut(row))
    amount = None if row.fixed is None else int(row.fixed)
    percent = None if row.off is None else f"{float(row.off * 100):g}"
    return line._replace(amount=amount, percent=percent, when=tuple(_left(row.when)))


def _cut(row: Reduction) -> Saying:
    if row.off is not None:
        return both("cut.percent", percent=f"{float(row.off * 100):g}")
    return both("cut.use") if row.fixed is None else both("cut.fixed", amount=euro(row.fixed))


def _only(condition: Condition) -> Saying:
    """A condition in words."""
    if condition.key == "age" and condition.words is None:
        row = Exemption("", (condition,))
        return ages_in_words(row) or both("only.other", key=condition.key, words="")
    if condition.key == "age":
        return both("age.words", words=_value(condition))
    if condition.key == "status":
        return _joined(who(str(word)) for word in sorted(map(str, condition.words or ())))
    if condition.key == "months" and condition.words is not None:
        return both("only.months", words=_joined(both(f"month.{month}") for month in sorted(map(int, map(str, condition.words)))))
    if condition.key in ("season", "channel", "group"):
        return both(f"only.{condition.key}", words=_joined(named(str(word)) for word in sorted(map(str, condition.words or ()))))
    known = ("season", "months", "channel", "group", "participants", "nights_of_stay", "booked_on", "child_order", "with_parents")
    key = condition.key if condition.key in known else "other"
    return both(f"only.{key}", key=condition.key, words=_value(condition))


def _joined(words: Iterable[Saying]) -> Saying:
    told = list(words)
    return Saying(", ".join(word.it for word in told), ", ".join(word.en for word in told))


def _value(condition: Condition) -> str:
    if condition.words is not None:
        return ", ".join(map(str, sorted(condition.words, key=lambda word: (isinstance(word, str), word))))
    low, high = condition.low, condition.high
    if condition.key == "booked_on":
        first, last = (None if end is None else date.fromordinal(end).isoformat() for end in (low, high))
    else:
        first, last = (None if end is None else str(end) for end in (low, high))
    if first == last:
        return str(first)
    return f"≥ {first}" if last is None else f"≤ {last}" if first is None else f"{first}–{last}"


def _sanctions(tax: TouristTax, chain: Chain | None, on: date) -> tuple[str, ...]:
    """Ids of the sanctions of the duties that the rule names, in their order."""
    if chain is None:
        return ()
    ids = [*([tax.remittance.obligation] if tax.remittance else []), *(entry.obligation for entry in tax.declarations)]
    duties = [duty for duty in (chain.obligation(ident, on) for ident in ids) if duty is not None]
    return tuple(dict.fromkeys(sanction for duty in duties for sanction in duty.sanctions))
