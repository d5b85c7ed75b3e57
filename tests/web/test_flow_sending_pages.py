"""The pages of the statistics: how they go, a sending, its outcomes, the corrections by hand; who may see and do what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from locanda.archive.models import FlowCredential, FlowSending, Membership, Property, Stay
from locanda.office import accounts, clock, engine
from locanda.office.statistics import hand_steps, jobs, preparing
from locanda.office.tax import facts
from locanda.portals.ross1000.simulator import Behaviour
from tests.flow_world import CODE, DE, IT, JUNE, PASSWORD, PUGLIA, USER, FlowWorld, flow_world
from tests.web.scene import PNG, as_role
from tests.world import guest

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 6, 2), date(2026, 6, 7)


def _set(here: FlowWorld) -> None:
    clock.set_demo_clock(here.now)
    for made in (engine.couriers, engine.engine, engine.flow_couriers, engine.flow_loop):
        made.cache_clear()


def _turn(here: FlowWorld) -> None:
    """A round of the loop, a little after whatever the pages did just now."""
    here.later(minutes=1)
    here.loop.round()


@pytest.fixture
def here(db: None) -> Iterator[FlowWorld]:
    cache.clear()
    with flow_world() as made:
        made.arrive(3, guest("ROSSI", "ADA", "head_of_family", **IT), guest("ROSSI", "UGO", "family_member", **IT), nights=3)
        made.at(8, 9)
        made.declare(FIRST, LAST)
        _set(made)
        yield made
        clock._offset = None


@pytest.fixture
def puglia(db: None) -> Iterator[FlowWorld]:
    cache.clear()
    with flow_world(PUGLIA) as made:
        Property.objects.of(made.account).update(portal_ids={}, flow_credential=None, since=date(2020, 1, 1))
        made.arrive(3, guest("NERI", "IDA", **DE), nights=3)
        made.at(date(2026, 7, 1), 9)
        made.declare(*JUNE)
        _set(made)
        yield made
        clock._offset = None


def visit(here: FlowWorld, role: str = "owner") -> Client:
    person = here.world.person if role == "owner" else as_role(here.world, role).person
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status
    return answer.content.decode()


def post(client: Client, name: str, *args: object, status: int = 302, **data: object) -> str:
    answer = client.post(reverse(name, args=args), data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def ready(here: FlowWorld, first: date = FIRST, last: date = LAST) -> FlowSending:
    told = here.prepare(first, last, send=False)
    assert told.sendings, [one.render() for one in told.problems]
    return told.sendings[0]


# ------------------------------------------------------------------------------------------------------------------ settings


def test_settings_say_what_is_done_where_and_why(here: FlowWorld) -> None:
    text = page(visit(here), "property_flows", here.property.pk)
    assert "ROSS1000" in text and "24 ore" in text and CODE in text and "D.G.R. 10/20" in text
    Property.objects.of(here.account).update(portal_ids={})
    assert "Non è scritto il codice" in page(visit(here), "property_flows", here.property.pk)


def test_settings_are_kept_and_judged(here: FlowWorld) -> None:
    client, key = visit(here), here.property.pk
    post(client, "property_flows", key, code="  AB123 ", format="ross1000", credential=str(here.credential.pk), auto="on")
    row = here.fresh(here.property)
    assert (row.portal_ids, row.flow_format, row.flow_auto) == ({"ross1000": "AB123"}, "", True)
    text = post(client, "property_flows", key, code="AB 123", format="ross1000", credential="", status=422)
    assert "senza spazi" in text
    text = post(client, "property_flows", key, code="AB123", format="ross1000", credential="", auto="on", status=422)
    assert "serve un utente" in text
    post(client, "property_flows", key, code="AB123", format="c59")
    row = here.fresh(here.property)
    assert row.flow_format == "c59" and row.portal_ids == {"ross1000": "AB123"}


def test_a_user_is_written_tried_and_never_shown(here: FlowWorld) -> None:
    client = visit(here)
    Property.objects.of(here.account).update(flow_credential=None)
    post(client, "flow_credential_new", here.property.pk, label="", user=USER, password=PASSWORD)
    row = FlowCredential.objects.of(here.account).exclude(pk=here.credential.pk).get()
    assert (bool(row.label), row.portal, row.tested_ok) == (True, "ROSS1000-SA", True)
    assert here.fresh(here.property).flow_credential == row
    text = page(client, "flow_credential", row.pk)
    assert PASSWORD not in text and USER not in text and "Funzionano" in text
    text = post(client, "flow_credential", row.pk, label="x", user="a", password="", status=422)
    assert "Serve per entrare" in text
    post(client, "flow_credential", row.pk, label="x", user=USER, password="sbagliata")
    row.refresh_from_db()
    assert row.tested_ok is False
    post(client, "flow_credential_try", row.pk)
    assert not here.guests()


@pytest.mark.parametrize("role", ["front_desk", "reader"])
def test_settings_are_for_managers(here: FlowWorld, role: str) -> None:
    client = visit(here, role)
    for name, key in (("property_flows", here.property.pk), ("flow_credential", here.credential.pk)):
        page(client, name, key, status=403)
    assert client.post(reverse("flow_credential_try", args=[here.credential.pk])).status_code == 403


# ----------------------------------------------------------------------------------------------------------------- a sending


def test_a_sending_goes_when_it_is_said(here: FlowWorld) -> None:
    client, row = visit(here), ready(here)
    text = page(client, "flow_sending", row.pk)
    assert "Pronto" in text and "Invia adesso" in text and "dal 2 giugno 2026 al 7 giugno 2026" in text and "ROSSI" not in text
    post(client, "flow_send", row.pk)
    _turn(here)
    text = page(client, "flow_sending", row.pk)
    assert "Accettato dal portale" in text and "il portale ha accettato ogni ospite" in text and "Invia adesso" not in text


def test_records_refused_lead_to_their_arrival(here: FlowWorld) -> None:
    client = visit(here)
    here.portal.behaviour = Behaviour(future_refused=True)
    row = ready(here)
    preparing.send_now(row, now=here.now, person=None)
    here.portal.clock.set(here.now.replace(day=1))
    here.loop.round()
    text = page(client, "flow_sending", row.pk)
    stay = Stay.objects.of(here.account).get()
    assert "Rifiutato dal portale" in text and "Data futura" in text and reverse("stay", args=[stay.pk]) in text
    assert "ospite 2 di 2" in text and "ROSSI" not in text
    here.portal.behaviour = Behaviour()
    post(client, "flow_again", row.pk)
    fresh = FlowSending.objects.of(here.account).order_by("created_at").last()
    _turn(here)
    assert here.sending(fresh).state == "accepted"


def test_what_keeps_days_from_being_made_ready_is_listed_with_its_arrival(here: FlowWorld) -> None:
    client, row = visit(here), ready(here)
    Stay.objects.of(here.account).update(sealed_facts=None)
    stay = here.arrive(5, guest("NUOVA", "IDA"), nights=1)
    here.at(8, 10)
    _set(here)
    text = post(client, "flow_again", row.pk, status=422)
    assert "Non si può ancora preparare" in text and reverse("stay", args=[stay.pk]) in text
    assert here.sending(row).state == "ready"


def test_in_doubt_a_person_may_send_again_or_say_what_they_saw(here: FlowWorld) -> None:
    client, row = visit(here), ready(here)
    preparing.send_now(row, now=here.now, person=None)
    for _ in range(3):
        here.portal.faults.next("no_outcome")
        here.loop.round()
        here.later(hours=2)
    _set(here)
    text = page(client, "flow_sending", row.pk)
    assert "Risposta non arrivata" in text and "È tutto lì, giusto" in text and "Invia di nuovo" in text
    post(client, "flow_found", row.pk, there="yes")
    assert (here.sending(row).state, here.sending(row).evidence) == ("accepted", "operator")
    post(client, "flow_found", row.pk, there="no", status=422)


def test_what_was_done_by_hand_is_said(here: FlowWorld) -> None:
    client, row = visit(here), ready(here)
    post(client, "flow_confirm", row.pk, protocol="n. 12")
    assert (here.sending(row).state, here.sending(row).protocol) == ("confirmed", "n. 12")


def test_a_sending_without_user_leads_to_the_settings(here: FlowWorld) -> None:
    Property.objects.of(here.account).update(flow_credential=None)
    row = ready(here)
    assert reverse("property_flows", args=[here.property.pk]) in page(visit(here), "flow_sending", row.pk)
    text = post(visit(here), "flow_send", row.pk, status=422)
    assert "Mancano utente e password" in text


def test_a_sending_that_was_changed_asks_to_be_made_anew(here: FlowWorld) -> None:
    client, row = visit(here), ready(here)
    facts.change(Stay.objects.of(here.account).get(), {}, {0: {"tourism": "seaside"}}, now=here.now, person=None)
    assert "qualcosa in questi giorni è cambiato" in page(client, "flow_sending", row.pk)
    post(client, "flow_again", row.pk)
    assert here.sending(row).state == "withdrawn"
    assert "un invio più recente" in page(client, "flow_sending", row.pk)


# -------------------------------------------------------------------------------------------------------------------- a file


def test_a_file_is_taken_uploaded_and_confirmed_with_proof(puglia: FlowWorld) -> None:
    client, row = visit(puglia), ready(puglia, *JUNE)
    text = page(client, "flow_sending", row.pk)
    assert "Scarica il file" in text and "Scrivi com" in text
    answer = client.post(reverse("flow_take", args=[row.pk]), follow=True)
    assert answer.content.startswith(b"<?xml") and "20260601_20260630.xml" in answer["Content-Disposition"]
    assert puglia.sending(row).state == "handed_over"
    wrong = SimpleUploadedFile("a.txt", b"ciao")
    post(client, "flow_confirm", row.pk, status=422, protocol="x", proof=wrong)
    good = SimpleUploadedFile("esito.png", PNG)
    post(client, "flow_confirm", row.pk, protocol="esito positivo", proof=good)
    assert puglia.sending(row).state == "confirmed"
    text = page(client, "flow_sending", row.pk)
    assert "esito positivo" in text and reverse("flow_proof", args=[row.pk]) in text
    kept = client.get(reverse("flow_proof", args=[row.pk]))
    assert kept.content == PNG and kept["Content-Type"] == "image/png"


def test_a_refusal_needs_its_reason(puglia: FlowWorld) -> None:
    client, row = visit(puglia), ready(puglia, *JUNE)
    post(client, "flow_refuse", row.pk, reason=" ", status=422)
    post(client, "flow_refuse", row.pk, reason="Giorno 3: codice ripetuto")
    text = page(client, "flow_sending", row.pk)
    assert "Non accettato" in text and "codice ripetuto" in text
    post(client, "flow_again", row.pk)
    assert FlowSending.objects.of(puglia.account).filter(state="ready").count() == 1


def test_corrections_are_ticked_off_one_by_one(puglia: FlowWorld) -> None:
    client, row = visit(puglia), ready(puglia, *JUNE)
    post(client, "flow_confirm", row.pk)
    stay = Stay.objects.of(puglia.account).get()
    Stay.objects.of(puglia.account).update(departure=None, departure_day=date(2026, 6, 9), nights=6)
    steps = ready(puglia, *JUNE)
    text = page(client, "flow_sending", steps.pk)
    assert "Da correggere sul portale" in text and reverse("stay", args=[stay.pk]) in text
    listed = hand_steps.steps_of(puglia.sending(steps))
    assert len(re.findall(r'<button class="button small" name="done" value="yes"', text)) == len(listed)
    post(client, "flow_steps_done", steps.pk, status=422)
    for place in range(len(listed)):
        post(client, "flow_step", steps.pk, place, done="yes")
    post(client, "flow_step", steps.pk, 0, done="no")
    post(client, "flow_step", steps.pk, 0, done="yes")
    assert "Tutte fatte" in page(client, "flow_sending", steps.pk)
    post(client, "flow_steps_done", steps.pk)
    assert puglia.sending(steps).state == "confirmed" and "Corretto sul portale" in page(client, "flow_sending", steps.pk)


def test_a_month_that_is_closed_has_no_file_any_more(puglia: FlowWorld) -> None:
    client, row = visit(puglia), ready(puglia, *JUNE)
    post(client, "flow_confirm", row.pk)
    FlowSending.objects.of(puglia.account).update(sealed_file=None, sealed_outcomes=None)
    text = page(client, "flow_sending", row.pk)
    assert reverse("flow_file", args=[row.pk]) not in text
    page(client, "flow_file", row.pk, status=404)
    page(client, "flow_proof", row.pk, status=404)


# ------------------------------------------------------------------------------------------------------------------ who sees


def test_a_reader_sees_and_does_nothing(here: FlowWorld) -> None:
    row = ready(here)
    client = visit(here, "reader")
    text = page(client, "flow_sending", row.pk)
    assert "Pronto" in text and "/statistica/invii/" not in "".join(re.findall(r'action="[^"]*"', text))
    for name in ("flow_send", "flow_take", "flow_confirm", "flow_refuse", "flow_withdraw", "flow_again", "flow_found"):
        assert client.post(reverse(name, args=[row.pk])).status_code == 403
    assert here.sending(row).state == "ready"


def test_nobody_sees_a_sending_of_another_property_or_account(here: FlowWorld) -> None:
    row = ready(here)
    member = as_role(here.world, "front_desk")
    other = here.another("Seconda", "X00002")
    member.properties.set([other])
    client = Client()
    client.force_login(member.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in ("flow_sending", "flow_file"):
        page(client, name, row.pk, status=404)
    stranger = accounts.open_account("Altri", email="b@example.org", password="una-password-lunga", full_name="B", now=here.now)
    assert stranger.role == Membership.Role.OWNER
    client.force_login(stranger.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in ("flow_sending", "flow_file", "flow_proof"):
        page(client, name, row.pk, status=404)
    page(client, "flow_credential", here.credential.pk, status=404)


def test_alarms_lead_to_the_sending_and_to_the_user(here: FlowWorld) -> None:
    client, row = visit(here), ready(here)
    here.portal.accounts.clear()
    preparing.send_now(row, now=here.now, person=None)
    here.loop.round()
    text = page(client, "today")
    assert "non accetta l'utente" in text.replace("&#x27;", "'") and reverse("flow_credential", args=[here.credential.pk]) in text




def test_an_alarm_about_a_month_leads_to_it(here: FlowWorld) -> None:
    preparing.send_now(ready(here), now=here.now, person=None)
    here.loop.round()
    facts.change(Stay.objects.of(here.account).get(), {}, {0: {"tourism": "seaside"}}, now=here.now, person=None)
    jobs.look_for_changes(here.now)
    text = page(visit(here), "today")
    assert f"/statistica/{here.property.pk}/2026-06/" in text and "Statistica da correggere" in text


def test_what_passed_in_part_may_be_put_right_on_the_portal(here: FlowWorld) -> None:
    client, row = visit(here), ready(here)
    FlowSending.objects.of(here.account).filter(pk=row.pk).update(state="partly_accepted", refused=1)
    assert "È tutto lì, giusto" in page(client, "flow_sending", row.pk)
    post(client, "flow_found", row.pk, there="yes")
    assert here.words(FIRST, LAST) == ["confirmed"] * 6
