"""The program ``locanda``. A command's module is imported when the command is called, so that the pure ones start fast.

To add a command: a module in ``locanda.cli`` and one line in :data:`COMMANDS`.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import click

__all__ = ["COMMANDS", "Entry", "cli", "main"]


class Entry(NamedTuple):
    """Where a command lives (``module:attribute``) and its line in ``locanda --help``."""

    target: str
    help: str


COMMANDS: dict[str, Entry] = {
    "tax": Entry("locanda.cli.tax:tax", "L'imposta di soggiorno. | The tourist tax."),
    "sanction": Entry("locanda.cli.sanction:sanction", "Che cosa si rischia. | What is at stake."),
    "flows": Entry("locanda.cli.flows:flows", "Conta arrivi e presenze, scrive i file. | Count visitors, write their files."),
    "duties": Entry("locanda.cli.duties:duties", "Che cosa si deve fare, entro quando. | What is due, by when."),
    "authority": Entry("locanda.cli.authority:authority", "Gli uffici e le loro regole. | Offices and their rules."),
    "code": Entry("locanda.cli.code:code", "Controlla CIN, codice fiscale, IBAN... | Check identification codes."),
    "paper": Entry("locanda.cli.paper:paper", "I moduli in PDF. | The forms as PDF."),
    "pack": Entry("locanda.cli.pack:pack", "Controlla ed elenca i territori. | Check and list territories."),
    "schedine": Entry("locanda.cli.schedine:schedine", "Scrive e verifica le schedine. | Write and check police records."),
    "simulator": Entry("locanda.cli.simulator:simulator", "Un portale simulato, che non vale. | A simulated portal, no value."),
    "demo": Entry("locanda.cli.demo:demo", "Una giornata con ospiti inventati. | A day on invented guests."),
    "key": Entry("locanda.cli.keys:key", "Cambia la chiave che cifra i dati. | Change the key that encrypts the data."),
    "serve": Entry("locanda.cli.serve:serve", "Apre le pagine e invia ciò che è dovuto. | Serve the pages, send what is due."),
    "tables": Entry("locanda.cli.tables:tables", "Tabelle dei codici del portale. | The portal's code tables."),
    "user": Entry("locanda.cli.user:user", "Persone che entrano. | People who log in."),
    "verify": Entry("locanda.cli.keys:verify", "Verifica che tutto sia integro. | Verify that everything is whole."),
}


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""Faults of what is written to, not ours."""


class TwoLanguages(click.HelpFormatter):
    """Help whose headings are Italian and English, as its texts are."""

    _WORDS = {
        "Options": "Opzioni | Options",
        "Commands": "Comandi | Commands",
        "Show this message and exit.": "Mostra questo aiuto. | Show this message.",
    }

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, "Uso | Usage: " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(self._WORDS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, self._WORDS.get(text, text)) for name, text in rows], col_max, col_spacing)


click.Context.formatter_class = TwoLanguages


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *self.commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = entry.target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        for one in getattr(command, "commands", {}).values():  # both languages in the list, not the first sentence alone
            one.short_help = one.short_help or " ".join((one.help or "").split("\n\n")[0].split())
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader went away: nobody is left to tell; click would end with 1, as for bad data
            _write_no_more()
            return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="locanda", prog_name="locanda", help="Mostra la versione. | Show the version.")
def cli() -> None:
    """Dall'arrivo dell'ospite alla ricevuta di ogni ente. | From the guest's arrival to every authority's receipt."""


def _last_resort(fault: Exception) -> int:
    """A fault of ours: one line that says of what kind it is and where, never what it says (it could name a guest)."""
    if os.environ.get("LOCANDA_DEBUG") == "1":
        traceback.print_exception(fault)
    last = traceback.extract_tb(fault.__traceback__)[-1:]
    where = f" ({Path(last[0].filename).name}:{last[0].lineno})" if last else ""
    click.echo(
        f"locanda: errore imprevisto / unexpected error: {type(fault).__name__}{where}. "
        "Con LOCANDA_DEBUG=1 si vede tutto / LOCANDA_DEBUG=1 shows all of it.",
        err=True,
    )
    return 70


def _write_no_more() -> None:
    """What is still in the buffer of standard output would fail again when the program ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(arguments: list[str] | None = None) -> int:
    """Run the program; a wrong call is one line on standard error and status 2, never a traceback."""
    if sys.stdin is None:  # closed by whoever called: there is nothing to read
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - as long as the program lives
    try:
        if sys.stdout is None:
            raise click.ClickException("l'uscita è chiusa / the output is closed")
        outcome = cli.main(args=arguments, prog_name="locanda", standalone_mode=False)
        status = outcome if isinstance(outcome, int) else 0
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        status = stop.exit_code
    except click.exceptions.NoArgsIsHelpError as stop:
        click.echo(stop.format_message())
        status = 2
    except click.ClickException as wrong:
        click.echo("locanda: " + " ".join(wrong.format_message().split()), err=True)
        status = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("locanda: interrotto", err=True)
        status = 130
    except BrokenPipeError:
        _write_no_more()
        status = 0
    except OSError as fault:
        if fault.errno not in _FULL:
            status = _last_resort(fault)
        else:
            _write_no_more()
            click.echo(f"locanda: non riesco a scrivere / cannot write: {fault.strerror}", err=True)
            status = 2
    except Exception as fault:
        status = _last_resort(fault)
    if arguments is None:
        sys.exit(status)
    return status


if __name__ == "__main__":
    main()
