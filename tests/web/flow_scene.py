"""A whole flat in Monopoli in summer 2026: guests of May and June, one without a residence, white days; seen in July."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from locanda.archive.models import PortalDay, Property, Stay
from locanda.office.statistics import days
from locanda.office.statistics.counting import counted_of
from tests.web.tax_scene import at
from tests.world import World, guest

IT: dict[str, Any] = {"residence_state": "IT", "residence_comune": "BOLOGNA (BO)"}
DE: dict[str, Any] = {"residence_state": "DE"}


class FlowHouse(NamedTuple):
    """What the pages address."""

    world: World
    italians: Stay
    german: Stay
    unknown: Stay

    @property
    def base(self) -> str:
        return f"/statistica/{self.world.property.pk}"

    @property
    def june(self) -> str:
        return f"{self.base}/2026-06/"


def one_flat(made: World, **more: Any) -> Property:
    told = {"rooms": 1, "beds": 4, "let_as": "whole", "since": date(2025, 1, 1), **more}
    Property.objects.of(made.account).filter(pk=made.property.pk).update(**told)
    made.property.refresh_from_db()
    return made.property


def at_portal(made: World, states: dict[int, str]) -> None:
    """What the portal of Puglia has of days of June, as they are counted now."""
    rows = {row.day.day: row for row in counted_of(made.property, date(2026, 6, 1), date(2026, 6, 30), now=made.now)}
    for number, state in states.items():
        held = state in ("accepted", "confirmed", "changed")
        PortalDay(
            account=made.account, property=made.property, portal="DMS", day=date(2026, 6, number),
            state="accepted" if state == "changed" else state, held=held, fingerprint="x" if held else "",
            people={"inputs": "otherwise" if state == "changed" else rows[number].inputs}, changed_at=made.now,
        ).save()  # fmt: skip


def lived_june(made: World) -> FlowHouse:
    """Two from Bologna from the 5th to the 9th, a German from the 20th to the 22nd, somebody without a residence on the 11th.

    The property was written in here in May; the 28th was said to be closed. It is the 3rd of July.
    """
    one_flat(made)
    at(made, 2026, 5, 2, 9)
    Property.objects.of(made.account).update(created_at=made.now)
    at(made, 2026, 6, 5, 16)
    family = guest("ROSSI", "ADA", "head_of_family", **IT), guest("ROSSI", "UGO", "family_member", **IT)
    italians = made.check_in(*family, nights=4)
    at(made, 2026, 6, 11, 16)
    unknown = made.check_in(guest("BLU", "ENEA", sex="M"), nights=1)
    at(made, 2026, 6, 20, 16)
    german = made.check_in(guest("NERI", "IDA", **DE), nights=2)
    assert not days.declare(made.property, [date(2026, 6, 28)], open=False, now=made.now, person=made.person)
    at(made, 2026, 7, 3, 9)
    made.property.refresh_from_db()
    return FlowHouse(made, italians, german, unknown)
