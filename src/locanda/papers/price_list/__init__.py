"""Prices of a year that hang on the wall in several languages: Lombardia's highest prices, Puglia's prices and services.

L.R. Lombardia 27/2015 art. 38 c. 4-5: shown in at least two foreign languages; L.R. Puglia 49/2017 art. 3-4. The words come ready
in every language; days and amounts are written as in Italy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.parts import Comune, PropertyOnPaper
from locanda.papers.values import Cents, Year

__all__ = ["DATA", "HighestPrice", "PriceSheet", "PriceWords", "shown"]

_FOREIGN_LEAST = {"highest": 2, "services": 0}
_COLUMNS = 5


class PriceWords(NamedTuple):
    """Title and heads in one language: unit, from, to, per, price."""

    language: Literal["it", "en", "de", "fr", "es"]
    title: str
    columns: tuple[str, ...]

    def faults(self) -> Iterator[Problem]:
        if len(self.columns) != _COLUMNS:
            yield Problem.of("paper.table.width", "columns", cells=len(self.columns), columns=_COLUMNS)


class HighestPrice(NamedTuple):
    """The highest price of a room or unit in a season. ``per`` says for what (a room, a person), once in each language."""

    unit: str
    first: date
    last: date
    per: tuple[str, ...]
    price: Cents

    def faults(self) -> Iterator[Problem]:
        if self.last < self.first:
            yield Problem.of("paper.days.backwards", "last", first=self.first, last=self.last)


class PriceSheet(NamedTuple):
    """The prices of a property; the first of its languages is Italian."""

    comune: Comune
    property: PropertyOnPaper
    year: Year
    kind: Literal["highest", "services"]
    languages: tuple[PriceWords, ...]
    prices: tuple[HighestPrice, ...]
    services: tuple[str, ...] = ()

    def faults(self) -> Iterator[Problem]:
        named = [words.language for words in self.languages]
        if named[0] != "it" or len(set(named)) != len(named):
            yield Problem("paper.prices.italian", "languages")
        least, given = _FOREIGN_LEAST[self.kind], len(set(named) - {"it"})
        if given < least:
            yield Problem.of("paper.prices.languages", "languages", least=least, given=given)
        for place, row in enumerate(self.prices):
            if len(row.per) != len(named):
                yield Problem.of("paper.prices.per", f"prices[{place}].per", words=len(row.per), languages=len(named))


DATA = PriceSheet


def shown(data: PriceSheet, language: str) -> Mapping[str, Any]:
    """Heads and words in every language; what two of them say alike stands once."""
    return {
        "titles": [{"language": words.language, "text": words.title} for words in data.languages],
        "heads": [_all(data, [words.columns[place] for words in data.languages]) for place in range(_COLUMNS)],
        "per": [_all(data, row.per) for row in data.prices],
    }


def _all(data: PriceSheet, texts: Any) -> list[Mapping[str, str]]:
    found: dict[str, str] = {}
    for words, text in zip(data.languages, texts, strict=True):
        found.setdefault(text, words.language)
    return [{"language": language, "text": text} for text, language in found.items()]
