"""The wire of Alloggiati Web: one table of the twelve operations, and from it the writer and the reader of envelopes.

Facts: web service manual pp. 3-19 and the service description (spec alloggiati-web 4.2-4.4). Written strictly: elements
in their order, by-reference outputs left out. Read leniently: by local name, whatever the prefix, the SOAP version or
the spelling of the manual's own tables (``errorCod`` for ``ErroreCod``).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from lxml import etree

from locanda.core.time import ROME
from locanda.portals.errors import SoapFault as Fault
from locanda.portals.errors import Unreadable

__all__ = [
    "NAMESPACE",
    "NOT_TOLD",
    "OPERATIONS",
    "SOAP_NAMESPACES",
    "TABLES",
    "Answer",
    "Esito",
    "Fault",
    "Operation",
    "RowOutcomes",
    "SoapVersion",
    "Token",
    "Unreadable",
    "headers",
    "parse",
    "parse_instant",
    "read_answer",
    "write_call",
]

NAMESPACE = "AlloggiatiService"
SoapVersion = Literal["1.1", "1.2"]
SOAP_NAMESPACES: Mapping[str, str] = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
TABLES = ("Luoghi", "Tipi_Documento", "Tipi_Alloggiato", "TipoErrore", "ListaAppartamenti")

Kind = Literal["text", "int", "rows", "table", "day"]
Result = Literal["esito", "token", "outcomes", "text", "bytes"]


class Operation(NamedTuple):
    """One of the twelve operations: request elements and answer elements, each in its order.

    ``by_reference`` are outputs that the service description also lists at the end of the request; they are left out.
    """

    name: str
    request: tuple[tuple[str, Kind], ...]
    answer: tuple[tuple[str, Result], ...]
    by_reference: tuple[tuple[str, Result], ...] = ()

    @property
    def sends(self) -> bool:
        """Whether the call makes schedine that nothing can take back."""
        return self.name.endswith("Send")


_ACCESS: tuple[tuple[str, Kind], ...] = (("Utente", "text"), ("token", "text"))
_ROWS: tuple[tuple[str, Kind], ...] = (*_ACCESS, ("ElencoSchedine", "rows"))
_APARTMENT: tuple[tuple[str, Kind], ...] = (*_ROWS, ("IdAppartamento", "int"))


def _outcome(name: str, request: tuple[tuple[str, Kind], ...], *more: tuple[str, Result]) -> Operation:
    return Operation(name, request, ((f"{name}Result", "esito"), *more), tuple(more))


_OUTCOMES: tuple[str, Result] = ("result", "outcomes")

OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            "GenerateToken",
            (("Utente", "text"), ("Password", "text"), ("WsKey", "text")),
            (("GenerateTokenResult", "token"), ("result", "esito")),
            (("result", "esito"),),
        ),
        _outcome("Authentication_Test", _ACCESS),
        _outcome("Test", _ROWS, _OUTCOMES),
        _outcome("GestioneAppartamenti_Test", _APARTMENT, _OUTCOMES),
        _outcome("GestioneAppartamenti_FileUnico_Test", _ROWS, _OUTCOMES),
        _outcome("Send", _ROWS, _OUTCOMES),
        _outcome("GestioneAppartamenti_Send", _APARTMENT, _OUTCOMES),
        _outcome("GestioneAppartamenti_FileUnico_Send", _ROWS, _OUTCOMES),
        _outcome("Tabella", (*_ACCESS, ("tipo", "table")), ("CSV", "text")),
        _outcome("Ricevuta", (*_ACCESS, ("Data", "day")), ("PDF", "bytes")),
        _outcome(
            "GestioneAppartamenti_AggiungiAppartamento",
            (*_ACCESS, ("Descrizione", "text"), ("ComuneCodice", "text"), ("Indirizzo", "text"), ("Proprietario", "text")),
        ),
        _outcome("GestioneAppartamenti_DisabilitaAppartamento", (*_ACCESS, ("IdAppartamento", "int"))),
    )
}


class Esito(NamedTuple):
    """An outcome in the portal's own words. An accepted row may still carry a code, as a warning."""

    ok: bool
    code: str = ""
    name: str = ""
    detail: str = ""


