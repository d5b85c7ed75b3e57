"""Search as one types: whole name first, then beginnings of the name, then of a word inside it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from locanda.places.spelling import key

__all__ = ["Search"]

T = TypeVar("T")

_AFTER_ALL = "\uffff"


class Search(Generic[T]):
    """An index of names; built once, asked at each keystroke."""

    def __init__(self, names: Iterable[tuple[str, T]]) -> None:
        pairs = sorted(((key(name), place) for name, place in names), key=lambda pair: (pair[0], len(pair[0])))
        self._keys = [pair[0] for pair in pairs]
        self._places = [pair[1] for pair in pairs]

    def find(self, text: str, wanted: Callable[[T], bool], limit: int) -> list[T]:
        """At most ``limit`` places that are wanted, the best first, none twice."""
        typed = key(text)
        if not typed or limit < 1:
            return []
        found: list[T] = []
        for indexes in (self._beginning(typed), self._inside(typed)):
            for index in indexes:
                place = self._places[index]
                if place not in found and wanted(place):
                    found.append(place)
                    if len(found) == limit:
                        return found
        return found

    def _beginning(self, typed: str) -> Iterator[int]:
        start, end = bisect_left(self._keys, typed), bisect_left(self._keys, typed + _AFTER_ALL)
        word = typed + " "
        yield from sorted(
            range(start, end),
            key=lambda index: (not (self._keys[index] + " ").startswith(word), len(self._keys[index]), index),
        )

    def _inside(self, typed: str) -> Iterator[int]:
        word = " " + typed
        inside = [index for index, name in enumerate(self._keys) if word in name]
        yield from sorted(inside, key=lambda index: (len(self._keys[index]), index))
