"""Secrets of the second factor (the app's key, recovery codes), sealed under a key derived from the master key.

They belong to a person, who may work in several accounts, so no account's key can hold them. A new master key seals them
again (:mod:`locanda.archive.rotation`). What was stored before they were sealed is still read, and sealed at the next
rotation.
"""

from __future__ import annotations

import base64
from typing import Any

from django.apps import apps
from django.conf import settings

from locanda.archive.keyring import Keyring
from locanda.archive.vault import open_with_any, seal

__all__ = ["open_secret", "seal_again", "seal_secret"]

_PURPOSE = "second factor"
_MARK = "sealed:"


def seal_secret(text: str, ring: Keyring | None = None) -> str:
    """A secret as it is stored."""
    key = (ring or settings.KEYRING).derive(_PURPOSE)
    return _MARK + base64.b64encode(seal(key, text.encode(), _PURPOSE)).decode("ascii")


def open_secret(stored: str, ring: Keyring | None = None) -> str:
    """The secret that :func:`seal_secret` sealed; WrongKey when it does not open."""
    if not stored.startswith(_MARK):
        return stored
    sealed = base64.b64decode(stored.removeprefix(_MARK))
    return open_with_any((ring or settings.KEYRING).derive_all(_PURPOSE), sealed, _PURPOSE).decode()


def seal_again(ring: Keyring) -> int:
    """Seal every secret under the key in use of a ring that still has the old ones; the number of rows."""
    rows = list(apps.get_model("mfa", "Authenticator").objects.select_for_update(no_key=True))
    for row in rows:
        row.data = {name: _again(name, value, ring) for name, value in row.data.items()}
        row.save(update_fields=["data"])
    return len(rows)


_SECRET = frozenset({"secret", "seed", "migrated_codes"})
"""What allauth hands to its adapter to encrypt."""


def _again(name: str, value: Any, ring: Keyring) -> Any:
    if name not in _SECRET:
        return value
    if isinstance(value, list):
        return [seal_secret(open_secret(one, ring), ring) for one in value]
    return seal_secret(open_secret(value, ring), ring)
