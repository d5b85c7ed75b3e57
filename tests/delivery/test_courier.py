"""Who may speak to whom: a demo to simulators only, the rest to the portal only, and nobody without keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from locanda.archive.models import Installation, PoliceCredential
from locanda.delivery.courier import AlloggiatiCourier, Couriers, NoKeys, RealPortalInDemo, SimulatorOutsideDemo
from locanda.office import accounts
from locanda.portals.alloggiati.client import ENDPOINT, Keys
from tests.world import KEYS, NOON, guest, world

pytestmark = pytest.mark.django_db


class Noted:
    """Stands for a courier; remembers how it was made."""

    def __init__(self, keys: Keys, endpoint: str, clock: Any, *, simulated: bool, timeout: float) -> None:
        self.keys, self.endpoint, self.simulated, self.timeout = keys, endpoint, simulated, timeout


def clock() -> datetime:
    return NOON


def credential(*, demo: bool | None, endpoint: str = "", keys: dict[str, str] | None = KEYS) -> PoliceCredential:
    if demo is not None:
        accounts.install(now=NOON, demo=demo)
    member = accounts.open_account("Prova", email="a@example.org", password="una-password-lunga", full_name="A", now=NOON)
    return accounts.save_credential(
        member.account, label="Q", category="hotel", status="active", keys=keys, now=NOON, by=None, endpoint=endpoint
    )


@pytest.fixture
def couriers() -> Iterator[Couriers]:
    yield Couriers(clock, timeout=7.0, make=Noted)  # type: ignore[arg-type]


def test_a_demo_never_reaches_the_real_portal(couriers: Couriers) -> None:
    with pytest.raises(RealPortalInDemo):
        couriers.of(credential(demo=True))


def test_outside_a_demo_nothing_reaches_a_simulator(couriers: Couriers) -> None:
    with pytest.raises(SimulatorOutsideDemo):
        couriers.of(credential(demo=False, endpoint="http://127.0.0.1:9/"))


def test_nobody_speaks_without_keys(couriers: Couriers) -> None:
    with pytest.raises(NoKeys):
        couriers.of(credential(demo=True, endpoint="http://127.0.0.1:9/", keys=None))


def test_a_demo_speaks_to_its_simulator_and_is_marked(couriers: Couriers) -> None:
    made: Any = couriers.of(credential(demo=True, endpoint="http://127.0.0.1:9/"))
    assert (made.endpoint, made.simulated, made.timeout) == ("http://127.0.0.1:9/", True, 7.0)


def test_the_rest_speaks_to_the_portal_and_is_not_marked(couriers: Couriers) -> None:
    made: Any = couriers.of(credential(demo=False))
    assert (made.endpoint, made.simulated, made.keys) == (ENDPOINT, False, Keys(**KEYS))
    assert made.endpoint.startswith("https://")


def test_a_database_that_nobody_marked_is_no_demo(couriers: Couriers) -> None:
    made: Any = couriers.of(credential(demo=None))
    assert not made.simulated and Installation.current().demo is False  # type: ignore[union-attr]


def test_a_courier_is_kept_until_its_keys_change(couriers: Couriers) -> None:
    row = credential(demo=True, endpoint="http://127.0.0.1:9/")
    first = couriers.of(row)
    assert couriers.of(PoliceCredential.everywhere.get()) is first
    accounts.save_credential(
        row.account, label="Q", category="hotel", status="active", keys={**KEYS, "password": "nuova"}, now=NOON, by=None,
        credential=row, endpoint=row.endpoint,
    )  # fmt: skip
    second: Any = couriers.of(row)
    assert second is not first and second.keys.password == "nuova"
    row.endpoint = "http://127.0.0.1:10/"
    assert couriers.of(row) is not second


def test_what_went_over_the_wire_is_taken_once() -> None:
    with world() as here:
        courier = here.couriers.of(here.credential)
        assert isinstance(courier, AlloggiatiCourier)
        courier.client.generate_token()
        assert [call.operation for call in courier.take_exchanges()] == ["GenerateToken"]
        assert courier.take_exchanges() == []


def test_what_a_demo_sends_is_marked_as_simulated() -> None:
    with world() as here:
        here.check_in(guest())
        here.engine.round()
        assert here.delivery().simulated
