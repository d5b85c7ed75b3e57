"""A simulated portal as a server on this machine: what all of them share, whatever their wire looks like.

It listens on this machine only, unless told otherwise; every answer bears the simulator's mark; ``/_control/`` is a door of its
own to steer it from other processes; the faults of :mod:`.simulated_faults` befall its calls.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, ClassVar, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

from locanda.core.time import parse_instant
from locanda.portals.simulated_clock import SimClock
from locanda.portals.simulated_faults import Fault, Faults
from locanda.portals.wire import SIMULATOR_HEADER

__all__ = ["Headers", "Listening", "Reply"]


class Headers(NamedTuple):
    """The headers of a call that mean something."""

    content_type: str
    soap_action: str | None
    authorization: str | None


class Reply(NamedTuple):
    """What goes back; status None breaks the connection, ``send`` sends only so many bytes."""

    status: int | None
    body: bytes
    content: str = "text/plain"
    send: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


class Listening:
    """A portal that listens. Its own class answers calls; ``with`` opens and closes it."""

    title: ClassVar[str] = "portale simulato"
    own_faults: ClassVar[dict[str, str]] = {}
    largest_call: ClassVar[int] = 4 * 1024 * 1024

    def __init__(self, *, clock: SimClock | datetime | None, host: str, port: int, allow_remote: bool) -> None:
        if not allow_remote and not _is_loopback(host):
            raise ValueError("the simulator listens on this machine only")
        self.clock = clock if isinstance(clock, SimClock) else SimClock(clock)
        self.faults = Faults(self.own_faults)
        self.calls: list[Any] = []
        """Each call as a NamedTuple with its instant ``at``: no secrets, no guests."""
        self._host = host
        self._port = port
        self._server: ThreadingHTTPServer | None = None
        self._thread: Thread | None = None
        self._stopping = Event()
        self._updown = Lock()

    # what a portal of its own fills in -------------------------------------------------------------------------------

    def answer_get(self, path: str, query: str) -> Reply:
        """The answer to a GET outside ``/_control/``."""
        raise NotImplementedError

    def answer_post(self, path: str, body: bytes, headers: Headers) -> Reply:
        """The answer to a POST outside ``/_control/``."""
        raise NotImplementedError

    def steer(self, method: str, path: str, query: dict[str, list[str]], sent: Any) -> Any:
        """What ``/_control/`` does beyond clock, faults and calls; None when the state shall be told. KeyError: unknown."""
        raise KeyError(path)

    def state(self) -> dict[str, Any]:
        """What ``/_control/state`` tells beyond address, clock and faults."""
        return {}

    # up and down -----------------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{self._host}:{self._port}"

    @property
    def control_url(self) -> str:
        """Where other processes steer it."""
        return f"{self.address}/_control/"

    @property
    def page(self) -> bytes:
        """What a browser sees."""
        return f"<html><body><h1>SIMULATORE LOCANDA</h1><p>{self.title}: nessun valore.</p></body></html>".encode()

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
            self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name=self.title, daemon=True)
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

    def wait(self) -> None:
        """Stay until somebody interrupts."""
        if self._thread is not None:
            self._thread.join()

    # faults ----------------------------------------------------------------------------------------------------------

    def befallen(
        self,
        fault: Fault | None,
        process: Callable[[Fault | None], Reply],
        note: Callable[[Fault], None],
        soap_fault: Callable[[str], Reply],
        texts: Iterable[str],
    ) -> Reply:
        """A call that a fault befalls, or none. ``texts`` are those of the call, for the fault that repeats them."""
        if fault is None:
            return process(None)
        kind = fault.kind
        if kind == "delay":
            self._stopping.wait(fault.seconds)
        if kind in ("hang", "drop_before_storing", "status", "http_500", "soap_fault", "echo_secrets"):
            note(fault)
            if kind == "hang":
                self._stopping.wait()
            if kind in ("hang", "drop_before_storing"):
                return Reply(None, b"")
            if kind in ("status", "http_500"):
                return Reply(fault.status if kind == "status" else 500, self.page, "text/html")
            return soap_fault(" ".join(["Errore interno del simulatore", *(texts if kind == "echo_secrets" else ())]))
        done = process(fault)
        if kind == "hang_after_storing":
            self._stopping.wait()
        if kind in ("hang_after_storing", "drop_after_storing"):
            return Reply(None, b"")
        if kind == "cut_answer":
            return done._replace(send=len(done.body) // 2)
        if kind in ("http_500_after_storing", "garbled"):
            return Reply(500 if kind != "garbled" else 200, self.page, "text/html")
        if kind == "soap_fault_after_storing":
            return soap_fault("Errore interno del simulatore")
        return done

    # the door of its own ---------------------------------------------------------------------------------------------

    def control(self, method: str, path: str, query: dict[str, list[str]], sent: Any) -> Any:
        """What ``/_control/`` does; ValueError and KeyError when it was asked wrongly."""
        told = None
        if path == "clock" and method == "POST":
            if "set" in sent:
                self.clock.set(parse_instant(sent["set"]))
            else:
                self.clock.advance(**{key: float(value) for key, value in sent["advance"].items()})
        elif path == "faults" and method == "POST":
            self.faults.next(sent.pop("kind"), sent.pop("operation", None), **sent)
        elif path == "faults" and method == "DELETE":
            self.faults.clear()
        elif path == "calls" and method == "GET":
            return [{**called._asdict(), "at": called.at.isoformat()} for called in list(self.calls)]
        elif path != "state" or method != "GET":
            told = self.steer(method, path, query, sent)
        if told is not None:
            return told
        waiting = [fault.kind for fault in self.faults.waiting()]
        return {"clock": self.clock().isoformat(), "faults": waiting, **self.state()}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "LocandaSimulator"
    timeout = 60

    def __init__(self, simulator: Listening, *args: Any) -> None:
        self.simulator = simulator
        super().__init__(*args)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: calls are listed under ``/_control/calls``."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path.startswith("/_control/"):
            self._control("GET")
        else:
            self._reply(self.simulator.answer_get(address.path, address.query))

    def do_DELETE(self) -> None:
        self._control("DELETE")

    def do_POST(self) -> None:
        if self.path.startswith("/_control/"):
            self._control("POST")
            return
        body = self._body()
        if body is None:
            self._reply(Reply(413, self.simulator.page, "text/html"))
            return
        got = self.headers
        headers = Headers(got.get("Content-Type", ""), got.get("SOAPAction"), got.get("Authorization"))
        self._reply(self.simulator.answer_post(urlsplit(self.path).path, body, headers))

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
        self._reply(Reply(status, json.dumps(told, default=str, ensure_ascii=False).encode(), "application/json"))

    def _body(self) -> bytes | None:
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length) if length <= self.simulator.largest_call else None

    def _reply(self, reply: Reply) -> None:
        self.close_connection = True
        if reply.status is None:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.send_header(SIMULATOR_HEADER, "1")
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body[: reply.send])


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
