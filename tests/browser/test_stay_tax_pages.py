"""The pages about the tax of a stay in a real browser: axe-core finds nothing, nothing scrolls sideways, no script is needed."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from locanda.archive.models import Stay, TaxReceipt
from locanda.office.tax import operators, receipts, refusals
from tests.browser.conftest import House
from tests.browser.hands import follow, seen
from tests.browser.test_pages import wrong_with
from tests.world import family

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OUT = os.environ.get("LOCANDA_PICTURES")
ADA = {
    "name": "Ada Neri", "tax_code": "NREDAA75E50F376R", "signer_surname": "Neri", "signer_name": "Ada", "role": "owner",
    "phone": "000 0000000",
}  # fmt: skip


@pytest.fixture
def pages(house: House) -> tuple[House, dict[str, str]]:
    """A family with a form still missing, a receipt, a refusal, an operator."""
    made = house.world
    by = {"now": made.now, "person": made.person}
    row, problems = operators.save_operator(made.account, ADA, now=made.now, by=made.person)
    assert row is not None, problems
    made.property.operator = row
    made.property.save()
    child = made.check_in(*family(), nights=3)

    def fresh(stay: Stay) -> Stay:
        return Stay.objects.of(made.account).select_related("property__operator", "account").get(pk=stay.pk)

    receipt, problems = receipts.issue(fresh(house.stays["waiting"]), method="cash", **by)
    assert receipt is not None, problems
    told = {"signed_at": made.now - timedelta(minutes=20), **by}
    refusal, problems = refusals.record(fresh(house.stays["by_hand"]), "modello_4", {"surname": "GRECO", "name": "PAOLO"}, **told)
    assert refusal is not None, problems
    return house, {
        "stay": f"/arrivi/{child.pk}/",
        "tax": f"/arrivi/{child.pk}/tassa/",
        "tax-received": f"/arrivi/{house.stays['waiting'].pk}/tassa/",
        "tax-papers": f"/arrivi/{child.pk}/tassa/moduli/",
        "tax-refuse": f"/arrivi/{child.pk}/tassa/rifiuto/",
        "tax-refusal": f"/arrivi/rifiuti/{refusal.pk}/",
        "operators": "/impostazioni/gestori/",
        "operator": f"/impostazioni/gestori/{row.pk}/",
        "notice": f"/strutture/{made.property.pk}/avviso/",
        "tax-property": f"/impostazioni/strutture/{made.property.pk}/",
    }


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_page_about_the_tax_of_a_stay_is_for_everybody(
    pages: tuple[House, dict[str, str]], chromium: Any, axe: Callable[[Any], list[str]], enter: Callable[..., None], language: str
) -> None:
    house, addresses = pages
    found = []
    for width, height in ((360, 740), (1280, 860)):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="it-IT", timezone_id="Europe/Rome")
        page = context.new_page()
        enter(page, house, language=language)
        for name, address in addresses.items():
            answer = page.goto(house.url + address)
            assert answer.status == 200, name
            if OUT:
                page.screenshot(path=Path(OUT) / f"{width}-{language}-{name}.png", full_page=True)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            found += wrong_with(page, axe, f"{name} {width}", width)
        context.close()
    assert found == []


def test_the_tax_is_received_without_any_script(
    pages: tuple[House, dict[str, str]], chromium: Any, enter: Callable[..., None]
) -> None:
    house, addresses = pages
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="it-IT", java_script_enabled=False)
    page = context.new_page()
    enter(page, house)
    page.goto(house.url + addresses["stay"])
    follow(page, page.get_by_role("link", name="Incassa"))
    follow(page, page.get_by_role("button", name="Contanti").first)
    assert seen(page.get_by_role("heading", name="Tutto incassato"))
    context.close()
    assert TaxReceipt.objects.of(house.world.account).filter(total=1200).count() == 1
