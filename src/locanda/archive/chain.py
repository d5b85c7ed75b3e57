"""One hash chain of events per account: append, and verify.

An event's hash is keyed (HMAC-SHA256 under a key of the account, which the database alone does not open), so that whoever
writes into the database cannot make a chain that verifies. It covers number, instant, kind, actor, subject, clear data, the
commitment to the sealed data and the hash of the event before. That the last events were cut off, head and all, only a copy
kept elsewhere can show. The sealed data (salt and payload) live under the party's key: when that key is destroyed the chain
still verifies, and nothing in it can be tested against a guess, because the salt is gone too.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from locanda.archive.models import Account, Event, Party, Person
from locanda.archive.vault import Vault, WrongKey

__all__ = ["ENGINE", "Broken", "actor_of", "append", "verify"]

ENGINE = "engine"
"""Who did it, where no person did."""

_CONTEXT = "event"


class Broken(NamedTuple):
    """A place where a chain does not hold. ``fault``: ``gap``, ``link``, ``hash``, ``commitment`` or ``head``."""

    account: str
    number: int
    fault: str


def actor_of(person: Person | None, *, nobody: str = ENGINE) -> str:
    """How an event names who did what it tells."""
    return str(person.pk) if person else nobody


def append(
    account: Account,
    kind: str,
    *,
    at: datetime,
    actor: str,
    subject: str = "",
    data: Mapping[str, Any] | None = None,
    party: Party | None = None,
    secret: Mapping[str, Any] | None = None,
) -> Event:
    """Write the next event of an account. Call it inside the transaction that does what the event tells.

    ``data`` is stored in clear and must not say who anybody is; ``secret`` is sealed under the key of ``party``.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is written in the transaction of what it tells")
    number, previous = _locked_head(account)
    sealed, commitment = None, ""
    if secret is not None:
        if party is None:
            raise ValueError("secret data of an event need a party")
        salt = secrets.token_hex(16)
        payload = _canonical(secret)
        commitment = _sha256(salt + payload)
        sealed = Vault(account).party(party).seal({"salt": salt, "payload": payload}, _CONTEXT)
    event = Event(
        account=account,
        number=number + 1,
        at=at.astimezone(UTC),
        kind=kind,
        actor=actor,
        subject=subject,
        data=dict(data or {}),
        party=party,
        sealed=sealed,
        commitment=commitment,
        previous=previous,
    )
    event.hash = _hash(event, Vault(account))
    Event.everywhere.bulk_create([event])
    _set_head(account, event)
    return event


_TABLE = Account._meta.db_table  # plain SQL for the head: it is read and written with every event


def _locked_head(account: Account) -> tuple[int, str]:
    """Number and hash of the last event, locked until the transaction ends."""
    lock = connection.ops.for_update_sql(no_key=True) if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT events, chain_head FROM {_TABLE} WHERE id = %s {lock}", [_key(account)])  # noqa: S608
        row: tuple[int, str] | None = cursor.fetchone()
    if row is None:
        raise Account.DoesNotExist(account.pk)
    return row


def _set_head(account: Account, event: Event) -> None:
    with connection.cursor() as cursor:
        values = [event.number, event.hash, _key(account)]
        cursor.execute(f"UPDATE {_TABLE} SET events = %s, chain_head = %s WHERE id = %s", values)  # noqa: S608


def _key(account: Account) -> Any:
    return Account._meta.pk.get_db_prep_value(account.pk, connection)


def verify(account: Account) -> Iterator[Broken]:
    """Walk the chain of an account and tell every place where it does not hold.

    The head is read before the walk and once more after it, so that what is appended meanwhile is no fault.
    """
    name, vault = str(account.pk), Vault(account)
    account.refresh_from_db(fields=["events", "chain_head"])
    previous, number, head = "0" * 64, 0, "0" * 64
    for event in Event.objects.of(account).order_by("number").select_related("party").iterator(chunk_size=500):
        number += 1
        if event.number != number:
            yield Broken(name, number, "gap")
            number = event.number
        if event.previous != previous:
            yield Broken(name, event.number, "link")
        if event.hash != _hash(event, vault):
            yield Broken(name, event.number, "hash")
        if not _kept(vault, event):
            yield Broken(name, event.number, "commitment")
        previous = event.hash
        if number == account.events:
            head = event.hash
    if number < account.events or head != account.chain_head:
        yield Broken(name, number, "head")
        return
    account.refresh_from_db(fields=["events", "chain_head"])
    if number > account.events:
        yield Broken(name, number, "head")


def _kept(vault: Vault, event: Event) -> bool:
    """Whether the sealed data are still what the event commits to, as far as their key lives."""
    if event.party is None or event.party.wrapped_key is None:
        return event.party is not None or event.sealed is None
    if event.sealed is None:
        return event.commitment == ""
    try:
        inside = vault.party(event.party).open(event.sealed, _CONTEXT)
    except WrongKey:
        return False
    return bool(_sha256(inside["salt"] + inside["payload"]) == event.commitment)


def _hash(event: Event, vault: Vault) -> str:
    return vault.mac(
        "event",
        _canonical(
            [
                str(event.account_id),
                event.number,
                event.at.astimezone(UTC).isoformat(),
                event.kind,
                event.actor,
                event.subject,
                event.data,
                str(event.party_id) if event.party_id else None,
                event.commitment,
                event.previous,
            ]
        ),
    )


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
