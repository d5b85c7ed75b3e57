"""How a delivery reaches its portal: the two calls that every police portal has, and the receipt.

A courier speaks for one credential. It collects what went over the wire; the driver stores it with the outcome, in one
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from threading import Lock
from typing import Protocol

from locanda.archive.models import FlowCredential, Installation, PoliceCredential
from locanda.archive.vault import Vault
from locanda.core.time import Clock
from locanda.portals.alloggiati.client import ENDPOINT, Client, Exchange, Keys, RowsAnswer

__all__ = [
    "OPERATIONS", "AlloggiatiCourier", "Courier", "Couriers", "NoKeys", "RealPortalInDemo", "SimulatorOutsideDemo",
    "in_its_place",
]  # fmt: skip

OPERATIONS = {
    PoliceCredential.Category.HOTEL: "Send",
    PoliceCredential.Category.APARTMENTS: "GestioneAppartamenti_FileUnico_Send",
}
"""The call that carries the rows, for each kind of police account."""


class NoKeys(RuntimeError):
    """The credential has no keys yet: asked for, or none."""


class RealPortalInDemo(RuntimeError):
    """A demo never reaches a real portal."""


class SimulatorOutsideDemo(RuntimeError):
    """Only a demo speaks to a simulator; outside it nothing may look sent that no authority accepted."""


class Courier(Protocol):
    """What the driver needs of a portal."""

    simulated: bool

    def test(self, operation: str, rows: Sequence[str]) -> RowsAnswer: ...
    def send(self, operation: str, rows: Sequence[str]) -> RowsAnswer: ...
    def receipt(self, day: date) -> bytes: ...
    def take_exchanges(self) -> list[Exchange]: ...


class AlloggiatiCourier:
    """Alloggiati Web for one credential."""

    # operation of Send -> (method of Test, method of Send)
    _CALLS = {
        "Send": ("test", "send"),
        "GestioneAppartamenti_FileUnico_Send": ("file_unico_test", "file_unico_send"),
    }

    def __init__(self, keys: Keys, endpoint: str, clock: Clock, *, simulated: bool, timeout: float = 60.0) -> None:
        self._wire: list[Exchange] = []
        self.simulated = simulated
        self.client = Client(keys, endpoint=endpoint, clock=clock, on_exchange=self._wire.append, timeout=timeout)

    def test(self, operation: str, rows: Sequence[str]) -> RowsAnswer:
        answer: RowsAnswer = getattr(self.client, self._CALLS[operation][0])(rows)
        return answer

    def send(self, operation: str, rows: Sequence[str]) -> RowsAnswer:
        answer: RowsAnswer = getattr(self.client, self._CALLS[operation][1])(rows)
        return answer

    def receipt(self, day: date) -> bytes:
        return self.client.receipt(day)

    def take_exchanges(self) -> list[Exchange]:
        taken, self._wire[:] = list(self._wire), []
        return taken


class Couriers:
    """Makes couriers and keeps them while their keys stay the same, so that a token serves many calls."""

    def __init__(self, clock: Clock, *, timeout: float = 60.0, make: Callable[..., Courier] = AlloggiatiCourier) -> None:
        self._clock, self._timeout, self._make = clock, timeout, make
        self._kept: dict[object, tuple[bytes, Courier]] = {}
        self._lock = Lock()

    def of(self, credential: PoliceCredential) -> Courier:
        """The courier of a credential; refuses to mix demo and real portals."""
        endpoint, demo = self._address(credential)
        mark = bytes(credential.sealed_keys or b"") + credential.endpoint.encode()
        with self._lock:
            kept = self._kept.get(credential.pk)
            if kept is None or kept[0] != mark:
                kept = self._kept[credential.pk] = (mark, self._made(credential, endpoint, demo=demo))
            return kept[1]

    def fresh(self, credential: PoliceCredential) -> Courier:
        """A courier of one's own, for who does not hold the lease: no call of the engine's is found in it."""
        endpoint, demo = self._address(credential)
        return self._made(credential, endpoint, demo=demo)

    def _made(self, credential: PoliceCredential, endpoint: str, *, demo: bool) -> Courier:
        keys = Keys(**Vault(credential.account).open(credential.sealed_keys or b"", "police keys"))
        return self._make(keys, endpoint, self._clock, simulated=demo, timeout=self._timeout)

    def _address(self, credential: PoliceCredential) -> tuple[str, bool]:
        """Where the calls go, and whether that is the demo's simulator."""
        demo = in_its_place(credential)
        return credential.endpoint or ENDPOINT, demo


def in_its_place(credential: PoliceCredential | FlowCredential) -> bool:
    """Whether this is a demo; refuses credentials without keys, a real portal in a demo and a simulator outside of one."""
    if not credential.sealed_keys:
        raise NoKeys(credential.label)
    installation = Installation.current()
    demo = installation is not None and installation.demo
    if demo and not credential.endpoint:
        raise RealPortalInDemo(credential.label)
    if credential.endpoint and not demo:
        raise SimulatorOutsideDemo(credential.label)
    return demo
