"""One credential, one sender: across threads, processes and machines."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from locanda.archive.models import Account, PoliceCredential
from locanda.archive.vault import new_account_keys
from locanda.delivery import lease
from locanda.delivery.lease import LEASE, held, is_alive
from tests.world import NOON

LATER = timedelta(minutes=5)


def some_credential() -> PoliceCredential:
    wrapped, hashing = new_account_keys()
    account = Account.objects.create(name="Prova", created_at=NOON, wrapped_key=wrapped, sealed_hash_key=hashing)
    row = PoliceCredential(account=account, label="Q", created_at=NOON)
    row.save()
    return row


@pytest.fixture
def credential(db: None) -> PoliceCredential:
    return some_credential()


@pytest.fixture
def shared_credential(transactional_db: None) -> PoliceCredential:
    """One that other threads and processes see."""
    return some_credential()


def holder(credential: PoliceCredential) -> str:
    credential.refresh_from_db()
    return credential.lease_owner


def held_by(credential: PoliceCredential, owner: str, until: datetime) -> None:
    PoliceCredential.everywhere.filter(pk=credential.pk).update(lease_owner=owner, lease_until=until)


@pytest.fixture
def dead_pid() -> int:
    """The number of a process that is no more."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


@pytest.fixture
def living_pid() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process.pid
    process.kill()
    process.wait()


def test_two_holders_exclude_each_other(credential: PoliceCredential) -> None:
    with held(credential) as first:
        assert first is not None and holder(credential)
        with held(credential) as second:
            assert second is None
        assert holder(credential), "the one who was refused must not give back what is another's"
    assert holder(credential) == ""
    with held(credential) as third:
        assert third is not None


def test_a_lease_is_given_back_when_the_work_fails(credential: PoliceCredential) -> None:
    with pytest.raises(ZeroDivisionError), held(credential):
        _ = 1 / 0
    assert holder(credential) == ""


def test_a_dead_process_of_this_machine_holds_nothing(credential: PoliceCredential, dead_pid: int) -> None:
    held_by(credential, f"{lease._HOST}|{dead_pid}|word", datetime.now(UTC) + LATER)
    with held(credential) as mine:
        assert mine is not None


def test_a_living_process_of_this_machine_holds(credential: PoliceCredential, living_pid: int) -> None:
    held_by(credential, f"{lease._HOST}|{living_pid}|word", datetime.now(UTC) + LATER)
    with held(credential) as mine:
        assert mine is None


def test_our_own_number_with_another_word_is_somebody_dead(credential: PoliceCredential) -> None:
    held_by(credential, f"{lease._HOST}|{os.getpid()}|another", datetime.now(UTC) + LATER)
    with held(credential) as mine:
        assert mine is not None


def test_another_machine_is_waited_for(credential: PoliceCredential, dead_pid: int) -> None:
    held_by(credential, f"elsewhere|{dead_pid}|word", datetime.now(UTC) + LATER)
    with held(credential) as mine:
        assert mine is None
    held_by(credential, f"elsewhere|{dead_pid}|word", datetime.now(UTC) - timedelta(seconds=1))
    with held(credential) as mine:
        assert mine is not None


def test_another_machine_of_the_same_name_is_waited_for(credential: PoliceCredential, dead_pid: int) -> None:
    """Two containers called alike on one PostgreSQL: whether the other's process lives cannot be seen from here."""
    name = lease._HOST.partition("/")[0]
    for machine in (f"{name}/00000000-0000-4000-8000-000000000000", name):
        held_by(credential, f"{machine}|{dead_pid}|word", datetime.now(UTC) + LATER)
        with held(credential) as mine:
            assert mine is None, machine


def test_a_machine_is_its_name_and_its_boot(tmp_path: Path) -> None:
    boot = tmp_path / "boot_id"
    boot.write_text("0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9\n")
    name = socket.gethostname()[:64]
    assert lease._machine(boot) == f"{name}/0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"
    assert lease._machine(tmp_path / "nothing") == name
    longest = f"{'h' * 64}/{'b' * 36}|4194304|{lease._WORD}"  # the largest process number there is
    assert len(longest) <= PoliceCredential._meta.get_field("lease_owner").max_length


@pytest.mark.parametrize(("owner", "until"), [("", None), ("", datetime.max.replace(tzinfo=UTC)), ("h|1|w", None)])
def test_nobody_is_not_alive(owner: str, until: datetime | None) -> None:
    assert not is_alive(owner, until)


def test_a_lease_is_renewed_and_lost(credential: PoliceCredential) -> None:
    with held(credential) as mine:
        assert mine is not None
        credential.refresh_from_db()
        before = credential.lease_until
        assert mine.renew()
        credential.refresh_from_db()
        assert credential.lease_until > before and credential.lease_until - datetime.now(UTC) <= LEASE
        held_by(credential, "elsewhere|1|word", datetime.now(UTC) + LATER)  # given up for dead, and taken
        assert not mine.renew()
    assert holder(credential) == "elsewhere|1|word"  # and what is another's is not given back


def test_of_many_threads_one_holds(shared_credential: PoliceCredential) -> None:
    start, got, errors = threading.Barrier(4), [], []
    done = threading.Barrier(4)

    def take() -> None:
        try:
            start.wait(20)
            with held(shared_credential) as mine:
                got.append(mine is not None)
                done.wait(20)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and sorted(got) == [False, False, False, True]


_OTHER = """
import sys, django
django.setup()
from locanda.archive.models import PoliceCredential
from locanda.delivery.lease import held
with held(PoliceCredential.everywhere.get()) as mine:
    print("held" if mine else "refused", flush=True)
    sys.stdin.readline()
"""


def test_another_process_is_excluded_and_its_death_releases(
    shared_credential: PoliceCredential, tmp_path: Path
) -> None:
    from tests.drills.process import environment, same_database

    def other() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment(tmp_path, same_database()),
        )  # fmt: skip

    process = other()
    assert process.stdout is not None and process.stdin is not None
    try:
        assert process.stdout.readline().strip() == "held"
        with held(shared_credential) as mine:
            assert mine is None
    finally:
        process.kill()
        process.wait()
    with held(shared_credential) as mine:
        assert mine is not None
        process = other()
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline().strip() == "refused"
        process.communicate("\n")
