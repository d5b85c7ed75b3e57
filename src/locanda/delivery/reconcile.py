"""Comparing a receipt with what was sent that day, by count of schedine and total of days (spec alloggiati-web 1.6, 4.11).

A receipt names nobody. What is known to be accepted must be in it; what is in doubt, typed by hand, or answered across
midnight may be. When exactly one choice among these explains both numbers, it settles them; when none or several do,
nothing is settled and a person is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

__all__ = ["Load", "Verdict", "explain"]

_MOST = 200_000  # ways counted before giving up; a day has a handful of doubtful deliveries


class Load(NamedTuple):
    """Schedine and days of one delivery."""

    key: str
    schedine: int
    days: int


class Verdict(NamedTuple):
    """``present`` and ``absent`` are keys of the doubtful loads, known only when the verdict is ``agrees``."""

    kind: Literal["agrees", "ambiguous", "differs"]
    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()


def explain(schedine: int, days: int | None, certain: Sequence[Load], doubtful: Sequence[Load]) -> Verdict:
    """Judge a receipt. ``days`` is None when the receipt's total cannot be read; then the count alone must decide."""
    want = (schedine - sum(load.schedine for load in certain), None)
    if days is not None:
        want = (want[0], days - sum(load.days for load in certain))
    # sums reachable so far -> (how many ways, one of them)
    ways: dict[tuple[int, int], tuple[int, frozenset[str]]] = {(0, 0): (1, frozenset())}
    for load in doubtful:
        grown = dict(ways)
        for (count, total), (number, chosen) in ways.items():
            at = (count + load.schedine, total + load.days)
            before, kept = grown.get(at, (0, chosen | {load.key}))
            grown[at] = (before + number, kept)
        if len(grown) > _MOST:
            return Verdict("ambiguous")
        ways = grown
    fitting = [found for (count, total), found in ways.items() if count == want[0] and (want[1] is None or total == want[1])]
    number = sum(count for count, _ in fitting)
    if number == 0:
        return Verdict("differs")
    if number > 1:
        return Verdict("ambiguous")
    present = fitting[0][1]
    return Verdict("agrees", present, frozenset(load.key for load in doubtful) - present)
