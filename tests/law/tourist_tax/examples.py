"""Runs the worked stays that stand beside the packs: ``[[tax_case]]`` of ``*.examples.toml`` (docs/developers/tourist_tax.md)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from locanda.cli.tax_compute import compute
from locanda.law.packs.tree import builtin_tree

__all__ = ["TaxCase", "differences", "tax_cases"]


class TaxCase(NamedTuple):
    """A stay reckoned by hand: where it stands, what goes in and what must come out."""

    file: str
    number: int
    says: str
    source: str
    given: Mapping[str, Any]
    expect: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.file}-{self.number}"


def tax_cases() -> Iterator[TaxCase]:
    for path in sorted(builtin_tree().root.rglob("*.examples.toml")):
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("tax_case", ())
        for number, entry in enumerate(entries, 1):
            name = path.name.removesuffix(".examples.toml")
            assert set(entry) <= {"says", "source", "input", "expect"}, f"{name}-{number}: {set(entry)}"
            yield TaxCase(name, number, entry.get("says", ""), entry["source"], entry["input"], entry["expect"])


def differences(case: TaxCase) -> list[str]:
    """What the program says otherwise than expected. The whole way is gone, from JSON to JSON."""
    told = compute(json.dumps(case.given).encode(), "it", explain=True)
    found = []
    for key, wanted in case.expect.items():
        match key:
            case "problems" | "notes":
                given: Any = [problem["code"] for problem in told.get(key, ())]
            case "guests":
                guests = {guest["guest"]: guest["amount"] for stay in told.get("stays", ()) for guest in stay["guests"]}
                given = {name: guests.get(name) for name in wanted}
            case "stays":
                given = {stay["id"]: stay["total"] for stay in told.get("stays", ())}
            case _:
                given = told.get(key)
        if given != wanted:
            found.append(f"{key}: {given!r} instead of {wanted!r}")
    nights = [night["amount"] for stay in told.get("stays", ()) for guest in stay["guests"] for night in guest["explanation"]]
    if told.get("total") and sum(int(text.replace(".", "")) for text in nights) != int(told["total"].replace(".", "")):
        found.append("the explanation does not sum to the total")
    return found
