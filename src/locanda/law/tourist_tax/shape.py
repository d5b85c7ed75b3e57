"""Rules that a person wrote, checked key by key; what is wrong is said in words for people (spec imposta-di-soggiorno 6.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from locanda.core.problems import Problem
from locanda.core.readers import shown
from locanda.law.tourist_tax.validation import dotted

__all__ = ["shaped"]

_WORDS = re.compile(r"\^\(([a-z_0-9|]+)\)\$")
_MEANT = {
    "Amount": ("un importo in euro come \"2.00\", tra virgolette", "an amount in euro such as \"2.00\", in quotes"),
    "Number": ("un numero intero, un confronto come \">=4\" o \"10..15\", o una lista di numeri",
               "a whole number, a comparison such as \">=4\" or \"10..15\", or a list of numbers"),
    "Day": ("un giorno che esiste, come \"2026-03-01\"", "a day that exists, such as \"2026-03-01\""),
    "MonthDay": ("mese e giorno, come \"04-01\"", "month and day, such as \"04-01\""),
    "Ident": ("un nome di lettere, cifre, punto, trattino o trattino basso", "letters, digits, dots, dashes, underscores"),
    "Text": ("un testo non vuoto", "a text that is not empty"),
    "list": ("una lista con almeno una voce", "a list with at least one entry"),
    "dict": ("una tabella di chiavi", "a table of keys"),
    "whole": ("un numero intero ammesso qui", "a whole number that is allowed here"),
    "true": ("true, o niente", "true, or nothing"),
    "bool": ("true o false", "true or false"),
}  # fmt: skip


def shaped(value: object, where: str, found: list[Problem]) -> dict[str, Any] | None:
    """The keys that were written, days as text; None after adding what is wrong with them."""
    from pydantic import ValidationError

    from locanda.law.tourist_tax.schema import TouristTaxModel

    try:
        model = TouristTaxModel.model_validate_json(json.dumps(value))
    except ValidationError as fault:
        found += _told(fault.errors(include_url=False), where)
        return None
    return model.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)


def _told(faults: Iterable[Mapping[str, Any]], where: str) -> Iterator[Problem]:
    """One problem a place: a value that may be one of several things fails once for each of them."""
    places: dict[tuple[str | int, ...], list[Mapping[str, Any]]] = {}
    for error in faults:
        path = tuple(part for part in error["loc"] if isinstance(part, int) or re.fullmatch(r"[A-Za-z0-9_-]+", part))
        while path and path[-1] in _BRANCHES:
            path = path[:-1]
        places.setdefault(path, []).append(error)
    for path, errors in places.items():
        key = next((str(part) for part in reversed(path) if isinstance(part, str)), "rules")
        at = where + dotted(path)
        kinds = {error["type"] for error in errors}
        if "extra_forbidden" in kinds:
            yield Problem.of("tax.rules.key", at, key=shown(key))
        elif "missing" in kinds:
            yield Problem.of("tax.rules.missing", at, key=key)
        else:
            it, en = _meant(errors, key)
            given = errors[0]["input"]
            yield Problem.of("tax.rules.shape", at, value=shown(json.dumps(given, default=str)), it=it, en=en)


_BRANCHES = frozenset({"int", "str", "constrained-str", "constrained-int", "bool", "dict", "list"})


_AMOUNTS = frozenset({
    "fixed", "per_star", "plus", "amount", "up_to", "below", "percent", "percent_off", "ceiling_per_person", "step",
})  # fmt: skip


def _meant(errors: list[Mapping[str, Any]], key: str) -> tuple[str, str]:
    """What would have been right, in both languages."""
    for error in errors:
        pattern = str(error.get("ctx", {}).get("pattern", ""))
        expected = str(error.get("ctx", {}).get("expected", ""))
        words = _WORDS.fullmatch(pattern)
        if words and not pattern.startswith("^(0"):
            listed = ", ".join(words[1].split("|"))
            return f"uno tra {listed}", f"one of {listed}"
        if error["type"] == "literal_error" and expected != "True":
            listed = expected.replace("'", "").replace(" or ", ", ")
            return f"uno tra {listed}", f"one of {listed}"
    kinds = [_kind(error) for error in errors]
    if key in _AMOUNTS:
        return _MEANT["Amount"]
    return _MEANT["Number" if "Number" in kinds else next((kind for kind in kinds if kind != "Text"), "Text")]


def _kind(error: Mapping[str, Any]) -> str:
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    if pattern:
        named = {r"^\d{1,6}(\.": "Amount", "^((>=|<": "Number", "^(0[1-9": "MonthDay", "^[A-Za-z": "Ident"}
        return next((name for start, name in named.items() if pattern.startswith(start)), "Text")
    kind = str(error["type"])
    if kind.startswith("date"):
        return "Day"
    if kind in ("list_type", "too_short"):
        return "list"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return "dict"
    if kind == "literal_error":
        return "true"
    if kind == "bool_type":
        return "bool"
    if kind.startswith(("int", "greater", "less")):
        return "whole"
    return "Text"
