"""One credential sends one thing at a time, across threads, processes and machines.

A lease is two fields of the credential. Its owner is named by machine, process and a random word, so that after a ``kill -9``
the same machine sees at once that the owner is dead; from another machine the lease is waited out. A machine is its name
and its boot, since containers and cloned machines often share a name. Leases run on the machine's own clock, never on the
demo's.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from locanda.archive.models import FlowCredential, PoliceCredential

__all__ = ["LEASE", "Lease", "held", "is_alive"]

LEASE = timedelta(minutes=10)
"""Longer than any call may take; an owner on another machine is given up for dead after this."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def _machine(boot: Path = _BOOT) -> str:
    """Name and boot of this machine; the name alone where the system does not tell its boot.

    After a restart the machine is another one: what it left behind is waited out, which costs minutes and never a double.
    """
    with suppress(OSError):
        return f"{socket.gethostname()[:64]}/{boot.read_text(encoding='ascii').strip()[:36]}"
    return socket.gethostname()[:64]


_HOST = _machine()
_WORD = secrets.token_hex(4)


def _owner() -> str:
    return f"{_HOST}|{os.getpid()}|{_WORD}"


def is_alive(owner: str, until: datetime | None) -> bool:
    """Whether the holder of a lease may still be at work."""
    if not owner or until is None or until <= datetime.now(UTC):
        return False
    host, pid, word = owner.split("|")
    if host != _HOST:
        return True
    if int(pid) == os.getpid():
        return word == _WORD  # the same number in a new process is somebody else's old one
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Lease:
    """A lease in hand. Renew it before every call: a long queue must not outlive it."""

    def __init__(self, rows: Any, mine: dict[str, Any]) -> None:
        self._rows, self.mine = rows, mine

    def renew(self) -> bool:
        """Ten minutes more from now; False when it is no longer ours, and then nothing may be sent."""
        until = datetime.now(UTC) + LEASE
        if not self._rows.filter(**self.mine).update(lease_until=until):
            return False
        self.mine = {**self.mine, "lease_until": until}
        return True


@contextmanager
def held(credential: PoliceCredential | FlowCredential) -> Iterator[Lease | None]:
    """Hold the lease of a credential, of the police or of a statistics service; yields None when somebody else does."""
    rows = type(credential).objects.of(credential.account_id).filter(pk=credential.pk)
    before = rows.values("lease_owner", "lease_until").get()
    mine = {"lease_owner": _owner(), "lease_until": datetime.now(UTC) + LEASE}
    if is_alive(owner=before["lease_owner"], until=before["lease_until"]) or not rows.filter(**before).update(**mine):
        yield None
        return
    lease = Lease(rows, mine)
    try:
        yield lease
    finally:
        rows.filter(**lease.mine).update(lease_owner="", lease_until=None)
