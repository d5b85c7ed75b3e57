"""What a ``[tourist_tax]`` section may not say beyond its shape (spec imposta-di-soggiorno 6.3), each with its place.

Faults make a section unusable; warnings (a gap between versions, an amount above the ceilings of the law) are told and no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from locanda.core.problems import Problem
from locanda.law.tourist_tax.building import build
from locanda.law.tourist_tax.rules import CALENDAR_WINDOWS, TouristTax, YearSpan

__all__ = ["CEILING", "FORMS", "Found", "dotted", "faults", "read_rules", "read_section", "uncovered", "warnings"]

Path = tuple[str | int, ...]
Found = tuple[Path, Problem]

FORMS = ("modello_1", "modello_2", "modello_3", "modello_4", "modello_5", "modello_6", "modello_21")
"""Forms that the program prints."""

CEILING = Fraction(12)
"""The highest amount that any comune may ask in any year (spec 2.2)."""

_KINDS = ("fixed", "per_star", "brackets", "percent", "amounts", "unknown")
_DAY = timedelta(days=1)
Keys = Mapping[str, Any]


def faults(section: Keys, *, packed: bool) -> list[Found]:
    """All that makes a section unusable. ``packed``: it stands in a territory file, which says where it comes from."""
    versions = section["versions"]
    found: list[Found] = []
    for index, version in enumerate(versions):
        at: Path = ("versions", index)
        found += [((*at, *path), problem) for path, problem in _version(version, packed=packed)]
        if any(other["id"] == version["id"] for other in versions[:index]):
            found.append(((*at, "id"), Problem.of("tax.version.twice", version=version["id"])))
    rows = sorted(((_first(version), _last(version), index) for index, version in enumerate(versions)))
    for (_, end, earlier), (begin, _, later) in pairwise(rows):
        if begin <= end:
            names = {"earlier": versions[earlier]["id"], "later": versions[later]["id"]}
            found.append((("versions", later, "valid_from"), Problem.of("tax.validity.overlaps", **names)))
    return found


def warnings(section: Keys) -> list[Found]:
    """What is worth a look: gaps between versions, amounts above the ceiling."""
    versions = section["versions"]
    rows = sorted(((_first(version), _last(version), index) for index, version in enumerate(versions)))
    found: list[Found] = []
    for (_, end, earlier), (begin, _, later) in pairwise(rows):
        if end < date.max and begin > end + _DAY:
            names = {"earlier": versions[earlier]["id"], "later": versions[later]["id"]}
            found.append((("versions", later, "valid_from"), Problem.of("tax.validity.gap", **names)))
    for index, version in enumerate(versions):
        for place, rate in enumerate(version.get("rates", ())):
            for text in _amounts(rate):
                if Fraction(text) > CEILING:
                    problem = Problem.of("tax.amount.ceiling", amount=text, ceiling=CEILING)
                    found.append((("versions", index, "rates", place), problem))
    return found


def uncovered(tax: TouristTax, types: Collection[str]) -> list[Problem]:
    """The property types of an operator that no row of some version can fit."""
    found = []
    for version in tax.versions:
        named = [next((condition.words for condition in rate.when if condition.key == "type"), None) for rate in version.rates]
        bare = [name for name in types if not any(words is None or name in words for words in named)]
        if bare:
            found.append(Problem.of("tax.type.uncovered", version=version.id, types=", ".join(bare)))
    return found


def read_rules(
    value: object, where: str, found: list[Problem], warned: list[Problem] | None = None
) -> TouristTax | None:
    """An inline section of JSON; days are text. None when something is wrong with it; ``warned`` takes what is worth a look."""
    section, where = read_section(value, where, found)
    if section is None:
        return None
    if warned is not None:
        warned += [problem._replace(where=where + dotted(path)) for path, problem in warnings(section)]
    return build(section, territory="inline")


def read_section(value: object, where: str, found: list[Problem]) -> tuple[dict[str, Any] | None, str]:
    """The checked keys of an inline section, and where it stands; None when something is wrong with it."""
    from locanda.law.tourist_tax.shape import shaped

    if isinstance(value, dict) and set(value) == {"tourist_tax"}:
        value, where = value["tourist_tax"], f"{where}.tourist_tax"
    before = len(found)
    section = shaped(value, where, found)
    if section is not None:
        found += [problem._replace(where=where + dotted(path)) for path, problem in faults(section, packed=False)]
    return (section if len(found) == before else None), where


def dotted(path: Path) -> str:
    """A path as a problem writes it, with the dot or bracket that joins it to what stands before."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _first(version: Keys) -> date:
    return _day(version.get("valid_from")) or date.min


