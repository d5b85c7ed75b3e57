"""Requests to a police office between their making and their sending: sealed in the database, gone within a day.

The scans themselves are never stored. What was made of them, the one PDF and its mail, is kept under the account's key for who
made it, so that it outlives a restart and is found by every process that serves pages (decision 5). It goes when it was sent (the
mark of the duty then bears the PDF as its proof), when another of the same kind is made, when its maker throws it away, or after
:data:`KEPT`; deleted rows are overwritten and swept out of the journal like erased guests.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from locanda.archive.erasure import sweep_due
from locanda.archive.models import Person, PreparedRequest, Property
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.letters.credential_request import Built
from locanda.letters.mail import Attachment, Letter
from locanda.letters.single_pdf import Section, SinglePdf

__all__ = ["KEPT", "Ready", "find", "forget_old", "mine", "open_again", "put_away", "throw_away"]

KEPT = timedelta(hours=24)


class Ready(NamedTuple):
    """A request that waits to be sent."""

    row: PreparedRequest
    until: datetime


def put_away(property: Property, kind: str, built: Built, *, now: datetime, person: Person) -> PreparedRequest:
    """Keep it. The one that the same person made before, of the same kind for the same property, goes."""
    vault = Vault(property.account)
    row = PreparedRequest(
        account=property.account, property=property, kind=kind, made_at=now, made_by=person,
        sealed_letter=vault.seal(_told(built), "request letter"), sealed_pdf=vault.seal_bytes(built.pdf.content, "request pdf"),
    )  # fmt: skip
    with transaction.atomic():
        before = PreparedRequest.objects.of(property.account_id).filter(property=property, kind=kind, made_by=person)
        if before.delete()[0]:
            transaction.on_commit(sweep_due)
        row.save()
    return row


def mine(property: Property, *, now: datetime, person: Person) -> list[Ready]:
    """What this person made for a property and did not send, the newest first; what is too old is not there any more."""
    rows = PreparedRequest.objects.of(property.account_id).defer("sealed_pdf", "sealed_letter")
    rows = rows.filter(property=property, made_by=person, made_at__gt=now - KEPT).select_related("property")
    return [Ready(row, row.made_at + KEPT) for row in rows]


def find(property: Property, key: UUID, *, now: datetime, person: Person) -> PreparedRequest | None:
    """One of them, for whoever made it; nobody else finds it, in the same account or in another."""
    rows = PreparedRequest.objects.of(property.account_id).select_related("account", "property")
    found: PreparedRequest | None = rows.filter(pk=key, property=property, made_by=person, made_at__gt=now - KEPT).first()
    return found


def open_again(row: PreparedRequest) -> Built:
    """As it was built. ``row`` comes with its account."""
    vault = Vault(row.account)
    told = vault.open(row.sealed_letter, "request letter")
    content = vault.open_bytes(row.sealed_pdf, "request pdf")
    sections = tuple(Section(*one) for one in told["sections"])
    pdf = SinglePdf(content, sections, told["pages"], tuple(map(_problem, told["pdf_notes"])))
    attached = tuple(Attachment(name, content) for name in told["attached"])
    letter = Letter(told["subject"], told["text"], tuple(told["to"]), tuple(told["cc"]), told["sender"], attached)
    return Built(letter, pdf, tuple(map(_problem, told["notes"])))


def throw_away(row: PreparedRequest) -> None:
    """It is not wanted any more."""
    row.delete()
    sweep_due()


def forget_old(now: datetime) -> int:
    """A job of the engine: those that nobody sent within the time."""
    gone: int = PreparedRequest.everywhere.filter(made_at__lte=now - KEPT).delete()[0]
    if gone:
        sweep_due()
    return gone


def _told(built: Built) -> dict[str, Any]:
    """All but the bytes of the PDF, which is also the one attachment, as JSON."""
    letter = built.letter
    if any(attachment.content != built.pdf.content for attachment in letter.attachments):
        raise ValueError("a request carries its one PDF and nothing else")
    return {
        "subject": letter.subject, "text": letter.text, "to": letter.to, "cc": letter.cc, "sender": letter.sender,
        "attached": [attachment.name for attachment in letter.attachments], "sections": built.pdf.sections,
        "pages": built.pdf.pages, "pdf_notes": built.pdf.notes, "notes": built.notes,
    }  # fmt: skip


def _problem(told: list[Any]) -> Problem:
    code, where, facts = told
    return Problem(code, where, tuple((name, value) for name, value in facts))
