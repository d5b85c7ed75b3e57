"""``locanda tables``: the code tables of the police portal."""

from __future__ import annotations

from pathlib import Path

import click

from locanda.cli.database import open_database

__all__ = ["tables"]

_MOST = 40


@click.group()
def tables() -> None:
    """Le tabelle dei codici del portale. | The portal's code tables."""


@tables.command()
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Cartella con comuni.csv, stati.csv, documenti.csv della pagina di download; senza, si chiede al portale. | "
    "Folder with the files of the download page; without it, the portal is asked.",
)  # fmt: skip
@click.option("--credential", help="Nome della credenziale da usare (se sono più d'una). | Credential to use.")
def sync(folder: Path | None, credential: str | None) -> None:
    """Carica le tabelle e mostra che cosa cambia; da allora valgono loro. | Load the tables and show what changes."""
    open_database()
    from locanda.office import clock
    from locanda.office import tables as office
    from locanda.portals.alloggiati.errors import PortalError

    now = clock.now()
    try:
        loaded = office.load_folder(folder, at=now) if folder is not None else _from_portal(credential)
    except PortalError as problem:
        said = problem.problem()
        raise click.ClickException(f"{said.message()} {said.hint()}") from None
    except (FileNotFoundError, ValueError) as problem:
        raise click.ClickException(str(problem)) from None
    for one in loaded:
        if one.bad_lines:
            first = " ".join(one.bad_lines[0].text.split())[:60]
            click.echo(
                f"{one.kind}: righe che non si leggono, lasciate fuori: {len(one.bad_lines)} (la prima: {first}) | "
                "lines that cannot be read, left out",
                err=True,
            )
        if one.version is None:
            click.echo(f"{one.kind}: invariata | unchanged")
            continue
        click.echo(f"{one.kind}: nuova versione, differenze: {one.changes} | new version, differences: {one.changes}")
        for change in one.version.changes[:_MOST]:
            before, after = change["before"] or "-", change["after"] or "-"
            click.echo(f"  {change['kind']:<8} {change['code']}  {change['label']}  {before} -> {after}")
        if one.changes > _MOST:
            click.echo(f"  … (+{one.changes - _MOST})")


def _from_portal(label: str | None) -> list:  # type: ignore[type-arg]
    from locanda.archive.models import PoliceCredential
    from locanda.delivery.courier import NoKeys, RealPortalInDemo, SimulatorOutsideDemo
    from locanda.office import clock
    from locanda.office import tables as office
    from locanda.office.engine import couriers

    found = PoliceCredential.everywhere.filter(status=PoliceCredential.Status.ACTIVE).exclude(sealed_keys=None)
    found = found.filter(label=label) if label else found
    credential = found.select_related("account").first()
    if credential is None:
        raise click.ClickException(
            "non c'è nessuna credenziale attiva: inseriscila nelle pagine, o usa --folder / "
            "there is no active credential: enter one in the pages, or use --folder"
        )
    try:
        courier = couriers().of(credential)
    except (NoKeys, RealPortalInDemo, SimulatorOutsideDemo):
        raise click.ClickException(
            f"«{credential.label}»: una demo parla solo con un portale simulato, e solo una demo / "
            "a demo speaks to a simulated portal only, and nothing else does"
        ) from None
    return office.load_portal(courier, at=clock.now())
