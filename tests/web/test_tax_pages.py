"""The tax of a comune through its pages: seen, prepared, paid with its proof, withdrawn; by whom, and by nobody else."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from locanda.archive.models import DutyMark, Guest, LocalTaxRule, TaxDeclaration, TaxPayment
from locanda.office import accounts
from tests.web.scene import PNG, as_role
from tests.web.tax_scene import TaxHouse, lived
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def tax(here: World) -> TaxHouse:
    return lived(here)


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def prepared(client: Client, tax: TaxHouse, channel: str = "pagopa_spontaneo") -> TaxPayment:
    answer = client.post(f"/tassa/{tax.payer}/2026-Q3/prepara/", {"channel": channel})
    assert answer.status_code == 302, text(answer)
    row = TaxPayment.objects.of(tax.world.account).get(state="prepared")
    assert answer["Location"] == f"/tassa/versamenti/{row.pk}/"
    return row


def test_the_tab_says_what_is_late_and_which_stays_to_look_at(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    page = text(visit().get("/tassa/"))
    assert page.index("In ritardo") < page.index("In corso")
    assert "3° trimestre 2026" in page and "20,00 €" in page and "16 ottobre 2026" in page
    assert "Partiti senza ricevuta della tassa: 1" in page and "Da incassare 4,00 €" in page
    assert f"/arrivi/{tax.open.pk}/tassa/" in page
    assert "GRECO" not in page


def test_a_period_shows_both_readings_with_the_stays_behind_them(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    page = text(visit().get(f"/tassa/{tax.payer}/2026-Q3/"))
    assert "Contando il giorno della ricevuta" in page and "I soggiorni che fanno la differenza" in page
    assert "dal 29 settembre al 3 ottobre" in page and "2026-Q3:" not in page
    assert "almeno 20,28 €" in page and "tasso legale 2027 non ancora noto" in page and "mporto non trovato" not in page
    assert "Se paghi oggi" in page and page.count("Se paghi entro il") >= 3
    assert "<svg" in page and "Le cifre in una tabella" in page and "luglio" in page
    assert "Quanto è sicuro" in page


def test_unknown_periods_and_payers_are_not_there(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    for there in (f"{tax.payer}/2026-Q9/", f"{tax.payer}/ieri/", "072030-none/2026-Q3/", f"{tax.payer}/1850-Q1/"):
        assert client.get(f"/tassa/{there}").status_code == 404, there


def test_from_owed_to_paid_with_a_proof(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    row = prepared(client, tax)
    page = text(client.get(f"/tassa/versamenti/{row.pk}/"))
    for field in ("Servizio di incasso", "Importo", "Data scadenza", "Causale", "16/10/2026", "ada@example.org"):
        assert field in page
    assert "portale del 2018" in page and "Da verificare" in page
    assert "Che cosa da qui non si può sapere" in page
    late = text(client.post(f"/tassa/versamenti/{row.pk}/pagato/", {"paid_on": "2026-10-28", "reference": ""}), 422)
    assert "Manca" in late and TaxPayment.objects.of(tax.world.account).get(pk=row.pk).state == "prepared"
    assert "no" in text(client.post(f"/tassa/versamenti/{row.pk}/pagato/", {"paid_on": "ieri", "reference": "x"}), 422)
    told = {"paid_on": "2026-10-28", "reference": "RF18539007547034", "file": SimpleUploadedFile("ricevuta.png", PNG)}
    assert client.post(f"/tassa/versamenti/{row.pk}/pagato/", told).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.iuv, row.receipt_media) == ("paid", "RF18539007547034", "image/png")
    assert client.get(f"/tassa/versamenti/{row.pk}/ricevuta/").content == PNG
    assert DutyMark.objects.of(tax.world.account).filter(obligation="MO-IDS-04", subject="period:2026-Q3").exists()
    assert client.post(f"/tassa/versamenti/{row.pk}/ritira/", {"why": ""}).status_code == 302
    row.refresh_from_db()
    assert row.state == "paid"
    assert client.post(f"/tassa/versamenti/{row.pk}/ritira/", {"why": "Errore"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_a_notice_is_judged_and_its_symbol_drawn(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    row = prepared(client, tax)
    there = f"/tassa/versamenti/{row.pk}/avviso/"
    wrong = text(client.post(there, {"notice": "301000000000123469", "creditor": "", "symbol": ""}), 422)
    assert "Qualcosa manca" in wrong
    qr = f"PAGOPA|002|301000000000123468|00123456789|{row.total}"
    bad = text(client.post(there, {"notice": "", "creditor": "", "symbol": qr.replace("00123456789", "12345678901")}), 422)
    assert "12345678901" in bad
    good = qr.replace("00123456789", "01234567897")
    page = text(client.post(there, {"notice": "3010 0000 0000 1234 68", "creditor": "01234567897", "symbol": good}))
    assert "QR code dell'avviso 3010 0000 0000 1234 68" in page
    row.refresh_from_db()
    assert (row.reference, row.creditor) == ("301000000000123468", "01234567897")


def test_a_zero_period_is_closed_with_one_tap(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    there = f"/tassa/{tax.payer}/2026-Q1/"
    assert "Chiudi senza versare" in text(client.get(there))
    assert client.post(there + "zero/").status_code == 302
    assert "non c'era nulla da versare" in text(client.get(there))
    assert DutyMark.objects.of(tax.world.account).filter(subject="period:2026-Q1").exists()


@pytest.mark.parametrize(("role", "may"), [("reader", False), ("front_desk", False), ("manager", True)])
def test_money_is_for_managers(tax: TaxHouse, visit: Callable[..., Client], role: str, may: bool) -> None:
    client = visit(as_role(tax.world, role).person)
    page = text(client.get(f"/tassa/{tax.payer}/2026-Q3/"))
    assert ("Prepara il versamento" in page) == may
    answer = client.post(f"/tassa/{tax.payer}/2026-Q3/prepara/", {"channel": "transfer"})
    assert answer.status_code == (302 if may else 403)


def test_who_works_for_a_part_sees_its_figures_and_pays_nothing(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    other = accounts.add_property(
        tax.world.account, {"name": "La Torre", "type": "bb", "comune": "416072030"}, now=tax.world.now, by=tax.world.person
    )
    other.operator = tax.operator
    other.save()
    member = as_role(tax.world, "manager", "uno@example.org")
    member.properties.set([other])
    client = visit(member.person)
    page = text(client.get(f"/tassa/{tax.payer}/2026-Q2/"))
    assert "Lavori solo per alcune strutture" in page and "12,00" not in page and "RF18" not in page
    assert "Il Trullo" not in text(client.get("/tassa/"))
    assert client.get(f"/tassa/versamenti/{tax.paid.pk}/").status_code == 404
    assert client.post(f"/tassa/{tax.payer}/2026-Q3/prepara/", {"channel": "transfer"}).status_code == 404


# ------------------------------------------------------------------------------------------------------------- the year


def test_the_year_says_what_is_missing_and_shows_drafts(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    page = text(client.get(f"/tassa/{tax.payer}/anno/2026/"))
    assert "Modello 2: dichiarazione annuale" in page and "Perché le due somme non coincidono" in page
    assert "Non si può ancora preparare" not in page  # a reason that is typed with it stops nothing
    assert "Prima di dichiarare" in page and "Report delle presenze" in page and "30 gennaio 2027" in page
    for form in ("modello_2", "presence_summary"):
        answer = client.get(f"/tassa/{tax.payer}/anno/2026/{form}/bozza/")
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF"), form
    for there in ("anno/26/", "anno/1850/", "anno/2026/nulla/bozza/"):
        assert client.get(f"/tassa/{tax.payer}/{there}").status_code == 404


def test_a_declaration_is_prepared_sent_and_replaced(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    there = f"/tassa/{tax.payer}/anno/2026/"
    assert client.post(there + "modello_21/prepara/").status_code == 302
    assert not TaxDeclaration.objects.of(tax.world.account).exists()  # collected and paid differ: a reason is asked
    told = {"place": "Monopoli", "signed_on": "2026-10-28", "difference_reason": "Terzo trimestre da versare"}
    assert client.post(there + "modello_21/prepara/", told).status_code == 302
    row = TaxDeclaration.objects.of(tax.world.account).get()
    assert client.get(f"/tassa/dichiarazioni/{row.pk}/").content.startswith(b"%PDF")
    sent = f"/tassa/dichiarazioni/{row.pk}/inviata/"
    client.post(sent, {"channel": "pec", "protocol": "", "sent_on": "2026-10-28"})
    row.refresh_from_db()
    assert row.state == "prepared"
    client.post(sent, {"channel": "pec", "protocol": "Prot. 12", "sent_on": "2026-10-27"})
    row.refresh_from_db()
    assert (row.state, row.protocol, row.channel) == ("sent", "Prot. 12", "pec")
    assert DutyMark.objects.of(tax.world.account).filter(obligation="MO-IDS-06", subject="period:2026").exists()
    assert "Perché lo rifai" in text(client.get(there))
    client.post(there + "modello_21/prepara/", told)
    assert TaxDeclaration.objects.of(tax.world.account).count() == 1  # why it is made again is asked
    client.post(there + "modello_21/prepara/", {**told, "replaces_why": "Una ricevuta era sbagliata"})
    assert TaxDeclaration.objects.of(tax.world.account).filter(replaces=row, state="prepared").exists()
    assert "Tutte le versioni" in text(client.get(there))


def test_all_papers_of_the_year_in_one_file_and_its_mail(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client, there = visit(), f"/tassa/{tax.payer}/anno/2026/fascicolo/"
    page = text(client.get(there))
    assert "comune@pec.comune.monopoli.ba.it" in page and "L'anno non è finito" in page
    told = {"difference_reason": "Terzo trimestre da versare", "place": "Monopoli", "signed_on": "2026-10-28"}
    assert client.get(f"/tassa/{tax.payer}/anno/2026/accompagna/desk/").status_code == 302  # nothing prepared yet
    assert "SPOT" in text(client.post(there, {**told, "as": "keep"}), 422)
    assert client.post(there, {"as": "draft"}).content.startswith(b"%PDF")
    rows = TaxDeclaration.objects.of(tax.world.account)
    assert not rows.exists()
    assert client.post(there, {**told, "as": "keep", "files": SimpleUploadedFile("spot.png", PNG)}).status_code == 302
    row = rows.get(form="yearly_file")
    assert {one.form for one in rows.filter(state="prepared")} == {"modello_2", "modello_21", "presence_summary", "yearly_file"}
    page = text(client.get(there))
    assert "Pronto: da firmare e mandare" in page and "Report delle presenze SPOT" in page
    assert "È nel fascicolo" in text(client.get(f"/tassa/{tax.payer}/anno/2026/"))
    content = client.get(f"/tassa/dichiarazioni/{row.pk}/").content
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert client.get(f"/tassa/dichiarazioni/{row.pk}/").content == content  # what was kept, not made anew
    mail = client.get(f"/tassa/dichiarazioni/{row.pk}/pec/").content
    assert b"comune@pec.comune.monopoli.ba.it" in mail
    assert client.get(f"/tassa/dichiarazioni/{rows.get(form='modello_2').pk}/pec/").status_code == 404
    assert "SPOT" in pdf_text(client.get(f"/tassa/{tax.payer}/anno/2026/accompagna/desk/").content)
    assert client.get(f"/tassa/{tax.payer}/anno/2026/accompagna/piccione/").status_code == 404


def kept_file(client: Client, tax: TaxHouse, **more: str) -> TaxDeclaration:
    told = {"difference_reason": "Terzo trimestre da versare", "as": "keep", "files": SimpleUploadedFile("spot.png", PNG)}
    answer = client.post(f"/tassa/{tax.payer}/anno/2026/fascicolo/", told | more)
    assert answer.status_code == 302, text(answer)
    return TaxDeclaration.objects.of(tax.world.account).get(form="yearly_file", state="prepared")


def test_the_file_is_sent_in_one_act_with_all_its_papers(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    row = kept_file(client, tax)
    there, told = f"/tassa/dichiarazioni/{row.pk}/inviata/", {"channel": "pec", "sent_on": "2026-10-28"}
    client.post(there, {**told, "protocol": ""})
    rows = TaxDeclaration.objects.of(tax.world.account)
    assert not rows.filter(state="sent").exists()  # no proof
    assert client.post(there, {**told, "protocol": "Prot. 77"})["Location"].endswith("/fascicolo/")
    assert {(one.form, one.state, one.protocol, one.channel) for one in rows} == {
        (form, "sent", "Prot. 77", "pec") for form in ("modello_2", "modello_21", "presence_summary", "yearly_file")
    }
    done = DutyMark.objects.of(tax.world.account).filter(subject="period:2026").values_list("obligation", flat=True)
    assert {"MO-IDS-05", "MO-IDS-06"} <= set(done)
    assert "Prot. 77" in text(client.get(f"/tassa/{tax.payer}/anno/2026/"))
    assert client.post(there, {**told, "protocol": "Prot. 78"}).status_code == 404
    again = kept_file(client, tax, replaces_why="Mancava un mese")
    assert again.replaces_id == row.pk and rows.get(form="modello_2", state="prepared").replaces is not None


def test_a_file_with_an_old_paper_is_not_sent(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client = visit()
    row = kept_file(client, tax)
    client.post(f"/tassa/{tax.payer}/anno/2026/modello_21/prepara/", {"difference_reason": "Altro motivo"})
    client.post(f"/tassa/dichiarazioni/{row.pk}/inviata/", {"channel": "pec", "protocol": "Prot. 1", "sent_on": "2026-10-28"})
    row.refresh_from_db()
    assert row.state == "prepared" and not TaxDeclaration.objects.of(tax.world.account).filter(state="sent").exists()


def test_tax_police_and_statistics_are_compared_guest_by_guest(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client, year = visit(), f"/tassa/{tax.payer}/anno/2026/"
    there = f"/tassa/{tax.payer}/2026/confronto/"
    page = text(client.get(there))
    assert "RUSSO" in page and "Tassa: <strong>4</strong> · Polizia: <strong>0</strong> · Statistica: <strong>–</strong>" in page
    assert "Non ancora inviato" in page and "Senza spiegazione" not in text(client.get(year))
    assert "Notti diverse" in text(client.get(f"/tassa/{tax.payer}/2026-Q3/confronto/"))
    assert "Tassa, polizia e statistica" in text(client.get(f"/tassa/{tax.payer}/2026-Q3/"))
    for unknown in ("2026-Q9", "ieri", "1850"):
        assert client.get(f"/tassa/{tax.payer}/{unknown}/confronto/").status_code == 404


def test_the_reason_of_a_guest_is_kept_and_printed_without_a_name(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client, there = visit(), f"/tassa/{tax.payer}/2026/confronto/"
    guest = Guest.objects.of(tax.world.account).filter(party__stay=tax.collected).order_by("position")[0]
    reader = visit(as_role(tax.world, "front_desk", "banco@example.org").person)
    assert reader.post(there + "motivi/", {f"why-{guest.pk}": "x"}).status_code == 403
    told = {f"why-{guest.pk}": "Portale fermo,  inviata a mano", "why-altro": "x"}
    assert client.post(there + "motivi/", told).status_code == 302
    assert 'value="Portale fermo, inviata a mano"' in text(client.get(there))
    row = TaxDeclaration.objects.of(tax.world.account).get(form="agreement")
    assert b"Portale" not in bytes(row.sealed_data) and b"Portale" not in bytes(row.sealed_pdf)
    assert client.get(f"/tassa/dichiarazioni/{row.pk}/").status_code == 404  # no paper
    client.post(f"/tassa/{tax.payer}/anno/2026/presence_summary/prepara/")
    paper = TaxDeclaration.objects.of(tax.world.account).get(form="presence_summary")
    printed = pdf_text(client.get(f"/tassa/dichiarazioni/{paper.pk}/").content)
    assert "Portale fermo" in printed and "RUSSO" not in printed and "10/07/2026" in printed
    client.post(there + "motivi/", {f"why-{guest.pk}": ""})
    assert "Portale fermo" not in text(client.get(there))
    row.refresh_from_db()
    assert row.state == "replaced"


# ------------------------------------------------------------------------------------------------------------ the rules


def test_the_rule_is_told_in_words_and_changed_with_a_date(tax: TaxHouse, visit: Callable[..., Client]) -> None:
    client, there = visit(), f"/tassa/regole/{tax.world.property.pk}/"
    page = text(client.get(there))
    assert "Oggi vale" in page and "2,00" in page and "12 anni" in page and "Due adulti e un bambino" in page
    assert "Il Comune ha cambiato" in page and "Documento: Modello 3" in page and "modello_3" not in page
    assert "Qualcosa manca" in text(client.post(there + "cambia/", {"amount": "tre"}), 422)
    told = {"amount": "3,50", "valid_from": "2026-10-28", "note": "Delibera 12"}
    assert client.post(there + "cambia/", told).status_code == 302
    page = text(client.get(there))
    assert "Delibera 12" in page and "3,50" in page
    assert "3.50" in client.get(there + "file/").content.decode() or "fixed" in client.get(there + "file/").content.decode()
    row = LocalTaxRule.objects.of(tax.world.account).get()
    assert client.post(f"/tassa/regole/mie/{row.pk}/togli/").status_code == 302
    row.refresh_from_db()
    assert row.ended_at is not None


def test_a_comune_that_nobody_knows_is_written_tried_and_kept(here: World, visit: Callable[..., Client]) -> None:
    here.property.comune = "415063060"
    here.property.save()
    client, there = visit(), f"/tassa/regole/{here.property.pk}/"
    assert "Scrivi la regola" in text(client.get("/tassa/")) and "Scrivi la regola" in text(client.get(there))
    told = {
        "amount1": "1,30", "type1": "", "stars1": "", "source": "Avviso del Comune", "valid_from": "2026-01-01",
        "cap_nights": "5", "cap_window": "stay", "child_age": "14", "residents": "taxed", "cadence": "ogni mese",
    }  # fmt: skip
    assert "Qualcosa manca" in text(client.post(there + "scrivi/", {**told, "amount1": ""}), 422)
    page = text(client.post(there + "scrivi/", {**told, "try": "1"}))
    assert "7,80" in page and not LocalTaxRule.objects.of(here.account).exists()
    assert client.post(there + "scrivi/", {**told, "keep": "1"}).status_code == 302
    assert LocalTaxRule.objects.of(here.account).get().kind == "whole"
    page = text(client.get(there))
    assert "1,30" in page and "ogni mese" in page
    assert 'fixed = "1.30"' in client.get(there + "file/").content.decode()
