"""The client of the twelve operations of Alloggiati Web (spec alloggiati-web 4).

* One call at a time for each user name inside a process; across processes the delivery room keeps the order.
* The token stays in memory, is renewed before it expires, and once after a refusal of the credentials. A call refused
  for its token was not processed, so even a sending may be repeated then, and only then: when the whole call was
  refused and the portal said nothing about any row.
* Every exchange is handed out with the raw bytes of both sides, secrets cut out (:mod:`locanda.portals.secrets`).
* Every call has a connection of its own (:mod:`locanda.portals.wire`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Self

from locanda.core.time import Clock
from locanda.portals.alloggiati.errors import (
    CredentialsRefused,
    NotUnderstood,
    Refusal,
    Refused,
    refusal_class,
)
from locanda.portals.alloggiati.soap import (
    NOT_TOLD,
    OPERATIONS,
    Answer,
    Esito,
    SoapVersion,
    Token,
    headers,
    read_answer,
    write_call,
)
from locanda.portals.secrets import cut_text
from locanda.portals.wire import Answered, Exchange, Transport, Wire, judged, turn_of

__all__ = ["ENDPOINT", "MAX_ROWS", "Client", "Exchange", "Keys", "RowsAnswer"]

ENDPOINT = "https://alloggiatiweb.poliziadistato.it/service/service.asmx"
MAX_ROWS = 1000
"""Rows of one call: the service states no limit, the file of the portal takes 1000 (Guide p. 31)."""


class Keys(NamedTuple):
    """What the Questura and the portal gave the operator."""

    user: str
    password: str
    wskey: str

    def __repr__(self) -> str:
        return f"Keys(user={self.user!r}, password=***, wskey=***)"


class RowsAnswer(NamedTuple):
    """Outcome of each row of a Test or a Send, in the order sent."""

    overall: Esito
    valid: int
    rows: tuple[Esito, ...]
    complete: bool
    """One outcome for each row, and the number of valid rows agrees with them."""

    @property
    def all_valid(self) -> bool:
        """What the manual calls success (spec alloggiati-web 4.6): overall, every row, and the count."""
        return self.overall.ok and self.complete and all(row.ok for row in self.rows)


class Client:
    """Calls the service for one user. Use it in a ``with``."""

    def __init__(
        self,
        keys: Keys,
        *,
        endpoint: str = ENDPOINT,
        clock: Clock,
        on_exchange: Callable[[Exchange], None] | None = None,
        timeout: float = 60.0,
        soap: SoapVersion = "1.2",
        transport: Transport | None = None,
    ) -> None:
        self._keys = keys
        self._wire = Wire(endpoint, clock=clock, timeout=timeout, on_exchange=on_exchange, transport=transport)
        self._clock = clock
        self._soap: SoapVersion = soap
        self._token: Token | None = None
        self._good_until: datetime | None = None
        self._lock = turn_of(keys.user)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client(user={self._keys.user!r}, endpoint={self._wire.endpoint!r})"

    def close(self) -> None:
        """Forget the token and close the connection."""
        self._token = None
        self._wire.close()

    # ------------------------------------------------------------------------------------------------- operations

    def generate_token(self) -> Token:
        """A fresh token; CredentialsRefused when user, password or key are not accepted."""
        with self._lock:
            return self._renew()

    def authentication_test(self) -> Esito:
        """Whether user and token are accepted; changes nothing."""
        return self._outcome("Authentication_Test", {})

    def test(self, rows: Sequence[str]) -> RowsAnswer:
        """Check rows of 168 characters; nothing is acquired."""
        return self._rows("Test", rows, {})

    def send(self, rows: Sequence[str]) -> RowsAnswer:
        """Check rows of 168 characters and acquire the valid ones, for good."""
        return self._rows("Send", rows, {})

    def apartment_test(self, rows: Sequence[str], apartment: int) -> RowsAnswer:
        """Check rows of 168 characters for one apartment."""
        return self._rows("GestioneAppartamenti_Test", rows, {"IdAppartamento": apartment})

    def apartment_send(self, rows: Sequence[str], apartment: int) -> RowsAnswer:
        """Acquire the valid ones of rows of 168 characters for one apartment, for good."""
        return self._rows("GestioneAppartamenti_Send", rows, {"IdAppartamento": apartment})

    def file_unico_test(self, rows: Sequence[str]) -> RowsAnswer:
        """Check rows of 174 characters, each with its apartment."""
        return self._rows("GestioneAppartamenti_FileUnico_Test", rows, {})

    def file_unico_send(self, rows: Sequence[str]) -> RowsAnswer:
        """Acquire the valid ones of rows of 174 characters, for good."""
        return self._rows("GestioneAppartamenti_FileUnico_Send", rows, {})

    def table(self, kind: str) -> str:
        """A table of the portal as the CSV text it gives (``Luoghi``, ``Tipi_Documento``...)."""
        answer = self._call("Tabella", {"tipo": kind})
        if not answer.text:
            raise NotUnderstood("the table is missing from the answer", operation="Tabella", status=200)
        return answer.text

    def receipt(self, day: date) -> bytes:
        """The receipt of a day of sending, exactly as the portal gives it; NoReceipt when it has none."""
        answer = self._call("Ricevuta", {"Data": day})
        if not answer.data:
            raise NotUnderstood("the receipt is missing from the answer", operation="Ricevuta", status=200)
        return answer.data

    def add_apartment(self, description: str, comune_code: str, address: str, owner: str) -> Esito:
        """Enter an apartment; its id is read afterwards from the table ``ListaAppartamenti``."""
        values = {"Descrizione": description, "ComuneCodice": comune_code, "Indirizzo": address, "Proprietario": owner}
        if any(";" in value for value in values.values()):
            raise ValueError("a semicolon would break the portal's own list of apartments")
        return self._outcome("GestioneAppartamenti_AggiungiAppartamento", values)

    def disable_apartment(self, apartment: int) -> Esito:
        """Disable an apartment, for good (Guide p. 24)."""
        return self._outcome("GestioneAppartamenti_DisabilitaAppartamento", {"IdAppartamento": apartment})

    # --------------------------------------------------------------------------------------------------- the call

    def _outcome(self, operation: str, values: Mapping[str, object]) -> Esito:
        esito = self._call(operation, values).esito
        assert esito is not None
        return esito

    def _rows(self, operation: str, rows: Sequence[str], values: Mapping[str, object]) -> RowsAnswer:
        if not 0 < len(rows) <= MAX_ROWS:
            raise ValueError(f"a call takes 1 to {MAX_ROWS} rows")
        answer = self._call(operation, {"ElencoSchedine": tuple(rows), **values})
        if answer.outcomes is None or answer.esito is None:
            raise NotUnderstood("the outcomes of the rows are missing", operation=operation, status=200)
        outcomes = answer.outcomes
        accepted = sum(row.ok for row in outcomes.rows)
        complete = len(outcomes.rows) == len(rows) and outcomes.valid == accepted and NOT_TOLD not in outcomes.rows
        return RowsAnswer(answer.esito, outcomes.valid, outcomes.rows, complete)

    def _call(self, operation: str, values: Mapping[str, object]) -> Answer:
        """An operation that needs a token, with the one repetition that is safe."""
        with self._lock:
            token = self._live_token()
            try:
                return self._with_token(operation, values, token)
            except CredentialsRefused:
                pass
            # GenerateToken says for good whether the keys are wrong; if they are right, the token had died
            return self._with_token(operation, values, self._renew())

    def _with_token(self, operation: str, values: Mapping[str, object], token: Token) -> Answer:
        answer = self._exchange(operation, {"Utente": self._keys.user, "token": token.value, **values})
        self._raise_refusal(operation, answer)
        return answer

    def _live_token(self) -> Token:
        if self._token is None or self._good_until is None or self._clock() >= self._good_until:
            return self._renew()
        return self._token

    def _renew(self) -> Token:
        self._token = None
        asked = self._clock()
        keys = self._keys
        answer = self._exchange(
            "GenerateToken", {"Utente": keys.user, "Password": keys.password, "WsKey": keys.wskey}
        )
        esito = answer.esito
        if esito is not None and not esito.ok:
            kind = refusal_class(Refusal(*esito[1:]))
            # whatever the words, a refused request for a token is about the keys, unless it says otherwise
            self._raise("GenerateToken", esito, kind if kind not in (None, Refused) else CredentialsRefused)
        if answer.token is None:
            raise NotUnderstood("the token is missing from the answer", operation="GenerateToken", status=200)
        self._token = answer.token
        # the life is read off the portal's own two instants: our clock and the portal's may differ
        life = answer.token.expires - answer.token.issued
        self._good_until = asked + life - min(timedelta(minutes=5), life / 5)
        return answer.token

    def _raise_refusal(self, operation: str, answer: Answer) -> None:
        esito, outcomes = answer.esito, answer.outcomes
        if esito is None or esito.ok:
            return
        if outcomes is not None and outcomes.rows:
            return  # the rows speak for themselves (what the overall flag means then is unverified)
        if outcomes is not None and outcomes.valid:
            raise NotUnderstood("refused, yet rows are counted as valid", operation=operation, status=200)
        self._raise(operation, esito, refusal_class(Refusal(*esito[1:])))

    def _raise(self, operation: str, esito: Esito, kind: type[Refused] | None) -> None:
        words = Refusal(*(cut_text(text, self._secrets()) for text in esito[1:]))
        message = " - ".join(word for word in (words.code, words.name, words.detail) if word) or "esito negativo"
        # an unheard-of refusal of a sending might have come after the rows were stored
        unknown = kind is None and OPERATIONS[operation].sends
        raise (kind or Refused)(message, refusal=words, operation=operation, status=200, unknown=unknown)

    def _exchange(self, operation: str, values: Mapping[str, object]) -> Answer:
        request = write_call(operation, values, self._soap)
        return self._wire.call(operation, request, headers(operation, self._soap), judge=_judge, secrets=self._secrets)

    def _secrets(self, answer: Answer | None = None) -> tuple[str, ...]:
        held = (self._token, None if answer is None else answer.token)
        return (self._keys.password, self._keys.wskey, *(token.value for token in held if token is not None))


def _judge(operation: str, got: Answered) -> Answer:
    return judged(operation, got, read_answer)
