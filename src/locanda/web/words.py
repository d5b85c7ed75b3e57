"""The texts of the pages: one catalogue a language, ``texts/it.toml`` and ``texts/en.toml``, with the same keys.

A key is the path of tables in the file: ``today.title``. Texts may name facts in braces. A test holds the catalogues equal.
"""

from __future__ import annotations

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
    return text.format_map(facts) if facts else text


def say_html(key: str, **facts: object) -> SafeString:
    """The same for a page: facts are escaped, the text itself is ours."""
    escaped = {name: conditional_escape(value) for name, value in facts.items()}
    return mark_safe(say(key, **escaped))  # noqa: S308 - our own texts, with escaped facts
