"""What the simulator holds: guests by structure and identifier, and the figures of each day; the last sending wins.

In memory, or in a file that outlives the process, so that a drill can kill whatever it likes and count afterwards.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from locanda.portals.ross1000.records import Arrivo, Struttura

__all__ = ["Kept", "Store"]

_TABLES = """
CREATE TABLE IF NOT EXISTS guests (
  number INTEGER PRIMARY KEY AUTOINCREMENT, structure TEXT NOT NULL, id TEXT NOT NULL, arrival TEXT NOT NULL,
  record TEXT NOT NULL, departures TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS guests_id ON guests (structure, id);
CREATE TABLE IF NOT EXISTS days (structure TEXT NOT NULL, day TEXT NOT NULL, house TEXT NOT NULL, PRIMARY KEY (structure, day));
CREATE TABLE IF NOT EXISTS bookings (structure TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (structure, id));
"""


class Kept(NamedTuple):
    """A guest whom the portal holds."""

    number: int
    structure: str
    day: str
    record: Arrivo
    departures: tuple[str, ...]


class Store:
    """The archive of an installation."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = RLock()
        self._db = sqlite3.connect(str(path) if path else ":memory:", check_same_thread=False, isolation_level=None)
        if path:
            self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Close the file; an archive in memory is gone."""
        with self._lock:
            self._db.close()

    def begin(self) -> None:
        """Everything up to :meth:`commit` is kept together or not at all."""
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keep it."""
        self._db.execute("COMMIT")

    # guests ----------------------------------------------------------------------------------------------------------

    def guests(self, structure: str | None = None) -> list[Kept]:
        """Every guest, in the order of their first sending."""
        return self._found("SELECT * FROM guests WHERE ?1 IS NULL OR structure = ?1 ORDER BY number", structure)

    def known(self, structure: str, ident: str) -> list[Kept]:
        """Who bears an identifier."""
        return self._found("SELECT * FROM guests WHERE structure = ? AND id = ? ORDER BY number", structure, ident)

    def of_day(self, structure: str, day: str) -> list[Kept]:
        """Who arrives on a day."""
        return self._found("SELECT * FROM guests WHERE structure = ? AND arrival = ? ORDER BY number", structure, day)

    def keep(self, structure: str, day: str, record: Arrivo, *, instead_of: Kept | None) -> None:
        """A guest who is new, or in the place of one who was there."""
        text = json.dumps(record)
        with self._lock:
            if instead_of is not None:
                self._db.execute("UPDATE guests SET arrival = ?, record = ? WHERE number = ?", (day, text, instead_of.number))
            else:
                row = (structure, record.idswh or "", day, text)
                self._db.execute("INSERT INTO guests (structure, id, arrival, record) VALUES (?, ?, ?, ?)", row)

    def leave(self, guest: Kept, day: str, *, beside: bool) -> None:
        """A departure, instead of the one that was there or beside it."""
        days = tuple(dict.fromkeys((*guest.departures, day))) if beside else (day,)
        with self._lock:
            self._db.execute("UPDATE guests SET departures = ? WHERE number = ?", (" ".join(days), guest.number))

    def remove(self, guest: Kept) -> None:
        """A guest goes out of the archive."""
        with self._lock:
            self._db.execute("DELETE FROM guests WHERE number = ?", (guest.number,))

    def _found(self, query: str, *values: object) -> list[Kept]:
        with self._lock:
            rows = self._db.execute(query, values).fetchall()
        return [
            Kept(number, structure, day, Arrivo(*json.loads(record)), tuple(departures.split()))
            for number, structure, _, day, record, departures in rows
        ]

    # days, bookings --------------------------------------------------------------------------------------------------

    def set_day(self, structure: str, day: str, house: Struttura) -> None:
        """The figures of a day."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO days VALUES (?, ?, ?)", (structure, day, json.dumps(house)))

    def day(self, structure: str, day: str) -> Struttura | None:
        """The figures of a day; None while nothing was declared."""
        with self._lock:
            row = self._db.execute("SELECT house FROM days WHERE structure = ? AND day = ?", (structure, day)).fetchone()
        return None if row is None else Struttura(*json.loads(row[0]))

    def count_days(self, structure: str) -> int:
        """How many days were declared."""
        with self._lock:
            (count,) = self._db.execute("SELECT COUNT(*) FROM days WHERE structure = ?", (structure,)).fetchone()
        return int(count)

    def book(self, structure: str, ident: str, *, there: bool) -> bool:
        """A booking comes or goes; whether it was there before."""
        with self._lock:
            key = (structure, ident)
            was = self._db.execute("SELECT 1 FROM bookings WHERE structure = ? AND id = ?", key).fetchone() is not None
            if there:
                self._db.execute("INSERT OR IGNORE INTO bookings VALUES (?, ?)", key)
            else:
                self._db.execute("DELETE FROM bookings WHERE structure = ? AND id = ?", key)
        return was

    def __len__(self) -> int:
        return len(self.guests())
