"""Not a test: takes the pictures of the README. ``LOCANDA_PICTURES=docs/images pytest tests/browser/pictures.py``."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import House

OUT = Path(os.environ.get("LOCANDA_PICTURES", "/tmp"))
pytestmark = pytest.mark.skipif("LOCANDA_PICTURES" not in os.environ, reason="LOCANDA_PICTURES says where they go")


def addresses(house: House) -> dict[str, str]:
    """Every page that has something to show, by a short name."""

    def segment(name: str) -> str:
        return str(house.stays[name].parties.get().segments.first().pk)

    return {
        "today": "/",
        "check-in": "/arrivi/nuovo/",
        "drafts": "/arrivi/bozze/",
        "draft": f"/arrivi/bozze/{house.stays['draft'].pk}/",
        "stay": f"/arrivi/{house.stays['waiting'].pk}/",
        "sent": f"/schedine/{segment('long')}/",
        "doubt": f"/schedine/{segment('doubt')}/",
        "refused": f"/schedine/{segment('refused')}/",
        "correct": f"/schedine/{segment('refused')}/correggi/",
        "erased": f"/schedine/{segment('erased')}/",
        "by-hand": f"/schedine/{segment('by_hand')}/a-mano/",
        "receipts": "/ricevute/",
        "settings": "/impostazioni/",
        "property": f"/impostazioni/strutture/{house.world.property.pk}/",
        "credential": f"/impostazioni/polizia/{house.world.credential.pk}/",
        "people": "/impostazioni/persone/",
        "remembered": "/impostazioni/ricordati/",
        "tables": "/impostazioni/tabelle/",
        "register": "/impostazioni/registro/",
        "me": "/io/",
        "mfa": "/accounts/2fa/",
        "lost": "/accounts/password/reset/",
        "404": "/nulla/",
        "first2": "/benvenuto/struttura/",
        "first3": "/benvenuto/polizia/",
        "first4": "/benvenuto/pronto/",
    }


@pytest.mark.django_db(transaction=True)
def test_take_pictures(house: House, chromium: Any, enter: Callable[..., None]) -> None:
    wanted = os.environ.get("LOCANDA_PICTURES_OF", "").split(",")
    for size, (width, height) in {"phone": (360, 740), "desktop": (1280, 860)}.items():
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="it-IT", timezone_id="Europe/Rome")
        page = context.new_page()
        page.on("console", lambda message: print("CONSOLE", message.text))
        page.goto(house.url + "/accounts/login/")
        page.screenshot(path=OUT / f"{size}-login.png")
        enter(page, house)
        for name, address in addresses(house).items():
            if wanted != [""] and name not in wanted:
                continue
            page.goto(house.url + address)
            page.screenshot(path=OUT / f"{size}-{name}.png", full_page=True)
        context.close()


@pytest.mark.django_db(transaction=True)
def test_take_the_four_of_the_readme(house: House, chromium: Any, enter: Callable[..., None]) -> None:
    there = addresses(house)
    small = chromium.new_context(
        viewport={"width": 360, "height": 900}, device_scale_factor=1.5, locale="it-IT", timezone_id="Europe/Rome"
    )
    page = small.new_page()
    enter(page, house)
    page.goto(house.url + there["today"])
    page.screenshot(path=OUT / "today-phone.png")
    page.goto(house.url + there["check-in"])
    page.check("input[name=kind][value=alone]")
    for name, value in {"surname": "FERRANTE", "name": "ELISA", "birth_date": "04/11/1988", "birth_state": "ITALIA"}.items():
        page.fill(f"#g0-{name}", value)
    page.check("input[name=g0-sex][value=F]")
    page.locator("#g0-birth_comune").press_sequentially("monop")
    page.wait_for_selector("#g0-birth_comune[aria-expanded=true]")
    page.evaluate("document.querySelector('#g0-birth_comune').scrollIntoView({block: 'center'})")
    page.screenshot(path=OUT / "check-in-phone.png")
    small.close()
    wide = chromium.new_context(viewport={"width": 1280, "height": 860}, locale="it-IT", timezone_id="Europe/Rome")
    page = wide.new_page()
    enter(page, house)
    page.goto(house.url + there["today"])
    page.screenshot(path=OUT / "today-desktop.png")
    page.goto(house.url + there["sent"])
    page.screenshot(path=OUT / "delivery-desktop.png")
    wide.close()
