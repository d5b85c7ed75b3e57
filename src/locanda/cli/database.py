"""What every command with a database does first: find the home, load the settings, bring the tables up to date."""

from __future__ import annotations

import os
from pathlib import Path

import click

__all__ = ["open_database"]


def open_database(*, home: Path | None = None, migrate: bool = True) -> None:
    """Make Django ready. A missing key or an unreachable database is one line, never a traceback.

    Whatever this process and those it starts write from here on (database, journal, key) is for their owner alone.
    """
    os.umask(0o077)
    if home is not None:
        os.environ["LOCANDA_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locanda.settings")
    import django
    from django.db import Error

    from locanda.archive.database import DatabaseAddressError
    from locanda.archive.keyring import KeyringError
    from locanda.office.mail_server import MailAddressError
    from locanda.office.public_address import PublicAddressError

    try:
        django.setup()
        if migrate:
            from django.core.management import call_command

            call_command("migrate", verbosity=0, interactive=False)
            from locanda.archive.rotation import check_master_key

            check_master_key()
    except (KeyringError, DatabaseAddressError, MailAddressError, PublicAddressError) as problem:
        raise click.ClickException(str(problem)) from None
    except Error as problem:
        raise click.ClickException(f"il database non risponde / the database does not answer: {problem}") from None
    except OSError as problem:
        raise click.ClickException(f"{problem.strerror}: {problem.filename}") from None
