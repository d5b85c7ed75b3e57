"""The page of the record is made from the table, and is current."""

from __future__ import annotations

import subprocess
import sys

from locanda.portals.alloggiati.fields import FIELDS
from tests.conftest import ROOT


def test_the_page_is_current() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build_docs.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "")


def test_the_page_has_every_field() -> None:
    page = (ROOT / "docs" / "developers" / "record.md").read_text(encoding="utf-8")
    for field in FIELDS:
        assert f"| {field.number} | `{field.key}` ({field.italian}) | {field.start}–{field.end - 1} |" in page
