"""Devices by floor area: spec adempimenti 5.5 and D22."""

from __future__ import annotations

from decimal import Decimal

import pytest

from locanda.law.packs import chain
from locanda.law.safety import AREA, Devices, devices, extinguishers


@pytest.mark.parametrize(
    ("floors", "count"),
    [(["80"], 1), (["200"], 1), (["200.01"], 2), (["401"], 3), (["60", "45"], 2), (["250", "10", "200"], 4), (["0"], 1), ([], 0)],
)
def test_one_for_each_200_square_metres_and_one_a_floor(floors: list[str], count: int) -> None:
    assert extinguishers([Decimal(floor) for floor in floors]) == count


@pytest.mark.parametrize(
    ("gas", "excluded", "needed"),
    [(False, True, False), (True, True, True), (False, False, True), (True, None, True), (None, None, None), (False, None, None)],
)
def test_detectors_unless_surely_not_needed(gas: bool | None, excluded: bool | None, needed: bool | None) -> None:
    assert devices([Decimal(80)], gas_system=gas, co_excluded=excluded) == Devices(1, needed, needed)


def test_unknown_floors_stay_unknown() -> None:
    assert devices([]).extinguishers is None


def test_the_area_is_the_one_of_the_pack() -> None:
    rules = chain("072030")
    assert rules.versions("parameter", "extinguisher-area-m2")[-1].value == AREA
