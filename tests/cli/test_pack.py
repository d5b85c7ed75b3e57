"""``locanda pack check`` and ``locanda pack list`` (interfaces.md)."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from locanda.cli.main import main
from locanda.law.packs import STATUSES
from locanda.law.packs.tree import builtin_tree

MONOPOLI = builtin_tree().root / "it/puglia/bari/monopoli.toml"


def said(capsysbinary: pytest.CaptureFixture[bytes]) -> dict[str, Any]:
    captured = capsysbinary.readouterr()
    assert captured.err == b""
    answer: dict[str, Any] = json.loads(captured.out)
    return answer


def test_a_good_file(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["pack", "check", str(MONOPOLI)]) == 0
    assert said(capsysbinary) == {"file": str(MONOPOLI), "problems": []}


def test_a_file_outside_the_tree_is_read_with_the_territories_of_its_code(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "prova.toml"
    text = MONOPOLI.read_text(encoding="utf-8").replace('"N-IDS-VERS", "M-500"', '"N-IDS-VERZ", "M-500"', 1)
    file.write_text(text, encoding="utf-8")
    assert main(["pack", "check", str(file), "--language", "en"]) == 1
    (problem,) = said(capsysbinary)["problems"]
    assert set(problem) == {"file", "line", "code", "where", "message", "hint", "source"}
    assert problem["code"] == "pack.reference.dangling"
    assert "N-IDS-VERZ" in text.splitlines()[problem["line"] - 1]
    assert "N-IDS-VERZ" in problem["message"]


def test_a_file_in_another_tree_is_read_with_that_tree(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    shutil.copytree(builtin_tree().root / "it", tmp_path / "it")
    state = tmp_path / "it/it.toml"
    state.write_text(state.read_text(encoding="utf-8").replace('id = "N-7BIS"', 'id = "N-8BIS"'), encoding="utf-8")
    assert main(["pack", "check", str(tmp_path / "it/puglia/bari/monopoli.toml")]) == 1
    assert {problem["code"] for problem in said(capsysbinary)["problems"]} == {"pack.reference.dangling"}
    assert main(["pack", "check", str(tmp_path / "it/puglia/puglia.toml")]) == 0


def test_a_file_from_standard_input(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"[territory]\nlevel = 1\n")))
    assert main(["pack", "check", "-"]) == 1
    problems = said(capsysbinary)["problems"]
    assert [(problem["line"], problem["code"]) for problem in problems] == [
        (1, "pack.key.missing"), (1, "pack.key.missing"), (2, "pack.value.unknown"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["nowhere.toml", "monopoli.examples.toml", "picture.png"])
def test_a_wrong_call_is_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "check", str(tmp_path / name)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1


def test_the_list_is_a_tree_with_status_and_age(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["pack", "list", "--language", "en"]) == 0
    (italy,) = said(capsysbinary)["territories"]
    assert (italy["path"], italy["level"], italy["name"]) == ("it", "state", "Italia")
    assert len(italy["children"]) == 20
    puglia = next(entry for entry in italy["children"] if entry["path"] == "it/puglia")
    assert puglia["status"] == "unverified"
    assert list(puglia["statuses"]) == [status for status in STATUSES if status in puglia["statuses"]]
    assert puglia["age_days"] >= 0
    bari = next(entry for entry in puglia["children"] if entry["istat"] == "072")
    assert {entry["istat"] for entry in bari["children"]} >= {"072006", "072030"}
    alberobello = next(entry for entry in bari["children"] if entry["istat"] == "072003")
    assert (alberobello["status"], alberobello["items"]) == ("press", {"tourist_tax": 2})
