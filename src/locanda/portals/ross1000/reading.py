"""Files of ROSS1000 read into values, whoever wrote them (spec flussi-turistici 6.1, 6.2, 6.5).

Read leniently: an optional element may be absent, empty or nil. What the schema would refuse (an element that it does not know,
another order, a missing one that must be there, a namespace) is a problem of rule 6.1, and the rest is read all the same. Only
what is no XML gives no values at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from locanda.core.problems import Problem
from locanda.portals.flows import Read
from locanda.portals.markup import Node, read_xml
from locanda.portals.ross1000.records import ELEMENTS, LISTS, OPTIONAL, Movimenti, Movimento, Record, Struttura

__all__ = ["is_nil", "read", "read_file"]

ORDER = "6.1"
"""The general rules of the layout have no id of their own: problems name their section."""


def read(data: bytes) -> Read:
    """The days in a file, and what of it the schema would refuse."""
    root = read_xml(data)
    if isinstance(root, Problem):
        return Read(None, (root._replace(facts=(*root.facts, ("rule", "RX-19"))),))
    if root.name != "movimenti":
        return Read(None, (Problem.of("ross1000.file.root", "", value=root.name[:40], rule="RX-01"),))
    found: list[Problem] = []
    foreign = [name for name in root.attributes if name != "xmlns:xsi" and not name.startswith("xsi:")]
    if foreign:
        found.append(Problem.of("ross1000.root.attributes", "", names=", ".join(foreign)[:80], rule=ORDER))
    return Read(read_file(root, found), tuple(found))


def read_file(root: Node, found: list[Problem]) -> Movimenti:
    """The values in a root element, or in the ``movimentazione`` of a call."""
    _order(root, ("codice", "prodotto", "movimento"), "", found, repeated="movimento")
    days = tuple(_day(node, f"movimento[{place}]", found) for place, node in enumerate(root.all("movimento")))
    return Movimenti(_text(root, "codice"), _text(root, "prodotto"), days)


def _day(node: Node, where: str, found: list[Problem]) -> Movimento:
    _order(node, Movimento._fields, where, found)
    house = node.first("struttura")
    made: Any = None if house is None else _record(house, Struttura, f"{where}.struttura", found)
    lists = [_list(node, name, kinds, where, found) for name, kinds in LISTS.items()]
    return Movimento(_text(node, "data"), made, *lists)


def _list(node: Node, name: str, kinds: dict[str, type[Record]], where: str, found: list[Problem]) -> tuple[Any, ...] | None:
    holder = node.first(name)
    if holder is None:
        return None
    records: list[Record] = []
    for child in holder.children:
        kind = kinds.get(child.name)
        if kind is None:
            found.append(Problem.of("ross1000.element.unknown", where, name=child.name[:40], parent=name, rule=ORDER))
        elif not is_nil(child):  # the schema lets a record be nil: it says nothing
            records.append(_record(child, kind, f"{where}.{child.name}[{len(records)}]", found))
    return tuple(records)


def _record(node: Node, kind: type[Record], where: str, found: list[Problem]) -> Record:
    names = kind._fields
    texts: dict[str, str] = {}
    for child in node.children:
        texts.setdefault(child.name, child.text)
    if tuple(texts) != names or len(texts) != len(node.children):  # most records are whole and in order
        _order(node, names, where, found)
        for name in names:
            if name not in texts and name not in OPTIONAL:
                found.append(Problem.of("ross1000.element.missing", where, name=name, parent=ELEMENTS[kind], rule=ORDER))
    return kind(*[texts.get(name) for name in names])


def _order(node: Node, names: Sequence[str], where: str, found: list[Problem], *, repeated: str = "") -> None:
    """Elements in the order of the schema, each once."""
    reached = -1
    seen: set[str] = set()
    for child in node.children:
        name = child.name
        facts = {"name": name[:40], "parent": node.name, "rule": ORDER}
        if name not in names:
            found.append(Problem.of("ross1000.element.unknown", where, **facts))
            continue
        place = names.index(name)
        if name in seen and name != repeated:
            found.append(Problem.of("ross1000.element.twice", where, **facts))
        elif place < reached:
            found.append(Problem.of("ross1000.element.order", where, **facts))
        reached = max(reached, place)
        seen.add(name)


def _text(node: Node, name: str) -> str | None:
    """The text of a child; None where there is none."""
    child = node.first(name)
    return None if child is None else child.text


def is_nil(node: Node) -> bool:
    """Whether an element says that it says nothing."""
    return any(name.rpartition(":")[2] == "nil" and value in ("true", "1") for name, value in node.attributes.items())
