"""``locanda code check``: is this identification code one that can exist? (``interfaces.md``)"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from locanda.core.codes import KINDS, UnknownComune
from locanda.core.codes import check as check_code
from locanda.core.problems import LANGUAGES, render_all
from locanda.core.time import rome_day

__all__ = ["code"]


@click.group()
def code() -> None:
    """Controlla CIN, codice fiscale, IBAN e altri codici. | Check identification codes."""


# a value may begin with a hyphen, and is never an option of ours
@code.command(context_settings={"ignore_unknown_options": True})
@click.option("--comune", metavar="ISTAT", help="Comune della struttura (CIN, CIR, CIS, IUN). | Comune of the property.")
@click.option("--language", type=click.Choice(LANGUAGES), default="it", show_default=True, help="Lingua. | Language.")
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("value", metavar="VALUE")
def check(kind: str, value: str, comune: str | None, language: str) -> int:
    """Dice se un codice è valido, da guardare o sbagliato. | Say whether a code is valid, doubtful or invalid.

    KIND: cin, cir, cis, iun, codice-fiscale, partita-iva, iban, pagopa-notice. Di nessun codice si dice se è stato davvero
    dato a qualcuno. | Whether a code was ever given to anybody is not known here.
    """
    # bytes of the shell that are no text come as halves of characters, which cannot be printed again
    value = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        result = check_code(kind, value, comune, on=rome_day(datetime.now(UTC)))
    except UnknownComune:
        raise click.UsageError(f"--comune {comune}: nessun comune si chiama o si numera così / no such comune") from None
    verdict = {
        "level": result.level,
        "normalised": result.normalised,
        "warnings": render_all(result.warnings, language),
    }
    click.echo(json.dumps(verdict, ensure_ascii=False))
    return 0 if result.usable else 1
