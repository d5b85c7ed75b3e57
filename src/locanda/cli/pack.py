"""``locanda pack check`` and ``locanda pack list``: territories as data (``interfaces.md``; docs/pack-schema.md)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from locanda.cli.json_door import language_option, print_json
from locanda.core.time import rome_day
from locanda.law.packs import BrokenPack, PackInfo
from locanda.law.packs.loading import check_text, tree
from locanda.law.packs.tree import Tree, is_pack

__all__ = ["pack"]


@click.group()
def pack() -> None:
    """Controlla ed elenca i territori. | Check and list territories."""


@pack.command()
@language_option
@click.argument("file", metavar="FILE")
def check(file: str, language: str) -> int:
    """Controlla un file di territorio. | Check a territory file.

    Un file dentro un albero (it/regione/provincia/...) è letto insieme a quelli sopra di lui; un file altrove, o «-», insieme ai
    territori del programma, secondo il suo codice ISTAT.
    """
    text, where, place = _source(file)
    faults = check_text(text, file, place=place, where=where)
    print_json({"file": file, "problems": [fault.render(language) for fault in faults]})
    return int(bool(faults))


@pack.command("list")
@language_option
def list_(language: str) -> int:
    """L'albero dei territori, con stato ed età. | The tree of territories with status and age."""
    try:
        rows = tree()
    except BrokenPack as broken:
        print_json({"problems": [fault.render(language) for fault in broken.faults]})
        return 1
    print_json({"territories": _branches(rows, rome_day(datetime.now(UTC)))})
    return 0


def _source(file: str) -> tuple[str, Tree | None, str | None]:
    """The text, and where it lies in a tree of territories."""
    if file == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace"), None, None
    path = Path(file)
    if not is_pack(path):
        raise click.UsageError(f"{file} is not a territory file: those end in .toml, examples are something else")
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError as fault:
        raise click.UsageError(str(fault)) from None
    whole = path.resolve()
    for folder in whole.parents:
        if (folder / f"{folder.name}.toml").is_file() and len(folder.name) == 2:
            place = whole.relative_to(folder.parent).with_suffix("")
            own = place.name == place.parent.name
            return text, Tree(folder.parent), str(place.parent if own else place)
    return text, None, None


def _branches(rows: Sequence[PackInfo], today: date) -> list[dict[str, Any]]:
    """Rows as a tree: parents come before their children."""
    roots: list[dict[str, Any]] = []
    by_path: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry: dict[str, Any] = {
            "path": row.path, "level": row.level, "name": row.name, "istat": row.istat, "status": row.status,
            "statuses": dict(row.statuses), "read_on": row.read_on.isoformat() if row.read_on else None,
            "age_days": (today - row.read_on).days if row.read_on else None, "items": dict(row.items), "children": [],
        }  # fmt: skip
        parent = by_path.get(row.path.rpartition("/")[0])
        (parent["children"] if parent else roots).append(entry)
        by_path[row.path] = entry
    return roots
