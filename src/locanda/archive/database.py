"""Which database: SQLite in the home folder unless an address of PostgreSQL is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["DatabaseAddressError", "database_from"]

# WAL lets pages read while the engine writes. synchronous=FULL: a "sending" mark lost in a power cut would allow a second
# Send. secure_delete: the destroyed key of an erased party must not survive in a free page.
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=20000; "
    "PRAGMA cache_size=-64000;"
)
_FORMS = "LOCANDA_DATABASE_URL: write postgres://user:password@host:port/name or sqlite:///path"


class DatabaseAddressError(ValueError):
    """LOCANDA_DATABASE_URL is not an address of PostgreSQL or SQLite."""


def database_from(address: str | None, home: Path) -> dict[str, Any]:
    """The entry of Django's DATABASES. Forms: ``postgres://user:password@host:port/name`` or ``sqlite:///path``."""
    if not address:
        return _sqlite(str(home / "locanda.sqlite3"))
    try:
        parts = urlsplit(address)
        port = str(parts.port or "")
    except ValueError:  # not a port, not an address in brackets
        raise DatabaseAddressError(_FORMS) from None
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or "locanda",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": port,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        return _sqlite(unquote(parts.path[1:] if parts.path.startswith("//") else parts.path))
    raise DatabaseAddressError(_FORMS)


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": _SQLITE_PRAGMAS, "timeout": 20},
    }
