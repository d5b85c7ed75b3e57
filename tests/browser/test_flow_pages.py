"""The pages of the visitor statistics in a real browser: axe-core finds nothing, nothing scrolls sideways, a thumb hits a day."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from locanda.office import accounts
from locanda.office.statistics import days, openings
from tests.browser.conftest import House
from tests.browser.hands import follow, seen, unseen
from tests.browser.test_pages import wrong_with
from tests.web.flow_scene import FlowHouse, at_portal, lived_june
from tests.web.scene import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OUT = os.environ.get("LOCANDA_PICTURES")


@pytest.fixture
def flat(live_server: Any, transactional_db: None) -> Iterator[tuple[House, FlowHouse]]:
    with scene() as made:
        found = lived_june(made)
        at_portal(made, {5: "accepted", 6: "rejected", 7: "in_doubt", 8: "handed_over", 21: "changed"})
        told = {"now": made.now, "person": made.person}
        assert not days.declare(made.property, [date(2026, 6, 2), date(2026, 6, 3)], open=True, **told)
        openings.add(made.property, date(2026, 11, 3), date(2026, 12, 20), **told)
        yield House(live_server.url, made, {}), found


def addresses(flat: FlowHouse) -> dict[str, str]:
    """Every page of the statistics, by a short name."""
    return {
        "month": flat.june, "fill": flat.june + "riempi/?cosa=zero", "day": f"{flat.base}/2026-06-05/",
        "day-stuck": f"{flat.base}/2026-06-11/", "openings": f"{flat.base}/aperture/", "year": f"{flat.base}/2026/",
        "years": "/statistica/anno/2026/", "running": f"{flat.base}/2026-07/", "none": f"{flat.base}/2024/",
    }  # fmt: skip


def picture(page: Any, name: str) -> None:
    if OUT:
        page.screenshot(path=Path(OUT) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "language"), [(320, "it"), (390, "en"), (1280, "it")])
def test_every_page_of_the_statistics_is_for_everybody(
    flat: tuple[House, FlowHouse], chromium: Any, axe: Callable[[Any], list[str]], enter: Callable[..., None], width: int,
    language: str,
) -> None:  # fmt: skip
    house, flows = flat
    context = chromium.new_context(viewport={"width": width, "height": 844}, locale="it-IT", timezone_id="Europe/Rome")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    enter(page, house, language=language)
    found = []
    for name, address in addresses(flows).items():
        answer = page.goto(house.url + address)
        assert answer.status == 200, name
        picture(page, f"flows-{width}-{name}")
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        found += wrong_with(page, axe, name, width)
    page.goto(house.url + flows.june)
    page.emulate_media(media="print")
    picture(page, f"flows-{width}-print")
    assert seen(page.locator("a.day-cell").first) and unseen(page.locator("nav.tabs"))
    page.emulate_media(media="screen")
    made = flows.world
    for number in range(3):
        told = {"name": f"Casa dell'Ulivo {number}", "type": "bb", "comune": "416072030", "rooms": 2, "beds": 4}
        accounts.add_property(made.account, told, now=made.now, by=made.person)
    page.goto(house.url + "/statistica/")
    picture(page, f"flows-{width}-home")
    found += wrong_with(page, axe, "home", width)
    context.close()
    assert complaints == []
    assert found == []


def test_a_thumb_hits_a_day_and_fills_the_white_ones(
    flat: tuple[House, FlowHouse], phone: Any, enter: Callable[..., None]
) -> None:
    house, _ = flat
    enter(phone, house)
    follow(phone, phone.get_by_role("link", name="Statistica"))
    phone.wait_for_url("**/2026-06/")
    boxes = [cell.bounding_box() for cell in phone.locator("a.day-cell").all()]
    assert len(boxes) == 30 and min(box["width"] for box in boxes) >= 40 and min(box["height"] for box in boxes) >= 60
    follow(phone, phone.get_by_role("link", name="Aperti senza ospiti"))
    follow(phone, phone.get_by_role("button", name="Segna aperti senza ospiti"))
    phone.wait_for_url("**riempiti=**")
    assert phone.get_by_text("Giorni bianchi").count() == 0
    follow(phone, phone.get_by_role("button", name="Annulla"))
    assert seen(phone.get_by_text("Giorni bianchi: 17").first)
