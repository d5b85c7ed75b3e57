"""The calendar, a duty opened, the checklist, the secret address: as a host sees them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from locanda.archive.models import Breach, DutyEvent, DutyMark, DutyProof, Event, FeedAddress, Property, RuleOverride, Stay
from locanda.core.time import rome_day, rome_midnight
from locanda.letters.uploads import SUFFIXES
from locanda.office import accounts, breaches, calendar, clock, duty_marks
from locanda.web.middleware import BODY_MAX
from locanda.web.templatetags.scans import accepted
from tests.letters import scans
from tests.web.scene import PNG, as_role, full
from tests.world import World, guest

pytestmark = pytest.mark.django_db

SECOND_QUARTER = ("MO-IDS-04", "period:2026-Q2")  # due on 16 July 2026; the scene lives on 10 July


def address(made: World, obligation: str = SECOND_QUARTER[0], subject: str = SECOND_QUARTER[1], name: str = "duty") -> str:
    return reverse(name, args=[made.property.pk, obligation, subject])


def settled(made: World, since: date = date(2020, 1, 1)) -> None:
    """The property has been here, and open, for a long time."""
    Property.objects.of(made.account).update(since=since, created_at=made.now - timedelta(days=400), floors_m2=["80", "250.5"])
    made.property.refresh_from_db()


def text(answer: object) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())  # type: ignore[attr-defined]


# ------------------------------------------------------------------------------------------------------------ calendar


def test_overdue_stands_first_and_every_state_has_its_words(here: World, visit: Callable[..., Client]) -> None:
    settled(here)
    page = text(visit().get(reverse("calendar")))
    assert page.index('<h2 id="group-1">Scaduti</h2>') < page.index("Oggi</h2>") < page.index("Presto</h2>")
    assert "Riversamento trimestrale" in page and "2° trimestre 2026" in page and "Entro giovedì 16 luglio" in page
    assert page.count("Scade oggi") >= 1  # the statistics of June are due on the tenth
    assert "Scaduto" in page and "Niente da fare" not in page


def test_what_every_stay_brings_is_one_card(here: World, visit: Callable[..., Client]) -> None:
    settled(here)
    for surname in ("ROSSI", "VERDI", "NERI"):
        here.check_in(guest(surname), nights=2)
    client = visit()
    page = text(client.get(reverse("calendar"), {"genere": "tax"}))
    assert page.count("<h3>Incasso e quietanza</h3>") == 1 and "Soggiorni: 3" in page and "Uno per uno" in page
    assert len(set(re.findall(r'href="([^"]+MO-IDS-03/stay:[^"]+)"', page))) == 3
    Stay.objects.of(here.account).exclude(pk=Stay.objects.of(here.account).first().pk).delete()
    page = text(client.get(reverse("calendar"), {"genere": "tax"}))
    assert "Incasso e quietanza<span" in page  # one alone is its own card
    assert 'Uno per uno<span class="only-heard">: Incasso e quietanza' not in page


def test_months_that_were_missed_are_one_card(here: World, visit: Callable[..., Client]) -> None:
    settled(here)
    page = text(visit().get(reverse("calendar"), {"genere": "statistics"}))
    assert page.count("<h3>Trasmissione mensile del movimento turistico</h3>") == 1 and "(il primo)" in page
    missed = set(re.findall(r'href="([^"]+PU-SPOT-01/period:2026-0[1-5]/)"', page))
    told = re.findall(r"Scadenze: (\d+) · Il Trullo · Statistica", page)
    assert int(told[0]) >= len(missed) == 5


def test_an_agency_sees_each_return_once(here: World, visit: Callable[..., Client]) -> None:
    """Sixty cards of the first flat would say nothing of the four hundred others."""
    told = {"type": "bb", "comune": "416072030", "since": date(2020, 1, 1)}
    for number in range(12):
        accounts.add_property(here.account, {"name": f"Casa {number:02}", **told}, now=here.now, by=here.person)
    client = visit()
    for view in ("settimane", "anno"):
        page = text(client.get(reverse("calendar"), {"genere": "tax", "vista": view}))
        assert "2° trimestre 2026 · Strutture: 13" in page and "Casa 03 · 2° trimestre 2026" in page, view
    one = text(client.get(reverse("calendar"), {"genere": "tax", "struttura": str(here.property.pk)}))
    assert "2° trimestre 2026 · Il Trullo · Imposta di soggiorno" in one and "Strutture:" not in one


def test_what_was_due_before_the_house_knew_the_property_is_apart(here: World, visit: Callable[..., Client]) -> None:
    page = text(visit().get(reverse("calendar")))
    assert "Scaduti</h2>" not in page
    assert "Scaduti prima che la struttura fosse in Locanda" in page


def test_how_to_do_it_stands_before_saying_that_it_is_done(here: World, visit: Callable[..., Client]) -> None:
    settled(here)
    page = text(visit().get(reverse("duty", args=[here.property.pk, "MO-IDS-04", "period:2026-Q2"])))
    assert page.index("Dove si fa") < page.index("Segna come fatto") < page.index("Che cosa si rischia")


def test_no_code_of_a_rule_is_on_the_lists(here: World, visit: Callable[..., Client]) -> None:
    for name in ("rules", "breaches"):
        page = text(visit().get(reverse(name, args=[here.property.pk])))
        assert not re.findall(r"<option[^>]*>[^<]*\([A-Z]{1,2}-[A-Z0-9-]+\)</option>", page), name


def test_filters_by_property_and_kind(here: World, visit: Callable[..., Client]) -> None:
    accounts.add_property(here.account, {"name": "La Lamia", "type": "bb", "comune": "416072030"}, now=here.now, by=here.person)
    client = visit()
    everything = text(client.get(reverse("calendar")))
    assert "La Lamia" in everything and "2° trimestre" in everything
    one = text(client.get(reverse("calendar"), {"struttura": str(here.property.pk)}))
    assert "La Lamia · " not in one and "Il Trullo · " in one
    tax = text(client.get(reverse("calendar"), {"genere": "tax"}))
    assert "Riversamento" in tax and "movimento turistico</a>" not in tax
    assert client.get(reverse("calendar"), {"genere": "x", "struttura": "x", "vista": "x", "anno": "x"}).status_code == 200


def test_weeks_and_year(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    weeks = text(client.get(reverse("calendar"), {"vista": "settimane"}))
    assert "Dal 13 luglio al 19 luglio" in weeks and "Dal 10 agosto al 16 agosto" in weeks
    year = text(client.get(reverse("calendar"), {"vista": "anno", "anno": "2027"}))
    assert year.count('<h3 id="m-') == 12 and "Gennaio 2027" in year and "?vista=anno&amp;anno=2026" in year
    assert "Dichiarazione annuale imposta di soggiorno" in year


def test_the_year_does_not_call_overdue_what_was_due_before(here: World, visit: Callable[..., Client]) -> None:
    year = text(visit().get(reverse("calendar"), {"vista": "anno", "anno": "2026"}))
    assert "Prima di Locanda: " in year and "Scadut" not in year
    settled(here)
    year = text(visit().get(reverse("calendar"), {"vista": "anno", "anno": "2026"}))
    assert "Prima di Locanda" not in year and "Scaduto" in year


def test_nor_does_the_page_that_the_year_leads_to(here: World, visit: Callable[..., Client]) -> None:
    where = reverse("duty", args=[here.property.pk, "IT-IDS-01", "period:2025"])
    page = text(visit().get(where))
    assert "Prima di Locanda" in page and "Scaduto" not in page and "di ritardo" not in page
    settled(here)
    page = text(visit().get(where))
    assert "Prima di Locanda" not in page and "Scaduto" in page and "di ritardo" in page


def test_a_term_that_ends_at_midnight_is_due_on_the_day_that_ends(here: World, visit: Callable[..., Client]) -> None:
    signed = rome_midnight(rome_day(here.now) - timedelta(days=1))  # forty-eight hours: until this midnight
    told = {"at": signed.isoformat(), "form": "4"}
    duty_marks.record_event(here.property, "form_signed", told, now=here.now, person=here.person)
    page = text(visit().get(reverse("calendar"), {"genere": "tax"}))
    due = page[page.index("Oggi</h2>") :]
    assert "Entro la fine di oggi" in due and "Scade oggi" in due and "alle 00:00" not in page
    clock.set_demo_clock(here.now + timedelta(hours=15))
    late = text(visit().get(reverse("calendar"), {"genere": "tax"}))
    assert "Entro la fine di ieri" in late and "Scaduto" in late


def test_an_account_without_property_is_told_what_to_do(here: World, visit: Callable[..., Client]) -> None:
    other = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=here.now)
    assert "Prima serve una struttura" in text(visit(other.person).get(reverse("calendar")))


def test_police_duties_come_from_the_schedine(here: World, visit: Callable[..., Client]) -> None:
    stays = full(here)
    segment = stays["waiting"].parties.get().segments.get()
    client = visit()
    entry = next(
        one for one in calendar.entries(here.account, [here.property], from_=date(2026, 7, 9), to=date(2026, 7, 12), now=here.now)
        if one.subject == f"segment:{segment.pk}"
    )  # fmt: skip
    page = text(client.get(address(here, entry.obligation, entry.subject)))
    assert reverse("segment", args=[segment.pk]) in page and "si segna da solo" in page
    refused = client.post(address(here, entry.obligation, entry.subject, "duty_done"))
    assert refused.status_code == 404 and not DutyMark.objects.of(here.account).exists()


# -------------------------------------------------------------------------------------------------------------- a duty


def test_a_duty_says_why_where_and_what_it_costs(here: World, visit: Callable[..., Client]) -> None:
    page = text(visit().get(address(here)))
    for words in (
        "Riversamento trimestrale", "Scade presto", "25% dell'imposta", "Apri Imposta di soggiorno Monopoli",
        "https://monopoli.comune-online.it", "La ricevuta PagoPA", "Regolamento comunale", "Lo dice un ufficio", "Lette il",
        "novembre 2026", "Comune di Monopoli", "PEC",
    ):  # fmt: skip
        assert words in page, words
    assert "Rule" not in page and "None" not in page


def test_a_reminder_is_told_where_it_comes_before_the_last_day(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    saturday = text(client.get(address(here, "MO-IDS-04", "period:2026-Q4")))
    assert "16 gennaio 2027" in saturday and "Promemoria: 15 gennaio 2027" in saturday
    thursday = text(client.get(address(here, "MO-IDS-04", "period:2026-Q2")))
    assert "16 luglio" in thursday and "Promemoria:" not in thursday


def test_who_helps_what_they_ask_and_what_they_refuse_stand_where_it_is_done(here: World, visit: Callable[..., Client]) -> None:
    page = text(visit().get(address(here, "PU-SPOT-01", "period:2026-06")))
    for words in ("800174555", "9:00", "supporto.tecnico@aret.regione.puglia.it", "servizio.turismo@regione.puglia.it",
                  "nome e indirizzo della struttura", "una o più schermate", "associazione di categoria"):  # fmt: skip
        assert words in page, words


def test_the_page_of_the_news_of_the_police_portal_is_a_setting(here: World, visit: Callable[..., Client]) -> None:
    stays, client = full(here), visit()
    segment = stays["waiting"].parties.get().segments.get()
    where = address(here, segment.obligation, f"segment:{segment.pk}")
    before = text(client.get(where))
    assert "passaporto, o un documento" in before and 'href="https://alloggiatiweb.poliziadistato.it" rel' in before
    told = {"what": "address", "target": "parameter:police-news-url", "address": "https://example.org/avvisi.xml",
            "valid_from": "2026-07-01", "note": "indirizzo del feed"}  # fmt: skip
    rules = reverse("rules", args=[here.property.pk])
    assert client.post(rules, told | {"address": ""}).status_code == 422
    assert client.post(rules, told).status_code == 302
    assert 'href="https://example.org/avvisi.xml"' in text(client.get(where)) and "avvisi.xml" in text(client.get(rules))


def test_it_was_done_on_another_day_than_it_is_told(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    for day, words in (("2026-07-11", "nel futuro"), ("boh", "giorno non è scritto bene")):
        page = text(client.post(address(here, name="duty_done"), {"done_on": day}, follow=True))
        assert words in page and not DutyMark.objects.of(here.account).exists()
    client.post(address(here, name="duty_done"), {"done_on": "08/07/2026"})
    mark = DutyMark.objects.of(here.account).get()
    assert rome_day(mark.done_at) == date(2026, 7, 8) and rome_day(mark.created_at) == date(2026, 7, 10)


def test_what_was_typed_comes_back_when_a_proof_cannot_be_kept(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    typed = {"done_on": "2026-07-08", "note": "pagato <b>ieri</b>", "number": "CRO 12", "link": "https://example.org/r"}
    for wrong, words in (
        ({"done_on": "2026-07-11"}, "nel futuro"), ({"link": "boh"}, "indirizzo della pagina non è valido"),
        ({"files": [SimpleUploadedFile("foglio.txt", b"ciao")]}, "file vanno scelti di nuovo"),
        ({"files": [SimpleUploadedFile("vuoto.jpg", b"")]}, "è vuoto"),
    ):  # fmt: skip
        answer = client.post(address(here, name="duty_done"), typed | wrong)
        page = text(answer)
        assert answer.status_code == 422 and words in page and not DutyMark.objects.of(here.account).exists()
        kept = {name: value for name, value in (typed | wrong).items() if isinstance(value, str)}
        assert all(f'value="{value}"' in page for name, value in kept.items() if name != "note"), words
        assert ">pagato &lt;b&gt;ieri&lt;/b&gt;</textarea>" in page
    client.post(address(here, name="duty_done"), typed)
    add = reverse("proof_add", args=[DutyMark.objects.of(here.account).get().pk])
    answer = client.post(add, {"number": "CRO 13", "link": "boh"})
    assert answer.status_code == 422 and 'value="CRO 13"' in text(answer) and "<details open>" in text(answer)
    client.post(add, {"number": "CRO 13", "link": "https://example.org/s"})
    kept = {proof.name for proof in DutyProof.objects.of(here.account)}
    assert kept == {"https://example.org/r", "https://example.org/s", "CRO 13"}  # neither hides the other


def test_the_way_back_and_another_tap_write_nothing_twice_unasked(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    where = reverse("breaches", args=[here.property.pk])
    chosen = re.search(r'<option value="([A-Z]{1,3}-[^"]+)"', client.get(where).content.decode())
    assert chosen is not None
    mine = Property.objects.of(here.account).get()
    home = {"name": mine.name, "type": mine.type, "comune": mine.comune, "business": "no"}
    facts = reverse("facts", args=[mine.pk])
    for there, typed, rows in (
        (where, {"sanction": chosen[1], "on": "2025-05-01"}, Breach),
        (facts, {"kind": "unit_added", "unit_added-first_arrival": "2026-07-20T15:00"}, DutyEvent),
        (reverse("property_new"), home | {"name": "Casa Nuova"}, Property),
    ):  # fmt: skip
        before = rows.objects.of(here.account).count()
        client.post(there, typed | {"csrfmiddlewaretoken": "a"})
        answer = client.post(there, typed | {"csrfmiddlewaretoken": "b"})  # another page of the same form
        assert answer.status_code == 422 and "tale e quale" in text(answer), there
        assert 'name="again" value="1"' in text(answer) and rows.objects.of(here.account).count() == before + 1
        client.post(there, typed | {"csrfmiddlewaretoken": "b", "again": "1"})
        assert rows.objects.of(here.account).count() == before + 2  # there really are two
    shut = {"kind": "closure_planned", "closure_planned-from": "2026-12-01", "closure_planned-to": "2026-12-09"}
    answers = [client.post(facts, shut | {"csrfmiddlewaretoken": token}) for token in "ab"]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert DutyEvent.objects.of(here.account).filter(kind="closure_planned").count() == 1


FAR = ("0001-01-01", "9999-12-31", "01/01/0202")


@pytest.mark.parametrize("day", FAR)
def test_no_term_is_reckoned_from_a_day_that_nobody_can_have_meant(day: str, here: World, visit: Callable[..., Client]) -> None:
    settled(here)
    client = visit()
    sanction = reverse("breaches", args=[here.property.pk])
    chosen = re.search(r'<option value="([A-Z]{1,3}-[^"]+)"', client.get(sanction).content.decode())
    assert chosen is not None
    shut = {"kind": "closure_planned", "closure_planned-from": day, "closure_planned-to": day}
    forms = (
        (sanction, {"sanction": chosen[1], "on": "2020-01-01", "enforceable_on": day, "suspended_on": day}),
        (sanction, {"sanction": chosen[1], "on": day}),
        (reverse("facts", args=[here.property.pk]), shut),
        (reverse("flows_openings", args=[here.property.pk]), {"first": day, "last": day}),
    )  # fmt: skip
    for where, typed in forms:
        answer = client.post(where, typed)
        assert answer.status_code == 422 and day in text(answer), where
    assert not Breach.objects.of(here.account).exists() and not DutyEvent.objects.of(here.account).exists()
    assert client.post(address(here, name="duty_done"), {"done_on": day}).status_code == 422
    assert client.get(address(here)).status_code == 200


def test_too_much_at_once_is_turned_away_unread(here: World, visit: Callable[..., Client], client: Client) -> None:
    class Endless:
        def read(self, *_: object) -> bytes:
            raise AssertionError("it was read")

        readline = read

    for one in (visit(), client):
        answer = one.generic(
            "POST", address(here, name="duty_done"), b"", content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(BODY_MAX + 1), **{"wsgi.input": Endless()},
        )  # fmt: skip
        assert answer.status_code == 413 and f"{BODY_MAX // 1_000_000} MB" in text(answer)
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_no_upload_lies_in_a_temporary_file(here: World, visit: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a file on the disk")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", never)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", never)
    big = PNG + b"\0" * 4_000_000
    visit().post(address(here, name="duty_done"), {"files": [SimpleUploadedFile("grande.png", big, "image/png")]})
    assert DutyProof.objects.of(here.account).get().size == len(big)


def test_an_unknown_pec_is_said_to_be_unknown(here: World, visit: Callable[..., Client]) -> None:
    found = calendar.detail(here.account, here.property, "MO-IDS-05", "period:2026", now=here.now)
    assert found is not None and found.office is not None
    page = text(visit().get(address(here, "MO-IDS-05", "period:2026")))
    assert (found.office.pec or "PEC da verificare") in page


def test_done_with_photo_number_and_link_then_undone(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    told = {
        "number": "PagoPA 77", "note": "pagato dal conto", "link": "https://example.org/ricevuta",
        "files": [SimpleUploadedFile("ricevuta.png", PNG, "image/png")],
    }  # fmt: skip
    page = text(client.post(address(here, name="duty_done"), told, follow=True))
    mark = DutyMark.objects.of(here.account).get()
    assert mark.done_by == here.person and mark.number == "PagoPA 77" and mark.note == "pagato dal conto"
    assert (
        "Segnato da" in page
        and "Numero: PagoPA 77" in page
        and "pagato dal conto" in page
        and "https://example.org/ricevuta" in page
    )
    photo = DutyProof.objects.of(here.account).get(kind="photo")
    answer = client.get(reverse("proof", args=[photo.pk]))
    assert answer.content == PNG and answer["Content-Type"] == "image/png" and answer["Cache-Control"] == "no-store"
    assert PNG not in bytes(photo.sealed)
    assert "Riversamento trimestrale</a></h3>" not in text(client.get(reverse("calendar")))
    client.post(reverse("proof_add", args=[mark.pk]), {"number": "protocollo 12"})
    assert mark.proofs.count() == 3
    client.post(reverse("duty_undo", args=[mark.pk]))
    assert not DutyMark.objects.of(here.account).exists() and not DutyProof.objects.of(here.account).exists()
    kinds = list(Event.objects.of(here.account).filter(kind__startswith="duty.").values_list("kind", flat=True))
    assert kinds.count("duty.done") == 1 and kinds.count("duty.undone") == 1


def test_a_file_that_is_no_proof_is_refused_in_words(here: World, visit: Callable[..., Client]) -> None:
    told = {"files": [SimpleUploadedFile("conto.zip", b"PK\x03\x04 rest", "application/zip")]}
    page = text(visit().post(address(here, name="duty_done"), told, follow=True))
    assert "conto.zip" in page and not DutyMark.objects.of(here.account).exists()


def test_a_duty_that_nobody_has_cannot_be_marked(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    for obligation, subject in (
        ("MO-IDS-04", "period:1980-Q1"),
        ("MO-IDS-04", "nulla"),
        ("XX-1", "standing"),
        ("LO-STAT-01", "standing"),
    ):
        assert client.post(address(here, obligation, subject, "duty_done")).status_code == 404
    assert not DutyMark.objects.of(here.account).exists()


def test_overdue_says_what_can_still_be_done_and_what_it_costs_today(here: World, visit: Callable[..., Client]) -> None:
    settled(here)
    client = visit()
    late = address(here, "MO-IDS-04", "period:2026-Q1")  # due on 16 April: 85 days late on 10 July
    page = text(client.get(late))
    assert "Che cosa si può ancora fare" in page and "ravvedimento" in page and "Si può punire fino al" in page
    reckoned = text(client.get(late, {"imposta": "100,00"}))
    assert "100,00 €" in reckoned and "Sanzione ridotta" in reckoned and "1,39 €" in reckoned  # 12.5 % of 100, one ninth
    assert client.get(late, {"imposta": "cento"}).status_code == 200


def test_a_past_breach_changes_the_sum(here: World, visit: Callable[..., Client]) -> None:
    told = {"name": "Nuraghe", "type": "bb", "comune": "090064", "since": date(2020, 1, 1)}
    house = accounts.add_property(here.account, told, now=here.now, by=here.person)
    where = reverse("duty", args=[house.pk, "SA-SEG-01", "standing"])
    client = visit()
    before = text(client.get(where))
    assert "Se si ripete" in before and "sospensione" not in before.split("Se si ripete")[0]
    told = {"sanction": "S-26-3a", "on": "2025-05-01", "enforceable_on": "2025-09-01"}
    client.post(reverse("breaches", args=[house.pk]), told)
    after = text(client.get(where))
    assert "Violazioni già contate: 1" in after
    assert "sospensione dell'attività" in after  # what the third one would bring
    sums = [re.search(r'class="amount">(.*?)<', page).group(1) for page in (before, after)]  # type: ignore[union-attr]
    assert sums[0] != sums[1]


@pytest.mark.parametrize(
    ("comune", "duty", "told"),
    [
        ("092009", "SA-SEG-01", ["Non si sa chi applica le sanzioni"]),  # of the sanction
        ("092009", "IT-PS-08", ["Anche ai commissariati di Quartu", "nomi e indirizzi cambiano", "e se c'è un termine"]),
        ("072030", "MO-IDS-02", ["il regolamento vigente non è stato letto"]),
        ("015146", "LO-ASS-01", ["l'art. 38 non è stato letto"]),
        ("015146", "IT-CIN-02", ["i numeri dei commi sui controlli", "per chi non è impresa"]),
    ],
)
def test_what_nobody_verified_is_on_the_page_of_the_duty(
    comune: str, duty: str, told: list[str], here: World, visit: Callable[..., Client]
) -> None:
    """Of the duty itself, of what it costs, and of the office it goes to."""
    facts = {"name": "Altrove", "type": "bb", "comune": comune, "since": date(2020, 1, 1)}
    house = accounts.add_property(here.account, facts, now=here.now, by=here.person)
    page = text(visit().get(reverse("duty", args=[house.pk, duty, "standing"])))
    assert "Che cosa non è certo" in page
    assert [words for words in told if words not in page] == []


# ---------------------------------------------------------------------------------------------------- checklist and feed


def test_a_photo_that_browsers_do_not_draw_is_opened_as_pages_and_kept_as_it_came(
    here: World, visit: Callable[..., Client]
) -> None:  # fmt: skip
    client, heic, tif = visit(), scans.shot("heic"), scans.saved(scans.picture(), "tiff")
    files = [SimpleUploadedFile("IMG_0042.HEIC", heic, "image/heic"), SimpleUploadedFile("fax.tif", tif, "image/tiff"),
             SimpleUploadedFile("schermo.webp", scans.shot("webp"), "image/webp")]  # fmt: skip
    page = text(client.post(address(here, name="duty_done"), {"files": files}, follow=True))
    rows = {row.name: row for row in DutyProof.objects.of(here.account).filter(kind="photo")}
    for name, content in (("IMG_0042.HEIC", heic), ("fax.tif", tif)):
        where = reverse("proof", args=[rows[name].pk])
        assert f'{where}?originale=1"' in page and f'<img src="{where}"' not in page
        shown, kept = client.get(where), client.get(where, {"originale": "1"})
        assert shown["Content-Type"] == "application/pdf" and shown["Content-Disposition"].startswith("inline")
        assert shown.content.startswith(b"%PDF") and b"Fotofono" not in shown.content
        assert kept.content == content and kept["Content-Type"] == rows[name].media_type
        assert hashlib.sha256(kept.content).hexdigest() == rows[name].sha256
        assert kept["Content-Disposition"].startswith("attachment")
    drawn = reverse("proof", args=[rows["schermo.webp"].pk])
    assert f'<img src="{drawn}"' in page and client.get(drawn)["Content-Type"] == "image/webp"
    told = {"back": "inspection", "files": [SimpleUploadedFile("targa.heic", heic, "image/heic")]}
    client.post(address(here, "IT-CIN-02", "standing", "duty_done"), told)
    sheet = text(client.get(reverse("inspection", args=[here.property.pk])))
    assert "targa.heic" in sheet and "?originale=1" in sheet and "<img" not in sheet


def test_what_file_choosers_offer_is_what_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = {f".{end}" for end in SUFFIXES.values()}
    assert everything <= set(accepted().split(","))
    monkeypatch.setattr("locanda.web.templatetags.scans.READS_HEIC", False)  # without the extra a telephone makes JPEG of it
    assert everything - set(accepted().split(",")) == {".heic"}


def test_the_checklist_is_ticked_with_a_photo(here: World, visit: Callable[..., Client]) -> None:
    settled(here)
    client = visit()
    where = reverse("inspection", args=[here.property.pk])
    before = text(client.get(where))
    assert "0 su" in before and "Esposizione del CIN" in before and "Il Trullo" in before and "MONOPOLI (BA)" in before
    told = {"back": "inspection", "files": [SimpleUploadedFile("targa.png", PNG, "image/png")]}
    answer = client.post(address(here, "IT-CIN-02", "standing", "duty_done"), told)
    assert answer["Location"] == f"{where}#IT-CIN-02-standing"
    after = text(client.get(where))
    assert "1 su" in after and "Visto il 10/07/2026 da" in after
    assert reverse("proof", args=[DutyProof.objects.of(here.account).get().pk]) in after
    ours = client.post(address(here, "LOC-SIGN", "standing", "duty_done"), {"back": "inspection"})
    assert ours.status_code == 302 and "2 su" in text(client.get(where))
    mark = DutyMark.objects.of(here.account).get(obligation="IT-CIN-02")
    client.post(reverse("duty_undo", args=[mark.pk]), {"back": "inspection"})
    assert "1 su" in text(client.get(where))


def test_listings_are_checked_one_by_one(here: World, visit: Callable[..., Client]) -> None:
    settled(here)
    duty_marks.record_event(
        here.property,
        "listing_published",
        {"on": "2026-01-10", "url": "https://example.org/trullo"},
        now=here.now,
        person=here.person,
    )
    assert "https://example.org/trullo" in text(visit().get(reverse("inspection", args=[here.property.pk])))


def test_the_feed_needs_no_login_and_dies_when_revoked(here: World, visit: Callable[..., Client], client: Client) -> None:
    owner = visit()
    here.check_in(guest("SEGRETISSIMI", "ADA"))
    owner.post(reverse("feeds"), {"property": str(here.property.pk)})
    page = owner.get(reverse("feeds")).content.decode()
    link = page.split('value="http://testserver')[1].split('"')[0]
    assert f"webcal://testserver{link}" in page
    answer = client.get(link)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    assert answer["Cache-Control"] == "private, no-cache" and answer["X-Robots-Tag"] == "noindex"
    assert client.get(link, headers={"if-none-match": answer["ETag"]}).status_code == 304
    read = Calendar.from_ical(answer.content)
    assert {one.name for one in read.subcomponents} == {"VTODO", "VEVENT"}
    assert b"SEGRETISSIMI" not in answer.content and b"/calendario/" in answer.content
    assert client.get("/calendario/" + "A" * 54 + ".ics").status_code == 404
    assert client.get("/calendario/è.ics").status_code == 404
    reader = visit(as_role(here, "reader").person)
    assert link not in reader.get(reverse("feeds")).content.decode()
    owner.post(reverse("feed_revoke", args=[FeedAddress.objects.of(here.account).get().pk]))
    assert client.get(link).status_code == 404
    assert "Ancora nessun indirizzo" in text(owner.get(reverse("feeds")))


def test_behind_another_server_the_feed_says_the_address_that_people_open(
    here: World, visit: Callable[..., Client], client: Client, settings: Any
) -> None:
    owner = visit()
    owner.post(reverse("feeds"), {"property": str(here.property.pk)})
    settings.LOCANDA_ADDRESS = "https://locanda.example.org"
    page = owner.get(reverse("feeds")).content.decode()
    link = page.split('value="https://locanda.example.org')[1].split('"')[0]
    assert f"webcal://locanda.example.org{link}" in page and "testserver" not in page
    shown = b"".join(client.get(link).content.split(b"\r\n "))  # long lines are folded
    assert b"URL:https://locanda.example.org/calendario/" in shown and b"testserver" not in shown


def test_a_duty_of_another_account_is_opened_there(here: World, visit: Callable[..., Client]) -> None:
    """A mail tells of all accounts that one works for: its links lead on from any of them, and change nothing unasked."""
    other = accounts.open_account("Masserie", email="b@example.org", password="x" * 12, full_name="B", now=here.now)
    told = {"name": "La Masseria", "type": "bb", "comune": "416072030"}
    there = [accounts.add_property(other.account, told | {"name": name}, now=here.now, by=None) for name in ("La Masseria", "X")]
    member = accounts.add_person(
        other.account, email=here.person.email, full_name="", role="manager", now=here.now, by=other.person
    )
    member.properties.set(there[:1])
    first, second = (reverse("duty", args=[one.pk, "MO-IDS-04", "period:2026-Q2"]) for one in there)
    client = visit()
    page = text(client.get(first))
    assert "Questo è di Masserie" in page and "Riversamento" not in page and "La Masseria" not in page
    assert client.get(reverse("today")).wsgi_request.seat.account == here.account
    moved = client.post(reverse("switch_account"), {"account": str(other.account.pk), "next": first}, follow=True)
    assert "Riversamento trimestrale" in text(moved) and "La Masseria" in text(moved)
    assert client.get(second).status_code == 404  # they do not work for that one
    calendar = {"conto": str(here.account.pk)}
    assert "Questo è di Prova" in text(client.get(reverse("calendar"), calendar))
    assert "Questo è di" not in text(client.get(reverse("calendar"), {"conto": str(here.property.pk)}))
    gone = client.post(reverse("switch_account"), {"account": str(here.account.pk), "next": "https://altrove.example/"})
    assert gone["Location"] == "/"
    stranger = visit(as_role(here, "manager").person)
    assert stranger.get(first).status_code == 404


def test_who_is_kept_to_one_property_makes_no_address_for_all(here: World, visit: Callable[..., Client]) -> None:
    member = as_role(here, "manager")
    member.properties.set([here.property])
    client = visit(member.person)
    assert client.post(reverse("feeds"), {"property": ""}).status_code == 404
    assert client.post(reverse("feeds"), {"property": str(here.property.pk)}).status_code == 302
    assert FeedAddress.objects.of(here.account).get().property == here.property


def test_reminders_say_whether_they_work(here: World, visit: Callable[..., Client], settings: object) -> None:
    assert "Spenti" in text(visit().get(reverse("feeds")))
    settings.LOCANDA_MAIL_FROM = "locanda@example.org"  # type: ignore[attr-defined]
    assert "Mandiamo un riassunto" in text(visit().get(reverse("feeds")))


# ------------------------------------------------------------------------------------------------- facts, breaches, rules


def test_facts_start_duties_and_are_withdrawn(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    where = reverse("facts", args=[here.property.pk])
    wrong = client.post(
        where, {"kind": "closure_planned", "closure_planned-from": "2026-08-20", "closure_planned-to": "2026-08-10"}
    )
    assert wrong.status_code == 422 and not DutyEvent.objects.of(here.account).exists()
    missing = client.post(where, {"kind": "price_change"})
    assert missing.status_code == 422 and "Giorno: " in text(missing)
    client.post(where, {"kind": "closure_planned", "closure_planned-from": "2026-08-10", "closure_planned-to": "2026-08-20"})
    client.post(
        where, {"kind": "listing_published", "listing_published-on": "2026-07-01", "listing_published-url": "example.org/x"}
    )
    client.post(where, {"kind": "form_signed", "form_signed-at": "2026-07-14T09:00"})
    rows = {row.kind: row.data for row in DutyEvent.objects.of(here.account)}
    assert rows["closure_planned"] == {"from": "2026-08-10", "to": "2026-08-20"}
    assert rows["listing_published"] == {"on": "2026-07-01", "url": "https://example.org/x"}
    assert rows["form_signed"] == {"at": "2026-07-14T09:00:00+02:00"}
    page = text(client.get(where))
    assert "Chiusura programmata" in page and "lunedì 10 agosto 2026" in page
    closure = DutyEvent.objects.of(here.account).get(kind="closure_planned")
    client.post(reverse("fact_withdraw", args=[closure.pk]))
    assert client.post(reverse("fact_withdraw", args=[closure.pk])).status_code == 404
    assert client.post(where, {"kind": "nulla"}).status_code == 200  # a kind that there is not: nothing happens


def test_breaches_are_kept_with_how_they_ended(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    where = reverse("breaches", args=[here.property.pk])
    told = {"sanction": "N-CIN-SHOW", "on": "2026-05-01", "enforceable_on": "2026-04-01"}
    assert client.post(where, told).status_code == 422
    assert client.post(where, told | {"on": "2026-12-01", "enforceable_on": ""}).status_code == 422
    assert client.post(where, {"sanction": "nulla", "on": "2026-05-01"}).status_code == 422
    assert not Breach.objects.of(here.account).exists()
    client.post(where, told | {"enforceable_on": "2026-06-01"})
    client.post(where, told | {"on": "2026-05-02", "enforceable_on": "2026-06-01", "settled_reduced": "on"})
    page = text(client.get(where))
    assert page.count("Conta per la recidiva") == 1 and page.count("Non conta per la recidiva") == 1


def test_a_breach_is_put_right_and_removed_and_history_keeps_it(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    where = reverse("breaches", args=[here.property.pk])
    told = {"sanction": "N-CIN-SHOW", "on": "2026-05-01", "enforceable_on": "2026-06-01"}
    client.post(where, told | {"note": "verbale di ROSSI"})
    row = Breach.objects.of(here.account).get()
    own = reverse("breach", args=[row.pk])
    assert own in text(client.get(where)) and 'value="2026-05-01"' in text(client.get(own))
    wrong = client.post(own, told | {"on": "2026-07-01"})
    assert wrong.status_code == 422 and "prima della violazione" in text(wrong)
    client.post(own, told | {"on": "2026-04-30", "settled_reduced": "on", "note": "altro"})
    row.refresh_from_db()
    assert (row.on, row.settled_reduced, row.note) == (date(2026, 4, 30), True, "altro")
    page = text(client.get(where))
    assert "Non conta per la recidiva" in page and "Storia: 2" in page
    assert "Giorno della violazione: venerdì 1° maggio 2026 → giovedì 30 aprile 2026" in page and "no → sì" in page
    client.post(own, {"sanction": "N-CIN-SHOW", "on": "2026-04-30", "enforceable_on": "2026-06-01", "settled_reduced": "on",
                      "note": "altro"})  # fmt: skip
    assert Event.objects.of(here.account).filter(kind="breach.changed").count() == 1  # nothing changed: nothing told
    assert client.get(reverse("breach_remove", args=[row.pk])).status_code == 405
    client.post(reverse("breach_remove", args=[row.pk]))
    page = text(client.get(where))
    assert "Nessuna: bene così" in page and "Storia: 3" in page and "Violazione tolta" in page
    assert client.post(reverse("breach_remove", args=[row.pk])).status_code == 404
    assert "ROSSI" not in str([one.data for one in Event.objects.of(here.account)])


def test_a_breach_of_others_is_not_found(here: World, visit: Callable[..., Client]) -> None:
    by = {"now": here.now, "person": here.person}
    row, _ = breaches.record(here.property, "N-SIC", date(2026, 5, 1), **by)
    assert row is not None
    second = accounts.add_property(here.account, {"name": "Altrove", "type": "bb", "comune": "416072030"}, now=here.now, by=None)
    member = as_role(here, "manager")
    member.properties.set([second])
    other = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=here.now)
    for person in (member.person, other.person):
        client = visit(person)
        assert client.get(reverse("breach", args=[row.pk])).status_code == 404
        assert client.post(reverse("breach_remove", args=[row.pk])).status_code == 404
    assert visit(as_role(here, "front_desk").person).get(reverse("breach", args=[row.pk])).status_code == 403


# --------------------------------------------------------------------------------------------------- before the house knew


def test_what_was_before_is_marked_at_once_and_taken_back(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    where = reverse("backlog")
    assert where in text(client.get(reverse("calendar")))
    page = client.get(where).content.decode()
    keys = re.findall(r'name="duty" value="([^"]+)"', page)
    spot = next(key for key in keys if key.endswith(":PU-SPOT-01"))
    assert len(keys) > 3 and page.count("checked") == len(keys)
    told = {"until": "2026-07-10", "mark": "1", "duty": [key for key in keys if key != spot]}
    after = text(client.post(where, told, follow=True))
    marks = DutyMark.objects.of(here.account)
    assert marks.exists() and set(marks.values_list("before", "done_by")) == {(True, here.person.pk)}
    assert "Segnati come fatti prima di Locanda" in after and not marks.filter(obligation="PU-SPOT-01").exists()
    assert not marks.filter(subject__startswith="segment:").exists()
    mark = marks.filter(obligation="MO-IDS-04").first()
    assert mark is not None
    assert "Fatto prima di Locanda: lo ha detto Oste" in text(client.get(address(here, "MO-IDS-04", mark.subject)))
    (event,) = Event.objects.of(here.account).filter(kind="duty.before")
    assert event.data == {"marks": marks.count(), "until": "2026-07-10"}
    left = re.findall(r'name="duty" value="([^"]+)"', client.get(where).content.decode())
    assert left == [spot]
    client.post(reverse("proof_add", args=[mark.pk]), {"number": "PagoPA 12"})
    client.post(reverse("backlog_take_back"), {"struttura": str(here.property.pk)})
    assert [row.pk for row in marks] == [mark.pk]  # what got a proof since is no mere word any more


def test_only_what_was_due_by_the_named_day_is_marked(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    where = reverse("backlog")
    page = client.get(where, {"fino": "2026-03-31"}).content.decode()
    keys = re.findall(r'name="duty" value="([^"]+)"', page)
    client.post(where, {"until": "2026-03-31", "mark": "1", "duty": keys})
    subjects = set(DutyMark.objects.of(here.account).filter(obligation="PU-SPOT-01").values_list("subject", flat=True))
    assert "period:2026-02" in subjects and "period:2026-03" not in subjects  # the latter was due on 10 April
    for day, words in (("2027-01-01", "deve ancora venire"), ("ieri", "Scrivi un giorno")):
        wrong = client.post(where, {"until": day, "mark": "1", "duty": keys})
        assert f'name="until" value="{day}"' in text(wrong)
        assert wrong.status_code == 422 and words in text(wrong)
    assert client.post(where, {"until": "2026-07-10", "mark": "1"}).status_code == 422  # nothing ticked


def test_what_was_due_since_is_never_in_the_bulk(here: World, visit: Callable[..., Client]) -> None:
    settled(here)  # here since a year: nothing late is from before
    late = {(one.obligation, one.subject) for one in calendar.overdue(here.account, [here.property], now=here.now)}
    page = visit().get(reverse("backlog"), {"fino": "2026-07-10"}).content.decode()
    keys = re.findall(r'name="duty" value="([^"]+)"', page)
    visit().post(reverse("backlog"), {"until": "2026-07-10", "mark": "1", "duty": keys})
    marked = set(DutyMark.objects.of(here.account).values_list("obligation", "subject"))
    assert late and not marked & late


def test_the_bulk_is_of_ones_own_properties_and_for_managers(here: World, visit: Callable[..., Client]) -> None:
    second = accounts.add_property(here.account, {"name": "Altrove", "type": "bb", "comune": "416072030"}, now=here.now, by=None)
    member = as_role(here, "manager")
    member.properties.set([second])
    client = visit(member.person)
    page = client.get(reverse("backlog")).content.decode()
    keys = re.findall(r'name="duty" value="([^"]+)"', page)
    assert keys and all(key.startswith(str(second.pk)) for key in keys)
    assert client.get(reverse("backlog"), {"struttura": str(here.property.pk)}).status_code == 404
    stolen = [key.replace(str(second.pk), str(here.property.pk)) for key in keys]
    assert client.post(reverse("backlog"), {"until": "2026-07-10", "mark": "1", "duty": stolen}).status_code == 422
    assert not DutyMark.objects.of(here.account).exists()
    assert visit(as_role(here, "front_desk").person).get(reverse("backlog")).status_code == 403


def test_a_rule_is_changed_for_oneself_and_it_shows(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    where = reverse("rules", args=[here.property.pk])
    base = {"valid_from": "2026-07-01", "note": "lettera del comune del 3 luglio"}
    wrong = client.post(where, base | {"what": "day", "target": "contact:COM-MONOPOLI", "day": "20"})
    assert wrong.status_code == 422 and "niente di questo tipo" in text(wrong)
    assert client.post(where, base | {"what": "day", "target": "obligation:MO-IDS-04"}).status_code == 422
    assert client.post(where, base | {"what": "off", "target": "obligation:MO-IDS-04", "note": ""}).status_code == 422
    assert not RuleOverride.objects.of(here.account).exists()
    client.post(where, base | {"what": "day", "target": "obligation:MO-IDS-04", "day": "20"})
    called = base | {"note": "telefonata con i tributi"}
    client.post(where, called | {"what": "pec", "target": "contact:COM-MONOPOLI", "pec": "tributi@example.org"})
    client.post(where, base | {"what": "amount", "target": "sanction:M-500", "low": "10", "high": "20.50"})
    assert RuleOverride.objects.of(here.account).count() == 3
    third = calendar.entries(here.account, [here.property], from_=date(2026, 10, 1), to=date(2026, 10, 31), now=here.now)
    assert next(one for one in third if one.obligation == "MO-IDS-04").nominal == date(2026, 10, 20)
    page = text(client.get(where))
    assert "Giorno del mese: 20" in page and "tributi@example.org" in page and "10,00 € – 20,50 €" in page
    opened = text(client.get(address(here, "MO-IDS-04", "period:2026-Q3")))
    assert "Dal 01/07/2026" in opened and "lettera del comune" in opened
    assert "tributi@example.org" in opened and f"telefonata con i tributi ({here.person})" in opened
    client.post(where, base | {"what": "off", "target": "obligation:MO-IDS-05"})
    assert "Dichiarazione annuale al Comune" in text(client.get(where)) and "Questo dovere qui non vale" in text(
        client.get(where)
    )
    for row in RuleOverride.objects.of(here.account):
        client.post(reverse("rule_end", args=[row.pk]))
    assert "valgono le regole di Locanda" in text(client.get(where))


# ---------------------------------------------------------------------------------------------------------- onboarding


def test_a_new_property_shows_its_calendar_at_once(here: World, visit: Callable[..., Client]) -> None:
    told = {
        "name": "La Lamia", "type": "albergo", "comune": "MONOPOLI (BA)", "business": "yes", "credential": "", "stars": "3",
        "since": "2024-03-01", "floors_m2": "80; 65.5",
    }  # fmt: skip
    client = visit()
    assert client.post(reverse("property_new"), told | {"floors_m2": "ottanta"}).status_code == 422
    page = text(client.post(reverse("property_new"), told, follow=True))
    row = Property.objects.of(here.account).get(name="La Lamia")
    assert (row.stars, row.since, row.floors_m2) == (3, date(2024, 3, 1), ["80", "65.5"])
    assert "Che cosa devi fare" in page and "Riversamento trimestrale" in page and "Per ogni arrivo" in page
    assert "Comunicazione delle generalità" in page or "Alloggiati" in page
    edit = client.get(reverse("property", args=[row.pk])).content.decode()
    assert 'value="80, 65.5"' in edit and 'value="2024-03-01"' in edit


def test_everybody_reads_and_only_managers_change(here: World, visit: Callable[..., Client]) -> None:
    reader = visit(as_role(here, "reader").person)
    for name in ("property_duties", "inspection"):
        assert reader.get(reverse(name, args=[here.property.pk])).status_code == 200
    page = reader.get(address(here)).content.decode()
    assert "Segna come fatto" not in page and reverse("rules", args=[here.property.pk]) not in page
    desk = visit(as_role(here, "front_desk").person)
    for name in ("facts", "breaches", "rules", "request"):
        assert desk.get(reverse(name, args=[here.property.pk])).status_code == 403
    assert desk.post(address(here, name="duty_done")).status_code == 302
    assert DutyMark.objects.of(here.account).count() == 1


def test_the_pages_speak_english(here: World, visit: Callable[..., Client]) -> None:
    here.person.language = "en"
    here.person.save()
    client = visit()
    assert "Quarterly pay-over" in text(client.get(reverse("calendar")))
    page = text(client.get(address(here)))
    assert "25% of the tax" in page and "quarter 2 of 2026" in page and "Read on" in page
    assert "What an inspection would ask" in text(client.get(reverse("inspection", args=[here.property.pk])))
