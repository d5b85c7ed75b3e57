"""How a child changes what it inherits: by id, only the keys it writes, on the days it names (spec adempimenti 9).

An item is a row of versions that do not overlap. A change without days touches every version; one with days splits the versions
it meets at its edges, so that past months keep the law of then. Where a dated change meets no version, it stands alone if it is
whole. ``off = true`` leaves a hole for its days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from locanda.law.packs.values import Step

__all__ = ["CONTROL", "REQUIRED", "Amendment", "Version", "merge", "missing_keys", "overlaps"]

CONTROL = frozenset({"id", "valid_from", "valid_to", "off"})
"""Keys that say which item is meant and when; all the others are content."""

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "obligation": ("it", "en", "basis", "channel", "evidence", "status", "sources"),
    "sanction": ("it", "en", "basis", "nature", "status", "sources"),
    "contact": ("name", "duties", "status", "sources"),
    "parameter": ("it", "en", "value", "status", "sources"),
    "portal": ("name", "purpose", "login", "status", "sources"),
    "document": ("case", "it", "en", "status", "sources"),
    "instruction": ("it", "en", "steps", "status", "sources"),
    "keep": ("it", "en", "basis", "until", "then", "status", "sources"),
    "note": ("it", "en", "choice", "status", "sources"),
}
"""What every version of an item must have once all files of the chain have spoken."""

_DAY = timedelta(days=1)


class Amendment(NamedTuple):
    """What one file, or the operator, says about one id."""

    kind: str
    id: str
    keys: Mapping[str, Any]
    valid_from: date | None
    valid_to: date | None
    off: bool
    step: Step

    @property
    def first(self) -> date:
        return self.valid_from or date.min

    @property
    def last(self) -> date:
        return self.valid_to or date.max


class Version(NamedTuple):
    """The keys of an item on some days, and the hands that set them."""

    first: date
    last: date
    keys: Mapping[str, Any]
    steps: tuple[Step, ...]


def merge(versions: Sequence[Version], change: Amendment) -> list[Version]:
    """The versions after a change, in order of time."""
    merged: list[Version] = []
    for version in versions:
        merged += _split(version, change)
    if not change.off and (not versions or (change.valid_from and not missing_keys(change.kind, change.keys))):
        merged += [
            Version(first, last, dict(change.keys), (change.step,)) for first, last in _gaps(versions, change.first, change.last)
        ]
    return sorted(merged, key=lambda version: version.first)


def _split(version: Version, change: Amendment) -> Iterable[Version]:
    first, last = max(version.first, change.first), min(version.last, change.last)
    if first > last:
        yield version
        return
    if version.first < first:
        yield version._replace(last=first - _DAY)
    if not change.off:
        yield Version(first, last, {**version.keys, **change.keys}, (*version.steps, change.step))
    if last < version.last:
        yield version._replace(first=last + _DAY)


def _gaps(versions: Sequence[Version], first: date, last: date) -> Iterable[tuple[date, date]]:
    """The days of a window on which no version stands."""
    for version in versions:
        if version.last < first:
            continue
        if version.first > last:
            break
        if version.first > first:
            yield first, version.first - _DAY
        if version.last >= last:
            return
        first = version.last + _DAY
    yield first, last


def missing_keys(kind: str, keys: Mapping[str, Any]) -> tuple[str, ...]:
    """What an item would still need to be whole."""
    missing = [key for key in REQUIRED[kind] if keys.get(key) in (None, "")]
    if kind == "obligation":
        if not keys.get("applies") and not keys.get("advised"):
            missing.append("applies")
        if not keys.get("deadline") and not keys.get("set_by") and not keys.get("informative"):
            missing.append("deadline")
    if keys.get("sources") == []:
        missing.append("sources")
    return tuple(missing)


def overlaps(changes: Sequence[Amendment]) -> list[tuple[Amendment, Amendment]]:
    """Pairs of one file that speak of the same id on the same days."""
    found = []
    for index, later in enumerate(changes):
        for earlier in changes[:index]:
            same = (earlier.kind, earlier.id) == (later.kind, later.id)
            if same and earlier.first <= later.last and later.first <= earlier.last:
                found.append((earlier, later))
    return found
