"""A check-in as it is done at the door: with the keyboard alone, with the thumb, and without any script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from locanda.archive.models import Delivery, Guest, Stay
from tests.browser.conftest import House
from tests.browser.hands import follow, seen, unseen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def last(house: House) -> Stay:
    return Stay.objects.of(house.world.account).filter(status="checked_in").order_by("-created_at").first()


def reach(page: Any, ident: str) -> None:
    """Tab until a field has the focus; it must come."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id || document.activeElement.name") == ident:
            return
    raise AssertionError(f"the keyboard never came to {ident}")


def place(page: Any, ident: str, typed: str, chosen: str) -> None:
    page.keyboard.type(typed, delay=15)
    page.wait_for_selector(f"#{ident}[aria-expanded=true]")
    while page.locator(f"#{page.get_attribute(f'#{ident}', 'aria-activedescendant')}").get_attribute("data-label") != chosen:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value(f"#{ident}") == chosen


def test_with_the_keyboard_alone(house: House, chromium: Any, enter: Callable[..., None]) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, locale="it-IT", timezone_id="Europe/Rome")
    page = context.new_page()
    enter(page, house)
    page.goto(house.url + "/arrivi/nuovo/")
    reach(page, "kind")
    page.keyboard.press("Space")  # one person alone
    reach(page, "nights")
    page.keyboard.type("2")
    assert page.input_value("#departure_day") == "2026-07-12"
    reach(page, "g0-surname")
    page.keyboard.type("BIANCHI")
    reach(page, "g0-name")
    page.keyboard.type("ADA")
    reach(page, "g0-sex")
    page.keyboard.press("Space")
    reach(page, "g0-birth_date")
    page.keyboard.type("01051950")
    assert page.input_value("#g0-birth_date") == "01/05/1950"
    reach(page, "g0-birth_state")
    place(page, "g0-birth_state", "ital", "ITALIA")
    reach(page, "g0-birth_comune")
    place(page, "g0-birth_comune", "monopol", "MONOPOLI (BA)")
    reach(page, "g0-citizenship")
    place(page, "g0-citizenship", "ital", "ITALIA")
    reach(page, "g0-doc_type")
    page.keyboard.type("Passaporto")
    reach(page, "g0-doc_number")
    page.keyboard.type("YA7654321")
    reach(page, "g0-doc_issued")
    place(page, "g0-doc_issued", "bari", "BARI (BA)")
    reach(page, "how")
    page.keyboard.press("Space")
    reach(page, "by")
    page.keyboard.press("Enter")  # sends the sheet, as in any form
    page.wait_for_selector("text=Arrivo registrato")
    stay = last(house)
    guest = Guest.objects.of(house.world.account).get(party__stay=stay)
    assert guest.sex == "F" and f"{guest.birth_date}" == "1950-05-01" and stay.nights == 2
    page.get_by_role("button", name="Invia alla polizia").press("Enter")
    page.wait_for_selector("text=Sta partendo")
    assert Delivery.objects.of(house.world.account).filter(party__stay=stay).get().next_attempt_at is not None
    context.close()