def _last(version: Keys) -> date:
    return _day(version.get("valid_to")) or date.max


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _version(version: Keys, *, packed: bool) -> Iterator[Found]:
    name = version["id"]
    if packed:
        for key in ("status", "sources"):
            if not version.get(key):
                yield (), Problem.of("tax.key.missing", version=name, key=key)
    if _last(version) < _first(version):
        yield ("valid_to",), Problem.of("tax.validity.reversed", version=name)
    for index, rate in enumerate(version.get("rates", ())):
        yield from _below(("rates", index), _rate(rate))
    for index, cap in enumerate(version.get("cap", ())):
        needed = [] if cap["window"] == "none" else ["nights"]
        needed += ["carry_over"] if cap["window"] in CALENDAR_WINDOWS else []
        for key in needed:
            if key not in cap:
                yield ("cap", index), Problem.of("tax.cap.incomplete", key=key)
    for kind in ("exemptions", "reductions"):
        for index, row in enumerate(version.get(kind, ())):
            yield from _below((kind, index), _relief(row, reduction=kind == "reductions"))
    for path, when in _whens(version):
        if when.get("any") and len(when) > 1:
            yield path, Problem.of("tax.when.crowded")
        for key, value in when.items():
            yield from _below((*path, key), _compared(value))
    step = Fraction(version.get("rounding", {}).get("step", "0.01")) * 100
    if step <= 0 or step.denominator != 1:
        yield ("rounding", "step"), Problem.of("tax.rounding.step", step=version["rounding"]["step"])
    named = {name for rate in version.get("rates", ()) for name in rate.get("amounts", {})}
    for index, cut in enumerate(version.get("reductions", ())):
        if "use" in cut and cut["use"] not in named:
            yield ("reductions", index, "use"), Problem.of("tax.use.dangling", name=cut["use"], version=name)
    yield from _seasons(version)


def _compared(value: Any) -> Iterator[Found]:
    """Days that exist, and ranges that hold something: one that runs backwards never would."""
    if not isinstance(value, str) or not _COMPARED.fullmatch(value):
        return
    ends = value.lstrip("<>=").split("..")
    try:
        low, high = [date.fromisoformat(end).toordinal() if "-" in end else int(end) for end in (ends[0], ends[-1])]
    except ValueError:
        yield (), Problem.of("tax.day.unreal", value=value)
        return
    if low > high:
        yield (), Problem.of("tax.range.reversed", value=value)


_COMPARED = re.compile(r"(>=|<=|>|<|=)?[\d-]+|[\d-]+\.\.[\d-]+")


def _below(at: Path, found: Iterator[Found]) -> Iterator[Found]:
    for path, problem in found:
        yield (*at, *path), problem


def _whens(version: Keys) -> Iterator[tuple[Path, Keys]]:
    for kind in ("rates", "cap", "exemptions", "reductions", "doubts"):
        for index, row in enumerate(version.get(kind, ())):
            if "when" in row:
                yield (kind, index, "when"), row["when"]


