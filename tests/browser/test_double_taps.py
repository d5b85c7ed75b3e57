"""Two fast taps in a real browser, with and without its script; the way back; two windows side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from locanda.archive.models import Breach, Membership, Property, Stay, TaxReceipt
from locanda.office.tax import operators
from tests.browser.conftest import House
from tests.browser.hands import follow, seen
from tests.web.tax_scene import ADA
from tests.world import guest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Enter = Callable[..., None]


@pytest.fixture
def collecting(house: House) -> tuple[House, str]:
    """A stay whose tax may be received."""
    made = house.world
    row, problems = operators.save_operator(made.account, ADA, now=made.now, by=made.person)
    assert row is not None, problems
    Property.objects.of(made.account).update(operator=row)
    stay = made.check_in(guest("FERRO", "ANNA"), nights=2)
    return house, f"/arrivi/{stay.pk}/tassa/"


@pytest.mark.parametrize("script", [True, False])
def test_two_taps_on_cash_are_one_receipt(collecting: tuple[House, str], chromium: Any, enter: Enter, script: bool) -> None:
    house, there = collecting
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    enter(page, house)
    page.goto(house.url + there)
    page.locator('button[value="cash"]').dblclick()
    page.wait_for_url(house.url + there)
    assert seen(page.get_by_role("heading", name="Tutto incassato"))
    assert seen(page.get_by_text("Quietanza n. 1/2026 fatta."))
    assert TaxReceipt.objects.of(house.world.account).count() == 1
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_two_taps_let_one_person_in_with_the_password_shown(house: House, chromium: Any, enter: Enter, script: bool) -> None:
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    enter(page, house)
    page.goto(house.url + "/impostazioni/persone/")
    page.fill("input[name=full_name]", "Pia Verdi")
    page.fill("input[name=email]", "pia@example.org")
    page.check("input[name=role][value=reader]")
    page.locator("form.sheet button.main").dblclick()
    password = page.locator("strong.mono")
    assert seen(password)
    member = Membership.objects.of(house.world.account).get(person__email="pia@example.org")
    assert member.person.check_password(password.inner_text())
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_form_with_something_wrong_in_it_can_be_sent_again_at_once(
    house: House, chromium: Any, enter: Enter, script: bool
) -> None:
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    enter(page, house)
    at = f"{house.url}/strutture/{house.world.property.pk}/violazioni/"
    page.goto(at)
    page.select_option("select[name=sanction]", index=1)
    page.locator("form.sheet button.main").dblclick()
    assert seen(page.locator("#summary"))
    page.fill("input[name=on]", "2026-07-01")
    page.locator("form.sheet button.main").dblclick()
    assert seen(page.get_by_text("Registrata."))
    assert Breach.objects.of(house.world.account).count() == 1
    context.close()


def test_the_way_back_leaves_a_button_that_works_and_a_list_that_tells(house: House, chromium: Any, enter: Enter) -> None:
    context = chromium.new_context()
    page = context.new_page()
    enter(page, house)
    page.goto(f"{house.url}/arrivi/nuovo/")
    page.fill("input[name=g0-surname]", "NERI")
    follow(page, page.locator('button[value="draft"]').last)
    drafts = Stay.objects.of(house.world.account).filter(status="draft")
    before = drafts.count()
    page.go_back()
    page.fill("input[name=g0-surname]", "NERI")
    follow(page, page.locator('button[value="draft"]').last)
    assert page.url.endswith("/arrivi/bozze/")
    assert drafts.count() == before + 1  # a page that was opened anew is a new sheet
    context.close()


def test_of_two_windows_the_second_reads_what_the_first_changed(house: House, chromium: Any, enter: Enter) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    one, two = context.new_page(), context.new_page()
    enter(one, house)
    at = f"{house.url}/impostazioni/strutture/{house.world.property.pk}/"
    one.goto(at)
    two.goto(at)
    one.fill("input[name=address]", "Contrada Losciale 12")
    follow(one, one.locator("form.sheet button.main").first)
    two.fill("input[name=beds]", "7")
    follow(two, two.locator("form.sheet button.main").first)
    assert seen(two.get_by_text("Adesso: Contrada Losciale 12.").first)
    assert two.input_value("input[name=beds]") == "7"
    two.fill("input[name=address]", "Contrada Losciale 12")
    follow(two, two.locator("form.sheet button.main").first)
    assert seen(two.get_by_text("Salvato."))
    row = Property.objects.of(house.world.account).get(pk=house.world.property.pk)
    assert (row.address, row.beds) == ("Contrada Losciale 12", 7)
    context.close()
