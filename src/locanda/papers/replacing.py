"""A declaration or account that takes the place of one already filed: the first stays on file, this one refers to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from locanda.papers.values import Label

__all__ = ["Replaced"]


class Replaced(NamedTuple):
    """What was filed before, and why it is replaced."""

    on: date
    reason: str
    protocol: Label | None = None

    def extras(self) -> Mapping[str, str]:
        """``registered``: the protocol number as the sentence goes on with it."""
        return {"registered": f", protocollo {self.protocol}" if self.protocol else ""}
