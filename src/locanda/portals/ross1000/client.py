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
from locanda.portals.errors import CredentialsRefused, PortalError, Refusal, Refused
from locanda.portals.ross1000.errors import in_own_words
from locanda.portals.ross1000.outcomes import StructureOutcome, matched
from locanda.portals.ross1000.records import Movimenti
from locanda.portals.ross1000.soap import MANY, ONE, Answer, headers, read_answer, write_call
from locanda.portals.secrets import cut_text
from locanda.portals.wire import Answered, Exchange, Transport, Wire, judged, turn_of

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
        self._wire = Wire(endpoint, clock=clock, timeout=timeout, on_exchange=on_exchange, transport=transport)
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
        found = matched(file, answer.structures[0] if answer.structures else None)
        return found._replace(named=True)  # the whole answer is about it

    def send_many(self, files: Sequence[Movimenti]) -> tuple[StructureOutcome, ...]:
        """Send the days of several structures in one transmission; their outcomes in the order sent."""
        codes = [file.codice or "" for file in files]
        if len(set(codes)) != len(codes):
            raise ValueError("the same structure twice")
        answer = self._call(MANY, files)
        if answer.error and not answer.structures:
            words = Refusal("", "", cut_text(answer.error, self._secrets))
            raise in_own_words(Refused(words.detail, refusal=words, operation=MANY, status=200, unknown=True))
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
        request = write_call(operation, files)
        with turn_of(self._keys.user):
            try:
                return self._wire.call(operation, request, self._headers, judge=_judge, secrets=lambda _: self._secrets)
            except PortalError as error:
                raise in_own_words(error) from None


def _judge(operation: str, got: Answered) -> Answer:
    if got.status in (401, 403):
        words = Refusal(str(got.status), "", f"HTTP {got.status}")
        raise CredentialsRefused(words.detail, refusal=words, operation=operation, status=got.status)
    return judged(operation, got, read_answer)
