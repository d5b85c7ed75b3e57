"""What a portal's own file in this folder must offer, so that one suite can put every portal to the same questions.

``tests/contracts/<key>.py`` holds a class ``Bench`` for the portal declared under that key. It opens the portal's
simulator, speaks to it through the portal's own client, and translates nothing but names.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Protocol

__all__ = ["PortalBench", "bench_for"]


class PortalBench(Protocol):
    """One portal on the bench. ``records`` are whatever its format calls one row.

    What a portal cannot do (``rehearses``, ``receipts`` of its declaration) need not be there, nor what is asked only where
    sending again overwrites (``corrected``, ``remove``, ``answer_without_outcome``).
    """

    secrets: tuple[str, ...]
    """What must never be seen in anything kept."""

    def __enter__(self) -> PortalBench: ...
    def __exit__(self, *_: object) -> None: ...

    def client(self, on_exchange: Callable[[Any], None] | None = None, *, wrong: bool = False) -> AbstractContextManager[Any]:
        """The portal's client towards the simulator; ``wrong``: with credentials that it does not know."""

    def valid(self, count: int) -> list[str]:
        """Records that the portal accepts, all different."""

    def refused(self) -> str:
        """A record that the portal refuses."""

    def harmless(self, client: Any) -> None:
        """A call that changes nothing and needs the credentials."""

    def test(self, client: Any, records: list[str]) -> list[bool]:
        """Ask for the outcome of each record without acquiring any."""

    def send(self, client: Any, records: list[str]) -> list[bool | None]:
        """Send for good; the outcome of each record, None where the portal said nothing."""

    def acquired(self) -> list[str]:
        """The records that the portal holds."""

    def corrected(self, record: str) -> str:
        """The same record with a fact changed."""

    def remove(self, client: Any, records: list[str]) -> list[bool]:
        """Take records back; the outcome of each."""

    def answer_without_outcome(self) -> None:
        """Let the next sending be stored and its answer say nothing of any record."""

    def lose_next_answer(self, *, stored: bool) -> None:
        """Let the next sending be stored (or not) and its answer be lost."""

    def down(self) -> None:
        """Let nobody listen any more."""

    def today(self) -> date:
        """The day of the simulated portal."""

    def tomorrow(self) -> None:
        """Let its clock pass midnight."""

    def receipt(self, client: Any, day: date) -> tuple[bytes, int | None]:
        """The receipt of a day of sending, and how many records it says it covers."""


def bench_for(key: str) -> PortalBench:
    """The bench of a declared portal; a portal without one fails the suite."""
    made: PortalBench = importlib.import_module(f"tests.contracts.{key}").Bench()
    return made
