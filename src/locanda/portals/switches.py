"""Switches of a simulated portal: each stands for something that nobody has verified of the real one.

A portal's behaviour is a frozen dataclass whose fields are made by :func:`switch`; commands and pages list them from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, fields, replace
from typing import Any, NamedTuple, TypeVar

__all__ = ["Switch", "listed", "set_listed", "switch", "typed"]

Behaviour = TypeVar("Behaviour")


class Switch(NamedTuple):
    """One switch as it is listed."""

    name: str
    value: object
    meaning: str
    choices: tuple[Any, ...]


def switch(meaning: str, *, default: Any, choices: tuple[Any, ...] = ()) -> Any:
    """A field of a behaviour."""
    return field(default=default, metadata={"meaning": meaning, "choices": choices})


def listed(behaviour: Any) -> Iterator[Switch]:
    """Every switch of a behaviour with its value."""
    for entry in fields(behaviour):
        yield Switch(entry.name, getattr(behaviour, entry.name), entry.metadata["meaning"], entry.metadata["choices"])


def set_listed(behaviour: Behaviour, changes: Mapping[str, object]) -> Behaviour:
    """The behaviour with some switches set; texts are read as the kind of value the switch has."""
    known = {entry.name: entry for entry in listed(behaviour)}
    unknown = [name for name in changes if name not in known]
    if unknown:
        raise ValueError(f"no such switch: {unknown[0]}")
    changed: Behaviour = replace(behaviour, **{name: typed(known[name], value) for name, value in changes.items()})  # type: ignore[type-var]
    return changed


def typed(switch: Switch, value: object) -> object:
    """A value as the switch takes it; ValueError when it does not."""
    typed: object = value
    if isinstance(value, str) and isinstance(switch.value, bool):
        if value.lower() not in ("true", "false", "yes", "no", "1", "0"):
            raise ValueError(f"{switch.name} is true or false")
        typed = value.lower() in ("true", "yes", "1")
    elif isinstance(value, str) and isinstance(switch.value, int):
        if not value.isdecimal():
            raise ValueError(f"{switch.name} is a number")
        typed = int(value)
    elif isinstance(value, str):
        typed = value.replace("\\r", "\r").replace("\\n", "\n")
    if switch.choices and typed not in switch.choices:
        raise ValueError(f"{switch.name} is one of {', '.join(map(repr, switch.choices))}")
    return typed
