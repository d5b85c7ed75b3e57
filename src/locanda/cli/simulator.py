"""``locanda simulator``: an Alloggiati Web of one's own, for trying things and for drills in other processes.

The first line on standard output is the address of the service, alone, so that a script can read it; everything said to
people goes to standard error.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from locanda.core.time import parse_instant
from locanda.portals.alloggiati.simulator import KINDS, Account, Behaviour, SimClock, Simulator, set_switches, switches

__all__ = ["simulator"]

INVENTED = (
    Account("BA000001", "invenzione-1", "CHIAVE+inventata/0001=="),
    Account("BA000002", "invenzione-2", "CHIAVE+inventata/0002==", category="apartments"),
)
"""The accounts of a simulator started without any."""


class AccountType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """``USER:PASSWORD:WSKEY``, then if wished ``:hotel`` or ``:apartments``, then ``:PROVINCE``."""

    name = "account"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Account:
        if isinstance(value, Account):
            return value
        parts = str(value).split(":")
        if not 3 <= len(parts) <= 5 or not all(parts):
            self.fail("an account is USER:PASSWORD:WSKEY[:hotel|apartments[:PROVINCE]]", param, ctx)
        user, password, wskey, category, province = (*parts, *("hotel", "BA")[len(parts) - 3 :])
        if category == "hotel":
            return Account(user, password, wskey, category="hotel", province=province.upper())
        if category == "apartments":
            return Account(user, password, wskey, category="apartments", province=province.upper())
        return self.fail(f"{category} is no category: hotel or apartments", param, ctx)


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
@click.option("--port", default=0, show_default=True, help="Porta; 0 ne sceglie una libera. | 0 picks a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Indirizzo su cui ascoltare. | Address to listen on.")
@click.option("--allow-remote", is_flag=True, help="Ascolta anche per altre macchine. | Other machines may call it.")
@click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), help="File che conserva il registro. | Keeps the ledger."
)
@click.option("--clock", type=InstantType(), help="Che ora è nel portale. | What time it is there.")
@click.option("--stopped", is_flag=True, help="L'orologio non cammina. | The clock stands still.")
@click.option(
    "--account", "accounts", type=AccountType(), multiple=True,
    help="USER:PASSWORD:WSKEY[:hotel|apartments[:PROV]], ripetibile. | May be repeated.",
)  # fmt: skip
@click.option("--switch", "changes", multiple=True, metavar="NAME=VALUE", help="Come si comporta. | How it behaves.")
@click.option("--list-switches", is_flag=True, help="Elenca gli interruttori. | List the switches.")
@click.option("--list-faults", is_flag=True, help="Elenca i guasti a richiesta. | List the faults on demand.")
def simulator(
    *, port: int, host: str, allow_remote: bool, state: Path | None, clock: datetime | None, stopped: bool,
    accounts: tuple[Account, ...], changes: tuple[str, ...], list_switches: bool, list_faults: bool,
) -> None:  # fmt: skip
    """Serve un portale Alloggiati Web simulato su questa macchina; nessun valore verso la Questura.

    Serve a simulated police portal on this machine; of no value to any authority.
    """
    behaviour = _behaviour(changes)
    if list_switches:
        for switch in switches(behaviour):
            choices = f" [{', '.join(map(repr, switch.choices))}]" if switch.choices else ""
            click.echo(f"{switch.name}={switch.value!r}{choices}  {switch.meaning}".rstrip())
        return
    if list_faults:
        for kind, meaning in KINDS.items():
            click.echo(f"{kind}  {meaning}")
        return
    chosen = accounts or INVENTED
    if len({account.user for account in chosen}) != len(chosen):
        raise click.UsageError("the same user twice | lo stesso utente due volte")
    try:
        served = Simulator(
            chosen, clock=SimClock(clock, running=not stopped), behaviour=behaviour, state=state, host=host, port=port,
            allow_remote=allow_remote,
        )  # fmt: skip
        served.up()
    except (OSError, ValueError, OverflowError, sqlite3.Error) as problem:
        raise click.UsageError(str(problem)) from None
    click.echo(served.url)
    click.echo(f"SIMULATORE Alloggiati Web: {served.url}?wsdl  comandi: {served.control_url}state", err=True)
    if not accounts:
        for account in INVENTED:
            said = f"{account.user}  password {account.password}  WSKEY {account.wskey}  ({account.category})"
            click.echo(f"utente inventato {said}", err=True)
    try:
        served.wait()
    except KeyboardInterrupt:
        click.echo("SIMULATORE chiuso.", err=True)
    finally:
        served.close()


def _behaviour(changes: tuple[str, ...]) -> Behaviour:
    wanted: dict[str, object] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise click.UsageError(f"{change}: a switch is NAME=VALUE")
        wanted[name.strip()] = value
    try:
        return set_switches(Behaviour(), wanted)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from None
