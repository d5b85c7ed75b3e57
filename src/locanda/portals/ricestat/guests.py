"""``InserimentoAlloggiati`` of ``MTO_SchedineRQ`` (spec flussi-turistici 9.5): written, read, checked.

``POS``, with the passwords of program and house, is for a client to put before it: no secret stands in a file. The published
schema does not take the published samples, so the shape is that of the samples, with the numbers of the lists.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.core.time import iso_day
from locanda.law.statistics import FlowGuest, Movement, Term
from locanda.places import ITALY
from locanda.portals.flows import Read, Report, Written
from locanda.portals.markup import DECLARATION, Node, escaped, is_writable, read_xml

__all__ = ["Guest", "Insertion", "Place", "check", "encode", "read", "write"]

_TYPES = {
    Role.SINGLE: "16", Role.HEAD_OF_FAMILY: "17", Role.HEAD_OF_GROUP: "18", Role.FAMILY_MEMBER: "19", Role.GROUP_MEMBER: "20",
}  # fmt: skip
_CODE = re.compile(r"[0-9]{9}", re.ASCII)
_CHILDREN = (
    "DataDiArrivo", "DataDiPartenza", "DataDiNascita", "Sesso", "Provenienza", "Nascita", "Cittadinanza", "CampiStatistici",
)  # fmt: skip


class Place(NamedTuple):
    """``Italia`` with a comune, or ``Estero`` with a state."""

    state: str
    comune: str | None = None


class Guest(NamedTuple):
    """``Ospite``."""

    ident: str
    room: str
    kind: str
    arrival: date
    departure: date | None
    born: date
    sex: str
    home: Place
    birth: Place
    citizenship: str
    tourism: str
    transport: str
    channel: str


class Insertion(NamedTuple):
    """``InserimentoAlloggiati``: parties in order, each a head with its members, or one guest alone."""

    house: str
    parties: tuple[tuple[Guest, ...], ...]


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("locanda.portals.ricestat") / "words.toml").read_text(encoding="utf-8"))


def write(movement: Movement) -> Written:
    """Whoever arrives in the movement; a departure that is known goes along, the others with a later ``Aggiornamento``."""
    house = str(movement.home.portal_id("ricestat") or "")
    parties: dict[str, list[Guest]] = {}
    for guest in movement.guests:
        if guest.arrival < movement.first:
            continue
        if guest.head in parties:
            parties[guest.head].append(_guest(guest))
        else:  # whoever comes after the head was told is alone
            made = _guest(guest)
            parties[guest.flow_id] = [made._replace(kind="16") if guest.head else made]
    texts = [house, *(guest.room for party in parties.values() for guest in party)]
    if not parties:
        return Written(None, (Problem("ricestat.nobody", "stays"),))
    if not all(map(is_writable, texts)):
        return Written(None, (Problem("ricestat.text.unfit", "stays"),))
    return Written(encode(Insertion(house, tuple(map(tuple, parties.values())))))


def _guest(guest: FlowGuest) -> Guest:
    born, citizenship, birth, role = guest.birth_date, guest.citizenship, guest.birth_state, guest.role
    assert born is not None and citizenship is not None and birth is not None and role is not None  # in ``needs``
    return Guest(
        guest.flow_id, guest.rooms[0].unit if guest.rooms else "", _TYPES[role], guest.arrival, guest.departure, born,
        "1" if guest.sex == "M" else "2", Place(guest.residence.state, guest.residence.comune), Place(birth, guest.birth_comune),
        citizenship, _number("tourism", guest.tourism), _number("transport", guest.transport), _number("channel", guest.channel),
    )  # fmt: skip


def _number(name: str, term: Term | None) -> str:
    words = _words()[name]
    return words.get(term.key if term is not None else "unknown", words["unknown"])


def encode(values: Insertion) -> bytes:
    """The bytes of a body."""
    lines = [DECLARATION, "<MTO_SchedineRQ>", f'<InserimentoAlloggiati CodiceEsercizio="{escaped(values.house)}">']
    for party in values.parties:
        head = party[0]
        alone = len(party) == 1 and head.kind == "16"
        lines.append(f'<OspiteSingolo Id="{escaped(head.ident)}">' if alone else f'<Gruppo IdGruppo="{escaped(head.ident)}">')
        lines += map(_encoded, party)
        lines.append("</OspiteSingolo>" if alone else "</Gruppo>")
    return ("\n".join([*lines, "</InserimentoAlloggiati>", "</MTO_SchedineRQ>"]) + "\n").encode()


def _encoded(guest: Guest) -> str:
    left = "" if guest.departure is None else f"<DataDiPartenza>{guest.departure}</DataDiPartenza>"
    return (
        f'<Ospite Id="{escaped(guest.ident)}" IdCamera="{escaped(guest.room)}" TipoAlloggiato="{guest.kind}">'
        f"<DataDiArrivo>{guest.arrival}</DataDiArrivo>{left}<DataDiNascita>{guest.born}</DataDiNascita><Sesso>{guest.sex}</Sesso>"
        f"<Provenienza>{_place(guest.home)}</Provenienza><Nascita>{_place(guest.birth)}</Nascita>"
        f"<Cittadinanza><Stato>{guest.citizenship}</Stato></Cittadinanza>"
        f"<CampiStatistici><TipoTurismo>{guest.tourism}</TipoTurismo>"
        f"<MezzoDiTrasporto>{guest.transport}</MezzoDiTrasporto><TipoPrenotazione>{guest.channel}</TipoPrenotazione>"
        "</CampiStatistici></Ospite>"
    )


def _place(place: Place) -> str:
    if place.comune is None:
        return f"<Estero><Stato>{place.state}</Stato></Estero>"
    return (
        f"<Italia><CodiceComune>{place.comune}</CodiceComune><Provincia>{place.comune[:6]}</Provincia>"
        f"<Stato>{place.state}</Stato></Italia>"
    )


def read(data: bytes) -> Read:
    """The guests of a body, with or without ``POS`` before them; children of a guest in any order."""
    root = read_xml(data)
    if isinstance(root, Problem):
        return Read(None, (root._replace(facts=(*root.facts, ("rule", "9.5"))),))
    inserted = root.first("InserimentoAlloggiati") if root.name == "MTO_SchedineRQ" else None
    if inserted is None or "CodiceEsercizio" not in inserted.attributes or not inserted.children:
        return Read(None, (Problem.of("ricestat.shape", "", line=root.line, rule="9.5"),))
    found: list[Problem] = []
    parties = tuple(tuple(_party(node, found)) for node in inserted.children)
    return Read(None, tuple(found)) if found else Read(Insertion(inserted.attributes["CodiceEsercizio"], parties))


def _party(node: Node, found: list[Problem]) -> Iterator[Guest]:
    name = {"Gruppo": "IdGruppo", "OspiteSingolo": "Id"}.get(node.name)
    if name is None or name not in node.attributes or not node.children or (name == "Id" and len(node.children) > 1):
        found.append(Problem.of("ricestat.shape", node.name, line=node.line, rule="9.5"))
        return
    for place, child in enumerate(node.children):
        guest = _read_guest(child, found)
        if guest is not None:
            if place == 0 and guest.ident != node.attributes[name]:
                found.append(Problem.of("ricestat.shape", node.name, line=node.line, rule="9.5"))
            yield guest


def _read_guest(node: Node, found: list[Problem]) -> Guest | None:
    names = [child.name for child in node.children if child.name not in ("ImpostaDiSoggiorno", "Nome", "Cognome")]
    wanted = {name for name in _CHILDREN if name != "DataDiPartenza"}
    if node.name != "Ospite" or len(set(names)) != len(names) or not wanted <= set(names) <= set(_CHILDREN):
        found.append(Problem.of("ricestat.shape", node.name, line=node.line, rule="9.5"))
        return None
    told = {name: node.attributes.get(name, "") for name in ("Id", "IdCamera", "TipoAlloggiato")}
    days = {name: iso_day(node.text_of(name) or "") for name in ("DataDiArrivo", "DataDiPartenza", "DataDiNascita")}
    home, birth = _read_place(node.first("Provenienza")), _read_place(node.first("Nascita"))
    citizenship = (node.first("Cittadinanza") or node).text_of("Stato") or ""
    fields = node.first("CampiStatistici") or node
    numbers = [fields.text_of(name) or "" for name in ("TipoTurismo", "MezzoDiTrasporto", "TipoPrenotazione")]
    lists = [set(_words()[name].values()) for name in ("tourism", "transport", "channel")]
    sex = node.text_of("Sesso") or ""
    fine = {
        "Id": told["Id"], "TipoAlloggiato": told["TipoAlloggiato"] in _TYPES.values(), "DataDiArrivo": days["DataDiArrivo"],
        "DataDiPartenza": days["DataDiPartenza"] or "DataDiPartenza" not in names, "DataDiNascita": days["DataDiNascita"],
        "Sesso": sex in ("1", "2"), "Provenienza": home, "Nascita": birth, "Cittadinanza": _CODE.fullmatch(citizenship),
        "CampiStatistici": all(number in known for number, known in zip(numbers, lists, strict=True)),
    }  # fmt: skip
    wrong = [name for name, good in fine.items() if not good]
    found += [Problem.of("ricestat.value.wrong", name, element=name, line=node.line, rule="9.5") for name in wrong]
    arrival, born = days["DataDiArrivo"], days["DataDiNascita"]
    if wrong or arrival is None or born is None or home is None or birth is None:
        return None
    return Guest(
        told["Id"], told["IdCamera"], told["TipoAlloggiato"], arrival, days["DataDiPartenza"], born, sex, home, birth,
        citizenship, *numbers,
    )  # fmt: skip


def _read_place(node: Node | None) -> Place | None:
    for name in ("Italia", "Estero"):
        inside = node.first(name) if node is not None else None
        if inside is not None:
            state, comune = inside.text_of("Stato") or "", inside.text_of("CodiceComune")
            fine = _CODE.fullmatch(state) and (name == "Estero") == (comune is None)
            fine = fine and (comune is None or (_CODE.fullmatch(comune) and inside.text_of("Provincia") == comune[:6]))
            return Place(state, comune) if fine else None
    return None


def check(data: bytes) -> Report:
    """Ids once, parties with their head first, days forward, comuni in Italy."""
    values, problems = read(data)
    if values is None:
        return Report(0, 0, 0, problems)
    found: list[Problem] = []
    warnings: list[Problem] = []
    seen: set[str] = set()
    days: set[date] = set()
    guests = [guest for party in values.parties for guest in party]
    for party in values.parties:
        kinds = [guest.kind for guest in party]
        member = {"17": "19", "18": "20"}.get(kinds[0])
        if any(kind != member for kind in kinds[1:]) or (member is None and kinds != ["16"]):
            found.append(Problem.of("ricestat.party.odd", party[0].ident, guest=party[0].ident, rule="4.1"))
    for guest in guests:
        days |= {day for day in (guest.arrival, guest.departure) if day is not None}
        if guest.ident in seen:
            found.append(Problem.of("ricestat.guest.twice", guest.ident, guest=guest.ident, rule="9.5"))
        seen.add(guest.ident)
        if guest.departure is not None and guest.departure <= guest.arrival:
            found.append(Problem.of("ricestat.days.backwards", guest.ident, guest=guest.ident, rule="9.5"))
        if guest.born > guest.arrival:
            found.append(Problem.of("ricestat.value.wrong", guest.ident, element="DataDiNascita", line=0, rule="RX-13"))
        if guest.home.state == ITALY and guest.home.comune is None:
            found.append(Problem.of("ricestat.value.wrong", guest.ident, element="Provenienza", line=0, rule="RX-11"))
        if not guest.room:
            warnings.append(Problem.of("ricestat.room.missing", guest.ident, guest=guest.ident, rule="9.5"))
    left = sum(guest.departure is not None for guest in guests)
    return Report(len(days), len(guests), left, tuple(found), tuple(warnings))
