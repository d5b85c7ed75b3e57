"""Two windows with the same form: the second is told what the first changed, keeps what was typed, and undoes nothing unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

import pytest
from django.test import Client

from locanda.archive.models import Breach, DayState, DutyMark, Guest, PoliceCredential, Property, TaxPayment, YearPrices
from locanda.archive.vault import Vault
from locanda.core.time import ROME
from locanda.office import accounts, breaches, check_in, clock
from locanda.office.tax import explained, operators, payers, payments
from locanda.web import check_in_form
from locanda.web.seen import changed_since, overtaken, seen_now, written_over
from tests.web.page_forms import PageForm, form_of
from tests.web.scene import break_row
from tests.web.tax_scene import an_operator, lived, view_of
from tests.world import World, guest

pytestmark = pytest.mark.django_db
Visit = Callable[..., Client]


class Case(NamedTuple):
    """A page; the form by its action or a field; what each window types; how the second is told; what is kept in the end."""

    page: str
    field: str
    first: dict[str, Any]
    second: dict[str, Any]
    told: str
    kept: Callable[[], Any]
    action: str = ""
    button: str = ""


def fresh(row: Any) -> Any:
    return type(row).everywhere.get(pk=row.pk)


def _property(here: World) -> Case:
    return Case(
        f"/impostazioni/strutture/{here.property.pk}/", "address", {"address": "Via A 1"}, {"beds": "7"},
        "Adesso: Via A 1.",
        lambda: [(one.address, one.beds) for one in [fresh(here.property)]],
    )  # fmt: skip


def _first_property(here: World) -> Case:
    return _property(here)._replace(page="/benvenuto/struttura/")


def _operator_of_property(here: World) -> Case:
    row, at = an_operator(here), f"/impostazioni/strutture/{here.property.pk}/"
    other, _ = operators.save_operator(here.account, {"name": "Bea Verdi"}, now=here.now, by=here.person)
    assert other is not None
    return Case(
        at, "", {"tax-operator": str(row.pk)}, {"tax-operator": str(other.pk)}, "Adesso: Ada Neri.",
        lambda: str(fresh(here.property).operator_id), action=f"{at}imposta/",
    )  # fmt: skip


def _unit(here: World) -> Case:
    unit = accounts.add_unit(here.property, "Camera 1")
    field = f"{unit.pk}-name"
    return Case(
        f"/impostazioni/strutture/{here.property.pk}/", "", {field: "Camera rossa"}, {field: "Camera blu"},
        "Adesso: Camera rossa.", lambda: fresh(unit).name, action=f"/impostazioni/unita/{unit.pk}/",
    )  # fmt: skip


def _credential(here: World) -> Case:
    at = f"/impostazioni/polizia/{here.credential.pk}/"
    return Case(at, "label", {"label": "Questura A"}, {"label": "Questura B"}, "Adesso: Questura A.",
                lambda: fresh(here.credential).label)  # fmt: skip


def _me(here: World) -> Case:
    return Case("/io/", "full_name", {"full_name": "Vito Uno"}, {"full_name": "Vito Due"}, "Adesso: Vito Uno.",
                lambda: type(here.person).objects.get(pk=here.person.pk).first_name)  # fmt: skip


def _operator(here: World) -> Case:
    row = an_operator(here)
    return Case(
        f"/impostazioni/gestori/{row.pk}/", "pec", {"phone": "080 1", "property": [str(here.property.pk)]},
        {"pec": "a@pec.example"},
        "Adesso: Il Trullo.",
        lambda: [operators.read_operator(fresh(row)).get(key) for key in ("phone", "pec")],
    )  # fmt: skip


def _breach(here: World) -> Case:
    row, problems = breaches.record(here.property, "M-500", date(2026, 7, 1), now=here.now, person=here.person)
    assert row is not None, problems
    return Case(
        f"/calendario/violazioni/{row.pk}/", "note", {"enforceable_on": "2026-07-05"}, {"note": "verbale 3"},
        "Adesso: 05/07/2026.", lambda: [(one.enforceable_on, one.note) for one in Breach.objects.of(here.account)],
    )  # fmt: skip


def _prices(here: World) -> Case:
    clock.set_demo_clock(datetime(2026, 9, 3, 10, tzinfo=ROME))
    Property.objects.of(here.account).update(since=date(2020, 1, 1))
    return Case(
        f"/strutture/{here.property.pk}/prezzi/2027/", "services", {"r0-price": "80,00", "services": "colazione"},
        {"r0-price": "90,00", "services": "parcheggio"}, "Prezzi scritti; Servizi.",
        lambda: [(one.rows[0][3], one.services) for one in YearPrices.objects.of(here.account)], button="save",
    )  # fmt: skip


def _day(here: World) -> Case:
    Property.objects.of(here.account).update(since=date(2025, 1, 1), rooms=5, beds=9)
    return Case(
        f"/statistica/{here.property.pk}/2026-07-01/", "reason", {"open": "yes", "rooms": "3"}, {"open": "yes", "rooms": "2"},
        "Adesso: 3.", lambda: [one.rooms for one in DayState.objects.of(here.account)],
    )  # fmt: skip


def _notice(here: World) -> Case:
    lived(here)
    row, problems = payments.prepare(
        here.account, view_of(here, "2026-Q3"), channel="pagopa_notice", now=here.now, person=here.person
    )
    assert row is not None, problems
    TaxPayment.objects.of(here.account).update(reference="", creditor="")
    at = f"/tassa/versamenti/{row.pk}/"
    return Case(
        at, "", {"notice": "301000000000123468", "creditor": "01234567897"}, {"notice": "301000000000123569"},
        "(adesso: 301000000000123468)", lambda: fresh(row).reference, action=f"{at}avviso/",
    )  # fmt: skip


def _agreement(here: World) -> Case:
    house = lived(here)
    one = Guest.objects.of(here.account).filter(party__stay=house.collected).order_by("position")[0]
    at, field = f"/tassa/{house.payer}/2026/confronto/", f"why-{one.pk}"
    (payer,) = (each for each in payers.payers(here.account) if each.operator is not None)
    return Case(
        at, "", {field: "Portale fermo"}, {field: "Inviata a mano"}, "(adesso: Portale fermo)",
        lambda: explained.reasons_of(here.account, payer, 2026), action=f"{at}motivi/",
    )  # fmt: skip


def _flow_settings(here: World) -> Case:
    return Case(
        f"/impostazioni/strutture/{here.property.pk}/statistica/", "code", {"code": "PU1"}, {"code": "PU2"}, "Adesso: PU1.",
        lambda: fresh(here.property).portal_ids,
    )  # fmt: skip


def _draft(here: World) -> Case:
    typed = check_in_form.blank(here.now, "Oste", str(here.property.pk))
    typed.guests[0].update(surname="RUSSO", name="ADA")
    kept = {"id": "S1", "sheet": {"stay": typed.stay, "guests": typed.guests}}
    row = check_in.save_draft(here.property, kept, now=here.now, person=here.person)
    return Case(
        f"/arrivi/bozze/{row.pk}/", "g0-surname", {"g0-surname": "RUSSO ROSSI"}, {"g0-name": "ADA MARIA"},
        "Cognome (adesso: RUSSO ROSSI)",
        lambda: [check_in.draft_of(fresh(row))["sheet"]["guests"][0][name] for name in ("surname", "name")], button="draft",
    )  # fmt: skip


def _correction(here: World) -> Case:
    stay = here.check_in(guest("ROSSI", "ADA"))
    break_row(here.delivery(stay), 0, "BAD—NAME")
    at = f"/schedine/{here.delivery(stay).segment_id}/correggi/"

    def kept() -> Any:
        (one,) = stay.parties.get().guests.all()
        shape = Vault(here.account).party(one.party).open(one.sealed, "guest")
        return [shape["surname"], shape["name"]]

    return Case(at, "g0-surname", {"g0-surname": "ROSSINI"}, {"g0-name": "ADELE"}, "Cognome (adesso: ROSSINI)", kept)


CASES = {
    "property": _property, "first property": _first_property, "who answers": _operator_of_property, "unit": _unit,
    "credential": _credential, "me": _me, "operator": _operator, "breach": _breach, "prices": _prices, "day": _day,
    "notice": _notice, "agreement": _agreement, "flow settings": _flow_settings, "draft": _draft, "correction": _correction,
}  # fmt: skip


def wrong(answer: Any) -> str:
    """What a page says is wrong."""
    page = answer.content.decode()
    return " ".join(page[page.find('role="alert"') :][:1500].split()) if "alert" in page else page[-1500:]


def _send(client: Client, case: Case, form: PageForm, typed: dict[str, Any]) -> Any:
    pressed = {"do": case.button} if case.button else {}
    return client.post(case.action or case.page, {**form.fields, **typed, **pressed})


@pytest.mark.parametrize("name", CASES)
def test_the_second_window_is_told_and_keeps_what_was_typed(here: World, visit: Visit, name: str) -> None:
    case, client = CASES[name](here), visit()
    opened = form_of(client.get(case.page).content.decode(), case.action, field=case.field)
    first = _send(client, case, opened, case.first)
    assert first.status_code in (200, 302), wrong(first)
    before = case.kept()
    late = _send(client, case, opened, case.second)
    page = late.content.decode().replace("&#x27;", "'")
    assert late.status_code == 422 and "Nel frattempo" in page and case.told in page, wrong(late)
    assert case.kept() == before
    again = form_of(page, case.action, field=case.field)
    for field, value in case.second.items():
        assert again.fields[field] == [value]  # what was typed stands there
    assert again.fields["seen"] != opened.fields["seen"]
    assert _send(client, case, again, {}).status_code in (200, 302)
    assert case.kept() != before


@pytest.mark.parametrize("name", CASES)
def test_nobody_is_told_of_what_nobody_changed(here: World, visit: Visit, name: str) -> None:
    case, client = CASES[name](here), visit()
    opened = form_of(client.get(case.page).content.decode(), case.action, field=case.field)
    first = _send(client, case, opened, case.first)
    assert first.status_code in (200, 302), wrong(first)
    twice = _send(client, case, opened, case.first)  # the same once more, by a window that knows nothing of it
    assert "Nel frattempo" not in twice.content.decode()


def test_a_duty_marked_in_two_windows_keeps_what_both_said(here: World, visit: Visit) -> None:
    client = visit()
    page = client.get(f"/strutture/{here.property.pk}/controllo/").content.decode()
    there = page[page.index('action="/calendario/') + 8 :].split('"')[0]
    for number, note in (("PEC 1", "portato io"), ("PEC 2", "spedito da casa"), ("PEC 2", "spedito da casa")):
        assert client.post(there, {"number": number, "note": note}).status_code == 302
    mark = DutyMark.objects.of(here.account).select_related("account").get()
    assert (mark.number, mark.note) == ("PEC 1", "portato io\nspedito da casa")
    assert {proof.name for proof in mark.proofs.select_related("account")} == {"PEC 2"}


def test_a_guest_whom_another_window_added_is_not_written_over(here: World, visit: Visit) -> None:
    """... be it with another one, or with nobody."""
    case, client = CASES["draft"](here), visit()
    opened = form_of(client.get(case.page).content.decode(), field=case.field)
    added = {f"g1-{name}": "" for name in check_in_form.GUEST_FIELDS}
    assert _send(client, case, opened, added | {"g1-surname": "VERDI"}).status_code == 302
    for typed in (added | {"g1-surname": "BIANCHI"}, {"g0-name": "ADA MARIA"}):
        late = _send(client, case, opened, typed)
        assert late.status_code == 422 and "Cognome (adesso: VERDI)" in late.content.decode()
    again = form_of(late.content.decode(), field=case.field)
    assert _send(client, case, again, {}).status_code == 302  # seen, and meant so


def test_a_guest_is_added_to_a_draft_that_another_window_changed(here: World, visit: Visit) -> None:
    """Nothing is stored by it, and a part of a page is drawn from no other answer than a good one: it is told with the rest."""
    case, client = CASES["draft"](here), visit()
    opened = form_of(client.get(case.page).content.decode(), field=case.field)
    _send(client, case, opened, case.first)
    typed = {**opened.fields, **case.second}
    more = client.post(case.page, {**typed, "do": "add"}, headers={"HX-Request": "true"})
    assert more.status_code == 200 and "g1-surname" in more.content.decode()
    page = form_of(more.content.decode(), field="g1-surname")
    assert client.post(case.page, {**page.fields, "do": "draft"}).status_code == 422


def test_secrets_are_told_by_name_and_never_shown(here: World, visit: Visit) -> None:
    at, client = f"/impostazioni/polizia/{here.credential.pk}/", visit()
    opened = form_of(client.get(at).content.decode(), field="label")
    keys = {"user": "BA000002", "password": "un-altra-parola", "wskey": "Zq+/altra=="}
    client.post(at, {**opened.fields, **keys})
    late = client.post(at, {**opened.fields, **keys, "wskey": "Zq+/terza=="})
    page = late.content.decode()
    assert late.status_code == 422 and "WSKEY: Nel frattempo" in page and "altra==" not in page and "desso" not in page
    row = PoliceCredential.objects.of(here.account).get()
    assert Vault(here.account).open(row.sealed_keys, "police keys")["wskey"] == "Zq+/altra=="
    assert client.post(at, {**opened.fields, "label": "Solo il nome"}).status_code == 302  # keys are not written over


def test_the_words_of_what_was_seen() -> None:
    opened = seen_now({"a": 1, "b": [1, 2], "c": None})
    assert changed_since(opened, {"a": 1, "b": [2], "c": None, "new": 1, "asked": "", "none": []}) == ["b", "new"]
    assert changed_since("", {"a": 2}) == [] and "1" not in opened.replace(":1", "").split(":")[0]
    assert written_over(opened, {"a": 2, "b": [3]}, {"a": 2, "b": [4]}) == ["b"]
    assert "A (adesso: 3); B (adesso: vuoto); C." in overtaken([("A", "3"), ("B", ""), ("C", None)])
