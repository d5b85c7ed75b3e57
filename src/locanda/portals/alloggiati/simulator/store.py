"""What the simulator acquired: an append-only ledger with the time of sending, and the apartments of each account.

In memory, or in a file that outlives the process, so that a drill can kill whatever it likes and count afterwards.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from locanda.core.time import ROME, rome_day
from locanda.portals.alloggiati.simulator.accounts import Account, Apartment

__all__ = ["Acquired", "Store"]

_TABLES = """
CREATE TABLE IF NOT EXISTS ledger (
  number INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, operation TEXT NOT NULL,
  at TEXT NOT NULL, day TEXT NOT NULL, row TEXT NOT NULL, apartment INTEGER);
CREATE INDEX IF NOT EXISTS ledger_day ON ledger (user, day);
CREATE TRIGGER IF NOT EXISTS ledger_kept BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS ledger_whole BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TABLE IF NOT EXISTS apartments (
  user TEXT NOT NULL, id INTEGER NOT NULL, description TEXT NOT NULL, comune_code TEXT NOT NULL,
  address TEXT NOT NULL, owner TEXT NOT NULL, enabled INTEGER NOT NULL, PRIMARY KEY (user, id));
"""


class Acquired(NamedTuple):
    """A schedina acquired for good."""

    number: int
    user: str
    operation: str
    at: datetime
    day: date
    row: str
    apartment: int | None


class Store:
    """The ledger, readable as a sequence of what was acquired, and the apartments."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = RLock()
        self._db = sqlite3.connect(str(path) if path else ":memory:", check_same_thread=False, isolation_level=None)
        if path:
            self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Close the file; a ledger in memory is gone."""
        with self._lock:
            self._db.close()

    # ------------------------------------------------------------------------------------------------- the ledger

    def acquire(self, user: str, operation: str, at: datetime, rows: list[tuple[str, int | None]]) -> None:
        """Keep rows for good, all of a call or none."""
        instant, day = at.astimezone(UTC).isoformat(), rome_day(at).isoformat()
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                "INSERT INTO ledger (user, operation, at, day, row, apartment) VALUES (?, ?, ?, ?, ?, ?)",
                [(user, operation, instant, day, row, apartment) for row, apartment in rows],
            )
            self._db.execute("COMMIT")

    def acquired(self, user: str | None = None, day: date | None = None) -> list[Acquired]:
        """What was acquired, in order; of one user, on one day of sending."""
        with self._lock:
            found = self._db.execute(
                "SELECT number, user, operation, at, day, row, apartment FROM ledger "
                "WHERE (?1 IS NULL OR user = ?1) AND (?2 IS NULL OR day = ?2) ORDER BY number",
                (user, day.isoformat() if day else None),
            ).fetchall()
        return [
            Acquired(n, u, o, datetime.fromisoformat(at).astimezone(ROME), date.fromisoformat(d), row, apartment)
            for n, u, o, at, d, row, apartment in found
        ]

    def holds(self, user: str, row: str, apartment: int | None) -> bool:
        """Whether the same row was already acquired."""
        with self._lock:
            return bool(
                self._db.execute(
                    "SELECT 1 FROM ledger WHERE user = ? AND row = ? AND apartment IS ?", (user, row, apartment)
                ).fetchone()
            )

    def protocol(self, user: str, day: date) -> int:
        """The number of a receipt within its year: one for each user and day of sending, in order."""
        with self._lock:
            (earlier,) = self._db.execute(
                "SELECT COUNT(*) FROM (SELECT DISTINCT day, user FROM ledger "
                "WHERE substr(day, 1, 4) = ?1 AND (day < ?2 OR (day = ?2 AND user <= ?3)))",
                (str(day.year), day.isoformat(), user),
            ).fetchone()
        return int(earlier)

    def rows(self, user: str | None = None, day: date | None = None) -> list[str]:
        """The bare rows acquired."""
        return [entry.row for entry in self.acquired(user, day)]

    def __iter__(self) -> Iterator[Acquired]:
        return iter(self.acquired())

    def __len__(self) -> int:
        with self._lock:
            (count,) = self._db.execute("SELECT COUNT(*) FROM ledger").fetchone()
        return int(count)

    # --------------------------------------------------------------------------------------------- the apartments

    def open_account(self, account: Account) -> None:
        """Enter the apartments an account begins with, unless the file knows it already."""
        with self._lock:
            if not self.apartments(account.user):
                for apartment in account.apartments:
                    self._enter(account.user, apartment)

    def apartments(self, user: str) -> list[Apartment]:
        """All apartments of an account, disabled ones too."""
        with self._lock:
            found = self._db.execute(
                "SELECT id, description, comune_code, address, owner, enabled FROM apartments WHERE user = ? ORDER BY id",
                (user,),
            ).fetchall()
        return [
            Apartment(number, description, comune_code, address, owner, bool(enabled))
            for number, description, comune_code, address, owner, enabled in found
        ]

    def add_apartment(self, user: str, description: str, comune_code: str, address: str, owner: str) -> int:
        """A new apartment, its texts in upper case. Ids begin at 0 and skip one now and then."""
        with self._lock:
            taken = [apartment.id for apartment in self.apartments(user)]
            number = 0 if not taken else max(taken) + (2 if len(taken) % 3 == 2 else 1)
            self._enter(user, Apartment(number, description.upper(), comune_code, address.upper(), owner.upper()))
        return number

    def disable_apartment(self, user: str, apartment: int) -> bool:
        """Disable for good; False when there is no such enabled apartment."""
        with self._lock:
            done = self._db.execute(
                "UPDATE apartments SET enabled = 0 WHERE user = ? AND id = ? AND enabled = 1", (user, apartment)
            )
            return done.rowcount == 1

    def _enter(self, user: str, apartment: Apartment) -> None:
        self._db.execute(
            "INSERT INTO apartments VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                user, apartment.id, apartment.description, apartment.comune_code, apartment.address, apartment.owner,
                int(apartment.enabled),
            ),
        )  # fmt: skip
