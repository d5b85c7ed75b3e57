"""The portal's own tables: every version kept, differences shown, the newest in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from locanda.archive.models import Delivery, TableVersion
from locanda.archive.vault import Vault
from locanda.office import tables
from locanda.places import NotATable, builtin
from tests.world import NOON, World, guest, world

pytestmark = pytest.mark.django_db

HEAD = "Codice,Descrizione,Provincia,DataFineVal"
MONOPOLI = "416072030,MONOPOLI,BA,"
ITALY, GERMANY = "100000100,ITALIA,ES,", "100000216,GERMANIA,ES,"
IDENT = "IDENT,CARTA DI IDENTITA'"


def folder(path: Path, **files: list[str] | str | bytes) -> Path:
    """A folder as the download page fills it."""
    path.mkdir(exist_ok=True)
    for name, lines in files.items():
        content = "\r\n".join(lines) + "\r\n" if isinstance(lines, list) else lines
        (path / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def comuni(*lines: str) -> list[str]:
    return [HEAD, *lines]


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        yield made


def line_of(here: World, **more: object) -> str:
    """The schedina of a guest of Monopoli as it would be sent now."""
    delivery = here.delivery(here.check_in(guest(**more)))  # type: ignore[arg-type]
    text: str = Vault(here.account).party(delivery.party).open(delivery.sealed_text, "delivery text")["text"]
    return text


def test_before_anything_is_loaded_the_built_in_tables_hold() -> None:
    assert tables.in_force().version == "builtin"
    assert tables.in_force().places is builtin()


def test_a_comune_whose_code_changed_is_written_with_the_new_code(here: World, tmp_path: Path) -> None:
    assert "416072030" in line_of(here, surname="PRIMA")
    (loaded,) = tables.load_folder(folder(tmp_path / "c", comuni=comuni("416072999,MONOPOLI,BA,")), at=NOON)
    assert loaded.version is not None and loaded.changes >= 1
    changed = {(change["kind"], change["code"]) for change in loaded.version.changes}
    assert ("added", "416072999") in changed
    assert tables.in_force().version == f"c {NOON:%Y-%m-%d}, doc builtin"
    after = line_of(here, surname="SECONDA")
    assert "416072999" in after and "416072030" not in after
    written = set(Delivery.objects.of(here.account).values_list("tables_version", flat=True))
    assert written == {"builtin", tables.in_force().version}


def test_versions_are_kept_and_the_newest_wins(tmp_path: Path) -> None:
    first = folder(tmp_path / "first", comuni=comuni(MONOPOLI, "416072998,NUOVA,BA,"))
    second = folder(tmp_path / "second", comuni=comuni(MONOPOLI, "416072998,NUOVISSIMA,BA,"))
    tables.load_folder(first, at=NOON)
    (again,) = tables.load_folder(second, at=NOON + timedelta(days=1))
    assert again.version is not None and again.changes == 1
    (change,) = again.version.changes
    assert (change["kind"], change["code"]) == ("changed", "416072998")
    assert "NUOVA" in change["before"] and "NUOVISSIMA" in change["after"]
    assert TableVersion.objects.filter(kind="Luoghi").count() == 2
    row = tables.in_force().places.comune_row("416072998")
    assert row is not None and row.name == "NUOVISSIMA"
    oldest = TableVersion.objects.order_by("fetched_at").first()
    assert oldest is not None and "NUOVA" in oldest.text and not oldest.simulated


def test_the_same_table_is_not_kept_twice(tmp_path: Path) -> None:
    there = folder(tmp_path / "c", comuni=comuni(MONOPOLI), documenti=["Codice,Descrizione", IDENT])
    assert all(one.version is not None for one in tables.load_folder(there, at=NOON))
    assert [one.version for one in tables.load_folder(there, at=NOON)] == [None, None]
    assert TableVersion.objects.count() == 2


def test_the_half_that_is_not_there_stays(tmp_path: Path) -> None:
    """Loading stati.csv alone does not forget the comuni loaded before, and the other way round."""
    tables.load_folder(folder(tmp_path / "a", comuni=comuni("416072998,NUOVA,BA,")), at=NOON)
    (loaded,) = tables.load_folder(folder(tmp_path / "b", stati=comuni(ITALY, "100000998,ATLANTIDE,ES,")), at=NOON + timedelta(1))
    assert loaded.version is not None and "100000998" in {change["code"] for change in loaded.version.changes}
    assert not [change for change in loaded.version.changes if change["code"].startswith("4")]  # the comuni are as they were
    places = tables.in_force().places
    assert places.comune_row("416072998") is not None and places.state_row("100000998") is not None
    tables.load_folder(folder(tmp_path / "d", comuni=comuni("416072997,ALTRA,BA,")), at=NOON + timedelta(2))
    places = tables.in_force().places
    assert places.comune_row("416072997") is not None and places.state_row("100000998") is not None
    assert "416072998" not in TableVersion.objects.first().text  # type: ignore[union-attr]


def test_files_split_differently_are_read_together(tmp_path: Path) -> None:
    states = [HEAD.replace(",", ";"), "100000998;ATLANTIDE;ES;"]
    there = folder(tmp_path / "c", comuni=comuni("416072998,NUOVA,BA,"), stati=states)
    (loaded,) = tables.load_folder(there, at=NOON)
    assert loaded.bad_lines == ()
    places = tables.in_force().places
    assert places.comune_row("416072998") is not None and places.state_row("100000998") is not None


def test_a_file_in_the_other_encoding_is_read(tmp_path: Path) -> None:
    content = f"{HEAD}\r\n416072998,CITTÀ,BA,\r\n"
    for code in ("cp1252", "utf-8-sig"):
        tables.load_folder(folder(tmp_path / code, comuni=content.encode(code)), at=NOON)
        row = tables.in_force().places.comune_row("416072998")
        assert row is not None and row.name == "CITTÀ"
    assert TableVersion.objects.count() == 1  # the same table


def test_documents_are_loaded_and_compared(here: World, tmp_path: Path) -> None:
    there = folder(tmp_path / "d", documenti=["Codice,Descrizione", IDENT, "NUOVO,TESSERA NUOVA"])
    (loaded,) = tables.load_folder(there, at=NOON)
    assert loaded.version is not None
    kinds = {change["code"]: change["kind"] for change in loaded.version.changes}
    assert kinds["NUOVO"] == "added" and kinds["PASOR"] == "removed" and "IDENT" not in kinds
    assert "NUOVO" in tables.in_force().documents.types and loaded.version.simulated  # a demo's are marked
    document = {"type": "NUOVO", "number": "X1", "issued_in": "MONOPOLI (BA)"}
    assert "NUOVO" in line_of(here, surname="TERZA", document=document)


def test_the_version_names_the_documents_when_theirs_is_another(here: World, tmp_path: Path) -> None:
    day = f"{NOON:%Y-%m-%d}"
    tables.load_folder(folder(tmp_path / "d", documenti=["Codice,Descrizione", IDENT]), at=NOON)
    assert tables.in_force().version == f"builtin, doc d {day}"
    tables.load_folder(folder(tmp_path / "d", comuni=comuni(MONOPOLI)), at=NOON)
    assert tables.in_force().version == f"d {day}"  # loaded together: one name
    later, long = NOON + timedelta(1), "tabelle-della-questura-scaricate-oggi"
    tables.load_folder(folder(tmp_path / long, comuni=comuni(MONOPOLI, "416072998,NUOVA,BA,")), at=later)
    version = tables.in_force().version
    assert version == f"tabel… {later:%Y-%m-%d}, doc d {day}" and len(version) <= 40
    line_of(here)
    assert here.delivery().tables_version == version


def test_a_version_fits_where_it_is_kept() -> None:
    room = Delivery._meta.get_field("tables_version").max_length
    one, other = "portal 2026-07-10", "portal 2026-07-11"
    assert tables._together(one, other) == f"{one}, doc {other}"  # the usual case is whole
    for places in (one, "a" * 80 + " 2026-07-10"):
        for documents in (places, other, "b" * 80 + " 2026-07-11"):
            version = tables._together(places, documents)
            assert len(version) <= room and "2026-07-10" in version
            assert (documents != places) == ("2026-07-11" in version)


@pytest.mark.parametrize(
    "files",
    [
        {"comuni": b""},
        {"comuni": b"<html>servizio non disponibile</html>"},
        {"comuni": [HEAD]},
        {"comuni": [HEAD, "x,y"]},
        {"stati": ["Codice,Descrizione", ITALY]},
        {"documenti": b""},
        {"documenti": b"<html>"},
        {"comuni": [HEAD, MONOPOLI], "documenti": b"<html>"},
    ],
)
def test_what_is_no_table_is_refused_whole(tmp_path: Path, files: dict[str, list[str] | bytes]) -> None:
    with pytest.raises((NotATable, ValueError)):
        tables.load_folder(folder(tmp_path / "c", **files), at=NOON)
    assert not TableVersion.objects.exists() and tables.in_force().version == "builtin"


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"comuni\.csv"):
        tables.load_folder(tmp_path, at=NOON)


def test_lines_that_cannot_be_read_are_left_out_and_told(tmp_path: Path) -> None:
    lines = comuni(MONOPOLI, "416072998,NUOVA,BA", "spazzatura", "416072997,,BA,", "416072996,BUONA,BA,31/12/1999 00:00:00")
    (loaded,) = tables.load_folder(folder(tmp_path / "c", comuni=lines), at=NOON)
    assert [bad.reason for bad in loaded.bad_lines] == ["columns", "columns", "name"]
    row = tables.in_force().places.comune_row("416072996")
    assert row is not None and row.valid_to is not None


def test_the_portal_gives_its_tables(here: World) -> None:
    loaded = tables.load_portal(here.couriers.of(here.credential), at=NOON)
    assert [one.kind for one in loaded] == list(tables.KINDS) and all(one.version for one in loaded)
    assert loaded[0].bad_lines == () and TableVersion.objects.filter(source="portal", simulated=True).count() == 4
    assert tables.in_force().version.startswith("portal ")
    again = tables.load_portal(here.couriers.of(here.credential), at=NOON)
    assert [one.version for one in again] == [None] * 4


@pytest.mark.slow
def test_the_real_tables_of_the_download_page(here: World, shared: Path) -> None:
    """The portal's own files, where they stand beside the checkout: hardly a difference, and nothing unreadable."""
    loaded = {one.kind: one for one in tables.load_folder(shared / "data" / "alloggiati", at=NOON)}
    assert set(loaded) == {"Luoghi", "Tipi_Documento"}
    luoghi, documents = loaded["Luoghi"], loaded["Tipi_Documento"]
    assert luoghi.version is not None and luoghi.bad_lines == ()
    assert documents.version is not None and documents.version.changes == []
    places = tables.in_force().places
    assert sum(1 for comune in places.comuni if comune.valid_to is None) >= 7_898
    assert len(tables.in_force().documents.types) == 95
    assert "416072030" in line_of(here)
