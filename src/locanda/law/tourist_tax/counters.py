"""Nights already counted, by person and window (spec imposta-di-soggiorno 7.3).

Every window that any limit of the tax names is counted all the time, so that a new version which counts by year finds the nights
of the months before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from locanda.law.tourist_tax.cells import Cell
from locanda.law.tourist_tax.rules import Cap, TouristTax

__all__ = ["Counters", "Lodging", "Track", "tracks_of"]


class Track(NamedTuple):
    """One way of counting: window, whether earlier stays count, whether only taxed nights do."""

    window: str
    carry_over: bool
    counts: str


class Lodging(NamedTuple):
    """A person in one stay: their number, the number of the stay, and that of the run of nights."""

    person: int
    stay: int
    run: int


def track_of(cap: Cap) -> Track:
    """How a limit counts."""
    return Track(cap.window, cap.carry_over, cap.counts)


def tracks_of(tax: TouristTax) -> frozenset[Track]:
    """All ways of counting that a tax uses."""
    return frozenset(track_of(cap) for version in tax.versions for cap in version.caps if cap.nights is not None)


class Counters:
    """The counters of all people of a calculation."""

    def __init__(self, tracks: frozenset[Track]) -> None:
        self.taxed = tuple(track for track in tracks if track.counts == "taxed")
        self.slept = tuple(track for track in tracks if track.counts == "slept")
        self._used: dict[object, int] = {}
        self._outside: dict[object, int] = {}
        self._runs: dict[int, tuple[int, int]] = {}

    def lodging(self, person: int, stay: int, first: int, end: int) -> Lodging:
        """A person's nights of a stay; they go on with the run that ends where they begin."""
        last, run = self._runs.get(person, (-1, -1))
        run = run if first <= last else run + 1
        self._runs[person] = (max(end, last), run)
        return Lodging(person, stay, run)

    def left(self, cap: Cap, cell: Cell, lodging: Lodging) -> int:
        """How many nights the limit still lets be taxed."""
        assert cap.nights is not None
        key = _key(track_of(cap), cell.keys, lodging)
        outside = self._outside.get(key, 0) if cap.scope == "comune" else 0
        return max(cap.nights - self._used.get(key, 0) - outside, 0)

    def count(self, nights: int, cell: Cell, lodging: Lodging, *, taxed: bool) -> None:
        """Nights of one cell that were slept, or that were slept and taxed."""
        for track in self.taxed if taxed else self.slept:
            key = _key(track, cell.keys, lodging)
            self._used[key] = self._used.get(key, 0) + nights

    def elsewhere(self, nights: int, cell: Cell, lodging: Lodging) -> None:
        """Nights taxed elsewhere in the comune before this stay, as the receipts shown say."""
        for track in (*self.taxed, *self.slept):
            key = _key(track, cell.keys, lodging)
            self._outside[key] = max(self._outside.get(key, 0), nights)


def _key(track: Track, calendar: Mapping[str, object], lodging: Lodging) -> object:
    if track.window == "stay":
        return (track, lodging.person, lodging.stay)
    window = lodging.run if track.window == "run" else calendar[track.window]
    return (track, lodging.person, window, -1 if track.carry_over else lodging.stay)
