"""Requests to the police offices: the right subject, papers and words for each case (spec adempimenti 6.1, 6.3)."""

from __future__ import annotations

import email
import re
from datetime import date
from email.policy import default

import pytest

from locanda.core.time import rome_midnight
from locanda.letters.credential_request import CASES, Applicant, Built, Case, CredentialRequest, OfficeAddress, build
from locanda.letters.single_pdf import Scan, WantedPaper
from tests.letters.scans import JPEG, opened, pdf, png

DAY = date(2026, 11, 21)
TRANI = OfficeAddress("Commissariato di Trani", "dipps19g.5300@pecps.poliziadistato.it")
ADA = Applicant(
    "Ada Neri", "NREDAA80A41L328J", "owner", email="ada@example.it", pec="ada@pec.example.it", phone="0883 000000",
    meets_article_11=True,
)  # fmt: skip
REQUEST = CredentialRequest(
    "single_flat", ADA, TRANI, "Casa sul porto", "Trani (BT)", "via Statuti Marittimi 1", "110009C200012345", "BT012345"
)
PAPERS = (WantedPaper("identity", "Carta d'identità"), WantedPaper("register", "Visura catastale"))
SCANS = (Scan("register", pdf(2), "visura.pdf"), Scan("identity", JPEG, "fronte.jpg"), Scan("identity", png(), "retro.png"))


def made(request: CredentialRequest, scans: tuple[Scan, ...] = SCANS) -> Built:
    result, problems = build(request, PAPERS, scans, day=DAY)
    assert problems == []
    assert result is not None
    return result


def missing(request: CredentialRequest, scans: tuple[Scan, ...] = SCANS) -> list[tuple[str, str]]:
    result, problems = build(request, PAPERS, scans, day=DAY)
    assert result is None
    return [(problem.code, problem.where) for problem in problems]


@pytest.mark.parametrize(
    ("case", "subject", "asked"),
    [
        ("single_flat", 'Richiesta credenziali Alloggiati Web - appartamento "Casa sul porto", Trani (BT)', "rilascio"),
        ("management", "Richiesta credenziali Alloggiati Web - gestione appartamenti, Trani (BT)", "gestione appartamenti"),
        ("accommodation", 'Richiesta credenziali Alloggiati Web - struttura ricettiva "Casa sul porto", Trani (BT)', "rilascio"),
        ("add_unit", "inserimento altra struttura Ada Neri - account BT012345", "inserimento"),
        ("closure", "Richiesta disattivazione credenziali Alloggiati Web - account BT012345", "disattivazione"),
        ("password_reset", "Richiesta nuova password Alloggiati Web - account BT012345", "ripristino"),
    ],
)
def test_each_case_has_its_subject_and_words(case: Case, subject: str, asked: str) -> None:
    result = made(REQUEST._replace(case=case))
    text = " ".join(result.letter.text.split())
    assert result.letter.subject == subject
    assert result.letter.to == ("dipps19g.5300@pecps.poliziadistato.it",)
    assert result.letter.sender == "ada@pec.example.it"
    assert asked in text
    for fact in ("Commissariato di Trani", "Ada Neri, in qualità di proprietario", "NREDAA80A41L328J", "via Statuti Marittimi 1"):
        assert fact in text
    assert "In allegato un unico file PDF di 5 pagine" in text
    assert "1. Carta d'identità (pag. 2) 2. Visura catastale (pag. 4)" in text
    assert ("requisiti dell'art. 11" in text) == (case in {"single_flat", "management", "accommodation"})
    assert not re.search(r"[{}]", text)
    assert result.notes == ()


def test_every_case_is_tried() -> None:
    assert set(CASES) == {"single_flat", "management", "accommodation", "add_unit", "closure", "password_reset"}


