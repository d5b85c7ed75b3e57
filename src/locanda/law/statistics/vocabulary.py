"""Why and how guests travel: one vocabulary, which every portal translates (spec flussi-turistici 6.3 and 12).

A value is given as the text of the GIES lists, in any case, or as our own key, which may say more (``cruise``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["LISTS", "Term", "means_unknown", "term", "terms"]

LISTS = ("tourism", "transport", "channel", "education")


class Term(NamedTuple):
    """A value of one of the lists. ``key`` is ours, ``ross1000`` the text of the GIES list."""

    list: str
    key: str
    ross1000: str
    it: str
    en: str


def terms(name: str) -> tuple[Term, ...]:
    """The values of a list, in its order."""
    return _lists()[name]


def term(name: str, value: str) -> Term | None:
    """What a text or a key means; None where the list does not have it."""
    return _index()[name].get(" ".join(value.split()).casefold())


def means_unknown(value: str) -> bool:
    """Whether a text only says that nobody knows."""
    return " ".join(value.split()).casefold() in _unknown()


@lru_cache(maxsize=4096)
def meaning(name: str, value: str) -> tuple[bool, Term | None]:
    """Whether a list knows a text or key, and what it means; nothing, where it says that nobody knows."""
    found = term(name, value)
    return found is not None or means_unknown(value), found


@cache
def _raw() -> Mapping[str, list[dict[str, str]]]:
    return tomllib.loads((files("locanda.law.statistics") / "vocabulary.toml").read_text(encoding="utf-8"))


@cache
def _lists() -> Mapping[str, tuple[Term, ...]]:
    return {name: tuple(Term(name, **entry) for entry in _raw()[name]) for name in LISTS}


@cache
def _index() -> Mapping[str, Mapping[str, Term]]:
    found: dict[str, dict[str, Term]] = {}
    for name, entries in _lists().items():
        by_text: dict[str, Term] = {}
        for entry in entries:
            by_text.setdefault(entry.ross1000.casefold(), entry)
        found[name] = by_text | {entry.key: entry for entry in entries}
    return found


@cache
def _unknown() -> frozenset[str]:
    return frozenset(str(text).casefold() for text in _raw()["unknown"])
