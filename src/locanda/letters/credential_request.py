"""A request about the credentials of Alloggiati Web: the one PDF, and the mail to the police office of the place.

Which office and which papers, the caller says (they are data of the territory); which words, ``credential_request.toml``. An
address that is not verified is said to be so and left out, never guessed (spec adempimenti 6.1, 6.3; IT-PS-04, 07, 08).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from locanda.core.codes import check
from locanda.core.problems import Problem
from locanda.letters.cover import cover_text
from locanda.letters.mail import Attachment, Letter, address_problem, eml, file_name
from locanda.letters.single_pdf import Scan, SinglePdf, WantedPaper, single_pdf

__all__ = ["CASES", "Applicant", "Built", "Case", "CredentialRequest", "OfficeAddress", "build"]

Case = Literal["single_flat", "management", "accommodation", "add_unit", "closure", "password_reset"]
CASES: tuple[Case, ...] = ("single_flat", "management", "accommodation", "add_unit", "closure", "password_reset")

_QUALITIES = {
    "owner": "proprietario",
    "manager": "gestore",
    "legal_representative": "legale rappresentante",
    "delegate": "delegato",
}


class OfficeAddress(NamedTuple):
    """The police office that the request goes to. ``pec`` is None where no source gives it."""

    name: str
    pec: str | None = None
    verified: bool = True


class Applicant(NamedTuple):
    """Who asks. ``quality`` is ``owner``, ``manager``, ``legal_representative`` or ``delegate``; ``email`` receives the codes."""

    name: str
    tax_code: str = ""
    quality: str = "manager"
    firm: str = ""
    email: str = ""
    pec: str = ""
    phone: str = ""
    meets_article_11: bool = False


class CredentialRequest(NamedTuple):
    """What is asked, for which property. ``comune`` is written as people read it: ``Monopoli (BA)``."""

    case: Case
    applicant: Applicant
    office: OfficeAddress
    property_name: str
    comune: str
    address: str = ""
    regional_code: str = ""
    account: str = ""
    in_person: bool = False
    cin: str = ""


class Built(NamedTuple):
    """The mail and the PDF. In person, the mail asks for an appointment and the PDF is printed and taken along."""

    letter: Letter
    pdf: SinglePdf
    notes: tuple[Problem, ...]

    def eml(self, on: datetime) -> bytes:
        """The letter as a draft that a mail program opens."""
        return eml(self.letter, on=on)


def build(
    request: CredentialRequest, papers: Sequence[WantedPaper], scans: Sequence[Scan], *, day: date
) -> tuple[Built | None, list[Problem]]:
    """Mail and PDF, or everything that is missing, at once."""
    words = _words()[request.case]
    problems = _missing(request, words["asks"])
    facts = _facts(request if "account" in words["asks"] else request._replace(account=""))
    pdf, faults = single_pdf(papers, scans, title=words["title"], facts=facts, day=day)
    problems += faults
    if pdf is None or problems:
        return None, problems
    notes = (*_office_notes(request.office), *_article_11(request, words["asks"]), *pdf.notes)
    return Built(_letter(request, words, facts, pdf, day), pdf, notes), []


@cache
def _words() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("locanda.letters") / "credential_request.toml").read_text(encoding="utf-8"))


def _missing(request: CredentialRequest, asks: Sequence[str]) -> list[Problem]:
    applicant = request.applicant
    needed = {
        "applicant.name": applicant.name, "office.name": request.office.name, "property_name": request.property_name,
        "comune": request.comune,
    }  # fmt: skip
    if "account" in asks:
        needed["account"] = request.account
    found = [Problem.of("letter.request.missing", where) for where, value in needed.items() if not value.strip()]
    if applicant.quality not in _QUALITIES:
        found.append(Problem.of("letter.request.quality", "applicant.quality", value=applicant.quality[:40]))
    if applicant.tax_code:
        result = check("codice-fiscale", applicant.tax_code)
        found += [] if result.usable else [problem._replace(where="applicant.tax_code") for problem in result.warnings]
    addresses = {"applicant.pec": applicant.pec, "office.pec": request.office.pec}
    if "email" in asks or applicant.email:
        addresses["applicant.email"] = applicant.email
    for where, address in addresses.items():
        if address or where == "applicant.email":
            fault = address_problem(address or "", where)
            found += [fault] if fault else []
    return found


def _facts(request: CredentialRequest) -> list[tuple[str, str]]:
    applicant = request.applicant
    return [
        ("Ufficio", request.office.name),
        ("Richiedente", applicant.name),
        ("Codice fiscale", applicant.tax_code.strip().upper()),
        ("Qualità", _QUALITIES.get(applicant.quality, "")),
        ("Impresa", applicant.firm),
        ("Struttura", request.property_name),
        ("Indirizzo", request.address),
        ("Comune", request.comune),
        ("Codice regionale", request.regional_code),
        ("CIN", request.cin),
        ("Account", request.account),
        ("E-mail", applicant.email),
        ("PEC", applicant.pec),
        ("Telefono", applicant.phone),
    ]


def _letter(
    request: CredentialRequest, words: Mapping[str, Any], facts: Sequence[tuple[str, str]], pdf: SinglePdf, day: date
) -> Letter:
    applicant, office = request.applicant, request.office
    fill = {
        "account": request.account, "holder": applicant.firm or applicant.name, "property": request.property_name,
        "comune": request.comune,
    }  # fmt: skip
    subject = words["subject"].format_map(fill)
    where = "" if office.pec else " (indirizzo PEC da verificare)"
    opening = f"{applicant.name}, in qualità di {_QUALITIES[applicant.quality]}, {words['text'].format_map(fill)}"
    more = []
    if applicant.meets_article_11 and "article_11" in words["asks"]:
        more.append("Dichiara, sotto la propria responsabilità, di possedere i requisiti dell'art. 11 del TULPS (R.D. 773/1931).")
    if "email" in words["asks"]:
        more.append(f"Chiede di ricevere le comunicazioni all'indirizzo {applicant.email}.")
    if request.in_person:
        subject = f"Richiesta di appuntamento - {subject}"
        more.append("Chiede un appuntamento per consegnare la richiesta di persona, con i documenti elencati.")
    attached = [f"{section.title} (pag. {section.page})" for section in pdf.sections]
    kept = f"In allegato un unico file PDF di {pdf.pages} pagine, che contiene:"
    text = cover_text(
        office=office.name + where,
        paragraphs=[opening, *more],
        facts=[fact for fact in facts if fact[0] != "Ufficio"],
        attached=attached,
        attached_intro="Documenti pronti per la consegna:" if request.in_person else kept,
        signature=[applicant.name, applicant.firm],
        day=day,
    )
    name = file_name(f"alloggiati-web-{request.case.replace('_', '-')}-{request.property_name}.pdf")
    return Letter(
        subject=subject,
        text=text,
        to=(office.pec,) if office.pec else (),
        sender=applicant.pec or applicant.email or None,
        attachments=() if request.in_person else (Attachment(name, pdf.content),),
    )


def _office_notes(office: OfficeAddress) -> list[Problem]:
    if not office.pec:
        return [Problem.of("letter.office.pec_missing", "office.pec", office=office.name)]
    return [] if office.verified else [Problem.of("letter.office.pec_unverified", "office.pec", office=office.name)]


def _article_11(request: CredentialRequest, asks: Sequence[str]) -> list[Problem]:
    if "article_11" not in asks or request.applicant.meets_article_11:
        return []
    return [Problem.of("letter.request.article_11", "applicant.meets_article_11")]
