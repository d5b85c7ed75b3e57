"""The value lists of SPOT 0.6, and our words in them (spec flussi-turistici 7.2 and 12). Facts stand in ``lists.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

__all__ = ["CHANNEL", "EDUCATION", "LISTS", "ONWARD", "SENT_AS", "STATES", "TOURISM", "TRANSPORT", "UNTIL"]

_DATA: Mapping[str, Any] = tomllib.loads((files("locanda.portals.spot") / "lists.toml").read_text(encoding="utf-8"))

STATES = frozenset({f"100000{digits}" for digits in _DATA["states"].split()} | set(_DATA["states_whole"].split()))
"""Police codes of every foreign state of the list; Italy is not among them."""
SENT_AS: Mapping[str, str] = _DATA["sent_as"]
LISTS: Mapping[str, frozenset[str]] = {name: frozenset(values) for name, values in _DATA["values"].items()}
UNTIL: date = _DATA["until"]
TOURISM: Mapping[str, str] = _DATA["tourism"]
TRANSPORT: Mapping[str, str] = _DATA["transport"]
ONWARD: Mapping[str, str] = _DATA["onward"]
CHANNEL: Mapping[str, str] = _DATA["channel"]
EDUCATION: Mapping[str, str] = _DATA["education"]
