"""Properties, credentials, people, tables, the register, one's own page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from locanda.archive.models import (
    Event,
    FeedAddress,
    Invitation,
    Membership,
    Person,
    PoliceCredential,
    Property,
    Unit,
)  # fmt: skip
from locanda.archive.vault import Vault
from locanda.office import accounts, tables
from tests.guards import guards_down
from tests.web.scene import as_role
from tests.world import KEYS, World, guest

pytestmark = pytest.mark.django_db

HOUSE = {"name": "La Lamia", "type": "locazione_turistica", "comune": "BARI (BA)", "business": "yes", "credential": ""}


def test_a_property_is_added_changed_and_given_rooms(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    client.post(reverse("property_new"), HOUSE)
    house = Property.objects.of(here.account).get(name="La Lamia")
    assert house.business and house.credential is None and not house.send_on_check_in
    told = HOUSE | {"credential": str(here.credential.pk), "send_on_check_in": "on", "beds": "4"}
    client.post(reverse("property", args=[house.pk]), told)
    house.refresh_from_db()
    assert house.credential == here.credential and house.send_on_check_in and house.beds == 4
    changed = Event.objects.of(here.account).get(kind="property.changed")
    assert changed.data == {"fields": ["beds", "credential", "send_on_check_in"]} and changed.actor == str(here.person.pk)
    client.post(reverse("unit_add", args=[house.pk]), {"new-name": "Ulivo"})
    assert (
        "c&#x27;è già" in client.post(reverse("unit_add", args=[house.pk]), {"new-name": "Ulivo"}, follow=True).content.decode()
    )
    unit = Unit.objects.of(here.account).get()
    client.post(reverse("unit", args=[unit.pk]), {f"{unit.pk}-name": "Carrubo"})
    unit.refresh_from_db()
    assert unit.name == "Carrubo"
    assert "La Lamia, Carrubo" in client.get(reverse("check_in")).content.decode()


def test_a_credential_of_another_account_is_not_taken(here: World, visit: Callable[..., Client]) -> None:
    other = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=here.now)
    theirs = accounts.save_credential(
        other.account, label="Loro", category="hotel", status="none", keys=None, now=here.now, by=other.person
    )
    answer = visit().post(reverse("property_new"), HOUSE | {"credential": str(theirs.pk)})
    assert answer.status_code == 422 and not Property.objects.of(here.account).filter(name="La Lamia").exists()


def test_credentials_are_kept_sealed_and_never_shown_again(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    keys = {"user": "BA000009", "password": "mai-piu-vista", "wskey": "Zq+/mai-piu-vista=="}
    client.post(reverse("credential_new"), {"status": "active", "label": "Seconda", "category": "hotel", **keys})
    row = PoliceCredential.objects.of(here.account).get(label="Seconda")
    assert Vault(here.account).open(row.sealed_keys, "police keys") == keys
    assert row.endpoint == here.credential.endpoint and row.tested_ok is False  # a demo's simulator, which knows no such user
    page = client.get(reverse("credential", args=[row.pk])).content.decode()
    assert "mai-piu-vista" not in page and "L'ultima prova non è riuscita" in page
    # the name alone changes: the secrets left empty stay
    client.post(reverse("credential", args=[row.pk]), {"status": "active", "label": "Terza", "category": "hotel"})
    row.refresh_from_db()
    assert row.label == "Terza" and Vault(here.account).open(row.sealed_keys, "police keys") == keys


def test_the_connection_is_tried_with_harmless_calls(here: World, visit: Callable[..., Client]) -> None:
    page = visit().post(reverse("credential_try", args=[here.credential.pk]), follow=True).content.decode()
    assert "Il collegamento funziona" in page and "Funzionano" in page
    assert {call.operation for call in here.sim.calls} == {"GenerateToken", "Authentication_Test", "Tabella"}
    shown = visit().get(reverse("tables")).content.decode()
    assert "Comuni e Stati" in shown and "dal portale" in shown
    assert not re.search(r"\bportal\b|[0-9]{4}-[0-9]{2}-[0-9]{2}", re.sub("<[^>]*>", " ", shown))
    tables._kept = None


def test_the_owner_lets_people_in_with_a_password_shown_once(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    page = client.post(
        reverse("people"), {"full_name": "Anna", "email": "Anna@example.org", "role": "front_desk"}
    ).content.decode()
    password = re.search(r'class="mono">([a-z0-9-]{14})<', page)
    assert password is not None
    assert password[1] not in client.get(reverse("people")).content.decode()
    member = Membership.objects.of(here.account).get(person__email="anna@example.org")
    assert member.role == "front_desk" and member.person.check_password(password[1])
    client.post(reverse("people"), {"full_name": "Anna", "email": "anna@example.org", "role": "reader"})
    member.refresh_from_db()
    assert member.role == "reader" and member.person.check_password(password[1])  # known: keeps her own
    again = re.search(
        r'class="mono">([a-z0-9-]{14})<', client.post(reverse("person_password", args=[member.pk])).content.decode()
    )
    member.person.refresh_from_db()
    assert again is not None and member.person.check_password(again[1]) and again[1] != password[1]
    client.post(reverse("person_remove", args=[member.pk]))
    assert not Membership.objects.of(here.account).filter(pk=member.pk).exists()
    assert Person.objects.filter(email="anna@example.org").exists()


def test_some_properties_only(here: World, visit: Callable[..., Client]) -> None:
    second = accounts.add_property(
        here.account, {"name": "Altrove", "type": "bb", "comune": "416072030"}, now=here.now, by=here.person
    )
    told = {"full_name": "Ugo", "email": "ugo@example.org", "role": "front_desk", "properties": [str(second.pk)]}
    visit().post(reverse("people"), told)
    assert list(Membership.objects.of(here.account).get(person__email="ugo@example.org").properties.all()) == [second]


def test_the_last_owner_stays(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    client.post(reverse("person_remove", args=[here.member.pk]))
    answer = client.post(reverse("people"), {"full_name": "Oste", "email": here.person.email, "role": "reader"})
    assert answer.status_code == 422
    assert Membership.objects.of(here.account).get().role == "owner"


def test_nobody_gets_a_password_for_someone_who_works_elsewhere_too(here: World, visit: Callable[..., Client]) -> None:
    member = as_role(here, "reader")
    other = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=here.now)
    accounts.add_person(other.account, email="reader@example.org", full_name="", role="owner", now=here.now, by=other.person)
    before = member.person.password
    page = visit().post(reverse("person_password", args=[member.pk]), follow=True).content.decode()
    member.person.refresh_from_db()
    assert member.person.password == before and "Lavora anche per altri conti" in page


def test_an_address_does_not_tell_whose_it_is(here: World, visit: Callable[..., Client]) -> None:
    other = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=here.now)
    accounts.add_person(
        other.account, email="lea@example.org", full_name="Lea Nascosta", role="reader", now=here.now, by=other.person
    )
    client = visit()
    told = {"full_name": "Chi Sa", "email": "lea@example.org", "role": "reader"}
    page = client.post(reverse("people"), told).content.decode()
    assert "lea@example.org" in page and "Nascosta" not in page and "quando accetta l&#x27;invito" in page
    assert 'class="mono"' not in page  # nobody gets a password for her
    assert "Lea Nascosta" in visit(other.person).get(reverse("people")).content.decode()  # who let her in first
    lea = Person.objects.get(email="lea@example.org")
    hers = visit(lea)
    hers.post(reverse("switch_account"), {"account": str(here.account.pk)})
    assert not Membership.objects.of(here.account).filter(person=lea).exists()  # not before she says yes
    (invitation,) = Invitation.objects.of(here.account)
    assert "Prova" in hers.get(reverse("invitations")).content.decode()
    assert reverse("invitations") in hers.get(reverse("today")).content.decode()
    hers.post(reverse("invitation", args=[invitation.pk]), {"answer": "yes"})
    assert "Lea Nascosta" in client.get(reverse("people")).content.decode()
    assert hers.get(reverse("property", args=[here.property.pk])).status_code == 403  # a reader, in that account


def test_an_invitation_is_answered_by_who_got_it_and_by_nobody_else(here: World, visit: Callable[..., Client]) -> None:
    other = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=here.now)
    lea = accounts.add_person(
        other.account, email="lea@example.org", full_name="Lea", role="reader", now=here.now, by=other.person
    ).person
    owner = visit()
    told = {"full_name": "Lea", "email": "lea@example.org", "role": "owner"}
    for _ in range(2):
        owner.post(reverse("people"), told)
    (row,) = Invitation.objects.of(here.account)
    answer = reverse("invitation", args=[row.pk])
    for stranger in (other.person, here.person):
        assert visit(stranger).post(answer, {"answer": "yes"}).status_code == 404
    assert Client().post(answer, {"answer": "yes"}).status_code == 302  # to the door
    assert Client().get(reverse("invitations")).status_code == 302
    assert visit(other.person).post(reverse("person_uninvite", args=[row.pk])).status_code == 404  # another account's owner
    visit(lea).post(answer, {"answer": "no"})
    assert not Membership.objects.of(here.account).filter(person=lea).exists() and not Invitation.objects.of(here.account)
    owner.post(reverse("people"), told)
    owner.post(reverse("person_uninvite", args=[Invitation.objects.of(here.account).get().pk]))
    assert visit(lea).post(answer, {"answer": "yes"}).status_code == 404
    kinds = Event.objects.of(here.account).filter(kind__startswith="person.").values_list("kind", flat=True)
    assert list(kinds) == ["person.invited", "person.invited", "person.declined", "person.invited", "person.uninvited"]


def test_who_belongs_nowhere_is_led_to_the_invitation(here: World, visit: Callable[..., Client]) -> None:
    member = as_role(here, "reader")
    other = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=here.now)
    visit(other.person).post(reverse("people"), {"full_name": "R", "email": "reader@example.org", "role": "reader"})
    visit().post(reverse("person_remove", args=[member.pk]))
    theirs = visit(member.person)
    assert theirs.get(reverse("today"))["Location"] == reverse("invitations")
    theirs.post(reverse("invitation", args=[Invitation.objects.of(other.account).get().pk]), {"answer": "yes"})
    assert theirs.get(reverse("today")).status_code == 200


def test_no_password_for_who_is_asked_elsewhere(here: World, visit: Callable[..., Client]) -> None:
    """Else whoever lets them in here would answer the other invitation in their name."""
    member = as_role(here, "reader")
    other = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=here.now)
    visit(other.person).post(reverse("people"), {"full_name": "R", "email": "reader@example.org", "role": "owner"})
    before, client = member.person.password, visit()
    client.post(reverse("person_password", args=[member.pk]))
    client.post(reverse("person_remove", args=[member.pk]))
    client.post(reverse("people"), {"full_name": "R", "email": "reader@example.org", "role": "reader"})
    member.person.refresh_from_db()
    assert member.person.password == before and Invitation.objects.of(here.account).exists()


def test_who_leaves_takes_no_open_door_along(here: World, visit: Callable[..., Client]) -> None:
    member = as_role(here, "manager")
    visit(member.person).post(reverse("feeds"), {"property": ""})
    visit().post(reverse("feeds"), {"property": ""})
    page = visit().post(reverse("person_remove", args=[member.pk]), follow=True).content.decode()
    assert "aveva creato: 1" in page
    assert [row.created_by for row in FeedAddress.objects.of(here.account).filter(revoked_at=None)] == [here.person]


def test_the_register_verifies_and_tells_where_it_breaks(here: World, visit: Callable[..., Client]) -> None:
    here.check_in(guest())
    client = visit()
    assert "La catena è intera" in client.post(reverse("register")).content.decode()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with guards_down():  # as someone with the file in hand would
            cursor.execute("UPDATE archive_event SET actor = 'nobody' WHERE number = 2")
    assert "La catena si rompe all'evento 2" in client.post(reverse("register")).content.decode()


def test_ones_own_page_and_language(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    page = client.post(reverse("me"), {"full_name": "Vito", "language": "en", "reminders": "daily"}, follow=True).content.decode()
    here.person.refresh_from_db()
    assert here.person.language == "en" and "Your profile" in page and '<html lang="en">' in page
    assert "What there is to do" in client.get("/").content.decode()
    client.post(reverse("language"), {"language": "it", "next": "https://altrove.example/"})
    assert "Che cosa c" in client.get("/").content.decode()
    assert client.post(reverse("language"), {"language": "xx", "next": "https://altrove.example/"})["Location"] == "/"


def test_one_chooses_how_often_one_is_reminded(here: World, visit: Callable[..., Client], settings: Any) -> None:
    client = visit()
    page = client.get(reverse("me")).content.decode()
    assert re.search(r'value="daily"[^>]* checked', page) and "Spenti:" in page and "arriva subito" in page
    settings.LOCANDA_MAIL_FROM = "locanda@example.org"
    told = {"full_name": "Vito", "language": "it", "reminders": "weekly"}
    page = client.post(reverse("me"), told, follow=True).content.decode()
    here.person.refresh_from_db()
    assert here.person.reminders == "weekly" and re.search(r'value="weekly"[^>]* checked', page) and "Spenti:" not in page
    for wrong in ({}, {"reminders": "hourly"}):
        assert client.post(reverse("me"), {"full_name": "Vito", "language": "it", **wrong}).status_code == 422


def test_who_is_not_reminded_is_not_asked(here: World, visit: Callable[..., Client]) -> None:
    """... unless they manage something in another account, for it is one mail for all."""
    person = as_role(here, "front_desk").person
    client = visit(person)
    assert 'name="reminders"' not in client.get(reverse("me")).content.decode()
    client.post(reverse("me"), {"full_name": "Anna", "language": "it", "reminders": "never"})
    person.refresh_from_db()
    assert (person.first_name, person.reminders) == ("Anna", "daily")
    other = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=here.now)
    accounts.add_person(other.account, email=person.email, full_name="", role="manager", now=here.now, by=other.person)
    assert 'name="reminders"' in client.get(reverse("me")).content.decode()


def test_the_language_before_logging_in(client: Client, here: World) -> None:
    assert "Entra" in client.get("/accounts/login/").content.decode()
    client.post(reverse("language"), {"language": "en", "next": "/accounts/login/"})
    assert "Log in" in client.get("/accounts/login/").content.decode()


def test_logging_in_and_out_and_a_second_factor(here: World, client: Client) -> None:
    login = {"login": here.person.email, "password": "una-password-lunga"}
    page = client.post("/accounts/login/", login | {"password": "sbagliata"}).content.decode()
    assert "E-mail o password non giuste" in page
    assert client.post("/accounts/login/", login)["Location"] == "/"
    for address in ("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/password/change/", "/accounts/logout/"):
        page = client.get(address, follow=True).content.decode()
        assert 'class="brand"' in page, address
    again = {"password": "una-password-lunga", "next": "/accounts/2fa/totp/activate/"}
    page = client.post("/accounts/reauthenticate/", again, follow=True).content.decode()
    assert 'class="tabs"' in page and "data:image/svg+xml" in page and "Codice" in page
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_no_secret_of_the_portal_reaches_a_page(here: World, visit: Callable[..., Client]) -> None:
    here.check_in(guest())
    here.engine.round()
    client = visit()
    for name in ("today", "receipts", "settings", "register", "credential_new"):
        page = client.get(reverse(name)).content.decode()
        assert KEYS["password"] not in page and KEYS["wskey"] not in page
