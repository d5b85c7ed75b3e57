"""Which code tables are in force: the portal's own once they were loaded, those built in before.

Every version is kept, with its difference to the one before; the newest wins from then on.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from locanda.archive.models import Installation, TableVersion
from locanda.delivery.courier import AlloggiatiCourier, Courier
from locanda.places import BadLine, Tables, builtin, difference, from_portal, parse
from locanda.places.csv_tables import text_of
from locanda.portals.alloggiati.documents import Documents
from locanda.portals.alloggiati.documents import builtin as builtin_documents
from locanda.portals.alloggiati.documents import from_table as documents_from

__all__ = ["KINDS", "InForce", "Loaded", "in_force", "load_folder", "load_portal", "store"]

KINDS = ("Luoghi", "Tipi_Documento", "Tipi_Alloggiato", "TipoErrore")
_FILES = {"comuni.csv": "Luoghi", "stati.csv": "Luoghi", "documenti.csv": "Tipi_Documento"}


class InForce(NamedTuple):
    """The tables by which records are written now."""

    places: Tables
    documents: Documents
    version: str  # of the places, and of the documents where theirs is another one; at most 40 characters


class Loaded(NamedTuple):
    """What a load brought: the new version of each kind, None where it equals the one in force."""

    kind: str
    version: TableVersion | None
    changes: int
    bad_lines: tuple[BadLine, ...] = ()  # left out, because they cannot be read


_VERSIONS = (
    f"SELECT kind, id, sha256 FROM {TableVersion._meta.db_table} WHERE portal = %s AND kind IN (%s, %s) ORDER BY fetched_at, id"  # noqa: S608
)
_lock = threading.Lock()
_kept: tuple[tuple[object, object], InForce] | None = None


def _newest(kind: str) -> TableVersion | None:
    return TableVersion.objects.filter(portal="alloggiati", kind=kind).first()


def in_force() -> InForce:
    """The tables in force; read again only when a newer version was stored."""
    global _kept
    with connection.cursor() as cursor:  # asked at every check-in: a third of what the same costs as a queryset
        cursor.execute(_VERSIONS, ["alloggiati", *KINDS[:2]])
        ids = {kind: (number, digest) for kind, number, digest in cursor.fetchall()}
    key = (ids.get("Luoghi"), ids.get("Tipi_Documento"))
    with _lock:
        if _kept is None or _kept[0] != key:
            _kept = (key, _read(*(entry and entry[0] for entry in key)))
        return _kept[1]


def _read(places_id: int | None, documents_id: int | None) -> InForce:
    places, documents = builtin(), builtin_documents()
    of_places = of_documents = "builtin"
    if places_id is not None:
        row = TableVersion.objects.get(pk=places_id)
        of_places = _name(row)
        places = from_portal(row.text, of_places)
    if documents_id is not None:
        row = TableVersion.objects.get(pk=documents_id)
        of_documents = _name(row)
        documents = documents_from(row.text, source=of_documents)
    return InForce(places, documents, _together(of_places, of_documents))


def _name(version: TableVersion) -> str:
    return f"{version.source} {version.fetched_at:%Y-%m-%d}"


def _together(places: str, documents: str) -> str:
    """One name for both, within what a delivery keeps (40 characters): names of folders are shortened, days never."""
    if places == documents:
        return _short(places, 40)
    return f"{_short(places, 17)}, doc {_short(documents, 17)}"


def _short(name: str, room: int) -> str:
    if len(name) <= room:
        return name
    source, _, day = name.rpartition(" ")
    return f"{source[: room - len(day) - 2]}… {day}"


def store(kind: str, text: str, *, source: str, at: datetime) -> Loaded:
    """Keep a table as the newest of its kind, with its difference to the one before. Nothing is kept twice."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    newest = _newest(kind)
    bad = parse(text).bad_lines if kind == "Luoghi" else ()
    if newest is not None and newest.sha256 == digest:
        return Loaded(kind, None, 0, bad)
    changes: list[dict[str, str | None]] = []
    if kind == "Luoghi":
        before = from_portal(newest.text, "before") if newest else builtin()
        changes = [
            {"kind": change.kind, "code": change.code, "label": change.label, "before": change.before, "after": change.after}
            for change in difference(before, from_portal(text, source))
        ]
    elif kind == "Tipi_Documento":
        old = documents_from(newest.text, source="before") if newest else builtin_documents()
        changes = _difference(old.types, documents_from(text, source=source).types)
    installation = Installation.current()
    with transaction.atomic():
        version = TableVersion.objects.create(
            kind=kind,
            source=source,
            fetched_at=at,
            sha256=digest,
            text=text,
            changes=changes,
            simulated=bool(installation and installation.demo),
        )
    return Loaded(kind, version, len(changes), bad)


def _difference(old: Mapping[str, str], new: Mapping[str, str]) -> list[dict[str, str | None]]:
    return [
        {
            "kind": "added" if code not in old else "removed" if code not in new else "changed",
            "code": code,
            "label": new.get(code) or old.get(code),
            "before": old.get(code),
            "after": new.get(code),
        }
        for code in sorted({*old, *new})
        if old.get(code) != new.get(code)
    ]


def load_portal(courier: Courier, *, at: datetime) -> list[Loaded]:
    """Fetch the tables from the portal (``Tabella``) with the keys of a courier. PortalError when it does not answer."""
    assert isinstance(courier, AlloggiatiCourier)
    return [store(kind, courier.client.table(kind), source="portal", at=at) for kind in KINDS]


def load_folder(folder: Path, *, at: datetime) -> list[Loaded]:
    """Load the files of the portal's download page: ``comuni.csv``, ``stati.csv``, ``documenti.csv``.

    Of comuni and states the file that is not there stays as it was loaded before.
    """
    found = {name: text_of(folder / name) for name in _FILES if (folder / name).exists()}
    if not found:
        raise FileNotFoundError(f"none of {', '.join(_FILES)} is in {folder}")
    loaded, source = [], (folder.resolve().name or "folder")[:80]
    if "documenti.csv" in found:
        documents_from(found["documenti.csv"], source=source)  # ValueError before anything is stored
    places = {name: text for name, text in found.items() if _FILES[name] == "Luoghi"}
    if places:
        lines: list[str] = []
        for text in places.values():
            parse(text)  # NotATable before anything is stored
            lines += _rows(text)
        before = _newest("Luoghi")
        if before is not None and len(places) == 1:
            other = "1" if "comuni.csv" in places else "4"  # codes of states begin with 1, of comuni with 4
            lines += [line for line in _rows(before.text) if line.startswith(other)]
        head = "Codice;Descrizione;Provincia;DataFineVal"
        loaded.append(store("Luoghi", "\n".join([head, *lines]) + "\n", source=source, at=at))
    if "documenti.csv" in found:
        lines = ["Codice;Descrizione", *_rows(found["documenti.csv"])]
        loaded.append(store("Tipi_Documento", "\n".join(lines) + "\n", source=source, at=at))
    return loaded


def _rows(text: str) -> list[str]:
    """The lines under the header, split by semicolons."""
    header, *lines = text.removeprefix("\ufeff").splitlines()
    separator = ";" if ";" in header else ","
    return [line.replace(separator, ";") for line in lines if line.strip()]
