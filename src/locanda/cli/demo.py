"""``locanda demo``: the story on invented guests, then the pages; in a folder of its own, made new every time."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from locanda.cli.database import open_database

__all__ = ["demo"]

_DATABASE = "locanda.sqlite3"


@click.command()
@click.option("--once", is_flag=True, help="Finisce dopo la storia. | End after the story.")
@click.option("--home", type=click.Path(path_type=Path), help="Cartella della demo. | The demo's folder.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Indirizzo su cui ascoltare. | Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Porta. | Port.")
@click.option("--language", type=click.Choice(["it", "en"]), default="it", show_default=True, help="Lingua. | Language.")
def demo(once: bool, home: Path | None, host: str, port: int, language: str) -> None:  # noqa: FBT001 - a flag of click
    """Una giornata con ospiti inventati e portali simulati. | A day with invented guests and simulated portals."""
    from locanda.archive.keyring import home as usual_home
    from locanda.cli.serve import refuse_taken, serve_pages

    if not once:
        refuse_taken(host, port)
    folder = home or usual_home() / "demo"
    _begin_anew(folder)
    for name in ("LOCANDA_DATABASE_URL", "LOCANDA_KEY", "LOCANDA_KEY_FILE"):
        os.environ.pop(name, None)  # never the operator's own database or key
    open_database(home=folder)
    from locanda.office import story
    from locanda.office.demo import EMAIL, PASSWORD
    from locanda.office.demo import demo as open_demo

    with open_demo(story.story_start(datetime.now(UTC))) as house:
        try:
            story.tell(house, language=language, say=click.echo)
        except story.StoryBroken as broken:
            raise click.ClickException(f"la storia si è interrotta / the story broke: {broken}") from None
        if once:
            return
        sys.stdout.flush()
        click.echo("")
        click.echo(f"Pagine: http://{host}:{port}/   {EMAIL}   {PASSWORD}   (Ctrl-C)")
        serve_pages(host, port)


def _begin_anew(folder: Path) -> None:
    """Empty the demo's folder of what an earlier demo left; refuse a folder that holds somebody's real work.

    A key without a database is left alone and used: it may be the one of a database that stands elsewhere.
    """
    database = folder / _DATABASE
    if database.exists():
        if not _is_demo(database):
            raise click.ClickException(f"{folder} non è la cartella di una demo / is not a demo's folder")
        for name in ("key", f"{_DATABASE}-wal", f"{_DATABASE}-shm", _DATABASE):  # the database last: it says that it is a demo
            (folder / name).unlink(missing_ok=True)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise click.ClickException(f"{problem.strerror}: {problem.filename}") from None


def _is_demo(database: Path) -> bool:
    import sqlite3
    from contextlib import closing

    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT demo FROM archive_installation").fetchone()
            return bool(row[0]) if row else not db.execute("SELECT 1 FROM archive_account").fetchone()
    except sqlite3.Error:
        return False
