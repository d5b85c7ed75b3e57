"""The papers of the statistics as PDF: what to type from, highest prices, closing days (spec flussi-turistici 8, 11).

The tables are those of the portals, the pages those of the papers: the two do not know each other and meet here. ``comune`` and
``property`` are as papers name them (``office.tax.operators``: ``comune_on_paper``, ``property_on_paper``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from locanda import papers
from locanda.core import stays as core
from locanda.core.problems import Problem
from locanda.law.statistics import LEAST_CLOSED, Movement, closings
from locanda.portals.abit.closings import rule_for, tell_by
from locanda.portals.abit.prices import FOREIGN_LEAST
from locanda.portals.prices import LANGUAGES, PriceRow, labels, price_list
from locanda.portals.tables import TABLES, for_typing, tables_of
from locanda.sheets import for_paper

__all__ = ["MadePaper", "closing_days", "price_page", "typing_sheet"]

_TOLD = {"LO-BB-01": "before", "LO-CAV-01": "by_year_end"}


class MadePaper(NamedTuple):
    """A PDF, or None and everything that keeps it from being made."""

    content: bytes | None
    problems: tuple[Problem, ...] = ()


def typing_sheet(
    moved: Movement, *, comune: Mapping[str, Any], property: Mapping[str, Any], portal: str, on: date,
    keys: Iterable[str] = TABLES, code: str | int | None = None, language: str = "it", **options: Any,
) -> MadePaper:  # fmt: skip
    """The chosen tables of a movement, in the order of the portal's screens. ``options`` are those of ``tables_of``."""
    tables = tables_of(moved, language=language, **options)
    data = {
        "comune": comune, "property": property, "portal": portal, "first": moved.first.isoformat(),
        "last": moved.last.isoformat(), "tables": [for_paper(table) for table in for_typing(tables, keys)],
    }  # fmt: skip
    return _made("typing_sheet", data | ({} if code in (None, "") else {"code": code}), on, language)


def price_page(
    rows: Sequence[PriceRow], year: int, languages: Sequence[str], *, comune: Mapping[str, Any], property: Mapping[str, Any],
    on: date, kind: str = "highest", foreign_least: int = FOREIGN_LEAST, services: Sequence[str] = (),
) -> MadePaper:  # fmt: skip
    """The prices of a year for the wall: Italian and other languages, as many as the region wants at least."""
    made = price_list(rows, year, kind, languages, foreign_least=foreign_least)
    if made.problems:
        return MadePaper(None, made.problems)
    told = [name for name in dict.fromkeys(("it", *languages)) if name in LANGUAGES]
    per = labels()["per"]
    data = {
        "comune": comune, "property": property, "year": year, "kind": kind, "services": list(services),
        "languages": [{"language": name, "title": made.title[name], "columns": list(made.columns[name])} for name in told],
        "prices": [
            {"unit": row.unit, "first": row.first.isoformat(), "last": row.last.isoformat(),
             "per": [per[row.per][name] for name in told], "price": f"{row.cents // 100}.{row.cents % 100:02}"}
            for row in sorted(rows, key=lambda row: (row.unit, row.first))
        ],
    }  # fmt: skip
    return _made("price_list", data, on)


def closing_days(
    home: core.Property, year: int, days: Iterable[date], *, comune: Mapping[str, Any], property: Mapping[str, Any], on: date,
    told_on: Mapping[date, date] | None = None, minimum: int = LEAST_CLOSED,
) -> MadePaper:  # fmt: skip
    """The closings of a year against the minimum. ``told_on`` says when a closing was told, by its first day."""
    rule, told = rule_for(home), told_on or {}
    rows: list[dict[str, str]] = []
    for one in closings(day for day in days if day.year == year):
        facts = {"first": one.first, "last": one.last, "tell_by": tell_by(one, rule), "told_on": told.get(one.first)}
        rows.append({key: value.isoformat() for key, value in facts.items() if value is not None})
    data: dict[str, Any] = {"comune": comune, "property": property, "year": year, "minimum": minimum, "closings": rows}
    return _made("closing_days", data | ({"told": _TOLD[rule]} if rule in _TOLD else {}), on)


def _made(form: str, data: Mapping[str, Any], on: date, language: str = "it") -> MadePaper:
    read, problems = papers.read(form, data)
    if read is None:
        return MadePaper(None, tuple(problems))
    return MadePaper(papers.write(form, read, language=language, on=on))
