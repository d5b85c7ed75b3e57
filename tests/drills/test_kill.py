"""``kill -9`` between any two steps: nothing is lost and nothing is doubled.

A first party is sent and accepted. The process then dies while a second one is on its way, at each step the driver names.
A new process starts on what is left; time passes, receipts come, the operator sends again what a receipt proves missing.
At the end every guest stands in the portal's ledger once, and the house knows it.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from datetime import timedelta

import pytest

from tests.drills.conftest import House
from tests.world import NOON, family, guest

pytestmark = pytest.mark.drill

BEFORE_SENDING = ("leased", "begun", "tested", "test_recorded")
AFTER_SENDING = ("sending", "answered", "recorded")
RECEIPT = ("receipt_kept", "receipt")


def on_sqlite(*values: str) -> list[tuple[str, str]]:
    return [("sqlite", value) for value in values]


def both(*values: str) -> list[tuple[str, str]]:
    """On each engine: where the two may differ."""
    return [*on_sqlite(*values), *(("postgres", value) for value in values)]


def shape(*guests: dict[str, object], nights: int) -> dict[str, object]:
    departure = (NOON.date() + timedelta(days=nights)).isoformat()
    return {"id": "S", "departure": departure, "guests": [{"id": str(n), **one} for n, one in enumerate(guests)]}


FIRST = [["arrive", shape(guest("PRIMA"), nights=2)], ["round", 1]]
SECOND = [["arrive", shape(*family(), nights=3)]]


def at(days: int, hour: int, minute: int = 0) -> str:
    return (NOON + timedelta(days=days)).replace(hour=hour, minute=minute).isoformat()


EVENING = [["clock", at(0, 12, 30)], ["round", 2], ["clock", at(0, 23, 30)], ["round", 1]]
MORNING = [["clock", at(1, 7)], ["round", 2], ["tell", None]]
AGAIN = [["send_again", None], ["round", 2], ["clock", at(2, 7)], ["round", 2], ["tell", None]]


def accounted_for(house: House, *, settled: bool) -> None:
    """The invariants; ``settled``: and by now everything is known, receipted and forgotten."""
    ledger = house.portal.ledger.rows()
    assert len(ledger) == len(set(ledger)), "a schedina was sent twice"
    assert house.told["faults"] == []
    states = {key: state for key, state, _ in house.told["deliveries"]}
    evidence = {key: shown for key, _, shown in house.told["deliveries"]}
    expected = {row for rows in house.rows.values() for row in rows}
    assert set(ledger) <= expected
    for key, rows in house.rows.items():
        stored = [row for row in rows if row in ledger]
        if states[key] == "accepted":
            assert stored == rows, "shown as sent, and the portal has it not"
        elif states[key] == "in_doubt":
            assert {"look_at_portal", "receipt_differs", "receipt_missing"} & set(house.told["alarms"])
        elif states[key] == "rejected":
            assert evidence[key] == "receipt_count"
        else:
            assert states[key] in ("ready", "postponed") and not stored
    if settled:
        assert sorted(ledger) == sorted(expected), "a guest was lost"
        assert house.told["alive"] == [] and house.told["alarms"] == []
        assert {status for _, status in house.told["days"]} == {"agrees"}


@pytest.mark.parametrize(("house", "step"), both(*AFTER_SENDING, "test_recorded") + on_sqlite(*BEFORE_SENDING[:-1]),
                         indirect=["house"])  # fmt: skip
def test_killed_while_sending(house: House, step: str) -> None:
    house.die(*FIRST, *SECOND, ["arm", None], ["round", 1], at=step)
    lost = len(house.portal.ledger)
    assert lost == (4 if step in ("answered", "recorded") else 1)
    house.live(*EVENING, *MORNING, *AGAIN)
    accounted_for(house, settled=True)
    assert sum(call.operation == "Send" for call in house.portal.calls) == 2


def test_killed_when_the_answer_was_lost(house: House) -> None:
    """The portal stored the rows and broke the connection, and then we die before writing it down.

    In processes that start from nothing, as those of an operator do.
    """
    assert house.whole_process(*FIRST) == 0
    house.portal.faults.next("drop_after_storing", operation="Send")
    assert house.whole_process(*SECOND, ["arm", None], ["round", 1], die_at="answer_lost") == -signal.SIGKILL
    assert house.whole_process(*EVENING, *MORNING) == 0
    accounted_for(house, settled=True)


@pytest.mark.parametrize(
    ("house", "fault"), both("drop_after_storing") + on_sqlite("drop_before_storing", "http_500_after_storing", "garbled"),
    indirect=["house"],
)  # fmt: skip
def test_the_answer_is_lost_and_we_live(house: House, fault: str) -> None:
    house.live(*FIRST)
    house.portal.faults.next(fault, operation="Send")
    house.live(*SECOND, ["round", 1], *EVENING, ["tell", None])
    accounted_for(house, settled=False)
    assert "look_at_portal" in house.told["alarms"]
    house.live(*MORNING, *AGAIN)
    accounted_for(house, settled=True)


@pytest.mark.parametrize("step", RECEIPT)
def test_killed_while_the_receipt_comes(house: House, step: str) -> None:
    house.die(*FIRST, *SECOND, ["round", 1], ["clock", at(1, 7)], ["arm", None], ["round", 1], at=step)
    house.live(["clock", at(1, 7, 30)], ["round", 1], ["tell", None])
    accounted_for(house, settled=True)
    assert sum(call.operation == "Ricevuta" for call in house.portal.calls) == 1  # it was kept; nobody asks again


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_killed_again_and_again(house: House) -> None:
    """Dying at every step in turn, always of the same delivery, until it must be in doubt."""
    house.live(*FIRST, *SECOND)
    for step in BEFORE_SENDING:
        house.die(["arm", None], ["round", 1], at=step)
    house.die(["arm", None], ["round", 1], at="answered")
    for _ in range(2):
        house.die(["arm", None], ["clock", at(1, 7)], ["round", 1], at="leased")
    house.live(*MORNING)
    accounted_for(house, settled=True)


@pytest.mark.slow
def test_killed_at_any_instant(house: House, long_drills: bool) -> None:
    """Not at a named step but whenever: ``./test drills --full``."""
    if not long_drills:
        pytest.skip("the long form: ./test drills --full")
    seed = int(os.environ.get("LOCANDA_DRILL_SEED", "0")) or random.randrange(10**6)
    print(f"LOCANDA_DRILL_SEED={seed}")
    chance = random.Random(seed)
    house.live(*FIRST)
    for number in range(12):
        arrival = ["arrive", shape(guest(f"OSPITE{'ABCDEFGHIJKL'[number]}"), nights=1 + number)]
        if chance.random() < 0.3:
            house.portal.faults.next(chance.choice(["drop_after_storing", "delay", "http_500", "expire_token"]), seconds=0.2)
        worker = house.start(arrival, ["arm", None], ["round", 40], now=at(0, 12, number))
        while not (house.out.exists() and "armed" in house.out.read_text()):
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.25))
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        status, said = house.end()
        assert status in (0, -signal.SIGKILL), said
    house.portal.faults.clear()
    house.live(*EVENING, *MORNING, ["tell", None])
    accounted_for(house, settled=False)
    house.live(*AGAIN, now=at(1, 8))
    accounted_for(house, settled=False)
