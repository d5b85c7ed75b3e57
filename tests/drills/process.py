"""Starting real processes of the house from a test: their environment, their database, their last words."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from tests.conftest import ROOT

KEY = base64.urlsafe_b64encode(b"a key of the drills, thirty-two!").decode()


def environment(home: Path, database: str | None = None, *, key: str | None = KEY, **more: str) -> dict[str, str]:
    """What a process of ours is started with; nothing of an operator's own leaks in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LOCANDA_", "DJANGO_", "PYTEST_"))}
    made = {
        **kept,
        "LOCANDA_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "locanda.settings",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        "PYTHONUTF8": "1",
    }
    if database:
        made["LOCANDA_DATABASE_URL"] = database
    if key:
        made["LOCANDA_KEY"] = key
    return made | more


def same_database() -> str:
    """The address of the database of the running tests, for another process."""
    from django.db import connection

    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    login = found["USER"] + (f":{found['PASSWORD']}" if found["PASSWORD"] else "")
    return f"postgres://{login}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
