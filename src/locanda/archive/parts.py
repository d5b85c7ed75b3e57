"""A long list of keys, a few hundred at a time: a question to the database has room for so many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

__all__ = ["in_parts"]

_Key = TypeVar("_Key")


def in_parts(keys: Iterable[_Key], size: int = 400) -> Iterator[list[_Key]]:
    """The keys in their order, in lists of ``size`` at most; none where there are no keys."""
    left = iter(keys)
    while part := list(islice(left, size)):
        yield part
