"""How the days of visitor statistics reach a web service, for one user of it (spec flussi-turistici 6.6).

A courier speaks for one credential and collects what went over the wire; whoever sends stores it with the outcome, in one
transaction. The demo speaks to its simulator and to nothing else, and nothing else speaks to one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from locanda.archive.models import FlowCredential
from locanda.archive.vault import Vault
from locanda.core.time import Clock
from locanda.delivery.courier import in_its_place
from locanda.portals.ross1000.client import Client, Exchange, Keys
from locanda.portals.ross1000.outcomes import StructureOutcome
from locanda.portals.ross1000.records import Movimenti

__all__ = ["FlowCourier", "FlowCouriers", "NoAddress", "Ross1000Courier"]


class NoAddress(RuntimeError):
    """Nobody says where the service is: no pack, and no property that uses the credential."""


class FlowCourier(Protocol):
    """What sending needs of a service."""

    simulated: bool

    def send(self, files: Sequence[Movimenti]) -> Sequence[StructureOutcome]: ...
    def check(self) -> None: ...
    def take_exchanges(self) -> list[Exchange]: ...
    def close(self) -> None: ...


class Ross1000Courier:
    """ROSS1000 for one credential: one structure by the operation for one, several in one transmission."""

    def __init__(self, keys: Keys, endpoint: str, clock: Clock, *, simulated: bool, timeout: float = 120.0) -> None:
        self._wire: list[Exchange] = []
        self.simulated = simulated
        self.client = Client(keys, endpoint=endpoint, clock=clock, on_exchange=self._wire.append, timeout=timeout)

    def send(self, files: Sequence[Movimenti]) -> Sequence[StructureOutcome]:
        """What became of each record of each file, in the order of the files."""
        return (self.client.send(files[0]),) if len(files) == 1 else self.client.send_many(files)

    def check(self) -> None:
        """Have user and password judged; nothing is sent."""
        self.client.check_credentials()

    def take_exchanges(self) -> list[Exchange]:
        taken, self._wire[:] = list(self._wire), []
        return taken

    def close(self) -> None:
        self.client.close()


class FlowCouriers:
    """Makes couriers. ``address`` says where the service of a credential is; empty when nobody knows."""

    def __init__(
        self,
        clock: Clock,
        address: Callable[[FlowCredential], str],
        *,
        timeout: float = 120.0,
        make: Callable[..., FlowCourier] = Ross1000Courier,
    ) -> None:
        self._clock, self._address, self._timeout, self._make = clock, address, timeout, make

    def of(self, credential: FlowCredential) -> FlowCourier:
        """A courier of the credential; refuses to mix demo and real services."""
        demo = in_its_place(credential)
        endpoint = credential.endpoint or self._address(credential)
        if not endpoint:
            raise NoAddress(credential.label)
        keys = Keys(**Vault(credential.account).open(credential.sealed_keys, "flow keys"))
        return self._make(keys, endpoint, self._clock, simulated=demo, timeout=self._timeout)
