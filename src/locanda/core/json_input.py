"""JSON as it comes through a door: broken text, wrong encoding, keys given twice are problems, never an exception (RFC 8259)."""

from __future__ import annotations

import json
from typing import Any

from locanda.core.problems import Problem
from locanda.core.readers import shown

__all__ = ["read_json"]


def read_json(data: str | bytes) -> tuple[Any, list[Problem]]:
    """The value and what is wrong with its text. With a problem whose ``where`` is empty and no value, nothing could be read."""
    twice: list[str] = []

    def pairs(entries: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(entries)
        if len(made) != len(entries):
            seen: set[str] = set()
            twice.extend(key for key, _ in entries if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return made

    try:
        source = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        value = json.loads(source, object_pairs_hook=pairs)
    except UnicodeDecodeError as fault:
        return None, [Problem.of("shape.json.encoding", "", byte=fault.start)]
    except json.JSONDecodeError as fault:
        return None, [Problem.of("shape.json.broken", "", line=fault.lineno, column=fault.colno)]
    except (RecursionError, ValueError):
        return None, [Problem.of("shape.json.unreasonable")]
    return value, [Problem.of("shape.key.twice", "", key=shown(key)) for key in twice]