def _rate(rate: Keys) -> Iterator[Found]:
    kinds = [kind for kind in _KINDS if kind in rate]
    if len(kinds) != 1:
        yield (), Problem.of("tax.rate.kind", count=len(kinds))
    if ("brackets" in rate or "percent" in rate) and "price" not in rate:
        yield (), Problem.of("tax.price.basis")
    for key, kinds_of in _BESIDE.items():
        if key in rate and not any(kind in rate for kind in kinds_of):
            yield (key,), Problem.of("tax.rate.stray", key=key, kinds=", ".join(kinds_of))
    if Fraction(rate.get("percent", "0")) > 100:
        yield ("percent",), Problem.of("tax.percent.beyond", percent=rate["percent"])
    brackets = rate.get("brackets")
    for index, bracket in enumerate(brackets or ()):
        if "up_to" in bracket and "below" in bracket:
            yield ("brackets", index), Problem.of("tax.bracket.ends")
    if brackets is not None:
        tops = [bracket.get("up_to", bracket.get("below")) for bracket in brackets]
        ends = [Fraction(top) for top in tops[:-1] if top is not None]
        if not brackets or tops[-1] is not None or len(ends) < len(tops) - 1 or ends != sorted(set(ends)):
            yield ("brackets",), Problem.of("tax.bracket.order")
    if "amounts" in rate and "full" not in rate["amounts"]:
        yield ("amounts",), Problem.of("tax.amount.missing", name="full", row="amounts", version="")


_BESIDE = {
    "plus": ("per_star",), "ceiling_per_person": ("percent",), "price": ("brackets", "percent"), "why": ("unknown",),
}  # fmt: skip
"""Keys of a row of amounts that go with some kinds only."""


def _amounts(rate: Keys) -> Iterator[str]:
    yield from (rate[key] for key in ("fixed", "ceiling_per_person") if key in rate)
    yield from (bracket["amount"] for bracket in rate.get("brackets", ()))
    yield from rate.get("amounts", {}).values()


def _relief(row: Keys, *, reduction: bool) -> Iterator[Found]:
    if reduction and sum(key in row for key in ("use", "percent_off", "fixed")) != 1:
        yield (), Problem.of("tax.reduction.kind", name=row["code"])
    if Fraction(row.get("percent_off", "0")) > 100:
        yield ("percent_off",), Problem.of("tax.percent.beyond", percent=row["percent_off"])
    quota = row.get("quota")
    if quota is not None:
        key = "every" if quota["per"] == "participants" else "max"
        if key not in quota:
            yield ("quota",), Problem.of("tax.quota.incomplete", name=row["code"], key=key)
    paper = row.get("document")
    if paper is not None and paper["required"] and paper["form"] not in FORMS:
        yield ("document",), Problem.of("tax.form.unknown", name=row["code"], form=paper["form"], forms=", ".join(FORMS))


def _seasons(version: Keys) -> Iterator[Found]:
    """Seasons that a row uses cover the year exactly once, also across New Year."""
    name, seasons = version["id"], version.get("seasons", {})
    spans: list[tuple[Path, Keys]] = [(("periods", index), span) for index, span in enumerate(version.get("periods", ()))]
    spans += [(("seasons", key, index), span) for key, row in seasons.items() for index, span in enumerate(row)]
    wrong = False
    for path, span in spans:
        for key in ("from", "to"):
            if not _exists(span[key]):
                wrong = True
                yield (*path, key), Problem.of("tax.day.impossible", day=span[key])
    used: set[str] = set()
    for path, when in _whens(version):
        words = when.get("season", [])
        for word in [words] if isinstance(words, str) else words:
            used.add(word)
            if word not in seasons:
                yield path, Problem.of("tax.season.unknown", version=name, season=word)
    if wrong or not used or not seasons:
        return
    rows = [YearSpan(_month_day(span["from"]), _month_day(span["to"])) for row in seasons.values() for span in row]
    for ordinal in range(date(2024, 1, 1).toordinal(), date(2025, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        count = sum(span.holds(day) for span in rows)
        if count != 1:
            yield ("seasons",), Problem.of("tax.season.uneven", version=name, day=f"{day:%m-%d}", count=count)
            return


def _exists(text: str) -> bool:
    try:
        date(2024, *_month_day(text))
    except ValueError:
        return False
    return True


def _month_day(text: str) -> tuple[int, int]:
    return int(text[:2]), int(text[3:])
