"""The ground floor draws in no web, database or network package."""

from __future__ import annotations

import subprocess
import sys

FOREIGN = ("django", "psycopg", "httpx2", "lxml", "granian", "click", "pydantic", "sqlite3", "urllib.request", "http.client")


def test_importing_the_pure_rooms_brings_no_foreign_package() -> None:
    program = (
        "import sys, locanda.core.shapes, locanda.core.stays, locanda.portals.alloggiati.schedine, "
        "locanda.portals.alloggiati.desk, locanda.portals.alloggiati.check, locanda.portals.alloggiati.documents\n"
        f"print([name for name in {FOREIGN!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_schedine_command_starts_without_django() -> None:
    program = "import sys\nfrom locanda.cli.main import main\nmain(['schedine', '--help'])\nprint('django' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip().endswith("False")
