"""The demo's story from outside: it runs, it reads well, and what it erased is nowhere in the bytes of its folder."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from locanda.office.demo import FLAT_GUESTS, GUESTS, PASSWORD
from locanda.portals.alloggiati.names import base_letters
from tests.drills.process import environment

# The story in a process of its own that writes down, outside the home, what must not be found there afterwards: the keys
# of parties while they live, the raw portal keys and tokens. The home is copied while the process lives, as a thief would
# find it: when SQLite closes its last connection it folds the log in by itself.
_SPY = """
import json, os, shutil, sys
import locanda.cli.demo as command

known = {"destroyed": [], "secrets": [], "inner": []}

def watch():
    from locanda.archive.models import Party
    from locanda.archive.vault import Vault
    from locanda.delivery import erasing
    from locanda.portals.alloggiati import client

    from locanda.portals.ross1000 import client as statistics

    whole, renew, open_flows = erasing.erase_party, client.Client._renew, statistics.Client.__init__

    def erase(party, **more):
        wrapped = bytes(Party.objects.of(party.account_id).get(pk=party.pk).wrapped_key)
        inner = Vault(party.account).open_bytes(wrapped, "party key")
        done = whole(party, **more)
        if done:
            known["destroyed"].append(wrapped.hex())
            known["inner"].append(inner.hex())
        return done

    def noting(self):
        token = renew(self)
        known["secrets"] += [token.value, self._keys.password, self._keys.wskey]
        return token

    def opening(self, keys, **more):
        known["secrets"].append(keys.password)
        known["flows"] = True
        open_flows(self, keys, **more)

    erasing.erase_party, client.Client._renew = erase, noting
    statistics.Client.__init__ = opening
    if os.environ.get("NEVER_SWEPT"):
        from locanda.archive import erasure
        erasing.sweep_journal = erasure.sweep_journal = lambda **_: True

open_database = command.open_database
def opened(**more):
    open_database(**more)
    watch()
command.open_database = opened

from locanda.cli.main import main
status = main(sys.argv[2:])
home = sys.argv[sys.argv.index("--home") + 1]
shutil.copytree(home, os.path.join(os.path.dirname(sys.argv[1]), "alive"))
open(sys.argv[1], "w").write(json.dumps(known))
sys.exit(status)
"""


class Told(NamedTuple):
    """What a run of the story left behind."""

    home: Path
    alive: Path  # the home as it was while the process lived
    said: str
    errors: str
    destroyed: tuple[bytes, ...]
    inner: tuple[bytes, ...]
    secrets: tuple[str, ...]


def run(home: Path, language: str, notes: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    arguments = ["demo", "--once", "--home", str(home), "--language", language]
    start = ["-m", "locanda.cli.main"] if notes is None else ["-c", _SPY, str(notes)]
    # an operator's own settings stand in the environment, and the demo must not touch what they name
    outside = home.parent / "operators"
    env = environment(outside, "sqlite:///" + str(outside / "own.sqlite3"), LOCANDA_KEY_FILE=str(outside / "own-key"), **more)
    del env["DJANGO_SETTINGS_MODULE"]
    return subprocess.run(
        [sys.executable, *start, *arguments], env=env, capture_output=True, text=True, timeout=180, check=False
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The story, told once in Italian, with what must not be found in its home."""
    home, notes = tmp_path_factory.mktemp("story") / "demo", tmp_path_factory.mktemp("notes") / "known.json"
    done = run(home, "it", notes)
    assert done.returncode == 0, done.stdout + done.stderr
    return what_was_left(home, notes, done)


def what_was_left(home: Path, notes: Path, done: subprocess.CompletedProcess[str]) -> Told:
    known = json.loads(notes.read_text())
    assert known["flows"]
    keys = (tuple(bytes.fromhex(key) for key in known[name]) for name in ("destroyed", "inner"))
    return Told(home, notes.parent / "alive", done.stdout, done.stderr, *keys, tuple(set(known["secrets"])))


