"""A file of SPOT from any program, as values (spec flussi-turistici 7.1). What the schema does not allow becomes None."""

from __future__ import annotations

from collections.abc import Iterator

from locanda.core.problems import Problem
from locanda.portals.flows import Read
from locanda.portals.markup import Node, read_xml
from locanda.portals.spot.lists import LISTS
from locanda.portals.spot.shape import day_of, faults_of, number_of, raw, value_of
from locanda.portals.spot.values import Arrival, Day, Figures, File, Leaving, Person, Quality

__all__ = ["read"]


def read(data: bytes) -> Read:
    """The values of a file and how it departs from the schema; no values when it is no file of SPOT at all."""
    root = read_xml(data)
    if isinstance(root, Problem):
        return Read(None, (root._replace(facts=(*root.facts, ("rule", "SP-01"))),))
    faults = tuple(faults_of(root))
    if root.name != "movimenti":
        return Read(None, faults)
    return Read(File(tuple(map(_day, root.all("movimento"))), root.attributes.get("vendor")), faults)


def _day(node: Node) -> Day:
    arrivals, departures, figures = node.first("arrivi"), node.first("partenze"), node.first("datistruttura")
    quality = None if departures is None else departures.first("datiqualitativi")
    kind = node.attributes.get("type")
    return Day(
        day_of(node.attributes.get("data", "")),
        kind if kind in ("MP", "NM", "EC") else None,
        None if arrivals is None else tuple(map(_arrival, arrivals.all("arrivo"))),
        None if departures is None else tuple(map(_leaving, departures.all("codiceclientesr"))),
        None if figures is None else Figures(
            _number(figures, "cameredisponibili"), _number(figures, "postilettodisponibili"), _number(figures, "camereoccupate")
        ),
        None if quality is None else tuple(map(_quality, quality.all("cliente"))),
        number_of(node.attributes.get("totale", "")),
        node.line,
    )  # fmt: skip


def _arrival(node: Node) -> Arrival:
    members = node.first("componenti")
    return Arrival(
        _person(node),
        value_of(node, "tipologiaalloggiato"),
        value_of(node, "dayuse"),
        () if members is None else tuple(map(_person, members.all("componente"))),
        tuple(_traits(node)),
        _number(node, "duratasoggiorno"),
        value_of(node, "mezzotrasportoarrivo"),
        value_of(node, "mezzotrasportomovimento"),
        value_of(node, "motivazioniviaggio"),
    )


def _person(node: Node) -> Person:
    code = node.first("codiceclientesr")
    return Person(
        "" if code is None else raw(code),
        value_of(node, "sesso"),
        value_of(node, "cittadinanza"),
        value_of(node, "paeseresidenza"),
        value_of(node, "comuneresidenza"),
        value_of(node, "occupazionepostoletto"),
        _number(node, "eta"),
        value_of(node, "titolostudio"),
    )


def _leaving(node: Node) -> Leaving:
    alone = node.attributes.get("partenzacapogrupposeparata")
    return Leaving(raw(node), alone if alone in ("si", "no") else None)


def _quality(node: Node) -> Quality:
    code = node.first("codiceclientesr")
    return Quality(
        "" if code is None else raw(code),
        value_of(node, "mezzotrasportoarrivo"),
        value_of(node, "mezzotrasportomovimento"),
        value_of(node, "motivazioniviaggio"),
        value_of(node, "titolostudio"),
        tuple(_traits(node)),
    )


def _traits(node: Node) -> Iterator[str]:
    listed = node.first("caratteristicheviaggio")
    for child in () if listed is None else listed.all("caratteristica"):
        if raw(child) in LISTS["caratteristica"]:
            yield raw(child)


def _number(node: Node, name: str) -> int | None:
    text = value_of(node, name)
    return None if text is None else number_of(text)
