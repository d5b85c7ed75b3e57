"""Duties in words: which ones are one thing to a person, how they are called, at which properties.

An agency with hundreds of properties owes the same monthly return for all of them by the same day: to whoever reads a calendar, a
mail or a page that is one line, not hundreds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from locanda.law.deadlines import period_words
from locanda.law.periods import parse_period
from locanda.office.duty_list import Entry

__all__ = ["called", "places", "shared", "together"]

_NAMED = 3
_AND_MORE = {"it": ("{n} strutture", "e altre {n}"), "en": ("{n} properties", "and {n} more")}


def shared(entry: Entry) -> Hashable:
    """What entries have in common that are one thing to an agency: the same return or payment of several properties, where it
    falls due at the same time. All else is by itself."""
    return (entry.obligation, entry.subject, entry.nominal) if entry.subject.startswith("period:") else entry.key


def together(found: Iterable[Entry], common: Callable[[Entry], Hashable] = shared) -> list[list[Entry]]:
    """Those that have that in common in one list, in their order."""
    made: dict[Hashable, list[Entry]] = {}
    for entry in found:
        made.setdefault(common(entry), []).append(entry)
    return list(made.values())


def called(entry: Entry, language: str) -> str:
    """``Riversamento trimestrale, 2° trimestre 2026``."""
    title = entry.en if language == "en" else entry.it
    kind, _, label = entry.subject.partition(",")[0].partition(":")
    return f"{title}, {period_words(parse_period(label)).said(language)}" if kind == "period" else title


def places(found: Sequence[Entry], language: str, *, most: int = _NAMED) -> str:
    """Their properties: by name where they are few, else how many."""
    names = sorted({entry.property.name for entry in found})
    if len(names) <= most:
        return ", ".join(names)
    many, more = _AND_MORE[language]
    if most == _NAMED:
        return many.format(n=len(names))
    return f"{', '.join(names[:most])} {more.format(n=len(names) - most)}"
