"""One territory file, read and checked (spec adempimenti 9: loader checks). All faults at once, each with its line."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.law.packs.lines import Lines, line_of_fault, lines_of
from locanda.law.packs.merging import CONTROL, Amendment, overlaps
from locanda.law.packs.values import Step, Words
from locanda.law.packs.wording import shape_problem

__all__ = [
    "LATER", "NEEDS", "Fault", "Pack", "Reading", "Territory", "halves", "parse", "place_faults", "read", "read_file", "text_of",
]  # fmt: skip


_HEADER = re.compile(r"^\[\[(\w+)\]\]", re.MULTILINE)


class Fault(NamedTuple):
    """What is wrong in a file, and on which line."""

    file: str
    line: int
    problem: Problem

    def render(self, language: str = "it") -> dict[str, Any]:
        """As ``pack check`` prints it."""
        return {"file": self.file, "line": self.line, **self.problem.render(language)}

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem.message('en')}"


@dataclass(frozen=True, slots=True)
class Territory:
    """Head of a pack."""

    path: str
    level: str
    name: str
    istat: str | None
    istat_more: tuple[str, ...]
    belfiore: str | None
    iso: str | None
    plate: str | None
    read_on: date
    remarks: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Pack:
    """One territory file: its head and what it says about each id, before any merging."""

    file: str
    territory: Territory
    groups: Mapping[str, tuple[str, ...]]
    changes: tuple[Amendment, ...]
    statistics: Mapping[str, Any] | None
    sources: Mapping[str, Words]
    tourist_tax: Mapping[str, Any] | None = None

    def of(self, kind: str) -> tuple[Amendment, ...]:
        """What it says of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)


class Reading(NamedTuple):
    """What could be read of a text: the pack, its broken items without their faulty keys; all faults; and those keys, by kind
    and id. ``"*"`` stands for an unknown key: whatever is missing may be what it was meant to be."""

    pack: Pack | None
    faults: list[Fault]
    broken: Mapping[tuple[str, str], frozenset[str]] = MappingProxyType({})


def read(text: str, *, path: str, file: str) -> tuple[Pack | None, list[Fault]]:
    """The pack of a text, or what is wrong with it. ``path`` is its place in the tree, ``file`` its name for people."""
    found = parse(text, path=path, file=file)
    return (None if found.faults else found.pack), found.faults


def parse(text: str, *, path: str, file: str) -> Reading:
    """As much of a text as can be read, so that one fault does not hide the next."""
    from locanda.law.packs.schema import KINDS, TerritoryFile

    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        problem = Problem.of("pack.file.unreadable", "", detail=str(fault))
        return Reading(None, [Fault(file, line_of_fault(fault, text), problem)])
    errors = _shape_errors(TerritoryFile, raw)
    faults = _shape_faults(errors, raw, lines_of(text), file) if errors else []
    bad = {tuple(error["loc"][:2]) for error in errors}
    if any(place[0] in ("territory", "sources", *KINDS) and (len(place) < 2 or place[1] in _HEAD) for place in bad):
        return Reading(None, faults)
    rows = [(kind, index, item) for kind in KINDS for index, item in enumerate(raw.get(kind, ()))]
    wrong = _wrong_keys(errors)
    whole = [
        (kind, index, {key: value for key, value in item.items() if key not in wrong.get((kind, index), ())})
        for kind, index, item in rows
        if isinstance(item, dict) and "id" in item and "id" not in wrong.get((kind, index), ())
    ]
    broken = {(kind, item["id"]): frozenset(wrong[kind, index]) for kind, index, item in whole if (kind, index) in wrong}
    headers = _header_lines(text)
    changes = [_change(kind, item, file, headers.get((kind, index), 1)) for kind, index, item in whole]
    faults += _own_faults(changes, whole, text, file)
    head = {key: value for key, value in raw["territory"].items() if ("territory", key) not in bad}
    territory = Territory(
        path, head["level"], head["name"], head.get("istat"), tuple(head.get("istat_more", ())), head.get("belfiore"),
        head.get("iso"), head.get("plate"), head["read_on"], head.get("remarks"),
    )  # fmt: skip
    groups = {name: tuple(members) for name, members in head.get("groups", {}).items()}
    statistics = None if ("statistics",) in {place[:1] for place in bad} else raw.get("statistics")
    faults.sort(key=lambda fault: fault.line)
    faults += _tax_faults(raw, bad, text, file)
    tourist_tax = None if ("tourist_tax",) in {place[:1] for place in bad} else raw.get("tourist_tax")
    sources = {key: _source(value) for key, value in raw.get("sources", {}).items() if ("sources", key) not in bad}
    pack = Pack(file, territory, groups, tuple(changes), statistics, sources, tourist_tax)
    return Reading(pack, faults, broken)


