"""What a calculation gives: one record for each guest and night, with the reason (spec imposta-di-soggiorno 7.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from locanda.core.problems import Problem

__all__ = [
    "BEYOND_CAP", "COLLECTED", "EXCLUDED", "OUT_OF_PERIOD", "TAXED", "GuestTax", "NightTax", "Reckoning", "StayTax",
]  # fmt: skip

TAXED, BEYOND_CAP, OUT_OF_PERIOD = "taxed", "beyond_cap", "out_of_period"
EXCLUDED, COLLECTED = "excluded", "collected_by_portal"


class NightTax(NamedTuple):
    """A night of a guest. ``base`` and ``amount`` in cents; ``row`` is the place of the rate in its version, from 0.

    ``by`` is the place of what decided a night without tax: of the exemption, or of the limit.

    Status: ``taxed``, ``reduced:<code>``, ``exempt:<code>``, ``beyond_cap``, ``out_of_period``, ``excluded``, or
    ``collected_by_portal``.
    """

    night: date
    version: str
    row: int | None
    base: int | None
    reduction: str | None
    amount: int
    status: str
    by: int | None = None


class GuestTax(NamedTuple):
    """The nights of a guest in order. ``collected`` is what a portal collects, and is not in ``amount``."""

    guest: str
    nights: Sequence[NightTax]
    amount: int
    collected: int = 0

    @property
    def by_status(self) -> dict[str, int]:
        """How many nights of each status, in the order met."""
        return dict(Counter(night.status for night in self.nights))

    @property
    def taxable(self) -> int:
        """Nights that the operator collects the tax for."""
        return sum(night.status == TAXED or night.status.startswith("reduced:") for night in self.nights)

    @property
    def exemption(self) -> str | None:
        """The code of the first exempt night."""
        return next((night.status[7:] for night in self.nights if night.status.startswith("exempt:")), None)


class StayTax(NamedTuple):
    """The tax of a stay, guest by guest in the order given."""

    id: str
    guests: Sequence[GuestTax]
    total: int

    def by_month(self) -> dict[tuple[int, int], int]:
        """The amounts by month of the night; their sum is the total."""
        found: dict[tuple[int, int], int] = {}
        for guest in self.guests:
            for night in guest.nights:
                key = (night.night.year, night.night.month)
                found[key] = found.get(key, 0) + night.amount
        return found


class Reckoning(NamedTuple):
    """The answer. With any problem the stays that have one are missing: an amount is never guessed."""

    stays: Sequence[StayTax]
    versions: tuple[str, ...]
    status: str | None
    notes: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @property
    def total(self) -> int:
        return sum(stay.total for stay in self.stays)
