"""The day of RIMOVCLI (spec flussi-turistici 9.1): written, read, checked.

One file for each day, only for the next day that the portal waits for, within seven days. Days without movement and closed
days are told by a function of the portal, without a file. The official schema was not seen.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.core.time import iso_day
from locanda.law.statistics import FOREIGN_ROWS, ITALIAN_ROWS, Movement, day_counts
from locanda.portals.flows import Read, Report, Written
from locanda.portals.markup import DECLARATION, Node, escaped, is_writable, read_xml

__all__ = ["Day", "Line", "check", "encode", "read", "write"]

NAMESPACE = "http://www.regione.liguria.it/turismo/rimovcli"
SOFTWARE = "Locanda"
KEY = "rimovcli"
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
_KNOWN = {("i" if row.kind == "I" else "e", row.code) for row in (*ITALIAN_ROWS, *FOREIGN_ROWS)}


class Line(NamedTuple):
    """``rigac59``: i or e, code of province or of the C/59."""

    nation: str
    code: str
    departed: int
    arrived: int
    present: int


class Day(NamedTuple):
    """The whole file."""

    structure: str
    day: date
    software: str
    rooms: int
    beds: int
    occupied: int
    lines: tuple[Line, ...]


def write(movement: Movement) -> Written:
    """The file of one day with movement."""
    (counted,) = day_counts(movement)
    day, structure = counted.day, str(movement.home.portal_id(KEY) or "")
    if not day.open or day.is_zero:
        return Written(None, (Problem.of("rimovcli.day.by_function", "days", day=day.day),))
    if not is_writable(structure):
        return Written(None, (Problem("rimovcli.structure.unfit", f"property.portal_ids.{KEY}"),))
    lines = tuple(
        Line("i" if row.row.kind == "I" else "e", row.row.code, row.departed, row.arrived, row.present)
        for row in counted.rows if row.departed or row.arrived or row.present
    )  # fmt: skip
    return Written(encode(Day(structure, day.day, SOFTWARE, day.rooms, day.beds, day.rooms_occupied, lines)))


def encode(values: Day) -> bytes:
    """The bytes of a day; only the root bears the prefix."""
    lines = [
        DECLARATION,
        f'<rm:c59 xmlns:rm="{NAMESPACE}" idstruttura="{escaped(values.structure)}" data="{values.day}">',
        f'<mensile softwaregestionale="{escaped(values.software)}" numcameredisp="{values.rooms}" numlettidisp="{values.beds}"/>',
        f'<giornaliero numcamereoccupate="{values.occupied}">',
        *(
            f'<rigac59 nazione="{line.nation}" residenza="{line.code}" partiti="{line.departed}" arrivati="{line.arrived}"'
            f' presenti="{line.present}"/>'
            for line in values.lines
        ),
        "</giornaliero>",
        "</rm:c59>\n",
    ]
    return "\n".join(lines).encode()


class _Reading:
    """Attributes taken one by one; what is not as it should be is remembered."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def text(self, node: Node, name: str) -> str:
        if name not in node.attributes:
            self.wrong(node, name, "")
        return node.attributes.get(name, "")

    def whole(self, node: Node, name: str) -> int:
        text = node.attributes.get(name, "")
        if not _WHOLE.fullmatch(text):
            self.wrong(node, name, text)
            return 0
        return int(text)

    def wrong(self, node: Node, name: str, value: str) -> None:
        self.found.append(
            Problem.of("rimovcli.value.wrong", f"{node.name}.{name}", attribute=name, value=value, line=node.line, rule="9.1")
        )


def read(data: bytes) -> Read:
    """The values of a file."""
    root = read_xml(data)
    if isinstance(root, Problem):
        return Read(None, (root._replace(facts=(*root.facts, ("rule", "9.1"))),))
    month, daily = root.first("mensile"), root.first("giornaliero")
    names = {value for name, value in root.attributes.items() if name.startswith("xmlns:")}
    if root.name != "c59" or NAMESPACE not in names or month is None or daily is None:
        return Read(None, (Problem.of("rimovcli.shape", "", rule="9.1"),))
    reading = _Reading()
    lines = []
    for node in daily.all("rigac59"):
        nation, code = reading.text(node, "nazione"), reading.text(node, "residenza")
        if (nation, code) not in _KNOWN:
            reading.wrong(node, "residenza", f"{nation} {code}")
        numbers = [reading.whole(node, name) for name in ("partiti", "arrivati", "presenti")]
        lines.append(Line(nation, code, *numbers))
    told = reading.text(root, "data")
    day = iso_day(told)
    if day is None:
        reading.wrong(root, "data", told)
    structure, software = reading.text(root, "idstruttura"), reading.text(month, "softwaregestionale")
    rooms, beds = reading.whole(month, "numcameredisp"), reading.whole(month, "numlettidisp")
    occupied = reading.whole(daily, "numcamereoccupate")
    if reading.found or day is None:
        return Read(None, tuple(reading.found))
    return Read(Day(structure, day, software, rooms, beds, occupied, tuple(lines)))


def check(data: bytes) -> Report:
    """Codes, lines told twice or empty, rooms against guests."""
    values, problems = read(data)
    if values is None:
        return Report(0, 0, 0, problems)
    found: list[Problem] = []
    warnings: list[Problem] = []
    if not values.structure.strip():
        found.append(Problem.of("rimovcli.structure.unfit", "c59.idstruttura", rule="9.1"))
    lines: tuple[Line, ...] = values.lines
    seen: set[tuple[str, str]] = set()
    for place, line in enumerate(lines):
        where = f"rigac59[{place}]"
        if (line.nation, line.code) in seen:
            found.append(Problem.of("rimovcli.line.twice", where, value=line.code, rule="2.2-4"))
        seen.add((line.nation, line.code))
        if not (line.departed or line.arrived or line.present):
            found.append(Problem.of("rimovcli.line.empty", where, value=line.code, rule="9.1"))
        if line.present < line.arrived:
            found.append(Problem.of("rimovcli.line.fewer", where, value=line.code, rule="2.2-1"))
    arrived, departed = sum(line.arrived for line in lines), sum(line.departed for line in lines)
    present = sum(line.present for line in lines)
    if not (arrived or departed):
        found.append(Problem.of("rimovcli.day.by_function", "c59", day=values.day, rule="9.1"))
    if bool(present) != bool(values.occupied):
        warnings.append(Problem.of("rimovcli.rooms.differ", "", present=present, occupied=values.occupied, rule="2.2-5"))
    if values.occupied > values.rooms:
        warnings.append(Problem.of("rimovcli.rooms.beyond", "", occupied=values.occupied, rooms=values.rooms, rule="2.2-6"))
    return Report(1, arrived, departed, tuple(found), tuple(warnings))
