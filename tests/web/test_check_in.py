"""The check-in sheet, posted as a browser posts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from locanda.archive.models import Delivery, RememberedGuest, Stay
from locanda.office import check_in as office
from locanda.web import check_in_form as sheets
from locanda.web.digits import is_count
from locanda.web.residence_field import chosen
from locanda.web.time_words import typed_day
from tests.conftest import ROOT
from tests.web.scene import full
from tests.world import World, family

pytestmark = pytest.mark.django_db


def one(number: int = 0, **more: str) -> dict[str, str]:
    """The fields of one guest."""
    fields = {
        "surname": "ROSSI", "name": "MARIA", "sex": "F", "birth_date": "10/05/1980", "birth_state": "ITALIA",
        "birth_comune": "MONOPOLI (BA)", "citizenship": "IT", "doc_type": "IDENT", "doc_number": "CA12345AA",
        "doc_issued": "MONOPOLI (BA)",
    }  # fmt: skip
    return {f"g{number}-{name}": value for name, value in (fields | more).items()}


def sheet(here: World, *guests: dict[str, str], **more: str) -> dict[str, str]:
    found = {
        "place": str(here.property.pk), "arrival_day": f"{here.now:%Y-%m-%d}", "arrival_hour": "11:30", "nights": "3",
        "kind": "alone", "how": "in_person", "by": "Oste", "at": f"{here.now:%Y-%m-%d}T11:35",
    }  # fmt: skip
    for guest in guests or (one(),):
        found |= guest
    return found | more


class Ids(HTMLParser):
    """Ids of a page, and what its fields say of themselves."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: dict[str, dict[str, str]] = {}
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
            self.tags[found["id"]] = found
        if tag == "a" and found.get("href", "").startswith("#"):
            self.links.append(found["href"][1:])


def test_an_arrival_is_registered_and_the_person_sent_on(here: World, visit: Callable[..., Client]) -> None:
    answer = visit().post(reverse("check_in"), sheet(here))
    stay = Stay.objects.of(here.account).get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("stay", args=[stay.pk]))
    assert (stay.status, stay.nights, stay.identified_by, stay.identified_how) == ("checked_in", 3, "Oste", "in_person")
    delivery = here.delivery(stay)
    assert delivery.state == "ready" and delivery.next_attempt_at is None  # waits for a tap
    page = visit().get(answer["Location"]).content.decode()
    assert "Invia alla polizia" in page and "ROSSI MARIA" in page


def test_a_family_and_how_its_names_are_spelled(here: World, visit: Callable[..., Client]) -> None:
    abroad = {"birth_state": "Germania", "birth_comune": "", "citizenship": "DE"}
    passport = {"doc_type": "PASOR", "doc_number": "C4J8K2L9M", "doc_issued": "Germania"}
    none = dict.fromkeys(passport, "")
    guests = (
        one(0, surname="Müller", name="Jürgen", sex="M", **abroad, **passport),
        one(1, surname="Müller", name="Käthe", **abroad, **none),
    )
    answer = visit().post(reverse("check_in"), sheet(here, *guests, kind="family"), follow=True)
    page = answer.content.decode()
    assert "Müller → <strong>MULLER</strong>" in page and "Käthe → <strong>KATHE</strong>" in page
    stay = Stay.objects.of(here.account).get()
    assert [guest.role for guest in stay.parties.get().guests.all()] == ["head_of_family", "family_member"]


def test_several_guests_are_parties_of_their_own(here: World, visit: Callable[..., Client]) -> None:
    visit().post(reverse("check_in"), sheet(here, one(0), one(1, surname="BIANCHI", doc_number="CA00000BB"), kind="several"))
    assert [party.size for party in Stay.objects.of(here.account).get().parties.all()] == [1, 1]
    assert Delivery.objects.of(here.account).count() == 2


