"""The notice of the tax for guests, one page in each of six languages (duty to inform: spec imposta 3.5).

Facts are handed in as plain data, from the rules of the comune: amounts with their days, cap, exemptions and reductions with the
paper they need. A code that has no words here brings its own. What stands in Italian only is printed in Italian, with a note.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.parts import Comune, PropertyOnPaper
from locanda.papers.presences import exempt_words
from locanda.papers.showing import euro, long_day
from locanda.papers.values import GUEST_LANGUAGES, Age, Cents, Decimals, Translated

__all__ = [
    "DATA", "GuestNotice", "NoticeCap", "NoticeExemption", "NoticeRate", "NoticeReduction", "notes", "reduced_words", "shown",
]  # fmt: skip


class NoticeRate(NamedTuple):
    """An amount a person and night, or a percentage of the price with its ceiling; with the nights for which it holds."""

    amount: Cents | None = None
    percent: Decimals | None = None
    ceiling: Cents | None = None
    first_night: date | None = None
    last_night: date | None = None
    what: Translated | None = None

    def faults(self) -> Iterator[Problem]:
        if (self.amount is None) == (self.percent is None):
            yield Problem("paper.notice.rate", "amount")
        if self.first_night is not None and self.last_night is not None and self.last_night < self.first_night:
            yield Problem.of("paper.notice.nights", "last_night", first=self.first_night, last=self.last_night)


class NoticeCap(NamedTuple):
    """At most so many nights, within a window of the rule language."""

    window: Literal["stay", "run", "calendar_month", "calendar_quarter", "calendar_year", "none"]
    nights: int | None = None

    def faults(self) -> Iterator[Problem]:
        if (self.nights is None) != (self.window == "none"):
            yield Problem.of("paper.notice.cap", "nights", window=self.window)


class NoticeExemption(NamedTuple):
    """Who does not pay. ``age`` for a code that has one; ``paper`` names the form, ``signed`` says that one is needed."""

    code: str
    age: Age | None = None
    paper: str | None = None
    signed: bool = False
    text: Translated | None = None

    def faults(self) -> Iterator[Problem]:
        known = exempt_words().get(self.code)
        if known is None and self.text is None:
            yield Problem.of("paper.notice.words", "text", value=self.code)
        elif known is not None and self.text is None and "{age}" in known["it"] and self.age is None:
            yield Problem.of("paper.field.missing", "age", field="age")


class NoticeReduction(NamedTuple):
    """Who pays less: from and up to which age, both included; a percentage off, an amount, or the one that the comune publishes.

    ``text`` says who it is for a code that has no words here, or that asks for more than its words say.
    """

    code: str
    from_age: Age | None = None
    to_age: Age | None = None
    percent_off: Decimals | None = None
    amount: Cents | None = None
    paper: str | None = None
    signed: bool = False
    text: Translated | None = None

    def faults(self) -> Iterator[Problem]:
        if self.percent_off is not None and self.amount is not None:
            yield Problem("paper.notice.reduction", "percent_off")
        if self.code not in reduced_words() and self.text is None:
            yield Problem.of("paper.notice.words", "text", value=self.code)


class GuestNotice(NamedTuple):
    """What the notice tells. ``verified`` is false for figures that no official source gives."""

    comune: Comune
    property: PropertyOnPaper
    rates: tuple[NoticeRate, ...]
    cap: NoticeCap
    exemptions: tuple[NoticeExemption, ...] = ()
    reductions: tuple[NoticeReduction, ...] = ()
    regulation: str | None = None
    sanction: Translated | None = None
    contact: str | None = None
    verified: bool = True


DATA = GuestNotice


def notes(data: GuestNotice, on: date) -> Iterator[Problem]:
    """Figures nobody verified, amounts that no longer hold, words without translation."""
    if not data.verified:
        yield Problem("paper.notice.unverified", "rates")
    if all(rate.last_night is not None and rate.last_night < on for rate in data.rates):
        yield Problem.of("paper.notice.expired", "rates", day=on)
    texts = {"sanction": data.sanction}
    texts |= {f"rates[{index}].what": rate.what for index, rate in enumerate(data.rates)}
    texts |= {f"exemptions[{index}].text": entry.text for index, entry in enumerate(data.exemptions)}
    texts |= {f"reductions[{index}].text": entry.text for index, entry in enumerate(data.reductions)}
    for where, text in texts.items():
        missing = [] if text is None else [language for language in GUEST_LANGUAGES if language not in text]
        if missing:
            yield Problem.of("paper.notice.untranslated", where, languages=", ".join(missing))


def shown(data: GuestNotice, language: str) -> Mapping[str, Any]:
    """Every fact as the language writes it."""
    return {
        "rates": [_rate(rate, language) for rate in data.rates],
        "cap": data.cap.nights,
        "exemptions": [
            {"who": _who(entry, language), "paper": entry.paper, "signed": entry.signed} for entry in data.exemptions
        ],
        "reductions": [
            {
                "who": _said(entry.text, language) or reduced_words()[entry.code][language],
                "from": entry.from_age, "to": entry.to_age,
                "below": None if entry.to_age is None else entry.to_age + 1, "percent": entry.percent_off,
                "amount": None if entry.amount is None else euro(entry.amount, language),
                "paper": entry.paper, "signed": entry.signed,
            }
            for entry in data.reductions
        ],
        "sanction": _said(data.sanction, language),
        "regulation": f" ({data.regulation})" if data.regulation else "",
    }


def _rate(rate: NoticeRate, language: str) -> Mapping[str, Any]:
    first, last = rate.first_night, rate.last_night
    return {
        "figure": euro(rate.amount, language) if rate.amount is not None else f"{rate.percent} %",
        "percent": rate.percent is not None,
        "ceiling": None if rate.ceiling is None else euro(rate.ceiling, language),
        "first": None if first is None else long_day(first, language),
        "last": None if last is None else long_day(last, language),
        "what": _said(rate.what, language),
    }


def _who(entry: NoticeExemption, language: str) -> str:
    text = _said(entry.text, language) or exempt_words()[entry.code][language]
    return text.replace("{age}", str(entry.age))


@cache
def reduced_words() -> Mapping[str, Mapping[str, Any]]:
    """Every code of a reduction with its words, and the conditions that they already tell."""
    return tomllib.loads((files("locanda.papers") / "reductions.toml").read_text(encoding="utf-8"))


def _said(text: Translated | None, language: str) -> str | None:
    return None if text is None else text.get(language, text["it"])
