"""The simulator as a server on this machine: SOAP behind HTTP Basic at one path, and a door to steer it (``/_control/``)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

from locanda.places import Tables, builtin
from locanda.portals.ross1000.simulator.behaviour import Behaviour
from locanda.portals.ross1000.simulator.envelopes import BadCall, Call, read_call, write_answer, write_fault
from locanda.portals.ross1000.simulator.service import Account, Service, Turned
from locanda.portals.ross1000.simulator.store import Store
from locanda.portals.ross1000.soap import MANY, DayResult, StructureResult
from locanda.portals.simulated_clock import SimClock
from locanda.portals.simulated_faults import KINDS as EVERY_KIND
from locanda.portals.simulated_faults import Fault
from locanda.portals.simulated_server import Headers, Listening, Reply
from locanda.portals.switches import listed, set_listed

__all__ = ["KINDS", "OWN_FAULTS", "PATH", "Called", "Simulator"]

PATH = "/ws/checkinV2"
OWN_FAULTS = {
    "no_outcome": "does what it was asked and answers without any outcome",
    "nil_outcomes": "does what it was asked and answers with outcomes that say neither yes nor no",
    "missing_outcome": "leaves the last outcome out of the answer",
    "stranger": "answers with the outcome of a record that was not sent beside the others",
}
"""Beside those of every simulated portal."""
KINDS = {**EVERY_KIND, **OWN_FAULTS}
"""All that it breaks on demand."""


class Called(NamedTuple):
    """One call as the simulator saw it: no secrets, no guests."""

    operation: str
    user: str
    at: datetime
    structures: tuple[str, ...]
    days: int
    fault: str | None


class Simulator(Listening):
    """An installation of ROSS1000 of one's own. ``with Simulator(accounts=[...]) as sim: sim.url``."""

    title = "ROSS1000 simulato"
    own_faults = OWN_FAULTS
    largest_call = 64 * 1024 * 1024

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
        self.archive = Store(state)
        self.service = Service(
            accounts,
            clock=self.clock,
            behaviour=behaviour or Behaviour(),
            store=self.archive,
            tables=tables or builtin(),
        )
        self._one_at_a_time = RLock()

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
        """The accounts by user name."""
        return self.service.accounts

    def close(self) -> None:
        """Stop for good."""
        super().close()
        self.archive.close()

    # -------------------------------------------------------------------------------------------------- for the door

    def answer_get(self, path: str, query: str) -> Reply:
        """A page that says what this is; the description of the service is the authority's, and is not copied here."""
        return Reply(200 if path in (PATH, "/") else 404, self.page, "text/html")

    def answer_post(self, path: str, body: bytes, headers: Headers) -> Reply:
        """The answer to a call, faults included."""
        if path != PATH:
            return Reply(404, self.page, "text/html")
        user, password = _basic(headers.authorization)
        account = self.service.account(user, password)
        if account is None:
            wanted = (("WWW-Authenticate", 'Basic realm="SIMULATORE"'),)
            return Reply(self.behaviour.auth_status, self.page, "text/html", headers=wanted)
        try:
            call = read_call(body)
        except BadCall as problem:
            return self._fault_reply(str(problem), server=False)
        return self.befallen(
            self.faults.take(call.operation),
            lambda fault: self._process(account, call, fault),
            lambda fault: self._note(account, call, fault),
            self._fault_reply,
            [user, password, headers.authorization or ""],
        )

    def _process(self, account: Account, call: Call, fault: Fault | None) -> Reply:
        with self._one_at_a_time:
            self._note(account, call, fault)
            try:
                structures = self.service.send(account, call.files, many=call.operation == MANY)
            except Turned as problem:
                return self._fault_reply(str(problem), server=False)
        answer = write_answer(call.operation, _bent(structures, fault.kind if fault is not None else ""))
        return Reply(200, answer, "text/xml; charset=utf-8")

    def _note(self, account: Account, call: Call, fault: Fault | None) -> None:
        codes = tuple(file.codice or "" for file in call.files)
        days = sum(len(file.movimenti) for file in call.files)
        kind = fault.kind if fault is not None else None
        self.calls.append(Called(call.operation, account.user, self.clock(), codes, days, kind))

    def _fault_reply(self, reason: str, *, server: bool = True) -> Reply:
        return Reply(self.behaviour.fault_status, write_fault(reason, server=server), "text/xml; charset=utf-8")

    def steer(self, method: str, path: str, query: dict[str, list[str]], sent: Any) -> Any:
        """Switches, accounts and the archive."""
        if path == "behaviour" and method == "POST":
            self.behaviour = set_listed(self.behaviour, sent)
        elif path == "account" and method == "POST":
            account = self.accounts[sent.pop("user")]
            for key in sent:
                if key not in ("password", "structures", "disabled"):
                    raise ValueError(f"an account has no {key} to set")
                setattr(account, key, tuple(sent[key]) if key == "structures" else sent[key])
        elif path == "archive" and method == "GET":
            found = self.archive.guests(query.get("structure", [None])[0])
            return [{**guest._asdict(), "record": guest.record._asdict()} for guest in found]
        else:
            raise KeyError(path)
        return None

    def state(self) -> dict[str, Any]:
        """Address, users, switches, how many guests are held."""
        values = {switch.name: switch.value for switch in listed(self.behaviour)}
        return {"url": self.url, "guests": len(self.archive), "users": sorted(self.accounts), "behaviour": values}


def _basic(header: str | None) -> tuple[str, str]:
    """User and password of an Authorization header; empty where it is none."""
    scheme, _, token = (header or "").partition(" ")
    try:
        user, _, password = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (user, password) if scheme.lower() == "basic" else ("", "")


def _bent(structures: tuple[StructureResult, ...], kind: str) -> tuple[StructureResult, ...]:
    """The answer as the fault wants it."""
    if kind == "no_outcome":
        return ()
    if kind not in OWN_FAULTS:
        return structures
    return tuple(structure._replace(days=_bent_days(structure.days, kind)) for structure in structures)


def _bent_days(days: tuple[DayResult, ...], kind: str) -> tuple[DayResult, ...]:
    if kind == "nil_outcomes":
        return tuple(day._replace(results=tuple(entry._replace(success=None, error="") for entry in day.results)) for day in days)
    place = next((place for place in reversed(range(len(days))) if days[place].results), None)
    if place is None:
        return days
    day = days[place]
    results = day.results[:-1] if kind == "missing_outcome" else (*day.results, day.results[-1]._replace(idswh="ESTRANEO"))
    return (*days[:place], day._replace(results=results), *days[place + 1 :])
