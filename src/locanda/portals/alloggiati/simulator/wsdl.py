"""The service description of the simulator, generated from our own table of operations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from lxml import etree

from locanda.portals.alloggiati.soap import NAMESPACE, OPERATIONS, TABLES, Operation

__all__ = ["service_description"]

_W = "http://schemas.xmlsoap.org/wsdl/"
_X = "http://www.w3.org/2001/XMLSchema"
_PORTS = {"ServiceSoap": "http://schemas.xmlsoap.org/wsdl/soap/", "ServiceSoap12": "http://schemas.xmlsoap.org/wsdl/soap12/"}
_TYPES = {
    "text": "x:string", "int": "x:int", "rows": "a:ArrayOfString", "table": "a:TipoTabella", "day": "x:dateTime",
    "esito": "a:EsitoOperazioneServizio", "token": "a:TokenInfo", "outcomes": "a:ElencoSchedineEsito",
    "bytes": "x:base64Binary",
}  # fmt: skip
_MANDATORY = ("int", "table", "day")
"""Kinds that the service wants whenever the operation has them; everything else may be left out."""

_COMPOUND: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "TokenInfo": (("issued", "x:dateTime", "1", "1"), ("expires", "x:dateTime", "1", "1"), ("token", "x:string", "0", "1")),
    "ArrayOfString": (("string", "x:string", "0", "unbounded"),),
    "ElencoSchedineEsito": (
        ("SchedineValide", "x:int", "1", "1"), ("Dettaglio", "a:ArrayOfEsitoOperazioneServizio", "0", "1"),
    ),
    "ArrayOfEsitoOperazioneServizio": (("EsitoOperazioneServizio", "a:EsitoOperazioneServizio", "0", "unbounded"),),
    "EsitoOperazione": (
        ("esito", "x:boolean", "1", "1"), ("ErroreCod", "x:string", "0", "1"), ("ErroreDes", "x:string", "0", "1"),
    ),
}  # fmt: skip


@cache
def service_description(address: str) -> bytes:
    """The description, with both ports at this address."""
    names = {"w": _W, "x": _X, "a": NAMESPACE, "s11": _PORTS["ServiceSoap"], "s12": _PORTS["ServiceSoap12"]}
    root = etree.Element(f"{{{_W}}}definitions", nsmap=names, targetNamespace=NAMESPACE)
    etree.SubElement(root, f"{{{_W}}}documentation").text = "Simulatore di Locanda: nessun valore verso alcuna autorità."
    types = etree.SubElement(root, f"{{{_W}}}types")
    schema = etree.SubElement(
        types, f"{{{_X}}}schema", elementFormDefault="qualified", targetNamespace=NAMESPACE, nsmap=names
    )
    _write_types(schema)
    for operation in OPERATIONS.values():
        _write_elements(schema, operation)
        for suffix, element in (("In", operation.name), ("Out", f"{operation.name}Response")):
            message = etree.SubElement(root, f"{{{_W}}}message", name=operation.name + suffix)
            etree.SubElement(message, f"{{{_W}}}part", name="parameters", element=f"a:{element}")
    interface = etree.SubElement(root, f"{{{_W}}}portType", name="Alloggiati")
    for name in OPERATIONS:
        entry = etree.SubElement(interface, f"{{{_W}}}operation", name=name)
        etree.SubElement(entry, f"{{{_W}}}input", message=f"a:{name}In")
        etree.SubElement(entry, f"{{{_W}}}output", message=f"a:{name}Out")
    for port, soap in _PORTS.items():
        _write_binding(root, port, soap)
    service = etree.SubElement(root, f"{{{_W}}}service", name="Service")
    for port, soap in _PORTS.items():
        entry = etree.SubElement(service, f"{{{_W}}}port", name=port, binding=f"a:{port}")
        etree.SubElement(entry, f"{{{soap}}}address", location=address)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


def _write_types(schema: Any) -> None:
    for name, parts in _COMPOUND.items():
        _sequence(etree.SubElement(schema, f"{{{_X}}}complexType", name=name), parts)
    extended = etree.SubElement(schema, f"{{{_X}}}complexType", name="EsitoOperazioneServizio")
    content = etree.SubElement(extended, f"{{{_X}}}complexContent")
    extension = etree.SubElement(content, f"{{{_X}}}extension", base="a:EsitoOperazione")
    _sequence(extension, (("ErroreDettaglio", "x:string", "0", "1"),))
    tables = etree.SubElement(schema, f"{{{_X}}}simpleType", name="TipoTabella")
    allowed = etree.SubElement(tables, f"{{{_X}}}restriction", base="x:string")
    for name in TABLES:
        etree.SubElement(allowed, f"{{{_X}}}enumeration", value=name)


def _write_elements(schema: Any, operation: Operation) -> None:
    request = (*operation.request, *operation.by_reference)
    for name, parts in ((operation.name, request), (f"{operation.name}Response", operation.answer)):
        element = etree.SubElement(schema, f"{{{_X}}}element", name=name)
        _sequence(etree.SubElement(element, f"{{{_X}}}complexType"), _typed(parts))


def _typed(parts: Any) -> Iterator[tuple[str, str, str, str]]:
    for name, kind in parts:
        yield name, _TYPES[kind], "1" if kind in _MANDATORY else "0", "1"


def _sequence(parent: Any, parts: Any) -> None:
    sequence = etree.SubElement(parent, f"{{{_X}}}sequence")
    for name, kind, least, most in parts:
        element = etree.SubElement(sequence, f"{{{_X}}}element", name=name, type=kind, minOccurs=least, maxOccurs=most)
        if most == "unbounded":
            element.set("nillable", "true")


def _write_binding(root: Any, port: str, soap: str) -> None:
    binding = etree.SubElement(root, f"{{{_W}}}binding", name=port, type="a:Alloggiati")
    etree.SubElement(binding, f"{{{soap}}}binding", transport="http://schemas.xmlsoap.org/soap/http")
    for name in OPERATIONS:
        entry = etree.SubElement(binding, f"{{{_W}}}operation", name=name)
        etree.SubElement(entry, f"{{{soap}}}operation", soapAction=f"{NAMESPACE}/{name}", style="document")
        for direction in ("input", "output"):
            etree.SubElement(etree.SubElement(entry, f"{{{_W}}}{direction}"), f"{{{soap}}}body", use="literal")
