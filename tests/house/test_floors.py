"""The floor plan: imports run downward, the ground floors are pure, portals do not know each other (design, section 3)."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SRC = ROOT / "src"
PORTALS = SRC / "locanda" / "portals"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]

# What of a portal speaks with the network or reads what came back from it; all its other modules are the format, and pure.
WIRE = frozenset({"client", "errors", "receipt", "secrets", "simulator", "soap"})

# Loaded by none of the pure floors: web, database, network and file-format packages of others.
IMPURE = (
    "django", "granian", "httpx2", "httpcore2", "lxml", "psycopg", "sqlite3", "pydantic", "click", "cryptography", "typst",
    "pypdf", "PIL", "pillow_heif", "xlsxwriter", "zeep", "allauth", "whitenoise", "urllib.request", "http.client", "ssl",
)  # fmt: skip


# Loaded only while a territory file is read: its shape is checked by pydantic (design, section 7).
EDGES = frozenset({"locanda.law.packs.schema", "locanda.law.tourist_tax.schema"})


def portals() -> list[str]:
    return sorted(path.parent.name for path in PORTALS.glob("*/__init__.py"))


def format_modules() -> list[str]:
    """Every module of every portal that must be pure."""
    found = []
    for path in PORTALS.glob("*/*"):
        if path.suffix == ".py" and path.stem not in WIRE and path.stem != "__init__":
            found.append(".".join(path.relative_to(SRC).with_suffix("").parts))
    return sorted(found)


def imports_of(path: Path, text: str | None = None) -> Iterator[str]:
    package = list(path.relative_to(SRC).with_suffix("").parts)[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8") if text is None else text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*origin, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def loaded_by(*modules: str) -> set[str]:
    """What a fresh interpreter has loaded after importing these."""
    return _modules_after(f"import {', '.join(modules)}") - _modules_after("pass")


def _modules_after(code: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules, sep='\\n')"],
        cwd=SRC, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


@pytest.mark.slow
def test_import_contracts_hold() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_ground_stands_without_anybody_elses_package() -> None:
    loaded = loaded_by("locanda.core", "locanda.law", "locanda.places")
    assert "locanda.core" in loaded
    assert [name for name in IMPURE if name in loaded] == []


def test_every_module_of_the_ground_is_pure() -> None:
    modules = [
        ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")
        for room in ("core", "law", "places")
        for path in sorted((SRC / "locanda" / room).rglob("*.py"))
    ]
    assert {"locanda.core.people", "locanda.core.problems", "locanda.law"} | EDGES <= set(modules)
    loaded = loaded_by(*(module for module in modules if module not in EDGES))
    assert [name for name in IMPURE if name in loaded] == []


def test_every_format_module_of_a_portal_is_pure() -> None:
    modules = format_modules()
    assert {"locanda.portals.alloggiati.record", "locanda.portals.alloggiati.schedine"} <= set(modules)
    loaded = loaded_by(*modules)
    assert [name for name in IMPURE if name in loaded] == []


def test_the_contract_of_purity_names_every_format_module() -> None:
    named = {
        module
        for contract in CONTRACTS
        if contract["name"].startswith("Pure formats")
        for module in contract["source_modules"]
    }
    assert set(format_modules()) - named == set()


def test_the_layers_are_those_of_the_floor_plan() -> None:
    layers = next(contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")
    # rooms of one floor do not know each other, and stand in one line
    floors = ["cli", "web", "office", "delivery", "archive", "letters | papers | portals", "sheets", "law", "core", "places"]
    assert layers == [" | ".join(f"locanda.{room}" for room in floor.split(" | ")) for floor in floors]
    rooms = {path.parent.name for path in (SRC / "locanda").glob("*/__init__.py")}
    standing = {room for floor in floors for room in floor.split(" | ")}
    assert rooms - standing == set(), "a room stands on no floor: add it to the layers contract"


def test_portals_do_not_know_each_other() -> None:
    """Works for one portal as for twenty: any import of one portal from another's folder is named."""
    names = portals()
    assert "alloggiati" in names
    strangers = []
    for name in names:
        for path in (PORTALS / name).rglob("*.py"):
            for target in imports_of(path):
                parts = target.split(".")
                if parts[:2] == ["locanda", "portals"] and len(parts) > 2 and parts[2] in set(names) - {name}:
                    strangers.append(f"{path.relative_to(SRC)} imports {target}")
    assert strangers == []


def test_the_contract_of_independence_names_every_portal() -> None:
    contract = next(contract for contract in CONTRACTS if contract["type"] == "independence")
    assert contract["modules"] == [f"locanda.portals.{name}" for name in portals()]


def test_every_portal_is_an_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["entry-points"]["locanda.portals"]
    assert declared == {name: f"locanda.portals.{name}" for name in portals()}


def test_the_reader_of_imports_sees_every_form() -> None:
    text = "from locanda.portals.spot import x\nfrom ..ross1000 import y\nimport locanda.portals.abit as z\n"
    found = set(imports_of(PORTALS / "alloggiati" / "imagined.py", text))
    assert {"locanda.portals.spot", "locanda.portals.ross1000", "locanda.portals.abit"} <= found
