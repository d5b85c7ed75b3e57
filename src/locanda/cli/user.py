"""``locanda user``: people who may log in, for whoever runs the machine."""

from __future__ import annotations

import os
import sys

import click

from locanda.cli.database import open_database

__all__ = ["user"]


class _Password(click.Option):
    """Asked for at a terminal; without one, a line of standard input, or the same line twice."""

    def prompt_for_value(self, ctx: click.Context) -> object:
        if _terminal():
            return super().prompt_for_value(ctx)
        typed = {line for line in sys.stdin.read(10_000).splitlines() if line}
        if len(typed) != 1:
            raise click.UsageError("manca --password, e qui non si può chiedere / is missing, and nobody can be asked")
        return typed.pop()


def _terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))  # where a password is asked for, whatever the input is
    except OSError:
        return sys.stdin.isatty()
    return True


@click.group()
def user() -> None:
    """Le persone che entrano. | The people who log in."""


@user.command()
@click.argument("email")
@click.option("--name", default="", help="Nome e cognome. | Full name.")
@click.option("--account", help="Nome dell'account; nuovo se non c'è. | Account's name; made when it is not there.")
@click.option(
    "--role", type=click.Choice(["owner", "manager", "front_desk", "reader"]), default="owner", show_default=True,
    help="Che cosa può fare. | What they may do.",
)  # fmt: skip
@click.password_option(cls=_Password, help="Password; se manca, si chiede. | Password; asked for when missing.")
def add(email: str, name: str, account: str | None, role: str, password: str) -> None:
    """Aggiunge una persona a un account. | Add a person to an account."""
    open_database()
    from locanda.archive.models import Account, Person
    from locanda.office import accounts, clock

    _good(email, password)
    known = Person.objects.filter(email=email.lower()).exists()
    found = Account.objects.filter(name=account) if account else Account.objects.all()
    if not found.exists():
        role = "owner"  # whoever opens an account owns it
        accounts.open_account(account or "Locanda", email=email, password=password, full_name=name, now=clock.now())
    elif found.count() > 1:
        names = ", ".join(found.values_list("name", flat=True)[:10])
        raise click.ClickException(f"quale account? / which account? --account: {names}")
    else:
        accounts.add_person(found.get(), email=email, full_name=name, role=role, password=password, now=clock.now(), by=None)
    kept = "; era già nota, tiene la sua password / already known, keeps the password they have" if known else ""
    click.echo(f"{email}: {role}{kept}")


@user.command("password")
@click.argument("email")
@click.password_option(cls=_Password, help="Password; se manca, si chiede. | Password; asked for when missing.")
def new_password(email: str, password: str) -> None:
    """Dà una nuova password a chi ha perso la sua. | Give a new password to somebody who lost theirs."""
    open_database()
    from locanda.archive.models import Person
    from locanda.office import accounts, clock

    _good(email, password)
    person = Person.objects.filter(email=email.lower()).first()
    if person is None:
        raise click.ClickException(f"nessuno entra con {email} / nobody logs in with {email}")
    accounts.replace_password(person, password, now=clock.now())
    click.echo(f"{person.email}: password nuova, chi era dentro rientra / new password, whoever was in logs in again")


def _good(email: str, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(email)
        validate_password(password)
    except ValidationError as weak:
        raise click.ClickException(" ".join(weak.messages)) from None
