"""The TXT record of ROSS1000, v4 of 20/10/2022: 26 fields, 328 characters, a line an event (spec flussi-turistici 6.7).

The layout is known through a public validator and the Sired record, which agree. That text stands left and numbers right, filled
with blanks, is reported by one source only; both are accepted when reading.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

from locanda.core.problems import Problem

__all__ = ["COLUMNS", "LENGTH", "Column", "Riga", "encode", "read_lines", "slashed_day", "too_long"]

Kind = Literal["text", "number", "blank"]


class Column(NamedTuple):
    """A field: its name, its length, how it stands, the number of the layout."""

    name: str
    length: int
    kind: Kind
    number: int
    start: int


def _columns() -> tuple[Column, ...]:
    shape: tuple[tuple[str, int, Kind], ...] = (
        ("tipoalloggiato", 2, "text"), ("arrivo", 10, "text"), ("cognome", 50, "blank"), ("nome", 30, "blank"),
        ("sesso", 1, "text"), ("datanascita", 10, "text"), ("comunenascita", 9, "text"), ("provincianascita", 2, "text"),
        ("statonascita", 9, "text"), ("cittadinanza", 9, "text"), ("comuneresidenza", 9, "text"),
        ("provinciaresidenza", 2, "text"), ("statoresidenza", 9, "text"), ("indirizzo", 50, "blank"),
        ("tipodocumento", 5, "blank"), ("numerodocumento", 20, "blank"), ("luogorilascio", 9, "blank"), ("partenza", 10, "text"),
        ("tipoturismo", 30, "text"), ("mezzotrasporto", 30, "text"), ("camereoccupate", 3, "number"),
        ("cameredisponibili", 3, "number"), ("lettidisponibili", 4, "number"), ("imposta", 1, "text"), ("idswh", 10, "text"),
        ("modalita", 1, "text"),
    )  # fmt: skip
    found: list[Column] = []
    start = 0
    for number, (name, length, kind) in enumerate(shape, 1):
        found.append(Column(name, length, kind, number, start))
        start += length
    return tuple(found)


COLUMNS: Final = _columns()
LENGTH: Final = sum(column.length for column in COLUMNS)
_FORMAT: Final = "".join(f"%{'' if column.kind == 'number' else '-'}{column.length}s" for column in COLUMNS)


class Riga(NamedTuple):
    """A record as texts without padding, in the order of the layout. ``modalita``: 1 new, 2 change, 3 delete."""

    tipoalloggiato: str = ""
    arrivo: str = ""
    cognome: str = ""
    nome: str = ""
    sesso: str = ""
    datanascita: str = ""
    comunenascita: str = ""
    provincianascita: str = ""
    statonascita: str = ""
    cittadinanza: str = ""
    comuneresidenza: str = ""
    provinciaresidenza: str = ""
    statoresidenza: str = ""
    indirizzo: str = ""
    tipodocumento: str = ""
    numerodocumento: str = ""
    luogorilascio: str = ""
    partenza: str = ""
    tipoturismo: str = ""
    mezzotrasporto: str = ""
    camereoccupate: str = ""
    cameredisponibili: str = ""
    lettidisponibili: str = ""
    imposta: str = ""
    idswh: str = ""
    modalita: str = ""


def slashed_day(text: str | None) -> date | None:
    """``gg/mm/aaaa`` as a day of the calendar."""
    if text is None or len(text) != 10 or text[2] != "/" or text[5] != "/" or not text.isascii():
        return None
    day, month, year = text[:2], text[3:5], text[6:]
    if not (day.isdigit() and month.isdigit() and year.isdigit()):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def line(record: Riga) -> str:
    """The 328 characters of a record. ValueError when a text is longer than its field: nothing is cut."""
    made = _FORMAT % record
    if len(made) != LENGTH:
        raise ValueError(" and ".join(f"{column.name} is longer than {column.length}" for column, _ in too_long(record)))
    return made


def too_long(record: Riga) -> list[tuple[Column, str]]:
    """The texts that do not fit their fields."""
    return [(column, text) for column, text in zip(COLUMNS, record, strict=True) if len(text) > column.length]


def encode(records: tuple[Riga, ...]) -> bytes:
    """The bytes of a file, every line ended."""
    return "".join(f"{line(record)}\r\n" for record in records).encode("ascii")


def read_lines(data: bytes) -> tuple[tuple[Riga | None, ...], tuple[Problem, ...], tuple[Problem, ...]]:
    """The records of a file, None where a line is none; problems and warnings of the form alone (RX-22)."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    lines = data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    else:
        warnings.append(Problem.of("ross1000.txt.last_line_end", "", rule="RX-22"))
    if any(not raw.endswith(b"\r") for raw in lines[: len(lines) - (not data.endswith(b"\n"))]):
        warnings.append(Problem.of("ross1000.txt.line_end", "", rule="RX-22"))
    records: list[Riga | None] = []
    for index, raw in enumerate(lines):
        records.append(_record(raw.removesuffix(b"\r"), f"riga[{index}]", problems))
    return tuple(records), tuple(problems), tuple(warnings)


def _record(raw: bytes, where: str, problems: list[Problem]) -> Riga | None:
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError as fault:
        column = next((c for c in reversed(COLUMNS) if c.start <= fault.start), COLUMNS[0])
        problems.append(Problem.of("ross1000.txt.ascii", where, column=fault.start + 1, name=column.name, rule="RX-22"))
        text = raw.decode("utf-8", "replace")  # the length is judged as it was meant
        if len(text) != LENGTH:
            text = raw.decode("latin-1")
    if len(text) != LENGTH:
        problems.append(Problem.of("ross1000.txt.length", where, count=len(text), wanted=LENGTH, rule="RX-22"))
        return None
    return Riga(*[text[column.start : column.start + column.length].strip() for column in COLUMNS])
