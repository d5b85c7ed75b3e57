"""Taking the database's own guards down and putting them up again, for tests that need to tamper or to empty tables.

The triggers themselves are never weakened: what a test takes down, it puts up again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection

_NAMES = ("0002_guards", "0008_tax_guards", "0010_receipts_are_sealed_again")
_MIGRATIONS = tuple(import_module(f"locanda.archive.migrations.{name}") for name in _NAMES)


class _Editor:
    """As much of a schema editor as the migration asks for."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, sql: str, params: Any = None) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)


def are_up(on: Any = connection) -> bool:
    """Whether the guards stand in this database."""
    with on.cursor() as cursor:
        if on.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = 'events_stay'")
        else:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'events_stay'")
        return bool(cursor.fetchone()[0])


@contextmanager
def guards_down(on: Any = connection) -> Iterator[None]:
    """No guards inside the block."""
    up = are_up(on)
    if up:
        for migration in reversed(_MIGRATIONS):
            migration.take_down(None, _Editor(on))
    try:
        yield
    finally:
        if up:
            for migration in _MIGRATIONS:
                migration.put_up(None, _Editor(on))
