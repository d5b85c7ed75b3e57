"""What the database itself refuses, whoever asks."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from locanda.archive.models import Event, Installation
from locanda.office import accounts
from tests.guards import are_up
from tests.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _something() -> None:
    accounts.install(now=NOON, demo=True)
    accounts.open_account("Prova", email="a@example.org", password="una-password-lunga", full_name="A", now=NOON)


def refused(sql: str, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE archive_event SET kind = 'x'",
        "UPDATE archive_event SET hash = hash",
        "DELETE FROM archive_event",
    ],
)
def test_history_is_neither_changed_nor_deleted(sql: str) -> None:
    before = list(Event.everywhere.values())
    refused(sql, "append-only")
    assert before and list(Event.everywhere.values()) == before


def test_an_account_with_a_history_is_not_deleted() -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.everywhere.get().account.delete()
    assert Event.everywhere.count() == 1


@pytest.mark.parametrize(
    ("sql", "match"),
    [
        ("UPDATE archive_installation SET demo = NOT demo", "demo"),
        ("DELETE FROM archive_installation", "not deleted"),
        (
            "INSERT INTO archive_installation (id, demo, created_at, clock_offset) VALUES (2, false, '2026-01-01', 0)",
            "a demo stays|one_installation",
        ),
    ],
)
def test_a_demo_stays_a_demo(sql: str, match: str) -> None:
    refused(sql, match)
    assert Installation.current().demo is True  # type: ignore[union-attr]


def test_the_rest_of_the_installation_may_change() -> None:
    assert Installation.objects.update(clock_offset=5, engine_seen_at=NOON) == 1


def test_only_a_demo_has_its_own_clock() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Installation.objects.create(id=1, demo=False, created_at=NOON, clock_offset=9)


def test_nothing_is_replaced_or_emptied_behind_the_triggers() -> None:
    if connection.vendor == "sqlite":  # REPLACE takes the old row away without asking the delete triggers
        columns = ", ".join(field.column for field in Event._meta.concrete_fields)
        refused(f"INSERT OR REPLACE INTO archive_event ({columns}) SELECT {columns} FROM archive_event", "append-only")
        refused(
            "INSERT OR REPLACE INTO archive_installation (id, demo, created_at, clock_offset) VALUES (1, 0, '2026-01-01', 0)",
            "stays a demo",
        )
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        refused("TRUNCATE archive_event CASCADE", "append-only")
        refused("TRUNCATE archive_installation", "not deleted")
    assert Installation.current().demo is True and Event.everywhere.count() == 1  # type: ignore[union-attr]


def test_the_guards_can_be_taken_down_and_come_back() -> None:
    """The tests that tamper lean on this."""
    from tests.guards import guards_down

    with guards_down():
        assert not are_up()
        with transaction.atomic():
            assert Event.everywhere.update(kind="x") == 1
    assert are_up()
    refused("DELETE FROM archive_event", "append-only")


@pytest.mark.django_db(transaction=True)
def test_after_a_transactional_test_the_guards_stand(request: pytest.FixtureRequest) -> None:
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)
    assert are_up() and not Event.everywhere.exists()
