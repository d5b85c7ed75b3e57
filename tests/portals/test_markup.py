"""XML of portals: read from anybody's software, written so that it comes back the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from locanda.core.problems import Problem
from locanda.portals.markup import DECLARATION, Node, escaped, is_writable, read_xml


def test_a_document_becomes_nodes_that_know_their_line() -> None:
    root = read_xml(b'<?xml version="1.0"?>\n<a x="1">\n <b>uno</b>\n <b> due </b><c/></a>')
    assert isinstance(root, Node)
    assert (root.name, root.attributes, root.line) == ("a", {"x": "1"}, 2)
    assert [child.text for child in root.all("b")] == ["uno", "due"]
    assert root.text_of("b") == "uno"
    assert root.text_of("c") == ""
    assert root.text_of("d") is None
    assert [child.line for child in root.children] == [3, 4, 4]


def test_a_prefix_need_not_be_declared() -> None:
    root = read_xml(b'<x:a xsi:nil="true"><y:b/></x:a>')
    assert isinstance(root, Node)
    assert (root.name, root.attributes, root.children[0].name) == ("a", {"xsi:nil": "true"}, "b")


def code(data: bytes) -> str:
    found = read_xml(data)
    assert isinstance(found, Problem)
    return found.code


def test_entities_of_a_file_are_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    assert code(bomb) == "portal.xml.doctype"
    assert code(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>') == "portal.xml.doctype"
    assert code(bomb.decode().encode("utf-16")) == "portal.xml.doctype"


def test_what_is_no_document_is_a_problem() -> None:
    assert code(b"") == "portal.xml.broken"
    assert code(b"<a>") == "portal.xml.broken"
    assert code(b"<a/><b/>") == "portal.xml.broken"
    assert code(b'<?xml version="1.0" encoding="klingon"?><a/>') == "portal.xml.broken"
    assert code(b"<a>" * 200 + b"</a>" * 200) == "portal.xml.too_deep"


@given(st.binary(max_size=60) | st.text("<>/a!?\"'&;[]= \x00é", max_size=60).map(str.encode))
def test_no_bytes_raise(data: bytes) -> None:
    assert isinstance(read_xml(data), Node | Problem)


@given(st.text(max_size=40))
def test_text_comes_back(text: str) -> None:
    if not is_writable(text):
        return
    root = read_xml(f'{DECLARATION}<a b="{escaped(text)}">{escaped(text)}</a>'.encode())
    assert isinstance(root, Node)
    assert root.attributes["b"] == text
    assert "".join(root.parts) == text
