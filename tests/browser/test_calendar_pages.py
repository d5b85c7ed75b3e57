"""The pages about duties in a real browser: axe-core finds nothing, nothing scrolls sideways, nothing needs a script."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from locanda.archive.models import DutyMark, Property
from locanda.office import accounts, breaches, duty_marks, feeds, invitations, overrides, prepared_requests
from tests.browser.conftest import House
from tests.browser.hands import follow, seen, unseen
from tests.browser.test_pages import wrong_with
from tests.web.scene import PNG, prepared

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OUT = os.environ.get("LOCANDA_PICTURES")


@pytest.fixture
def lived(house: House) -> House:
    """A house that has been open for years: something late, something done with its proofs, a breach, a rule of its own."""
    made = house.world
    by = {"now": made.now, "person": made.person}
    Property.objects.of(made.account).update(
        since=date(2020, 1, 1), created_at=made.now - timedelta(days=100), floors_m2=["80", "250"], business=True,
        address="Contrada Losciale 12", cin="IT072030C100012345",
    )  # fmt: skip
    made.property.refresh_from_db()
    files = [duty_marks.File("ricevuta di pagamento.png", PNG)]
    mark, problems = duty_marks.mark_done(
        made.property, "MO-IDS-04", "period:2026-Q2", number="7701", note="Pagato dal conto.", files=files, **by
    )
    assert mark is not None, problems
    duty_marks.mark_done(made.property, "IT-CIN-02", "standing", files=files, **by)
    duty_marks.record_event(
        made.property, "listing_published", {"on": "2026-01-10", "url": "https://example.org/case/il-trullo-di-monopoli"}, **by
    )
    breaches.record(made.property, "N-CIN-SHOW", date(2025, 5, 1), enforceable_on=date(2025, 9, 1), **by)
    overrides.add(made.account, made.property, "obligation", "MO-IDS-05", {}, off=True, note="Lettera del 3 luglio.", **by)
    feeds.new_address(made.account, made.property, **by)
    told = {"full_name": "", "role": "manager", "properties": [], "password": "x" * 12, "now": made.now}
    other = accounts.open_account("Case di Lea", email="lea@example.org", password="x" * 12, full_name="Lea", now=made.now)
    invitations.let_in(other.account, email=made.person.email, by=other.person, **told)
    invitations.let_in(made.account, email=other.person.email, by=made.person, **told)
    second = {"name": "La Lamia", "type": "locazione_turistica", "comune": "416072030"}
    accounts.add_property(made.account, second, now=made.now, by=made.person)
    return house


def duty_addresses(house: House) -> dict[str, str]:
    """Every page about duties, by a short name."""
    key = house.world.property.pk
    duty, there = f"/calendario/{key}", f"/strutture/{key}"
    segment = house.stays["refused"].parties.get().segments.first()
    return {
        "calendar": "/calendario/",
        "calendar-weeks": "/calendario/?vista=settimane",
        "calendar-year": "/calendario/?vista=anno",
        "duty-late": f"{duty}/PU-SPOT-01/period:2026-05/",
        "duty-tax-late": f"{duty}/IT-IDS-01/period:2025/?imposta=120,50",
        "duty-done": f"{duty}/MO-IDS-04/period:2026-Q2/",
        "duty-soon": f"{duty}/MO-IDS-04/period:2026-Q3/",
        "duty-changed": f"{duty}/MO-IDS-05/period:2026/",
        "duty-police": f"{duty}/{segment.obligation}/segment:{segment.pk}/",
        "inspection": f"{there}/controllo/",
        "property-duties": f"{there}/adempimenti/",
        "facts": f"{there}/eventi/",
        "breaches": f"{there}/violazioni/",
        "breach": f"/calendario/violazioni/{breaches.listed(house.world.property)[0].pk}/",
        "backlog": "/calendario/prima/?fino=2026-07-10",
        "rules": f"{there}/regole/",
        "prices": f"{there}/prezzi/2027/",
        "request": f"{there}/questura/",
        "request-papers": f"{there}/questura/credentials/",
        "request-ready": f"{there}/questura/pronta/{ready(house)}/",
        "feeds": "/calendario/indirizzi/",
        "people": "/impostazioni/persone/",
        "invitations": "/io/inviti/",
        "property-form": f"/impostazioni/strutture/{key}/",
    }


def ready(house: House) -> Any:
    """A request that was made and not sent."""
    rows = prepared_requests.mine(house.world.property, now=house.world.now, person=house.world.person)
    return rows[0].row.pk if rows else prepared(house.world)


def picture(page: Any, name: str) -> None:
    if OUT:
        page.screenshot(path=Path(OUT) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_page_about_duties_is_for_everybody(
    lived: House, chromium: Any, axe: Callable[[Any], list[str]], enter: Callable[..., None], language: str
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="it-IT", timezone_id="Europe/Rome")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    enter(page, lived, language=language)
    found = []
    for name, address in duty_addresses(lived).items():
        answer = page.goto(lived.url + address)
        assert answer.status == 200, name
        picture(page, f"phone-{language}-{name}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found += wrong_with(page, axe, name, 360)
    page.goto(lived.url + duty_addresses(lived)["request-papers"])
    follow(page, page.locator("main form button.main"))  # empty: with all its problems
    page.wait_for_selector("#summary")
    picture(page, f"phone-{language}-request-problems")
    found += wrong_with(page, axe, "request with problems", 360)
    context.close()
    assert [said for said in complaints if "status of 422" not in said] == []
    assert found == []


def test_wide_pages_about_duties(
    lived: House, chromium: Any, axe: Callable[[Any], list[str]], enter: Callable[..., None]
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, locale="it-IT", timezone_id="Europe/Rome")
    page = context.new_page()
    enter(page, lived)
    found = []
    for name, address in duty_addresses(lived).items():
        page.goto(lived.url + address)
        picture(page, f"desktop-{name}")
        found += wrong_with(page, axe, name, 1280)
    context.close()
    assert found == []


def test_from_late_to_done_without_any_script(lived: House, chromium: Any, tmp_path: Path, enter: Callable[..., None]) -> None:
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, locale="it-IT", timezone_id="Europe/Rome", java_script_enabled=False
    )
    page = context.new_page()
    enter(page, lived)
    follow(page, page.get_by_role("link", name="Scadenze"))
    page.get_by_text("Scegli struttura o genere").click()
    page.get_by_label("Genere").select_option("statistics")
    follow(page, page.get_by_role("button", name="Mostra"))
    card = page.locator(".card.trouble").first
    assert seen(card.get_by_text("Scaduto", exact=True))
    card.get_by_text("Uno per uno").click()  # the months that were missed stand on one card
    follow(page, card.locator("details").get_by_role("link").first)
    assert seen(page.get_by_role("heading", name="Che cosa si può ancora fare"))
    photo = tmp_path / "spot.png"
    photo.write_bytes(PNG)
    page.get_by_label("Foto o PDF (facoltativo)").set_input_files(photo)
    page.get_by_label("Numero di protocollo o ricevuta (facoltativo)").fill("SPOT 5512")
    follow(page, page.get_by_role("button", name="Segna come fatto"))
    assert seen(page.get_by_text("Numero: SPOT 5512")) and seen(page.get_by_alt_text("spot.png"))
    context.close()
    assert DutyMark.objects.of(lived.world.account).filter(number="SPOT 5512").count() == 1


def test_the_checklist_prints_on_paper_without_its_buttons(lived: House, phone: Any, enter: Callable[..., None]) -> None:
    enter(phone, lived)
    phone.goto(lived.url + duty_addresses(lived)["inspection"])
    assert seen(phone.get_by_role("button", name="È in regola").first)
    phone.emulate_media(media="print")
    assert unseen(phone.get_by_role("button", name="È in regola").first)
    assert unseen(phone.locator("nav.tabs"))
    assert seen(phone.get_by_text("Data e firma")) and seen(phone.get_by_text("Esposizione del CIN").first)
    if OUT:
        phone.pdf(path=Path(OUT) / "inspection.pdf", format="A4", prefer_css_page_size=True)
