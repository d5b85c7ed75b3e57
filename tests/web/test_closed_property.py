"""A property that takes guests no longer: closed by a manager, never over an open schedina, and reopened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from locanda.archive.models import Event, Stay
from locanda.office import check_in, clock, sending, staying
from tests.web.scene import as_role, turn
from tests.web.test_check_in import sheet
from tests.world import World, guest

pytestmark = pytest.mark.django_db


def close(here: World, client: Client) -> str:
    page = client.post(reverse("property_close", args=[here.property.pk]), follow=True).content.decode()
    here.property.refresh_from_db()
    return page


def send(here: World, stay: Stay) -> None:
    sending.send_now(here.delivery(stay), now=here.now, person=here.person)
    here.engine.round()


def test_not_while_a_schedina_is_open(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    stay = here.check_in(guest())
    assert "schedine ancora aperte: 1" in close(here, client) and here.property.closed_at is None
    send(here, stay)
    assert "Struttura chiusa" in close(here, client) and here.property.closed_at is not None
    assert Event.objects.of(here.account).filter(kind="property.closed").count() == 1
    close(here, client)  # a second tap changes nothing
    assert Event.objects.of(here.account).filter(kind="property.closed").count() == 1


def test_not_while_a_follow_up_is_to_come(here: World, visit: Callable[..., Client]) -> None:
    stay = here.check_in(guest(), nights=45)
    send(here, stay)
    assert "schedine ancora aperte: 1" in close(here, visit())
    staying.leave_early(stay, here.now.date() + timedelta(days=9), now=here.now, person=here.person)
    close(here, visit())
    assert here.property.closed_at is not None


def test_nobody_is_checked_into_it_by_any_door(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    stay = here.check_in(guest("PRIMA", "ADA"), nights=2)
    send(here, stay)
    close(here, client)
    page = client.get(reverse("check_in")).content.decode()
    assert str(here.property.pk) not in page and "Prima serve una struttura" in page
    answer = client.post(reverse("check_in"), sheet(here))
    assert answer.status_code == 422 and "Non hai scelto la struttura" in answer.content.decode()
    outcome = check_in.check_in(
        here.property, here.shape(guest()), now=here.now, person=here.person,
        identified=check_in.Identified("in_person", "Oste", here.now),
    )  # fmt: skip
    assert outcome.stay is None and [problem.code for problem in outcome.problems] == ["property.closed"]
    stay.refresh_from_db()
    longer = staying.extend(stay, here.now.date() + timedelta(days=6), now=here.now, person=here.person)
    assert [problem.code for problem in longer] == ["property.closed"]
    assert Stay.objects.of(here.account).filter(status="checked_in").count() == 1


def test_its_receipt_still_comes(here: World, visit: Callable[..., Client]) -> None:
    send(here, here.check_in(guest()))
    close(here, visit())
    here.pass_time(days=1)
    clock.set_demo_clock(here.now + timedelta(seconds=30))
    turn(here)
    assert Event.objects.of(here.account).filter(kind="receipt.kept").exists()


def test_it_is_reopened(here: World, visit: Callable[..., Client]) -> None:
    client = visit(as_role(here, "manager").person)
    close(here, client)
    assert "chiusa" in client.get(reverse("settings")).content.decode()
    page = client.post(reverse("property_reopen", args=[here.property.pk]), follow=True).content.decode()
    here.property.refresh_from_db()
    assert here.property.closed_at is None and "Struttura riaperta" in page
    client.post(reverse("property_reopen", args=[here.property.pk]))
    assert Event.objects.of(here.account).filter(kind="property.reopened").count() == 1
    assert client.post(reverse("check_in"), sheet(here)).status_code == 302


def test_only_a_manager_closes(here: World, visit: Callable[..., Client]) -> None:
    client = visit(as_role(here, "front_desk").person)
    for name in ("property_close", "property_reopen"):
        assert client.post(reverse(name, args=[here.property.pk])).status_code == 403
    here.property.refresh_from_db()
    assert here.property.closed_at is None
