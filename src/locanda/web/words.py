"""The texts of the pages: one catalogue a language, ``texts/it.toml`` and ``texts/en.toml``, with the same keys.

A key is the path of tables in the file: ``today.title``. Texts may name facts in braces. A test holds the catalogues equal.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

__all__ = ["LANGUAGES", "catalogue", "language", "say", "say_html"]

LANGUAGES = ("it", "en")

_BEFORE_A_DAY = re.compile(r"\b(?:([Ii])l|([Dd]al|[Aa]l|[Dd]el|[Nn]el|[Ss]ul)) (?=(?:8|11) [a-z])")
"""Italian says ``dall'8 luglio`` and ``entro l'11 marzo``, ``dal 9``: an article before a day that begins with a vowel."""


def language() -> str:
    """The language of the page being made."""
    return "en" if (get_language() or "it").startswith("en") else "it"


@cache
def catalogue(code: str) -> Mapping[str, str]:
    """All texts of a language, by key."""
    text = files("locanda.web").joinpath("texts", f"{code}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, path + ".")
        else:
            yield path, str(value)


def say(key: str, **facts: object) -> str:
    """The text of a key in the language of the page; KeyError for a key that no catalogue has."""
    text = catalogue(language())[key]
    if not facts:
        return text
    said = text.format_map(facts)
    return _BEFORE_A_DAY.sub(_elided, said) if language() == "it" else said


def _elided(article: re.Match[str]) -> str:
    alone, joined = article.groups()
    return f"{joined}l'" if joined else "L'" if alone == "I" else "l'"


def say_html(key: str, **facts: object) -> SafeString:
    """The same for a page: facts are escaped, the text itself is ours."""
    escaped = {name: conditional_escape(value) for name, value in facts.items()}
    return mark_safe(say(key, **escaped))  # noqa: S308 - our own texts, with escaped facts
