"""JSON into the data of a form: the NamedTuple of the form is the schema, and its annotations choose the readers.

A field without a default is required; an object that judges itself has a method ``faults``. Unknown keys, missing keys and
everything that does not fit are problems, all of them at once. Nothing here raises on any JSON.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import cache, partial
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from locanda.core import readers
from locanda.core.problems import Problem
from locanda.core.readers import Reader
from locanda.papers.values import READERS

__all__ = ["read_into"]

_ROWS_MAX = 5000


def read_into(kind: type[Any], value: Any, where: str, found: list[Problem]) -> Any:
    """An instance of ``kind``, or None after adding what is wrong."""
    before = len(found)
    known = _fields(cast("Hashable", kind))
    read = readers.record(value, where, known, found)
    if not isinstance(value, dict):
        return None
    for name in known:
        path = f"{where}.{name}" if where else name
        # absent, null, or text of blanks only; what was there and could not be read has told so already
        if name not in kind._field_defaults and name not in read and not _told(found[before:], path):
            found.append(Problem.of("paper.field.missing", path, field=name))
    if len(found) > before:
        return None
    made = kind(**read)
    judge = getattr(made, "faults", None)
    if judge is not None:
        faults: Iterable[Problem] = judge()
        found += [problem.within(where) for problem in faults]
    return made


def _told(found: list[Problem], path: str) -> bool:
    return any(problem.where == path or problem.where.startswith((f"{path}.", f"{path}[")) for problem in found)


@cache
def _fields(kind: Any) -> Mapping[str, Reader]:
    hints = get_type_hints(kind)
    return {name: _reader(hints[name], required=name not in kind._field_defaults) for name in kind._fields}


def _reader(hint: Any, *, required: bool = False) -> Reader:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        (inner,) = (part for part in get_args(hint) if part is not type(None))
        return _reader(inner)
    if origin is Literal:
        return readers.choice(get_args(hint))
    if origin is tuple:
        return _listing(_reader(get_args(hint)[0]), filled=required)
    if hint in READERS:
        return READERS[hint]
    return partial(read_into, hint)


def _listing(item: Reader, *, filled: bool) -> Reader:
    each = readers.listing(item)

    def read(value: Any, where: str, found: list[Problem]) -> Any:
        if isinstance(value, list) and filled and not value:
            found.append(Problem("paper.list.empty", where))
            return None
        if isinstance(value, list) and len(value) > _ROWS_MAX:
            found.append(Problem.of("paper.list.long", where, count=len(value), limit=_ROWS_MAX))
            return None
        return each(value, where, found)

    return read
