"""What we depend on, and under which licences (design, section 6: Licences)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.build_notice import allowed, components, notice, refused
from tests.conftest import ROOT

REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))


def test_every_package_of_the_program_has_an_allowed_licence() -> None:
    parts = {part.name: part for part in components()}
    assert {"django", "lxml", "cryptography", "psycopg"} <= set(parts)
    assert refused() == []


@pytest.mark.parametrize(
    ("name", "licence", "expected"),
    [
        ("some", "MIT", True),
        ("some", "Apache-2.0 OR BSD-3-Clause", True),
        ("some", "GPL-3.0-only OR MIT", True),
        ("some", "MIT AND PSF-2.0", True),
        ("some", "MIT AND GPL-2.0-or-later", False),
        ("some", "GPL-3.0-only", False),
        ("some", "AGPL-3.0-or-later", False),
        ("some", "LGPL-3.0-only", False),
        ("psycopg", "LGPL-3.0-only", True),
        ("psycopg", "GPL-3.0-only", False),
        ("some", "unknown", False),
    ],
)
def test_the_rule_of_licences(name: str, licence: str, *, expected: bool) -> None:
    assert allowed(name, licence) is expected


def test_notice_is_what_the_installed_packages_say() -> None:
    assert (ROOT / "NOTICE").read_text(encoding="utf-8") == notice(), "run: python scripts/build_notice.py"


def test_licence_is_apache_two_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "9. Accepting Warranty or Additional Liability" in text


def test_there_are_requirement_files() -> None:
    assert {"app.txt", "dev.txt", "uv.txt"} <= {path.name for path in REQUIREMENTS}


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_requirements_carry_hashes_and_no_addresses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(index|extra-index|find-links|trusted-host)", text, re.MULTILINE)
    pinned = re.split(r"\n(?=[a-zA-Z0-9])", text)
    unhashed = [block.split("\n")[0] for block in pinned if "==" in block and "--hash=sha256:" not in block]
    assert unhashed == []
    assert sum("==" in block for block in pinned) >= 1


def test_tests_use_the_very_versions_the_program_ships() -> None:
    pin = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)
    app, dev = (dict(pin.findall((ROOT / f"requirements/{name}.txt").read_text())) for name in ("app", "dev"))
    assert app
    assert {name: version for name, version in app.items() if dev.get(name) != version} == {}
