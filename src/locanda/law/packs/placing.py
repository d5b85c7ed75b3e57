"""Whether a file lies where its head says (spec adempimenti 9: the folder tree is the chain of parents)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from locanda.core.problems import Problem
from locanda.law.packs.reader import Territory
from locanda.law.packs.tree import Tree, UnknownTerritory, is_pack

__all__ = ["misplaced", "strays"]

_DIGITS = {"region": 2, "province": 3, "comune": 6}


def misplaced(head: Territory, place: str | None, where: Tree) -> Iterator[tuple[str, Problem]]:
    """What is wrong with level and code, with the key that says so. ``place``: where the file lies, None outside a tree."""
    level, code = head.level, head.istat
    if place is not None:
        try:
            spot = where.place(place)
        except UnknownTerritory:
            yield "level", Problem.of("pack.place.unread", "", file=f"{place}.toml")
            return
        if spot.level != level:
            yield "level", Problem.of("pack.place.level", "territory.level", level=level, expected=spot.level)
            return
    if code is None or level not in _DIGITS:
        return
    if len(code) != _DIGITS[level]:
        yield "istat", Problem.of("pack.place.code", "territory.istat", istat=code, expected="#" * _DIGITS[level])
    elif level == "comune":
        own = where.province_codes(place) if place else where.all_provinces()
        if code[:3] not in own and not place:
            yield "istat", Problem.of("pack.place.province", "territory.istat", prefix=code[:3])
        elif own and code[:3] not in own:
            expected = "/".join(f"{prefix}###" for prefix in sorted(own))
            yield "istat", Problem.of("pack.place.code", "territory.istat", istat=code, expected=expected)


def strays(where: Tree) -> Iterator[Path]:
    """Territory files that lie where none is read."""
    read = {place.file for place in where.walk()}
    yield from sorted(path for path in where.root.rglob("*.toml") if is_pack(path) and path not in read)