def test_a_family_by_thumb_with_a_mistake_and_the_way_back(house: House, phone: Any, enter: Callable[..., None]) -> None:
    enter(phone, house)
    phone.goto(house.url + "/arrivi/nuovo/")
    phone.get_by_text("Una famiglia").click()
    phone.wait_for_selector("#g1-surname")  # a family has more than one: the second sheet opens by itself
    assert seen(phone.locator("#g0-doc_number")) and unseen(phone.locator("#g1-doc_number"))
    phone.fill("#nights", "3")
    for index, name in enumerate(("JONAS", "KÄTHE")):
        phone.fill(f"#g{index}-surname", "Groß")
        phone.fill(f"#g{index}-name", name)
        phone.check(f"input[name=g{index}-sex][value={'MF'[index]}]")
        phone.fill(f"#g{index}-birth_date", "23/02/1979")
        phone.fill(f"#g{index}-birth_state", "DE")
        phone.locator(f"#g{index}-birth_state").blur()
        assert unseen(phone.locator(f"#g{index}-birth_comune"))
        phone.fill(f"#g{index}-citizenship", "DE")
    phone.select_option("#g0-doc_type", "PASOR")
    phone.fill("#g0-doc_number", "L01X00T47")
    phone.get_by_text("Di persona, con il documento in mano").click()
    phone.locator("#go").click()
    phone.wait_for_selector("#summary")
    assert phone.evaluate("document.activeElement.id") == "summary"
    phone.get_by_role("link", name="Manca il luogo di rilascio").click()
    assert phone.evaluate("document.activeElement.id") == "g0-doc_issued"
    phone.keyboard.type("Germania")
    phone.wait_for_selector("#g0-doc_issued[aria-expanded=true]")
    phone.keyboard.press("Enter")
    phone.locator("#go").click()
    phone.wait_for_selector("text=Arrivo registrato")
    assert seen(phone.get_by_text("GROSS").first)
    assert last(house).parties.get().size == 2


def test_the_button_italia_and_a_guest_added_and_removed(house: House, phone: Any, enter: Callable[..., None]) -> None:
    enter(phone, house)
    phone.goto(house.url + "/arrivi/nuovo/")
    phone.get_by_text("Più ospiti, ognuno per conto suo").click()
    phone.wait_for_selector("#g1-surname")
    phone.fill("#g0-surname", "PRIMA")
    phone.locator("[data-italy-for=g0-birth_state]").click()
    assert phone.input_value("#g0-birth_state") == "ITALIA"
    assert phone.evaluate("document.activeElement.id") == "g0-birth_comune"
    phone.get_by_role("button", name="Aggiungi un ospite").click()
    phone.wait_for_selector("#g2-surname")
    phone.wait_for_selector("#g2-surname:focus")
    assert phone.input_value("#g0-surname") == "PRIMA"
    phone.get_by_role("button", name="Togli ospite 2").click()
    phone.wait_for_selector("#g2-surname", state="detached")
    assert phone.input_value("#g0-surname") == "PRIMA"


def test_an_italian_with_an_identity_card_is_seven_fields_and_eight_taps(
    house: House, phone: Any, enter: Callable[..., None]
) -> None:
    """What the page says of itself. Nothing is chosen beforehand: every tap says something that only the host can know."""
    enter(phone, house)
    phone.goto(house.url + "/arrivi/nuovo/")
    assert "sette campi" in phone.locator("main .lead").inner_text()
    chosen = phone.evaluate("[...document.querySelectorAll('main input:checked')].map((one) => one.name)")
    assert chosen == []
    kept = ("g0-sex", "g0-birth_state", "g0-citizenship", "g0-residence", "g0-doc_type")
    assert [phone.evaluate(f"(document.getElementById('{name}') || {{}}).value || ''") for name in kept] == [""] * 5
    taps, fields = [], []

    def tap(target: Any) -> None:
        target.click()
        taps.append(target)

    def typed(name: str, text: str, *, here_already: bool = False) -> None:
        if not here_already:
            phone.locator(f"#{name}").focus()  # the «next» key of the keyboard
        assert phone.evaluate("document.activeElement.id") == name
        phone.keyboard.type(text)
        fields.append(name)

    tap(phone.get_by_text("Una persona sola"))
    typed("nights", "2")
    assert unseen(phone.locator("#departure_hour"))  # only a stay of a day asks for it
    typed("g0-surname", "BIANCHI")
    typed("g0-name", "ADA")
    tap(phone.get_by_text("Femmina"))
    typed("g0-birth_date", "01051950")
    tap(phone.get_by_role("button", name="Nato in Italia, cittadinanza italiana"))
    typed("g0-birth_comune", "monop", here_already=True)
    tap(phone.get_by_role("option", name="MONOPOLI (BA)").first)
    assert [phone.input_value(f"#g0-{name}") for name in ("birth_state", "citizenship")] == ["ITALIA", "ITALIA"]
    tap(phone.get_by_role("button", name="Carta d'identità", exact=True))
    assert phone.input_value("#g0-doc_type") == "IDENT"
    typed("g0-doc_number", "CA31415PI", here_already=True)
    typed("g0-doc_issued", "monop")
    tap(phone.get_by_role("option", name="MONOPOLI (BA)").first)
    tap(phone.get_by_text("Di persona, con il documento in mano"))
    tap(phone.locator("#go"))
    phone.wait_for_selector("text=Arrivo registrato")
    assert (len(fields), len(taps)) == (7, 8)
    guest = Guest.objects.of(house.world.account).get(party__stay=last(house))
    assert (guest.citizenship, guest.residence_state, guest.sex) == ("100000100", "", "F")


