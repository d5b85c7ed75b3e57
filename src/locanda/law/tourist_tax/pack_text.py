"""A rule of the tourist tax written as a territory file: what was set up on a page can become a pack (design, section 7).

Reading the text gives the section back, key by key: write∘read is the identity.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

from locanda.law.tourist_tax.own_rules import plain

__all__ = ["pack_text", "read_pack_text"]

_DAYS = frozenset({"valid_from", "valid_to", "retrieved", "applies_to_bookings_from", "made_on"})


def pack_text(section: Mapping[str, Any], *, name: str, istat: str, belfiore: str | None, read_on: date) -> str:
    """The file of a comune that has this ``[tourist_tax]`` section; days may be dates or text."""
    import tomli_w

    head = {
        "level": "comune", "name": name, "istat": istat, **({"belfiore": belfiore} if belfiore else {}), "read_on": read_on,
    }  # fmt: skip
    return str(tomli_w.dumps({"territory": head, "tourist_tax": _with_days(plain(section))}))


def read_pack_text(text: str) -> dict[str, Any]:
    """The ``[tourist_tax]`` section of such a file, days as text."""
    return plain(tomllib.loads(text)["tourist_tax"])


def _with_days(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _with_days(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_days(inner) for inner in value]
    return date.fromisoformat(value) if key in _DAYS else value
