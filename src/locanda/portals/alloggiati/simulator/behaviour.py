"""A switch for everything that is not known of the real service (spec alloggiati-web 7).

A test that needs one of these says so by naming the switch; the defaults are the prudent reading. How single rows are
judged has its own switches, :class:`locanda.portals.alloggiati.check.Strictness`, under the name ``strictness``.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from itertools import pairwise
from typing import Any

from locanda.portals.alloggiati.check import Strictness
from locanda.portals.switches import Switch, switch, typed

__all__ = ["Behaviour", "Switch", "set_switches", "switches"]


@dataclass(frozen=True)
class Behaviour:
    """What the service does where nobody knows what it does."""

    token_minutes: int = switch("durata del token in minuti (esempio del manuale: un'ora; altri dicono 8 o 24 ore)", default=60)
    newest_token_only: bool = switch("un nuovo token annulla i precedenti dello stesso utente", default=False)
    auth_code: str = switch("ErroreCod quando utente, password, WSKEY o token non valgono", default="10")
    auth_name: str = switch("ErroreDes nello stesso caso", default="ERRORE_AUTENTICAZIONE")
    auth_detail: str = switch("ErroreDettaglio nello stesso caso", default="Credenziali o token non validi")
    lock_after: int = switch("tentativi falliti dopo i quali l'utente è bloccato (0: mai)", default=0)
    max_rows: int = switch("righe massime per chiamata (0: nessun limite)", default=1000)
    duplicates: str = switch(
        "una schedina già acquisita inviata di nuovo: acquisita, acquisita con avviso, rifiutata", default="store",
        choices=("store", "flag", "refuse"),
    )  # fmt: skip
    all_refused_is_false: bool = switch("esito generale falso quando tutte le righe sono errate", default=False)
    refused_call_has_result: bool = switch("una chiamata rifiutata porta comunque SchedineValide 0", default=True)
    fault_status: int = switch("stato HTTP di un soap:Fault", default=500, choices=(500, 400, 200))
    hotel_operations_for_apartments: bool = switch("un utente appartamenti può usare Test e Send degli alberghi", default=False)
    category_code: str = switch("ErroreCod per un'operazione dell'altra categoria", default="")
    category_name: str = switch("ErroreDes nello stesso caso", default="ERRORE_PARAMETRO_ERRATO")
    receipt_hour: int = switch("ora del giorno dopo dalla quale la ricevuta è pronta", default=0)
    receipt_days: int = switch("giorni per i quali la ricevuta resta scaricabile", default=30)
    receipt_code: str = switch("ErroreCod quando la ricevuta non c'è", default="51")
    receipt_total_days: bool = switch("la ricevuta riporta il totale dei giorni presunti", default=True)
    receipt_in_envelope: bool = switch("la ricevuta è un PDF dentro una busta di firma (p7m)", default=False)
    table_line_end: str = switch("fine riga delle tabelle", default="\n", choices=("\n", "\r\n"))
    strictness: Strictness = field(default_factory=Strictness, metadata={"meaning": "come sono giudicate le righe"})


def switches(behaviour: Behaviour | None = None) -> Iterator[Switch]:
    """Every switch, those of the rows among them as ``strictness.NAME``."""
    behaviour = behaviour or Behaviour()
    for entry in fields(behaviour):
        value = getattr(behaviour, entry.name)
        if entry.name == "strictness":
            for inner in fields(value):
                meaning = _row_meanings().get(inner.name, "")
                yield Switch(f"strictness.{inner.name}", getattr(value, inner.name), meaning, ())
        else:
            yield Switch(entry.name, value, entry.metadata["meaning"], entry.metadata["choices"])


@cache
def _row_meanings() -> Mapping[str, str]:
    """The sentence under each field of Strictness, read from its source."""
    (definition,) = ast.parse(inspect.getsource(Strictness)).body
    assert isinstance(definition, ast.ClassDef)
    found: dict[str, str] = {}
    for entry, after in pairwise(definition.body):
        said = after.value if isinstance(after, ast.Expr) else None
        if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name) and isinstance(said, ast.Constant):
            found[entry.target.id] = " ".join(str(said.value).split())
    return found


def set_switches(behaviour: Behaviour, changes: Mapping[str, object]) -> Behaviour:
    """The behaviour with some switches set; texts are read as the kind of value the switch has."""
    known = {switch.name: switch for switch in switches(behaviour)}
    plain: dict[str, Any] = {}
    rows: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in known:
            raise ValueError(f"no such switch: {name}")
        read = typed(known[name], value)
        group, _, inner = name.partition(".")
        if inner:
            rows[inner] = read
        else:
            plain[group] = read
    if rows:
        plain["strictness"] = replace(behaviour.strictness, **rows)
    return replace(behaviour, **plain)
