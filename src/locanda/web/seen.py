"""Whether what a form shows was changed after it was opened, in another window or by another person: nothing is undone unseen."""

from __future__ import annotations

import hashlib
import json
from typing import Any

__all__ = ["overtaken", "seen_now"]


def seen_now(told: Any) -> str:
    """What stands in the form's fields as it is opened, as one short word that goes back with the form."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]


def overtaken(post: Any, told: Any) -> bool:
    """Whether the fields hold something else by now than when the form was opened; a form that does not say is let through."""
    seen = post.get("seen", "")
    return bool(seen) and seen != seen_now(told)
