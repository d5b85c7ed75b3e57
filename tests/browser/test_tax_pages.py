"""The pages about the tax of a comune in a real browser: axe-core finds nothing, nothing scrolls sideways, six tabs fit."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from locanda.letters.uploads import Scan
from locanda.office.tax import payers, payments, yearly
from tests.browser.conftest import House
from tests.browser.hands import follow
from tests.browser.test_pages import wrong_with
from tests.web.scene import PNG, scene
from tests.web.tax_scene import TaxHouse, lived, view_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OUT = os.environ.get("LOCANDA_PICTURES")


@pytest.fixture
def taxed(live_server: Any, transactional_db: None) -> Iterator[tuple[House, TaxHouse]]:
    with scene() as made:
        tax = lived(made)
        yield House(live_server.url, made, {}), tax


def addresses(tax: TaxHouse) -> dict[str, str]:
    """Every page about the tax of a comune, by a short name."""
    return {
        "tax": "/tassa/",
        "tax-period": f"/tassa/{tax.payer}/2026-Q3/",
        "tax-period-paid": f"/tassa/{tax.payer}/2026-Q2/",
        "tax-year": f"/tassa/{tax.payer}/anno/2026/",
        "tax-agreement": f"/tassa/{tax.payer}/2026/confronto/",
        "tax-file": f"/tassa/{tax.payer}/anno/2026/fascicolo/",
        "tax-rules": f"/tassa/regole/{tax.world.property.pk}/",
        "tax-zero": f"/tassa/{tax.payer}/2026-Q1/",
        "tax-paid": f"/tassa/versamenti/{tax.paid.pk}/",
    }


def picture(page: Any, name: str) -> None:
    if OUT:
        page.screenshot(path=Path(OUT) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "language"), [(360, "it"), (360, "en"), (1280, "it")])
def test_every_page_about_the_tax_is_for_everybody(
    taxed: tuple[House, TaxHouse], chromium: Any, axe: Callable[[Any], list[str]], enter: Callable[..., None], width: int,
    language: str,
) -> None:  # fmt: skip
    house, tax = taxed
    context = chromium.new_context(viewport={"width": width, "height": 740}, locale="it-IT", timezone_id="Europe/Rome")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    enter(page, house, language=language)
    made = tax.world
    row, problems = payments.prepare(
        made.account, view_of(made, "2026-Q3"), channel="pagopa_spontaneo", now=made.now, person=made.person
    )
    assert row is not None, problems
    (payer,) = (one for one in payers.payers(made.account) if one.operator is not None)
    report = Scan("report", PNG, "spot.png")
    kept, problems = yearly.keep(
        made.account, payer, 2026, [report], now=made.now, person=made.person, more={"difference_reason": "Da versare"}
    )
    assert kept is not None, problems
    found = []
    for name, address in {**addresses(tax), "tax-payment": f"/tassa/versamenti/{row.pk}/"}.items():
        answer = page.goto(house.url + address)
        assert answer.status == 200, name
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        picture(page, f"{width}-{language}-{name}")
        found += wrong_with(page, axe, name, width)
    context.close()
    assert complaints == []
    assert found == []


def test_tabs_stay_wide_enough_for_a_thumb(taxed: tuple[House, TaxHouse], phone: Any, enter: Callable[..., None]) -> None:
    house, _ = taxed
    enter(phone, house)
    boxes = [tab.bounding_box() for tab in phone.locator("nav.tabs a").all()]
    assert len(boxes) == 6
    assert min(box["width"] for box in boxes) >= 46 and min(box["height"] for box in boxes) >= 48
    assert max(box["x"] + box["width"] for box in boxes) <= 360


def test_a_value_is_copied_with_one_tap(taxed: tuple[House, TaxHouse], phone: Any, enter: Callable[..., None]) -> None:
    house, tax = taxed
    enter(phone, house)
    phone.goto(f"{house.url}/tassa/{tax.payer}/2026-Q3/")
    follow(phone, phone.get_by_role("button", name="Prepara il versamento"))
    phone.wait_for_url("**/versamenti/**")
    picture(phone, "copy")
    phone.get_by_role("button", name=re.compile("^Copia ?: Importo$")).click()
    phone.get_by_role("button", name="Copiato").wait_for()  # the clipboard answers in its own time
