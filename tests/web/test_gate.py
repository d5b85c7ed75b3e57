"""Every address of the pages, walked: nobody in without logging in, nobody across accounts, no reader who writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from locanda.archive.models import Event, FlowSending, Installation, Membership, Property, SendingDay, Stay, Unit
from locanda.archive.vault import Vault
from locanda.office import (
    accounts,
    breaches,
    duty_marks,
    feeds,
    invitations,
    overrides,
)  # fmt: skip
from locanda.office.statistics import credentials as flow_users
from locanda.office.statistics import openings
from locanda.office.tax import collected_papers, declarations, ledger, payers, payments, receipts, refusals, rules
from locanda.web import urls
from tests.web.scene import PNG, as_role, full, prepared
from tests.web.tax_scene import an_operator, at, view_of
from tests.world import World

pytestmark = pytest.mark.django_db

_RECEIPT = duty_marks.File("ricevuta.png", PNG)
OPEN = {"language", "lost_password", "first_owner", "feed"}  # before anybody is logged in
OWN = {"me", "language", "switch_account", "invitations", "invitation"}  # a reader's own name, language, accounts
SPANS = {"flow_month", "flow_day", "flow_year", "place"}
PATTERNS = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern) and pattern.name]


def keys_of(pattern: URLPattern) -> list[str]:
    return list(pattern.pattern.converters)


def names_of(pattern: URLPattern) -> list[str]:
    """The keys that name a row of somebody's; months, days and years are everybody's."""
    return [key for key in keys_of(pattern) if key not in SPANS]


def address(pattern: URLPattern, values: dict[str, Any]) -> str:
    return reverse(pattern.name, kwargs={key: values[key] for key in keys_of(pattern)})


def objects(made: World, stays: dict[str, Any]) -> dict[str, Any]:
    """An id of each kind that an address may carry, all of this account."""
    receipt_day = SendingDay.objects.of(made.account).exclude(receipt=None).get()
    unit = Unit.objects.of(made.account).first() or accounts.add_unit(made.property, "Ulivo")
    other = Membership.objects.of(made.account).exclude(person=made.person).first() or as_role(made, "manager", "m@example.org")
    return {
        "draft": stays["draft"].pk, "stay": stays["waiting"].pk, "segment": stays["waiting"].parties.get().segments.get().pk,
        "receipt": receipt_day.receipt.pk, "day": receipt_day.pk, "property": made.property.pk, "unit": unit.pk,
        "credential": made.credential.pk, "member": other.pk, **duty_objects(made), **tax_objects(made),
        **stay_tax_objects(made, stays), **flow_objects(made), **flow_sending_objects(made),
        "ready": prepared(made),  # at the hour that it is now: it lasts a day
    }  # fmt: skip


def duty_objects(made: World) -> dict[str, Any]:
    """Whatever the pages about duties address."""
    by = {"now": made.now, "person": made.person}
    mark, _ = duty_marks.mark_done(made.property, "MO-IDS-04", "period:2026-Q2", files=[duty_marks.File("a.png", PNG)], **by)
    event, _ = duty_marks.record_event(made.property, "price_change", {"on": "2026-07-20"}, **by)
    rule, _ = overrides.add(made.account, made.property, "obligation", "MO-IDS-05", {}, off=True, note="prova", **by)
    feeds.new_address(made.account, made.property, **by)
    breach, _ = breaches.record(made.property, "N-SIC", date(2026, 5, 1), **by)
    assert mark is not None and event is not None and rule is not None and breach is not None
    asked = accounts.open_account("Chi", email="chi@example.org", password="x" * 12, full_name="Lea", now=made.now).person
    told = {"full_name": "", "role": "reader", "properties": [], "password": "x" * 12}
    came = invitations.let_in(made.account, email=asked.email, now=made.now, by=made.person, **told)
    assert came.invitation is not None
    return {
        "obligation": mark.obligation, "subject": mark.subject, "mark": mark.pk, "proof": mark.proofs.get().pk, "event": event.pk,
        "rule": rule.pk, "feed": feeds.addresses(made.account)[0].pk, "secret": "nulla", "format": "pdf",
        "kind": "credentials", "breach": breach.pk, "invitation": came.invitation.pk,
    }  # fmt: skip


def flow_objects(made: World) -> dict[str, Any]:
    """Whatever the pages about the visitor statistics address."""
    event, problems = openings.add(
        made.property, date(2026, 11, 2), date(2026, 11, 9), now=made.now, person=made.person
    )
    assert event is not None, problems
    return {"flow_month": "2026-07", "flow_day": "2026-07-10", "flow_year": "2026", "closure": event.pk}


def tax_objects(made: World) -> dict[str, Any]:
    """Whatever the pages about the tax of a comune address: a quarter that is over and owed, its payment."""
    at(made, 2026, 10, 5, 9)
    Property.objects.of(made.account).filter(pk=made.property.pk).update(operator=an_operator(made))
    ledger.settle_due(made.now)
    payment, problems = payments.prepare(
        made.account, view_of(made, "2026-Q3"), channel="transfer", now=made.now, person=made.person
    )
    assert payment is not None, problems
    payments.paid(payment, paid_on=made.now.date(), now=made.now, person=made.person, reference="CRO 1", file=_RECEIPT)
    own, problems = rules.add(
        made.account, "072030", "rate", {"rates": [{"fixed": "3.00"}]}, note="Delibera", now=made.now, person=made.person,
        property=made.property,
    )  # fmt: skip
    assert own is not None, problems
    (payer,) = (one for one in payers.payers(made.account) if one.operator is not None)
    paper, problems = declarations.prepare(made.account, payer, "presence_summary", 2026, now=made.now, person=made.person)
    assert paper is not None, problems
    return {
        "payer": payer.key, "period": "2026-Q3", "payment": payment.pk, "year": "2026", "tax_form": "modello_2",
        "declaration": paper.pk, "own_rule": own.pk, "way": "desk",
    }  # fmt: skip


def stay_tax_objects(made: World, stays: dict[str, Any]) -> dict[str, Any]:
    """Whatever the pages about the tax of a stay address: a receipt, a refusal, a signed paper, who answers."""
    by = {"now": made.now, "person": made.person}

    def fresh(name: str) -> Stay:
        return Stay.objects.of(made.account).select_related("property__operator", "account").get(pk=stays[name].pk)

    receipt, problems = receipts.issue(fresh("waiting"), method="cash", **by)
    assert receipt is not None, problems
    named = {"surname": "GRECO", "name": "PAOLO"}
    refusal, problems = refusals.record(fresh("by_hand"), "modello_4", named, signed_at=made.now, **by)
    assert refusal is not None, problems
    file = duty_marks.File("firmato.png", PNG)
    stay = fresh("by_hand")
    paper, problems = collected_papers.hold(
        stay, "modello_4", guest=None, signed_on=made.now.date(), file=file, refusal=refusal, **by
    )
    assert paper is not None, problems
    return {
        "tax_receipt": receipt.pk, "refusal": refusal.pk, "tax_paper": paper.pk, "operator": stay.property.operator_id,
        "form": "modello_4", "lang": "it",
    }  # fmt: skip


def flow_sending_objects(made: World) -> dict[str, Any]:
    """A user of a statistics service, and a month made ready."""
    by = {"now": made.now, "by": made.person}
    keys = {"user": "u", "password": "p"}
    user = flow_users.save(made.account, label="Flussi", portal="DMS", keys=keys, endpoint=made.sim.url, **by)
    Property.objects.of(made.account).filter(pk=made.property.pk).update(flow_credential=user)
    row = FlowSending(
        account=made.account, property=made.property, portal="DMS", format="spot", format_version="0.6", mode="FILE",
        first=date(2026, 6, 1), last=date(2026, 6, 30), days=30, sha256="0" * 64, size=0, created_at=made.now,
        sealed_file=Vault(made.account).seal_bytes(b"<movimenti/>", "flow file"),
    )  # fmt: skip
    row.save()
    return {"flow_user": user.pk, "sending": row.pk, "place": 0}


@pytest.fixture
def house(here: World) -> Iterator[tuple[World, dict[str, Any]]]:
    yield here, objects(here, full(here))


def test_there_is_something_to_walk() -> None:
    assert len(PATTERNS) > 35
    assert {key for pattern in PATTERNS for key in keys_of(pattern)} == {
        "draft", "stay", "segment", "receipt", "day", "property", "unit", "credential", "member", "obligation", "subject", "mark",
        "proof", "event", "rule", "feed", "secret", "ready", "format", "kind", "breach", "invitation", "payer", "period",
        "payment", "tax_receipt", "refusal", "tax_paper", "operator", "form", "lang", "year", "tax_form", "declaration",
        "own_rule", "way", "flow_month", "flow_day", "flow_year", "closure", "flow_user", "sending",
        "place",
    }  # fmt: skip


def test_nobody_comes_in_without_logging_in(house: tuple[World, dict[str, Any]], client: Client) -> None:
    _, values = house
    for pattern in PATTERNS:
        if pattern.name in OPEN:
            continue
        for answer in (client.get(address(pattern, values)), client.post(address(pattern, values))):
            if answer.status_code == 405:  # that method does not exist there: nothing is shown or done
                continue
            assert answer.status_code == 302, pattern.name
            assert answer["Location"].startswith("/accounts/login/"), pattern.name


def test_what_is_another_accounts_is_not_there(house: tuple[World, dict[str, Any]], visit: Callable[..., Client]) -> None:
    made, values = house
    stranger = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=made.now)
    client = visit(stranger.person)
    events = Event.objects.of(made.account).count()
    walked = 0
    for pattern in PATTERNS:
        if not names_of(pattern):
            continue
        for answer in (client.get(address(pattern, values)), client.post(address(pattern, values))):
            assert answer.status_code in (404, 405), (pattern.name, answer.status_code)
            walked += answer.status_code == 404
    assert walked > 25
    assert Event.objects.of(made.account).count() == events


def test_an_id_that_never_was_is_not_there(house: tuple[World, dict[str, Any]], visit: Callable[..., Client]) -> None:
    _, values = house
    client = visit()
    for pattern in PATTERNS:
        if names_of(pattern):
            for answer in (
                client.get(address(pattern, {k: values[k] if k in SPANS else uuid4() for k in values})),
                client.post(address(pattern, {k: values[k] if k in SPANS else uuid4() for k in values})),
            ):
                assert answer.status_code in (404, 405), pattern.name


def test_a_reader_looks_and_changes_nothing(house: tuple[World, dict[str, Any]], visit: Callable[..., Client]) -> None:
    made, values = house
    client = visit(as_role(made, "reader").person)
    events = Event.objects.of(made.account).count()
    refused = 0
    for pattern in PATTERNS:
        if pattern.name in OWN | OPEN:
            continue
        answer = client.post(address(pattern, values))
        # a page that has no POST of its own shows what it shows, or refuses the method
        assert answer.status_code in (403, 405), (pattern.name, answer.status_code)
        refused += answer.status_code == 403
    assert refused > 25
    assert Event.objects.of(made.account).count() == events
    for name in ("today", "receipts", "settings", "tables", "me"):
        assert client.get(reverse(name)).status_code == 200
    for name in ("check_in", "people", "register", "property_new"):
        assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("front_desk", ["check_in", "drafts", "today"], ["people", "property_new", "credential_new", "register"]),
        ("manager", ["check_in", "property_new", "credential_new", "register"], ["people"]),
        ("owner", ["check_in", "property_new", "people"], []),
    ],
)
def test_each_role_opens_its_doors(
    here: World, visit: Callable[..., Client], role: str, may: list[str], may_not: list[str]
) -> None:
    client = visit(as_role(here, role).person)
    assert {name: client.get(reverse(name)).status_code for name in may} == dict.fromkeys(may, 200)
    assert {name: client.get(reverse(name)).status_code for name in may_not} == dict.fromkeys(may_not, 403)


def test_someone_kept_to_one_property_sees_nothing_of_the_others(
    house: tuple[World, dict[str, Any]], visit: Callable[..., Client]
) -> None:
    made, values = house
    elsewhere = accounts.add_property(
        made.account, {"name": "Altrove", "type": "bb", "comune": "416072030"}, now=made.now, by=made.person
    )
    member = as_role(made, "manager", "uno@example.org")
    member.properties.set([elsewhere])
    client = visit(member.person)
    page = client.get("/").content.decode()
    assert "Il Trullo" not in page and "GRECO" not in page
    assert "Altrove" in client.get(reverse("check_in")).content.decode()
    for pattern in PATTERNS:
        if names_of(pattern):
            answer = client.get(address(pattern, values))
            assert answer.status_code in (403, 404, 405), (pattern.name, answer.status_code)
    assert client.get(reverse("receipts")).content.decode().count("ricevute/") == 0  # no receipt, and no tab for them
    for pattern in PATTERNS:  # pages without an id in their address: the first steps, settings, calendars, lists
        if not names_of(pattern):
            answer = client.get(address(pattern, values), follow=True)
            assert "Il Trullo" not in answer.content.decode().replace("Il Trullo di prova", ""), pattern.name


def test_who_is_kept_to_some_properties_adds_and_changes_none_of_the_others(here: World, visit: Callable[..., Client]) -> None:
    second = {"name": "Altrove", "type": "bb", "comune": "416072030"}
    elsewhere = accounts.add_property(here.account, second, now=here.now, by=None)
    member = as_role(here, "manager")
    member.properties.set([elsewhere])
    client = visit(member.person)
    told = {"name": "Rubata", "type": "bb", "comune": "BARI (BA)", "business": "no"}
    client.post(reverse("first_property"), told)
    client.post(reverse("first_police"), {"status": "none"})
    here.property.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (here.property.name, here.property.credential) == ("Il Trullo", here.credential)
    assert elsewhere.name == "Rubata"  # the first of their own
    assert client.post(reverse("property_new"), told | {"credential": ""}).status_code == 403
    assert client.post(reverse("credential_new"), {"status": "none"}).status_code == 403
    page = client.get(reverse("settings")).content.decode()
    assert reverse("property_new") not in page and reverse("credential_new") not in page
    assert Property.objects.of(here.account).count() == 2


@pytest.mark.django_db(transaction=True)  # the event of their coming in asks for a transaction of the house's own
def test_a_person_of_two_accounts_chooses(here: World, visit: Callable[..., Client]) -> None:
    other = accounts.open_account("Seconda", email="due@example.org", password="x" * 12, full_name="Due", now=here.now)
    accounts.add_person(other.account, email=here.person.email, full_name="Oste", role="reader", now=here.now, by=other.person)
    client = visit()
    assert "Seconda" in client.get(reverse("me")).content.decode()
    assert client.get(reverse("check_in")).status_code == 200
    client.post(reverse("switch_account"), {"account": str(other.account.pk)})
    assert client.get(reverse("check_in")).status_code == 403
    client.post(reverse("switch_account"), {"account": str(uuid4())})  # not one of theirs: nothing happens
    assert client.get(reverse("check_in")).status_code == 403


def test_someone_without_any_account_is_told_so(here: World, visit: Callable[..., Client]) -> None:
    member = as_role(here, "reader")
    person = member.person
    member.delete()
    assert visit(person).get("/").status_code == 403


def test_the_account_itself_is_closed_on_every_installation(here: World, client: Client) -> None:
    assert Installation.current() is not None
    assert client.get("/accounts/signup/").status_code == 200
    assert (
        client.post(
            "/accounts/signup/", {"email": "x@example.org", "password1": "una-cosa-lunga1", "password2": "una-cosa-lunga1"}
        ).status_code
        == 200
    )
    assert not Membership.everywhere.filter(person__email="x@example.org").exists()
