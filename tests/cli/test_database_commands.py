"""The commands that have a database: what they do, what they refuse, and never a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drills.process import environment
from tests.world import KEYS

GOOD = "una-password-lunga"


class Home:
    """A home folder of an operator, and the program run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env: dict[str, str] = {}

    def run(self, *arguments: str, status: int = 0, **env: str) -> str:
        """Standard output and error together; never a traceback, and one line of error at most."""
        made = environment(self.folder, key=None) | self.env | env
        made.pop("DJANGO_SETTINGS_MODULE")
        done = subprocess.run(
            [sys.executable, "-m", "locanda.cli.main", *arguments], env=made, capture_output=True, text=True, timeout=120,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        if status:
            assert len(done.stderr.strip().splitlines()) == 1 and done.stderr.startswith("locanda: "), done.stderr
        return done.stdout + done.stderr

    def python(self, code: str) -> str:
        """Some lines of Python on this home."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"], env=environment(self.folder, key=None),
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def add_user(self, email: str, *more: str, password: str = GOOD, status: int = 0) -> str:
        return self.run("user", "add", email, "--password", password, *more, status=status)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one account, made once by the program itself."""
    home = Home(tmp_path_factory.mktemp("pattern") / "locanda")
    said = home.add_user("oste@example.org", "--account", "Il Trullo", "--name", "Oste")
    assert said.strip() == "oste@example.org: owner"
    return home.folder


@pytest.fixture
def home(pattern: Path, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(pattern, tmp_path / "locanda")))


@pytest.fixture
def bare(tmp_path: Path) -> Home:
    """Nothing is there yet."""
    return Home(tmp_path / "locanda")


_CREDENTIAL = f"""
from locanda.archive.models import Account
from locanda.office import accounts, clock
accounts.save_credential(Account.objects.get(), label="Q", category="hotel", status="active", keys={KEYS!r},
                         now=clock.now(), by=None, endpoint="http://127.0.0.1:9/")
"""


# ------------------------------------------------------------------------------------------------------------- serving


def test_serve_refuses_the_database_of_a_demo(bare: Home) -> None:
    bare.run("verify")
    bare.python("from locanda.office import accounts, clock\naccounts.install(now=clock.now(), demo=True)")
    assert "demo" in bare.run("serve", status=2)


def test_serve_refuses_a_simulator(home: Home) -> None:
    home.python(_CREDENTIAL)
    assert "simulat" in home.run("serve", status=2)


def test_serve_refuses_a_simulated_service_of_the_statistics(home: Home) -> None:
    home.python(
        "from locanda.archive.models import Account\n"
        "from locanda.office import clock\n"
        "from locanda.office.statistics import credentials\n"
        "keys = {'user': 'u', 'password': 'p'}\n"
        "credentials.save(Account.objects.get(), label='finta', portal='ROSS1000-SA', keys=keys, now=clock.now(), by=None,\n"
        "                 endpoint='http://127.0.0.1:9/ws/checkinV2')"
    )
    assert "simulat" in home.run("serve", status=2)


# -------------------------------------------------------------------------------------------------------------- people


@pytest.mark.slow
def test_people_are_added_and_weak_passwords_are_not(home: Home) -> None:
    assert home.add_user("banco@example.org", "--role", "front_desk").strip() == "banco@example.org: front_desk"
    for password in ("corta", "password123456"[:8], "1234567890123"):
        home.add_user("altro@example.org", password=password, status=2)
    home.add_user("non-un-indirizzo", status=2)
    told = home.python(
        "from locanda.archive.models import Membership\n"
        "print(sorted(Membership.everywhere.values_list('person__email', 'role', 'account__name')))"
    )
    assert told == str([("banco@example.org", "front_desk", "Il Trullo"), ("oste@example.org", "owner", "Il Trullo")])


@pytest.mark.slow
def test_whoever_opens_an_account_owns_it_and_may_work_in_others(home: Home) -> None:
    said = home.add_user("Oste@example.org", "--account", "Secondo", "--role", "reader", password="un-altra-password")
    assert said.startswith("Oste@example.org: owner; ") and said.count("\n") == 1
    assert "tiene la sua password / already known, keeps the password" in said
    kept = f"print(Person.objects.get(email='oste@example.org').check_password('{GOOD}'))"
    assert home.python(f"from locanda.archive.models import Person\n{kept}") == "True"
    assert "--account" in home.add_user("terzo@example.org", status=2)  # which of the two?
    home.add_user("terzo@example.org", "--account", "Secondo", "--role", "reader")
    home.run("verify")


