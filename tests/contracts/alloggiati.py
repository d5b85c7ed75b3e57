"""Alloggiati Web on the bench."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Self

from locanda.portals.alloggiati.client import Client
from locanda.portals.alloggiati.receipt import read_receipt
from locanda.portals.alloggiati.simulator import Simulator
from tests.portals.alloggiati.guests import HOTEL, NOW, PASSWORD, WSKEY, accounts, row


class Bench:
    """See :class:`tests.contracts.bench.PortalBench`."""

    secrets = (PASSWORD, PASSWORD.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), WSKEY)

    def __init__(self) -> None:
        self.simulator = Simulator(accounts(), clock=NOW)

    def __enter__(self) -> Self:
        self.simulator.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.simulator.close()

    def client(self, on_exchange: Callable[[Any], None] | None = None, *, wrong: bool = False) -> Client:
        keys = HOTEL._replace(wskey="altra") if wrong else HOTEL
        return Client(keys, endpoint=self.simulator.url, clock=self.simulator.clock, on_exchange=on_exchange, timeout=20)

    def valid(self, count: int) -> list[str]:
        return [row(f"ROSSI {chr(65 + number)}") for number in range(count)]

    def refused(self) -> str:
        return row(arrival="01/01/2026")

    def harmless(self, client: Client) -> None:
        client.authentication_test()

    def test(self, client: Client, records: list[str]) -> list[bool]:
        return [entry.ok for entry in client.test(records).rows]

    def send(self, client: Client, records: list[str]) -> list[bool | None]:
        return [entry.ok for entry in client.send(records).rows]

    def acquired(self) -> list[str]:
        return self.simulator.ledger.rows()

    def lose_next_answer(self, *, stored: bool) -> None:
        self.simulator.faults.next("drop_after_storing" if stored else "drop_before_storing", "Send")

    def down(self) -> None:
        self.simulator.down()

    def today(self) -> date:
        return self.simulator.clock().date()

    def tomorrow(self) -> None:
        self.simulator.service.tomorrow()

    def receipt(self, client: Client, day: date) -> tuple[bytes, int | None]:
        raw = client.receipt(day)
        return raw, read_receipt(raw).schedine
