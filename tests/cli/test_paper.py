"""``locanda paper``: a PDF or all the problems, one object out, exit status as the interfaces say."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from locanda import papers
from locanda.cli.main import main

ON = ("--on", "2026-11-21")


def called(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any]:
    status = main(["paper", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, json.loads(out) if out else err


def stored(tmp_path: Path, value: Any) -> Path:
    path = tmp_path / "data.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


@pytest.mark.parametrize("form_id", papers.catalogue())
def test_sample_becomes_a_pdf(form_id: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["paper", "sample", form_id]) == 0
    data = stored(tmp_path, capsys.readouterr().out)
    target = tmp_path / "out.pdf"
    status, told = called(capsys, "write", form_id, "-o", target, *ON, data)
    assert status == 0
    assert told["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert PdfReader(target).metadata is not None
    assert list(tmp_path.iterdir()) in ([data, target], [target, data])


def test_reads_standard_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stdin:
        buffer = io.BytesIO(json.dumps(papers.sample("modello_4")).encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    status, told = called(capsys, "write", "modello_4", "-o", tmp_path / "x.pdf", "--language", "ru", *ON)
    assert (status, told["language"]) == (0, "ru")


def test_list_names_every_form_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("it", "en"):
        status, told = called(capsys, "list", "--language", language)
        assert status == 0
        assert [entry["id"] for entry in told["papers"]] == list(papers.catalogue())
        assert all(entry["title"] and entry["kept"] and entry["law"] and entry["signs"] for entry in told["papers"])


def test_all_problems_at_once_and_no_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    target.write_bytes(b"kept")
    data = stored(tmp_path, papers.sample("modello_1") | {"total": "9", "colour": "red", "arrival": None})
    status, told = called(capsys, "write", "modello_1", "-o", target, "--language", "en", data)
    assert status == 1
    assert {problem["where"] for problem in told["problems"]} == {"total", "colour", "arrival"}
    assert set(told["problems"][0]) == {"code", "where", "message", "hint", "source"}
    assert target.read_bytes() == b"kept"


@pytest.mark.parametrize("text", ["", "{", "null", '{"number": "1", "number": "2"}', "[]", b"\xff".decode("latin-1")])
def test_broken_json_is_a_problem(text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, told = called(capsys, "write", "modello_1", "-o", tmp_path / "out.pdf", stored(tmp_path, text))
    assert status == 1
    assert told["problems"]


@pytest.mark.parametrize(
    "arguments",
    [["write", "modello_99", "-o", "x.pdf"], ["write", "modello_1"], ["sample", "nothing"], ["sample"],
     ["write", "modello_1", "-o", "x.pdf", "--language", "tlh"], ["write", "modello_1", "-o", "x.pdf", "--on", "yesterday"],
     ["write", "modello_1", "-o", "x.pdf", "no/such/file.json"]],
)  # fmt: skip
def test_a_wrong_call_is_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    status = main(["paper", *arguments])
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_leaves_nothing_behind(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data = stored(tmp_path, papers.sample("modello_1"))
    status, told = called(capsys, "write", "modello_1", "-o", tmp_path / "none" / "x.pdf", data)
    assert status == 2
    assert told.count("\n") == 1


def test_a_form_without_the_language_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data = stored(tmp_path, papers.sample("modello_21"))
    status, told = called(capsys, "write", "modello_21", "-o", tmp_path / "x.pdf", "--language", "en", *ON, data)
    assert (status, told["language"]) == (0, "it")
    assert told["notes"][0]["code"] == "paper.language.absent"
    assert "Italian" in told["notes"][0]["message"]
