"""The log of SQLite after an erasure: swept soon, without making anybody wait, and never forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from locanda.archive import erasure
from locanda.office import check_in, privacy
from tests.world import World, guest, world

pytestmark = [
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def here() -> Iterator[World]:
    if connection.vendor != "sqlite":
        pytest.skip("the write-ahead log of PostgreSQL is the server's")
    erasure._due.clear()
    with world() as made:
        yield made


def on_disk() -> bytes:
    name = Path(str(connection.settings_dict["NAME"]))
    return b"".join(path.read_bytes() for path in (name, name.with_name(name.name + "-wal")) if path.exists())


def draft(here: World) -> Any:
    return check_in.save_draft(here.property, here.shape(guest()), now=here.now, person=here.person)


def test_a_draft_thrown_away_takes_its_key_along(here: World) -> None:
    kept = draft(here)
    key = bytes(kept.wrapped_draft_key)
    assert key in on_disk()
    check_in.delete_draft(kept)
    assert key not in on_disk()


def test_the_key_of_a_draft_that_was_checked_in_goes_at_the_next_sweep(here: World) -> None:
    kept = draft(here)
    key = bytes(kept.wrapped_draft_key)
    here.check_in(guest(), draft=kept)
    assert key in on_disk()  # the host at the door does not wait for it
    assert erasure.sweep_if_due()
    assert key not in on_disk() and not erasure._due.is_set()


def test_who_reads_puts_the_sweep_off_and_it_stays_due(here: World) -> None:
    import sqlite3
    import time

    kept = draft(here)
    key = bytes(kept.wrapped_draft_key)
    reader = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM archive_stay").fetchone()
        began = time.monotonic()
        check_in.delete_draft(kept)
        assert time.monotonic() - began < 10  # the usual patience is twenty seconds
        assert erasure._due.is_set() and not erasure.sweep_if_due()
    finally:
        reader.close()
    assert erasure.sweep_if_due() and key not in on_disk()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)


def test_nothing_is_swept_that_nobody_asked_for(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "sweep_journal", lambda **_: pytest.fail("swept"))
    assert erasure.sweep_if_due()
    here.check_in(guest())  # no draft: no key was destroyed
    assert erasure.sweep_if_due()


def test_drafts_nobody_finished_go_after_a_month(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "_done_for", [])
    kept = draft(here)
    key = bytes(kept.wrapped_draft_key)
    assert privacy.forget_what_is_over(here.now + privacy.DRAFTS_LAST) == 0
    assert check_in.drafts(here.account) == [kept]
    here.pass_time(days=31)
    assert privacy.forget_what_is_over(here.now) == 1
    assert check_in.drafts(here.account) == [] and erasure._due.is_set()
    assert erasure.sweep_if_due() and key not in on_disk()
