"""``locanda flows counts``, ``write``, ``check``, ``tables``: the visitor statistics without a database (``interfaces.md``)."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import click

from locanda.cli.json_door import keep, language_option, lines_option, print_json, run
from locanda.core.problems import Problem, render_all
from locanda.law.statistics import DayCount, MonthCount, Movement, RowCount, Told, day_counts, month_counts, told, total
from locanda.places import Tables
from locanda.portals.flows import FlowFormat, Report, Written, flow_formats
from locanda.portals.tables import TABLES, USES, tables_of
from locanda.sheets import to_csv, to_xlsx

__all__ = ["flows"]


class FormatType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """The key of a format."""

    name = "format"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> FlowFormat:
        if isinstance(value, FlowFormat):
            return value
        known = flow_formats()
        if value not in known:
            self.fail(f"{value!r} is none of {', '.join(sorted(known))}", param, ctx)
        return known[value]


_format = click.option("--format", "form", type=FormatType(), required=True, help="Formato del portale. | The portal's format.")
_tables = click.option(
    "--tables", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Cartella con comuni.csv e stati.csv del portale della Polizia. | Folder with the police portal's CSV files.",
)  # fmt: skip
_file = click.argument("file", type=click.File("rb"), metavar="FILE")


@click.group()
def flows() -> None:
    """Statistica dei flussi turistici. | Visitor statistics."""


@flows.command()
@language_option
@lines_option
@_tables
@_file
def counts(file: IO[bytes], folder: Path | None, language: str, *, lines: bool) -> int:
    """Arrivi, partenze, presenze e camere di ogni giorno e mese. | Arrivals, departures, nights and rooms by day and month."""
    tables = _read_tables(folder)

    def answer(data: bytes) -> dict[str, Any]:
        made = told(data, tables=tables)
        if made.movement is None:
            return {"problems": render_all(made.problems, language)}
        return counted(made.movement, language)

    return run(file, answer, lines=lines)


@flows.command()
@_format
@language_option
@lines_option
@_tables
@_file
def write(file: IO[bytes], form: FlowFormat, folder: Path | None, language: str, *, lines: bool) -> int:
    """Scrive il file per il portale. | Write the file for the portal.

    Le note vanno sull'errore standard. | Notes go to standard error.
    """
    tables = _read_tables(folder)

    def written(data: bytes) -> Written:
        made = told(data, needs=form.needs, uses=form.uses, tables=tables)
        return _of(form, made)

    if lines:

        def answer(data: bytes) -> dict[str, Any]:
            made = written(data)
            if made.data is None:
                return {"problems": render_all(made.problems, language)}
            return {"text": made.data.decode(form.encoding), "notes": render_all(made.notes, language)}

        return run(file, answer, lines=True)
    made = written(_read(file))
    if made.data is None:
        print_json({"problems": render_all(made.problems, language)})
        return 1
    sys.stdout.buffer.write(made.data)
    sys.stdout.buffer.flush()
    if made.notes:
        click.echo(json.dumps({"notes": render_all(made.notes, language)}, ensure_ascii=False), err=True)
    return 0


@flows.command()
@_format
@language_option
@_file
def check(file: IO[bytes], form: FlowFormat, language: str) -> int:
    """Controlla un file scritto da qualsiasi programma. | Check a file written by any program."""
    report = form.check(_read(file))
    print_json(_report(report, language))
    return 0 if report.valid else 1


@flows.command("list")
def list_formats() -> int:
    """Elenca i formati e quanto se ne sa. | List the formats and how much is known of them."""
    print_json({
        "formats": [
            {"format": form.key, "name": form.name, "mode": form.mode, "version": form.version, "status": form.status,
             "offered": form.offered}
            for _, form in sorted(flow_formats().items())
        ]
    })  # fmt: skip
    return 0


@flows.command()
@click.option("-o", "--output", required=True, metavar="OUT.xlsx", type=click.Path(dir_okay=False, path_type=Path),
              help="Il file: .xlsx, oppure .csv per una tabella. | The file: .xlsx, or .csv for one table.")  # fmt: skip
@click.option("--table", "keys", multiple=True, type=click.Choice(TABLES),
              help="Quale tabella, ripetibile; senza, tutte. | Which table, may be repeated; all if left out.")  # fmt: skip
@click.option("--closing-days", type=click.IntRange(1, 366), metavar="N",
              help="Minimo di giorni di chiusura nell'anno. | Least closed days in the year.")  # fmt: skip
@language_option
@_tables
@_file
def tables(
    file: IO[bytes], output: Path, keys: tuple[str, ...], closing_days: int | None, language: str, folder: Path | None
) -> int:
    """Scrive le tabelle per l'inserimento a mano, in Excel o CSV. | Write the tables for typing by hand, as XLSX or CSV."""
    suffix = output.suffix.lower()
    chosen = tuple(dict.fromkeys(keys)) or TABLES
    if suffix not in (".xlsx", ".csv"):
        raise click.UsageError(f"{output}: .xlsx, .csv")
    if suffix == ".csv" and len(chosen) != 1:
        raise click.UsageError("a CSV holds one table: --table KEY | un CSV contiene una tabella sola")
    places = _read_tables(folder)
    made = told(_read(file), uses=USES, tables=places)
    if made.movement is None:
        print_json({"problems": render_all(made.problems, language)})
        return 1
    home = made.movement.home
    every = tables_of(made.movement, language=language, places=places, closing_days=closing_days)
    wanted = [every[key] for key in TABLES if key in chosen]
    about = f"{home.name or home.id} {made.movement.first} / {made.movement.last}"
    data = to_csv(wanted[0]) if suffix == ".csv" else to_xlsx(wanted, about=about)
    keep(output, data)
    print_json({
        "file": str(output), "bytes": len(data), "notes": render_all(made.notes, language),
        "tables": [
            {"table": table.key, "title": table.title, "rows": len(table.rows), "remarks": render_all(table.remarks, language)}
            for table in wanted
        ],
    })  # fmt: skip
    return 0