def test_the_hour_of_departure_comes_back_for_one_night(house: House, phone: Any, enter: Callable[..., None]) -> None:
    enter(phone, house)
    phone.goto(house.url + "/arrivi/nuovo/")
    hour = phone.locator("#departure_hour")
    assert seen(hour)
    phone.fill("#nights", "3")
    assert unseen(hour)
    phone.fill("#nights", "1")
    assert seen(hour)
    hour.fill("10:00")
    phone.fill("#nights", "3")
    assert seen(hour)  # what was written is never out of sight


def test_keyboards_of_phones_help(house: House, phone: Any, enter: Callable[..., None]) -> None:
    enter(phone, house)
    phone.goto(house.url + "/arrivi/nuovo/")
    asked = ("autocapitalize", "autocorrect", "autocomplete", "spellcheck")
    for name in ("g0-surname", "g0-name", "g0-doc_number", "g0-birth_comune", "g0-doc_issued"):
        assert [phone.get_attribute(f"#{name}", one) for one in asked] == ["characters", "off", "off", "false"], name
    for numbers in ("nights", "g0-birth_date"):
        assert phone.get_attribute(f"#{numbers}", "inputmode") == "numeric"


def test_without_any_script(house: House, chromium: Any, enter: Callable[..., None]) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="it-IT")
    page = context.new_page()
    enter(page, house)
    page.goto(house.url + "/arrivi/nuovo/")
    page.check("input[name=kind][value=alone]")
    fields = {
        "nights": "1", "g0-surname": "VERDI", "g0-name": "UGO", "g0-birth_date": "1/5/1980", "g0-birth_state": "ITALIA",
        "g0-birth_comune": "MONOPOLI (BA)", "g0-citizenship": "ITALIA", "g0-doc_number": "CA77777ZZ",
        "g0-doc_issued": "MONOPOLI (BA)",
    }  # fmt: skip
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.check("input[name=g0-sex][value=M]")
    page.select_option("#g0-doc_type", "IDENT")
    page.check("input[name=how][value=in_person]")
    follow(page, page.locator("#go"))
    assert seen(page.get_by_role("heading", name="Arrivo registrato"))
    follow(page, page.get_by_role("button", name="Invia alla polizia"))
    assert seen(page.get_by_text("Invio avviato"))
    context.close()


def test_today_shows_by_itself_that_it_has_gone(house: House, phone: Any, enter: Callable[..., None]) -> None:
    from tests.web.scene import turn

    enter(phone, house)
    phone.get_by_role("button", name="Invia alla polizia").first.click()
    phone.wait_for_selector("text=Sta partendo")
    turn(house.world)
    phone.wait_for_selector("text=Sta partendo", state="detached", timeout=30_000)
    assert "MÜLLER" in phone.locator("#cards .list").inner_text().upper()


