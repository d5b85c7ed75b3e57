"""ROSS1000 through the door: ``flows write`` and ``flows check`` (``interfaces.md``)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from locanda.cli.main import main
from tests.portals.ross1000.house import guest, request, stay


@pytest.mark.parametrize("key", ["ross1000", "ross1000-txt"])
def test_what_is_written_is_found_right(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], key: str) -> None:
    asked = tmp_path / "march.json"
    asked.write_text(json.dumps(request(stay(guest("a"), guest("b"), departure="2027-03-09"))), encoding="utf-8")
    assert main(["flows", "write", "--format", key, str(asked)]) == 0
    file = tmp_path / "march"
    file.write_bytes(capfdbinary.readouterr().out)
    assert main(["flows", "check", "--format", key, str(file)]) == 0
    said = json.loads(capfdbinary.readouterr().out)
    assert (said["valid"], said["arrivals"], said["departures"]) == (True, 2, 2)
    assert said["problems"] == said["warnings"] == []


def test_a_fault_is_told_with_its_rule_and_a_file_beyond_hope_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.xml"
    for content, rule in ((b"<movimenti><codice>X</codice><prodotto>P</prodotto></movimenti>", "RX-01"), (b"PK", "RX-19")):
        file.write_bytes(content)
        assert main(["flows", "check", "--format", "ross1000", str(file), "--language", "en"]) == 1
        said = json.loads(capsys.readouterr().out)
        assert said["valid"] is False
        assert {problem["rule"] for problem in said["problems"]} == {rule}
        assert all(problem["message"] and problem["hint"] and problem["source"] for problem in said["problems"])


def test_a_missing_code_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = request(stay())
    asked["property"]["portal_ids"] = {}
    file = tmp_path / "march.json"
    file.write_text(json.dumps(asked), encoding="utf-8")
    assert main(["flows", "write", "--format", "ross1000", str(file)]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [problem["code"] for problem in problems] == ["flows.portal_id.missing"]
