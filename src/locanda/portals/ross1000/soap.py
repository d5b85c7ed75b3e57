"""The wire of ROSS1000: two operations of SOAP 1.1, document/literal (WSDL ``checkinV2``; spec flussi-turistici 6.6).

Only the element of the operation bears the namespace; everything inside it is without, as ``elementFormDefault`` unqualified
says. Answers are read by local names, whatever the prefixes.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from locanda.core.problems import Problem
from locanda.portals.errors import SoapFault, Unreadable
from locanda.portals.markup import DECLARATION, Node, read_xml
from locanda.portals.ross1000.reading import is_nil
from locanda.portals.ross1000.records import Movimenti, content

__all__ = [
    "ENVELOPE", "KINDS", "MANY", "NAMESPACE", "ONE", "Answer", "DayResult", "Result", "StructureResult", "headers", "read_answer",
    "write_call",
]  # fmt: skip

NAMESPACE: Final = "http://checkin.ws.service.turismo5.gies.it/"
ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
ONE: Final = "inviaMovimentazione"
"""The days of one structure."""
MANY: Final = "inviaMovimentazioneList"
"""Those of several structures at once."""
KINDS: Final[Mapping[str, str]] = {
    "arrivi": "arrivo", "partenze": "partenza", "prenotazioni": "prenotazione", "retifiche": "eliminazione",
}  # fmt: skip
"""What outcomes are about, by the list of the answer (``retifiche`` is spelled with one t there)."""


class Result(NamedTuple):
    """An outcome as the portal gave it. ``success`` None: it said neither yes nor no."""

    kind: str
    idswh: str
    success: bool | None
    error: str = ""


class DayResult(NamedTuple):
    """The outcomes of a day; ``data`` only where several structures were sent."""

    data: str | None
    results: tuple[Result, ...] = ()


class StructureResult(NamedTuple):
    """The outcomes of a structure; ``codice`` only where several were sent."""

    codice: str | None
    error: str
    days: tuple[DayResult, ...]


class Answer(NamedTuple):
    """A whole answer. Without structures it says nothing, least of all that something was accepted."""

    error: str
    structures: tuple[StructureResult, ...]


def headers(user: str, password: str) -> dict[str, str]:
    """The HTTP headers of a call: Basic, sent with the first request."""
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""', "Authorization": f"Basic {token}"}


def write_call(operation: str, files: Sequence[Movimenti]) -> bytes:
    """The envelope of a call."""
    if operation == ONE and len(files) != 1:
        raise ValueError("one structure at a time")
    inside = "".join(f"<movimentazione>\n{content(file)}</movimentazione>\n" for file in files)
    return (
        f'{DECLARATION}\n<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body>'
        f'<ws:{operation} xmlns:ws="{NAMESPACE}">\n{inside}</ws:{operation}></soap:Body></soap:Envelope>'
    ).encode()


def read_answer(operation: str, raw: bytes) -> Answer | SoapFault:
    """What an answer says; Unreadable when it is not an answer to this operation."""
    root = read_xml(raw)
    if isinstance(root, Problem):
        raise Unreadable("not XML")
    body = root.first("Body") if root.name == "Envelope" else None
    if body is None:
        raise Unreadable("not a SOAP envelope")
    fault = body.first("Fault")
    if fault is not None:
        return SoapFault(fault.text_of("faultcode") or "", fault.text_of("faultstring") or "")
    response = body.first(f"{operation}Response")
    if response is None:
        raise Unreadable(f"not an answer to {operation}")
    found = response.first("return")
    if found is None:
        return Answer("", ())
    if operation == ONE:
        days = tuple(_day(node) for node in found.all("risultatiGiorno"))
        return Answer("", (StructureResult(None, "", days),) if days else ())
    structures = tuple(
        StructureResult(
            node.attributes.get("codice"), node.text_of("errore") or "", tuple(_day(day) for day in node.all("giorno"))
        )
        for node in found.all("struttura")
        if not is_nil(node)
    )  # fmt: skip
    return Answer(found.text_of("errore") or "", structures)


def _day(node: Node) -> DayResult:
    results = [
        Result(name, entry.text_of("idswh") or "", _success(entry.first("successo")), entry.text_of("errore") or "")
        for holder, name in KINDS.items()
        for listed in node.all(holder)
        for entry in listed.all(name)
        if not is_nil(entry)
    ]
    return DayResult(node.attributes.get("data"), tuple(results))


def _success(node: Node | None) -> bool | None:
    return None if node is None or is_nil(node) else {"true": True, "1": True, "false": False, "0": False}.get(node.text)
