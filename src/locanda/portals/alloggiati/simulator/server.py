"""The simulator as a server on this machine: SOAP at one path, a door of its own to steer it (``/_control/``)."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, RLock, Thread
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

from locanda.core.time import parse_instant
from locanda.places import Tables, builtin
from locanda.portals.alloggiati import documents
from locanda.portals.alloggiati.simulator.accounts import Account
from locanda.portals.alloggiati.simulator.behaviour import Behaviour, set_switches, switches
from locanda.portals.alloggiati.simulator.clock import SimClock
from locanda.portals.alloggiati.simulator.envelopes import BadCall, Call, content_type, read_call, write_answer, write_fault
from locanda.portals.alloggiati.simulator.faults import Fault, Faults
from locanda.portals.alloggiati.simulator.service import Service
from locanda.portals.alloggiati.simulator.store import Store
from locanda.portals.alloggiati.simulator.wsdl import service_description
from locanda.portals.alloggiati.soap import RowOutcomes

__all__ = ["PATH", "Called", "Simulator"]

PATH = "/service/service.asmx"
_LARGEST_CALL = 4 * 1024 * 1024
_PAGE = b"<html><body><h1>SIMULATORE LOCANDA</h1><p>Alloggiati Web simulato: nessun valore.</p></body></html>"


class Called(NamedTuple):
    """One call as the simulator saw it: no secrets, no guests."""

    operation: str
    user: str
    at: datetime
    rows: int
    fault: str | None


class Simulator:
    """An Alloggiati Web of one's own. ``with Simulator(accounts=[...]) as sim: sim.url``."""

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
        if not allow_remote and not _is_loopback(host):
            raise ValueError("the simulator listens on this machine only")
        self.clock = clock if isinstance(clock, SimClock) else SimClock(clock)
        self.faults = Faults()
        self.ledger = Store(state)
        self.service = Service(
            accounts,
            clock=self.clock,
            behaviour=behaviour or Behaviour(),
            store=self.ledger,
            tables=tables or builtin(),
            documents=documents.builtin(),
        )
        self.calls: list[Called] = []
        self._host = host
        self._port = port
        self._server: ThreadingHTTPServer | None = None
        self._thread: Thread | None = None
        self._stopping = Event()
        self._one_at_a_time = RLock()
        self._updown = Lock()

    # ------------------------------------------------------------------------------------------------- from outside

    @property
    def url(self) -> str:
        """The endpoint of the service."""
        return f"http://{self._host}:{self._port}{PATH}"

    @property
    def control_url(self) -> str:
        """Where other processes steer it."""
        return f"http://{self._host}:{self._port}/_control/"

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

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def up(self) -> None:
        """Listen; after :meth:`down` again at the same port."""
        with self._updown:
            if self._server is not None:
                return
            self._stopping.clear()
            self._server = _Server((self._host, self._port), partial(_Handler, self))
            self._port = self._server.server_address[1]
            self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name="alloggiati-simulator", daemon=True)
            self._thread.start()

    def down(self) -> None:
        """Stop listening: connections are refused, what was acquired stays."""
        with self._updown:
            if self._server is None or self._thread is None:
                return
            self._stopping.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None

    def close(self) -> None:
        """Stop for good."""
        self.down()
        self.ledger.close()

    def wait(self) -> None:
        """Stay until somebody interrupts."""
        if self._thread is not None:
            self._thread.join()

    # -------------------------------------------------------------------------------------------------- for the door

    def reply(self, raw: bytes, content: str, soap_action: str | None) -> _Reply:
        """The answer to a POST, faults included."""
        try:
            call = read_call(raw, content, soap_action)
        except BadCall as problem:
            return self._fault_reply(problem.version, str(problem), server=False)
        fault = self.faults.take(call.operation)
        if fault is not None and fault.kind == "delay":
            self._stopping.wait(fault.seconds)
        return self._faulty(call, fault) if fault is not None else self._process(call, None)

    def _faulty(self, call: Call, fault: Fault) -> _Reply:
        kind = fault.kind
        if kind in ("hang", "drop_before_storing", "status", "http_500", "soap_fault", "echo_secrets"):
            self._note(call, fault)
            if kind == "hang":
                self._stopping.wait()
            if kind in ("hang", "drop_before_storing"):
                return _Reply(None, b"")
            if kind in ("status", "http_500"):
                return _Reply(fault.status if kind == "status" else 500, _PAGE, "text/html")
            texts = [str(value) for value in call.values.values()] if kind == "echo_secrets" else []
            return self._fault_reply(call.version, " ".join(["Errore interno del simulatore", *texts]))
        done = self._process(call, fault)
        if kind == "hang_after_storing":
            self._stopping.wait()
        if kind in ("hang_after_storing", "drop_after_storing"):
            return _Reply(None, b"")
        if kind == "cut_answer":
            return done._replace(send=len(done.body) // 2)
        if kind in ("http_500_after_storing", "garbled"):
            return _Reply(500 if kind != "garbled" else 200, _PAGE, "text/html")
        if kind == "soap_fault_after_storing":
            return self._fault_reply(call.version, "Errore interno del simulatore")
        return done

    def _process(self, call: Call, fault: Fault | None) -> _Reply:
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
        return _Reply(200, write_answer(call.operation, call.version, answer), content_type(call.version))

    def _note(self, call: Call, fault: Fault | None) -> None:
        rows = len(call.values.get("ElencoSchedine", ()))
        kind = fault.kind if fault is not None else None
        self.calls.append(Called(call.operation, call.values.get("Utente", ""), self.clock(), rows, kind))

    def _fault_reply(self, version: Any, reason: str, *, server: bool = True) -> _Reply:
        status = self.behaviour.fault_status
        return _Reply(status, write_fault(version, reason, server=server), content_type(version))

    def control(self, method: str, path: str, query: dict[str, list[str]], sent: Any) -> Any:
        """What ``/_control/`` does; ValueError and KeyError when it was asked wrongly."""
        if path == "clock" and method == "POST":
            if "set" in sent:
                self.clock.set(parse_instant(sent["set"]))
            else:
                self.clock.advance(**{key: float(value) for key, value in sent["advance"].items()})
        elif path == "faults" and method == "POST":
            self.faults.next(sent.pop("kind"), sent.pop("operation", None), **sent)
        elif path == "faults" and method == "DELETE":
            self.faults.clear()
        elif path == "behaviour" and method == "POST":
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
            return [
                {**entry._asdict(), "at": entry.at.isoformat(), "day": entry.day.isoformat()} for entry in found
            ]
        elif path == "calls" and method == "GET":
            return [{**called._asdict(), "at": called.at.isoformat()} for called in list(self.calls)]
        elif path != "state" or method != "GET":
            raise KeyError(path)
        return {
            "url": self.url,
            "clock": self.clock().isoformat(),
            "ledger": len(self.ledger),
            "faults": [fault.kind for fault in self.faults.waiting()],
            "users": sorted(self.accounts),
            "behaviour": {switch.name: switch.value for switch in switches(self.behaviour)},
        }


class _Reply(NamedTuple):
    """What goes back; status None breaks the connection, ``send`` sends only so many bytes."""

    status: int | None
    body: bytes
    content: str = "text/plain"
    send: int | None = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "LocandaSimulator"
    timeout = 60

    def __init__(self, simulator: Simulator, *args: Any) -> None:
        self.simulator = simulator
        super().__init__(*args)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: calls are listed under ``/_control/calls``."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path.startswith("/_control/"):
            self._control("GET")
        elif address.path.lower() == PATH and address.query.lower() == "wsdl":
            self._reply(_Reply(200, service_description(self.simulator.url), "text/xml; charset=utf-8"))
        elif address.path.lower() in (PATH, "/"):
            self._reply(_Reply(200, _PAGE, "text/html"))
        else:
            self._reply(_Reply(404, _PAGE, "text/html"))

    def do_DELETE(self) -> None:
        self._control("DELETE")

    def do_POST(self) -> None:
        if self.path.startswith("/_control/"):
            self._control("POST")
            return
        body = self._body()
        if body is None:
            self._reply(_Reply(413, _PAGE, "text/html"))
        elif urlsplit(self.path).path.lower() != PATH:
            self._reply(_Reply(404, _PAGE, "text/html"))
        else:
            headers = self.headers
            self._reply(self.simulator.reply(body, headers.get("Content-Type", ""), headers.get("SOAPAction")))

    def _control(self, method: str) -> None:
        address = urlsplit(self.path)
        try:
            sent = json.loads(self._body() or b"{}") if method == "POST" else {}
            path = address.path.removeprefix("/_control/").strip("/")
            told = self.simulator.control(method, path, parse_qs(address.query), sent)
            status = 200
        except KeyError as problem:
            status, told = 404, {"error": f"unknown: {problem}"}
        except (TypeError, ValueError, AttributeError) as problem:
            status, told = 400, {"error": str(problem)}
        self._reply(_Reply(status, json.dumps(told, default=str, ensure_ascii=False).encode(), "application/json"))

    def _body(self) -> bytes | None:
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length) if length <= _LARGEST_CALL else None

    def _reply(self, reply: _Reply) -> None:
        self.close_connection = True
        if reply.status is None:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.send_header("X-Locanda-Simulator", "1")
        self.end_headers()
        self.wfile.write(reply.body[: reply.send])


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
