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


@pytest.mark.parametrize("name", ["nowhere.toml", "folder.toml", "monopoli.examples.toml"])
def test_a_wrong_call_is_told_in_both_languages(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder.toml").mkdir()
    assert main(["pack", "check", str(tmp_path / name)]) == 2
    assert " | " in capsys.readouterr().err


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    file = tmp_path / "prova.toml"
    raw = MONOPOLI.read_bytes()
    file.write_bytes(raw.replace(b"verificato", b"verificat\xf2", 1))
    assert main(["pack", "check", str(file)]) == 1
    (problem,) = said(capsysbinary)["problems"]
    assert problem["code"] == "pack.file.encoding"
    assert b"verificato" in raw.splitlines()[problem["line"] - 1]
    file.write_bytes(b"\xef\xbb\xbf" + raw)
    assert main(["pack", "check", str(file)]) == 0


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("it/puglia/monopoli.toml", "pack.place.unread"), ("it/monopoli.toml", "pack.place.unread"),
        ("it/puglia/bari/deep/monopoli.toml", "pack.place.unread"), ("it/lombardia/sondrio/monopoli.toml", "pack.place.code"),
        ("it/lombardia/lombardia.toml", "pack.place.level"), ("it/puglia/bari/monopoli_bis.toml", None),
    ],
)  # fmt: skip
def test_a_file_in_the_wrong_folder(
    place: str, code: str | None, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    shutil.copytree(builtin_tree().root / "it", tmp_path / "it")
    (tmp_path / place).parent.mkdir(exist_ok=True)
    shutil.copy(MONOPOLI, tmp_path / place)
    assert main(["pack", "check", str(tmp_path / place)]) == (code is not None)
    assert [problem["code"] for problem in said(capsysbinary)["problems"]] == ([code] if code else [])


@pytest.mark.parametrize(
    ("language", "bari", "chieti"),
    [
        ("it", "      Comune di Bari · 1 dalla stampa, 1 da verificare · letto", "    Provincia di Chieti · solo il nome"),
        ("en", "      Comune di Bari · 1 from the press, 1 to be checked · read", "    Provincia di Chieti · only the name"),
    ],
)
def test_the_list_in_words(language: str, bari: str, chieti: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "list", "--plain", "--language", language]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Italia · ")
    assert [sum(line.startswith(wanted) for line in lines) for wanted in (bari, chieti)] == [1, 1]


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
