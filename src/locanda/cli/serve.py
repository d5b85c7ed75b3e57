"""``locanda serve``: the pages and the engine, on real portals, in LOCANDA_HOME."""

from __future__ import annotations

import multiprocessing
import os
import socket

import click

from locanda.cli.database import open_database

__all__ = ["refuse_taken", "serve", "serve_pages"]


def refuse_taken(host: str, port: int) -> None:
    """The server would share a port with another one without a word: of two guests one would land in the demo."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((host, port), family=family).close()
    except OSError:
        raise click.ClickException(
            f"non si può ascoltare su {host}:{port}: scegli un'altra --port / cannot listen there: choose another --port"
        ) from None


def serve_pages(host: str, port: int) -> None:
    """Serve the pages in a process of their own, with the engine beside them, until interrupted.

    That process begins anew: a copy of this one (fork) would lack the threads of the typesetter, and no PDF would ever be done.
    """
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["LOCANDA_ENGINE"] = "loop"
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "locanda.web.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=1,
        blocking_threads=8, log_enabled=False, respawn_failed_workers=True,
    )  # fmt: skip
    server.serve()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Indirizzo su cui ascoltare. | Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Porta. | Port.")
def serve(host: str, port: int) -> None:
    """Apre le pagine e invia ciò che è dovuto, con i portali veri. | Serve the pages and send what is due, to real portals."""
    refuse_taken(host, port)
    open_database()
    from locanda.archive.models import FlowCredential, Installation, PoliceCredential

    installation = Installation.current()
    if installation is not None and installation.demo:
        raise click.ClickException(
            "questo è il database della demo: usa un'altra LOCANDA_HOME / this is the demo's database: use another LOCANDA_HOME"
        )
    if any(kind.everywhere.exclude(endpoint="").exists() for kind in (PoliceCredential, FlowCredential)):
        raise click.ClickException(
            "una credenziale punta a un simulatore: fuori dalla demo non si può / "
            "a credential points to a simulator: only a demo may"
        )
    click.echo(f"Locanda: http://{host}:{port}/")
    serve_pages(host, port)
