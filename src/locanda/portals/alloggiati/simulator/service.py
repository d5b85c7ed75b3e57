"""What the simulated service does with a call, once the envelope is open (spec alloggiati-web 4.4-4.9, 4.12)."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from locanda.core.time import rome_day, rome_midnight
from locanda.places import ITALY, Tables
from locanda.portals.alloggiati import check
from locanda.portals.alloggiati.documents import Documents
from locanda.portals.alloggiati.simulator.accounts import Account, Tokens
from locanda.portals.alloggiati.simulator.behaviour import Behaviour
from locanda.portals.alloggiati.simulator.receipt_pdf import envelope, receipt_lines, receipt_pdf
from locanda.portals.alloggiati.simulator.store import Store
from locanda.portals.alloggiati.simulator.tables import luoghi
from locanda.portals.alloggiati.soap import Esito, RowOutcomes
from locanda.portals.simulated_clock import SimClock

__all__ = ["Service"]

OK = Esito(ok=True)


def _no(code: str, name: str, detail: str) -> Esito:
    return Esito(ok=False, code=code, name=name, detail=detail)


_EMPTY_LIST = _no("12", "SCHEDINA_CAMPO_NON_CORRETTO", "Elenco Schedine Vuoto")
_PARAMETER = "ERRORE_PARAMETRO_ERRATO"
_APARTMENTS_ONLY = "GestioneAppartamenti_"
_GUEST_TYPES = (
    ("16", "OSPITE SINGOLO"), ("17", "CAPO FAMIGLIA"), ("18", "CAPO GRUPPO"), ("19", "FAMILIARE"), ("20", "MEMBRO GRUPPO"),
)  # fmt: skip
_KNOWN_ERRORS = (
    ("11", "SCHEDINA_FORMATO_NON_CORRETTO"), ("12", "SCHEDINA_CAMPO_NON_CORRETTO"), ("51", "ERRORE_RECUPERO_RICEVUTA"),
)  # fmt: skip
"""The real table is not published; these are the only rows known to anybody (spec alloggiati-web 3.5)."""

Values = Mapping[str, Any]
Answered = dict[str, Any]


class Service:
    """The business side of the portal. Not safe for threads: whoever serves it calls it one at a time."""

    def __init__(
        self,
        accounts: Iterable[Account],
        *,
        clock: SimClock,
        behaviour: Behaviour,
        store: Store,
        tables: Tables,
        documents: Documents,
    ) -> None:
        self.accounts = {account.user: account for account in accounts}
        self.clock = clock
        self.behaviour = behaviour
        self.store = store
        self.tokens = Tokens()
        self._tables = tables
        self._documents = documents
        self._failures: dict[str, int] = {}
        for account in self.accounts.values():
            store.open_account(account)

    def answer(self, operation: str, values: Values) -> Answered:
        """The elements of the answer, by name."""
        if operation == "GenerateToken":
            return self._generate_token(values)
        result = f"{operation}Result"
        account = self.accounts.get(values["Utente"])
        if account is None or account.disabled or not self.tokens.accepts(account.user, values["token"], self.clock()):
            return self._refused(operation, self._auth_refusal())
        refusal = self._category_refusal(operation, account)
        if refusal is not None:
            return self._refused(operation, refusal)
        if "ElencoSchedine" in values:
            return self._rows(operation, account, values)
        if operation == "Tabella":
            esito, text = self._table(account, values["tipo"])
            return {result: esito, "CSV": text}
        if operation == "Ricevuta":
            esito, pdf = self._receipt(account, values["Data"])
            return {result: esito, "PDF": pdf}
        if operation == "GestioneAppartamenti_AggiungiAppartamento":
            return {result: self._add_apartment(account, values)}
        if operation == "GestioneAppartamenti_DisabilitaAppartamento":
            done = self.store.disable_apartment(account.user, values["IdAppartamento"])
            return {result: OK if done else _no("", _PARAMETER, "Appartamento inesistente o disabilitato")}
        return {result: OK}

    # ------------------------------------------------------------------------------------------------------ access

    def _generate_token(self, values: Values) -> Answered:
        account = self.accounts.get(values["Utente"])
        limit = self.behaviour.lock_after
        locked = bool(limit) and self._failures.get(values["Utente"], 0) >= limit
        right = account is not None and all(
            hmac.compare_digest(given.encode(), wanted.encode())
            for given, wanted in ((values["Password"], account.password), (values["WsKey"], account.wskey))
        )
        if account is None or not right or account.disabled or locked:
            self._failures[values["Utente"]] = self._failures.get(values["Utente"], 0) + 1
            return {"result": self._auth_refusal()}
        self._failures.pop(account.user, None)
        return {"GenerateTokenResult": self.tokens.give(account.user, self.clock(), self.behaviour), "result": OK}

    def _auth_refusal(self) -> Esito:
        return _no(self.behaviour.auth_code, self.behaviour.auth_name, self.behaviour.auth_detail)

    def _category_refusal(self, operation: str, account: Account) -> Esito | None:
        words = (self.behaviour.category_code, self.behaviour.category_name)
        if operation.startswith(_APARTMENTS_ONLY) and account.category != "apartments":
            return _no(*words, "Operazione riservata alla categoria Gestione Appartamenti")
        hotel_only = operation in ("Test", "Send") and not self.behaviour.hotel_operations_for_apartments
        if hotel_only and account.category != "hotel":
            return _no(*words, "Operazione non prevista per la categoria Gestione Appartamenti")
        return None

    def _refused(self, operation: str, esito: Esito) -> Answered:
        refused: Answered = {f"{operation}Result": esito}
        if operation.endswith(("Test", "Send")) and operation != "Authentication_Test":
            refused["result"] = RowOutcomes(0, ()) if self.behaviour.refused_call_has_result else None
        return refused

    # ------------------------------------------------------------------------------------------------- Test and Send

    def _rows(self, operation: str, account: Account, values: Values) -> Answered:
        rows: Sequence[str] = values["ElencoSchedine"]
        limit = self.behaviour.max_rows
        if not rows:
            return self._refused(operation, _EMPTY_LIST)
        if limit and len(rows) > limit:
            return self._refused(operation, _no("", _PARAMETER, f"Più di {limit} schedine"))
        enabled = {apartment.id for apartment in self.store.apartments(account.user) if apartment.enabled}
        chosen: int | None = values.get("IdAppartamento")
        if chosen is not None and chosen not in enabled:
            return self._refused(operation, _no("", _PARAMETER, "Appartamento inesistente o disabilitato"))
        single_file = "FileUnico" in operation
        judged = check.judge(
            rows,
            today=rome_day(self.clock()),
            tables=self._tables,
            documents=self._documents,
            # no apartment has a negative id: an account without apartments accepts none
            apartments=(enabled or {-1}) if single_file else None,
            strictness=self.behaviour.strictness,
        )
        outcomes = [Esito(outcome.valid, outcome.code, outcome.name, outcome.detail) for outcome in judged]
        places = [_apartment(row) if single_file else chosen for row in rows]
        for index, (row, place) in enumerate(zip(rows, places, strict=True)):
            if outcomes[index].ok and self.behaviour.duplicates != "store" and self.store.holds(account.user, row, place):
                double = _no("12", "SIMULATORE_SCHEDINA_DOPPIA", "Schedina già acquisita")
                outcomes[index] = double._replace(ok=self.behaviour.duplicates == "flag")
        valid = [(row, place) for row, place, outcome in zip(rows, places, outcomes, strict=True) if outcome.ok]
        if operation.endswith("Send"):
            self.store.acquire(account.user, operation, self.clock(), valid)
        overall = OK
        if self.behaviour.all_refused_is_false and not valid:
            overall = outcomes[0]
        return {f"{operation}Result": overall, "result": RowOutcomes(len(valid), tuple(outcomes))}

    # --------------------------------------------------------------------------------------------- tables, receipts

    def _table(self, account: Account, kind: str) -> tuple[Esito, str | None]:
        lines: list[str]
        if kind == "Luoghi":
            lines = luoghi(self._tables)
        elif kind == "Tipi_Documento":
            lines = ["Codice;Descrizione", *(f"{code};{name}" for code, name in self._documents.types.items())]
        elif kind == "Tipi_Alloggiato":
            lines = ["Codice;Descrizione", *(f"{code};{name}" for code, name in _GUEST_TYPES)]
        elif kind == "TipoErrore":
            lines = ["Codice;Descrizione", *(f"{code};{name}" for code, name in _KNOWN_ERRORS)]
        elif account.category != "apartments":
            return self._category_refusal(_APARTMENTS_ONLY, account) or OK, None
        else:
            lines = ["IDAPP;Descrizione;COMUNE;PROV;Indirizzo;Proprietario"]
            for apartment in self.store.apartments(account.user):
                place = self._tables.comune_row(apartment.comune_code)
                name, province = (place.name, place.province) if place else ("", "")
                if apartment.enabled:
                    texts = (apartment.description, name, province, apartment.address, apartment.owner)
                    lines.append(";".join((str(apartment.id), *texts)))
        return OK, self.behaviour.table_line_end.join([*lines, ""])

    def _receipt(self, account: Account, day: date) -> tuple[Esito, bytes | None]:
        now = self.clock()
        age = (rome_day(now) - day).days
        ready = age > 1 or (age == 1 and now.hour >= self.behaviour.receipt_hour)
        acquired = self.store.acquired(account.user, day)
        if not ready or age > self.behaviour.receipt_days or not acquired:
            code = self.behaviour.receipt_code
            return _no(code, "ERRORE_RECUPERO_RICEVUTA", "Ricevuta non disponibile"), None
        total = sum(int(entry.row[12:14]) for entry in acquired) if self.behaviour.receipt_total_days else None
        lines = receipt_lines(account, day, self.store.protocol(account.user, day), len(acquired), total)
        pdf = receipt_pdf(lines)
        return OK, envelope(pdf) if self.behaviour.receipt_in_envelope else pdf

    def _add_apartment(self, account: Account, values: Values) -> Esito:
        texts = [values[name] for name in ("Descrizione", "ComuneCodice", "Indirizzo", "Proprietario")]
        place = self._tables.comune_row(values["ComuneCodice"])
        if place is None or place.province != account.province or place.police == ITALY:
            return _no("", _PARAMETER, "Comune errato o di un'altra provincia")
        if not all(texts) or any(";" in text for text in texts):
            return _no("", _PARAMETER, "Dati dell'appartamento incompleti")
        self.store.add_apartment(account.user, *texts)
        return OK

    def tomorrow(self) -> None:
        """Thirty seconds past the next midnight."""
        day = rome_day(self.clock()) + timedelta(days=1)
        self.clock.set(rome_midnight(day) + timedelta(seconds=30))


def _apartment(row: str) -> int | None:
    digits = row[168:174].strip()
    return int(digits) if digits.isdigit() else None
