"""What leaves the house about duties, in words: which ones are one thing to a person, how they are called, at which properties.

An agency with hundreds of properties owes the same monthly return for all of them by the same day: to whoever reads a calendar or
a mail that is one line, not hundreds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from locanda.law.deadlines import period_words
from locanda.law.periods import parse_period
from locanda.office.duty_list import Entry

__all__ = ["called", "places", "together"]

_NAMED = 3
_AND_MORE = {"it": ("{n} strutture", "e altre {n}"), "en": ("{n} properties", "and {n} more")}


def together(found: Iterable[Entry]) -> list[list[Entry]]:
    """The same return or payment of several properties as one, where it falls due at the same time; all else one by one."""
    made: dict[object, list[Entry]] = {}
    for entry in found:
        shared = (entry.obligation, entry.subject, entry.nominal) if entry.subject.startswith("period:") else entry.key
        made.setdefault(shared, []).append(entry)
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