NOT_TOLD = Esito(ok=False)
"""An empty entry in the list of outcomes: the portal said nothing about that row."""


class Token(NamedTuple):
    """A token of the service; its value is shown to nobody."""

    issued: datetime
    expires: datetime
    value: str

    def __repr__(self) -> str:
        return f"Token(issued={self.issued.isoformat()}, expires={self.expires.isoformat()}, value=***)"


class RowOutcomes(NamedTuple):
    """``ElencoSchedineEsito``: the number of valid rows and one outcome for each row, in the order sent."""

    valid: int
    rows: tuple[Esito, ...]


class Answer(NamedTuple):
    """What an operation answered; what it has no element for is None."""

    esito: Esito | None = None
    token: Token | None = None
    outcomes: RowOutcomes | None = None
    text: str | None = None
    data: bytes | None = None


# ---------------------------------------------------------------------------------------------------------- writing

_DEFAULT_PREFIX: Any = {None: NAMESPACE}


def headers(operation: str, version: SoapVersion) -> dict[str, str]:
    """The HTTP headers of a call (spec alloggiati-web 4.2)."""
    action = f"{NAMESPACE}/{operation}"
    if version == "1.1":
        return {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
    return {"Content-Type": f'application/soap+xml; charset=utf-8; action="{action}"'}


def write_call(operation: str, values: Mapping[str, object], version: SoapVersion = "1.2") -> bytes:
    """The envelope of a call. ValueError when a value cannot stand in it; the message names the element only."""
    table = OPERATIONS[operation]
    if set(values) != {name for name, _ in table.request}:
        raise ValueError(f"{operation} takes {', '.join(name for name, _ in table.request)}")
    soap = SOAP_NAMESPACES[version]
    envelope = etree.Element(f"{{{soap}}}Envelope", nsmap={"soap": soap})
    body = etree.SubElement(envelope, f"{{{soap}}}Body")
    call = etree.SubElement(body, f"{{{NAMESPACE}}}{operation}", nsmap=_DEFAULT_PREFIX)
    for name, kind in table.request:
        try:
            _write_value(etree.SubElement(call, f"{{{NAMESPACE}}}{name}"), kind, values[name])
        except (TypeError, ValueError):
            raise ValueError(f"{operation}: this cannot be written as {name}") from None
    written: bytes = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
    return written


def _write_value(element: Any, kind: Kind, value: object) -> None:
    if kind == "rows":
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise TypeError("rows are a sequence of strings")
        for row in value:
            if "\r" in row or "\n" in row:
                raise ValueError("a row is one line, without its end")
            etree.SubElement(element, f"{{{NAMESPACE}}}string").text = row
    elif kind == "int":
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError("not a number")
        element.text = str(value)
    elif kind == "day":
        if not isinstance(value, date) or isinstance(value, datetime):
            raise TypeError("not a day")
        element.text = f"{value.isoformat()}T00:00:00"
    elif kind == "table":
        if value not in TABLES:
            raise ValueError("no such table")
        element.text = str(value)
    else:
        if not isinstance(value, str):
            raise TypeError("not a text")
        element.text = value


# ---------------------------------------------------------------------------------------------------------- reading


def parse(raw: bytes) -> Any:
    """The root element of untrusted XML: no network, no entities, no document type, no huge trees."""
    if b"<!DOCTYPE" in raw.upper():
        raise Unreadable("a document type is not accepted")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise Unreadable("not XML")
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise Unreadable("a document type is not accepted")
    return root


def read_answer(operation: str, raw: bytes) -> Answer | Fault:
    """What an answer says; Unreadable when it is not an answer to this operation."""
    root = parse(raw)
    body = _child(root, "Body") if _local(root) == "Envelope" else None
    if body is None:
        raise Unreadable("not a SOAP envelope")
    fault = _child(body, "Fault")
    if fault is not None:
        return _read_fault(fault)
    response = _child(body, f"{operation}Response")
    if response is None:
        raise Unreadable(f"not an answer to {operation}")
    found: dict[str, Any] = {}
    for name, kind in OPERATIONS[operation].answer:
        element = _child(response, name)
        if element is not None and not _is_nil(element):
            found[_SLOTS[kind]] = _READERS[kind](element)
    if found.get("esito") is None:
        raise Unreadable("the answer does not say its outcome")
    return Answer(**found)


def _read_fault(fault: Any) -> Fault:
    code = _child(fault, "faultcode")
    if code is None:
        code = _child(fault, "Code")
        code = _child(code, "Value") if code is not None else None
    reason = _child(fault, "faultstring")
    if reason is None:
        reason = _child(fault, "Reason")
        reason = _child(reason, "Text") if reason is not None else None
    return Fault(_text(code).strip(), _text(reason).strip())


def _read_esito(element: Any) -> Esito:
    said = _text(_child(element, "esito")).strip().lower()
    if said not in ("true", "false", "1", "0"):
        raise Unreadable("an outcome says neither true nor false")
    code, name, detail = (
        next((_text(child).strip() for child in element if _local(child).lower() in spellings), "")
        for spellings in (("errorecod", "errorcod"), ("erroredes", "errordes"), ("erroredettaglio", "errordettaglio"))
    )
    return Esito(said in ("true", "1"), code, name, detail)


def _read_token(element: Any) -> Token | None:
    value = _text(_child(element, "token"))
    if not value:
        return None
    issued, expires = (parse_instant(_text(_child(element, name))) for name in ("issued", "expires"))
    return Token(issued, expires, value)


def _read_outcomes(element: Any) -> RowOutcomes:
    try:
        valid = int(_text(_child(element, "SchedineValide")).strip())
    except ValueError:
        raise Unreadable("the number of valid rows is missing") from None
    detail = _child(element, "Dettaglio")
    rows = () if detail is None else tuple(
        NOT_TOLD if _is_nil(entry) else _read_esito(entry)
        for entry in detail
        if _local(entry) in ("EsitoOperazioneServizio", "EsitoOperazione")
    )  # fmt: skip
    return RowOutcomes(valid, rows)


def _read_bytes(element: Any) -> bytes:
    try:
        return base64.b64decode("".join(_text(element).split()), validate=True)
    except binascii.Error:
        raise Unreadable("the file in the answer is not base64") from None


_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?$")


def parse_instant(text: str) -> datetime:
    """An ``xs:dateTime`` with any number of decimals; without offset it is Italian time (spec alloggiati-web 4.3)."""
    match = _INSTANT.match(text.strip())
    if match is None:
        raise Unreadable("not a date and time")
    whole, decimals, offset = match.groups()
    fraction = f".{(decimals or '0')[:6]:0<6}"
    try:
        instant = datetime.fromisoformat(whole + fraction + (offset or ""))
    except ValueError:
        raise Unreadable("not a date and time") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=ROME)


def _text(element: Any) -> str:
    return "" if element is None else "".join(element.itertext())


def _local(element: Any) -> str:
    name: str = etree.QName(element).localname
    return name


def _child(element: Any, name: str) -> Any:
    return next((child for child in element if isinstance(child.tag, str) and _local(child) == name), None)


def _is_nil(element: Any) -> bool:
    return element.get("{http://www.w3.org/2001/XMLSchema-instance}nil") in ("true", "1")


_READERS: Mapping[str, Any] = {
    "esito": _read_esito, "token": _read_token, "outcomes": _read_outcomes, "text": _text, "bytes": _read_bytes,
}  # fmt: skip
_SLOTS = {"esito": "esito", "token": "token", "outcomes": "outcomes", "text": "text", "bytes": "data"}
