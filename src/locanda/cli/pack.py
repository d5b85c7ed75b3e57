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
from locanda.law.packs.reader import text_of
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
    territori del programma, secondo il suo codice ISTAT. | A file inside a tree (it/region/province/...) is read with those
    above it; one elsewhere, or `-`, with the program's own, by its ISTAT code.
    """
    raw, where, place = _source(file)
    text, unread = text_of(raw, file)
    faults = unread or check_text(text, file, place=place, where=where)
    print_json({"file": file, "problems": [fault.render(language) for fault in faults]})
    return int(bool(faults))


@pack.command("list")
@language_option
@click.option("--plain", is_flag=True, help="In parole, un territorio per riga. | In words, a territory a line.")
def list_(language: str, *, plain: bool) -> int:
    """L'albero dei territori, con stato ed età. | The tree of territories with status and age."""
    try:
        rows = tree()
    except BrokenPack as broken:
        print_json({"problems": [fault.render(language) for fault in broken.faults]})
        return 1
    today = rome_day(datetime.now(UTC))
    if plain:
        for row in rows:
            click.echo(_in_words(row, today, language))
    else:
        print_json({"territories": _branches(rows, today)})
    return 0


_WORDS = {
    "it": {
        "law": "di legge", "official": "da un'autorità", "press": "dalla stampa", "disputed": "da fonti discordi",
        "unverified": "da verificare", "bare": "solo il nome", "read": "letto da {days} giorni", "today": "letto oggi",
        "nothing": "nessun file",
    },
    "en": {
        "law": "from the law", "official": "from an authority", "press": "from the press", "disputed": "disputed",
        "unverified": "to be checked", "bare": "only the name", "read": "read {days} days ago", "today": "read today",
        "nothing": "no file",
    },
}  # fmt: skip


def _in_words(row: PackInfo, today: date, language: str) -> str:
    """``    Comune di Bari · 2 dalla stampa · letto da 29 giorni``."""
    words = _WORDS[language]
    indent = "  " * row.path.count("/")
    if row.read_on is None:
        return f"{indent}{row.name} · {words['nothing']}"
    days = (today - row.read_on).days
    known = ", ".join(f"{count} {words[status]}" for status, count in row.statuses) or words["bare"]
    return f"{indent}{row.name} · {known} · {words['read'].format(days=days) if days else words['today']}"


def _source(file: str) -> tuple[bytes, Tree | None, str | None]:
    """What is in the file, and where it lies in a tree of territories."""
    if file == "-":
        return sys.stdin.buffer.read(), None, None
    path = Path(file)
    if path.is_dir():
        raise click.UsageError(f"{file}: è una cartella, serve un file .toml | a folder, a .toml file is wanted")
    if not is_pack(path):
        raise click.UsageError(f"{file}: non è un territorio, gli esempi sono altro | no territory, examples are other files")
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise click.UsageError(f"{file}: il file non c'è | there is no such file") from None
    except OSError as fault:
        raise click.UsageError(f"{file}: non si apre | cannot be opened ({fault.strerror})") from None
    whole = path.resolve()
    for folder in whole.parents:
        if (folder / f"{folder.name}.toml").is_file() and len(folder.name) == 2:
            place = whole.relative_to(folder.parent).with_suffix("")
            own = place.name == place.parent.name
            return raw, Tree(folder.parent), str(place.parent if own else place)
    return raw, None, None


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
