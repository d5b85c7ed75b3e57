"""One POST to a portal: what came back, or what can be said of a call that did not come back (the tree of :mod:`.errors`).

Every call has a connection of its own: a kept connection that the portal has just closed would look like an answer lost, and an
answer lost cannot always be taken back. Errors are returned and not chained: the originals hold the request, secrets and all.
Credentials travel over https only, except to a simulator on this machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import httpx2

from locanda.core.time import Clock
from locanda.portals.errors import AnswerLost, NotReached, NotUnderstood, PortalError, PortalFault, SoapFault, Unreadable
from locanda.portals.secrets import cut_bytes, cut_text

__all__ = ["LARGEST_ANSWER", "SIMULATOR_HEADER", "Answered", "Exchange", "Transport", "Wire", "judged", "turn_of"]

Read = TypeVar("Read")

LARGEST_ANSWER = 32 * 1024 * 1024
SIMULATOR_HEADER = "X-Locanda-Simulator"
Transport = httpx2.BaseTransport
"""How bytes travel; tests hand in one of their own."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Exchange(NamedTuple):
    """One call as it went over the wire, secrets already cut out."""

    operation: str
    started: datetime
    ended: datetime
    request: bytes
    response: bytes | None
    status: int | None
    error: str | None
    simulated: bool = False
    """The answer carried the simulator's mark: it proves nothing to any authority."""


class Answered(NamedTuple):
    """What came back of a call. ``body`` is None where not even a status came; an ``error`` may stand beside half a body."""

    status: int | None
    body: bytes | None
    simulated: bool
    error: PortalError | None


class Wire:
    """Posts to one address, and hands every exchange out, secrets cut out of it."""

    def __init__(
        self,
        endpoint: str,
        *,
        clock: Clock,
        timeout: float,
        on_exchange: Callable[[Exchange], None] | None = None,
        transport: Transport | None = None,
    ) -> None:
        address = urlsplit(endpoint)
        loopback = address.hostname in _LOOPBACK
        if address.scheme != "https" and not (address.scheme == "http" and loopback):
            raise ValueError("credentials travel over https only")
        self.endpoint = endpoint
        self._clock = clock
        self._on_exchange = on_exchange
        self._timeout = timeout
        self._http = httpx2.Client(
            timeout=httpx2.Timeout(timeout, connect=min(timeout, 15.0)),
            limits=httpx2.Limits(max_connections=1, max_keepalive_connections=0),
            headers={"User-Agent": "locanda", "Accept-Encoding": "identity", "Connection": "close"},
            follow_redirects=False,
            trust_env=not loopback,
            transport=transport,
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def call(
        self,
        operation: str,
        request: bytes,
        headers: Mapping[str, str],
        *,
        judge: Callable[[str, Answered], Read],
        secrets: Callable[[Read | None], tuple[str, ...]],
    ) -> Read:
        """What ``judge`` makes of the answer; raises the error that fits. ``secrets`` are those known once it was read."""
        started = self._clock()
        got = self._post(operation, request, headers)
        error, answer = got.error, None
        if error is None:
            try:
                answer = judge(operation, got)
            except PortalError as problem:
                error = problem
        hidden = secrets(answer)
        if error is not None:
            error.args = (cut_text(str(error), hidden),)
        if self._on_exchange is not None:
            self._on_exchange(
                Exchange(
                    operation=operation,
                    started=started,
                    ended=self._clock(),
                    request=cut_bytes(request, hidden),
                    response=cut_bytes(got.body, hidden) if got.body is not None else None,
                    status=got.status,
                    error=f"{type(error).__name__}: {error}" if error is not None else None,
                    simulated=got.simulated,
                )
            )
        if error is not None:
            raise error
        assert answer is not None
        return answer

    def _post(self, operation: str, content: bytes, headers: Mapping[str, str]) -> Answered:
        """The bytes that came back, or why none came."""
        status: int | None = None
        body = bytearray()
        simulated = False
        error: PortalError | None = None
        deadline = time.monotonic() + self._timeout
        try:
            with self._http.stream("POST", self.endpoint, content=content, headers=headers) as response:
                status = response.status_code
                simulated = SIMULATOR_HEADER in response.headers
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST_ANSWER:
                        error = NotUnderstood("the answer is too large", operation=operation, status=status)
                        break
                    if time.monotonic() > deadline:
                        error = AnswerLost("the answer took too long", operation=operation, status=status)
                        break
        except _NEVER_LEFT as problem:
            error = NotReached(_NEVER_LEFT_WORDS.get(type(problem), "no connection"), operation=operation)
        except httpx2.TimeoutException:
            error = AnswerLost("no answer in time", operation=operation, status=status)
        except httpx2.DecodingError:
            error = NotUnderstood("the answer cannot be unpacked", operation=operation, status=status)
        except httpx2.HTTPError:
            error = AnswerLost("the connection broke before the answer was whole", operation=operation, status=status)
        return Answered(status, None if status is None else bytes(body), simulated, error)


_NEVER_LEFT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)
_NEVER_LEFT_WORDS: Mapping[type[Exception], str] = {
    httpx2.ConnectError: "connection refused, unknown host or failed TLS",
    httpx2.ConnectTimeout: "no connection in time",
    httpx2.ProxyError: "the proxy refused",
}

_TURNED_AWAY = frozenset({301, 307, 308, 400, 401, 404, 405, 411, 413, 414, 415, 417, 421, 426, 429, 431})
"""HTTP answers that come before any web service runs.

Left out on purpose: 302 and 303, because a server may answer an unhandled exception with a redirection to an error page; 403,
because a firewall may answer so after reading what the service wrote; 408 and 409, which say nothing sure.
"""


def judged(operation: str, got: Answered, read: Callable[[str, bytes], Read | SoapFault]) -> Read:
    """The answer, or the error that fits (decided by one question: can the portal have processed the call?)."""
    status, body = got.status, got.body
    assert status is not None and body is not None
    try:
        answer = read(operation, body)
    except Unreadable as problem:
        if status in _TURNED_AWAY:
            raise NotReached(f"HTTP {status} before the service", operation=operation, status=status) from None
        if status >= 500:
            raise AnswerLost(f"HTTP {status} without a SOAP answer", operation=operation, status=status) from None
        raise NotUnderstood(f"HTTP {status}: {problem}", operation=operation, status=status) from None
    if isinstance(answer, SoapFault):
        raise PortalFault(answer.reason or "soap:Fault", fault_code=answer.code, operation=operation, status=status)
    if status != 200:
        kind = AnswerLost if status >= 500 else NotUnderstood
        raise kind(f"HTTP {status} with an ordinary answer", operation=operation, status=status)
    return answer


_turns: dict[str, Lock] = {}
_turns_guard = Lock()


def turn_of(user: str) -> Lock:
    """The lock of a user name: one credential sends one thing at a time."""
    with _turns_guard:
        return _turns.setdefault(user.upper(), Lock())
