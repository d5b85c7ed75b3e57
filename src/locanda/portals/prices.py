"""Price lists that regions want once a year and that hang on the wall: Puglia's ``Prezzi e Servizi``, Lombardia's highest prices.

The portals take them on screens that were not seen, so what is made here is data: rows in order, labels in Italian and in the
languages of the guests, and what is wrong with them. L.R. Lombardia 27/2015 art. 38 c. 4-5; L.R. Puglia 49/2017 art. 3-4.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, NamedTuple

from locanda.core.problems import Problem

__all__ = ["LANGUAGES", "PriceList", "PriceRow", "labels", "price_faults", "price_list"]

LANGUAGES = ("it", "en", "de", "fr", "es")
"""Languages that the labels are written in; guests' languages are all but the first."""
_DAY = timedelta(days=1)


class PriceRow(NamedTuple):
    """The highest price of a room or unit in a season, for one night: cents."""

    unit: str
    first: date
    last: date
    cents: int
    per: str = "unit"
    """``unit``, ``room`` or ``person``."""


class PriceList(NamedTuple):
    """What is printed, or problems. ``rows`` are (unit, from, to, per, price) in words of each language."""

    title: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[tuple[str, ...], ...]]
    problems: tuple[Problem, ...] = ()


@cache
def labels() -> Mapping[str, Any]:
    """The words of price lists."""
    return tomllib.loads((files("locanda.portals") / "prices.toml").read_text(encoding="utf-8"))


def price_list(rows: Sequence[PriceRow], year: int, kind: str, languages: Sequence[str], *, foreign_least: int = 0) -> PriceList:
    """The list of a year in Italian and ``languages``; ``kind`` is ``highest`` or ``services``."""
    words, wanted = labels(), dict.fromkeys(("it", *languages))
    found = price_faults(rows, year)
    found += [Problem.of("prices.language.unknown", "languages", value=name) for name in wanted if name not in LANGUAGES]
    if len(wanted) - 1 < foreign_least:
        found.append(Problem.of("prices.language.few", "languages", least=foreign_least, given=len(wanted) - 1))
    known = [name for name in wanted if name in LANGUAGES]
    ordered = sorted(rows, key=lambda row: (row.unit, row.first))
    return PriceList(
        {name: words["title"][kind][name].format(year=year) for name in known},
        {name: tuple(words["column"][key][name] for key in ("unit", "from", "to", "per", "price")) for name in known},
        {name: tuple(_said(row, words, name) for row in ordered) for name in known},
        tuple(found),
    )


def _said(row: PriceRow, words: Mapping[str, Any], language: str) -> tuple[str, ...]:
    per = words["per"].get(row.per, {}).get(language, row.per)
    return row.unit, _day(row.first, language), _day(row.last, language), per, _euro(row.cents, language)


def _day(day: date, language: str) -> str:
    return f"{day:%d.%m.%Y}" if language == "de" else f"{day:%d/%m/%Y}"


def _euro(cents: int, language: str) -> str:
    whole, part = divmod(cents, 100)
    return f"€ {whole}.{part:02d}" if language == "en" else f"{whole},{part:02d} €"


def price_faults(rows: Iterable[PriceRow], year: int) -> list[Problem]:
    """Seasons of each unit must follow one another from 1 January to 31 December, each with a price."""
    found: list[Problem] = []
    by_unit: dict[str, list[tuple[int, PriceRow]]] = {}
    for place, row in enumerate(rows):
        where = f"prices[{place}]"
        if row.cents <= 0:
            found.append(Problem.of("prices.price.none", where, unit=row.unit))
        if row.per not in labels()["per"]:
            found.append(Problem.of("prices.per.unknown", where, value=row.per))
        if row.last < row.first:
            found.append(Problem.of("prices.season.backwards", where, first=row.first, last=row.last))
            continue
        by_unit.setdefault(row.unit, []).append((place, row))
    if not by_unit and not found:
        found.append(Problem.of("prices.none", "prices", year=year))
    start, end = date(year, 1, 1), date(year, 12, 31)
    for unit, placed in by_unit.items():
        seasons = sorted(placed, key=lambda entry: entry[1].first)
        for place, row in seasons:
            if row.first < start or row.last > end:
                found.append(Problem.of("prices.season.outside", f"prices[{place}]", unit=unit, year=year))
        edges = [(start - _DAY), *(row.last for _, row in seasons)]
        begins = [*(row.first for _, row in seasons), end + _DAY]
        for before, after in zip(edges, begins, strict=True):
            if after > before + _DAY:
                found.append(Problem.of("prices.season.gap", "prices", unit=unit, first=before + _DAY, last=after - _DAY))
        for (_, one), (place, two) in pairwise(seasons):
            if two.first <= one.last:
                found.append(Problem.of("prices.season.overlap", f"prices[{place}]", unit=unit, first=two.first))
    return found
