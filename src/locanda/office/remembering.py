"""Guests who agreed to be remembered, so that the next check-in is shorter; and forgetting them for good (GDPR art. 7 par. 3).

A document's number is the only way in: nobody can leaf through them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from locanda.archive import chain
from locanda.archive.erasure import sweep_journal
from locanda.archive.models import Account, Person, RememberedGuest
from locanda.archive.vault import Vault

__all__ = ["Consent", "consent_of", "forget", "recall", "remember", "remembered_count"]


class Consent(NamedTuple):
    """What stands about a remembered guest: who it is, and how and when consent was given."""

    name: str
    at: datetime
    how: str


def _found(account: Account, document_number: str) -> RememberedGuest | None:
    digest = Vault(account).keyed_hash("document", document_number)
    row: RememberedGuest | None = RememberedGuest.objects.of(account).filter(document_hash=digest).first()
    return row


def recall(account: Account, document_number: str) -> dict[str, Any] | None:
    """A guest who agreed to be remembered, by the number of the document; None when there is none."""
    row = _found(account, document_number)
    return None if row is None else dict(Vault(account).open(row.sealed, "remembered guest"))


def consent_of(account: Account, document_number: str) -> Consent | None:
    """Who is remembered under a number, and since when; None when nobody is."""
    row, shape = _found(account, document_number), recall(account, document_number)
    if row is None or shape is None:
        return None
    return Consent(f"{shape.get('surname') or ''} {shape.get('name') or ''}".strip(), row.consent_at, row.consent_how)


def remembered_count(account: Account) -> int:
    """How many guests are remembered."""
    return RememberedGuest.objects.of(account).count()


def remember(account: Account, shape: Mapping[str, Any], *, how: str, now: datetime, person: Person | None) -> None:
    """Keep a guest for the next time. Only with the consent of the guest, whose manner is recorded."""
    number = (shape.get("document") or {}).get("number")
    if not number:
        return
    vault = Vault(account)
    RememberedGuest.everywhere.update_or_create(
        account=account,
        document_hash=vault.keyed_hash("document", number),
        defaults={
            "sealed": vault.seal(dict(shape), "remembered guest"),
            "consent_at": now,
            "consent_how": how[:60],
            "recorded_by": person,
        },
    )


def forget(account: Account, document_number: str, *, now: datetime, person: Person | None) -> bool:
    """Consent withdrawn: the row goes for good. False when nobody is remembered under that number.

    The event says that it was done and by whom, nothing of the guest: no hash of the document either.
    """
    digest = Vault(account).keyed_hash("document", document_number)
    with transaction.atomic():
        gone, _ = RememberedGuest.objects.of(account).filter(document_hash=digest).delete()
        if not gone:
            return False
        chain.append(account, "guest.forgotten", at=now, actor=chain.actor_of(person, nobody="api"))
    sweep_journal()
    return True
