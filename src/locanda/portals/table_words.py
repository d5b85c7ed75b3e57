"""The words of the tables for typing by hand: titles, columns, states (spec flussi-turistici 11)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from locanda.core.problems import Problem
from locanda.sheets import Column, Table, Value

__all__ = ["made", "word"]


def made(
    key: str, rows: Iterable[tuple[Value, ...]], language: str, total: tuple[Value, ...] | None = None,
    remarks: Iterable[Problem] = (),
) -> Table:  # fmt: skip
    """The table of that name: its title and columns in a language, over these rows."""
    entry = _data()["table"][key]
    return Table(key, entry[language], _columns(key, language), tuple(rows), total, language, tuple(remarks))


def word(key: str, language: str, **facts: object) -> str:
    """A state or another word that stands in a cell."""
    text: str = _data()["word"][key][language]
    return text.format(**facts) if facts else text


@cache
def _columns(key: str, language: str) -> tuple[Column, ...]:
    known = _data()["column"]
    names = _data()["table"][key]["columns"]
    return tuple(Column(name, known[name][language], known[name].get("kind", "text")) for name in names)


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((files("locanda.portals") / "tables.toml").read_text(encoding="utf-8"))