def raw(home: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, byte for byte."""
    found = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name == "locanda.sqlite3" for path in found)
    for path in found:
        yield path.name, path.read_bytes()


def forms(text: str) -> set[bytes]:
    """A text as it may stand in a file: as typed, capital, in base letters, in several encodings."""
    spelled = {text, text.upper(), text.lower(), base_letters(text).text, "".join(text.split())}
    return {form.encode(code, "ignore") for form in spelled for code in ("utf-8", "utf-16-le", "utf-16-be", "latin-1")} | {
        json.dumps(form)[1:-1].encode() for form in spelled
    }


PARTIES = (*GUESTS.values(), FLAT_GUESTS)


def people() -> Iterator[str]:
    for party in PARTIES:
        for one in party["guests"]:
            yield one["surname"]
            if "document" in one:
                yield one["document"]["number"]


def test_the_story_reads_well(told: Told) -> None:
    lines = told.said.splitlines()
    assert told.errors == ""
    assert len(lines) > 25 and max(map(len, lines)) <= 100
    assert "Monopoli" in lines[0] and "alcuna autorità" in lines[1]
    pieces = ("Ricevuta", "Mezzanotte", "in dubbio", "Corretto", "I conti tornano", "nessuna doppia", "ROSS1000", "0 difetti")
    for piece in pieces:
        assert piece in told.said
    assert "{" not in told.said and "Traceback" not in told.said
    assert told.said.count(" ms") >= 10  # the times of the steps
    assert any(line.startswith("Fine: 12 ospiti") for line in lines[-3:])


@pytest.mark.slow
def test_the_story_in_english(tmp_path: Path) -> None:
    done = run(tmp_path / "demo", "en")
    assert done.returncode == 0, done.stdout + done.stderr
    for piece in ("Receipt", "Midnight", "in doubt", "Corrected", "The counts agree", "none twice", "0 faults", "The end"):
        assert piece in done.stdout
    assert "{" not in done.stdout and done.stderr == ""


def test_no_guest_is_in_the_raw_bytes(told: Told) -> None:
    """Neither those whose receipt is in, nor (their data being sealed) those who are still awaited."""
    wanted = {form: who for who in people() for form in forms(who) if len(form) >= 6}
    assert len(wanted) > 60
    for folder in (told.home, told.alive):
        assert {(name, wanted[form]) for name, content in raw(folder) for form in wanted if form in content} == set()
    assert not any(who in told.errors or who.upper() in told.errors for who in people())


def test_the_search_would_find_somebody(told: Told, tmp_path: Path) -> None:
    """The same search, on a copy of the database in which one name stands in clear."""
    copy = tmp_path / "locanda.sqlite3"
    copy.write_bytes((told.home / "locanda.sqlite3").read_bytes())
    with sqlite3.connect(copy) as db:
        db.execute("UPDATE archive_account SET name = 'WISNIEWSKI'")
    wanted = {form for who in people() for form in forms(who)}
    assert any(form in content for _, content in raw(tmp_path) for form in wanted)


def test_destroyed_keys_are_gone_from_the_raw_bytes(told: Told) -> None:
    """Not the wrapped keys, whose copies might wait in a page or in the log, and never the keys themselves."""
    assert len(told.destroyed) == len(PARTIES) - 1  # all but the one that has another schedina to come
    assert (told.alive / "locanda.sqlite3-wal").exists()  # the process was alive: its log was there
    for name, content in (*raw(told.home), *raw(told.alive)):
        for key in (*told.destroyed, *told.inner):
            assert key not in content, name
            assert key.hex().encode() not in content, name


@pytest.mark.slow
def test_without_the_sweep_the_log_would_still_hold_destroyed_keys(tmp_path: Path) -> None:
    """The search above fails when the log is not swept, so its silence says something."""
    home, notes = tmp_path / "demo", tmp_path / "known.json"
    told = what_was_left(home, notes, run(home, "it", notes, NEVER_SWEPT="1"))
    assert any(key in content for _, content in raw(told.alive) for key in told.destroyed)


def test_no_secret_of_the_portal_is_in_the_raw_bytes(told: Told) -> None:
    assert len(told.secrets) >= 3
    for name, content in (*raw(told.home), *raw(told.alive)):
        for secret in (*told.secrets, PASSWORD):
            for code in ("utf-8", "utf-16-le", "utf-16-be"):
                assert secret.encode(code) not in content, name
    assert not any(secret in told.said + told.errors for secret in told.secrets)


def test_all_of_the_demo_is_for_its_owner_alone(told: Told) -> None:
    for path in (told.home, told.alive, *told.home.rglob("*"), *told.alive.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path.name
    assert (told.home / "key").read_bytes().strip() not in (told.home / "locanda.sqlite3").read_bytes()


def test_what_the_operator_has_is_not_touched(told: Told) -> None:
    assert not (told.home.parent / "operators" / "own.sqlite3").exists()
    assert not (told.home.parent / "operators" / "own-key").exists()


@pytest.mark.slow
def test_the_archive_is_whole_and_the_story_can_be_told_again(told: Told) -> None:
    env = environment(told.home, key=None)
    verified = subprocess.run(
        [sys.executable, "-m", "locanda.cli.main", "verify"], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    before = (told.home / "key").read_bytes()
    again = run(told.home, "it")
    assert again.returncode == 0, again.stdout + again.stderr
    assert (told.home / "key").read_bytes() != before  # everything anew
    with sqlite3.connect(told.home / "locanda.sqlite3") as db:
        assert db.execute("SELECT count(*) FROM archive_account").fetchone() == (1,)


def _installation(folder: Path, *, demo: int | None, account: bool) -> Path:
    folder.mkdir()
    with sqlite3.connect(folder / "locanda.sqlite3") as db:
        db.execute("CREATE TABLE archive_installation (demo)")
        db.execute("CREATE TABLE archive_account (id)")
        if demo is not None:
            db.execute("INSERT INTO archive_installation VALUES (?)", (demo,))
        if account:
            db.execute("INSERT INTO archive_account VALUES (1)")
    (folder / "key").write_text("a key")
    return folder


@pytest.mark.parametrize("kind", ["real", "unmarked", "foreign"])
def test_somebodys_real_work_is_refused_and_untouched(tmp_path: Path, kind: str) -> None:
    if kind == "foreign":
        folder = tmp_path / "house"
        folder.mkdir()
        (folder / "locanda.sqlite3").write_bytes(b"not a database of ours" * 99)
        (folder / "key").write_text("a key")
    else:
        folder = _installation(tmp_path / "house", demo=0 if kind == "real" else None, account=True)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = run(folder, "it")
    assert done.returncode == 2 and "demo" in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1 and done.stdout == ""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.slow
def test_a_key_without_a_database_is_left_alone(tmp_path: Path) -> None:
    """It may be the key of a database on PostgreSQL: deleting it would lose everything."""
    from locanda.archive.keyring import Keyring

    folder = tmp_path / "house"
    kept = Keyring.load(folder)
    assert kept.file is not None
    before = kept.file.read_bytes()
    done = run(folder, "it")
    assert done.returncode == 0, done.stderr
    assert kept.file.read_bytes() == before
