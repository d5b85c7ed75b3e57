"""The key outside the database.

It stands in ``LOCANDA_KEY`` when that is set, else in a file (``LOCANDA_KEY_FILE``, or ``key`` in the home folder) that only
its owner can read. While a rotation runs there are two keys, the new one first. The master key only wraps the keys of
accounts; those wrap the keys of parties.
"""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["Keyring", "KeyringError", "home"]

_BYTES = 32


class KeyringError(RuntimeError):
    """The master key is missing, unreadable or open to others; the text says what to do."""


def home() -> Path:
    """The folder of database and key: LOCANDA_HOME, else ``locanda`` in the user's data folder. Made when missing."""
    default = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "locanda"
    folder = Path(os.environ.get("LOCANDA_HOME") or default)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@dataclass(frozen=True)
class Keyring:
    """Master keys, the one in use first. Never shown by ``repr``."""

    keys: tuple[bytes, ...] = field(repr=False)
    file: Path | None = None

    @classmethod
    def load(cls, folder: Path) -> Keyring:
        """Read the keys; on the very first start, make one."""
        if text := os.environ.get("LOCANDA_KEY"):
            return cls(_parse(text.replace(",", "\n"), "LOCANDA_KEY"))
        file = Path(os.environ.get("LOCANDA_KEY_FILE") or folder / "key")
        if not file.exists():
            if (folder / "locanda.sqlite3").exists():
                raise KeyringError(
                    f"The key file {file} is missing, and without it nothing in the database can be read. "
                    "Put it back from your backup (or set LOCANDA_KEY)."
                )
            _write(file, (secrets.token_bytes(_BYTES),))
        if file.stat().st_mode & 0o077:
            raise KeyringError(f"Others can read the key file {file}. Run: chmod 600 {file}")
        return cls(_parse(file.read_text(encoding="ascii", errors="replace"), str(file)), file)

    @property
    def current(self) -> bytes:
        return self.keys[0]

    def derive(self, purpose: str) -> bytes:
        """Another key for another purpose; stays the same while a rotation runs only for the key in use."""
        return self.derive_all(purpose)[0]

    def derive_all(self, purpose: str) -> tuple[bytes, ...]:
        """The same from every key, the one in use first: to open what was sealed before a rotation began."""
        return tuple(
            HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=purpose.encode()).derive(key) for key in self.keys
        )

    def with_new_key(self) -> Keyring:
        """A keyring whose first key is new; the old ones still open. Written to the file at once."""
        if self.file is None:
            raise KeyringError(
                "The key comes from LOCANDA_KEY. To rotate, set LOCANDA_KEY to NEW,OLD and run: locanda key rotate"
            )
        _write(self.file, (secrets.token_bytes(_BYTES), *self.keys))
        return Keyring(_parse(self.file.read_text(encoding="ascii"), str(self.file)), self.file)

    def without_old_keys(self) -> Keyring:
        """Forget every key but the one in use."""
        if self.file is not None:
            _write(self.file, self.keys[:1])
        return Keyring(self.keys[:1], self.file)


def _parse(text: str, where: str) -> tuple[bytes, ...]:
    try:
        lines = [line.strip().encode("ascii") for line in text.splitlines() if line.strip()]
        keys = tuple(base64.b64decode(line, altchars=b"-_", validate=True) for line in lines)
    except ValueError:
        keys = ()
    if not keys or any(len(key) != _BYTES for key in keys):
        raise KeyringError(f"{where} does not hold a key: 32 bytes in URL-safe base64 are expected.")
    return keys


def _write(file: Path, keys: tuple[bytes, ...]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = "".join(base64.urlsafe_b64encode(key).decode("ascii") + "\n" for key in keys)
    beside = file.with_name(file.name + ".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name must be on the disk before anything is sealed under the new key
    finally:
        os.close(folder)