def _of(form: FlowFormat, made: Told) -> Written:
    """The file of a movement; notes of both."""
    if made.movement is None:
        return Written(None, made.problems, made.notes)
    written = form.write(made.movement)
    return written._replace(notes=tuple(dict.fromkeys((*made.notes, *written.notes))))


def _read(file: IO[bytes]) -> bytes:
    try:
        return file.read()
    except OSError as fault:
        raise click.UsageError(str(fault)) from None


def _read_tables(folder: Path | None) -> Tables | None:
    if folder is None:
        return None
    from locanda import places

    try:
        return places.from_download(folder)
    except (OSError, ValueError) as fault:
        raise click.UsageError(f"--tables {folder}: {fault}") from None


def _report(report: Report, language: str) -> dict[str, Any]:
    return {
        "valid": report.valid, "days": report.days, "arrivals": report.arrivals, "departures": report.departures,
        "problems": [_ruled(problem, language) for problem in report.problems],
        "warnings": [_ruled(problem, language) for problem in report.warnings],
    }  # fmt: skip


def _ruled(problem: Problem, language: str) -> dict[str, Any]:
    """A problem with the id of the rule it breaks."""
    return {"rule": problem.fact("rule"), **problem.render(language)}


# the shape of ``flows counts`` ---------------------------------------------------------------------------------------------


def counted(moved: Movement, language: str) -> dict[str, Any]:
    """Days, months, and the whole stretch, each with a line for every residence."""
    days = list(day_counts(moved))
    beds = moved.home.beds
    return {
        "from": moved.first.isoformat(), "to": moved.last.isoformat(),
        "days": [_day(counted, language) for counted in days],
        "months": [{"month": f"{month.first:%Y-%m}", **_total(month, beds, language)} for month in month_counts(moved)],
        "total": _total(total(days), beds, language),
        "notes": render_all(moved.notes, language),
    }  # fmt: skip


def _day(counted: DayCount, language: str) -> dict[str, Any]:
    entry = counted.day
    return {
        "day": entry.day.isoformat(), "open": entry.open, "rooms": entry.rooms, "beds": entry.beds,
        "rooms_occupied": entry.rooms_occupied, "previous_night": entry.previous, "arrived": len(entry.arrived),
        "departed": len(entry.departed), "present": entry.present,
        "residences": [_line(line, language) for line in counted.rows],
    }  # fmt: skip


def _line(line: RowCount, language: str) -> dict[str, Any]:
    return {
        "kind": line.row.kind, "code": line.row.code, "name": line.row.it if language == "it" else line.row.en,
        "previous_night": line.previous, "arrived": line.arrived, "departed": line.departed, "present": line.present,
    }  # fmt: skip


def _total(month: MonthCount, beds: int | None, language: str) -> dict[str, Any]:
    return {
        "from": month.first.isoformat(), "to": month.last.isoformat(), "previous_night": month.previous,
        "arrivals": month.arrivals, "departures": month.departures, "present": month.present, "presenze": month.nights,
        "room_nights": month.room_nights, "days_open": month.days_open, "days_closed": month.days_closed,
        "zero_days": month.zero_days,
        "indices": {
            "average_stay": _rounded(month.average_stay), "gross_beds": _rounded(month.gross_beds(beds)),
            "net_beds": _rounded(month.net_beds), "rooms": _rounded(month.net_rooms),
        },
        "residences": [
            {
                "kind": line.row.kind, "code": line.row.code, "name": line.row.it if language == "it" else line.row.en,
                "previous_night": line.previous, "arrivals": line.arrived, "departures": line.departed,
                "present": line.present, "presenze": line.nights,
            }
            for line in month.rows
        ],
    }  # fmt: skip


def _rounded(value: Fraction | None) -> float | None:
    """Two decimals, halves up."""
    return None if value is None else int(value * 100 + Fraction(1, 2)) / 100
