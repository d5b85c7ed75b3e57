"""The catalogue of forms: every folder of ``locanda.papers`` with a ``form.toml``; reading, judging and writing by its name."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from importlib import import_module
from importlib.resources import files
from types import ModuleType
from typing import Any, Literal, NamedTuple, cast

from locanda.core.problems import Problem
from locanda.papers.reading import read_into
from locanda.papers.showing import plain, written
from locanda.papers.typesetting import typeset

__all__ = ["Form", "Kept", "UnknownForm", "catalogue", "form", "kept_until", "notes", "printed", "read", "sample", "write"]

_ROOM = "locanda.papers"


class UnknownForm(LookupError):
    """No folder of that name holds a form, or the form has no such language."""


class Kept(NamedTuple):
    """How long a copy is kept: years after the one in which the return or the payment was due, to 31 December; 0 for no term."""

    years: int
    it: str
    en: str


class Form(NamedTuple):
    """What a form is. ``number`` was given by the comune ``numbered_for``; where that is empty, it is national."""

    id: str
    number: str
    numbered_for: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    signs: Mapping[str, str]
    law: tuple[str, ...]
    languages: tuple[str, ...]
    layout: Literal["alone", "beside"]
    status: str
    kept: Kept

    def numbered(self, comune: str) -> str:
        """The number to print for this comune: that of another comune is none here."""
        return "" if self.numbered_for and self.numbered_for.casefold() != comune.strip().casefold() else self.number


@cache
def catalogue() -> Mapping[str, Form]:
    """All forms by their id, the numbered ones first."""
    found = [_form(item.name) for item in files(_ROOM).iterdir() if (item / "form.toml").is_file()]
    return {one.id: one for one in sorted(found, key=lambda one: (not one.number, len(one.number), one.number, one.id))}


def form(form_id: str) -> Form:
    """The form of that name; UnknownForm when there is none."""
    known = catalogue().get(form_id)
    if known is None:
        raise UnknownForm(f"{form_id!r} is no form: {', '.join(catalogue())}")
    return known


def read(form_id: str, value: Any) -> tuple[Any | None, list[Problem]]:
    """The data of a form from JSON, or everything that is wrong with them."""
    found: list[Problem] = []
    data = read_into(_rules(form(form_id).id).DATA, value, "", found)
    return (None, found) if found else (data, [])


def notes(form_id: str, data: Any, *, on: date) -> list[Problem]:
    """What the operator should know about data that can be printed: a late signature, a figure nobody verified."""
    judge: Callable[[Any, date], Iterable[Problem]] | None = getattr(_rules(form(form_id).id), "notes", None)
    return [] if judge is None else list(judge(data, on))


def write(form_id: str, data: Any, *, language: str = "it", on: date, draft: bool = False) -> bytes:
    """The PDF. ``on`` is the day it is made, printed in the margin and in the file; a draft is marked on every page."""
    known = form(form_id)
    if language not in known.languages:
        raise UnknownForm(f"{form_id} has no language {language!r}: {', '.join(known.languages)}")
    beside = known.layout == "beside"
    first = "it" if beside else language
    told = {
        "form": {
            "id": known.id, "number": known.numbered(_comune_of(data)), "title": known.title[first], "law": list(known.law),
            "second_title": known.title[language] if beside and language != first else None,
        },
        "language": first,
        "second": language if beside and language != first else None,
        "words": {tongue: _words(form_id, tongue) for tongue in {first, language}},
        **_plain(form_id, data, language),
        "on": written(on),
        "draft": draft,
    }  # fmt: skip
    return typeset(_file(form_id, "form.typ").encode(), told, on=on)


def printed(form_id: str, data: Any, language: str = "it") -> Mapping[str, Any]:
    """The data as a paper writes them, by their names, and under ``more`` what is reckoned from them: totals, words."""
    told = _plain(form(form_id).id, data, language)
    return {**told["data"], "more": told["more"]}


def _plain(form_id: str, data: Any, language: str) -> dict[str, Any]:
    more: Callable[[Any, str], Mapping[str, Any]] | None = getattr(_rules(form_id), "shown", None)
    return {"data": plain(data), "more": {} if more is None else plain(more(data, language))}


def sample(form_id: str) -> dict[str, Any]:
    """Invented data that the form can be tried with."""
    return cast("dict[str, Any]", json.loads(_file(form(form_id).id, "sample.json")))


def kept_until(form_id: str, due: int) -> date | None:
    """31 December until which the paper is kept, for a return or payment due in that year; None when no term is set."""
    years = form(form_id).kept.years
    return date(due + years, 12, 31) if years else None


def _comune_of(data: Any) -> str:
    comune = getattr(data, "comune", None)
    return comune.name if comune is not None else ""


@cache
def _rules(form_id: str) -> Any:
    """The package of the form: ``DATA``, and where it has them ``notes`` and ``shown``."""
    module: ModuleType = import_module(f"{_ROOM}.{form_id}")
    return module


def _form(form_id: str) -> Form:
    entry = tomllib.loads(_file(form_id, "form.toml"))
    kept = Kept(**entry.pop("kept"))
    law, languages = tuple(entry.pop("law")), tuple(entry.pop("languages"))
    return Form(id=form_id, kept=kept, law=law, languages=languages, **entry)


@cache
def _words(form_id: str, language: str) -> Mapping[str, str]:
    """The words of a form over those of the house, in one language."""
    labels = tomllib.loads((files(_ROOM) / "labels.toml").read_text(encoding="utf-8"))
    both = labels | tomllib.loads(_file(form_id, "words.toml"))
    return {key: entry[language] for key, entry in both.items() if language in entry}


def _file(form_id: str, name: str) -> str:
    return (files(_ROOM) / form_id / name).read_text(encoding="utf-8")
