"""The chain of events: what is appended verifies, what is tampered with is found, column by column."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from locanda.archive import chain
from locanda.archive.erasure import erase_party
from locanda.archive.models import Account, Event, Party
from locanda.archive.vault import Vault, new_account_keys
from tests.guards import guards_down
from tests.world import NOON, World, guest, world


def account(name: str = "Prova") -> Account:
    wrapped, hashing = new_account_keys()
    return Account.objects.create(name=name, created_at=NOON, wrapped_key=wrapped, sealed_hash_key=hashing)


@pytest.fixture
def here() -> Iterator[World]:
    """A guest with events of both kinds, one with sealed data among them."""
    with world() as made:
        party = made.check_in(guest()).parties.get()
        with transaction.atomic():
            chain.append(
                made.account, "note", at=made.now, actor="engine", subject="x", data={"é": [1, 2.5]}, party=party,
                secret={"surname": "ROSSI"},
            )  # fmt: skip
            chain.append(made.account, "later", at=made.now, actor="engine")
        yield made


def faults(one: Account) -> set[str]:
    return {broken.fault for broken in chain.verify(one)}


@pytest.mark.django_db
def test_events_are_numbered_linked_and_verified() -> None:
    one, other = account(), account("Altra")
    with transaction.atomic():
        made = [chain.append(one, f"kind{n}", at=NOON + timedelta(hours=n), actor="a", data={"n": n}) for n in range(5)]
        chain.append(other, "kind", at=NOON, actor="a")
    assert [event.number for event in made] == [1, 2, 3, 4, 5]
    assert [event.previous for event in made] == ["0" * 64, *(event.hash for event in made[:-1])]
    assert not faults(one) and not faults(other)
    one.refresh_from_db()
    assert (one.events, one.chain_head) == (5, made[-1].hash)


@pytest.mark.django_db
def test_an_empty_chain_is_whole() -> None:
    assert not faults(account())


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_the_transaction_of_what_it_tells() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        chain.append(account(), "kind", at=NOON, actor="a")


@pytest.mark.django_db
def test_secret_data_need_a_party() -> None:
    with pytest.raises(ValueError, match="party"):
        chain.append(account(), "kind", at=NOON, actor="a", secret={"surname": "ROSSI"})


CHANGES: dict[str, Any] = {
    "number": 77,
    "at": NOON + timedelta(seconds=1),
    "kind": "other",
    "actor": "somebody",
    "subject": "else",
    "data": {"é": [1, 3]},
    "party": None,
    "sealed": b"\x01tampered",
    "commitment": "f" * 64,
    "previous": "e" * 64,
    "hash": "d" * 64,
}


def test_every_column_of_an_event_is_tried() -> None:
    columns = {field.name for field in Event._meta.concrete_fields}
    # the id is a name that nothing refers to; a change of account is tried below
    assert columns - {"id", "account"} == set(CHANGES)


@pytest.mark.django_db
@pytest.mark.parametrize("column", [*CHANGES, "account", "sealed taken out", "deleted", "last deleted", "inserted"])
def test_tampering_is_found(here: World, column: str) -> None:
    assert not faults(here.account)
    mine = Event.everywhere.filter(account=here.account)
    noted = mine.filter(kind="note")
    other = account("Altra")
    with guards_down():
        if column == "account":
            noted.update(account=other)
        elif column == "sealed taken out":
            noted.update(sealed=None)
        elif column == "deleted":
            noted.delete()
        elif column == "last deleted":
            mine.filter(kind="later").delete()
        elif column == "inserted":
            last = mine.order_by("-number").first()
            mine.create(account=here.account, number=last.number + 1, at=NOON, kind="x", actor="a", previous=last.hash,
                        hash="c" * 64)  # fmt: skip
        else:
            noted.update(**{column: CHANGES[column]})
    assert faults(here.account)
    if column == "account":
        assert faults(other)


@pytest.mark.django_db
def test_a_whole_new_history_does_not_fit_the_head(here: World) -> None:
    """Who rewrites an event and every hash after it must also change the account, and then a copy of the head tells."""
    last = Event.everywhere.filter(account=here.account).order_by("-number").first()
    last.kind = "rewritten"
    with guards_down():
        Event.everywhere.filter(pk=last.pk).update(kind="rewritten", hash=chain._hash(last, Vault(here.account)))
    assert faults(here.account) == {"head"}


@pytest.mark.django_db
def test_the_chain_verifies_when_the_person_is_gone(here: World) -> None:
    party = Party.objects.of(here.account).select_related("account").get()
    erase_party(party, at=here.now, actor="engine", why="receipt")
    assert not faults(here.account)
    noted = Event.objects.of(here.account).get(kind="note")
    assert noted.sealed is not None and noted.commitment  # still there, and nothing opens it


@pytest.mark.django_db
def test_events_carry_nobody_in_clear(here: World) -> None:
    for event in Event.objects.of(here.account):
        assert "ROSSI" not in f"{event.data}{event.subject}{event.actor}{event.kind}"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_keep_the_numbers_unique() -> None:
    one, other = account(), account("Altra")
    errors: list[BaseException] = []

    def write(which: Account) -> None:
        try:
            for n in range(8):
                with transaction.atomic():
                    chain.append(which, "kind", at=NOON, actor="a", data={"n": n})
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(which,)) for which in (one, one, one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert list(Event.objects.of(one).values_list("number", flat=True)) == list(range(1, 25))
    assert not faults(one) and not faults(other)


@pytest.mark.django_db(transaction=True)
def test_what_is_appended_during_the_walk_is_no_fault() -> None:
    one = account()
    with transaction.atomic():
        for n in range(3):
            chain.append(one, "kind", at=NOON, actor="a", data={"n": n})
    walked = chain._kept
    done: list[int] = []

    def slow(vault: Any, event: Event) -> bool:
        if not done:
            done.append(1)
            with transaction.atomic():
                chain.append(one, "meanwhile", at=NOON, actor="a")
        return walked(vault, event)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain, "_kept", slow)
        assert not faults(one)
    assert done and not faults(one)


@pytest.mark.django_db
def test_an_event_of_nobody_is_no_event() -> None:
    stranger = Account(id=uuid.uuid4(), name="Nessuno")
    with pytest.raises(Account.DoesNotExist):
        chain.append(stranger, "kind", at=NOON, actor="a")
