"""A form that is sent twice does its work once, and leads where it led the first time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from locanda.archive.models import Breach, DutyProof, Event, FeedAddress
from locanda.office import clock, sent_forms
from tests.web.scene import PNG
from tests.world import World

pytestmark = pytest.mark.django_db

Visit = Callable[..., Client]


def token(client: Client, page: str) -> dict[str, str]:
    """The token of the forms of a page as it was opened now."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(page).content.decode())
    assert found
    return {"csrfmiddlewaretoken": found[1]}


def browser(visit: Visit) -> Client:
    return visit(enforce_csrf_checks=True)


def events(here: World) -> int:
    return Event.objects.of(here.account).count()


def test_each_page_has_a_token_of_its_own(here: World, visit: Visit) -> None:
    client = browser(visit)
    assert token(client, "/io/") != token(client, "/io/")


def test_a_breach_sent_twice_is_one(here: World, visit: Visit) -> None:
    client, at = browser(visit), f"/strutture/{here.property.pk}/violazioni/"
    sanction = client.get(at).context["form"].fields["sanction"].choices[1][0]
    told = {"sanction": sanction, "on": "2026-07-01"} | token(client, at)
    first = client.post(at, told)
    before = events(here)
    again = client.post(at, told)
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"]) == (302, at)
    assert Breach.objects.of(here.account).count() == 1 and events(here) == before
    assert [str(one) for one in client.get(at).context["messages"]] == ["Registrata."]
    client.post(at, told | {"on": "2026-07-02"})  # changed after the way back: another one
    anew = told | token(client, at)  # opened anew and written anew: asked, and meant so
    assert client.post(at, anew).status_code == 422
    client.post(at, anew | {"again": "1"})
    assert Breach.objects.of(here.account).count() == 3


def test_what_is_wrong_is_told_each_time_and_may_be_sent_again(here: World, visit: Visit) -> None:
    client, at = browser(visit), f"/strutture/{here.property.pk}/violazioni/"
    told = {"sanction": "", "on": "2026-07-01"} | token(client, at)
    assert [client.post(at, told).status_code for _ in range(2)] == [422, 422]
    assert not Session.objects.filter(session_key__startswith="form-").exists()


def test_files_tell_forms_apart_and_are_kept_once(here: World, visit: Visit) -> None:
    client = browser(visit)
    at = f"/strutture/{here.property.pk}/controllo/"
    link = re.search(r'action="(/calendario/[^"]+/fatto/)"', client.get(at).content.decode())
    assert link
    told = {"note": "fatto"} | token(client, at)

    def send(content: bytes, name: str = "foto.png") -> Any:
        return client.post(link[1], told | {"files": SimpleUploadedFile(name, content)})

    assert [send(PNG).status_code for _ in range(3)] == [302, 302, 302]
    assert DutyProof.objects.of(here.account).count() == 1
    send(PNG + b"x")
    assert DutyProof.objects.of(here.account).count() == 2


def test_only_the_same_person_is_told_and_nothing_lies_open(here: World, visit: Visit) -> None:
    client, at = browser(visit), "/calendario/indirizzi/"
    told = {"property": ""} | token(client, at)
    client.post(at, told)
    row = Session.objects.get(session_key__startswith="form-")
    assert "calendario" not in row.session_data and told["csrfmiddlewaretoken"] not in row.session_key
    client.post(at, told)
    assert FeedAddress.objects.of(here.account).count() == 1
    sent_forms.forget_old(clock.now() + timedelta(days=2))
    assert not Session.objects.filter(pk=row.pk).exists() and Session.objects.exists()


def test_who_died_at_work_is_not_waited_for(here: World) -> None:
    form, now = "f" * 32, clock.now()
    assert sent_forms.claim(form, now=now) and not sent_forms.claim(form, now=now)
    assert sent_forms.answer_of(form) is None
    assert sent_forms.claim(form, now=now + timedelta(minutes=3))
    sent_forms.answered(form, sent_forms.Answer("/qui/", ((25, "Salvato."),)), now=now)
    assert sent_forms.answer_of(form) == sent_forms.Answer("/qui/", ((25, "Salvato."),))
    assert not sent_forms.claim(form, now=now + timedelta(hours=23))
    assert sent_forms.claim(form, now=now + timedelta(hours=25))
    sent_forms.answered(form, sent_forms.Answer("/qui/", ((40, "No."),), trouble=True), now=now)
    assert not sent_forms.claim(form, now=now + timedelta(seconds=5)) and sent_forms.claim(form, now=now + timedelta(seconds=15))


def test_what_took_long_is_answered_all_the_same(here: World) -> None:
    """Its claim was swept away meanwhile, as that of somebody who died."""
    form, now = "a" * 32, clock.now()
    assert sent_forms.claim(form, now=now)
    assert sent_forms.forget_old(now + timedelta(minutes=3)) == 1
    sent_forms.answered(form, sent_forms.Answer("/qui/"), now=now + timedelta(minutes=4))
    assert not sent_forms.claim(form, now=now + timedelta(minutes=5)) and sent_forms.answer_of(form) == sent_forms.Answer("/qui/")
