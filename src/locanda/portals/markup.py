"""XML for the formats of portals, without network, entities or a package of others: read into nodes, written as text.

Reading takes files of any software: prefixes need not be declared (the supplier of Ricestat forgets one), and every node knows
its line. A document type is refused, and with it every entity of a file's own (no expansion, no outside file). Nothing here
raises on any bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from locanda.core.problems import Problem

__all__ = ["DECLARATION", "Node", "escaped", "is_writable", "read_xml"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
DEPTH_MAX = 100
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
_MARKED = re.compile(r'[&<>"\r\n\t]')


class Node:
    """An element: its name without prefix, attributes, children, the text directly inside, the line it begins on."""

    __slots__ = ("attributes", "children", "line", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self.children: list[Node] = []
        self.parts: list[str] = []

    @property
    def text(self) -> str:
        """The text directly inside, without blanks around it."""
        return "".join(self.parts).strip()

    def all(self, name: str) -> Iterator[Node]:
        """The children of that name, in order."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Node | None:
        """The first child of that name."""
        return next(self.all(name), None)

    def text_of(self, name: str) -> str | None:
        """The text of the first child of that name; None when there is no such child."""
        child = self.first(name)
        return None if child is None else child.text


class _Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_xml(data: bytes) -> Node | Problem:
    """The root of a document, or what is wrong with it."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    open_nodes: list[Node] = []
    roots: list[Node] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        node = Node(name.rpartition(":")[2], attributes, parser.CurrentLineNumber)
        (open_nodes[-1].children if open_nodes else roots).append(node)
        open_nodes.append(node)
        if len(open_nodes) > DEPTH_MAX:
            raise _Refused("portal.xml.too_deep")

    def end(name: str) -> None:
        open_nodes.pop()

    def characters(text: str) -> None:
        open_nodes[-1].parts.append(text)

    def doctype(*_: object) -> None:
        raise _Refused("portal.xml.doctype")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, doctype
    try:
        parser.Parse(data, True)  # noqa: FBT003
    except expat.ExpatError as fault:
        return Problem.of("portal.xml.broken", "", line=fault.lineno, column=fault.offset + 1)
    except _Refused as fault:
        return Problem.of(fault.code, "", line=parser.CurrentLineNumber)
    except (ValueError, LookupError):  # an encoding that Python does not know, or that has more than one byte a letter
        return Problem.of("portal.xml.broken", "", line=1, column=1)
    return roots[0]


def is_writable(text: str) -> bool:
    """Whether XML 1.0 can hold every character: no control characters, no halves of a pair."""
    return not _UNWRITABLE.search(text)


def escaped(text: str) -> str:
    """Text as it stands in an element or between double quotes."""
    return _MARKED.sub(lambda found: _MARKS[found[0]], text) if _MARKED.search(text) else text
