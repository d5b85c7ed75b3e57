"""``locanda schedine write`` and ``locanda schedine check``: the police record without a database (``interfaces.md``)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

import click

from locanda.core.problems import LANGUAGES, Problem, render_all
from locanda.core.shapes import Shapes, parse_json
from locanda.core.stays import Property
from locanda.core.time import parse_instant, rome_day
from locanda.places import Tables
from locanda.portals.alloggiati.check import Outcome, judge, message, split_lines
from locanda.portals.alloggiati.documents import Documents
from locanda.portals.alloggiati.faults import FAULTS
from locanda.portals.alloggiati.fields import LINES_MAX
from locanda.portals.alloggiati.schedine import PartyRows, Row, cuts, duplicates, file_text, guest_problems, stay_rows

__all__ = ["schedine"]

APARTMENT_ID = "alloggiati_apartment"


class AsOf(NamedTuple):
    """The instant of judgement; None judges each stay as if sent on its own arrival day."""

    instant: datetime | None


class AsOfType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """An instant with its offset, or ``arrival``."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> AsOf:
        if isinstance(value, AsOf):
            return value
        if value == "arrival":
            return AsOf(None)
        try:
            return AsOf(parse_instant(value))
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is neither an instant such as 2026-07-10T16:00+02:00 nor the word arrival", param, ctx)


class Told(NamedTuple):
    """What one input object came to."""

    text: str
    notes: list[Problem]
    problems: list[Problem]


@click.group()
def schedine() -> None:
    """Scrive e verifica le schedine. | Write and check police records."""


_SHARED = [
    click.option("--apartments", is_flag=True, help="Righe di 174 caratteri, con l'appartamento. | Rows of 174 characters."),
    click.option("--as-of", type=AsOfType(), help="Istante del giudizio, o 'arrival'. | Instant of judgement, or 'arrival'."),
    click.option(
        "--tables", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Cartella con comuni.csv, stati.csv, documenti.csv del portale. | Folder with the portal's CSV files.",
    ),
    click.option("--language", type=click.Choice(LANGUAGES), default="it", show_default=True, help="Lingua. | Language."),
    click.option("--lines", is_flag=True, help="Un oggetto per riga. | One object per line."),
    click.argument("file", type=click.File("rb"), metavar="FILE"),
]  # fmt: skip


def _shared(command: Any) -> Any:
    for option in reversed(_SHARED):
        command = option(command)
    return command


@schedine.command()
@_shared
def write(
    file: IO[bytes], as_of: AsOf | None, folder: Path | None, language: str, *, apartments: bool, lines: bool
) -> int:
    """Da soggiorni (JSON) al file delle schedine. | From stays (JSON) to the file of records."""
    tables, documents = _tables(folder)
    moment = as_of or AsOf(datetime.now(UTC))
    if lines:
        status = 0
        for line in _lines(file):
            told = _written(line, moment, tables, documents, apartments=apartments)
            if told.problems:
                status = 1
                _print({"problems": render_all(told.problems, language)})
            else:
                _print({"text": told.text, "notes": render_all(told.notes, language)})
        return status
    told = _written(_read(file), moment, tables, documents, apartments=apartments)
    if told.problems:
        _print({"problems": render_all(told.problems, language)}, error=True)
        return 1
    sys.stdout.buffer.write(told.text.encode("utf-8"))
    sys.stdout.buffer.flush()
    if told.notes:
        _print({"notes": render_all(told.notes, language)}, error=True)
    return 0


@schedine.command()
@_shared
def check(
    file: IO[bytes], as_of: AsOf | None, folder: Path | None, language: str, *, apartments: bool, lines: bool
) -> int:
    """Verifica un file di schedine come farebbe il portale. | Judge a file of records as the portal would.

    Con --lines ogni riga è un oggetto {"text": ...}, come li scrive 'write --lines'. | With --lines
    every line is an object, as 'write --lines' prints them.
    """
    tables, documents = _tables(folder)
    moment = as_of or AsOf(datetime.now(UTC))
    today = None if moment.instant is None else rome_day(moment.instant)
    if not lines:
        verdict = _checked(_read(file), today, tables, documents, language, apartments=apartments)
        _print(verdict)
        return 0 if _is_fine(verdict) else 1
    status = 0
    for line in _lines(file):
        verdict = _checked_line(line, today, tables, documents, language, apartments=apartments)
        status = status if _is_fine(verdict) else 1
        _print(verdict)
    return status


