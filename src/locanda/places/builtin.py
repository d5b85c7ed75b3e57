"""The tables that come with the program, built by ``scripts/build_places.py`` (docs/developers/places.md)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from locanda.places.tables import Tables
from locanda.places.values import Comune, FormerState, State

__all__ = ["builtin"]


@cache
def builtin() -> Tables:
    """Comuni and states as known when this version was made; the portal's own tables win over them."""
    return Tables("builtin", _comuni(), _states(), former=_former())


def _comuni() -> Iterator[Comune]:
    lines = (files("locanda.places") / "comuni.tsv").read_text(encoding="utf-8").splitlines()
    day: dict[str, date | None] = {"": None}
    for line in lines[1:]:
        name, province, police, istat, belfiore, start, end, today, names, provinces, codes = line.split("\t")
        for text in (start, end):
            if text not in day:
                day[text] = date.fromisoformat(text)
        yield Comune(
            name, province, police or None, istat or None, belfiore or None, day[start], day[end], today or None,
            _words(names), _words(provinces), _words(codes),
        )  # fmt: skip


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


@cache
def _kept_by_hand() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((files("locanda.places") / "states.toml").read_text(encoding="utf-8"))


def _former() -> Iterator[FormerState]:
    for entry in _kept_by_hand()["former"]:
        yield FormerState(tuple(entry["names"]), tuple(entry["today"]))


def _states() -> Iterator[State]:
    for entry in _kept_by_hand()["state"]:
        yield State(
            entry["code"], entry["name"], entry.get("iso2"), entry.get("iso3"), entry.get("ended"),
            tuple(entry.get("names", ())), tuple(entry.get("successors", ())),
        )  # fmt: skip
