"""What a home let to tourists must have on its walls (D.L. 145/2023 art. 13-ter c. 7; spec adempimenti 5.5, IT-SIC-01).

Portable extinguishers: one for each 200 square metres of floor or part of them, and at least one on every floor. Gas and carbon
monoxide detectors: not needed where there is no gas system and carbon monoxide is surely excluded (ministry FAQ 4.1-4.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from locanda.law.packs import Chain

__all__ = ["AREA", "Devices", "area_of", "devices", "extinguishers"]

AREA = 200
"""Square metres for one extinguisher; a chain has it as the parameter ``extinguisher-area-m2``."""


class Devices(NamedTuple):
    """How many extinguishers (None while the floors are unknown), and whether detectors are needed (None: not answered)."""

    extinguishers: int | None
    gas_detector: bool | None
    co_detector: bool | None


def area_of(rules: Chain, on: date) -> int:
    """The square metres for one extinguisher in a place, on a day."""
    parameter = rules.parameter("extinguisher-area-m2", on)
    return int(str(parameter.value)) if parameter else AREA


def extinguishers(floors_m2: Iterable[Decimal], area: int = AREA) -> int:
    """The sum over the floors of one for each ``area`` or part of it, at least one each."""
    return sum(max(1, int((floor / area).to_integral_value(ROUND_CEILING))) for floor in floors_m2)


def devices(
    floors_m2: Iterable[Decimal], *, gas_system: bool | None = None, co_excluded: bool | None = None, area: int = AREA
) -> Devices:
    """What is needed. Both detectors are, unless there is no gas system and carbon monoxide is surely excluded."""
    floors = tuple(floors_m2)
    free = None if gas_system is None or co_excluded is None else not gas_system and co_excluded
    if gas_system or co_excluded is False:
        free = False
    needed = None if free is None else not free
    return Devices(extinguishers(floors, area) if floors else None, needed, needed)