def _written(data: bytes, moment: AsOf, tables: Tables, documents: Documents, *, apartments: bool) -> Told:
    """Rows, notes and problems of one input object; paths as in the input."""
    shapes = parse_json(data)
    found = list(shapes.problems)
    apartment = _apartment(shapes, found) if apartments else None
    taken = {problem.where for problem in found}
    parties: list[PartyRows] = []
    notes: list[Problem] = []
    judged: list[Problem] = []
    rows: list[Row] = []
    for index, stay in enumerate(shapes.stays):
        where = f"stays[{index}]"
        if stay is None:
            today = None if moment.instant is None else rome_day(moment.instant)
            loose = guest_problems(shapes.loose[index], tables=tables, documents=documents, today=today)
            judged += [problem.within(where) for problem in loose]
            continue
        written, problems = stay_rows(
            stay, tables=tables, documents=documents, as_of=moment.instant, apartment=apartment
        )
        judged += [problem.within(where) for problem in problems]
        for party in written:
            parties.append(party)
            notes += [note.within(where) for note in party.notes]
            rows += [row._replace(where=f"{where}.{row.where}") for row in party.rows]
    # a value that could not be read is one problem, not also a missing one
    found += [problem for problem in judged if problem.where not in taken]
    found += duplicates(rows)
    empty = [f"stays[{index}].guests" for index, stay in enumerate(shapes.stays) if stay is not None and not stay.guests]
    if not shapes.stays:
        empty = ["stays"]
    found += [Problem("schedine.none", where) for where in empty if not taken & {where, ""}]
    if not found and len(rows) > LINES_MAX:
        starts = ", ".join(map(str, cuts(parties)))
        notes.append(Problem.of("schedine.split", "stays", lines=len(rows), cuts=starts))
    return Told(file_text(rows), notes, found)


def _apartment(shapes: Shapes, found: list[Problem]) -> int:
    """The property's number on the portal; 0 is one. Problems stand for its absence, and then no row is printed."""
    where = f"property.portal_ids.{APARTMENT_ID}"
    value = (shapes.property or Property()).portal_id(APARTMENT_ID)
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 6 else value
    if number is None:
        found.append(Problem("schedine.apartment.missing", where))
    elif isinstance(number, int) and 0 <= number <= 999_999:
        return number
    else:
        found.append(Problem.of("schedine.apartment.unfit", where, value=str(value)[:20]))
    return 0


def _checked(
    data: bytes, today: date | None, tables: Tables, documents: Documents, language: str, *, apartments: bool
) -> dict[str, Any]:
    """The object that ``check`` prints; ``problems`` is there only when the file itself has some."""
    rows, problems = split_lines(data)
    outcomes = judge(rows, today=today, tables=tables, documents=documents, apartments=() if apartments else None)
    valid = sum(outcome.valid for outcome in outcomes)
    verdict: dict[str, Any] = {
        "valid": valid,
        "invalid": len(outcomes) - valid,
        "rows": [_row(index, outcome, language) for index, outcome in enumerate(outcomes)],
    }
    if problems:
        verdict["problems"] = render_all(problems, language)
    return verdict


# what the portal itself has been seen or told to say; the rest are our own words, which stand in "message"
_PORTALS_WORDS = {fault.problem: fault.detail for fault in FAULTS.values() if fault.evidence != "ours"}


def _row(index: int, outcome: Outcome, language: str) -> dict[str, Any]:
    return {
        "row": index, "valid": outcome.valid, "code": int(outcome.code) if outcome.code else None,
        "name": outcome.name or None, "detail": _PORTALS_WORDS.get(outcome.problem or ""), "field": outcome.field,
        "message": message(outcome, language),
    }  # fmt: skip


def _checked_line(
    line: bytes, today: date | None, tables: Tables, documents: Documents, language: str, *, apartments: bool
) -> dict[str, Any]:
    """One object of ``write --lines``: its text is judged, its problems are passed on."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict) and isinstance(value.get("text"), str):
        data = value["text"].encode("utf-8", "replace")
        return _checked(data, today, tables, documents, language, apartments=apartments)
    if isinstance(value, dict) and isinstance(value.get("problems"), list):
        return {"problems": value["problems"]}
    broken = Problem.of("shape.object.expected", "", value=line[:40].decode("utf-8", "replace"))
    return {"problems": render_all([broken], language)}


def _is_fine(verdict: Mapping[str, Any]) -> bool:
    return not verdict.get("problems") and not verdict.get("invalid")


def _tables(folder: Path | None) -> tuple[Tables, Documents]:
    from locanda import places
    from locanda.portals.alloggiati import documents

    if folder is None:
        return places.builtin(), documents.builtin()
    try:
        types = documents.from_table((folder / "documenti.csv").read_text(encoding="utf-8-sig"), source="csv")
        return places.from_download(folder), types
    except (OSError, ValueError) as fault:
        raise click.UsageError(f"--tables {folder}: {fault}") from None


def _read(file: IO[bytes]) -> bytes:
    try:
        return file.read()
    except OSError as fault:
        raise click.UsageError(str(fault)) from None


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Line by line, so that a stream of any length takes no room."""
    for line in file:
        yield line.rstrip(b"\r\n")


def _print(value: object, *, error: bool = False) -> None:
    """JSON in UTF-8; half characters of broken input become JSON escapes instead of stopping the output."""
    stream = sys.stderr if error else sys.stdout
    stream.buffer.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
    stream.buffer.flush()
