"""Withdrawing consent: a remembered guest is found by the document and forgotten for good."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from locanda.archive import chain
from locanda.archive.models import Event, RememberedGuest
from locanda.office import accounts, check_in, remembering
from tests.web.scene import as_role
from tests.world import World, guest

pytestmark = pytest.mark.django_db

ADA = guest("BIANCHI", "ADA", document={"type": "IDENT", "number": "CA12345AA", "issued_in": "MONOPOLI (BA)"})


def remember(here: World, shape: dict[str, object] = ADA) -> None:
    remembering.remember(here.account, shape, how="signed_paper", now=here.now, person=here.person)


def test_forgetting_is_for_good_and_its_event_says_nothing_of_the_guest(here: World) -> None:
    remember(here)
    remember(here, guest("VERDI", "UGO"))
    assert remembering.remembered_count(here.account) == 2
    assert check_in.forget(here.account, "ca 12345 aa", now=here.now, person=here.person)  # as people type it
    assert check_in.recall(here.account, "CA12345AA") is None and remembering.remembered_count(here.account) == 1
    event = Event.objects.of(here.account).get(kind="guest.forgotten")
    assert (event.data, event.subject, event.actor) == ({}, "", str(here.person.pk))
    assert event.sealed is None and event.party is None
    assert list(chain.verify(here.account)) == []
    assert not check_in.forget(here.account, "CA12345AA", now=here.now, person=here.person)
    assert Event.objects.of(here.account).filter(kind="guest.forgotten").count() == 1


def test_another_account_forgets_only_its_own(here: World) -> None:
    remember(here)
    other = accounts.open_account("Altri", email="b@example.org", password="x" * 12, full_name="B", now=here.now)
    assert not check_in.forget(other.account, "CA12345AA", now=here.now, person=other.person)
    assert RememberedGuest.objects.of(here.account).count() == 1 and remembering.remembered_count(other.account) == 0


def test_found_and_forgotten_on_the_page(here: World, visit: Callable[..., Client]) -> None:
    remember(here)
    client, there = visit(as_role(here, "front_desk").person), reverse("remembered")
    assert "BIANCHI" not in client.get(there).content.decode()
    found = client.post(there, {"number": "CA12345AA", "do": "find"}).content.decode()
    assert "BIANCHI ADA" in found and "ha firmato un foglio" in found and RememberedGuest.objects.of(here.account).exists()
    answer = client.post(there, {"number": "CA12345AA", "do": "forget"}, follow=True)
    assert answer.redirect_chain == [(there, 302)]  # nothing personal in an address
    page = answer.content.decode()
    assert "Dimenticato" in page and "BIANCHI" not in page and "CA12345AA" not in page
    assert not RememberedGuest.objects.of(here.account).exists()


@pytest.mark.parametrize("do", ["find", "forget"])
def test_nobody_under_that_number(here: World, visit: Callable[..., Client], do: str) -> None:
    remember(here)
    for number in ("XX00000XX", ""):
        page = visit().post(reverse("remembered"), {"number": number, "do": do}).content.decode()
        assert "Nessun ospite ricordato" in page and 'aria-invalid="true"' in page
    assert RememberedGuest.objects.of(here.account).count() == 1


def test_a_reader_neither_looks_up_nor_forgets(here: World, visit: Callable[..., Client]) -> None:
    remember(here)
    client = visit(as_role(here, "reader").person)
    assert client.get(reverse("remembered")).status_code == 403
    assert client.post(reverse("remembered"), {"number": "CA12345AA", "do": "forget"}).status_code == 403
    assert reverse("remembered") not in client.get(reverse("settings")).content.decode()
    assert RememberedGuest.objects.of(here.account).count() == 1
