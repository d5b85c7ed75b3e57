"""What the stateless doors share: one JSON object in, one out; with ``--lines`` one a line (``interfaces.md``)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import click

from locanda.core.problems import LANGUAGES
from locanda.core.readers import day
from locanda.law.deadlines import When

__all__ = ["DayType", "amount", "keep", "language_option", "lines_option", "print_json", "run", "written"]

Answer = Callable[[bytes], dict[str, Any]]
"""From the bytes of one object to the object to print; a key ``problems`` makes the exit status 1."""

language_option = click.option(
    "--language", type=click.Choice(LANGUAGES), default="it", show_default=True, help="Lingua. | Language."
)
lines_option = click.option("--lines", is_flag=True, help="Un oggetto per riga. | One object per line.")


class DayType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A plain day, ``2026-07-10``."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        read: date | None = day(value, "", [])
        if read is not None:
            return read
        return self.fail(f"{value!r} is not a day such as 2026-07-10", param, ctx)


def run(file: IO[bytes], answer: Answer, *, lines: bool) -> int:
    """Print the answer to the file, or to each of its lines; 1 when any has problems."""
    status = 0
    for data in _read(file, lines=lines):
        told = answer(data)
        print_json(told)
        status = 1 if told.get("problems") else status
    return status


def _read(file: IO[bytes], *, lines: bool) -> Iterator[bytes]:
    """What cannot be read is a wrong call; what goes wrong while writing is not told here."""
    try:
        yield from file if lines else [file.read()]
    except OSError as fault:
        raise click.UsageError(str(fault)) from None


def keep(output: Path, content: bytes) -> None:
    """Whole or not at all: a file that stood there is replaced in one step. Into what is no file (a pipe) it is written."""
    beside = output.with_name(f".{output.name}.part")
    try:
        if output.exists() and not output.is_file():
            output.write_bytes(content)
            return
        try:
            beside.write_bytes(content)
            beside.replace(output)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise click.UsageError(f"{output}: {fault.strerror}") from None


def print_json(value: object) -> None:
    """JSON in UTF-8; half characters of broken input become JSON escapes instead of stopping the output."""
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def written(when: When) -> str:
    """A day, or an instant with its offset; seconds only when there are some."""
    if isinstance(when, datetime):
        return when.isoformat(timespec="auto" if when.second or when.microsecond else "minutes")
    return when.isoformat()


def amount(cents: int | None) -> str | None:
    """Cents as ``"95.00"``; None stays None."""
    return None if cents is None else f"{cents // 100}.{cents % 100:02}"
