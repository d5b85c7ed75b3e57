"""Why a night costs what it costs, as a key with facts and as a sentence (spec imposta-di-soggiorno 7.1 step 4).

    for line in explained(guest_tax.nights, tax):
        print(line.first, line.nights, line.amount, line.reason.text("it"))

A ledger that kept only the fields of a night gives them to :func:`reason`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from locanda.law.tourist_tax.rules import Cap, Exemption, Reduction, Saying, TaxVersion, TouristTax
from locanda.law.tourist_tax.values import COLLECTED, EXCLUDED, OUT_OF_PERIOD, NightTax

__all__ = [
    "ExplainedNights", "Reason", "ages_in_words", "both", "euro", "exemption_facts", "explained", "fact_in_words", "named",
    "paper_in_words", "reason", "reason_of", "say", "who",
]  # fmt: skip


class Reason(NamedTuple):
    """A key of ``words.toml`` with the facts that its sentence names; a fact that is itself words comes in both languages."""

    key: str
    facts: tuple[tuple[str, Saying], ...] = ()

    def text(self, language: str = "it") -> str:
        return say(self.key, language, **{name: getattr(value, _pick(language)) for name, value in self.facts})


class ExplainedNights(NamedTuple):
    """Nights in a row, of one guest, with one reason and one amount: a line of an explanation. ``amount`` is of each night."""

    first: date
    last: date
    nights: int
    amount: int
    reason: Reason


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    path = files("locanda.law.tourist_tax") / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _pick(language: str) -> str:
    return "it" if language == "it" else "en"


def say(key: str, language: str, /, **facts: object) -> str:
    """The words of a key."""
    return _words()[key][_pick(language)].format_map({name: str(value) for name, value in facts.items()})


def both(key: str, /, **facts: object) -> Saying:
    """The words of a key in both languages; facts that are words themselves may come as :class:`Saying`."""
    def of(language: str) -> str:
        told = {name: getattr(value, language) if isinstance(value, Saying) else value for name, value in facts.items()}
        return say(key, language, **told)

    return Saying(of("it"), of("en"))


def euro(cents: Fraction | int | None) -> Saying:
    """An amount as ``2.00``, in Italian ``2,00``; a fraction of a cent keeps its digits."""
    if cents is None:
        return Saying("?", "?")
    whole = Fraction(cents)
    text = f"{float(whole) / 100:g}" if whole.denominator != 1 else f"{int(whole) // 100}.{int(whole) % 100:02}"
    return Saying(text.replace(".", ","), text)


def reason_of(night: NightTax, tax: TouristTax) -> Reason:
    """Why a night of a reckoning costs what it costs."""
    version = tax.named(night.version)
    return reason(version, night.status, row=night.row, base=night.base, amount=night.amount, by=night.by)


def reason(
    version: TaxVersion | None, status: str, *, row: int | None = None, base: int | None = None, amount: int = 0,
    by: int | None = None,
) -> Reason:  # fmt: skip
    """The same from the fields that a ledger keeps; without ``by`` the first row of that code speaks for all."""
    kind, _, code = status.partition(":")
    match kind:
        case "exempt":
            return Reason("night.exempt", (("who", _exempt(version, code, by)),))
        case "reduced":
            codes = [who(part) for part in code.split("+")]
            cuts = Saying(", ".join(word.it for word in codes), ", ".join(word.en for word in codes))
            return Reason("night.reduced", (("who", cuts), *_facts(amount=euro(amount), base=euro(base))))
        case "beyond_cap":
            return Reason("night.beyond", (("limit", _limit(version, by)),))
    simple = {OUT_OF_PERIOD: "night.out_of_period", EXCLUDED: "night.excluded", COLLECTED: "night.collected"}
    if status in simple:
        return Reason(simple[status])
    if status != "taxed":
        return Reason("night.other", tuple(_facts(status=status)))
    rate = version.rates[row] if version is not None and row is not None and row < len(version.rates) else None
    key = {"per_star": "night.stars", "brackets": "night.brackets", "percent": "night.percent"}.get(rate.kind if rate else "")
    percent = f"{float(rate.amount * 100):g}" if rate is not None and rate.kind == "percent" else ""
    return Reason(key or "night.fixed", tuple(_facts(base=euro(base), **({"percent": percent} if percent else {}))))


def explained(nights: Iterable[NightTax], tax: TouristTax) -> list[ExplainedNights]:
    """The nights of a guest, put together where reason and amount are the same."""
    told: list[ExplainedNights] = []
    for night in nights:
        why = reason_of(night, tax)
        last = told[-1] if told else None
        if last is not None and (last.reason, last.amount) == (why, night.amount) and (night.night - last.last).days == 1:
            told[-1] = last._replace(last=night.night, nights=last.nights + 1)
        else:
            told.append(ExplainedNights(night.night, night.night, 1, night.amount, why))
    return told


def who(code: str) -> Saying:
    """A code of exemption or reduction in words; one that a comune coined stands for itself."""
    return both(f"who.{code}") if f"who.{code}" in _words() else Saying(code, code)


def named(word: str) -> Saying:
    """A word of the shapes or of a rule (a channel, a kind of group, a season) as people say it."""
    return both(f"word.{word}") if f"word.{word}" in _words() else Saying(word, word)


def fact_in_words(key: str) -> Saying:
    """A fact that a rule reads, by its key in the shapes."""
    return both(f"fact.{key}") if f"fact.{key}" in _words() else Saying(key, key)


def paper_in_words(form: str) -> str:
    """A form as it is called: ``Modello 3`` for ``modello_3``."""
    return form.replace("_", " ").capitalize()


@lru_cache(maxsize=256)
def exemption_facts(code: str, form: str) -> tuple[tuple[str, str], ...]:
    """The facts of a problem about the paper of an exemption: the codes, and both in words."""
    told, paper = who(code), paper_in_words(form)
    return (("form", form), ("exemption", code), ("it", f"{told.it}: {paper}"), ("en", f"{told.en}: {paper}"))


def ages_in_words(row: Exemption | Reduction) -> Saying | None:
    """The age that a row asks for; None where it asks for none."""
    found = next((condition for condition in row.when if condition.key == "age" and condition.words is None), None)
    if found is None:
        return None
    if found.low is None:
        return both("age.below", high=(found.high or 0) + 1)
    if found.high is None:
        return both("age.from", low=found.low)
    return both("age.between", low=found.low, last=found.high)


def _exempt(version: TaxVersion | None, code: str, by: int | None) -> Saying:
    rows = version.exemptions if version is not None else ()
    row = rows[by] if by is not None and by < len(rows) else next((row for row in rows if row.code == code), None)
    age = None if row is None else ages_in_words(row)
    told = who(code)
    return told if age is None else Saying(f"{told.it}, {age.it}", f"{told.en}, {age.en}")


def _limit(version: TaxVersion | None, by: int | None) -> Saying:
    caps = version.caps if version is not None else ()
    cap: Cap | None = caps[by] if by is not None and by < len(caps) else caps[0] if len(caps) == 1 else None
    return both("cap.any") if cap is None else both(f"cap.{cap.window}", nights=cap.nights)


def _facts(**facts: str | Saying) -> Iterable[tuple[str, Saying]]:
    return ((name, value if isinstance(value, Saying) else Saying(value, value)) for name, value in facts.items())

