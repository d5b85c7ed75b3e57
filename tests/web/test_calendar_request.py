"""A request to the police office on the pages: the papers as scans, problems beside their fields, one PDF, the mail, the mark."""

from __future__ import annotations

import io
from collections.abc import Callable
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from locanda.archive.models import DutyMark
from locanda.office import credential_file
from tests.letters.scans import picture, saved, shot
from tests.web.scene import PNG, as_role
from tests.world import World

pytestmark = pytest.mark.django_db

ASKER = {"name": "Vito Oste", "quality": "owner", "email": "vito@example.org", "article_11": "on"}


def place(made: World, kind: str = "credentials") -> str:
    return reverse("request_kind", args=[made.property.pk, kind])


def scans(made: World, kind: str = "credentials") -> dict[str, SimpleUploadedFile]:
    needed = credential_file.needed(made.property, kind, now=made.now)
    assert needed is not None
    return {paper.key: SimpleUploadedFile(f"{paper.key}.png", PNG, "image/png") for paper in needed.wanted if paper.applies}


def test_every_kind_lists_its_papers_and_its_office(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    page = client.get(reverse("request", args=[here.property.pk])).content.decode()
    for kind in credential_file.KINDS:
        assert place(here, kind) in page
        needed = credential_file.needed(here.property, kind, now=here.now)
        shown = client.get(place(here, kind)).content.decode()
        assert needed is not None and shown.count('type="file"') == len(needed.wanted)
        assert "Questura" in shown
    assert client.get(place(here, "nulla")).status_code == 404
    assert "art. 11 del TULPS" in client.get(place(here)).content.decode()


def test_what_is_missing_stands_beside_its_field(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    files = scans(here)
    first, *_ = files
    answer = client.post(place(here), {"name": "Vito Oste", "quality": "owner", "email": "vito"})
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count('class="wrong"') >= len(files)
    assert f'href="#file-{first}"' in page and 'href="#id_email"' in page
    page = client.post(place(here), ASKER | scans(here) | {"tax_code": "RSSMRA80A01H501X"}).content.decode()
    assert page.count('class="wrong"') == 1 and 'aria-invalid="true"' in page and 'value="RSSMRA80A01H501X"' in page
    files[first] = SimpleUploadedFile("tutto.zip", b"PK\x03\x04 rest", "application/zip")
    page = client.post(place(here), ASKER | files).content.decode()
    assert page.count('class="wrong"') == 1 and f'id="file-{first}-problem"' in page and "tutto.zip" in page
    assert not DutyMark.objects.of(here.account).exists()


def test_what_a_telephone_and_a_scanner_make_goes_in_as_it_comes(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    files: dict[str, object] = dict(scans(here))
    first, second, third, *others = files
    files[first] = SimpleUploadedFile("IMG_0042.HEIC", shot("heic", 6), "image/heic")
    sheets = saved(picture(), "tiff", save_all=True, append_images=[picture()] * 2)
    files[second] = SimpleUploadedFile("scansione.tif", sheets, "image/tiff")
    moving = saved(picture(), "gif", save_all=True, append_images=[picture(90, 60)])
    files[third] = SimpleUploadedFile("gira.gif", moving, "image/gif")
    answer = client.post(place(here), ASKER | files)
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    assert "«gira.gif» contiene più di un&#x27;immagine: nella pagina c&#x27;è solo la prima." in page
    ready = answer["Location"].rstrip("/").rsplit("/", 1)[-1]
    pdf = client.get(reverse("request_file", args=[here.property.pk, ready, "pdf"])).content
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1 + 1 + 3 + 1 + len(others)
    assert pages[1].mediabox.height > pages[1].mediabox.width  # held upright
    assert b"Fotofono" not in pdf
    half = SimpleUploadedFile("IMG_0042.HEIC", shot("heic", 6)[:500], "image/heic")
    refused = client.post(place(here), ASKER | scans(here) | {first: half})
    assert refused.status_code == 422 and "IMG_0042.HEIC» è rovinato o incompleto" in refused.content.decode()


def test_one_pdf_one_mail_and_the_mark(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    files = scans(here)
    answer = client.post(place(here), ASKER | files)
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    assert "È pronto" in page and "pagina 2" in page
    ready = answer["Location"].rstrip("/").rsplit("/", 1)[-1]
    pdf = client.get(reverse("request_file", args=[here.property.pk, ready, "pdf"]))
    assert pdf["Content-Type"] == "application/pdf" and len(PdfReader(io.BytesIO(pdf.content)).pages) == len(files) + 1
    mail = client.get(reverse("request_file", args=[here.property.pk, ready, "eml"]))
    letter = message_from_bytes(mail.content, policy=policy.default)
    assert letter["X-Unsent"] == "1" and "Il Trullo" in letter["Subject"]
    assert [part.get_content_type() for part in letter.iter_attachments()] == ["application/pdf"]
    assert client.get(reverse("request_file", args=[here.property.pk, ready, "zip"])).status_code == 404
    other = visit(as_role(here, "manager").person)  # in the same account, but another person: their papers are their own
    assert other.get(answer["Location"]).status_code == 404
    sent = client.post(reverse("request_sent", args=[here.property.pk, ready]), {"number": "PEC 12"}, follow=True)
    mark = DutyMark.objects.of(here.account).get()
    assert mark.number == "PEC 12" and mark.proofs.get().kind == "pdf" and "Segnato da" in sent.content.decode()


@pytest.mark.parametrize(("language", "words"), [("it", ("appuntamento", "Consegnata?")), ("en", ("appointment", "Handed in?"))])
def test_a_request_taken_there_in_person_is_not_sent_by_pec(
    here: World, visit: Callable[..., Client], language: str, words: tuple[str, str]
) -> None:
    here.person.language = language
    here.person.save()
    client = visit()
    told = {True: client.post(place(here), ASKER | scans(here) | {"in_person": "on"}, follow=True).content.decode()}
    told[False] = client.post(place(here), ASKER | scans(here), follow=True).content.decode()
    for word in words:
        assert word in told[True] and word not in told[False]
    assert "PEC" not in told[True] and "PEC" in told[False]


def test_an_agency_has_another_list(here: World, visit: Callable[..., Client]) -> None:
    here.property.type = "locazione_turistica"
    here.property.save()
    client = visit()
    one, many = client.get(place(here)).content.decode(), client.get(place(here) + "?agency=1").content.decode()
    assert "un solo appartamento" in one and "DOC-FLAT-1" in one
    assert "gestione di più appartamenti" in many and "DOC-MANAGE-1" in many and 'name="agency" value="1"' in many


def test_what_was_never_made_is_not_there(here: World, visit: Callable[..., Client]) -> None:
    assert visit().get(reverse("request_ready", args=[here.property.pk, uuid4()])).status_code == 404


def at(made: World, comune: str, kind: str = "bb") -> World:
    made.property.comune, made.property.type = comune, kind
    made.property.save()
    return made


def test_what_an_office_wants_besides_is_on_the_page(here: World, visit: Callable[..., Client]) -> None:
    page = visit().get(place(at(here, "420095038"))).content.decode()  # Oristano
    assert "Modulo in due copie" in page and "non è verificato" in page
    assert "<strong>Non accettato:</strong> Archivi ZIP" in page


def test_the_list_of_one_s_own_office_is_sure_and_a_missing_pec_is_said(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    page = client.get(place(at(here, "416110009"))).content.decode()  # Trani
    assert "dipps19g.5300@pecps.poliziadistato.it" in page and "non è verificato" not in page and "DOC-FORM-2" in page
    assert "(CIR / CIN)" in page
    page = client.get(place(at(here, "403014061"))).content.decode()  # Sondrio
    assert "PEC da verificare" in page and "@pecps" not in page


def test_each_request_asks_only_what_belongs_to_it(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    page = client.get(place(here)).content.decode()
    assert 'name="in_person"' in page and "?agency=1" not in page  # a B&B has one list
    assert "l&#x27;ufficio può negartele" in page
    assert "Serve: sempre, con il timbro" in page and "Serve se: sempre" not in page
    for kind in ("added_property", "deactivation", "password_reset"):
        assert 'name="in_person"' not in client.get(place(here, kind)).content.decode()
    assert "?agency=1" in client.get(place(at(here, "416072030", "locazione_turistica"))).content.decode()


def test_no_file_of_many_is_left_out(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    files: dict[str, object] = dict(scans(here))
    first, *_ = files
    files[first] = [SimpleUploadedFile(f"{number}.png", PNG, "image/png") for number in range(45)]
    answer = client.post(place(here), ASKER | files)
    assert answer.status_code == 302
    ready = answer["Location"].rstrip("/").rsplit("/", 1)[-1]
    pdf = client.get(reverse("request_file", args=[here.property.pk, ready, "pdf"]))
    assert len(PdfReader(io.BytesIO(pdf.content)).pages) == 45 + len(files)


def test_another_password_marks_no_duty(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    answer = client.post(place(here, "password_reset"), ASKER | {"account": "BA000001"})
    ready = answer["Location"].rstrip("/").rsplit("/", 1)[-1]
    assert 'name="number"' not in client.get(answer["Location"]).content.decode()
    page = client.post(reverse("request_sent", args=[here.property.pk, ready]), follow=True).content.decode()
    assert "qui non resta niente" in page and not DutyMark.objects.of(here.account).exists()
    assert client.get(answer["Location"]).status_code == 404