def test_problems_stand_beside_their_fields_and_the_draft_is_kept(here: World, visit: Callable[..., Client]) -> None:
    wrong = one(surname="", sex="", birth_date="40/40/1980", birth_comune="ATLANTIDE (AT)", doc_number="", doc_type="XXXXX")
    answer = visit().post(reverse("check_in"), sheet(here, wrong, how="passive_remote", by=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    draft = Stay.objects.of(here.account).get()
    assert draft.status == "draft" and office.draft_of(draft)["sheet"]["guests"][0]["name"] == "MARIA"
    seen = Ids(page)
    for name in ("g0-surname", "g0-birth_date", "g0-doc_number", "g0-doc_type"):
        assert seen.tags[name].get("aria-invalid") == "true", name
        assert f"{name}-problem" in seen.tags[name]["aria-describedby"].split()
        assert f"{name}-problem" in seen.ids and name in seen.links
    assert "40/40/1980" in page and 'value="MARIA"' in page
    assert len(seen.ids) == len(set(seen.ids))
    assert all(link in seen.ids for link in seen.links)
    assert reverse("draft", args=[draft.pk]) in page
    # mended on the draft's own page: the draft becomes the stay
    done = visit().post(reverse("draft", args=[draft.pk]), sheet(here))
    draft.refresh_from_db()
    assert done.status_code == 302 and draft.status == "checked_in" and draft.sealed_draft is None
    assert visit().get(reverse("draft", args=[draft.pk]))["Location"] == reverse("stay", args=[draft.pk])


def test_nothing_unreadable_is_taken_for_absent(here: World, visit: Callable[..., Client]) -> None:
    cases: list[dict[str, str]] = [
        {"nights": "tre"}, {"departure_day": "boh"}, {"departure_hour": "99:99"}, {"at": "ieri"}, {"arrival_hour": ""},
        {"arrival_day": "boh"}, {"kind": ""}, {"place": ""}, {"place": "x"}, {"how": ""}, {"by": " "},
        {"nights": "5", "departure_day": "2026-07-11"},
    ]  # fmt: skip
    for case in cases:
        assert visit().post(reverse("check_in"), sheet(here, **case)).status_code == 422, case
    assert not Stay.objects.of(here.account).filter(status="checked_in").exists()


def test_a_photo_alone_identifies_nobody_and_says_why(here: World, visit: Callable[..., Client]) -> None:
    page = visit().post(reverse("check_in"), sheet(here, how="passive_remote")).content.decode()
    assert "La sola foto o copia del documento" in page and 'href="#how"' in page


def test_alone_with_two_guests_is_not_guessed(here: World, visit: Callable[..., Client]) -> None:
    answer = visit().post(reverse("check_in"), sheet(here, one(0), one(1, surname="BIANCHI")))
    assert answer.status_code == 422 and "gli ospiti sono 2" in answer.content.decode()


def test_an_old_arrival_asks_before_it_is_registered(here: World, visit: Callable[..., Client]) -> None:
    old = {"arrival_day": f"{here.now - timedelta(days=3):%Y-%m-%d}", "nights": "5"}
    first = visit().post(reverse("check_in"), sheet(here, **old))
    assert first.status_code == 422 and 'name="accept_late"' in first.content.decode()
    assert 'name="accept_late"' not in visit().get(reverse("check_in")).content.decode()
    assert visit().post(reverse("check_in"), sheet(here, **old, accept_late="1")).status_code == 302


def test_one_night_with_its_hour_of_departure(here: World, visit: Callable[..., Client]) -> None:
    visit().post(reverse("check_in"), sheet(here, nights="1", departure_hour="11:00"))
    stay = Stay.objects.of(here.account).get()
    assert stay.departure is not None and stay.departure_day == (here.now + timedelta(days=1)).date()
    assert stay.parties.get().segments.get().obligation == "IT-PS-03"


def test_the_same_sheet_twice_registers_once(here: World, visit: Callable[..., Client]) -> None:
    posted = sheet(here, token="3f0c9d2e-7c39-4b0e-9d0a-0d3f3b0f8a11")
    first, second = visit().post(reverse("check_in"), posted), visit().post(reverse("check_in"), posted)
    assert first["Location"] == second["Location"] and Stay.objects.of(here.account).count() == 1


def test_adding_and_removing_keeps_what_was_typed(here: World, visit: Callable[..., Client]) -> None:
    page = visit().post(reverse("check_in"), sheet(here, kind="family", do="add")).content.decode()
    assert 'name="g1-surname"' in page and 'value="ROSSI"' in page and 'data-focus-on="g1-surname"' in page
    page = (
        visit()
        .post(reverse("check_in"), sheet(here, one(0), one(1, surname="BIANCHI"), kind="family", do="remove:0"))
        .content.decode()
    )
    assert 'value="BIANCHI"' in page and 'value="ROSSI"' not in page
    assert not Stay.objects.of(here.account).exists()


def test_no_default_that_somebody_would_have_to_notice(here: World, visit: Callable[..., Client]) -> None:
    page = visit().get(reverse("check_in")).content.decode()
    assert " checked" not in page  # no sex, kind or way of identifying is chosen beforehand, nor any consent
    seen = Ids(page)
    assert seen.tags["g0-birth_state"]["value"] == "" and seen.tags["g0-citizenship"]["value"] == ""
    assert seen.tags["arrival_day"]["value"] == f"{here.now:%Y-%m-%d}"


def test_a_guest_who_agreed_fills_the_sheet(here: World, visit: Callable[..., Client]) -> None:
    visit().post(reverse("check_in"), sheet(here, one(remember="said_in_person")))
    kept = RememberedGuest.objects.of(here.account).get()
    assert kept.consent_how == "said_in_person" and kept.recorded_by == here.person
    asked = {f"g0-{name}": "" for name in sheets.GUEST_FIELDS} | {"g0-doc_number": "ca12345aa"}
    page = visit().post(reverse("check_in"), sheet(here, asked, do="recall:0")).content.decode()
    assert 'value="ROSSI"' in page and 'value="10/05/1980"' in page and "MONOPOLI (BA)" in page
    page = visit().post(reverse("check_in"), sheet(here, asked | {"g0-doc_number": "ZZ"}, do="recall:0")).content.decode()
    assert "Nessun ospite ricordato" in page
    visit().post(reverse("check_in"), sheet(here, one(surname="NUOVO", doc_number="CA99999ZZ", remember="forse")))
    assert RememberedGuest.objects.of(here.account).count() == 1


def test_drafts_are_listed_resumed_and_thrown_away(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    assert client.post(reverse("check_in"), sheet(here, one(name=""), do="draft"))["Location"] == reverse("drafts")
    draft = Stay.objects.of(here.account).get()
    assert "ROSSI" in client.get(reverse("drafts")).content.decode()
    assert 'value="ROSSI"' in client.get(reverse("draft", args=[draft.pk])).content.decode()
    client.post(reverse("draft_delete", args=[draft.pk]))
    assert not Stay.objects.of(here.account).exists()


def test_a_draft_of_another_door_fills_the_sheet(here: World, visit: Callable[..., Client]) -> None:
    shape = here.shape(*family())
    draft = office.save_draft(here.property, shape, now=here.now, person=here.person)
    page = visit().get(reverse("draft", args=[draft.pk])).content.decode()
    assert "D&#x27;AMICO" in page and 'name="g2-surname"' in page and 'value="family" checked' in page


def test_nothing_typed_stands_in_clear_in_the_session(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    client.post(reverse("check_in"), sheet(here, one(surname="SEGRETISSIMI", sex="")))
    client.post(reverse("check_in"), sheet(here, one(surname="SEGRETISSIMI")), follow=True)
    assert "SEGRETISSIMI" not in str(dict(client.session.items()))


def test_the_post_asks_little_of_the_database(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    client.post(reverse("check_in"), sheet(here, one(doc_number="CA00001AA")))
    with CaptureQueriesContext(connection) as asked:
        assert client.post(reverse("check_in"), sheet(here, one(doc_number="CA00002AA"))).status_code == 302
    reads = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    assert len(reads) <= 10, reads


@pytest.mark.parametrize(
    ("typed", "day"),
    [("1/5/1980", "1980-05-01"), ("01051980", "1980-05-01"), ("1.5.1980", "1980-05-01"), ("1980-05-01", "1980-05-01"),
     ("31/02/1980", None), ("1/5/80", None), ("", None), ("maggio", None)],
)  # fmt: skip
def test_days_as_people_type_them(typed: str, day: str | None) -> None:
    found = typed_day(typed)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ("guests[0].birth_comune", "g0-birth_comune"),
        ("guests[3].document.issued_in", "g3-doc_issued"),
        ("guests[1].document", "g1-doc_type"),
        ("guests[0].role", "kind"),
        ("arrival", "arrival_day"),
        ("identification.how", "how"),
        ("identification", "by"),
        ("guests[2].something_new", "g2-surname"),
        ("", None),
    ],
)
def test_where_a_problem_is_shown(where: str, field: str | None) -> None:
    assert sheets.field_of(where) == field


def places(client: Client, **asked: str) -> str:
    return client.post(reverse("places"), asked).content.decode()


def test_places_as_one_types(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    assert "MONOPOLI (BA)" in places(client, q="monop", kind="comune")
    assert "GERMANIA" in places(client, q="germ", kind="state")
    both = places(client, q="mon", kind="both")
    assert "MONACO" in both and "(" in both
    assert "Nessun luogo" in places(client, q="xqzw", kind="comune")
    former = places(client, q="jugoslav", kind="state")
    assert "scegli lo Stato in cui si trova oggi" in former and former.count("data-label") == 7 and "Nessun luogo" not in former
    assert former.index("consiglio") < former.index("BOSNIA")
    assert "Nessun luogo" in places(client, q="jugoslav", kind="residence")
    assert "se il portale non lo accetta: REPUBBLICA CECA" in places(client, q="cecoslo", kind="state")
    assert "<li" not in places(client, q="", kind="comune")
    assert "&lt;script&gt;" in places(client, q="<script>", kind="comune")


def test_what_is_looked_for_stands_in_no_address(here: World, visit: Callable[..., Client]) -> None:
    address = reverse("places")
    assert visit().get(address, {"q": "monop", "on": "1980-05-10"}).status_code == 405
    asked = {"q": "monop", "kind": "comune", "on": "1980-05-10"}
    careful = visit(enforce_csrf_checks=True)
    assert careful.post(address, asked).status_code == 403
    careful.get(reverse("check_in"))
    token = careful.cookies["csrftoken"].value
    assert "MONOPOLI (BA)" in careful.post(address, asked, headers={"X-CSRFToken": token}).content.decode()
    script = (ROOT / "src/locanda/web/static/web/locanda.js").read_text(encoding="utf-8")
    assert 'dataset.places + "?"' not in script and script.count("fetch(") == 1


def test_a_number_that_python_cannot_read_is_no_error(here: World, visit: Callable[..., Client]) -> None:
    for told in ("recall:²", "recall:" + "9" * 5000, "add"):
        assert visit().post(reverse("check_in"), sheet(here, one(doc_number="ZZ"), do=told)).status_code == 200, told[:10]
    two = sheet(here, one(0), one(1, surname="BIANCHI"), kind="family", do="remove:²")
    assert visit().post(reverse("check_in"), two).status_code == 200
    body = urlencode(sheet(here, **{f"g{'9' * 5000}-name": "X"}, do="add"))
    assert visit().post(reverse("check_in"), body, content_type="application/x-www-form-urlencoded").status_code == 200
    assert [is_count(text) for text in ("0", "12", "²", "", "-1", "٣", "1234567")] == [True, True] + [False] * 5


def test_a_comune_that_is_no_more_appears_for_its_years(here: World, visit: Callable[..., Client]) -> None:
    then = places(visit(), q="fiume", kind="comune", on="1930-05-01")
    assert "FIUME" in then and "com&#x27;era negli anni" in then.replace("com'era", "com&#x27;era")


def test_the_code_of_a_chosen_place_counts_only_while_its_words_stand() -> None:
    guest = sheets.blank_guest() | {"birth_comune": "MONOPOLI (BA)", "birth_comune-code": "416072030|MONOPOLI (BA)"}
    assert chosen(guest, "birth_comune") == "416072030"
    assert chosen(guest | {"birth_comune": "BARI (BA)"}, "birth_comune") == "BARI (BA)"


def test_every_state_has_its_place_on_today(here: World, visit: Callable[..., Client]) -> None:
    full(here)
    page = visit().get("/").content.decode()
    words = ("Da comunicare a mano", "Non si sa se è arrivato", "Rifiutato dal portale", "Da inviare", "Accettato dalla polizia")
    for word in (*words, "A posto: la ricevuta", "DEMO"):
        assert word in page, word
