"""The tax of a stay on the pages: the amount with its reasons, receiving it, refusals, papers, operators, the notice."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from locanda.archive.models import Delivery, Guest, Operator, Stay, TaxedStay, TaxPaper, TaxReceipt, TaxRefusal
from locanda.core.time import ROME
from locanda.law.periods import period_of
from locanda.office import accounts, clock
from locanda.office.tax import agreement, facts, ledger, operators, receipts
from tests.web.scene import PNG, as_role
from tests.world import World, family, guest

pytestmark = pytest.mark.django_db

ADA = {
    "name": "Ada Neri", "tax_code": "NREDAA75E50F376R", "address": "Contrada Esempio 12, Monopoli", "signer_surname": "Neri",
    "signer_name": "Ada", "role": "owner",
}  # fmt: skip
Visit = Callable[..., Client]


@pytest.fixture
def house(here: World) -> World:
    row, problems = operators.save_operator(here.account, ADA, now=here.now, by=here.person)
    assert row is not None and problems == []
    here.property.operator = row
    here.property.save()
    return here


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_page_says_how_much_and_why_in_plain_words(house: World, visit: Visit) -> None:
    stay = house.check_in(*family(), nights=3)
    page = text(visit().get(reverse("stay_tax", args=[stay.pk])))
    assert "Da incassare: 12,00 €" in page
    assert page.count("3 notti a 2,00 €") == 2
    assert "Esente: minore, meno di 12 anni." in page and "Tariffa del comune: 2,00 euro" in page
    assert "NICCOLÒ: manca il Modello 3 (minore)." in page and "Senza modulo l'esenzione si perde." in page
    assert "Stampa" in page and "Da controllare con il comune" in page  # rates known from the press only


def test_the_stay_shows_the_amount_and_the_next_step(house: World, visit: Visit) -> None:
    stay = house.check_in(guest(), nights=2)
    page = text(visit().get(reverse("stay", args=[stay.pk])))
    assert "Da incassare: 4,00 €" in page and reverse("stay_tax", args=[stay.pk]) in page


def test_one_tap_receives_and_writes_the_receipt(house: World, visit: Visit) -> None:
    stay, client = house.check_in(guest(), nights=2), visit()
    answer = client.post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "cash"}, follow=True)
    row = TaxReceipt.objects.of(house.account).get()
    assert (row.number, row.total, row.amount, row.method) == (1, 400, 400, "cash")
    assert "Tutto incassato" in text(answer) and "N. 1/2026: 4,00 €" in text(answer)
    printed = client.get(reverse("tax_receipt_pdf", args=[row.pk]))
    assert printed["Content-Type"] == "application/pdf" and printed.content == receipts.pdf(row)
    letter = client.get(reverse("tax_receipt_eml", args=[row.pk])).content
    assert b"X-Unsent: 1" in letter and b"quietanza-2026-1.pdf" in letter and b"\r\nTo:" not in letter
    again = client.post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "cash"}, follow=True)  # in another window
    assert "La quietanza n. 1 del 2026 dice già questo importo" in text(again) and "Tutto incassato" in text(again)
    assert TaxReceipt.objects.of(house.account).count() == 1


def test_without_an_operator_no_payment_is_offered_and_the_page_says_where_to_write_one(here: World, visit: Visit) -> None:
    stay = here.check_in(guest(), nights=2)
    at = reverse("stay_tax", args=[stay.pk])
    page = text(visit().get(at))
    assert "Non è scritto chi è il gestore" in page and reverse("operators") in page and 'name="method"' not in page
    page = text(visit(as_role(here, "front_desk").person).get(at))
    assert "Non è scritto chi è il gestore" in page and reverse("operators") not in page
    assert "Non è scritto chi è il gestore" in text(
        visit().post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "cash"}, follow=True)
    )
    assert not TaxReceipt.objects.of(here.account).exists()


def test_a_correction_asks_why_and_says_the_difference(house: World, visit: Visit) -> None:
    stay, client = house.check_in(guest(), nights=2), visit()
    client.post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "card"})
    client.post(reverse("stay_extend", args=[stay.pk]), {"departure": (house.now + timedelta(days=3)).date().isoformat()})
    wrong = client.post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "card"})
    assert wrong.status_code == 422 and "Perché cambia" in text(wrong)
    client.post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "card", "all-reason": "Una notte in più"})
    second = TaxReceipt.objects.of(house.account).get(number=2)
    assert (second.total, second.amount, second.corrects.number) == (600, 200, 1)


def test_the_payer_is_asked_for_when_nobody_is_known(house: World, visit: Visit) -> None:
    from locanda.archive.erasure import erase_party

    stay, client = house.check_in(guest(), nights=2), visit()
    ledger.settle([stay], now=house.now)
    for party in stay.parties.select_related("account"):
        erase_party(party, at=house.now, actor="test", why="test")
    Stay.objects.of(house.account).filter(pk=stay.pk).update(sealed_payer=None)
    wrong = client.post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "cash"})
    assert wrong.status_code == 422 and "Cognome" in text(wrong)
    client.post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "cash", "all-surname": "Rossi", "all-name": "Maria"})
    assert receipts.data_of(TaxReceipt.objects.of(house.account).get())["payer"] == {"surname": "Rossi", "name": "Maria"}


def test_each_party_may_pay_its_own(house: World, visit: Visit) -> None:
    stay, client = house.check_in(guest(), guest("BIANCHI", "LEA"), nights=2), visit()
    second = stay.parties.get(position=1)
    client.post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "cash", "party": str(second.pk)})
    row = TaxReceipt.objects.of(house.account).get()
    assert (row.party_id, row.total) == (second.pk, 400)


def test_facts_are_asked_for_only_where_the_rule_reads_them(house: World, visit: Visit) -> None:
    stay, client = house.check_in(guest(), nights=2), visit()
    page = text(client.get(reverse("stay_tax", args=[stay.pk])))
    assert "facts-status0" in page and "facts-price" not in page and "facts-booked_on" not in page
    client.post(reverse("stay_tax_facts", args=[stay.pk]), {"facts-status0": ["l104_permanent_care"]})
    assert TaxedStay.objects.of(house.account).get(stay=stay).total == 0
    kept = facts.facts_of(Stay.objects.of(house.account).select_related("account").get(pk=stay.pk))
    assert kept["guests"][0]["status"] == ["l104_permanent_care"]
    assert client.post(reverse("stay_tax_facts", args=[stay.pk]), {"facts-status0": ["king"]}).status_code == 422


def seen_in(page: Any) -> dict[str, str]:
    """What the form of the facts says that it was opened with."""
    found = re.search(r'/tassa/dati/".*?name="seen" value="([^"]+)"', text(page), re.S)
    assert found
    return {"seen": found[1]}


def test_of_two_windows_the_second_is_told_and_keeps_what_was_ticked(house: World, visit: Visit) -> None:
    stay, client = house.check_in(guest(), nights=2), visit()
    at = reverse("stay_tax_facts", args=[stay.pk])
    page = client.get(reverse("stay_tax", args=[stay.pk]))
    seen = seen_in(page)
    assert client.post(at, seen | {"facts-status0": ["l104_permanent_care"]}).status_code == 302
    late = client.post(at, seen)
    assert late.status_code == 422 and "Nel frattempo" in text(late) and "Adesso: " in text(late)
    assert TaxedStay.objects.of(house.account).get(stay=stay).total == 0  # what the first said stands
    assert client.post(at, seen_in(late)).status_code == 302
    assert TaxedStay.objects.of(house.account).get(stay=stay).total == 400


def test_without_a_rule_the_page_says_what_is_missing(house: World, visit: Visit) -> None:
    house.property.comune = "415063060"
    house.property.save()
    stay = house.check_in(guest(residence_state="IT", residence_comune="MONOPOLI (BA)"), nights=2)
    page = text(visit().get(reverse("stay_tax", args=[stay.pk])))
    assert "Non si può ancora calcolare" in page and "Da incassare" not in page
    rules = reverse("tax_rules", args=[house.property.pk])
    assert f'href="{rules}">Scrivi la regola del Comune' in page
    assert rules in text(visit().get(reverse("tax_notice", args=[house.property.pk])))
    found = agreement.compared(house.account, [house.property], period_of("month", house.now.date()))
    assert {reason.code for one in found.differences for reason in one.reasons} >= {"agree.tax.stuck"} and not found.unexplained


def test_a_fact_that_is_missing_leads_to_where_it_is_put_right(house: World, visit: Visit) -> None:
    house.property.send_on_check_in = False
    house.property.save()
    stay, client = house.check_in(guest(), nights=2), visit()
    Guest.objects.of(house.account).update(birth_date=None)
    page = text(client.get(reverse("stay_tax", args=[stay.pk])))
    segment = house.delivery(stay).segment_id
    assert "ROSSI MARIA: Per calcolare" in page and "la data di nascita" in page and "birth_date" not in page
    assert reverse("correct", args=[segment]) in page and "Correggi i dati" in page
    house.engine.round()
    Delivery.objects.of(house.account).update(state="accepted")  # nothing to correct there any more: the history is shown
    page = text(client.get(reverse("stay_tax", args=[stay.pk])))
    assert reverse("segment", args=[segment]) in page and reverse("correct", args=[segment]) not in page


def test_the_stamp_stands_on_a_line_where_it_is_due(house: World, visit: Visit) -> None:
    stay, client = house.check_in(guest(), nights=2), visit()
    there = reverse("stay_tax", args=[stay.pk])
    assert "Marca da bollo</dt><dd>non serve" in text(client.get(there))
    assert "<strong>2,00 €</strong>" in text(client.get(there, {"fuori": "77,48"}))
    between = text(client.get(there, {"fuori": "75"}))  # 4 euro of tax beside it: the two readings differ
    assert "non serve" in between and "contandola servirebbe la marca da bollo" in between
    assert "<strong>2,00 €</strong>" in text(client.get(there, {"fuori": "1.075,00"}))
    counted = text(client.get(there, {"fuori": "75", "conta": "1"}))
    assert "<strong>2,00 €</strong>" in counted and "non contandola la marca da bollo non servirebbe" in counted
    for odd in ("tanto", "-5", "NaN", "1e9999", "∞"):
        assert "non serve" in text(client.get(there, {"fuori": odd})), odd


# --------------------------------------------------------------------------------------------------------------- e-mail


@pytest.mark.django_db(transaction=True)  # the event that tells of it asks for a transaction of the house's own
def test_a_receipt_leaves_by_mail_or_says_why_not(house: World, visit: Visit, settings: Any) -> None:
    stay, client = house.check_in(guest(), nights=1), visit()
    client.post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "cash"})
    row = TaxReceipt.objects.of(house.account).get()
    there = reverse("tax_receipt_mail", args=[row.pk])
    settings.LOCANDA_MAIL_FROM = ""
    assert "Nessun server di posta" in text(client.post(there, {"email": "maria@example.org"}, follow=True))
    settings.LOCANDA_MAIL_FROM = "oste@example.org"
    assert mail.outbox == []
    assert "Quietanza inviata" in text(client.post(there, {"email": "maria@example.org"}, follow=True))
    (sent,) = mail.outbox
    assert sent.to == ["maria@example.org"] and sent.attachments[0][1] == receipts.pdf(row)
    client.post(there, {"email": "not an address"})
    assert len(mail.outbox) == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert "non è partito" in text(client.post(there, {"email": "maria@example.org"}, follow=True))


# ------------------------------------------------------------------------------------------------------------- refusals


def test_a_refusal_from_the_blank_form_to_the_sending(house: World, visit: Visit) -> None:
    stay, client = house.check_in(guest(), guest("BIANCHI", "LEA"), nights=2), visit()
    blank = client.get(reverse("refusal_blank", args=[stay.pk, "modello_4"]), {"lingua": "en"})
    assert blank["Content-Type"] == "application/pdf" and blank.content.startswith(b"%PDF")
    lea = facts.guests_of(house.account, [stay.pk])[stay.pk][1]
    signed = f"{(house.now - timedelta(minutes=10)).astimezone(ROME):%Y-%m-%dT%H:%M}"
    told = {"form": "modello_4", "language": "en", "signed_at": signed, "guests": [str(lea.pk)], "reason": ""}
    page = text(client.post(reverse("refuse", args=[stay.pk]), told, follow=True))
    row = TaxRefusal.objects.of(house.account).get()
    assert (row.amount, row.language, row.guests) == (400, "en", [str(lea.pk)])
    assert "comune@pec.comune.monopoli.ba.it" in page and "Mancano 47 ore" in page
    letter = client.get(reverse("refusal_eml", args=[row.pk])).content
    assert b"To: comune@pec.comune.monopoli.ba.it" in letter and b"application/pdf" in letter
    file = {"files": [_file("firmato.png")]}
    client.post(reverse("refusal_scan", args=[row.pk]), file)
    scan = TaxPaper.objects.of(house.account).get()
    sent = message_from_bytes(client.get(reverse("refusal_eml", args=[row.pk])).content, policy=default)
    signed_form = next(part for part in sent.iter_attachments() if part.get_filename() == "firmato-1.pdf").get_content()
    assert len(PdfReader(io.BytesIO(signed_form)).pages) == 1  # the photograph as a page that any office opens
    client.post(reverse("refusal_scan", args=[row.pk]), {"files": [SimpleUploadedFile("f.pdf", blank.content)]})
    sent = message_from_bytes(client.get(reverse("refusal_eml", args=[row.pk])).content, policy=default)
    assert blank.content in [part.get_content() for part in sent.iter_attachments()]  # a PDF keeps its signature
    for way in ("desk", "registered_post", "fax"):
        sheet = client.get(reverse("refusal_cover", args=[row.pk, way])).content
        words = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet)).pages).split())
        assert "Modello 4" in words and ("080/743568" in words) == (way == "fax")
    assert client.get(reverse("refusal_cover", args=[row.pk, "piccione"])).status_code == 404
    assert scan.refusal_id == row.pk and client.get(reverse("tax_paper", args=[scan.pk])).content == PNG
    now = f"{clock.now().astimezone(ROME):%Y-%m-%dT%H:%M}"
    client.post(reverse("refusal_sent", args=[row.pk]), {"channel": "pec", "protocol": "PEC 7", "sent_at": now})
    row.refresh_from_db()
    assert (row.channel, row.protocol) == ("pec", "PEC 7") and row.sent_at is not None
    client.post(reverse("refusal_withdraw", args=[row.pk]), {"why": "Ha pagato"})
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def _file(name: str) -> Any:
    return SimpleUploadedFile(name, PNG, "image/png")


# --------------------------------------------------------------------------------------------------------------- papers


def test_a_form_of_exemption_is_printed_and_recorded(house: World, visit: Visit) -> None:
    stay, client = house.check_in(*family(), nights=2), visit()
    page = text(client.get(reverse("stay_papers", args=[stay.pk])))
    assert "NICCOLÒ: Modello 3" in page and "Senza modulo l'esenzione si perde." in page
    child = facts.guests_of(house.account, [stay.pk])[stay.pk][1]
    printed = client.get(reverse("exemption_print", args=[stay.pk, "modello_3"]), {"ospite": str(child.pk), "lingua": "en"})
    assert printed.content.startswith(b"%PDF")
    assert client.get(reverse("exemption_print", args=[stay.pk, "modello_3"]), {"ospite": str(uuid4())}).status_code == 404
    told = {"guest": str(child.pk), "form": "modello_3", "signed_on": house.now.date().isoformat(), "files": [_file("m3.png")]}
    client.post(reverse("stay_papers", args=[stay.pk]), told)
    row = TaxPaper.objects.of(house.account).get()
    assert (row.form, row.code, row.size) == ("modello_3", "minor", len(PNG))
    assert TaxedStay.objects.of(house.account).get(stay=stay).notes == []
    client.post(reverse("tax_paper_withdraw", args=[row.pk]))
    assert len(TaxedStay.objects.of(house.account).get(stay=stay).notes) == 1


def test_form_6_says_the_least(house: World, visit: Visit) -> None:
    stay, client = house.check_in(guest(status=["l104_permanent_care"]), nights=2), visit()
    one = facts.guests_of(house.account, [stay.pk])[stay.pk][0]
    there = reverse("exemption_print", args=[stay.pk, "modello_6"])
    assert client.get(there, {"ospite": str(one.pk)}).content.startswith(b"%PDF")


# ------------------------------------------------------------------------------------------------ operators, property, notice


def test_an_operator_is_written_down_and_given_properties(here: World, visit: Visit) -> None:
    client = visit()
    assert "Strutture senza gestore" in text(client.get(reverse("operators")))
    wrong = client.post(reverse("operator_new"), ADA | {"tax_code": "NREDAA75E50F376X"})
    assert wrong.status_code == 422 and not Operator.objects.of(here.account).exists()
    client.post(reverse("operator_new"), ADA | {"property": [str(here.property.pk)]})
    row = Operator.objects.of(here.account).get()
    here.property.refresh_from_db()
    assert here.property.operator_id == row.pk and operators.read_operator(row)["name"] == "Ada Neri"
    client.post(reverse("operator", args=[row.pk]), ADA | {"name": "Ada Neri e figli"})
    row.refresh_from_db()
    here.property.refresh_from_db()
    assert row.label == "Ada Neri e figli" and here.property.operator_id is None


def test_a_property_is_asked_only_what_the_rule_reads(house: World, visit: Visit) -> None:
    client = visit()
    page = text(client.get(reverse("property", args=[house.property.pk])))
    assert "tax-operator" in page and "tax-zone" not in page and "tax-suns" not in page
    client.post(reverse("property_tax", args=[house.property.pk]), {"tax-operator": ""})
    house.property.refresh_from_db()
    assert house.property.operator_id is None


@pytest.mark.parametrize("lang", ["it", "en", "de", "fr", "es", "ru"])
def test_the_notice_hangs_in_six_languages(house: World, visit: Visit, lang: str) -> None:
    answer = visit().get(reverse("tax_notice_print", args=[house.property.pk, lang]))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")


def test_the_notice_says_what_is_not_sure_and_is_not_made_without_a_rule(house: World, visit: Visit) -> None:
    client = visit()
    assert "2,00 euro per persona e notte" in text(client.get(reverse("tax_notice", args=[house.property.pk])))
    house.property.comune = "415063060"
    house.property.save()
    assert "non è noto" in text(client.get(reverse("tax_notice", args=[house.property.pk])))
    assert client.get(reverse("tax_notice_print", args=[house.property.pk, "it"])).status_code == 302


# ----------------------------------------------------------------------------------------------------------- permissions


def test_a_reader_does_not_receive_and_strangers_find_nothing(house: World, visit: Visit) -> None:
    stay = house.check_in(guest(), nights=2)
    reader = visit(as_role(house, "reader").person)
    assert reader.get(reverse("stay_tax", args=[stay.pk])).status_code == 200
    for name in ("stay_tax_receive", "stay_tax_facts", "refuse", "stay_papers"):
        assert reader.post(reverse(name, args=[stay.pk]), {"method": "cash"}).status_code == 403
    assert reader.get(reverse("operators")).status_code == 403
    other = accounts.open_account("Altri", email="altri@example.org", password="x" * 12, full_name="Altri", now=house.now)
    stranger = visit(other.person)
    for name in ("stay_tax", "refuse", "stay_papers"):
        assert stranger.get(reverse(name, args=[stay.pk])).status_code == 404
    assert stranger.post(reverse("stay_tax_receive", args=[stay.pk]), {"method": "cash"}).status_code == 404
    assert not TaxReceipt.objects.of(house.account).exists()
    assert stranger.get(reverse("operator", args=[house.property.operator_id])).status_code == 404