def test_an_owner_who_lost_the_password_gets_another(home: Home) -> None:
    """The page for lost passwords sends the only owner here."""
    home.run("user", "password", "Oste@example.org", "--password", "un-altra-password")
    told = home.python(
        "from locanda.archive.models import Event, Person\n"
        "one = Person.objects.get(email='oste@example.org')\n"
        f"print(one.check_password('un-altra-password'), one.check_password('{GOOD}'),\n"
        "      Event.everywhere.filter(kind='person.password', actor='cli').count())"
    )
    assert told == "True False 1"
    home.run("user", "password", "oste@example.org", "--password", "corta", status=2)
    assert "nobody@example.org" in home.run("user", "password", "nobody@example.org", "--password", GOOD, status=2)
    home.run("verify")


# ---------------------------------------------------------------------------------------------------------------- keys


@pytest.mark.slow
def test_the_key_is_changed_and_everything_still_opens(home: Home) -> None:
    home.python(_CREDENTIAL)
    old = (home.folder / "key").read_bytes()
    assert "1 account" in home.run("key", "rotate")
    assert "valori" in home.run("key", "rotate", "--accounts")
    new = (home.folder / "key").read_bytes()
    assert new != old and len(new.splitlines()) == 1
    opened = home.python(
        "from locanda.archive.models import PoliceCredential\nfrom locanda.archive.vault import Vault\n"
        "one = PoliceCredential.everywhere.get()\nprint(Vault(one.account).open(one.sealed_keys, 'police keys')['user'])"
    )
    assert opened == KEYS["user"]
    (home.folder / "key").write_bytes(old)
    assert "does not open this database" in home.run("verify", status=2)
    (home.folder / "key").write_bytes(new)
    home.run("verify")


def test_a_key_in_the_environment_needs_the_new_one_beside_it(home: Home) -> None:
    key = (home.folder / "key").read_text().strip()
    assert "NEW,OLD" in home.run("key", "rotate", status=2, LOCANDA_KEY=key)


