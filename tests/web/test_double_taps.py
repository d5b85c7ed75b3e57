"""Forms that make or remove something, tapped twice in one moment and once more later: one result, one page, no error.

Each tap has a connection of its own, as threads of the server have: SQLite's one writer or PostgreSQL's locks decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from locanda.archive import chain
from locanda.archive.models import (
    Account,
    Breach,
    Delivery,
    DutyEvent,
    DutyMark,
    DutyProof,
    FeedAddress,
    LocalTaxRule,
    Membership,
    Operator,
    Person,
    PoliceCredential,
    PreparedRequest,
    Property,
    RuleOverride,
    Stay,
    TaxDeclaration,
    TaxPaper,
    TaxPayment,
    TaxReceipt,
    TaxRefusal,
    Unit,
    YearPrices,
)
from locanda.core.time import ROME
from locanda.office import breaches, check_in, clock, duty_marks, feeds
from tests.office.test_duty_marks_at_once import at_once
from tests.web.page_forms import form_of
from tests.web.scene import PNG, scene
from tests.web.tax_scene import an_operator, lived
from tests.web.test_calendar_request import ASKER, place, scans
from tests.web.test_check_in import one, sheet
from tests.web.test_first_run import HOUSE
from tests.web.test_prices import line
from tests.world import World, guest

pytestmark = pytest.mark.django_db(transaction=True)
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


class Case(NamedTuple):
    """Where the form goes; what is sent; of what there is one more afterwards, and how many."""

    there: str
    typed: dict[str, Any]
    made: Any
    more: int = 1
    files: tuple[str, ...] = ()
    status: int = 302


@pytest.fixture
def here() -> Iterator[World]:
    with scene() as made:
        yield made


def _receipt(here: World) -> Case:
    row = an_operator(here)
    Property.objects.of(here.account).update(operator=row)
    stay = here.check_in(guest(), nights=2)
    return Case(reverse("stay_tax_receive", args=[stay.pk]), {"method": "cash"}, TaxReceipt)


def _payment(here: World) -> Case:
    return Case(f"/tassa/{lived(here).payer}/2026-Q3/prepara/", {"channel": "pagopa_spontaneo"}, TaxPayment)


def _declaration(here: World) -> Case:
    return Case(f"/tassa/{lived(here).payer}/anno/2026/presence_summary/prepara/", {}, TaxDeclaration)


def _done(here: World) -> Case:
    at = f"/calendario/{here.property.pk}/LOC-CIN-SHOW/standing/fatto/"
    return Case(_first_mark(here) or at, {"note": "fatto"}, DutyProof, files=("files",))


def _first_mark(here: World) -> str:
    client = Client()
    client.force_login(here.person, backend=LOGIN)
    page = client.get(f"/strutture/{here.property.pk}/controllo/").content.decode()
    return page[page.index('action="/calendario/') + 8 :].split('"')[0]


def _proof(here: World) -> Case:
    mark, problems = duty_marks.mark_done(here.property, "NAZ-1", "standing", now=here.now, person=here.person)
    assert mark is not None, problems
    return Case(f"/calendario/fatti/{mark.pk}/prove/", {"number": ""}, DutyProof, files=("files",))


def _breach(here: World) -> Case:
    return Case(f"/strutture/{here.property.pk}/violazioni/", {"sanction": "M-500", "on": "2026-07-01"}, Breach)


def _rule(here: World) -> Case:
    told = {"what": "pec", "valid_from": "2026-07-10", "pec": "nuova@pec.example", "note": "nuovo indirizzo"}
    client = Client()
    client.force_login(here.person, backend=LOGIN)
    form = client.get(f"/strutture/{here.property.pk}/regole/").context["form"]
    offices = next(pairs for _, pairs in form.fields["target"].choices if pairs and pairs[0][0].startswith("contact:"))
    return Case(f"/strutture/{here.property.pk}/regole/", {**told, "target": offices[0][0]}, RuleOverride)


def _request(here: World) -> Case:
    return Case(place(here), dict(ASKER), PreparedRequest, files=tuple(scans(here)))


def _prices(here: World) -> Case:
    clock.set_demo_clock(datetime(2026, 9, 3, 10, tzinfo=ROME))
    Property.objects.of(here.account).update(since=date(2020, 1, 1))
    return Case(f"/strutture/{here.property.pk}/prezzi/2027/", {**line(0), "do": "save"}, YearPrices)


def _property(here: World) -> Case:
    return Case("/impostazioni/strutture/nuova/", HOUSE | {"name": "Casa Due"}, Property)


def _unit(here: World) -> Case:
    return Case(f"/impostazioni/strutture/{here.property.pk}/unita/", {"new-name": "Camera 1"}, Unit)


def _operator(here: World) -> Case:
    return Case("/impostazioni/gestori/nuovo/", {"name": "Ada Neri"}, Operator)


def _credential(here: World) -> Case:
    return Case("/impostazioni/polizia/nuove/", {"status": "pending", "label": "Altra"}, PoliceCredential)


def _person(here: World) -> Case:
    told = {"full_name": "Pia", "email": "pia@example.org", "role": "reader"}
    return Case("/impostazioni/persone/", told, Membership, status=200)


def _check_in(here: World) -> Case:
    return Case("/arrivi/nuovo/", {**sheet(here), "do": "check_in"}, Stay)


def _draft(here: World) -> Case:
    return Case("/arrivi/nuovo/", {**sheet(here, one(surname="")), "do": "draft"}, Stay)


def _wrong_sheet(here: World) -> Case:
    return Case("/arrivi/nuovo/", {**sheet(here, one(surname="")), "do": "check_in"}, Stay, status=422)


def _closure(here: World) -> Case:
    Property.objects.of(here.account).update(since=date(2025, 1, 1))
    return Case(f"/statistica/{here.property.pk}/aperture/", {"first": "2026-11-01", "last": "2026-11-30"}, DutyEvent)


def _fact(here: World) -> Case:
    told = {"kind": "listing_published", "listing_published-on": "2026-07-01"}
    return Case(f"/strutture/{here.property.pk}/eventi/", told, DutyEvent)


def _feed(here: World) -> Case:
    return Case("/calendario/indirizzi/", {"property": ""}, FeedAddress)


def _refusal(here: World) -> Case:
    row = an_operator(here)
    Property.objects.of(here.account).update(operator=row)
    stay = here.check_in(guest(), nights=2)
    told = {"form": "modello_4", "language": "it", "signed_at": f"{here.now:%Y-%m-%dT%H:%M}"}
    return Case(reverse("refuse", args=[stay.pk]), told, TaxRefusal)


def _scan(here: World) -> Case:
    case = _refusal(here)
    client = Client()
    client.force_login(here.person, backend=LOGIN)
    assert client.post(case.there, case.typed).status_code == 302
    row = TaxRefusal.objects.of(here.account).get()
    return Case(f"/arrivi/rifiuti/{row.pk}/firmato/", {}, TaxPaper, files=("files",))


def _rate(here: World) -> Case:
    told = {"amount": "3,00", "valid_from": "2026-08-01", "note": "delibera 12"}
    return Case(f"/tassa/regole/{here.property.pk}/cambia/", told, LocalTaxRule)


def _remove_breach(here: World) -> Case:
    row, problems = breaches.record(here.property, "M-500", date(2026, 7, 1), now=here.now, person=here.person)
    assert row is not None, problems
    return Case(f"/calendario/violazioni/{row.pk}/togli/", {}, Breach, -1)


def _undo(here: World) -> Case:
    mark, problems = duty_marks.mark_done(here.property, "NAZ-1", "standing", now=here.now, person=here.person)
    assert mark is not None, problems
    return Case(f"/calendario/fatti/{mark.pk}/togli/", {"back": "inspection"}, DutyMark, -1)


def _throw_draft(here: World) -> Case:
    row = check_in.save_draft(here.property, here.shape(guest()), now=here.now, person=here.person)
    return Case(f"/arrivi/bozze/{row.pk}/elimina/", {}, Stay, -1)


def _renew_feed(here: World) -> Case:
    feeds.new_address(here.account, None, now=here.now, person=here.person)
    return Case(f"/calendario/indirizzi/{FeedAddress.objects.of(here.account).get().pk}/cambia/", {}, FeedAddress)


def _extend(here: World) -> Case:
    stay = here.check_in(guest(), nights=2)
    return Case(f"/arrivi/{stay.pk}/prolunga/", {"departure": f"{here.now + timedelta(days=5):%Y-%m-%d}"}, Delivery, 0)


CASES = {
    name.removeprefix("_"): found for name, found in list(globals().items())
    if name.startswith("_") and callable(found) and getattr(found, "__module__", "") == __name__ and name != "_first_mark"
}  # fmt: skip


def _client(here: World) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(here.person, backend=LOGIN)
    return client


def _tap(client: Client, case: Case, hidden: dict[str, Any]) -> Any:
    files = {name: SimpleUploadedFile(f"{name}.png", PNG, "image/png") for name in case.files}
    return client.post(case.there, {**hidden, **case.typed, **files})


def _hidden(client: Client, case: Case) -> dict[str, Any]:
    """What every form carries unseen: its token, and the id of a new sheet."""
    page = case.there if case.there == "/arrivi/nuovo/" else "/io/"
    fields = form_of(client.get(page).content.decode(), field="csrfmiddlewaretoken" if page == "/io/" else "token").fields
    return {name: fields[name] for name in ("csrfmiddlewaretoken", "token") if name in fields}


def _count(here: World, kind: Any) -> int:
    return int(kind.objects.of(here.account).count())


@pytest.mark.parametrize("name", CASES)
def test_tapped_twice_it_is_there_once(here: World, name: str) -> None:
    case: Case = CASES[name](here)
    client = _client(here)
    hidden, before = _hidden(client, case), _count(here, case.made)
    two = at_once(lambda: _tap(client, case, hidden), lambda: _tap(_client(here), case, hidden))
    events = here.account.events if case.status == 422 else Account.objects.get(pk=here.account.pk).events
    later = _tap(client, case, hidden)
    answers = [*two, later]
    assert [getattr(one, "status_code", one) for one in answers] == [case.status] * 3, answers[0]
    assert len({one.headers.get("Location") for one in answers}) == 1
    assert _count(here, case.made) == before + case.more
    if case.status != 422:
        assert Account.objects.get(pk=here.account.pk).events <= events + (case.status == 200)
    assert list(chain.verify(Account.objects.get(pk=here.account.pk))) == []


@pytest.mark.parametrize("name", ["receipt", "payment", "check_in", "done", "person", "prices"])
def test_from_two_windows_at_once_it_is_there_once_too(here: World, name: str) -> None:
    case: Case = CASES[name](here)
    clients = [_client(here), _client(here)]
    forms = [_hidden(one, case) for one in clients]
    before = _count(here, DutyMark if name == "done" else case.made)
    two = at_once(lambda: _tap(clients[0], case, forms[0]), lambda: _tap(clients[1], case, forms[1]))
    statuses = {getattr(one, "status_code", one) for one in two}
    assert statuses <= {case.status, 422 if name == "check_in" else case.status}, two
    if name == "check_in":  # the sheet of the second is kept as a draft, with why
        assert sorted(Stay.objects.of(here.account).values_list("status", flat=True)) == ["checked_in", "draft"]
    else:
        assert _count(here, DutyMark if name == "done" else case.made) == before + 1


def test_a_sheet_whose_stay_is_registered_is_kept_apart_when_it_comes_back_wrong(here: World) -> None:
    client = _client(here)
    case: Case = CASES["check_in"](here)
    hidden = _hidden(client, case)
    assert _tap(client, case, hidden).status_code == 302
    wrong = case._replace(typed={**case.typed, "g0-surname": "", "g0-doc_number": "CA99999AA"})
    assert _tap(client, wrong, hidden).status_code == 422
    assert sorted(Stay.objects.of(here.account).values_list("status", flat=True)) == ["checked_in", "draft"]


def test_the_password_that_is_shown_is_the_one_that_opens(here: World) -> None:
    case: Case = CASES["person"](here)
    client = _client(here)
    hidden = _hidden(client, case)
    shown = {_tap(client, case, hidden).context["shown"]["password"] for _ in range(2)}
    person = Person.objects.get(email="pia@example.org")
    assert len(shown) == 1 and person.check_password(shown.pop())
    member = Membership.objects.of(here.account).get(person=person)
    there = f"/impostazioni/persone/{member.pk}/password/"
    again = {client.post(there, hidden).context["shown"]["password"] for _ in range(2)}
    person.refresh_from_db()
    assert len(again) == 1 and person.check_password(again.pop())


def test_the_first_owner_tapped_twice_goes_on(db: None) -> None:
    typed = {"full_name": "Vito Oste", "email": "vito@example.org", "password": "trullo-di-prova"}
    answers = at_once(*[lambda: Client(raise_request_exception=False).post("/benvenuto/", typed)] * 2)
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/benvenuto/struttura/")] * 2
    assert Account.objects.count() == Person.objects.count() == 1
    assert Client().post("/benvenuto/", typed | {"password": "un-altra-parola"})["Location"] == "/"
    account = Account.objects.get()
    Account.objects.filter(pk=account.pk).update(created_at=account.created_at - timedelta(minutes=5))
    assert Client().post("/benvenuto/", typed)["Location"] == "/"  # later it is no way in
