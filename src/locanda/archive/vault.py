"""Encryption at rest (AES-256-GCM) and keyed hashes.

master key (outside the database) > key of the account > key of the party. What belongs to a party is sealed under the
party's key; destroying that key erases every copy, whatever page, journal or log it stands in. Every sealed value is bound
to a context, so that a value moved to another field does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

if TYPE_CHECKING:
    from locanda.archive.models import Account, Party

__all__ = ["Box", "Erased", "Vault", "WrongKey", "new_account_keys", "open_sealed", "open_with_any", "rewrap", "seal"]

_VERSION = b"\x01"
_NONCE = 12
_TAG = 16
KEY_BYTES = 32


class WrongKey(RuntimeError):
    """A sealed value does not open: another key, another context, or changed bytes."""


class Erased(RuntimeError):
    """The key of the party was destroyed; nothing under it can be read any more."""


def seal(key: bytes, plain: bytes, context: str) -> bytes:
    """Encrypt bytes under a key, bound to a context."""
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def open_sealed(key: bytes, sealed: bytes, context: str) -> bytes:
    """Decrypt what :func:`seal` made; WrongKey when it does not open."""
    sealed = bytes(sealed)
    if sealed[:1] != _VERSION or len(sealed) < 1 + _NONCE + _TAG:
        raise WrongKey(f"unknown form of sealed value ({context})")
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], context.encode())
    except InvalidTag:
        raise WrongKey(f"the value of {context} does not open with this key") from None


def open_with_any(keys: tuple[bytes, ...], sealed: bytes, context: str) -> bytes:
    """Decrypt with the first of these keys that opens; WrongKey when none does."""
    for key in keys[:-1]:
        try:
            return open_sealed(key, sealed, context)
        except WrongKey:
            continue
    return open_sealed(keys[-1], sealed, context)


def new_account_keys() -> tuple[bytes, bytes]:
    """The wrapped key of a new account and its sealed hashing key."""
    key = secrets.token_bytes(KEY_BYTES)
    wrapped = seal(settings.KEYRING.current, key, "account key")
    return wrapped, seal(key, secrets.token_bytes(KEY_BYTES), "hash key")


def rewrap(wrapped: bytes, keys: tuple[bytes, ...]) -> bytes:
    """The same account key under the first of the master keys."""
    return seal(keys[0], open_with_any(keys, wrapped, "account key"), "account key")


@lru_cache(maxsize=256)
def _account_key(wrapped: bytes, keys: tuple[bytes, ...]) -> bytes:
    return open_with_any(keys, wrapped, "account key")


class Box:
    """Seals and opens values under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, value: Any, context: str) -> bytes:
        """Seal a JSON value."""
        return seal(self._key, json.dumps(value, ensure_ascii=False).encode(), context)

    def open(self, sealed: bytes, context: str) -> Any:
        """The JSON value that :meth:`seal` sealed."""
        return json.loads(open_sealed(self._key, sealed, context))

    def seal_bytes(self, plain: bytes, context: str) -> bytes:
        return seal(self._key, plain, context)

    def open_bytes(self, sealed: bytes, context: str) -> bytes:
        return open_sealed(self._key, sealed, context)


class Vault(Box):
    """The box of one account, which holds the keys of its parties."""

    def __init__(self, account: Account) -> None:
        super().__init__(_account_key(bytes(account.wrapped_key), settings.KEYRING.keys))
        self._sealed_hash_key = bytes(account.sealed_hash_key)

    def new_party_key(self) -> bytes:
        """A wrapped key for a new party."""
        return self.seal_bytes(secrets.token_bytes(KEY_BYTES), "party key")

    def party(self, party: Party) -> Box:
        """The box of one party; Erased when its key was destroyed."""
        if party.wrapped_key is None:
            raise Erased(f"the data of this party were deleted on {party.erased_at}")
        return self.box(party.wrapped_key)

    def box(self, wrapped: bytes) -> Box:
        """The box of a wrapped key."""
        return Box(self.open_bytes(wrapped, "party key"))

    def mac(self, purpose: str, text: str) -> str:
        """A keyed digest of a text as it is: nobody without the account's key can make another that fits."""
        key = self.open_bytes(self._sealed_hash_key, "hash key")
        return hmac.new(key, f"{purpose}\x1f{text}".encode(), hashlib.sha256).hexdigest()

    def keyed_hash(self, kind: str, *parts: str) -> str:
        """A hash that only this account can compute; for exact look-up of a document or a name."""
        key = self.open_bytes(self._sealed_hash_key, "hash key")
        text = "\x1f".join((kind, *("".join(part.upper().split()) for part in parts)))
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
