"""Completing a follow-up that lacks a fact, from the alarm to the portal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from locanda.archive.models import Alarm, Segment
from locanda.office import clock, sending
from tests.web.scene import as_role, turn
from tests.world import World, family, guest

pytestmark = pytest.mark.django_db


def blocked(here: World) -> Segment:
    """The head of a family has left; those who stay beyond thirty nights have no document of their own."""
    head, *others = family()
    leaver = {**head, "departure": (here.now.date() + timedelta(days=20)).isoformat()}
    stay = here.check_in(leaver, *others, nights=40)
    sending.send_now(here.delivery(stay), now=here.now, person=here.person)
    here.engine.round()
    here.pass_time(days=30)
    clock.set_demo_clock(here.now + timedelta(seconds=30))
    turn(here)
    return Segment.objects.of(here.account).get(index=1)


def fields(page: str, *, documents: tuple[str, ...]) -> dict[str, str]:
    """What a browser would post back of the sheet, with the documents that were missing."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if re.match(r"g\d+-", told.get("name", "")) and (told.get("type") != "radio" or " checked" in tag):
            found[told["name"]] = told.get("value", "").replace("&#x27;", "'")
    for index, number in enumerate(documents):
        found |= {f"g{index}-doc_type": "IDENT", f"g{index}-doc_number": number, f"g{index}-doc_issued": "MONOPOLI (BA)"}
    return found


def test_from_the_alarm_to_the_portal(here: World, visit: Callable[..., Client]) -> None:
    segment, client = blocked(here), visit()
    there = reverse("complete", args=[segment.pk])
    today = client.get("/").content.decode()
    assert today.count(f'href="{there}"') == 2  # the alarm and the card
    assert "manca un dato" in today and "Prossima schedina, non ancora dovuta" not in today
    page = client.get(there).content.decode()
    assert 'aria-invalid="true"' in page and 'href="#g0-doc_type"' in page  # what lacks is beside its field at once
    assert "D&#x27;AMICO" in page and "LUCA" not in page and "g2-surname" not in page
    half = client.post(there, fields(page, documents=("AX1111111", "")))
    assert half.status_code == 422 and not segment.deliveries.exists()
    assert 'value="AX1111111"' in half.content.decode() and 'href="#g1-doc_number"' in half.content.decode()
    done = client.post(there, fields(page, documents=("AX1111111", "AX2222222")), follow=True)
    assert done.redirect_chain[-1][0] == reverse("segment", args=[segment.pk])
    assert "Completata" in done.content.decode() and "Schedina completata" in done.content.decode()
    assert not Alarm.objects.of(here.account).filter(cleared_at=None, kind="follow_up_blocked").exists()
    turn(here)
    assert [row[:2] for row in here.sim.ledger.rows()[3:]] == ["16", "16"]
    assert client.get(there)["Location"] == reverse("segment", args=[segment.pk])  # nothing to complete any more


def test_a_page_of_before_the_change_is_not_taken(here: World, visit: Callable[..., Client]) -> None:
    segment, client = blocked(here), visit()
    answer = client.post(reverse("complete", args=[segment.pk]), {"g0-surname": "FERRO"}, follow=True)
    assert "Nel frattempo" in answer.content.decode() and not segment.deliveries.exists()


def test_a_reader_is_led_to_look_only(here: World, visit: Callable[..., Client]) -> None:
    segment = blocked(here)
    client = visit(as_role(here, "reader").person)
    page = client.get("/").content.decode()
    assert reverse("complete", args=[segment.pk]) not in page and reverse("segment", args=[segment.pk]) in page
    assert client.get(reverse("complete", args=[segment.pk])).status_code == 403


def test_nothing_to_complete_before_its_day(here: World, visit: Callable[..., Client]) -> None:
    here.check_in(guest(), nights=45)
    segment = Segment.objects.of(here.account).get(index=1)
    answer = visit().get(reverse("complete", args=[segment.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("segment", args=[segment.pk]))
    page = visit().get(answer["Location"]).content.decode()
    assert "Dopo trenta notti" in page
