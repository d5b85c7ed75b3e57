"""The page of a year's prices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from locanda.archive.models import Property, YearPrices
from locanda.core.time import ROME
from locanda.office import accounts, clock
from tests.web.scene import as_role
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[..., Client]


def line(number: int, **more: str) -> dict[str, str]:
    told = {"unit": "Camera 1", "first": "2027-01-01", "last": "2027-12-31", "price": "80,00", "per": "room"} | more
    return {f"r{number}-{name}": value for name, value in told.items()}


@pytest.fixture
def url(here: World) -> str:
    Property.objects.of(here.account).filter(pk=here.property.pk).update(since=date(2020, 1, 1))
    accounts.add_unit(here.property, "Camera 1")
    accounts.add_unit(here.property, "Camera 2")
    clock.set_demo_clock(datetime(2026, 9, 3, 10, tzinfo=ROME))
    return f"/strutture/{here.property.pk}/prezzi/"


def test_the_next_year_begins_with_every_room_and_says_by_when(url: str, visit: Visit) -> None:
    client = visit()
    assert client.get(url).headers["Location"] == f"{url}2027/"
    text = client.get(f"{url}2027/").content.decode()
    assert 'value="Camera 1"' in text and 'value="Camera 2"' in text and "1° ottobre" in text


def test_the_regional_code_stands_beside_what_puglia_asks(here: World, url: str, visit: Visit) -> None:
    assert "va in ogni annuncio" in visit().get(f"{url}2027/").content.decode()
    Property.objects.of(here.account).filter(pk=here.property.pk).update(regional_code="BA07203042000012345")
    assert "BA07203042000012345" in visit().get(f"{url}2027/").content.decode()
    Property.objects.of(here.account).filter(pk=here.property.pk).update(type="locazione_turistica")
    assert "BA07203042000012345" not in visit().get(f"{url}2027/").content.decode()


def test_a_line_more_goes_on_where_the_last_ends_and_loses_nothing(url: str, visit: Visit) -> None:
    text = visit().post(f"{url}2027/", {**line(0, last="2027-05-31"), "services": "colazione", "do": "add"}).content.decode()
    assert 'name="r1-first" value="2027-06-01"' in text and 'name="r0-price" value="80,00"' in text and "colazione" in text
    text = visit().post(f"{url}2027/", {**line(0), **line(4, unit="Mansarda"), "do": "remove:r0"}).content.decode()
    assert "Mansarda" in text and "Camera 1" not in text
    assert not YearPrices.everywhere.exists()


def test_what_is_wrong_is_told_and_nothing_is_kept(url: str, visit: Visit) -> None:
    answer = visit().post(f"{url}2027/", {**line(0, price="ottanta", last=""), "do": "save"})
    assert answer.status_code == 422 and answer.content.decode().count('class="wrong"') == 2
    answer = visit().post(f"{url}2027/", {**line(0, last="2027-05-31"), **line(1, first="2027-07-01"), "do": "save"})
    assert answer.status_code == 422 and "01/06/2027" in answer.content.decode()
    assert not YearPrices.everywhere.exists()


def test_a_year_is_saved_printed_and_copied_into_the_next(here: World, url: str, visit: Visit) -> None:
    client = visit()
    two = {**line(0, last="2027-05-31"), **line(1, first="2027-06-01", price="95.50")}
    answer = client.post(f"{url}2027/", {**two, "services": "colazione", "languages": ["en", "de"], "do": "save"})
    assert answer.status_code == 302
    row = YearPrices.objects.of(here.account).get()
    assert [cents for _, _, _, cents, _ in row.rows] == [8000, 9550] and row.services == ["colazione"]
    text = client.get(f"{url}2028/").content.decode()
    assert 'name="r1-first" value="2028-06-01"' in text and "95,50" in text
    printed = client.get(f"{url}2027/stampa/")
    assert printed.status_code == 200 and printed.content.startswith(b"%PDF")
    assert client.get(f"{url}2028/stampa/").status_code == 404 and client.get(f"{url}abcd/").status_code == 404


def test_prices_are_a_managers(here: World, url: str, visit: Visit) -> None:
    desk = as_role(here, "front_desk").person
    assert visit(desk).get(f"{url}2027/").status_code == 403
    assert visit(desk).post(f"{url}2027/", {**line(0), "do": "save"}).status_code == 403
