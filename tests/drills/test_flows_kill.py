"""``kill -9`` while days of the statistics are on their way: nothing is lost, and sending again leaves the portal right.

The process dies at each step that the loop names, on each engine. A new one starts on what is left, puts in doubt what was
under way and sends it again, which overwrites. In the end the portal has every guest once and the house knows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from locanda.portals.ross1000.simulator import Account, SimClock, Simulator
from tests.drills.conftest import House
from tests.flow_world import CODE, IT, PASSWORD, USER
from tests.world import NOON, guest

pytestmark = pytest.mark.drill

STEPS = ("flows_leased", "flows_sending", "flows_answered", "flows_recorded")
DAYS = ["2026-07-09", "2026-07-12"]
MORNING = (NOON + timedelta(days=3)).replace(hour=9).isoformat()
PARTY = {
    "id": "S", "departure": (NOON.date() + timedelta(days=2)).isoformat(),
    "guests": [
        {"id": "0", **guest("ROSSI", "ADA", "head_of_family", **IT)}, {"id": "1", **guest("ROSSI", "UGO", "family_member", **IT)},
    ],
}  # fmt: skip


@pytest.fixture
def service() -> Iterator[Simulator]:
    with Simulator([Account(USER, PASSWORD, (CODE,))], clock=SimClock(NOON)) as portal:
        yield portal


def begin(house: House, service: Simulator) -> None:
    """Two guests from the 10th to the 12th, their days made ready."""
    house.live(["flow_set_up", service.url], ["arrive", PARTY], ["hour", MORNING], ["flow_prepare", DAYS])


def in_order(house: House, service: Simulator) -> None:
    assert house.told["sendings"] == [["accepted", "row_outcome"]]
    assert len(house.told["held"]) == 4 and house.told["faults"] == []
    assert house.told["marks"] == 2  # an arrival and a departure, in Sardegna
    assert [one.record.tipoalloggiato for one in service.archive.guests(CODE)] == ["17", "19"]


@pytest.mark.parametrize("at", STEPS)
def test_dying_between_two_steps(house: House, service: Simulator, at: str) -> None:
    begin(house, service)
    house.die(["arm", None], ["flow_round", 1], at=at, now=MORNING)
    house.live(["flow_round", 2], ["flow_tell", None], now=MORNING)
    in_order(house, service)
    assert house.told["crashed"] == (1 if at in ("flows_sending", "flows_answered") else 0)
    assert len(service.calls) == (2 if at == "flows_answered" else 1)
    assert (house.told["flow_leases"] == [""]) == (at != "flows_recorded")  # then nothing was left to take it over for


@pytest.mark.parametrize("fault", ["drop_after_storing", "hang_after_storing", "http_500_after_storing"])
def test_dying_after_an_answer_was_lost(house: House, service: Simulator, fault: str) -> None:
    """The portal stored it, the answer was lost, and then the process died before it could write that down."""
    begin(house, service)
    service.faults.next(fault)
    house.die(["arm", None], ["flow_round", 1], at="flows_lost", now=MORNING)
    house.live(["flow_round", 2], ["flow_tell", None], now=MORNING)
    in_order(house, service)
    assert len(service.calls) == 2 and house.told["crashed"] == 1