_HEAD = ("level", "name", "istat", "groups", "read_on")
"""Keys of ``[territory]`` without which nothing else of a file can be judged."""


def _source(value: str | Mapping[str, str]) -> Words:
    """A document as people cite it; a title alone is written once for both languages."""
    return Words(value, value) if isinstance(value, str) else Words(value["it"], value["en"])


def _tax_faults(raw: Mapping[str, Any], bad: set[tuple[Any, ...]], text: str, file: str) -> list[Fault]:
    """Faults of the tourist tax beyond its shape."""
    from locanda.law.tourist_tax.validation import faults

    if "tourist_tax" not in raw or any(place[0] == "tourist_tax" for place in bad):
        return []
    return place_faults(faults(raw["tourist_tax"], packed=True), text, file)


def place_faults(found: Sequence[tuple[tuple[str | int, ...], Problem]], text: str, file: str) -> list[Fault]:
    """Problems of the tourist tax with the lines they stand on."""
    if not found:
        return []
    lines = lines_of(text)
    return [
        Fault(file, lines.at(("tourist_tax", *path)), problem._replace(where=_dotted(("tourist_tax", *path))))
        for path, problem in found
    ]


def read_file(path: Path, *, place: str, file: str, part: str = "whole") -> tuple[Pack | None, list[Fault]]:
    """:func:`read` for a file; one that is not text is a fault too. ``part``: ``whole``, or one of :func:`halves`."""
    try:
        text, faults = text_of(path.read_bytes(), file)
    except OSError as fault:
        return None, [Fault(file, 1, Problem.of("pack.file.unreadable", "", detail=str(fault)))]
    if faults:
        return None, faults
    if part != "whole":
        pack, faults = read(halves(text)[part == "later"], path=place, file=file)
        if pack is not None:
            return pack, faults
    return read(text, path=place, file=file)


def text_of(raw: bytes, file: str) -> tuple[str, list[Fault]]:
    """The text of a file; where it is not UTF-8, the line that is not. The mark some editors put in front is left out."""
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        return raw.decode("utf-8", "replace"), [Fault(file, line, Problem.of("pack.file.encoding", ""))]


LATER = ("document", "instruction", "keep", "note")
"""Kinds that a calendar never asks for; with ``[sources]`` and the tourist tax they are half of the text, and are read when
somebody asks."""

_TABLE = re.compile(r"^(?=\[)", re.MULTILINE)
_LATER = re.compile(rf"\[\[?({'|'.join(LATER)}|sources|tourist_tax)[].]")


def halves(text: str) -> tuple[str, str]:
    """A text without the kinds of :data:`LATER`, and with nothing but them and its head. Lines keep their numbers."""
    now, later = [], []
    for number, block in enumerate(_TABLE.split(text)):
        blank = "\n" * block.count("\n")
        head = number == 0 or block.startswith("[territory")
        wanted = _LATER.match(block) is not None
        now.append(blank if wanted else block)
        later.append(block if wanted or head else blank)
    return "".join(now), "".join(later)


def _header_lines(text: str) -> dict[tuple[str, int], int]:
    """The line of each ``[[kind]]``: a quick look, good enough to say where an item came from."""
    found: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = defaultdict(int)
    line, at = 1, 0
    for header in _HEADER.finditer(text):
        line += text.count("\n", at, header.start())
        at = header.start()
        found[header[1], counts[header[1]]] = line
        counts[header[1]] += 1
    return found


def _change(kind: str, item: Mapping[str, Any], file: str, line: int) -> Amendment:
    keys = {key: value for key, value in item.items() if key not in CONTROL}
    step = Step(file, line, tuple(sorted(keys)))
    return Amendment(
        kind, item["id"], keys, item.get("valid_from"), item.get("valid_to"), bool(item.get("off")), step
    )


def _shape_errors(model: Any, raw: Mapping[str, Any]) -> Sequence[Any]:
    from pydantic import ValidationError

    try:
        model.model_validate(raw)
    except ValidationError as fault:
        return fault.errors(include_url=False)
    return ()


def _wrong_keys(errors: Sequence[Any]) -> Mapping[tuple[Any, ...], set[str]]:
    """The faulty keys of each item, by kind and number."""
    found: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for error in errors:
        if len(error["loc"]) > 2:
            unknown = error["type"] == "extra_forbidden" and len(error["loc"]) == 3
            found[tuple(error["loc"][:2])] |= {str(error["loc"][2]), *(["*"] if unknown else [])}
    return found


