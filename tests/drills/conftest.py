"""Houses to be broken: a database of its own for every drill, copied from one that is made once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from locanda.portals.alloggiati.simulator import Account, SimClock, Simulator
from tests.drills.process import environment
from tests.world import KEYS, NOON


class Nursery:
    """A process that forks workers; see ``tests/drills/nursery.py``."""

    def __init__(self, home: Path, database: str | None) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.nursery"], env=environment(home, database), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def bear(self, order: dict[str, Any]) -> int:
        """Start a worker; its number."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._number()

    def wait(self) -> int:
        """How the worker ended."""
        return self._number()

    def _number(self) -> int:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery died"
        return int(line)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


class House:
    """A database, a portal in this process, and workers that live and die in others."""

    def __init__(self, home: Path, database: str, url: str | None, portal: Simulator, nursery: Nursery) -> None:
        self.home, self.database, self.url, self.portal, self.nursery = home, database, url, portal, nursery
        self.rows: dict[str, list[str]] = {}
        self.told: dict[str, Any] = {}
        self.out = home / "said"

    def order(self, *steps: list[Any], now: str | None = None, die_at: str | None = None) -> dict[str, Any]:
        return {
            "steps": [["endpoint", self.portal.url], *steps], "now": now or NOON.isoformat(), "die_at": die_at,
            "control": self.portal.control_url, "database": self.database, "out": str(self.out),
        }  # fmt: skip

    def start(self, *steps: list[Any], **more: Any) -> int:
        """A worker and its number; :meth:`end` waits for it."""
        self.out.unlink(missing_ok=True)
        return self.nursery.bear(self.order(*steps, **more))

    def end(self) -> tuple[int, str]:
        status = self.nursery.wait()
        said = self.out.read_text()
        self.hear(said)
        return status, said

    def hear(self, said: str) -> None:
        """Take down what a worker said."""
        for line in said.splitlines():
            if not line.startswith("{"):
                continue
            words = json.loads(line)
            if "rows" in words:
                self.rows[words["delivery"]] = words["rows"]
            if "again" in words:
                self.rows[words["again"]] = self.rows[words["of"]]
            self.told |= words

    def live(self, *steps: list[Any], **more: Any) -> None:
        self.start(*steps, **more)
        status, said = self.end()
        assert status == 0, said

    def die(self, *steps: list[Any], at: str, **more: Any) -> None:
        self.start(*steps, die_at=at, **more)
        status, said = self.end()
        assert status == -signal.SIGKILL, f"nobody came to {at}: {said}"

    def whole_process(self, *steps: list[Any], **more: Any) -> int:
        """The same in a process that starts from nothing, as the program does; its exit status."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.drills.worker", json.dumps(self.order(*steps, **more))],
            env=environment(self.home, self.url), capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        self.hear(done.stdout)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        return done.returncode


def _made(home: Path, database: str | None) -> None:
    home.mkdir(parents=True, exist_ok=True)
    order = {"steps": [["set_up", "http://127.0.0.1:1/"]], "now": NOON.isoformat()}
    done = subprocess.run(
        [sys.executable, "-m", "tests.drills.worker", json.dumps(order)], env=environment(home, database), capture_output=True,
        text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def sqlite_pattern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Nursery]]:
    home = tmp_path_factory.mktemp("pattern")
    _made(home, None)
    assert not (home / "locanda.sqlite3-wal").exists()  # folded in when the last process left: one file is the whole of it
    nursery = Nursery(tmp_path_factory.mktemp("nursery"), None)
    yield home, nursery
    nursery.close()


@pytest.fixture(scope="session")
def postgres_pattern(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Callable[[str], str], Any, Nursery]]:
    """Name of a database to copy, the address of any, a connection that may make and drop them, and the workers."""
    import psycopg

    name = f"locanda_drill_{os.getpid()}"

    def address(database: str) -> str:
        return f"{postgres_url.rpartition('/')[0]}/{database}"

    with psycopg.connect(postgres_url, autocommit=True) as boss:
        boss.execute(f'DROP DATABASE IF EXISTS "{name}"')
        boss.execute(f'CREATE DATABASE "{name}"')
        _made(tmp_path_factory.mktemp("pattern"), address(name))
        nursery = Nursery(tmp_path_factory.mktemp("nursery"), address(name))
        yield name, address, boss, nursery
        nursery.close()
        boss.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A house on each engine; one on PostgreSQL only when it answers."""
    with Simulator(
        [Account(KEYS["user"], KEYS["password"], KEYS["wskey"])], clock=SimClock(NOON), state=tmp_path / "portal.sqlite3"
    ) as portal:
        if request.param == "sqlite":
            pattern, nursery = request.getfixturevalue("sqlite_pattern")
            shutil.copytree(pattern, tmp_path, dirs_exist_ok=True)
            yield House(tmp_path, str(tmp_path / "locanda.sqlite3"), None, portal, nursery)
        else:
            pattern, address, boss, nursery = request.getfixturevalue("postgres_pattern")
            name = f"{pattern}_{uuid.uuid4().hex[:8]}"
            boss.execute(f'CREATE DATABASE "{name}" TEMPLATE "{pattern}"')
            try:
                yield House(tmp_path, name, address(name), portal, nursery)
            finally:
                boss.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
