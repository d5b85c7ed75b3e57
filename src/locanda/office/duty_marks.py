"""Saying that a duty was done, with proof; saying what happened. Every change stands in the history, without personal data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import DutyEvent, DutyMark, DutyProof, Person, Property
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.letters.uploads import MEDIA, Scan, kind_of, picture_problem
from locanda.office.duty_facts import law_event

__all__ = [
    "PROOF_BYTES_MAX", "File", "add_proof", "events", "link_problem", "mark_done", "mark_of", "proof_bytes", "proof_problem",
    "record_event", "remove_proof", "undo", "withdraw_event",
]  # fmt: skip

PROOF_BYTES_MAX = 30_000_000
"""As much as certified mail carries: the PDF of a request is its proof."""
_TEXTS = (DutyProof.Kind.NUMBER, DutyProof.Kind.LINK)


class File(NamedTuple):
    """An uploaded proof."""

    name: str
    content: bytes


def mark_done(
    property: Property, obligation: str, subject: str, *, now: datetime, person: Person | None, note: str = "", number: str = "",
    files: Iterable[File] = (), done_at: datetime | None = None,
) -> tuple[DutyMark | None, list[Problem]]:  # fmt: skip
    """It was done, at ``done_at`` (now when it is not told), with whatever proves it. Marked again, the words are changed.

    What the ledger of deliveries does cannot be marked by hand: the proof is the receipt.
    """
    held = list(files)
    found = [problem for file in held if (problem := proof_problem(file)) is not None]
    if subject.startswith("segment:"):
        found.append(Problem("mark.subject.of_the_ledger", "subject"))
    if done_at is not None and done_at.timestamp() > now.timestamp() + 60:
        found.append(Problem("mark.done_at.future", "done_at"))
    if found:
        return None, found
    account = property.account
    with transaction.atomic():
        mark, fresh = DutyMark.everywhere.get_or_create(  # of two who mark it at once, the second changes what the first made
            account=account, property=property, obligation=obligation, subject=subject,
            defaults={"done_at": done_at or now, "done_by": person, "created_at": now},
        )  # fmt: skip
        if not fresh:
            mark = DutyMark.objects.of(account).select_for_update(no_key=True).get(pk=mark.pk)
        mark.account = account
        if fresh or done_at is not None:
            mark.done_at = done_at or now
        mark.done_by, mark.before = person, False
        if fresh or number:
            mark.number = number.strip()[:120]
        if note.strip():
            mark.sealed_note = Vault(account).seal(note.strip()[:2000], "duty note")
        mark.save()
        data = {"obligation": obligation, "subject": subject, "done_at": mark.done_at.isoformat(), "number": bool(mark.number)}
        kind = "duty.done" if fresh else "duty.changed"
        chain.append(account, kind, at=now, actor=chain.actor_of(person), subject=f"property:{property.pk}", data=data)
        for file in held:
            _keep(mark, file.name, file.content, MEDIA[kind_of(file.content)], now=now, person=person)
    return mark, []


def undo(mark: DutyMark, *, now: datetime, person: Person | None) -> bool:
    """It was not done after all: mark and proofs go, the history keeps that they were there. False when it was gone already."""
    with transaction.atomic():
        if DutyMark.objects.of(mark.account_id).select_for_update(no_key=True).filter(pk=mark.pk).first() is None:
            return False
        data = {"obligation": mark.obligation, "subject": mark.subject, "proofs": mark.proofs.count()}
        chain.append(
            mark.account, "duty.undone", at=now, actor=chain.actor_of(person), subject=f"property:{mark.property_id}", data=data
        )
        mark.delete()
    return True


def mark_of(property: Property, obligation: str, subject: str) -> DutyMark | None:
    """The mark of a duty, with its proofs at hand."""
    rows = DutyMark.objects.of(property.account_id).filter(property=property, obligation=obligation, subject=subject)
    found: DutyMark | None = rows.select_related("account", "done_by").prefetch_related("proofs").first()
    return found


def add_proof(
    mark: DutyMark, *, now: datetime, person: Person | None, file: File | None = None, link: str = "", number: str = ""
) -> tuple[DutyProof | None, list[Problem]]:
    """One more proof: a file (a PDF or a picture, kept as it came), the address of a page, or a number."""
    problem = proof_problem(file) if file is not None else _text_problem(link, number)
    if problem is not None:
        return None, [problem]
    with transaction.atomic():
        if file is not None:
            return _keep(mark, file.name, file.content, MEDIA[kind_of(file.content)], now=now, person=person), []
        text, kind = (link.strip(), DutyProof.Kind.LINK) if link else (number.strip(), DutyProof.Kind.NUMBER)
        return _keep(mark, text, text.encode(), "", now=now, person=person, kind=kind), []


def remove_proof(proof: DutyProof, *, now: datetime, person: Person | None) -> None:
    """Take a proof away; the history keeps that it was there."""
    with transaction.atomic():
        data = {"sha256": proof.sha256}
        chain.append(proof.account, "proof.removed", at=now, actor=chain.actor_of(person), subject=f"proof:{proof.pk}", data=data)
        proof.delete()


def proof_problem(file: File, where: str = "files") -> Problem | None:
    """Why a file cannot be kept as a proof, or None."""
    name = " ".join(file.name.split())[:80]
    if not file.content:
        return Problem.of("mark.file.empty", where, name=name)
    if len(file.content) > PROOF_BYTES_MAX:
        return Problem.of("mark.file.large", where, name=name, megabytes=PROOF_BYTES_MAX // 1_000_000)
    kind = kind_of(file.content)
    if kind not in MEDIA:
        return Problem.of("mark.file.kind", where, name=name, kind=kind)
    return picture_problem(Scan("", file.content, file.name), where)  # cut off, it would prove nothing


def link_problem(link: str) -> Problem | None:
    """Why the address of a page cannot be kept as a proof, or None."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return Problem("mark.link.unfit", "link")
    return None if parts.scheme in ("http", "https") and parts.netloc else Problem("mark.link.unfit", "link")


