"""A year of 10,000 varied guests in 40 units: every day valid, every identity held, no alarm (spec flussi-turistici 2.2, 6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from locanda.law.statistics import Movement
from locanda.portals.ross1000.movements import check, encode, read
from locanda.portals.ross1000.records import Movimenti
from tests.flows_year import year
from tests.portals.ross1000.house import form, moved, schema_faults

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def movement() -> Movement:
    return moved(year())


@pytest.fixture(scope="module")
def data(movement: Movement) -> bytes:
    made = form().write(movement)
    assert made.data is not None
    return made.data


@pytest.fixture(scope="module")
def file(data: bytes) -> Movimenti:
    made = read(data)
    assert made.problems == ()
    found: Movimenti = made.values
    return found


def test_every_day_is_valid_under_the_official_schema(shared: Path, file: Movimenti, data: bytes) -> None:
    assert schema_faults(shared, data) == []
    valid = [day for day in file.movimenti if schema_faults(shared, encode(file._replace(movimenti=(day,)))) == []]
    assert len(valid) == 365


def test_the_identities_hold_on_each_day(movement: Movement, file: Movimenti) -> None:
    """Counted from the file alone, beside the movement it was written from."""
    present = {guest.flow_id for guest in movement.guests if guest.arrival < movement.first}
    for day, written in zip(movement.days, file.movimenti, strict=True):
        assert len(present) == day.previous
        arrived = {guest.idswh for guest in written.arrivi or ()}
        departed = {guest.idswh for guest in written.partenze or ()}
        assert len(arrived) == len(written.arrivi or ()) and not arrived & present
        assert departed <= present | arrived
        present = (present | {ident for ident in arrived if ident}) - departed
        assert len(present) == day.present == day.previous + len(arrived) - len(departed)
        house = written.struttura
        assert house is not None
        assert (house.apertura == "SI") is day.open
        assert (int(house.camereoccupate or 0) > 0) is (len(present) > 0)
        assert int(house.camereoccupate or 0) <= int(house.cameredisponibili or 0)
    assert sum(len(day.arrivi or ()) for day in file.movimenti) > 9_000


def test_read_and_written_again_it_is_the_same(file: Movimenti, data: bytes) -> None:
    assert encode(file) == data
    assert etree.fromstring(data).tag == "movimenti"


def test_the_checker_raises_no_alarm(data: bytes) -> None:
    said = check(data)
    assert said.problems == () and said.days == 365
    assert {warning.code for warning in said.warnings} == {"ross1000.departure.elsewhere"}
