"""Fixtures for every room: the reference folder used as an oracle, a real browser, PostgreSQL, axe-core.

What is missing on a machine skips with a reason; ``LOCANDA_REQUIRE=postgres,chromium,shared`` turns the absence into a
failure.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# a loaded machine is slow, not wrong: no test is timed
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("house"), max_examples=10)  # ./test quick
# on the build machine the same examples each time: what it says is about the change, and the odd find is made by hand
settings.register_profile("ci", settings.get_profile("house"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "house")

# a shell that runs this in the background has interrupts ignored, and so would every program that a test starts and interrupts
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
POSTGRES_DEFAULT = "postgres://postgres@127.0.0.1:5432/test"


def shared_dir() -> Path | None:
    """The reference folder (specs, schemas, tables of the portal) beside the checkout, or None. Oracle only."""
    folder = Path(os.environ.get("LOCANDA_SHARED") or ROOT.parent / "shared")
    return folder if (folder / "data").is_dir() else None


def absent(what: str, why: str) -> None:
    """Skip for want of a thing, or fail when LOCANDA_REQUIRE names it."""
    if what in os.environ.get("LOCANDA_REQUIRE", "").split(","):
        pytest.fail(f"{why} (and LOCANDA_REQUIRE asks for {what})", pytrace=False)
    pytest.skip(why)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference folder; skips when it is not there."""
    folder = shared_dir()
    if folder is None:
        absent("shared", "the reference folder is not beside the checkout (LOCANDA_SHARED says where it is)")
    assert folder is not None
    return folder


@cache
def chromium_path() -> str | None:
    """The first chromium on PATH, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium driven by playwright (synchronous); one for the session, close your contexts."""
    path = chromium_path()
    if path is None:
        absent("chromium", "no chromium on PATH: tests in a browser cannot run")
    from playwright.sync_api import sync_playwright

    # playwright's loop makes Django believe it is in async code
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=path, headless=True, args=list(CHROMIUM_FLAGS))
            yield browser
            browser.close()
    finally:
        if before is None:
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def phone(chromium: Any) -> Iterator[Any]:
    """A page 360 px wide, Italian: where the host stands at the door."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="it-IT", timezone_id="Europe/Rome")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """``axe(page)`` gives what axe-core finds wrong with the page, one line each; empty is good."""
    from axe_playwright_python.sync_playwright import Axe

    runner = Axe()

    def run(page: Any) -> list[str]:
        found = runner.run(page).response
        # a page on which nothing was checked would look perfect
        assert found["passes"] or found["violations"], "axe-core checked nothing"
        return [
            f"{issue['id']}: {issue['help']} ({node['target']})"
            for issue in found["violations"]
            for node in issue["nodes"]
        ]

    return run


@cache
def postgres_answers() -> str | None:
    """The address of the PostgreSQL of the tests when it answers, or None."""
    import psycopg

    address = os.environ.get("LOCANDA_TEST_POSTGRES") or POSTGRES_DEFAULT
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError:
        return None
    return address


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Address of a PostgreSQL where databases may be made and dropped."""
    address = postgres_answers()
    if address is None:
        absent("postgres", "PostgreSQL does not answer (LOCANDA_TEST_POSTGRES says where it is)")
    assert address is not None
    return address


@pytest.fixture(scope="session")
def long_drills() -> bool:
    """Whether ``./test drills --full`` asked for the long form."""
    return os.environ.get("LOCANDA_DRILLS") == "full"


@pytest.fixture(scope="session", autouse=True)
def _tables_may_be_emptied() -> Iterator[None]:
    """A transactional test ends by emptying every table, which the guards of history refuse: down for that moment only."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from tests.guards import guards_down

    whole = BaseDatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: Any) -> None:
        with guards_down(self.connection):
            whole(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
        yield
