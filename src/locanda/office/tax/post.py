"""Receipts and refusals on their way: the letter with the PDF, as a draft to open or through the operator's own mail server.

An address of the comune is the pack's, and only where it was verified; otherwise the line stays empty (never guessed).
"""

from __future__ import annotations

import io
import logging
from contextlib import suppress
from datetime import date, datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from pypdf import PdfReader

from locanda import papers
from locanda.archive import chain
from locanda.archive.models import Person, TaxReceipt, TaxRefusal
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.law.packs.values import Contact
from locanda.letters.cover import cover_text
from locanda.letters.mail import Attachment, Letter, address_problem
from locanda.letters.uploads import SUFFIXES, Scan, UnfitScan, scan_pdf
from locanda.office.overrides import Rules
from locanda.office.tax import collected_papers, receipts, refusals

__all__ = ["configured", "cover_ways", "mail_receipt", "office_of", "receipt_letter", "refusal_cover", "refusal_letter"]

log = logging.getLogger(__name__)

_WORDS = {
    "it": ("Quietanza dell'imposta di soggiorno n. {number}/{year}",
           "Buongiorno,\n\nin allegato la quietanza dell'imposta di soggiorno per il suo soggiorno presso {place}.\n\n"
           "Cordiali saluti\n{operator}\n"),
    "en": ("Tourist tax receipt no. {number}/{year}",
           "Hello,\n\nattached is the receipt of the tourist tax for your stay at {place}.\n\nKind regards\n{operator}\n"),
}  # fmt: skip


def configured() -> bool:
    """Whether there is a mail server to send through."""
    return bool(getattr(settings, "LOCANDA_MAIL_FROM", ""))


def receipt_letter(row: TaxReceipt, *, to: str = "", language: str = "it") -> Letter:
    """The letter to the guest. The attachment is the Italian receipt, as it was issued."""
    subject, text = _WORDS["en" if language == "en" else "it"]
    data = receipts.data_of(row)
    told = {"number": row.number, "year": row.year, "place": row.property.name, "operator": data["operator"]["name"]}
    attachment = Attachment(f"quietanza-{row.year}-{row.number}.pdf", receipts.pdf(row))
    return Letter(subject.format(**told), text.format(**told), to=(to,) if to else (), attachments=(attachment,))


def mail_receipt(row: TaxReceipt, to: str, *, language: str, now: datetime, person: Person) -> list[Problem]:
    """Send it now. The address is used and not kept."""
    problem = address_problem(to, "email")
    if problem is not None:
        return [problem]
    if not configured():
        return [Problem("tax.post.no_server", "email")]
    letter = receipt_letter(row, to=to, language=language)
    message = EmailMessage(letter.subject, letter.text, settings.LOCANDA_MAIL_FROM, [to])
    for one in letter.attachments:
        message.attach(one.name, one.content, one.media_type)
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.error("a receipt could not be sent: %s", type(error).__name__)
        return [Problem("tax.post.failed", "email")]
    with transaction.atomic():
        chain.append(
            row.account, "tax.receipt_mailed", at=now, actor=str(person.pk), subject=f"stay:{row.stay_id}",
            data={"receipt": str(row.pk)},
        )  # fmt: skip
    return []


def office_of(row: TaxRefusal) -> Contact | None:
    """The office of the comune that takes refusals; None where the packs name none."""
    rules = Rules(row.account_id).of(row.property, rome_day(row.signed_at))
    duty = refusals.obligation_of(row)
    if rules is None or not duty:
        return None
    return next((one for one in rules.contacts(duty, rome_day(row.signed_at))), None)


def refusal_letter(row: TaxRefusal) -> Letter:
    """The letter to the comune with the form and its signed scan; without a verified PEC it has no recipient."""
    office = office_of(row)
    data = refusals.data_of(row)
    form = "Modello 4" if row.form == "modello_4" else "Modello 5"
    signed = [
        _opened_anywhere(f"firmato-{number}", collected_papers.content(one), one.media_type)
        for number, one in enumerate(collected_papers.papers_of(row.stay), 1) if one.refusal_id == row.pk and one.size
    ]
    text = cover_text(
        office=office.name if office else f"Comune di {data['comune']['name']}",
        paragraphs=[
            "si trasmette la dichiarazione allegata, relativa a un ospite che non ha versato l'imposta di soggiorno.",
        ],
        facts=[
            ("Struttura", row.property.name), ("CIN", row.property.cin), ("Importo non versato", f"{data['amount']} euro"),
            ("Firma" if row.form == "modello_4" else "Rifiuto", f"{row.signed_at.astimezone(ROME):%d/%m/%Y, ore %H:%M}"),
        ],
        attached=[form, *(["Modulo firmato"] if signed else [])], signature=[data["operator"]["name"]],
        day=rome_day(row.signed_at),
    )  # fmt: skip
    pec = office.pec if office is not None and office.verified and office.pec else None
    subject = f"Imposta di soggiorno, {form}: omesso versamento - {row.property.name}"
    attachment = Attachment(f"{row.form}-{rome_day(row.signed_at).isoformat()}.pdf", refusals.pdf(row))
    to = (pec,) if pec and address_problem(pec) is None else ()
    return Letter(subject, text, to=to, attachments=(attachment, *signed))


def _opened_anywhere(name: str, content: bytes, media_type: str) -> Attachment:
    """A PDF as it is, with the signature that it may bear; a picture as pages for any reader, without the place of the shot."""
    if media_type != "application/pdf":
        with suppress(UnfitScan):  # one that was kept before it was looked through goes as it came
            content, media_type = scan_pdf(Scan("", content)), "application/pdf"
    return Attachment(f"{name}.{SUFFIXES[media_type]}", content, media_type)


_NEEDED = {"fax": "fax", "registered_post": "address", "desk": ""}
"""What each way of handing a refusal over asks of the office."""


def cover_ways(row: TaxRefusal) -> list[str]:
    """The ways for which a cover sheet can be printed: fax and post where the packs know number and address."""
    office = office_of(row)
    return [way for way, key in _NEEDED.items() if not key or (office is not None and getattr(office, key))]


def refusal_cover(row: TaxRefusal, way: str, *, on: date) -> tuple[bytes, list[Problem]]:
    """The sheet that goes on top of the signed form, when it does not go by certified mail."""
    data, office = refusals.data_of(row), office_of(row)
    form = papers.form(row.form)
    pages = len(PdfReader(io.BytesIO(refusals.pdf(row))).pages)
    told = {
        "comune": data["comune"], "way": way, "operator": data["operator"], "property": data["property"],
        "subject": f"Imposta di soggiorno, {form.number}: omesso versamento",
        "attached": [{"title": f"{form.number}, {form.title['it']}", "pages": pages}],
        **{key: value for key in ("address", "fax") if office is not None and (value := getattr(office, key))},
    }  # fmt: skip
    read, found = papers.read("cover", told)
    return (b"", found) if read is None else (papers.write("cover", read, on=on), [])
