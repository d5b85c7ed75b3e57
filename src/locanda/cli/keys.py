"""``locanda key`` and ``locanda verify``: the keys outside the database, and the proof that history is whole."""

from __future__ import annotations

import click

from locanda.cli.database import open_database

__all__ = ["key", "verify"]


@click.group()
def key() -> None:
    """La chiave che cifra i dati. | The key that encrypts the data."""


@key.command()
@click.option("--accounts", is_flag=True, help="Cambia anche le chiavi di ogni account. | New keys for the accounts too.")
def rotate(accounts: bool) -> None:  # noqa: FBT001 - a flag of click
    """Cambia la chiave principale; ferma prima «locanda serve». | Change the master key; stop `locanda serve` first."""
    open_database()
    from locanda.archive.keyring import KeyringError
    from locanda.archive.models import Account
    from locanda.archive.rotation import rotate_account_key, rotate_master_key

    try:
        values = sum(rotate_account_key(account) for account in Account.objects.all()) if accounts else 0
        number = rotate_master_key()
    except KeyringError as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"Chiave cambiata: {number} account, {values} valori cifrati di nuovo. | Key changed.")


@click.command()
def verify() -> None:
    """Verifica la catena degli eventi, le ricevute e i confini fra account. | Verify history, receipts and tenancy."""
    open_database()
    from locanda.archive.audit import audit

    found = list(audit())
    for fault in found:
        click.echo(f"{fault.account}: {fault.what}")
    if found:
        raise click.exceptions.Exit(1)
    click.echo("Tutto integro. | Everything is whole.")
