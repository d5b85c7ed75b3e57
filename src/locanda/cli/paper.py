"""``locanda paper``: the forms as PDF, without a database (``interfaces.md``)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import click

from locanda import papers
from locanda.cli.json_door import DayType, keep, language_option, print_json
from locanda.core.json_input import read_json
from locanda.core.problems import Problem, render_all
from locanda.core.time import rome_day

__all__ = ["paper"]


@click.group()
def paper() -> None:
    """I moduli in PDF. | The forms as PDF."""


@paper.command(name="list")
@language_option
def list_(language: str) -> int:
    """Elenca i moduli. | List the forms."""
    print_json({"papers": [_listed(form, language) for form in papers.catalogue().values()]})
    return 0


@paper.command()
@click.argument("form", metavar="FORM")
def sample(form: str) -> int:
    """Stampa i dati di un esempio inventato. | Print the data of an invented example."""
    click.echo(json.dumps(papers.sample(_known(form).id), ensure_ascii=False, indent=2))
    return 0


@paper.command()
@click.option("-o", "--output", required=True, metavar="OUT.pdf", type=click.Path(dir_okay=False, path_type=Path),
              help="Il file da scrivere. | The file to write.")  # fmt: skip
@click.option("--language", default="it", show_default=True, metavar="LANG",
              help="Lingua del modulo e dei messaggi. | Language of the form and of messages.")  # fmt: skip
@click.option("--on", type=DayType(),
              help="Il giorno in cui si fa il modulo; senza, oggi. | The day it is made; today if left out.")  # fmt: skip
@click.option("--layout", type=click.Path(dir_okay=False, exists=True, path_type=Path), metavar="MAP.toml",
              help="Compila il PDF del comune invece del nostro. | Fill the comune's PDF instead of ours.")  # fmt: skip
@click.option("--draft", is_flag=True, help="Segna ogni pagina come bozza. | Mark every page as a draft.")
@click.argument("form", metavar="FORM")
@click.argument("file", type=click.File("rb"), metavar="FILE", default="-")
def write(
    form: str, file: IO[bytes], output: Path, language: str, on: date | None, layout: Path | None, *, draft: bool
) -> int:
    """Scrive il PDF di un modulo dai suoi dati. | Write the PDF of a form from its data.

    Se il modulo non ha la lingua richiesta, esce in italiano. | A form without that language comes out in Italian.
    """
    known = _known(form)
    messages = "it" if language == "it" else "en"
    spoken = {tongue for one in papers.catalogue().values() for tongue in one.languages}
    if language not in spoken:
        raise click.UsageError(f"--language {language}: {', '.join(sorted(spoken))}")
    if draft and layout is not None:
        raise click.UsageError("--draft, --layout: il PDF del comune non si segna / the comune's PDF is not marked")
    day = on or rome_day(datetime.now(UTC))
    value, found = read_json(_bytes(file))
    data = None
    if value is not None or not found:
        data, more = papers.read(known.id, value)
        found += more
    if found or data is None:
        print_json({"problems": render_all(found, messages)})
        return 1
    chosen = language if language in known.languages else "it"
    told = papers.notes(known.id, data, on=day)
    if layout is not None:
        return _laid_out(layout, known, data, output, messages, told)
    if chosen != language:
        told.insert(0, Problem.of("paper.language.absent", language=language, languages=", ".join(known.languages)))
    content = papers.write(known.id, data, language=chosen, on=day, draft=draft)
    keep(output, content)
    print_json(_told(known, chosen, output, content, told, messages))
    return 0


def _laid_out(layout: Path, form: papers.Form, data: Any, output: Path, messages: str, told: list[Problem]) -> int:
    content, found = _filled(layout, form, data)
    if content is None:
        print_json({"problems": render_all(found, messages)})
        return 1
    keep(output, content)
    print_json(_told(form, "it", output, content, told, messages))
    return 0


def _filled(layout: Path, form: papers.Form, data: Any) -> tuple[bytes | None, list[Problem]]:
    from locanda.papers.layouts import fill, read_layout

    try:
        read, found = read_layout(layout.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None, [Problem.of("paper.layout.file", "", name=layout.name)]
    if read is None:
        return None, found
    if read.form != form.id:
        return None, [Problem.of("paper.layout.other_form", "form", value=read.form)]
    try:
        pdf = (layout.parent / read.pdf).read_bytes()
    except (OSError, ValueError):
        return None, [Problem.of("paper.layout.file", "pdf", name=read.pdf)]
    return fill(pdf, read, data)


def _told(
    form: papers.Form, language: str, output: Path, content: bytes, notes: list[Problem], messages: str
) -> dict[str, Any]:
    return {
        "form": form.id, "language": language, "file": str(output), "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(), "notes": render_all(notes, messages),
    }  # fmt: skip


def _known(form_id: str) -> papers.Form:
    try:
        return papers.form(form_id)
    except papers.UnknownForm as fault:
        raise click.UsageError(str(fault)) from None


def _listed(form: papers.Form, language: str) -> dict[str, Any]:
    tongue = "it" if language == "it" else "en"
    return {
        "id": form.id, "number": form.number or None, "comune": form.numbered_for or None,
        "title": form.title.get(tongue, form.title["it"]), "purpose": form.purpose[tongue], "signs": form.signs[tongue],
        "languages": list(form.languages), "law": list(form.law), "status": form.status,
        "kept": getattr(form.kept, tongue),
    }  # fmt: skip


def _bytes(file: IO[bytes]) -> bytes:
    try:
        return file.read()
    except OSError as fault:
        raise click.UsageError(str(fault)) from None
