"""The tax told while the sheet is being filled in: an amount, or what is missing for one; nothing is stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from locanda.archive.models import Event, Property, Stay, TaxedStay
from locanda.office.tax import ledger
from tests.web.scene import as_role
from tests.web.test_check_in import one, sheet
from tests.world import World

pytestmark = pytest.mark.django_db


def told(client: Client, fields: dict[str, str]) -> str:
    answer = client.post(reverse("check_in_tax"), fields)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(strip_tags(answer.content.decode()))).strip().replace("\xa0", " ")


def test_an_amount_with_its_reasons_in_a_line(here: World, visit: Callable[..., Client]) -> None:
    child = one(1, surname="ROSSI", birth_date="1/5/2019", doc_number="")
    other = one(2, surname="NERI", doc_number="")
    words = told(visit(), sheet(here, one(), child, other, kind="family", nights="4"))
    assert "16,00" in words and "3 ospiti, 4 notti; 1 esente (minore, meno di 12 anni)" in words


def test_it_is_what_the_ledger_says_once_the_arrival_is_registered(here: World, visit: Callable[..., Client]) -> None:
    child = one(1, surname="ROSSI", name="UGO", birth_date="2/3/2020", doc_number="")
    fields = sheet(here, one(), child, kind="family", nights="9")
    words = told(visit(), fields)
    visit().post(reverse("check_in"), fields)
    stay = Stay.objects.of(here.account).select_related("property", "account", "unit").get()
    (taxed,) = ledger.settle([stay], now=here.now)
    assert f"{taxed.total // 100},{taxed.total % 100:02}" in words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"g0-birth_date": ""}, "Manca la data di nascita di 1 ospite"),
        ({"arrival_hour": ""}, "Manca l'ora di arrivo"),
        ({"arrival_day": ""}, "Mancano giorno e ora di arrivo"),
        ({"nights": "", "departure_day": "2026-07-32"}, "«2026-07-32» non si capisce"),
        ({"g0-birth_date": "30/02/1980"}, "«30/02/1980» non si capisce"),
    ],
)
def test_what_is_missing_is_said_instead_of_an_amount(
    here: World, visit: Callable[..., Client], change: dict[str, str], said: str
) -> None:
    words = told(visit(), sheet(here) | change)
    assert "importo non noto" in words and said in words and "€" not in words


def test_nothing_is_said_before_there_is_anything_to_say(here: World, visit: Callable[..., Client]) -> None:
    assert told(visit(), sheet(here) | {"nights": ""}) == ""
    assert told(visit(), sheet(here) | {"place": ""}) == ""


def test_a_comune_that_nobody_knows_gives_no_amount(here: World, visit: Callable[..., Client]) -> None:
    Property.objects.of(here.account).update(comune="408037006")  # Bologna: the amount is in no source
    words = told(visit(), sheet(here))
    assert "importo non noto" in words and "€" not in words


def test_the_residence_is_looked_at_and_a_doubt_of_the_rule_is_said(here: World, visit: Callable[..., Client]) -> None:
    assert "Da chiarire" not in told(visit(), sheet(here, one(residence="BOLOGNA (BO)")))
    words = told(visit(), sheet(here, one(residence="MONOPOLI (BA)")))  # its page does not say whether residents pay
    assert "6,00" in words and "Da chiarire" in words


def test_nothing_is_stored_and_little_is_asked_of_the_database(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    told(client, sheet(here))
    before = Event.objects.of(here.account).count()
    with CaptureQueriesContext(connection) as queries:
        told(client, sheet(here))
    assert not any(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in queries.captured_queries)
    assert len(queries) <= 10
    assert Event.objects.of(here.account).count() == before
    assert not Stay.objects.of(here.account).exists() and not TaxedStay.objects.of(here.account).exists()


def test_it_is_for_who_checks_in_and_for_their_own_houses(here: World, visit: Callable[..., Client]) -> None:
    assert visit(as_role(here, "reader").person).post(reverse("check_in_tax"), sheet(here)).status_code == 403
    assert visit().get(reverse("check_in_tax")).status_code == 405
    assert told(visit(), sheet(here) | {"place": "00000000-0000-0000-0000-000000000000"}) == ""
