"""The page of a stay for the statistics in a real browser: for everybody, by keyboard, with and without a script."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from locanda.archive.models import Guest, Property, Stay, Unit
from tests.browser.conftest import House
from tests.browser.hands import follow, seen
from tests.browser.test_check_in import place
from tests.browser.test_pages import wrong_with
from tests.world import family

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OUT = os.environ.get("LOCANDA_PICTURES")


@pytest.fixture
def open_stay(house: House) -> Stay:
    """A family in a house with two units."""
    made = house.world
    Property.objects.of(made.account).update(rooms=2, beds=4)
    Unit.objects.of(made.account).bulk_create([Unit(account=made.account, property=made.property, name=name) for name in "AB"])
    made.property.refresh_from_db()
    return made.check_in(*family())


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_page_is_for_everybody(
    house: House, open_stay: Stay, chromium: Any, axe: Callable[[Any], list[str]], enter: Callable[..., None], language: str
) -> None:
    found = []
    for width, height in ((320, 700), (1280, 860)):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="it-IT", timezone_id="Europe/Rome")
        page = context.new_page()
        enter(page, house, language=language)
        for name, address in {
            "stay": f"/arrivi/{open_stay.pk}/", "flows": f"/arrivi/{open_stay.pk}/statistica/",
            "erased": f"/arrivi/{house.stays['erased'].pk}/statistica/",
        }.items():  # fmt: skip
            page.goto(house.url + address)
            if OUT:
                page.screenshot(path=Path(OUT) / f"{width}-{language}-{name}.png", full_page=True)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            found += wrong_with(page, axe, f"{name} {width}", width)
        page.goto(f"{house.url}/arrivi/{open_stay.pk}/statistica/")
        page.fill("#g0-residence", "Bolgona")
        follow(page, page.locator("main form.sheet button.main"))
        page.wait_for_selector("#summary")
        found += wrong_with(page, axe, f"problems {width}", width)
        context.close()
    assert found == []


def test_a_family_is_completed_by_one_choice_and_two_taps(
    house: House, open_stay: Stay, phone: Any, enter: Callable[..., None]
) -> None:
    enter(phone, house)
    phone.goto(f"{house.url}/arrivi/{open_stay.pk}/")
    follow(phone, phone.get_by_role("link", name="Completa", exact=True))
    phone.locator("#g0-residence").focus()
    place(phone, "g0-residence", "bol", "BOLOGNA (BO)")
    for number in (1, 2):
        phone.locator(f"[data-same='{number}']").click()
        assert phone.input_value(f"#g{number}-residence") == "BOLOGNA (BO)"
    assert phone.locator("[data-same='1']").inner_text() == "Togli questa residenza"
    phone.locator("[data-same='1']").click()
    assert phone.locator("[data-same='1']").inner_text() == "Stessa residenza di D'AMICO LUCA"
    phone.locator("[data-same='1']").click()
    phone.get_by_label("A", exact=True).check()
    follow(phone, phone.get_by_role("button", name="Salva", exact=True))
    phone.wait_for_selector("text=C'è tutto per la statistica")
    lives = Guest.objects.of(house.world.account).filter(party__stay=open_stay).values_list("residence_comune", flat=True)
    assert list(lives) == ["408037006"] * 3


def test_it_works_without_any_script(
    house: House, open_stay: Stay, chromium: Any, enter: Callable[..., None]
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="it-IT")
    page = context.new_page()
    enter(page, house)
    page.goto(f"{house.url}/arrivi/{open_stay.pk}/statistica/")
    page.fill("#g0-residence", "Germania")
    page.fill("#g0-residence_place", "Berlin")
    follow(page, page.get_by_role("button", name="Stessa residenza di D'AMICO LUCA").first)
    assert page.input_value("#g1-residence_place") == "Berlin"
    follow(page, page.get_by_role("button", name="Salva", exact=True))
    assert seen(page.get_by_text("residenza: 1 ospite"))
    context.close()
