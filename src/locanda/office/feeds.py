"""The calendar feed that a calendar program reads without login, at an address that is a secret (RFC 5545).

The address names the account and bears 24 random bytes; the table holds a hash of them that only this account's key can compute,
and the bytes themselves sealed, so that the operator can see the address again. A revoked address opens nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Account, FeedAddress, Person, Property
from locanda.archive.vault import Vault
from locanda.core.time import rome_day
from locanda.law.deadlines import ends_on, instant_of
from locanda.law.packs import Words
from locanda.letters import calendar
from locanda.letters.calendar import CalendarEntry
from locanda.office import duty_changes
from locanda.office.duty_list import Entry, entries
from locanda.office.duty_words import called, places, together

__all__ = ["Feed", "addresses", "feed_for", "find_address", "new_address", "renew", "revoke", "secret_of"]

_BYTES = 24
_BEHIND, _AHEAD = timedelta(days=62), timedelta(days=400)
_SETTLED = timedelta(days=7)
"""What the police took is not told for longer: an agency has dozens a day, and the receipts stand elsewhere."""
_BEFORE_THE_HOUR = timedelta(hours=2)
_NAMED = 40
_DOUBTS = {
    "press": Words("Lo dicono giornali o associazioni: legge non letta.", "Newspapers or associations say so: law not read."),
    "disputed": Words("Le fonti non sono d'accordo.", "The sources disagree."),
    "unverified": Words("Da verificare: nessuna conferma trovata.", "To be verified: no confirmation found."),
}


class Feed(NamedTuple):
    """What an address shows now. ``tag`` tells whether it is what was shown before, and costs less than the text."""

    name: str
    lines: tuple[CalendarEntry, ...]

    @property
    def tag(self) -> str:
        return calendar.tag(self.lines, name=self.name)

    def content(self) -> bytes:
        """The ``.ics``."""
        return calendar.feed(self.lines, name=self.name)


def new_address(account: Account, property: Property | None, *, now: datetime, person: Person | None) -> str:
    """A new secret: the part of the address after ``/calendario/`` and before ``.ics``."""
    if property is not None and property.account_id != account.pk:
        raise ValueError("a property of another account")
    vault, token = Vault(account), secrets.token_bytes(_BYTES)
    row = FeedAddress(
        account=account, property=property, secret_hash=_hash(vault, token), created_at=now, created_by=person,
        sealed_secret=vault.seal_bytes(token, "feed address"),
    )  # fmt: skip
    with transaction.atomic():
        row.save()
        _tell(row, "feed.opened", now, person)
    return _written(account.pk, token)


def addresses(account: Account) -> list[FeedAddress]:
    """The addresses that open something, the newest last."""
    return list(FeedAddress.objects.of(account).filter(revoked_at=None).select_related("account", "property", "created_by"))


def secret_of(address: FeedAddress) -> str:
    """The secret again, for whoever may see it."""
    return _written(address.account_id, Vault(address.account).open_bytes(address.sealed_secret, "feed address"))


def revoke(address: FeedAddress, *, now: datetime, person: Person | None) -> None:
    """It opens nothing from now on."""
    with transaction.atomic():
        address.revoked_at = now
        address.save(update_fields=["revoked_at"])
        _tell(address, "feed.revoked", now, person)


def renew(address: FeedAddress, *, now: datetime, person: Person | None) -> str:
    """A new secret in place of one that somebody knows who should not: the old one opens nothing, at the same moment."""
    with transaction.atomic():
        revoke(address, now=now, person=person)
        return new_address(address.account, address.property, now=now, person=person)


def find_address(secret: str) -> FeedAddress | None:
    """The address that a secret opens; None for one that is wrong, revoked or of nobody."""
    try:
        raw = base64.urlsafe_b64decode(secret.encode("ascii") + b"=" * (-len(secret) % 4))
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return None
    if len(raw) != 16 + _BYTES or _written(UUID(bytes=raw[:16]), raw[16:]) != secret:
        return None
    account = Account.objects.filter(pk=UUID(bytes=raw[:16])).first()
    if account is None:
        return None
    rows = FeedAddress.objects.of(account).filter(secret_hash=_hash(Vault(account), raw[16:]), revoked_at=None)
    found: FeedAddress | None = rows.select_related("account", "property", "created_by").first()
    return found


def feed_for(
    secret: str, now: datetime, *, language: str | None = None, link: Callable[[Sequence[Entry]], str] | None = None
) -> Feed | None:
    """The feed, or None. ``link`` gives the page of a duty, or of one of many properties; the language is that of
    who made the address. The feed of a whole account has one line for what several of its properties owe by the same day."""
    address = find_address(secret)
    if address is None:
        return None
    language = language or (address.created_by.language if address.created_by else "it")
    today = rome_day(now)
    rows = Property.objects.of(address.account_id).select_related("credential")
    if address.property_id:
        rows = rows.filter(pk=address.property_id)
    properties = [row for row in rows if row.closed_at is None or rome_day(row.closed_at) > today - _AHEAD]
    listed = [
        entry for entry in entries(address.account_id, properties, from_=today - _BEHIND, to=today + _AHEAD, now=now)
        if not (entry.from_ledger and entry.state == "done" and rome_day(entry.due) < today - _SETTLED)
    ]  # fmt: skip
    lines = [[entry] for entry in listed] if address.property_id else together(listed)
    changes = duty_changes.last_changes(address.account_id)
    name = address.property.name if address.property_id else address.account.name
    shown = tuple(_shown(line, address, max(map(changes.of, line)), language, link) for line in lines)
    return Feed(f"{name} · Locanda", shown)


def _shown(
    line: Sequence[Entry], address: FeedAddress, changed: datetime, language: str,
    link: Callable[[Sequence[Entry]], str] | None,
) -> CalendarEntry:  # fmt: skip
    """One line of the feed: done when it is done everywhere; until then it tells where it is not."""
    first, english = line[0], language == "en"
    left = [entry for entry in line if entry.state != "done"]
    told = [places(left, language, most=_NAMED)] if len(line) > 1 and left else []
    if first.advised:
        told.append("Advised: the sources leave open whether it binds." if english else "Consigliato: le fonti non sono certe.")
    if first.status in _DOUBTS:
        told.append(_DOUBTS[first.status].said(language))
    page = link(line) if link else ""
    hour = isinstance(first.nominal, datetime)
    remind: datetime | date = min((entry.remind_by for entry in line), key=instant_of)
    if isinstance(first.prudent_due, datetime):
        remind = first.prudent_due - _BEFORE_THE_HOUR
    return CalendarEntry(
        key=_key(first, address),
        title=f"{called(first, language)} · {places(left or line, language)}",
        due=first.due if hour else rome_day(first.due),
        changed=changed,
        remind=(remind,),
        done=None if left else max(entry.done_at for entry in line if entry.done_at),
        description="\n".join([*told, page] if page else told),
        url=page,
        categories=("Locanda",),
        urgent=hour,
    )


def _key(entry: Entry, address: FeedAddress) -> str:
    """The same for ever: programs recognise the duty by it. What is of many properties is known by its period and its day."""
    shared = address.property_id is None and entry.subject.startswith("period:")
    named = (address.account_id, entry.obligation, entry.subject, ends_on(entry.nominal)) if shared else entry.key
    return hashlib.sha256("|".join(map(str, named)).encode()).hexdigest()[:40]


def _hash(vault: Vault, token: bytes) -> str:
    return vault.keyed_hash("feed", token.hex())


def _written(account: UUID, token: bytes) -> str:
    return base64.urlsafe_b64encode(account.bytes + token).decode("ascii").rstrip("=")


def _tell(row: FeedAddress, kind: str, now: datetime, person: Person | None) -> None:
    actor = chain.actor_of(person)
    where = f"property:{row.property_id}" if row.property_id else "account"
    chain.append(row.account, kind, at=now, actor=actor, subject=where, data={"feed": str(row.pk)})
