"""Second floor: one folder for each portal, with its format, its client, its simulator and its README.

A portal is declared by a value, ``PORTAL``, in its own ``__init__``; the contract suite, the simulator of the demo and
the lists on screen are driven by these values. Importing a declaration opens no network and reads no clock: what needs
them (client, simulator) is named by its path and loaded when it is wanted.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

__all__ = ["Portal", "Resend", "registered"]

Resend = Literal["never", "overwrites"]
"""What a second sending of the same thing does: makes an irreversible double, or replaces the first."""


@dataclass(frozen=True)
class Portal:
    """What the rest of the house must know of a portal before it speaks to it."""

    key: str
    name: str
    resend: Resend
    format_version: str
    endpoint: str
    operations: tuple[str, ...]
    client: str
    """``module:name`` of the class that calls the real service."""
    simulator: str
    """``module:name`` of the class that plays the service on this machine."""
    rehearses: bool = True
    """Whether it can be asked for outcomes without acquiring anything (``Test``)."""
    receipts: bool = True
    """Whether it gives a receipt for a day of sending; else only the outcomes of the records are evidence."""

    def load(self, path: str) -> Any:
        """What ``client`` or ``simulator`` names."""
        module, _, name = path.partition(":")
        return getattr(importlib.import_module(module), name)


@cache
def registered() -> Mapping[str, Portal]:
    """Every portal known here: the rooms of this folder, then those that other packages announce.

    The rooms are found by looking, so that a checkout which was never installed knows them too; a package outside
    announces its own in the entry-point group ``locanda.portals``.
    """
    # on Python 3.11 this brings the network modules along, which a declaration alone must not
    from importlib.metadata import entry_points

    modules = [f"{__name__}.{room.name}" for room in pkgutil.iter_modules(__path__) if room.ispkg]
    modules += [entry.value for entry in entry_points(group=__name__) if entry.value not in modules]
    found: dict[str, Portal] = {}
    for module in modules:
        portal = getattr(importlib.import_module(module), "PORTAL", None)
        if isinstance(portal, Portal):
            found[portal.key] = portal
    return found
