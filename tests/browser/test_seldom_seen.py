"""Pages that are seldom seen, in a real browser with axe-core: first steps, access, second factor, refusals, breakdowns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from locanda.archive.models import Person, Segment
from locanda.office import accounts, clock, remembering, upkeep
from tests.browser.conftest import House
from tests.browser.hands import follow, seen
from tests.browser.test_pages import wrong_with
from tests.web.scene import PASSWORD, as_role, scene
from tests.web.test_follow_up_pages import blocked
from tests.world import guest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Axe = Callable[[Any], list[str]]
Enter = Callable[..., None]


@pytest.fixture
def quiet_house(live_server: Any, transactional_db: None) -> Iterator[House]:
    """A house where nothing has happened yet."""
    with scene() as made:
        yield House(live_server.url, made, {})


def look(page: Any, axe: Axe, name: str, language: str) -> list[str]:
    found = wrong_with(page, axe, name, 360)
    told = page.get_attribute("html", "lang")
    return found if told == language else [*found, f"{name}: in {told}"]


@pytest.mark.parametrize("language", ["it", "en"])
def test_first_steps(live_server: Any, phone: Any, axe: Axe, language: str) -> None:
    clock._offset = None
    phone.goto(live_server.url + "/")
    if language == "en":
        follow(phone, phone.get_by_role("button", name="English"))
    main = phone.locator("main button.main")
    found = look(phone, axe, "owner", language)
    follow(phone, main)
    found += look(phone, axe, "owner with problems", language)
    for name, value in {"full_name": "Vito Oste", "email": "vito@example.org", "password": "tre-parole-a-caso"}.items():
        phone.fill(f"#id_{name}", value)
    follow(phone, main)
    phone.wait_for_url("**/struttura/")
    found += look(phone, axe, "property", language)
    follow(phone, main)
    found += look(phone, axe, "property with problems", language)
    phone.fill("#id_name", "Il Trullo")
    phone.select_option("#id_type", "bb")
    phone.fill("#id_comune", "MONOPOLI (BA)")
    phone.check("input[name=business][value=no]")
    follow(phone, main)
    phone.wait_for_url(lambda url: not url.endswith("/struttura/"))
    phone.goto(live_server.url + "/benvenuto/polizia/")
    found += look(phone, axe, "police", language)
    phone.check("input[name=status][value=active]")
    assert seen(phone.locator("#id_wskey"))
    found += look(phone, axe, "police credentials", language)
    follow(phone, main)
    phone.wait_for_selector("#summary")
    found += look(phone, axe, "police credentials with problems", language)
    phone.check("input[name=status][value=none]")
    follow(phone, main)
    phone.wait_for_url("**/pronto/")
    found += look(phone, axe, "ready", language)
    assert found == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_access_and_second_factor(quiet_house: House, phone: Any, axe: Axe, enter: Enter, language: str) -> None:
    house, found = quiet_house, []
    enter(phone, house, language=language)
    main = phone.locator("main button.main")

    def at(name: str, address: str) -> None:
        phone.goto(house.url + address)
        if "reauthenticate" in phone.url and "reauthenticate" not in address:
            found.extend(look(phone, axe, "password once more", language))
            phone.fill("input[name=password]", "sbagliata")
            follow(phone, main)
            phone.wait_for_selector("#password-error")
            found.extend(look(phone, axe, "password once more, wrong", language))
            phone.fill("input[name=password]", PASSWORD)
            follow(phone, main)
            phone.wait_for_url(house.url + address)
        found.extend(look(phone, axe, name, language))

    at("password", "/accounts/password/change/")
    follow(phone, main)
    found += look(phone, axe, "password with problems", language)
    at("second factor off", "/accounts/2fa/")
    at("activation", "/accounts/2fa/totp/activate/")
    assert phone.locator(".qr img").get_attribute("alt")
    phone.fill("input[name=code]", "000000")
    follow(phone, main)
    assert seen(phone.locator("#code-error"))
    found += look(phone, axe, "activation with a wrong code", language)
    secret = phone.locator("p.mono").inner_text()
    phone.fill("input[name=code]", _code(secret))
    follow(phone, main)
    phone.wait_for_url(lambda url: "activate" not in url)
    at("second factor on", "/accounts/2fa/")
    at("recovery codes", "/accounts/2fa/recovery-codes/")
    at("new recovery codes", "/accounts/2fa/recovery-codes/generate/")
    at("code once more", "/accounts/2fa/reauthenticate/")
    at("deactivation", "/accounts/2fa/totp/deactivate/")
    at("logout", "/accounts/logout/")
    follow(phone, main)
    phone.goto(house.url + "/accounts/login/")
    phone.fill("input[name=login]", "oste@example.org")
    phone.fill("input[name=password]", "sbagliata")
    follow(phone, phone.locator("main button.main"))
    found += wrong_with(phone, axe, "login refused", 360)
    phone.fill("input[name=password]", PASSWORD)
    follow(phone, phone.locator("main button.main"))
    phone.wait_for_selector("input[name=code]")
    found += wrong_with(phone, axe, "code asked for", 360)
    phone.goto(house.url + "/accounts/signup/")
    found += wrong_with(phone, axe, "sign-up is closed", 360)
    assert found == []


def _code(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))


@pytest.mark.parametrize("language", ["it", "en"])
def test_refusals_and_breakdowns(
    quiet_house: House, phone: Any, axe: Axe, enter: Enter, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, found = quiet_house, []
    member = as_role(house.world, "reader")
    Person.objects.filter(pk=member.person_id).update(language=language)
    enter(phone, house, email="reader@example.org")
    assert phone.goto(house.url + "/impostazioni/persone/").status == 403
    found += look(phone, axe, "403", language)
    assert phone.goto(house.url + "/nulla/").status == 404
    found += look(phone, axe, "404", language)

    def broken() -> None:
        raise RuntimeError("MARIA ROSSI")

    monkeypatch.setattr("locanda.web.views.settings.in_force", broken)
    assert phone.goto(house.url + "/impostazioni/tabelle/").status == 500
    assert "MARIA" not in phone.content()
    found += look(phone, axe, "500", language)
    phone.goto(house.url + "/io/")
    phone.context.clear_cookies(name="csrftoken")
    with phone.expect_response("**/io/") as answer:
        follow(phone, phone.locator("main form.sheet button.main"))
    assert answer.value.status == 403
    title = {"it": "La pagina era vecchia", "en": "The page was old"}[language]
    phone.wait_for_selector(f"h1:has-text('{title}')")
    found += look(phone, axe, "403 CSRF", language)
    assert found == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_completing_forgetting_and_closing(quiet_house: House, phone: Any, axe: Axe, enter: Enter, language: str) -> None:
    house, found = quiet_house, []
    made = house.world
    segment = blocked(made)
    remembering.remember(made.account, guest("BIANCHI", "ADA"), how="said_in_person", now=made.now, person=made.person)
    enter(phone, house, language=language)
    phone.goto(f"{house.url}/schedine/{segment.pk}/")
    found += look(phone, axe, "blocked", language)
    phone.goto(f"{house.url}/schedine/{segment.pk}/completa/")
    assert phone.evaluate("document.activeElement.id") == "summary"
    found += look(phone, axe, "complete", language)
    phone.goto(house.url + "/impostazioni/ricordati/")
    number = guest("BIANCHI", "ADA")["document"]["number"]
    for typed, name in (("XX1", "nobody remembered"), (number, "somebody remembered")):
        phone.fill("#number", typed)
        follow(phone, phone.locator("button[value=find]"))
        phone.wait_for_selector("#found" if typed == number else "#number-problem")
        found += look(phone, axe, name, language)
    follow(phone, phone.locator("button[value=forget]"))
    phone.wait_for_selector("#found", state="detached")
    assert remembering.remembered_count(made.account) == 0
    found += look(phone, axe, "forgotten", language)
    Segment.objects.of(made.account).update(cancelled_at=made.now)
    assert upkeep.close_property(made.property, now=made.now, by=made.person) == 0
    for name, address in {"closed": f"/impostazioni/strutture/{made.property.pk}/", "settings": "/impostazioni/"}.items():
        phone.goto(house.url + address)
        found += look(phone, axe, name, language)
    assert found == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_reminders_and_a_duty_of_another_account(quiet_house: House, phone: Any, axe: Axe, enter: Enter, language: str) -> None:
    """One chooses how often, and follows the link of a mail to the account that it is of."""
    house = quiet_house
    told = {"name": "La Masseria", "type": "bb", "comune": "416072030"}
    other = accounts.open_account(
        "Masserie e trulli della valle", email="b@example.org", password=PASSWORD, full_name="B", now=house.world.now
    )
    there = accounts.add_property(other.account, told, now=house.world.now, by=None)
    accounts.add_person(
        other.account, email="oste@example.org", full_name="", role="manager", now=house.world.now, by=other.person
    )
    enter(phone, house, language=language)
    phone.goto(house.url + "/io/")
    assert phone.locator("input[value=daily]").is_checked()
    phone.check("input[value=weekly]")
    follow(phone, phone.locator("main form.sheet button.main"))
    assert phone.locator("input[value=weekly]").is_checked()
    found = look(phone, axe, "reminders", language)
    phone.goto(house.url + f"/calendario/{there.pk}/MO-IDS-04/period:2026-Q2/")
    found += look(phone, axe, "of another account", language)
    follow(phone, phone.locator("main button.main"))
    assert seen(phone.get_by_text("La Masseria").first) and str(there.pk) in phone.url
    assert found == []
