"""``locanda flows``: one object out, the bytes of a file, exit status as the interfaces say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from locanda.cli.main import main
from locanda.portals.tables import TABLES
from tests.law.statistics.test_reading import GUEST, stay_json

ASKED: dict[str, Any] = {
    "property": {"id": "P1", "name": "Il Trullo", "rooms": 3, "beds": 6}, "from": "2026-10-01", "to": "2026-10-31",
    "stays": [stay_json(guests=[GUEST, {"id": "b", "residence_state": "FR"}])],
    "days": [{"day": "2026-10-31", "open": False}],
}  # fmt: skip


def put(folder: Path, *objects: Any) -> str:
    path = folder / "asked.json"
    path.write_text("\n".join(json.dumps(entry) for entry in objects), encoding="utf-8")
    return str(path)


def test_counts_prints_days_months_and_the_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flows", "counts", put(tmp_path, ASKED)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["from", "to", "days", "months", "total", "notes"]
    assert len(told["days"]) == 31
    assert told["days"][9] == {
        "day": "2026-10-10", "open": True, "rooms": 3, "beds": 6, "rooms_occupied": 1, "previous_night": 0, "arrived": 2,
        "departed": 0, "present": 2,
        "residences": [
            {"kind": "I", "code": "072", "name": "Bari", "previous_night": 0, "arrived": 1, "departed": 0, "present": 1},
            {"kind": "E", "code": "001", "name": "Francia", "previous_night": 0, "arrived": 1, "departed": 0, "present": 1},
        ],
    }  # fmt: skip
    (month,) = told["months"]
    assert month.pop("month") == "2026-10"
    assert month == told["total"]
    assert month["indices"] == {"average_stay": 2.0, "gross_beds": 2.15, "net_beds": 2.22, "rooms": 2.22}
    assert (month["presenze"], month["room_nights"], month["days_closed"], month["zero_days"]) == (4, 2, 1, 28)
    assert [note["code"] for note in told["notes"]] == ["flows.days.assumed"]


def test_counts_answers_line_by_line_and_a_bad_line_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {**ASKED, "stays": [stay_json(guests=[{"id": "a"}])]}
    assert main(["flows", "counts", "--lines", "--language", "en", put(tmp_path, ASKED, bad, 3, ASKED)]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [next(iter(line)) for line in lines] == ["from", "problems", "problems", "from"]
    (problem,) = lines[1]["problems"]
    assert list(problem) == ["code", "where", "message", "hint", "source"]
    assert (problem["code"], problem["where"]) == ("flows.residence.missing", "stays[0].guests[0].residence_state")


def test_a_month_without_guests_has_no_average(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flows", "counts", put(tmp_path, {**ASKED, "stays": []})]) == 0
    month = json.loads(capsys.readouterr().out)["months"][0]
    assert month["indices"] == {"average_stay": None, "gross_beds": 0.0, "net_beds": 0.0, "rooms": 0.0}
    assert month["residences"] == []


def test_write_gives_bytes_that_check_takes(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["flows", "write", "--format", "c59", put(tmp_path, ASKED)]) == 0
    out, err = capfdbinary.readouterr()
    assert out.startswith(b"\xef\xbb\xbfC/59;Il Trullo;")
    assert json.loads(err)["notes"]
    file = tmp_path / "c59.csv"
    file.write_bytes(out)
    assert main(["flows", "check", "--format", "c59", str(file)]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert told == {"valid": True, "days": 31, "arrivals": 2, "departures": 2, "problems": [], "warnings": []}
    file.write_bytes(out.replace(b"Francia;0;1;1;0;1", b"Francia;0;1;1;0;2"))
    assert main(["flows", "check", "--format", "c59", str(file)]) == 1
    told = json.loads(capfdbinary.readouterr().out)
    assert {problem["rule"] for problem in told["problems"]} >= {"2.2-1", "2.2-4"}


def test_write_prints_problems_instead_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {**ASKED, "stays": [stay_json(guests=[{"id": "a"}])]}
    assert main(["flows", "write", "--format", "c59", put(tmp_path, bad)]) == 1
    out, err = capsys.readouterr()
    assert [problem["code"] for problem in json.loads(out)["problems"]] == ["flows.residence.missing"]
    assert err == ""
    assert main(["flows", "write", "--format", "c59", "--lines", put(tmp_path, bad, ASKED)]) == 1
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert list(first) == ["problems"]
    assert second["text"].startswith("C/59;Il Trullo")


def test_list_says_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flows", "list"]) == 0
    formats = {entry["format"]: entry for entry in json.loads(capsys.readouterr().out)["formats"]}
    assert formats["c59"] == {
        "format": "c59", "name": "C/59", "mode": "NONE", "version": "locanda-1", "status": "unverified", "offered": True,
    }  # fmt: skip
    assert formats["spot"]["offered"] and not formats["sinfonia"]["offered"]


def test_a_wrong_call_is_one_line(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("locanda")
    file = put(tmp_path, ASKED)
    wrong = (["write", "--format", "klingon", file], ["write", file], ["counts", "absent"], ["counts", "--tables", file, file])
    for call in wrong:
        run = subprocess.run([str(program), "flows", *call], capture_output=True, text=True, check=False)
        assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)


def test_the_portals_own_tables_may_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str], shared: Path) -> None:
    folder = next(path.parent for path in (shared / "data").rglob("comuni.csv"))
    assert main(["flows", "counts", "--tables", str(folder), put(tmp_path, ASKED)]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["arrivals"] == 2


def test_tables_are_written_as_a_workbook_or_one_as_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = put(tmp_path, ASKED)
    book = tmp_path / "october.xlsx"
    assert main(["flows", "tables", "-o", str(book), "--closing-days", "90", asked]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [table["table"] for table in answer["tables"]] == list(TABLES)
    assert book.read_bytes().startswith(b"PK") and answer["bytes"] == book.stat().st_size
    sheet = tmp_path / "calendar.csv"
    assert main(["flows", "tables", "-o", str(sheet), "--table", "calendar", "--language", "en", asked]) == 0
    [told] = json.loads(capsys.readouterr().out)["tables"]
    lines = sheet.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("Day;State;Rooms on offer;") and len(lines) == told["rows"] + 2


def test_tables_print_problems_and_leave_the_file_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "october.xlsx"
    assert main(["flows", "tables", "-o", str(target), put(tmp_path, ASKED | {"from": "2027-01-01"})]) == 1
    assert json.loads(capsys.readouterr().out)["problems"] and not target.exists()
    nowhere = str(tmp_path / "none" / "x.xlsx")
    for wrong in (["-o", "october.pdf"], ["-o", "october.csv"], ["-o", nowhere], ["-o", "x.csv", "--table", "no"]):
        assert main(["flows", "tables", *wrong, put(tmp_path, ASKED)]) == 2
