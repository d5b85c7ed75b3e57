"""``locanda simulator``: a portal of one's own, for trying things and for drills in other processes.

The first line on standard output is the address of the service, alone, so that a script can read it; everything said to
people goes to standard error.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from locanda.cli.simulated import INVENTED, SIMULATED, Simulated
from locanda.core.time import parse_instant
from locanda.portals.simulated_clock import SimClock

__all__ = ["INVENTED", "simulator"]


class InstantType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """An instant with its offset."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return parse_instant(value)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not an instant such as 2026-07-10T16:00+02:00", param, ctx)


@click.command()
@click.option(
    "--portal", type=click.Choice(tuple(SIMULATED)), default="alloggiati", show_default=True,
    help="Quale portale. | Which portal.",
)  # fmt: skip
@click.option("--port", default=0, show_default=True, help="Porta; 0 ne sceglie una libera. | 0 picks a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Indirizzo su cui ascoltare. | Address to listen on.")
@click.option("--allow-remote", is_flag=True, help="Ascolta anche per altre macchine. | Other machines may call it.")
@click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), help="File che conserva il registro. | Keeps the ledger."
)
@click.option("--clock", type=InstantType(), help="Che ora è nel portale. | What time it is there.")
@click.option("--stopped", is_flag=True, help="L'orologio non cammina. | The clock stands still.")
@click.option(
    "--account", "accounts", multiple=True,
    help="alloggiati: USER:PASSWORD:WSKEY[:hotel|apartments[:PROV]]; ross1000: USER:PASSWORD:CODE[,CODE...]. "
    "Ripetibile. | May be repeated.",
)  # fmt: skip
@click.option("--switch", "changes", multiple=True, metavar="NAME=VALUE", help="Come si comporta. | How it behaves.")
@click.option("--list-switches", is_flag=True, help="Elenca gli interruttori. | List the switches.")
@click.option("--list-faults", is_flag=True, help="Elenca i guasti a richiesta. | List the faults on demand.")
def simulator(
    *, portal: str, port: int, host: str, allow_remote: bool, state: Path | None, clock: datetime | None, stopped: bool,
    accounts: tuple[str, ...], changes: tuple[str, ...], list_switches: bool, list_faults: bool,
) -> None:  # fmt: skip
    """Serve un portale simulato su questa macchina: Alloggiati Web o ROSS1000; non ha nessun valore.

    Serve a simulated portal on this machine, Alloggiati Web or ROSS1000; of no value to any authority.
    """
    kind = SIMULATED[portal]
    behaviour = _behaviour(kind, changes)
    if list_switches:
        for switch in kind.switches(behaviour):
            choices = f" [{', '.join(map(repr, switch.choices))}]" if switch.choices else ""
            click.echo(f"{switch.name}={switch.value!r}{choices}  {switch.meaning}".rstrip())
        return
    if list_faults:
        for fault, meaning in kind.faults.items():
            click.echo(f"{fault}  {meaning}")
        return
    chosen = [_account(kind, account) for account in accounts] or list(kind.invented)
    if len({account.user for account in chosen}) != len(chosen):
        raise click.UsageError("the same user twice | lo stesso utente due volte")
    try:
        served = kind.make(
            chosen, clock=SimClock(clock, running=not stopped), behaviour=behaviour, state=state, host=host, port=port,
            allow_remote=allow_remote,
        )  # fmt: skip
        served.up()
    except (OSError, ValueError, OverflowError, sqlite3.Error) as problem:
        raise click.UsageError(str(problem)) from None
    click.echo(served.url)
    click.echo(f"SIMULATORE {kind.name}: {served.url}{kind.page}  comandi: {served.control_url}state", err=True)
    if not accounts:
        for account in chosen:
            click.echo(f"utente inventato {kind.said(account)}", err=True)
    try:
        served.wait()
    except KeyboardInterrupt:
        click.echo("SIMULATORE chiuso.", err=True)
    finally:
        served.close()


def _account(kind: Simulated, text: str) -> Any:
    try:
        return kind.account(text)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from None


def _behaviour(kind: Simulated, changes: tuple[str, ...]) -> Any:
    wanted: dict[str, object] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise click.UsageError(f"{change}: a switch is NAME=VALUE")
        wanted[name.strip()] = value
    try:
        return kind.set_switches(kind.behaviour, wanted)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from None
