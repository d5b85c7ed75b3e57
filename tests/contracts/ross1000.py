"""ROSS1000 on the bench: a record is the text of one ``arrivo``, all of one day."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Self

from locanda.portals.markup import read_xml
from locanda.portals.ross1000.client import Client, Keys
from locanda.portals.ross1000.records import Arrivo, Eliminazione, Movimenti, Movimento, Struttura, record_text
from locanda.portals.ross1000.simulator import Account, Simulator

KEYS = Keys("B&B<user>", "tr@smissione&<1>")
DAY = "20260605"
HOUSE = Struttura("SI", "1", "3", "6")
GUEST = Arrivo(
    "G1", "16", "", None, None, "F", "100000215", "100000215", "Lyon", "19800510", "100000215", "", "Culturale", "Treno",
    "Diretta web", "", "", "",
)  # fmt: skip


def guest_of(record: str) -> Arrivo:
    node = read_xml(record.encode())
    return Arrivo(*[node.text_of(name) for name in Arrivo._fields])  # type: ignore[union-attr]


class Bench:
    """See :class:`tests.contracts.bench.PortalBench`."""

    secrets = (KEYS.password, KEYS.password.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
               base64.b64encode(f"{KEYS.user}:{KEYS.password}".encode()).decode())  # fmt: skip

    def __init__(self) -> None:
        self.simulator = Simulator([Account(*KEYS)], clock=datetime(2026, 6, 6, 10, tzinfo=UTC))

    def __enter__(self) -> Self:
        self.simulator.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.simulator.close()

    def client(self, on_exchange: Callable[[Any], None] | None = None, *, wrong: bool = False) -> Client:
        keys = KEYS._replace(password="altra") if wrong else KEYS
        return Client(keys, endpoint=self.simulator.url, clock=self.simulator.clock, on_exchange=on_exchange, timeout=20)

    def valid(self, count: int) -> list[str]:
        return [record_text(GUEST._replace(idswh=f"G{number}")) for number in range(count)]

    def refused(self) -> str:
        return record_text(GUEST._replace(idswh="R1", cittadinanza="100000888"))

    def harmless(self, client: Client) -> None:
        client.check_credentials()

    def send(self, client: Client, records: list[str]) -> list[bool | None]:
        arrived = tuple(map(guest_of, records))
        told = client.send(Movimenti("X00001", "Locanda", (Movimento(DAY, HOUSE, arrived),)))
        return [record.success for record in told.records]

    def acquired(self) -> list[str]:
        return [record_text(guest.record) for guest in self.simulator.archive.guests()]

    def corrected(self, record: str) -> str:
        return record_text(guest_of(record)._replace(datanascita="19810511"))

    def remove(self, client: Client, records: list[str]) -> list[bool]:
        gone = tuple(Eliminazione(guest.idswh, guest.tipoalloggiato, DAY) for guest in map(guest_of, records))
        told = client.send(Movimenti("X00001", "Locanda", (Movimento(DAY, HOUSE, None, None, None, gone),)))
        return [record.success is True for record in told.records]

    def answer_without_outcome(self) -> None:
        self.simulator.faults.next("no_outcome")

    def lose_next_answer(self, *, stored: bool) -> None:
        self.simulator.faults.next("drop_after_storing" if stored else "drop_before_storing")

    def down(self) -> None:
        self.simulator.down()
