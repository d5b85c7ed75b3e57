"""The first steps: open once, each kept as it is done, the connection tried with harmless calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from locanda.archive.models import Account, Apartment, Membership, Person, PoliceCredential, Property
from locanda.archive.vault import Vault
from locanda.office import clock, engine, tables
from locanda.portals.alloggiati.simulator import Account as PortalAccount
from locanda.portals.alloggiati.simulator import Apartment as PortalFlat
from locanda.portals.alloggiati.simulator import Simulator

pytestmark = pytest.mark.django_db

OWNER = {"full_name": "Vito Oste", "email": "Vito@example.org", "password": "tre-parole-a-caso"}
HOUSE = {"name": "Il Trullo", "type": "bb", "comune": "MONOPOLI (BA)", "business": "no", "rooms": "3", "beds": ""}
KEYS = {"user": "BA000001", "password": "segreta-davvero", "wskey": "q+Zz/0000simulata0000=="}
ACTIVE = {"status": "active", "category": "hotel", **KEYS}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    clock._offset, tables._kept = None, None
    engine.couriers.cache_clear()
    yield
    clock._offset, tables._kept = None, None
    engine.couriers.cache_clear()


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """The simulated portal standing where the real one is."""
    flats = (
        PortalFlat(0, "TRULLO", "416072030", "VIA INVENTATA 1", "OSTE"),
        PortalFlat(4, "LAMIA", "416072030", "VIA INVENTATA 2", "OSTE"),
    )
    users = [
        PortalAccount(**KEYS),
        PortalAccount("BA000002", KEYS["password"], KEYS["wskey"], category="apartments", apartments=flats),
    ]
    with Simulator(users) as made:
        monkeypatch.setattr("locanda.delivery.courier.ENDPOINT", made.url)
        yield made


def upto_police(client: Client) -> Account:
    assert client.get("/")["Location"] == reverse("first_owner")
    assert client.post(reverse("first_owner"), OWNER)["Location"] == reverse("first_property")
    duties = client.post(reverse("first_property"), HOUSE, follow=True)
    assert "Che cosa devi fare" in duties.content.decode() and reverse("first_police") in duties.content.decode()
    return Account.objects.get()


def test_a_short_password_is_refused_in_the_language_of_the_page(client: Client) -> None:
    page = client.post(reverse("first_owner"), OWNER | {"password": "corta"}).content.decode()
    assert "caratteri, almeno 10" in page and "too short" not in page
    client.cookies["django_language"] = "en"
    assert "needed, at least 10" in client.post(reverse("first_owner"), OWNER | {"password": "corta"}).content.decode()


@pytest.mark.parametrize("page", ["email", "confirm-email"])
def test_no_page_says_that_a_message_was_sent_to_confirm_an_address(client: Client, page: str) -> None:
    assert client.get(f"/accounts/{page}/")["Location"] == reverse("me")


def test_the_whole_way(client: Client, portal: Simulator) -> None:
    account = upto_police(client)
    answer = client.post(reverse("first_police"), ACTIVE, follow=True)
    page = answer.content.decode()
    assert "Il collegamento funziona" in page
    assert {call.operation for call in portal.calls} == {"GenerateToken", "Authentication_Test", "Tabella"}  # nothing is sent
    member = Membership.objects.of(account).get()
    assert (member.role, member.person.email, member.person.get_full_name()) == ("owner", "vito@example.org", "Vito Oste")
    house = Property.objects.of(account).get()
    assert (house.comune, house.rooms, house.beds, house.business) == ("416072030", 3, None, False)
    credential = PoliceCredential.objects.of(account).get()
    assert house.credential == credential and credential.tested_ok and credential.endpoint == ""
    assert Vault(account).open(credential.sealed_keys, "police keys") == KEYS
    assert tables.in_force().version.startswith("portal")
    assert client.get("/").status_code == 200


def test_it_is_open_only_while_nobody_has_an_account(client: Client) -> None:
    assert client.get(reverse("first_owner")).status_code == 200
    upto_police(client)
    again = Client().post(reverse("first_owner"), OWNER | {"email": "ladro@example.org"})
    assert again["Location"] == "/" and not Person.objects.filter(email="ladro@example.org").exists()
    assert client.get(reverse("first_owner"))["Location"] == reverse("me")


def test_nobody_is_let_in_by_naming_an_address_already_known(client: Client) -> None:
    Person.objects.create_user("vito@example.org", "un-altra-password")
    answer = client.post(reverse("first_owner"), OWNER)
    assert answer.status_code == 422 and "_auth_user_id" not in client.session
    assert not Account.objects.exists()


def test_what_is_missing_is_said_and_nothing_is_lost(client: Client) -> None:
    answer = client.post(reverse("first_owner"), OWNER | {"password": "corta"})
    assert answer.status_code == 422 and 'value="Vito Oste"' in answer.content.decode()
    upto_police(client)
    answer = client.post(reverse("first_property"), HOUSE | {"comune": "ATLANTIDE", "type": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and "«ATLANTIDE» non è un comune" in page and 'value="Il Trullo"' in page
    answer = client.post(reverse("first_police"), {"status": "active", "user": "BA000001"})
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count("Serve per entrare nel portale") >= 2 and 'value="BA000001"' in page


def test_going_back_changes_what_was_kept(client: Client) -> None:
    account = upto_police(client)
    assert 'value="MONOPOLI (BA)"' in client.get(reverse("first_property")).content.decode()
    client.post(reverse("first_property"), HOUSE | {"name": "La Lamia"})
    assert Property.objects.of(account).get().name == "La Lamia"


@pytest.mark.parametrize(("status", "words"), [("pending", "modulo sostitutivo"), ("none", "Chiedile alla tua Questura")])
def test_without_credentials_one_goes_on(client: Client, status: str, words: str) -> None:
    account = upto_police(client)
    page = client.post(reverse("first_police"), {"status": status}, follow=True).content.decode()
    assert words in page
    assert PoliceCredential.objects.of(account).get().status == status
    assert client.get(reverse("check_in")).status_code == 200


def test_it_can_be_skipped(client: Client) -> None:
    upto_police(client)
    assert "Chiedile alla tua Questura" in client.get(reverse("first_done")).content.decode()


def test_refused_credentials_are_said_with_what_to_do(client: Client, portal: Simulator) -> None:
    upto_police(client)
    page = client.post(reverse("first_police"), ACTIVE | {"password": "sbagliata"}, follow=True).content.decode()
    assert "Il collegamento non è riuscito" in page and "WSKEY" in page
    # mended: the secrets left empty stay, none is ever shown again
    form = client.get(reverse("first_police")).content.decode()
    assert "sbagliata" not in form and KEYS["wskey"] not in form
    page = client.post(reverse("first_police"), ACTIVE, follow=True).content.decode()
    assert "Il collegamento funziona" in page


def test_an_unreachable_portal_is_said_and_tried_again(client: Client, portal: Simulator) -> None:
    account = upto_police(client)
    portal.down()
    page = client.post(reverse("first_police"), ACTIVE, follow=True).content.decode()
    assert "Il portale non risponde" in page
    portal.up()
    credential = PoliceCredential.objects.of(account).get()
    page = client.post(reverse("credential_try", args=[credential.pk]), {"back": "first"}, follow=True).content.decode()
    assert "Il collegamento funziona" in page


def test_a_flat_is_chosen_from_the_portals_list_and_0_is_one(client: Client, portal: Simulator) -> None:
    account = upto_police(client)
    page = client.post(
        reverse("first_police"), ACTIVE | {"category": "apartments", "user": "BA000002"}, follow=True
    ).content.decode()
    assert "Scegli quale appartamento" in page
    assert list(Apartment.objects.of(account).values_list("number", flat=True)) == [0, 4]
    house = Property.objects.of(account).get()
    form = client.get(reverse("property", args=[house.pk])).content.decode()
    assert "0 – TRULLO" in form
    told = HOUSE | {"credential": str(house.credential_id), "apartment": "0"}
    client.post(reverse("property", args=[house.pk]), told)
    house.refresh_from_db()
    assert house.apartment == 0
    assert "Scegli quale appartamento" not in client.get(reverse("first_done")).content.decode()
    assert 'value="0" selected' in client.get(reverse("property", args=[house.pk])).content.decode()