def test_one_attachment_a_pdf_with_the_index_first() -> None:
    message = email.message_from_bytes(made(REQUEST).eml(rome_midnight(DAY)), policy=default)
    (attachment,) = message.iter_attachments()  # type: ignore[attr-defined]
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_filename() == "alloggiati-web-single-flat-Casa-sul-porto.pdf"
    reader = opened(attachment.get_content())
    assert len(reader.pages) == 5
    first = " ".join(reader.pages[0].extract_text().split())
    assert "Richiesta di credenziali Alloggiati Web: singolo appartamento" in first
    assert "Commissariato di Trani" in first
    assert made(REQUEST).eml(rome_midnight(DAY)) == made(REQUEST).eml(rome_midnight(DAY))


def test_an_address_nobody_verified_is_said_and_never_guessed() -> None:
    result = made(REQUEST._replace(office=OfficeAddress("Questura di Sondrio", None, verified=False)))
    assert result.letter.to == ()
    assert "Spett.le Questura di Sondrio (indirizzo PEC da verificare)" in result.letter.text
    assert [note.code for note in result.notes] == ["letter.office.pec_missing"]
    doubtful = made(REQUEST._replace(office=TRANI._replace(verified=False)))
    assert doubtful.letter.to == TRANI[1:2]
    assert [note.code for note in doubtful.notes] == ["letter.office.pec_unverified"]


def test_in_person_an_appointment_is_asked_and_the_pdf_is_taken_along() -> None:
    result = made(REQUEST._replace(in_person=True))
    assert result.letter.subject.startswith("Richiesta di appuntamento - Richiesta credenziali")
    assert result.letter.attachments == ()
    assert result.pdf.pages == 5
    assert "Documenti pronti per la consegna:" in result.letter.text
    assert "In allegato" not in result.letter.text


def test_the_requirements_of_article_11_are_declared_or_reminded() -> None:
    undeclared = REQUEST._replace(applicant=ADA._replace(meets_article_11=False))
    result = made(undeclared)
    assert "art. 11" not in result.letter.text
    assert [note.code for note in result.notes] == ["letter.request.article_11"]
    assert made(undeclared._replace(case="closure")).notes == ()


def test_everything_that_is_missing_at_once() -> None:
    empty = CredentialRequest("add_unit", Applicant("", "NREDAA80A41L328X", "king", pec="x"), OfficeAddress(" "), "", "")
    assert missing(empty, SCANS[:1]) == [
        ("letter.request.missing", "applicant.name"),
        ("letter.request.missing", "office.name"),
        ("letter.request.missing", "property_name"),
        ("letter.request.missing", "comune"),
        ("letter.request.missing", "account"),
        ("letter.request.quality", "applicant.quality"),
        ("code.codice_fiscale.check_letter", "applicant.tax_code"),
        ("letter.address.unfit", "applicant.pec"),
        ("letter.paper.missing", "papers[0]"),
    ]


def test_the_codes_come_by_mail_so_an_address_is_needed() -> None:
    without = REQUEST._replace(applicant=ADA._replace(email=""))
    assert missing(without) == [("letter.address.missing", "applicant.email")]
    assert made(without._replace(case="closure")).letter.sender == "ada@pec.example.it"


def test_names_with_braces_and_lines_stay_names() -> None:
    result = made(REQUEST._replace(property_name="Casa {account}\nBcc: x", case="accommodation"))
    assert "Casa {account}" in result.letter.subject
    message = email.message_from_bytes(result.eml(rome_midnight(DAY)), policy=default)
    assert message["Bcc"] is None


def test_an_added_property_is_told_under_the_name_of_the_first_request() -> None:
    agency = REQUEST._replace(case="add_unit", applicant=ADA._replace(firm="Mare Srl"))
    assert made(agency).letter.subject == "inserimento altra struttura Mare Srl - account BT012345"


def test_the_national_code_is_told_beside_the_regional_one() -> None:
    text = made(REQUEST._replace(cin="IT110009C200012345")).letter.text
    assert "Codice regionale: 110009C200012345" in text and "CIN: IT110009C200012345" in text


def test_who_asks_for_credentials_has_no_account_yet() -> None:
    assert "BT012345" not in made(REQUEST).letter.text
    assert "Account: BT012345" in made(REQUEST._replace(case="closure")).letter.text
