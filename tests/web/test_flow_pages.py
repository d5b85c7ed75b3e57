"""The visitor statistics through their pages: what is missing first, white days in one act, figures, closures, years, files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from locanda.archive.models import DayState, DutyEvent, FlowSending, Guest, PortalDay, Property
from locanda.office import accounts, sending
from locanda.office.statistics import days, sendings
from tests.web.flow_scene import FlowHouse, at_portal, lived_june
from tests.web.scene import PASSWORD, as_role
from tests.web.tax_scene import at
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def flat(here: World) -> FlowHouse:
    return lived_june(here)


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def heard(page: str, day: str) -> str:
    """What a day of the grid says."""
    start = page.index(f'<span class="only-heard">{day}')
    return page[start : page.index("</span>", start)]


def test_one_flat_goes_straight_to_the_month_that_calls_for_a_hand(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    answer = visit().get("/statistica/")
    assert answer.status_code == 302 and answer["Location"] == flat.june


def test_the_month_says_first_what_is_missing(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    page = text(visit().get(flat.june))
    assert page.index("Ospiti senza residenza valida: 1") < page.index("Giorni bianchi: 19") < page.index("month-grid")
    assert f"/arrivi/{flat.unknown.pk}/" in page and "BLU" not in page
    assert ("10 luglio 2026" in page and "SPOT" in page) or "DMS" in page


def test_each_day_bears_the_colour_of_the_portals_and_says_it(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    page = text(visit().get(flat.june))
    assert "Aperto, con ospiti, arrivati 2, partiti 0, presenti 2, camere occupate 1" in heard(page, "venerdì 5 giugno 2026")
    assert "Aperto, nessuna camera occupata" in heard(page, "martedì 9 giugno 2026")
    assert "un dato che manca" in heard(page, "giovedì 11 giugno 2026") and "manca qualcosa" in heard(page, "giovedì 11 giugno")
    assert "Chiuso" in heard(page, "domenica 28 giugno 2026")
    assert "Non detto" in heard(page, "lunedì 1° giugno 2026")
    july = text(visit().get(f"{flat.base}/2026-07/"))
    assert "Non detto" in heard(july, "giovedì 2 luglio 2026") and "Deve ancora venire" in heard(july, "venerdì 3 luglio 2026")


def test_white_days_are_filled_in_one_act_and_taken_back(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    asked = text(client.get(flat.june + "riempi/?cosa=zero"))
    assert asked.count('name="giorno"') == 19 and "lunedì 1° giugno 2026" in asked and "venerdì 5 giugno" not in asked
    assert "non hai scelto" in text(client.post(flat.june + "riempi/", {"cosa": "zero"}), 422).lower()
    chosen = ["2026-06-01", "2026-06-02", "2026-06-05"]  # the 5th has guests: it is not white and stays what it is
    answer = client.post(flat.june + "riempi/", {"cosa": "zero", "giorno": chosen})
    assert answer.status_code == 302 and answer["Location"] == flat.june + "?riempiti=1,2"
    rows = DayState.objects.of(flat.world.account).filter(day__lte=date(2026, 6, 5))
    assert [(row.day.day, row.open) for row in rows] == [(1, True), (2, True)]
    page = text(client.get(answer["Location"]))
    assert "Segnati aperti senza ospiti: 1, 2" in page and "Giorni bianchi: 17" in page
    assert client.post(flat.june + "riempi/annulla/", {"giorni": "1,2"}).status_code == 302
    assert "Giorni bianchi: 19" in text(client.get(flat.june))
    client.post(flat.june + "riempi/", {"cosa": "chiusi", "giorno": ["2026-06-03"]})
    assert "Chiuso" in heard(text(client.get(flat.june)), "mercoledì 3 giugno 2026")


def test_a_day_shows_who_is_behind_it_and_is_said_to_be_something_else(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    there = f"{flat.base}/2026-06-05/"
    page = text(client.get(there))
    assert "Bologna" in page and "arrivano quel giorno · persone: 2" in page and f"/arrivi/{flat.italians.pk}/" in page
    assert "ROSSI" not in page and "non è ancora stato mandato niente" in page
    closed = text(client.post(there, {"open": "no", "rooms": "", "beds": "", "reason": ""}), 422)
    assert "qualcuno dorme" in closed and not DayState.objects.of(flat.world.account).filter(day=date(2026, 6, 5)).exists()
    wrong = text(client.post(there, {"open": "yes", "rooms": "3", "beds": "2", "reason": ""}), 422)
    assert "più dei letti" in wrong
    told = {"open": "yes", "rooms": "1", "beds": "2", "reason": "Un letto rotto"}
    assert client.post(there, told).status_code == 302
    page = text(client.get(there))
    assert "Lo hai detto tu: Un letto rotto" in page
    assert client.post(there, {"togli": "1"}).status_code == 302
    assert not DayState.objects.of(flat.world.account).filter(day=date(2026, 6, 5)).exists()


def test_what_the_portal_has_stands_in_the_calendar(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    at_portal(flat.world, {5: "accepted", 6: "rejected", 7: "in_doubt", 8: "handed_over", 21: "changed"})
    PortalDay(
        account=flat.world.account, property=flat.world.property, portal="ALTRO", day=date(2026, 6, 9), state="accepted",
        held=True, changed_at=flat.world.now,
    ).save()  # fmt: skip
    page = text(visit().get(flat.june))
    assert "Accettato" in heard(page, "venerdì 5 giugno 2026")
    assert "Cambiato dopo l'invio" in heard(page, "domenica 21 giugno 2026")
    assert "Rifiutato" in heard(page, "sabato 6 giugno 2026") and "Da controllare sul portale" in heard(page, "domenica 7 giugno")
    assert "Consegnato, non confermato" in heard(page, "lunedì 8 giugno 2026")
    assert "ccettato" not in heard(page, "martedì 9 giugno 2026")
    assert "Giorni rifiutati dal portale" in page


def test_closures_are_planned_refused_over_guests_and_taken_back(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    client, there = visit(), f"{flat.base}/aperture/"
    assert client.post(there, {"first": "2026-11-01", "last": "2027-01-10"}).status_code == 302
    page = text(client.get(there))
    assert "Giorni di chiusura: 71" in page and "non è nota una regola" in page and "Giorni chiusi nel 2026" in page
    assert "chiusura programmata dal" in text(client.post(there, {"first": "2026-12-01", "last": "2026-12-02"}), 422)
    assert "prima di cominciare" in text(client.post(there, {"first": "2026-10-02", "last": "2026-10-01"}), 422)
    assert "qualcuno dorme" in text(client.post(there, {"first": "2026-06-01", "last": "2026-06-10"}), 422)
    event = DutyEvent.objects.of(flat.world.account).get(kind="closure_planned")
    november = text(client.get(f"{flat.base}/2026-11/"))
    assert "Chiuso" in heard(november, "domenica 1° novembre 2026")
    assert client.post(there, {"aperto": "2026-12-31"}).status_code == 302
    assert "non è dentro una chiusura" in text(client.post(there, {"aperto": "2026-10-31"}, follow=True))
    assert "non è dentro una chiusura" in text(client.post(there, {"aperto": "domani"}, follow=True))
    assert "Giorni di chiusura: 70" in text(client.get(there)) and "Aperti lo stesso" in text(client.get(there))
    assert client.post(f"{there}{event.pk}/togli/").status_code == 302
    event.refresh_from_db()
    assert event.withdrawn_at is not None


def test_lombardia_counts_to_ninety_and_wants_it_the_day_before(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    Property.objects.of(flat.world.account).filter(pk=flat.world.property.pk).update(comune="403014061")  # Sondrio
    client, there = visit(), f"{flat.base}/aperture/"
    client.post(there, {"first": "2026-07-20", "last": "2026-08-10"})
    page = text(client.get(there))
    assert "23 / 90" in page and "Ne mancano 67" in page and "domenica 19 luglio" in page  # the 28th of June and 22 days
    assert "Segnati senza programmarli" in page and "va comunicata sul portale" in page


def test_the_year_stands_beside_the_year_before(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    page = text(client.get(f"{flat.base}/2026/"))
    assert page.count("<svg viewBox") >= 4 and "Germania" in page and "Bologna" in page and "Presenze per mese" in page
    assert "Fino al 2 luglio 2026" in page
    every = text(client.get("/statistica/anno/2026/"))
    assert "Tutte le strutture, 2026" in every and "Germania" in every
    assert "non c'è ancora niente" in text(client.get(f"{flat.base}/2024/"))


@pytest.mark.parametrize("table", ["calendar", "daily", "months", "residences", "guests", "spot"])
def test_every_table_of_the_month_is_carried_away(flat: FlowHouse, visit: Callable[..., Client], table: str) -> None:
    client = visit()
    there = f"{flat.base}/2026-05/" if table in ("guests", "spot") else flat.june  # nothing is missing in May
    sheet = client.get(f"{there}?formato=csv&tabella={table}")
    assert sheet.status_code == 200 and sheet["Content-Type"].startswith("text/csv")
    assert sheet.content.startswith(b"\xef\xbb\xbf") and b"ROSSI" not in sheet.content
    book = client.get(f"{there}?formato=xlsx&tabella={table}")
    assert zipfile.is_zipfile(io.BytesIO(book.content)) and table in book["Content-Disposition"]


def test_the_other_tables_are_carried_away_too(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    tables = {"2026": "year", "aperture": "closures", "2026-06-05": "daily"}
    for there in (*(f"{flat.base}/{page}/?formato=csv&tabella={table}" for page, table in tables.items()),
                  "/statistica/anno/2026/?formato=csv&tabella=countries"):  # fmt: skip
        answer = client.get(there)
        assert answer["Content-Type"].startswith("text/csv"), there
    assert "Germania" in client.get("/statistica/anno/2026/?formato=csv&tabella=countries").content.decode()
    assert zipfile.is_zipfile(io.BytesIO(client.get(flat.june + "?formato=xlsx").content))
    assert client.get(flat.june + "?formato=csv").status_code == 200  # one file of all tables there is not: the page


def test_who_reads_fills_nothing_and_who_works_for_one_sees_no_other(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    reader = visit(as_role(flat.world, "reader").person)
    assert "riempi/" not in text(reader.get(flat.june))
    assert reader.post(flat.june + "riempi/", {"cosa": "zero", "giorno": ["2026-06-01"]}).status_code == 403
    desk = visit(as_role(flat.world, "front_desk").person)
    assert desk.post(f"{flat.base}/aperture/", {"first": "2026-11-01", "last": "2026-11-02"}).status_code == 403
    other = accounts.add_property(
        flat.world.account, {"name": "La Torre", "type": "bb", "comune": "416072030"}, now=flat.world.now, by=flat.world.person
    )
    member = as_role(flat.world, "manager", "uno@example.org")
    member.properties.set([other])
    client = visit(member.person)
    for there in (flat.june, f"{flat.base}/2026/", f"{flat.base}/2026-06-05/", f"{flat.base}/aperture/"):
        assert client.get(there).status_code == 404, there
    assert "Germania" not in text(client.get("/statistica/anno/2026/"))


def test_no_such_month_day_or_year(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    for there in ("2026-13", "2026-06-31", "1850", "2030-01", "1999-01", "2031-05-01"):
        assert client.get(f"{flat.base}/{there}/").status_code == 404, there


def test_an_agency_sees_the_worst_first_and_finds_its_flats(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    made = flat.world
    at(made, 2026, 7, 12, 9)  # the term of June is over
    for number in range(45):
        accounts.add_property(
            made.account, {"name": f"Casa {number:02}", "type": "bb", "comune": "416072030", "rooms": 2, "beds": 4},
            now=made.now, by=made.person,
        )  # fmt: skip
    client = visit()
    page = text(client.get("/statistica/"))
    assert page.index("Il Trullo") < page.index("Casa 00") and "In ritardo" in page and "entro il 10 luglio 2026" in page
    assert "Prima di Locanda" in page and "Pagina 1 di 2" in page
    found = text(client.get("/statistica/?cerca=casa+44"))
    assert "Casa 44" in found and "Casa 00" not in found
    assert "Casa 00" not in text(client.get("/statistica/?stato=todo&cerca=trullo"))
    sheet = client.get("/statistica/?formato=csv&tabella=properties").content.decode()
    assert sheet.count("\r\n") == 1 + 2 * 46 and "Il Trullo" in sheet and "In ritardo" in sheet
    assert "Pagina 2 di 2" in text(client.get("/statistica/?pagina=2"))


def test_from_white_days_to_what_the_portal_took(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    made, client = flat.world, visit()
    Property.objects.of(made.account).filter(pk=made.property.pk).update(portal_ids={"spot": "BA07203042000012345"})
    page = text(client.get(flat.june))
    assert "Prepara il file" not in page  # something is missing still
    refused = text(client.post(flat.june + "prepara/"), 422)
    assert "non si può ancora mandare" in refused and f"/arrivi/{flat.unknown.pk}/statistica/" in refused
    assert not FlowSending.objects.of(made.account).exists()
    sending.cancel(flat.unknown, now=made.now, person=made.person)
    white = [f"2026-06-{number:02}" for number in range(1, 31)]
    assert client.post(flat.june + "riempi/", {"cosa": "zero", "giorno": white}).status_code == 302
    page = text(client.get(flat.june))
    assert "Giorni bianchi" not in page and "Prepara il file" in page and "Da mandare" in page
    answer = client.post(flat.june + "prepara/")
    row = FlowSending.objects.of(made.account).get()
    assert answer["Location"] == f"/statistica/invii/{row.pk}/" and row.state == "ready"
    assert f"/statistica/invii/{row.pk}/" in text(client.get(flat.june))
    assert "Pronto" in heard(text(client.get(flat.june)), "venerdì 5 giugno 2026")
    assert not sendings.confirm(row, now=made.now, person=made.person)
    sheet = client.get(flat.june + "?formato=csv&tabella=calendar").content.decode()
    assert sheet.count("Confermato da te;03/07/2026") == 30
    page = text(client.get(flat.june))
    assert "Confermato da te" in heard(page, "venerdì 5 giugno 2026") and ">A posto</h2>" in page
    assert f"/statistica/invii/{row.pk}/" in text(client.get(f"{flat.base}/2026-06-05/"))
    at(made, 2026, 7, 4, 9)
    assert not days.declare(made.property, [date(2026, 6, 2)], open=False, now=made.now, person=made.person)
    assert "Cambiato dopo l'invio" in heard(text(client.get(flat.june)), "martedì 2 giugno 2026")


# papers -----------------------------------------------------------------------------------------------------------------------


def test_the_sheet_to_type_from_is_printed_once_nothing_is_missing(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    assert f"{flat.june}foglio/" in text(client.get(flat.june))
    answer = client.get(f"{flat.june}foglio/")
    assert answer.status_code == 302 and answer["Location"] == flat.june  # somebody has no residence: the page says so
    assert "residenza" in text(client.get(flat.june)).lower()
    Guest.objects.of(flat.world.account).filter(party__stay=flat.unknown).update(residence_state="100000219")
    answer = client.get(f"{flat.june}foglio/")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    said = pdf_text(answer.content)
    assert "05/06/2026" in said and "ROSSI" not in said
    assert client.get(f"{flat.base}/2027-06/foglio/").status_code == 404


def test_the_closing_days_are_printed(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    assert "/2026/chiusure/" in text(visit().get(f"{flat.base}/aperture/"))
    answer = visit().get(f"{flat.base}/2026/chiusure/")
    assert answer.status_code == 200 and "28/06/2026" in pdf_text(answer.content)


def test_papers_are_of_the_own_account_only(flat: FlowHouse, visit: Callable[..., Client]) -> None:
    other = accounts.open_account("Altri", email="altri@example.org", password=PASSWORD, full_name="Altri", now=flat.world.now)
    client = visit(other.person)
    assert client.get(f"{flat.june}foglio/").status_code == 404
    assert client.get(f"{flat.base}/2026/chiusure/").status_code == 404
