"""The simulator as a server on this machine: SOAP at one path, a door of its own to steer it (``/_control/``)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

from locanda.places import Tables, builtin
from locanda.portals.alloggiati import documents
from locanda.portals.alloggiati.simulator.accounts import Account
from locanda.portals.alloggiati.simulator.behaviour import Behaviour, set_switches, switches
from locanda.portals.alloggiati.simulator.envelopes import BadCall, Call, content_type, read_call, write_answer, write_fault
from locanda.portals.alloggiati.simulator.service import Service
from locanda.portals.alloggiati.simulator.store import Store
from locanda.portals.alloggiati.simulator.wsdl import service_description
from locanda.portals.alloggiati.soap import RowOutcomes
from locanda.portals.simulated_clock import SimClock
from locanda.portals.simulated_faults import KINDS as EVERY_KIND
from locanda.portals.simulated_faults import Fault
from locanda.portals.simulated_server import Headers, Listening, Reply

__all__ = ["KINDS", "OWN_FAULTS", "PATH", "Called", "Simulator"]

PATH = "/service/service.asmx"
OWN_FAULTS = {
    "inconsistent_counts": "answers a number of valid rows that disagrees with the outcomes",
    "missing_detail": "leaves the last outcome out of the answer",
    "expire_token": "the token of this call has just expired (between two calls of a batch)",
    "midnight": "the clock passes midnight before the call is judged (between Test and Send)",
}
"""Beside those of every simulated portal."""
KINDS = {**EVERY_KIND, **OWN_FAULTS}
"""All that it breaks on demand."""


class Called(NamedTuple):
    """One call as the simulator saw it: no secrets, no guests."""

    operation: str
    user: str
    at: datetime
    rows: int
    fault: str | None


class Simulator(Listening):
    """An Alloggiati Web of one's own. ``with Simulator(accounts=[...]) as sim: sim.url``."""

    title = "Alloggiati Web simulato"
    own_faults = OWN_FAULTS

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        *,
        clock: SimClock | datetime | None = None,
        behaviour: Behaviour | None = None,
        state: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        allow_remote: bool = False,
        tables: Tables | None = None,
    ) -> None:
        super().__init__(clock=clock, host=host, port=port, allow_remote=allow_remote)
        self.ledger = Store(state)
        self.service = Service(
            accounts,
            clock=self.clock,
            behaviour=behaviour or Behaviour(),
            store=self.ledger,
            tables=tables or builtin(),
            documents=documents.builtin(),
        )
        self._one_at_a_time = RLock()

    # ------------------------------------------------------------------------------------------------- from outside

    @property
    def url(self) -> str:
        """The endpoint of the service."""
        return f"{self.address}{PATH}"

    @property
    def behaviour(self) -> Behaviour:
        """The switches; set a new value to change them while it runs."""
        return self.service.behaviour

    @behaviour.setter
    def behaviour(self, value: Behaviour) -> None:
        self.service.behaviour = value

    @property
    def accounts(self) -> dict[str, Account]:
        """The accounts by user name; changing one's password is what the operator does on the portal."""
        return self.service.accounts

    def close(self) -> None:
        """Stop for good."""
        super().close()
        self.ledger.close()

    # -------------------------------------------------------------------------------------------------- for the door

    def answer_get(self, path: str, query: str) -> Reply:
        """The description of the service, or a page that says what this is."""
        if path.lower() == PATH and query.lower() == "wsdl":
            return Reply(200, service_description(self.url), "text/xml; charset=utf-8")
        return Reply(200 if path.lower() in (PATH, "/") else 404, self.page, "text/html")

    def answer_post(self, path: str, body: bytes, headers: Headers) -> Reply:
        """The answer to a call, faults included."""
        if path.lower() != PATH:
            return Reply(404, self.page, "text/html")
        try:
            call = read_call(body, headers.content_type, headers.soap_action)
        except BadCall as problem:
            return self._fault_reply(problem.version, str(problem), server=False)
        return self.befallen(
            self.faults.take(call.operation),
            lambda fault: self._process(call, fault),
            lambda fault: self._note(call, fault),
            lambda reason: self._fault_reply(call.version, reason),
            [str(value) for value in call.values.values()],
        )

    def _process(self, call: Call, fault: Fault | None) -> Reply:
        kind = fault.kind if fault is not None else ""
        with self._one_at_a_time:
            if kind == "midnight":
                self.service.tomorrow()
            if kind == "expire_token":
                self.service.tokens.kill(call.values.get("token", ""))
            self._note(call, fault)
            answer = self.service.answer(call.operation, call.values)
        outcomes = answer.get("result")
        if isinstance(outcomes, RowOutcomes):
            if kind == "inconsistent_counts":
                answer["result"] = outcomes._replace(valid=outcomes.valid + 1)
            if kind == "missing_detail":
                answer["result"] = outcomes._replace(rows=outcomes.rows[:-1])
        return Reply(200, write_answer(call.operation, call.version, answer), content_type(call.version))

    def _note(self, call: Call, fault: Fault | None) -> None:
        rows = len(call.values.get("ElencoSchedine", ()))
        kind = fault.kind if fault is not None else None
        self.calls.append(Called(call.operation, call.values.get("Utente", ""), self.clock(), rows, kind))

    def _fault_reply(self, version: Any, reason: str, *, server: bool = True) -> Reply:
        status = self.behaviour.fault_status
        return Reply(status, write_fault(version, reason, server=server), content_type(version))

    def steer(self, method: str, path: str, query: dict[str, list[str]], sent: Any) -> Any:
        """Switches, accounts and the ledger."""
        if path == "behaviour" and method == "POST":
            self.behaviour = set_switches(self.behaviour, sent)
        elif path == "account" and method == "POST":
            account = self.accounts[sent.pop("user")]
            for key in sent:
                if key not in ("password", "wskey", "disabled"):
                    raise ValueError(f"an account has no {key} to set")
                setattr(account, key, sent[key])
        elif path == "ledger" and method == "GET":
            day = query.get("day", [None])[0]
            found = self.ledger.acquired(query.get("user", [None])[0], date.fromisoformat(day) if day else None)
            return [{**entry._asdict(), "at": entry.at.isoformat(), "day": entry.day.isoformat()} for entry in found]
        else:
            raise KeyError(path)
        return None

    def state(self) -> dict[str, Any]:
        """Address, users, switches, size of the ledger."""
        values = {switch.name: switch.value for switch in switches(self.behaviour)}
        return {"url": self.url, "ledger": len(self.ledger), "users": sorted(self.accounts), "behaviour": values}
