"""The doors of the packs: the chain of a comune, one territory, the whole tree, a check (spec adempimenti 9)."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.law.packs.chain import Chain, Store
from locanda.law.packs.checks import chain_faults
from locanda.law.packs.lines import lines_of
from locanda.law.packs.placing import misplaced, strays
from locanda.law.packs.reader import Fault, Pack, parse, place_faults, text_of
from locanda.law.packs.tree import BrokenPack, Place, Tree, UnknownTerritory, builtin_tree
from locanda.law.packs.values import STATUSES

__all__ = ["PackInfo", "chain", "chain_in", "check_text", "check_tree", "territory", "tree"]


class PackInfo(NamedTuple):
    """A line of ``pack list``. ``status`` is that of its least certain item; None where there is no file or no item."""

    path: str
    level: str
    name: str
    istat: str | None
    status: str | None
    statuses: tuple[tuple[str, int], ...]
    read_on: date | None
    items: tuple[tuple[str, int], ...]


@cache
def chain(comune: str) -> Chain:
    """What holds in the comune with that ISTAT code; :class:`UnknownTerritory` when no province has it."""
    return chain_in(builtin_tree(), comune)


def chain_in(where: Tree, comune: str) -> Chain:
    """:func:`chain` in another tree."""
    places = [place for place in where.chain_of(comune) if place.file is not None]
    packs = [where.half(place, later=False) for place in places]
    store = where.stores.setdefault(tuple(place.path for place in places), Store())
    return Chain(comune, packs, store=store, later=lambda: [where.half(place, later=True) for place in places])


def territory(path: str) -> Pack:
    """The pack at a path such as ``it/puglia`` or ``it/puglia/bari/monopoli``."""
    return builtin_tree().pack(path)


def tree(where: Tree | None = None) -> list[PackInfo]:
    """Every territory, parents before children."""
    where = where or builtin_tree()
    return [_info(where, place) for place in where.walk()]


def _info(where: Tree, place: Place) -> PackInfo:
    if place.file is None:
        return PackInfo(place.path, place.level, place.path.rsplit("/", 1)[-1], None, None, (), None, ())
    pack = where.pack(place.path)
    head = pack.territory
    statuses = Tally(str(change.keys["status"]) for change in pack.changes if "status" in change.keys)
    if pack.statistics is not None:
        statuses[pack.statistics["status"]] += 1
    taxes = (pack.tourist_tax or {}).get("versions", ())
    statuses.update(version.get("status", "unverified") for version in taxes)
    items = Tally(change.kind for change in pack.changes) + Tally({"tourist_tax": len(taxes)})
    counted = tuple((status, statuses[status]) for status in STATUSES if statuses[status])
    return PackInfo(
        place.path, head.level, head.name, head.istat, counted[-1][0] if counted else None, counted, head.read_on,
        tuple(sorted(items.items())),
    )  # fmt: skip


def check_text(text: str, file: str, *, place: str | None = None, where: Tree | None = None) -> list[Fault]:
    """All that is wrong with a territory file. ``place`` is where it lies in the tree; found from its head when left out."""
    where = where or builtin_tree()
    found = parse(text, path=place or _stem(file), file=file)
    if found.pack is None:
        return found.faults
    astray = list(misplaced(found.pack.territory, place, where))
    head = lines_of(text) if astray else None
    faults = [*found.faults, *(Fault(file, head.at(("territory", key)), problem) for key, problem in astray if head is not None)]
    try:
        parents = [where.pack(entry.path) for entry in _above(found.pack, None if astray else place, where) if entry.file]
    except BrokenPack as broken:
        return [*faults, *broken.faults]
    wider = chain_faults(found.pack, parents, found.broken)
    lines = lines_of(text) if wider else None
    placed = [
        fault._replace(line=lines.key_below(fault.line, fault.problem.fact("key") or "")) for fault in wider if lines is not None
    ]
    faults += [*placed, *_tax_warnings(found.pack, text)]
    return sorted({(fault.line, str(fault)): fault for fault in faults}.values(), key=lambda fault: fault.line)


def _tax_warnings(pack: Pack, text: str) -> list[Fault]:
    from locanda.law.tourist_tax.validation import warnings

    return [] if pack.tourist_tax is None else place_faults(warnings(pack.tourist_tax), text, pack.file)


def _above(pack: Pack, place: str | None, where: Tree) -> list[Place]:
    if place is not None:
        return where.parents_of(place)
    head = pack.territory
    if head.level == "state":
        return []
    if head.istat and len(head.istat) >= 3:
        try:
            above = where.chain_of(f"{head.istat[:3]}000")
        except UnknownTerritory:
            above = []
        if above:
            return above if head.level == "comune" else above[:-1]
    return [where.place("it")] if (where.root / "it").is_dir() else []


def _stem(file: str) -> str:
    return Path(file).name.removesuffix(".toml")


def check_tree(where: Tree | None = None) -> list[Fault]:
    """All that is wrong with all files of a tree."""
    where = where or builtin_tree()
    found: list[Fault] = []
    for place in where.walk():
        if place.file is not None:
            file = str(place.file.relative_to(where.root))
            text, unread = text_of(place.file.read_bytes(), file)
            found += unread or check_text(text, file, place=place.path, where=where)
    for path in strays(where):
        file = str(path.relative_to(where.root))
        found.append(Fault(file, 1, Problem.of("pack.place.unread", "", file=file)))
    return found