def test_verify_tells_what_is_not_whole(home: Home) -> None:
    assert "integro" in home.run("verify")
    home.python(
        "from django.db import connection\ncursor = connection.cursor()\n"
        "cursor.execute('DROP TRIGGER events_stay')\ncursor.execute(\"UPDATE archive_event SET kind = 'x'\")"
    )
    done = subprocess.run(
        [sys.executable, "-m", "locanda.cli.main", "verify"], env=environment(home.folder, key=None), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "Il Trullo: event 1: hash" in done.stdout and done.stderr == ""


# -------------------------------------------------------------------------------------------------------------- tables


@pytest.mark.slow
def test_tables_are_loaded_and_the_difference_is_shown(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "portale"
    folder.mkdir()
    head = "Codice,Descrizione,Provincia,DataFineVal"
    rows = f"{head}\n416072030,MONOPOLI,BA,\n"
    (folder / "comuni.csv").write_text(rows)
    assert "nuova versione" in home.run("tables", "sync", "--folder", str(folder))
    (folder / "comuni.csv").write_text(f"{rows}416072998,NUOVA,BA,\nspazzatura\n")
    said = home.run("tables", "sync", "--folder", str(folder))
    assert "differenze: 1" in said and "added    416072998" in said and "NUOVA" in said
    assert "lasciate fuori: 1" in said and "spazzatura" in said
    assert "invariata" in home.run("tables", "sync", "--folder", str(folder))


@pytest.mark.slow
@pytest.mark.parametrize("content", ["", "<html></html>", "Codice,Descrizione,Provincia,DataFineVal\n"])
def test_what_is_no_table_is_one_line(home: Home, tmp_path: Path, content: str) -> None:
    (tmp_path / "comuni.csv").write_text(content)
    home.run("tables", "sync", "--folder", str(tmp_path), status=2)


@pytest.mark.slow
def test_tables_need_a_folder_with_files_or_a_credential(home: Home, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "comuni.csv" in home.run("tables", "sync", "--folder", str(tmp_path / "empty"), status=2)
    assert "--folder" in home.run("tables", "sync", status=2)
    home.python(_CREDENTIAL)  # the simulator of a demo, in a house that is none
    assert "simulat" in home.run("tables", "sync", status=2)


# --------------------------------------------------------------------------------------------- what is missing or wrong


def test_a_missing_key_is_one_line_and_no_new_one_is_made(home: Home) -> None:
    (home.folder / "key").unlink()
    assert "missing" in home.run("verify", status=2)
    assert not (home.folder / "key").exists()


def test_a_key_open_to_others_is_one_line(home: Home) -> None:
    (home.folder / "key").chmod(0o644)
    assert "chmod 600" in home.run("verify", status=2)


@pytest.mark.slow
def test_a_key_of_another_database_is_one_line(home: Home, tmp_path: Path) -> None:
    """A database that stands elsewhere does not show that the key beside it is missing: what it holds does."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(home.folder / "locanda.sqlite3", elsewhere / "moved.sqlite3")
    address = f"sqlite:///{elsewhere / 'moved.sqlite3'}"
    home.run("verify", LOCANDA_DATABASE_URL=address)
    (home.folder / "key").unlink()
    for command in (["verify"], ["serve"], ["key", "rotate"], ["user", "add", "x@example.org", "--password", GOOD]):
        assert "does not open this database" in home.run(*command, status=2, LOCANDA_DATABASE_URL=address)


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    ["mysql://x/y", "postgres://[half", "postgres://h:notaport/x", "sqlite://", "nonsense", "sqlite:////proc/none/x.sqlite3"],
)
def test_a_wrong_address_is_one_line(bare: Home, address: str) -> None:
    bare.run("verify", status=2, LOCANDA_DATABASE_URL=address)


@pytest.mark.parametrize(("name", "value"), [("LOCANDA_ADDRESS", "x.example.org/a"), ("LOCANDA_SMTP_URL", "mail.example.org")])
def test_a_wrong_setting_is_one_line(bare: Home, name: str, value: str) -> None:
    assert name in bare.run("verify", status=2, LOCANDA_MAIL_FROM="a@example.org", **{name: value})


def test_a_postgresql_that_does_not_answer_is_one_line(bare: Home) -> None:
    said = bare.run("verify", status=2, LOCANDA_DATABASE_URL="postgres://nobody:a-secret-word@127.0.0.1:1/none")
    assert "database" in said and "a-secret-word" not in said


def test_a_home_that_cannot_be_made_is_one_line(bare: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    bare.run("verify", status=2, LOCANDA_HOME=str(tmp_path / "file"))
    bare.run("demo", "--once", "--home", str(tmp_path / "file" / "x"), status=2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_home_that_cannot_be_written_is_one_line(bare: Home, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    bare.run("verify", status=2)
    tmp_path.chmod(0o700)


def test_a_file_that_is_no_database_is_one_line(home: Home) -> None:
    (home.folder / "locanda.sqlite3").write_bytes(b"this is not a database at all " * 100)
    home.run("verify", status=2)


def test_an_odd_name_of_the_home_is_taken_as_it_is(tmp_path: Path) -> None:
    odd = Home(tmp_path / "casa #1 50%41 è?")
    odd.run("verify")
    assert (odd.folder / "locanda.sqlite3").exists() and sorted(os.listdir(tmp_path)) == [odd.folder.name]


# ---------------------------------------------------------------------------------------------------- the last resort


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """The program with a command whose fault speaks of a guest."""
    from locanda.cli import main as program

    def fails() -> None:
        raise KeyError("ROSSI MARIA CA12345AA")

    import click

    monkeypatch.setitem(program.cli.commands, "broken", click.Command("broken", callback=fails))
    return lambda: program.main(["broken"])


def test_an_unexpected_fault_says_its_kind_and_nothing_else(broken, capsys, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.delenv("LOCANDA_DEBUG", raising=False)
    assert broken() == 70
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1
    assert "KeyError" in said.err and "ROSSI" not in said.err and "LOCANDA_DEBUG" in said.err


def test_all_of_it_is_shown_on_request(broken, capsys, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("LOCANDA_DEBUG", "1")
    assert broken() == 70
    assert "Traceback" in capsys.readouterr().err
