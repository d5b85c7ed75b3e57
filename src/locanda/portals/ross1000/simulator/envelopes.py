"""The server's side of the wire: reading a call strictly, writing its answer or a fault (WSDL ``checkinV2``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from lxml import etree

from locanda.core.problems import Problem
from locanda.portals.markup import Node, read_xml
from locanda.portals.ross1000.reading import read_file
from locanda.portals.ross1000.records import Movimenti
from locanda.portals.ross1000.soap import ENVELOPE, KINDS, MANY, NAMESPACE, ONE, DayResult, StructureResult

__all__ = ["BadCall", "Call", "read_call", "write_answer", "write_fault"]

_XSI = "http://www.w3.org/2001/XMLSchema-instance"


class BadCall(ValueError):
    """A call that the service answers with a soap:Fault."""


class Call(NamedTuple):
    """A call as it arrived."""

    operation: str
    files: tuple[Movimenti, ...]


def read_call(raw: bytes) -> Call:
    """Which operation is meant, with which days. What stands inside the operation has no namespace, or it is not seen."""
    read = read_xml(raw)
    if isinstance(read, Problem):
        raise BadCall("Error reading XMLStreamReader")
    root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    body = root.find(f"{{{ENVELOPE}}}Body") if root.tag == f"{{{ENVELOPE}}}Envelope" else None
    call = next(iter(body), None) if body is not None else None
    if call is None:
        raise BadCall("not a SOAP 1.1 envelope")
    name = etree.QName(call)
    if name.namespace != NAMESPACE or name.localname not in (ONE, MANY):
        raise BadCall(f"Unexpected wrapper element {call.tag} found. Expected {{{NAMESPACE}}}{ONE}.")
    for element in call.iter():
        if element is not call and isinstance(element.tag, str) and etree.QName(element).namespace:
            raise BadCall(f"Unmarshalling Error: unexpected element (uri:{etree.QName(element).namespace})")
    found: list[Problem] = []
    nodes = list(_operation(read).all("movimentazione"))
    files = tuple(read_file(node, found) for node in nodes)
    if name.localname == ONE and len(files) != 1:
        raise BadCall("movimentazione is missing")
    if found:
        raise BadCall(f"Unmarshalling Error: {found[0].message('en')}")
    return Call(name.localname, files)


def _operation(root: Node) -> Node:
    body = root.first("Body")
    assert body is not None
    return body.children[0]


def write_answer(operation: str, structures: Sequence[StructureResult]) -> bytes:
    """An answer. The one for a single structure bears neither its code nor the dates of the days."""
    envelope, body = _envelope()
    response = etree.SubElement(body, f"{{{NAMESPACE}}}{operation}Response", nsmap={"ns2": NAMESPACE})
    told = etree.SubElement(response, "return")
    if operation == ONE:
        for structure in structures:
            for day in structure.days:
                _day(etree.SubElement(told, "risultatiGiorno"), day)
        return _bytes(envelope)
    for structure in structures:
        element = etree.SubElement(told, "struttura", codice=structure.codice or "")
        if structure.error:
            etree.SubElement(element, "errore").text = structure.error
        for day in structure.days:
            entry = etree.SubElement(element, "giorno")
            if day.data is not None:
                entry.set("data", day.data)
            _day(entry, day)
    return _bytes(envelope)


def _day(element: Any, day: DayResult) -> None:
    for holder, name in KINDS.items():
        results = [result for result in day.results if result.kind == name]
        if not results:
            continue
        listed = etree.SubElement(element, holder)
        for result in results:
            entry = etree.SubElement(listed, name)
            etree.SubElement(entry, "idswh").text = result.idswh
            said = etree.SubElement(entry, "successo")
            if result.success is None:
                said.set(f"{{{_XSI}}}nil", "true")
            else:
                said.text = "true" if result.success else "false"
            if result.error:
                etree.SubElement(entry, "errore").text = result.error


def write_fault(reason: str, *, server: bool = True) -> bytes:
    """A soap:Fault."""
    envelope, body = _envelope()
    fault = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
    etree.SubElement(fault, "faultcode").text = "soap:Server" if server else "soap:Client"
    etree.SubElement(fault, "faultstring").text = reason
    return _bytes(envelope)


def _envelope() -> tuple[Any, Any]:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soap": ENVELOPE, "xsi": _XSI})
    return envelope, etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")


def _bytes(envelope: Any) -> bytes:
    written: bytes = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
    return written
