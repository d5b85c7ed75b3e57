"""The first steps in a browser, on a phone, on an installation where nobody has an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from locanda.archive.models import Property
from locanda.office import clock
from tests.browser.hands import follow, seen, unseen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_nothing_to_the_first_check_in(live_server: Any, phone: Any, axe: Callable[[Any], list[str]]) -> None:
    clock._offset = None
    phone.goto(live_server.url + "/")
    assert phone.url.endswith("/benvenuto/")
    assert axe(phone) == []
    phone.get_by_label("Nome e cognome").fill("Vito Oste")
    phone.get_by_label("E-mail").fill("vito@example.org")
    phone.get_by_label("Password").fill("tre-parole-a-caso")
    follow(phone, phone.get_by_role("button", name="Avanti"))
    phone.get_by_label("Nome", exact=True).fill("Il Trullo")
    phone.get_by_label("Che cos'è").select_option("bb")
    comune = phone.get_by_role("combobox", name="Comune")
    comune.press_sequentially("monop")
    phone.get_by_role("option", name="MONOPOLI (BA)").click()
    phone.get_by_text("No, non imprenditoriale").click()
    follow(phone, phone.get_by_role("button", name="Avanti"))
    assert seen(phone.get_by_role("heading", name="Che cosa devi fare"))
    assert seen(phone.get_by_text("Riversamento trimestrale").first)
    assert axe(phone) == []
    follow(phone, phone.get_by_role("link", name="Avanti"))
    phone.wait_for_url("**/polizia/")
    assert Property.everywhere.get().comune == "416072030"
    phone.get_by_text("Le ho chieste alla Questura").click()
    assert unseen(phone.locator("#id_wskey"))
    assert axe(phone) == []
    follow(phone, phone.get_by_role("button", name="Avanti"))
    assert seen(phone.get_by_text("Credenziali in arrivo"))
    follow(phone, phone.get_by_role("link", name="Registra un arrivo"))
    assert seen(phone.get_by_role("heading", name="Nuovo arrivo"))
