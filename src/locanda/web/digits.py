"""A count as a form posts it: plain ASCII digits. ``"²".isdigit()`` is true, and ``int("²")`` is an error."""

from __future__ import annotations

__all__ = ["is_count"]

MOST = 6


def is_count(text: str) -> bool:
    """Whether this is a whole number that ``int`` reads, of six digits at most."""
    return text.isascii() and text.isdigit() and len(text) <= MOST