def _shape_faults(errors: Sequence[Any], raw: Mapping[str, Any], lines: Lines, file: str) -> list[Fault]:
    places: dict[tuple[tuple[str | int, ...], str], list[Any]] = defaultdict(list)
    for error in errors:
        path = _real_path(error["loc"], raw)
        if error["type"] == "string_type" and isinstance(error["input"], Mapping) and error["loc"][-1] != path[-1]:
            continue  # a text or a table may stand there, and it is a table: what that lacks is told apart
        alike = error["type"] if error["type"] in _SINGLE else ""
        places[path, alike].append(error)
    found = []
    for (path, _), alike in places.items():
        problem = shape_problem(alike, _dotted(path), str(path[-1]) if path else "", _dotted(path[:-1]))
        found.append(Fault(file, lines.at(path), problem))
    return sorted(found, key=lambda fault: fault.line)


_SINGLE = ("extra_forbidden", "missing", "literal_error", "string_pattern_mismatch", "string_too_short")
"""Errors that are told one by one; of the others a place has one problem."""


def _real_path(loc: tuple[str | int, ...], raw: Mapping[str, Any]) -> tuple[str | int, ...]:
    """pydantic's place without what it adds: the 0 of a lone table read as a list, names of union members."""
    path: list[str | int] = []
    value: Any = raw
    for index, part in enumerate(loc):
        if isinstance(value, Mapping) and isinstance(part, int):
            continue
        if isinstance(value, Mapping) and str(part).endswith("Model") and part not in value:
            continue
        known = (isinstance(value, Mapping) and part in value) or (
            isinstance(value, list) and isinstance(part, int) and part < len(value)
        )
        if known:
            value = value[part]
        elif index < len(loc) - 1 or not isinstance(value, Mapping) or part == "constrained-str":
            break
        path.append(part)
    return tuple(path)


def _dotted(path: tuple[str | int, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


NEEDS: Mapping[str, tuple[str, ...]] = {
    "elapsed": ("event", "duration"), "after_period": ("period", "day"), "yearly": ("month", "day", "year_offset"),
    "before_event": ("event", "duration"), "within": ("event", "duration"), "at_event": ("event",), "standing": ("event",),
    "keep_until": ("event", "duration"), "counter": (),
}  # fmt: skip
"""What a deadline of each kind must say (spec adempimenti 0.3)."""


def _own_faults(
    changes: Sequence[Amendment], rows: Sequence[tuple[str, int, Mapping[str, Any]]], text: str, file: str
) -> list[Fault]:
    """Faults that a file shows by itself, beyond its shape."""
    found: list[tuple[tuple[str | int, ...], Problem]] = []
    by_id: dict[tuple[str, str], list[tuple[int, Amendment]]] = defaultdict(list)
    for change, (kind, index, item) in zip(changes, rows, strict=True):
        where: tuple[str | int, ...] = (kind, index)
        by_id[kind, change.id].append((index, change))
        if change.first > change.last:
            found.append(((*where, "valid_to"), Problem.of("pack.validity.reversed", _dotted(where), id=change.id)))
        if item.get("sources") == []:
            found.append(((*where, "sources"), Problem.of("pack.source.missing", _dotted(where), id=change.id)))
        deadlines = item.get("deadline") or item.get("until") or []
        for deadline in [deadlines] if isinstance(deadlines, dict) else deadlines:
            wanting = [key for key in NEEDS[deadline["kind"]] if deadline.get(key) is None]
            if wanting:
                problem = Problem.of(
                    "pack.deadline.incomplete", _dotted(where), id=change.id, kind=deadline["kind"], keys=", ".join(wanting)
                )
                found.append(((*where, "deadline"), problem))
        low, high = item.get("min"), item.get("max")
        if kind == "sanction" and low is not None and high is not None and float(low) > float(high):
            found.append(((*where, "max"), Problem.of("pack.range.reversed", _dotted(where), id=change.id)))
    for (kind, ident), versions in by_id.items():
        if len(versions) < 2:
            continue
        for _, later in overlaps([change for _, change in versions]):
            index = next(index for index, change in versions if change is later)
            problem = Problem.of("pack.validity.overlaps", _dotted((kind, index)), id=ident)
            found.append(((kind, index), problem))
    if not found:
        return []
    lines = lines_of(text)
    return sorted((Fault(file, lines.at(path), problem) for path, problem in found), key=lambda fault: fault.line)
