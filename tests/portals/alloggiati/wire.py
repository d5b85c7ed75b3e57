"""The official service description as an oracle: its schema, and zeep's idea of a call."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from lxml import etree

XSD = "http://www.w3.org/2001/XMLSchema"

VALUES: dict[str, dict[str, object]] = {
    "GenerateToken": {"Utente": "XX000001", "Password": "p&<a>'\"", "WsKey": "a+/b=="},
    "Authentication_Test": {"Utente": "XX000001", "token": "tok+/="},
    "Test": {"Utente": "XX000001", "token": "t", "ElencoSchedine": ("16D'AMICO & C   ", "19NICCOLÒ" + " " * 34)},
    "Send": {"Utente": "XX000001", "token": "t", "ElencoSchedine": ("  A<B>  ",)},
    "GestioneAppartamenti_Test": {
        "Utente": "XX000001", "token": "t", "ElencoSchedine": ("A", "B"), "IdAppartamento": 0,
    },
    "GestioneAppartamenti_Send": {
        "Utente": "XX000001", "token": "t", "ElencoSchedine": ("A",), "IdAppartamento": 4,
    },
    "GestioneAppartamenti_FileUnico_Test": {"Utente": "XX000001", "token": "t", "ElencoSchedine": ("A", "B", "C")},
    "GestioneAppartamenti_FileUnico_Send": {"Utente": "XX000001", "token": "t", "ElencoSchedine": ("A",)},
    "Tabella": {"Utente": "XX000001", "token": "t", "tipo": "Luoghi"},
    "Ricevuta": {"Utente": "XX000001", "token": "t", "Data": dt.date(2026, 7, 10)},
    "GestioneAppartamenti_AggiungiAppartamento": {
        "Utente": "XX000001", "token": "t", "Descrizione": "Trullo", "ComuneCodice": "416072030",
        "Indirizzo": "via Roma, 1", "Proprietario": "Rossi & figli",
    },
    "GestioneAppartamenti_DisabilitaAppartamento": {"Utente": "XX000001", "token": "t", "IdAppartamento": 0},
}  # fmt: skip
"""One call of each operation, with characters that XML must escape and blanks that must not be lost."""


def official_wsdl(shared: Path) -> Path:
    return shared / "schemas" / "alloggiati" / "service.wsdl"


def schema_of(wsdl: Path | bytes) -> etree.XMLSchema:
    """The XMLSchema inside a service description."""
    root = etree.fromstring(wsdl if isinstance(wsdl, bytes) else wsdl.read_bytes())
    (schema,) = root.iter(f"{{{XSD}}}schema")
    # the schema uses prefixes declared on the description around it
    return etree.XMLSchema(etree.fromstring(etree.tostring(schema)))


def body_child(envelope: bytes) -> Any:
    root = etree.fromstring(envelope)
    (body,) = [child for child in root if etree.QName(child).localname == "Body"]
    (call,) = body
    return call


def canonical(envelope: bytes | Any) -> str:
    """C14N 2.0 with prefixes renamed: what two envelopes mean, whoever chose the prefixes; blanks are kept."""
    text = envelope if isinstance(envelope, bytes) else etree.tostring(envelope)
    return etree.canonicalize(text.decode(), rewrite_prefixes=True, strip_text=False)


def zeep_values(values: dict[str, object]) -> dict[str, object]:
    """The same values in the shape zeep wants them."""
    shaped: dict[str, object] = {}
    for name, value in values.items():
        if name == "ElencoSchedine":
            shaped[name] = {"string": list(value)}  # type: ignore[call-overload]
        elif isinstance(value, dt.date):
            shaped[name] = dt.datetime(value.year, value.month, value.day)
        else:
            shaped[name] = value
    return shaped