def _text_problem(link: str, number: str) -> Problem | None:
    if link:
        return link_problem(link)
    return None if number.strip() else Problem("mark.proof.missing", "proof")


def proof_bytes(proof: DutyProof) -> bytes:
    """The bytes as they were uploaded; of a number or a link, its text."""
    return Vault(proof.account).open_bytes(proof.sealed, "duty proof")


def _keep(
    mark: DutyMark, name: str, content: bytes, media: str, *, now: datetime, person: Person | None, kind: str = ""
) -> DutyProof:
    vault = Vault(mark.account)
    digest = hashlib.sha256(content).hexdigest()
    kind = kind or (DutyProof.Kind.PDF if media == "application/pdf" else DutyProof.Kind.PHOTO)
    proof = DutyProof(
        account=mark.account, mark=mark, kind=kind, media_type=media, sha256=digest, size=len(content), added_at=now,
        added_by=person, sealed_name=vault.seal(" ".join(name.split())[:200], "proof name"),
        sealed=vault.seal_bytes(content, "duty proof"),
    )  # fmt: skip
    proof.save()
    data = {"obligation": mark.obligation, "subject": mark.subject, "kind": str(kind), "sha256": digest, "size": len(content)}
    chain.append(mark.account, "proof.added", at=now, actor=chain.actor_of(person), subject=f"proof:{proof.pk}", data=data)
    return proof


# what happened ----------------------------------------------------------------------------------------------------------


def record_event(
    property: Property, kind: str, data: Mapping[str, Any], *, now: datetime, person: Person | None
) -> tuple[DutyEvent | None, list[Problem]]:
    """Something happened, or is planned, that starts duties. ``data`` are the facts of the kind as ``interfaces.md`` has them;
    a published listing may also say its address (``url``) and the ``name`` of the site."""
    found: list[Problem] = []
    if law_event(kind, data, found) is None:
        return None, found
    url = data.get("url")
    if url and link_problem(str(url)) is not None:
        return None, [Problem("mark.link.unfit", "event.url")]
    row = DutyEvent(
        account=property.account, property=property, kind=kind, data=dict(data), recorded_at=now, recorded_by=person
    )
    with transaction.atomic():
        row.save()
        told = {"kind": kind, "event": str(row.pk)}
        chain.append(
            property.account, "event.recorded", at=now, actor=chain.actor_of(person), subject=f"property:{property.pk}", data=told
        )
    return row, []


def withdraw_event(event: DutyEvent, *, now: datetime, person: Person | None) -> None:
    """It was recorded by mistake, or the listing is gone: it starts nothing any more."""
    with transaction.atomic():
        event.withdrawn_at = now
        event.save(update_fields=["withdrawn_at"])
        told = {"kind": event.kind, "event": str(event.pk)}
        where = f"property:{event.property_id}"
        chain.append(event.account, "event.withdrawn", at=now, actor=chain.actor_of(person), subject=where, data=told)


def events(property: Property, kind: str = "") -> list[DutyEvent]:
    """What was recorded of a property and holds."""
    rows = DutyEvent.objects.of(property.account_id).filter(property=property, withdrawn_at=None)
    return list(rows.filter(kind=kind) if kind else rows)
