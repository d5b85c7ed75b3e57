"""Changing keys. A crash at any step leaves a keyring that still opens everything."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import transaction

from locanda.archive import second_factor
from locanda.archive.erasure import sweep_journal
from locanda.archive.keyring import KeyringError
from locanda.archive.models import Account, Exchange, Owned
from locanda.archive.vault import KEY_BYTES, Vault, WrongKey, open_sealed, rewrap, seal

__all__ = ["check_master_key", "rotate_account_key", "rotate_master_key"]

_PATIENCE = 20_000
"""Milliseconds that a change of keys waits for readers: nothing else is going on then."""


def check_master_key() -> None:
    """KeyringError when the master key is not the one that this database was written with."""
    account = Account.objects.first()
    if account is None:
        return
    try:
        Vault(account)
    except WrongKey:
        where = settings.KEYRING.file or "LOCANDA_KEY"
        raise KeyringError(
            f"The key in {where} does not open this database: it was written with another one. "
            "Put that one back from your backup (or set LOCANDA_KEY)."
        ) from None


def rotate_master_key() -> int:
    """Wrap the keys of all accounts under a new master key; the number of accounts.

    The file holds both keys while this runs. With LOCANDA_KEY the operator puts the new key before the old one first.
    """
    ring = settings.KEYRING
    if ring.file is not None or len(ring.keys) == 1:  # one key in LOCANDA_KEY: there is nothing to change to
        ring = settings.KEYRING = ring.with_new_key()
    with transaction.atomic():
        accounts = list(Account.objects.select_for_update(no_key=True))
        for account in accounts:
            account.wrapped_key = rewrap(bytes(account.wrapped_key), ring.keys)
            account.save(update_fields=["wrapped_key"])
        second_factor.seal_again(ring)
    sweep_journal(patience=_PATIENCE)
    settings.KEYRING = ring.without_old_keys()
    return len(accounts)


def rotate_account_key(account: Account) -> int:
    """Give an account a new key and seal again what stands under the old one; the number of values sealed again.

    Every table says itself what of it stands under that key (``Owned.SEALED``); parties' keys are among it.
    """
    new, done = secrets.token_bytes(KEY_BYTES), 0
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        old = Vault(account)
        for model, field, context in _sealed_fields():
            rows = model.objects.of(account).exclude(**{field: None})
            if model is Exchange:
                rows = rows.filter(delivery=None)  # the others stand under the key of a party
            for row in rows.iterator(chunk_size=200):
                kept = bytes(getattr(row, field))
                if not kept:
                    continue
                setattr(row, field, seal(new, old.open_bytes(kept, context), context))
                row.save(update_fields=[field])
                done += 1
        master = settings.KEYRING.current
        account.sealed_hash_key = seal(new, old.open_bytes(account.sealed_hash_key, "hash key"), "hash key")
        account.wrapped_key = seal(master, new, "account key")
        open_sealed(master, account.wrapped_key, "account key")
        account.save(update_fields=["wrapped_key", "sealed_hash_key"])
    sweep_journal(patience=_PATIENCE)
    return done


def _sealed_fields() -> Iterator[tuple[type[Owned], str, str]]:
    for model in apps.get_app_config("archive").get_models():
        if issubclass(model, Owned):
            yield from ((model, field, context) for field, context in model.SEALED.items())
