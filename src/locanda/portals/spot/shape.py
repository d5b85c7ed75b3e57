"""Schema 0.6 as tables: which elements in which order, and what may stand in each (spec flussi-turistici 7.1, SP-01).

The judge walks a document and says every departure from the schema by the id of the rule it breaks: SP-05 for residence, SP-06
for the kind of guest, SP-07 for codes, SP-04 for figures below zero, SP-01 for all else. Tests hold it to the official schema,
value by value, except that the list of comuni is not known here (SP-11 warns) and a day must be written as AAAA-MM-GG.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.core.time import iso_day
from locanda.places import ITALY
from locanda.portals.markup import Node
from locanda.portals.spot.lists import LISTS, STATES

__all__ = ["CODE_MAX", "day_of", "faults_of", "number_of", "raw", "value_of"]

CODE_MAX = 100
_INT_MAX = 2**31 - 1
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_COMUNE = re.compile(r"4[0-9]{8}", re.ASCII)


class Part(NamedTuple):
    """One place in a sequence: an element, or a choice of several; at least ``least`` and at most ``most`` times."""

    names: tuple[str, ...]
    least: int = 1
    most: int | None = 1


def _one(*names: str) -> Part:
    return Part(names)


def _maybe(*names: str) -> Part:
    return Part(names, 0)


_PERSON = (
    _one("codiceclientesr"), _one("sesso"), _one("cittadinanza"), _one("paeseresidenza", "comuneresidenza"),
    _one("occupazionepostoletto"),
)  # fmt: skip
SEQUENCES: Mapping[str, tuple[Part, ...]] = {
    "movimenti": (Part(("movimento",), 0, None),),
    "movimento": (_maybe("arrivi"), _maybe("partenze"), _maybe("datistruttura")),
    "arrivi": (Part(("arrivo",), 1, None),),
    "arrivo": (
        *_PERSON, _maybe("caratteristicheviaggio"), _maybe("duratasoggiorno"), _maybe("mezzotrasportoarrivo"),
        _maybe("mezzotrasportomovimento"), _maybe("motivazioniviaggio"), _one("dayuse"), _one("tipologiaalloggiato"),
        _maybe("titolostudio"), _one("eta"), _maybe("componenti"),
    ),
    "caratteristicheviaggio": (Part(("caratteristica",), 1, None),),
    "componenti": (Part(("componente",), 1, None),),
    "componente": (*_PERSON, _maybe("titolostudio"), _one("eta")),
    "partenze": (Part(("codiceclientesr",), 0, None), _maybe("datiqualitativi")),
    "datiqualitativi": (Part(("cliente",), 0, None),),
    "cliente": (
        _one("codiceclientesr"), _maybe("mezzotrasportoarrivo"), _maybe("mezzotrasportomovimento"), _maybe("motivazioniviaggio"),
        _maybe("titolostudio"), _maybe("caratteristicheviaggio"),
    ),
    "datistruttura": (_one("cameredisponibili"), _one("postilettodisponibili"), _one("camereoccupate")),
}  # fmt: skip
"""What stands in each element that holds others."""

_ATTRIBUTES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("", "movimenti"): {"vendor": "text"},
    ("movimenti", "movimento"): {"type": "movimento", "data": "day", "totale": "int"},
    ("partenze", "codiceclientesr"): {"partenzacapogrupposeparata": "sino"},
}
_REQUIRED = {("movimenti", "movimento"): ("type", "data")}

_KINDS: Mapping[str, str] = {
    "sesso": "sesso", "cittadinanza": "citizenship", "paeseresidenza": "state", "comuneresidenza": "comune",
    "occupazionepostoletto": "sino", "caratteristica": "caratteristica", "duratasoggiorno": "positive",
    "mezzotrasportoarrivo": "mezzotrasportoarrivo", "mezzotrasportomovimento": "mezzotrasportomovimento",
    "motivazioniviaggio": "motivazioniviaggio", "dayuse": "sino", "tipologiaalloggiato": "tipologiaalloggiato",
    "titolostudio": "titolostudio", "eta": "count", "cameredisponibili": "count", "postilettodisponibili": "count",
    "camereoccupate": "count", "codiceclientesr": "code",
}  # fmt: skip
_RULES = {
    "paeseresidenza": "SP-05", "comuneresidenza": "SP-05", "tipologiaalloggiato": "SP-06", "codiceclientesr": "SP-07",
}  # fmt: skip


def number_of(text: str) -> int | None:
    """A whole number as XML Schema writes it; blanks around it do not matter."""
    text = text.strip(" \t\r\n")
    return int(text) if _NUMBER.fullmatch(text) else None


def day_of(text: str) -> date | None:
    """A day as AAAA-MM-GG."""
    return iso_day(text.strip(" \t\r\n"))


def _count(text: str) -> bool:
    number = number_of(text)
    return number is not None and number >= 0


def _positive(text: str) -> bool:
    number = number_of(text)
    return number is not None and number > 0


def _int(text: str) -> bool:
    number = number_of(text)
    return number is not None and -_INT_MAX - 1 <= number <= _INT_MAX


_TYPES: Mapping[str, Callable[[str], bool]] = {
    "text": lambda text: True,
    "code": lambda text: len(text) <= CODE_MAX,
    "day": lambda text: day_of(text) is not None,
    "int": _int,
    "count": _count,
    "positive": _positive,
    "state": STATES.__contains__,
    "citizenship": lambda text: text == ITALY or text in STATES,
    "comune": lambda text: _COMUNE.fullmatch(text) is not None,
    **{name: values.__contains__ for name, values in LISTS.items()},
}


def raw(node: Node) -> str:
    """The text inside, blanks included: enumerations allow none."""
    return "".join(node.parts)


def value_of(node: Node, name: str) -> str | None:
    """The text of a child when the schema allows it."""
    child = node.first(name)
    if child is None:
        return None
    text = raw(child)
    return text if _TYPES[_KINDS[name]](text) else None


def faults_of(root: Node) -> list[Problem]:
    """Every departure from the schema."""
    if root.name != "movimenti":
        return [Problem.of("spot.root.other", "", found=root.name, line=root.line, rule="SP-01")]
    found: list[Problem] = []
    _element(root, "", "", found)
    return found


def _element(node: Node, parent: str, where: str, found: list[Problem]) -> None:
    if node.attributes or parent == "movimenti":
        found += _attributes(node, parent, where)
    places = _PLACES.get(node.name)
    if places is None:
        _leaf(node, parent, where, found)
        return
    if node.parts and node.text:
        found.append(Problem.of("spot.text.stray", where, value=_short(node.text), line=node.line, rule="SP-01"))
    _sequence(node, SEQUENCES[node.name], places, where, found)
    numbers: dict[str, int] = {}
    for child in node.children:
        name = child.name
        index = places.get(name)
        if index is None:
            continue
        here = f"{where}.{name}" if where else name
        if name in _MANY:
            number = numbers[name] = numbers.get(name, -1) + 1
            if node.name not in ("arrivo", "componente", "cliente"):
                here = f"{here}[{number}]"
        _element(child, node.name, here, found)


_PLACES = {
    name: {child: index for index, part in enumerate(parts) for child in part.names} for name, parts in SEQUENCES.items()
}
_MANY = frozenset(child for parts in SEQUENCES.values() for part in parts if part.most is None for child in part.names)


def _sequence(
    node: Node, parts: tuple[Part, ...], places: Mapping[str, int], where: str, found: list[Problem]
) -> None:
    """Children against the places of the sequence: unknown ones, those out of order, those too many, those missing."""
    place = 0
    counts = [0] * len(parts)
    for child in node.children:
        home = places.get(child.name)
        if home is None:
            found.append(Problem.of("spot.element.unknown", where, element=child.name, line=child.line, rule="SP-01"))
            continue
        if home < place:
            found.append(Problem.of("spot.element.order", where, element=child.name, line=child.line, rule="SP-01"))
        else:
            place = home
        counts[home] += 1
        part = parts[home]
        if part.most is not None and counts[home] == part.most + 1:
            code, rule = ("spot.residence.both", "SP-05") if len(part.names) > 1 else ("spot.element.twice", "SP-01")
            found.append(Problem.of(code, where, element=child.name, line=child.line, rule=rule))
    for part, count in zip(parts, counts, strict=True):
        if count < part.least:
            code, rule = ("spot.residence.missing", "SP-05") if len(part.names) > 1 else ("spot.element.missing", "SP-01")
            found.append(Problem.of(code, where, element=part.names[0], line=node.line, rule=rule))


def _attributes(node: Node, parent: str, where: str) -> Iterator[Problem]:
    known = _ATTRIBUTES.get((parent, node.name), {})
    for name, text in node.attributes.items():
        if name == "xmlns" and text:
            yield Problem.of("spot.namespace", where, value=_short(text), line=node.line, rule="SP-01")
        elif name.startswith(("xmlns", "xsi:")):
            continue
        elif name not in known:
            yield Problem.of("spot.attribute.unknown", where, attribute=name, line=node.line, rule="SP-01")
        elif not _TYPES[known[name]](text):
            yield _wrong(where, name, text, node.line, "SP-01")
    for name in _REQUIRED.get((parent, node.name), ()):
        if name not in node.attributes:
            yield Problem.of("spot.attribute.missing", where, attribute=name, line=node.line, rule="SP-01")


def _leaf(node: Node, parent: str, where: str, found: list[Problem]) -> None:
    for child in node.children:
        found.append(Problem.of("spot.element.unknown", where, element=child.name, line=child.line, rule="SP-01"))
    name = node.name
    if name == "codiceclientesr" and parent == "partenze":
        return  # the schema sets no length there
    text, kind = raw(node), _KINDS[name]
    if _TYPES[kind](text):
        return
    if name == "paeseresidenza" and text == ITALY:
        found.append(Problem.of("spot.residence.italy", where, line=node.line, rule="SP-05"))
    elif name == "codiceclientesr":
        found.append(Problem.of("spot.code.long", where, length=len(text), limit=CODE_MAX, line=node.line, rule="SP-07"))
    else:
        below = parent == "datistruttura" and number_of(text) is not None
        found.append(_wrong(where, name, text, node.line, "SP-04" if below else _RULES.get(name, "SP-01")))


def _wrong(where: str, name: str, text: str, line: int, rule: str) -> Problem:
    return Problem.of("spot.value.wrong", where, element=name, value=_short(text), line=line, rule=rule)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
