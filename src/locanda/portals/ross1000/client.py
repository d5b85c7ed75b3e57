"""The client of the web service of ROSS1000, for one structure or for many at once (spec flussi-turistici 6.6).

* The address is a setting: the installations move, and each region has its own (``[statistics] service`` of its territory).
* HTTP Basic goes with the first request. There is no token, no test operation and no receipt.
* A second sending overwrites the first, so that what is in doubt may be sent again; the delivery room decides when.
* One call at a time for each user name inside a process; every exchange is handed out with the raw bytes of both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

from locanda.core.time import Clock
from locanda.portals.errors import PortalError, Refusal
from locanda.portals.ross1000.errors import (
    AnswerLost,
    CredentialsRefused,
    NotReached,
    NotUnderstood,
    PortalFault,
    Refused,
    own,
)
from locanda.portals.ross1000.outcomes import StructureOutcome, matched
from locanda.portals.ross1000.records import Movimenti
from locanda.portals.ross1000.soap import MANY, ONE, Answer, Fault, Unreadable, headers, read_answer, write_call
from locanda.portals.secrets import cut_bytes, cut_text
from locanda.portals.wire import Answered, Exchange, Transport, Wire, is_turned_away, turn_of

__all__ = ["Client", "Exchange", "Keys"]


class Keys(NamedTuple):
    """User name of the portal and transmission password."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Keys(user={self.user!r}, password=***)"


class Client:
    """Calls one installation for one user. Use it in a ``with``."""

    def __init__(
        self,
        keys: Keys,
        *,
        endpoint: str,
        clock: Clock,
        on_exchange: Callable[[Exchange], None] | None = None,
        timeout: float = 120.0,
        transport: Transport | None = None,
    ) -> None:
        self._keys = keys
        self._wire = Wire(endpoint, timeout=timeout, transport=transport)
        self._clock = clock
        self._on_exchange = on_exchange
        self._headers = headers(*keys)
        self._secrets = (keys.password, self._headers["Authorization"].removeprefix("Basic "))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client(user={self._keys.user!r}, endpoint={self._wire.endpoint!r})"

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    # operations ------------------------------------------------------------------------------------------------------

    def send(self, file: Movimenti) -> StructureOutcome:
        """Send the days of one structure; what became of each record."""
        answer = self._call(ONE, (file,))
        return matched(file, answer.structures[0] if answer.structures else None)

    def send_many(self, files: Sequence[Movimenti]) -> tuple[StructureOutcome, ...]:
        """Send the days of several structures in one transmission; their outcomes in the order sent."""
        codes = [file.codice or "" for file in files]
        if len(set(codes)) != len(codes):
            raise ValueError("the same structure twice")
        answer = self._call(MANY, files)
        if answer.error and not answer.structures:
            words = Refusal("", "", cut_text(answer.error, self._secrets))
            raise Refused(words.detail, refusal=words, operation=MANY, status=200, unknown=True)
        said = {structure.codice: structure for structure in answer.structures}
        found = [matched(file, said.get(code)) for file, code in zip(files, codes, strict=True)]
        return tuple(one._replace(error=one.error or answer.error) for one in found)

    def check_credentials(self) -> None:
        """Call with no structure at all: nothing is sent, yet user and password are judged (CredentialsRefused).

        That the service takes an empty list is our reading of its schema; a PortalFault then says nothing about the keys.
        """
        self._call(MANY, ())

    # the call --------------------------------------------------------------------------------------------------------

    def _call(self, operation: str, files: Sequence[Movimenti]) -> Answer:
        with turn_of(self._keys.user):
            return self._exchange(operation, write_call(operation, files))

    def _exchange(self, operation: str, request: bytes) -> Answer:
        started = self._clock()
        got = self._wire.post(operation, request, self._headers)
        error: PortalError | None = None if got.error is None else own(got.error)
        answer: Answer | None = None
        if error is None:
            try:
                answer = _judge(operation, got)
            except PortalError as problem:
                error = problem
        if error is not None:
            error.args = (cut_text(str(error), self._secrets),)
        if self._on_exchange is not None:
            self._on_exchange(
                Exchange(
                    operation=operation,
                    started=started,
                    ended=self._clock(),
                    request=cut_bytes(request, self._secrets),
                    response=None if got.body is None else cut_bytes(got.body, self._secrets),
                    status=got.status,
                    error=None if error is None else f"{type(error).__name__}: {error}",
                    simulated=got.simulated,
                )
            )
        if error is not None:
            raise error
        assert answer is not None
        return answer


def _judge(operation: str, got: Answered) -> Answer:
    """The answer, or the error that fits (decided by one question: can the portal have processed the call?)."""
    status, body = got.status, got.body
    assert status is not None and body is not None
    if status in (401, 403):
        words = Refusal(str(status), "", f"HTTP {status}")
        raise CredentialsRefused(words.detail, refusal=words, operation=operation, status=status)
    try:
        read = read_answer(operation, body)
    except Unreadable as problem:
        if is_turned_away(status):
            raise NotReached(f"HTTP {status} before the service", operation=operation, status=status) from None
        if status >= 500:
            raise AnswerLost(f"HTTP {status} without a SOAP answer", operation=operation, status=status) from None
        raise NotUnderstood(f"HTTP {status}: {problem}", operation=operation, status=status) from None
    if isinstance(read, Fault):
        raise PortalFault(read.reason or "soap:Fault", fault_code=read.code, operation=operation, status=status)
    if status != 200:
        kind = AnswerLost if status >= 500 else NotUnderstood
        raise kind(f"HTTP {status} with an ordinary answer", operation=operation, status=status)
    return read
