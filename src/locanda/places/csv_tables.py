"""The portal's own tables of places, as its download page and its web service give them (spec alloggiati-web 3.2).

``comuni.csv`` and ``stati.csv`` are split by commas, the answer of ``Tabella(Luoghi)`` by semicolons and holds both, states
with province ``ES``. Nothing is quoted; the end of validity is ``dd/mm/yyyy 00:00:00`` or empty. A line that cannot be read
is left out and told, never guessed.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from locanda.places.builtin import builtin
from locanda.places.tables import Tables
from locanda.places.values import BadLine, Comune, State

__all__ = ["BadLine", "NotATable", "Parsed", "from_download", "from_portal", "parse", "text_of"]

_CODE = re.compile(r"\d{9}")
_PROVINCE = re.compile(r"[A-Z]{2}")
_ABROAD = "ES"


class NotATable(ValueError):
    """The text is not a table of places at all: no header, or not one usable line."""


class Parsed(NamedTuple):
    """What a file of places says."""

    comuni: tuple[Comune, ...]
    states: tuple[State, ...]
    bad_lines: tuple[BadLine, ...]


def parse(text: str) -> Parsed:
    """Read either form; the header tells which."""
    lines = text.lstrip("\ufeff").splitlines()
    header = lines[0] if lines else ""
    separator = ";" if ";" in header else ","
    titles = [title.strip().casefold() for title in header.split(separator)]
    if titles[:3] != ["codice", "descrizione", "provincia"]:
        raise NotATable("the first line should be: Codice, Descrizione, Provincia, DataFineVal")
    comuni: dict[str, Comune] = {}
    states: dict[str, State] = {}
    bad: list[BadLine] = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line == header:  # files put one after the other repeat it
            continue
        row = _row([part.strip() for part in line.split(separator)])
        if isinstance(row, str):
            bad.append(BadLine(number, row, line))
        elif row.police in comuni or row.police in states:
            bad.append(BadLine(number, "twice", line))
        elif isinstance(row, State):
            states[row.police] = row
        elif row.police:
            comuni[row.police] = row
    if not comuni and not states:
        raise NotATable("no line of the table could be read")
    return Parsed(tuple(comuni.values()), tuple(states.values()), tuple(bad))


_Reason = Literal["columns", "code", "name", "province", "date"]


def _row(parts: list[str]) -> Comune | State | _Reason:
    if len(parts) != 4:
        return "columns"
    code, name, province, ended = parts
    if not _CODE.fullmatch(code) or code[0] not in "14":
        return "code"
    if not name:
        return "name"
    abroad = code[0] == "1"
    if not abroad and (province == _ABROAD or not _PROVINCE.fullmatch(province)):
        return "province"
    end: date | None = None
    if ended:
        try:
            end = datetime.strptime(ended[:10], "%d/%m/%Y").date()  # noqa: DTZ007 (a plain day)
        except ValueError:
            return "date"
    if abroad:
        return State(code, name, valid_to=end)
    return Comune(name, province, code, valid_to=end)


def from_portal(luoghi_csv: str, source: str, known: Tables | None = None) -> Tables:
    """Tables from the answer of ``Tabella(Luoghi)``; its rows win, what is ``known`` (built-in) stays."""
    parsed = parse(luoghi_csv)
    return Tables(source, parsed.comuni, parsed.states, parsed.bad_lines).merged_with(known or builtin())


def from_download(folder: Path, source: str = "csv", known: Tables | None = None) -> Tables:
    """Tables from ``comuni.csv`` and ``stati.csv`` of the portal's download page; FileNotFoundError when one is missing."""
    comuni, states = (parse(text_of(folder / name)) for name in ("comuni.csv", "stati.csv"))
    bad = (*comuni.bad_lines, *states.bad_lines)
    return Tables(source, comuni.comuni, states.states, bad).merged_with(known or builtin())


def text_of(path: Path) -> str:
    """A file of the download page, whichever of the two encodings it came in."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
