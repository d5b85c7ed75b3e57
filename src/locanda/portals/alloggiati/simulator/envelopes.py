"""The server's side of the wire: reading a call of either SOAP version, writing its answer or a fault."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from lxml import etree

from locanda.portals.alloggiati.soap import (
    NAMESPACE,
    OPERATIONS,
    SOAP_NAMESPACES,
    TABLES,
    Esito,
    RowOutcomes,
    SoapVersion,
    Token,
    Unreadable,
    parse,
    parse_instant,
)

__all__ = ["BadCall", "Call", "content_type", "read_call", "write_answer", "write_fault"]

_XSI = "http://www.w3.org/2001/XMLSchema-instance"


class BadCall(ValueError):
    """A call that the service answers with a soap:Fault."""

    def __init__(self, message: str, version: SoapVersion = "1.2") -> None:
        super().__init__(message)
        self.version: SoapVersion = version


class Call(NamedTuple):
    """A call as it arrived: strings that were left out are empty."""

    operation: str
    version: SoapVersion
    values: dict[str, Any]


def content_type(version: SoapVersion) -> str:
    """What an answer of this version calls itself."""
    return "text/xml; charset=utf-8" if version == "1.1" else "application/soap+xml; charset=utf-8"


def read_call(raw: bytes, content: str = "", soap_action: str | None = None) -> Call:
    """Which operation is meant (by SOAPAction, by ``action``, or by the element in the body) and with what."""
    try:
        root = parse(raw)
    except Unreadable as problem:
        raise BadCall(str(problem)) from None
    name = etree.QName(root)
    if name.localname != "Envelope" or name.namespace not in SOAP_NAMESPACES.values():
        raise BadCall("not a SOAP envelope")
    version: SoapVersion = "1.1" if name.namespace == SOAP_NAMESPACES["1.1"] else "1.2"
    body = root.find(f"{{{SOAP_NAMESPACES[version]}}}Body")
    element = next(iter(body), None) if body is not None else None
    if element is None:
        raise BadCall("an empty body", version)
    inside = etree.QName(element)
    action = soap_action.strip().strip('"') if soap_action is not None else _action(content)
    # the real service was seen to take the bare name as well
    wanted = action.rpartition("/")[2] if action else inside.localname
    if wanted not in OPERATIONS:
        raise BadCall(f"Server did not recognize the value of HTTP Header SOAPAction: {action or wanted}.", version)
    if inside.namespace != NAMESPACE or inside.localname != wanted:
        raise BadCall("the body does not hold the operation asked for", version)
    values = {}
    for part, kind in OPERATIONS[wanted].request:
        found = element.find(f"{{{NAMESPACE}}}{part}")
        try:
            values[part] = _value(found, kind)
        except ValueError:
            raise BadCall(f"There is an error in the XML document: {part}.", version) from None
    return Call(wanted, version, values)


def _action(content: str) -> str:
    found = re.search(r'action\s*=\s*"?([^";]+)', content, re.IGNORECASE)
    return found[1].strip() if found else ""


def _value(element: Any, kind: str) -> Any:
    text = "" if element is None else "".join(element.itertext())
    if kind == "rows":
        # a bare text is no list: the real service then sees an empty one (spec alloggiati-web 6, number 9)
        listed = [] if element is None else element.findall(f"{{{NAMESPACE}}}string")
        return ["".join(entry.itertext()) for entry in listed]
    if kind == "int":
        return int(text)
    if kind == "table":
        if text not in TABLES:
            raise ValueError(text)
        return text
    if kind == "day":
        return date.fromisoformat(text.strip()) if len(text.strip()) == 10 else parse_instant(text).date()
    return text


def write_answer(operation: str, version: SoapVersion, values: Mapping[str, object]) -> bytes:
    """An answer; elements whose value is missing or None are left out, empty strings are empty elements."""
    envelope, body = _envelope(version)
    response = etree.SubElement(body, f"{{{NAMESPACE}}}{operation}Response", nsmap=_DEFAULT_PREFIX)
    for name, _ in OPERATIONS[operation].answer:
        value = values.get(name)
        if value is not None:
            _write(etree.SubElement(response, f"{{{NAMESPACE}}}{name}"), value)
    return _bytes(envelope)


_DEFAULT_PREFIX: Any = {None: NAMESPACE}


def _write(element: Any, value: object) -> None:
    if isinstance(value, Esito):
        _leaf(element, "esito", "true" if value.ok else "false")
        for name, text in zip(("ErroreCod", "ErroreDes", "ErroreDettaglio"), value[1:], strict=True):
            _leaf(element, name, text)
    elif isinstance(value, Token):
        # seven decimals, as the real service writes them
        _leaf(element, "issued", _instant(value.issued))
        _leaf(element, "expires", _instant(value.expires))
        _leaf(element, "token", value.value)
    elif isinstance(value, RowOutcomes):
        _leaf(element, "SchedineValide", str(value.valid))
        if value.rows:
            detail = etree.SubElement(element, f"{{{NAMESPACE}}}Dettaglio")
            for row in value.rows:
                _write(etree.SubElement(detail, f"{{{NAMESPACE}}}EsitoOperazioneServizio"), row)
    elif isinstance(value, bytes):
        element.text = base64.b64encode(value).decode()
    else:
        element.text = str(value)


def write_fault(version: SoapVersion, reason: str, *, server: bool = True) -> bytes:
    """A soap:Fault of the version of the call."""
    envelope, body = _envelope(version)
    soap = SOAP_NAMESPACES[version]
    fault = etree.SubElement(body, f"{{{soap}}}Fault")
    if version == "1.1":
        etree.SubElement(fault, "faultcode").text = "soap:Server" if server else "soap:Client"
        etree.SubElement(fault, "faultstring").text = reason
        etree.SubElement(fault, "detail")
    else:
        code = etree.SubElement(fault, f"{{{soap}}}Code")
        etree.SubElement(code, f"{{{soap}}}Value").text = "soap:Receiver" if server else "soap:Sender"
        words = etree.SubElement(etree.SubElement(fault, f"{{{soap}}}Reason"), f"{{{soap}}}Text")
        words.text = reason
        words.set("{http://www.w3.org/XML/1998/namespace}lang", "it")
    return _bytes(envelope)


def _envelope(version: SoapVersion) -> tuple[Any, Any]:
    soap = SOAP_NAMESPACES[version]
    envelope = etree.Element(f"{{{soap}}}Envelope", nsmap={"soap": soap, "xsi": _XSI})
    return envelope, etree.SubElement(envelope, f"{{{soap}}}Body")


def _leaf(parent: Any, name: str, text: str) -> None:
    # None gives the self-closing element of the manual's examples
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text or None


def _instant(value: datetime) -> str:
    text = value.isoformat(timespec="microseconds")
    return f"{text[:26]}0{text[26:]}"


def _bytes(envelope: Any) -> bytes:
    written: bytes = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
    return written
