"""Every page in a real browser: axe-core finds nothing, nothing scrolls sideways at 360 px, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import House
from tests.browser.pictures import addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTH = "document.documentElement.scrollWidth"


def wrong_with(page: Any, axe: Callable[[Any], list[str]], name: str, width: int) -> list[str]:
    found = [f"{name}: {issue}" for issue in axe(page)]
    if (wide := page.evaluate(WIDTH)) > width:
        found.append(f"{name}: {wide} px wide at {width}")
    if not page.title() or page.locator("h1").count() != 1:
        found.append(f"{name}: no title, or not one heading")
    return found


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_page_is_for_everybody(
    house: House, chromium: Any, axe: Callable[[Any], list[str]], enter: Callable[..., None], language: str
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="it-IT", timezone_id="Europe/Rome")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    found = []
    for name, address in {"login": "/accounts/login/", "lost": "/accounts/password/reset/"}.items():
        page.goto(house.url + address)
        found += wrong_with(page, axe, name, 360)
    enter(page, house, language=language)
    for name, address in addresses(house).items():
        if name == "404":
            continue
        page.goto(house.url + address)
        assert page.get_attribute("html", "lang") == language
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found += wrong_with(page, axe, name, 360)
    page.goto(house.url + "/arrivi/nuovo/")
    page.locator("#go").click()  # empty: with all its problems
    page.wait_for_selector("#summary")
    found += wrong_with(page, axe, "check-in with problems", 360)
    assert [said for said in complaints if "status of 422" not in said] == []
    page.goto(house.url + "/nulla/")
    found += wrong_with(page, axe, "not found", 360)
    context.close()
    assert found == []


def test_wide_screens_too(house: House, chromium: Any, axe: Callable[[Any], list[str]], enter: Callable[..., None]) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, locale="it-IT", timezone_id="Europe/Rome")
    page = context.new_page()
    enter(page, house)
    found = []
    for name in ("today", "check-in", "doubt", "receipts", "settings"):
        page.goto(house.url + addresses(house)[name])
        found += wrong_with(page, axe, name, 1280)
    context.close()
    assert found == []


def test_targets_are_large_enough_for_a_thumb(house: House, phone: Any, enter: Callable[..., None]) -> None:
    enter(phone, house)
    small = []
    for name in ("today", "check-in", "doubt", "by-hand", "property"):
        phone.goto(house.url + addresses(house)[name])
        for target in phone.locator("main button:visible, main a.button:visible, nav a:visible, main select:visible").all():
            box = target.bounding_box()
            if box and (box["height"] < 44 or box["width"] < 44) and "hidden" not in (target.get_attribute("class") or ""):
                small.append(f"{name}: {target.inner_text()} {box}")
    assert small == []


def test_a_question_about_one_type_of_property_is_asked_of_that_type_only(
    house: House, phone: Any, enter: Callable[..., None]
) -> None:
    enter(phone, house)
    phone.goto(house.url + addresses(house)["property"])
    asked = {"listed_refuge": "rifugio", "lets_over_30_days": "locazione_turistica"}
    for kind in ("bb", "albergo", *asked.values()):
        phone.select_option("#id_type", kind)
        for name, only in asked.items():
            assert phone.locator(f"#id_{name}").is_visible() == (kind == only), (kind, name)