def test_a_residence_takes_one_choice_and_is_copied_on_purpose(house: House, phone: Any, enter: Callable[..., None]) -> None:
    enter(phone, house)
    phone.goto(house.url + "/arrivi/nuovo/")
    phone.get_by_text("Una famiglia").click()
    phone.wait_for_selector("#g1-surname")
    phone.fill("#g0-surname", "Weiß")
    phone.fill("#g0-name", "Jonas")
    same = phone.locator("[data-same='1']")
    assert unseen(same) and unseen(phone.locator("#g0-residence_place"))
    phone.locator("#g0-residence").focus()
    place(phone, "g0-residence", "ger", "GERMANIA")
    phone.fill("#g0-residence_place", "Berlin")
    assert phone.input_value("#g1-residence") == ""  # never by itself
    assert same.inner_text() == "Stessa residenza di Weiß Jonas"
    same.press("Enter")
    assert [phone.input_value(f"#g1-{name}") for name in ("residence", "residence_place")] == ["GERMANIA", "Berlin"]
    assert same.inner_text() == "Togli questa residenza"
    same.press("Enter")
    assert [phone.input_value(f"#g1-{name}") for name in ("residence", "residence_place")] == ["", ""]
    phone.locator("#g1-residence").focus()
    place(phone, "g1-residence", "bol", "BOLOGNA (BO)")
    assert unseen(phone.locator("#g1-residence_place"))  # a comune needs no place
    same.click()
    assert phone.input_value("#g1-residence") == "GERMANIA"
    same.click()  # and what was there comes back
    assert phone.input_value("#g1-residence") == "BOLOGNA (BO)"
    assert phone.input_value("[name=g1-residence-code]").endswith("|BOLOGNA (BO)")


def test_a_residence_is_copied_without_any_script(house: House, chromium: Any, enter: Callable[..., None]) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="it-IT")
    page = context.new_page()
    enter(page, house)
    page.goto(house.url + "/arrivi/nuovo/")
    page.check("input[name=kind][value=family]")
    follow(page, page.get_by_role("button", name="Aggiungi un ospite"))
    page.fill("#g0-surname", "ROSSI")
    page.fill("#g0-residence", "BOLOGNA (BO)")
    follow(page, page.get_by_role("button", name="Stessa residenza del primo ospite"))
    assert page.input_value("#g1-residence") == "BOLOGNA (BO)"
    follow(page, page.get_by_role("button", name="Togli questa residenza"))
    assert page.input_value("#g1-residence") == "" and seen(page.get_by_role("button", name="Stessa residenza di ROSSI"))
    context.close()


def test_the_tax_is_told_as_soon_as_it_can_be(
    house: House, phone: Any, axe: Callable[[Any], list[str]], enter: Callable[..., None]
) -> None:
    enter(phone, house)
    phone.goto(house.url + "/arrivi/nuovo/")
    phone.get_by_text("Una persona sola").click()
    assert phone.locator("#owed").inner_text() == ""
    phone.fill("#nights", "4")
    phone.wait_for_selector("#owed :text('Manca la data di nascita di 1 ospite')")
    phone.locator("#g0-birth_date").focus()
    phone.keyboard.type("01051950")
    phone.wait_for_selector("#owed :text('1 ospite, 4 notti')")
    assert "8,00" in phone.locator("#owed").inner_text()
    assert phone.evaluate("document.activeElement.id") == "g0-birth_date"  # nobody is taken away from where they type
    assert axe(phone) == []
    phone.fill("#nights", "1")
    phone.wait_for_selector("#owed :text('1 ospite, 1 notte')")


def test_another_guest_brings_the_tax_along(house: House, phone: Any, enter: Callable[..., None]) -> None:
    enter(phone, house)
    phone.goto(house.url + "/arrivi/nuovo/")
    phone.fill("#nights", "2")
    phone.fill("#g0-birth_date", "01/05/1950")
    phone.get_by_text("Più ospiti, ognuno per conto suo").click()
    phone.wait_for_selector("#g1-surname")
    phone.wait_for_selector("#owed :text('Manca la data di nascita di 1 ospite')")
    phone.fill("#g1-birth_date", "01/05/1950")
    phone.wait_for_selector("#owed :text('2 ospiti, 2 notti')")
