"""``locanda schedine write`` and ``check``: bytes, streams and exit status as the interfaces say; ten thousand guests."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from locanda.cli.main import main
from locanda.places import Comune, State, builtin
from locanda.portals.alloggiati.record import Schedina, read
from tests.people import stays

GUEST = {
    "id": "a", "role": "single", "surname": "FERRANTE", "name": "ELISA", "sex": "F", "birth_date": "1988-11-04",
    "birth_state": "IT", "birth_comune": "PESARO (PU)", "citizenship": "IT",
    "document": {"type": "IDELE", "number": "CB12345AA", "issued_in": "PESARO (PU)"},
}  # fmt: skip
STAY = {"id": "S1", "arrival": "2026-05-12T16:00+02:00", "departure": "2026-05-14T10:00+02:00", "guests": [GUEST]}
LINE = (
    "1612/05/202602FERRANTE" + " " * 42 + "ELISA" + " " * 25 + "204/11/1988411141044PU100000100100000100IDELECB12345AA"
    + " " * 11 + "411141044"
)  # fmt: skip
AS_OF = "2026-05-13T09:00+02:00"


class Ran(NamedTuple):
    status: int
    out: bytes
    err: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err)


@pytest.fixture
def run(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """``run(data, *arguments)``: the command on a file with that content."""

    def call(data: object, *arguments: str) -> Ran:
        path = tmp_path / "input"
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        status = main(["schedine", *arguments, str(path)])
        return Ran(status, *capfdbinary.readouterr())

    return call


def one(**facts: object) -> dict[str, object]:
    return {"stays": [{**STAY, "guests": [{**GUEST, **facts}]}]}


def test_write_prints_the_file_and_nothing_else(run: Any) -> None:
    two = {"stays": [STAY, {**STAY, "id": "S2", "guests": [{**GUEST, "name": "ADA"}]}]}
    ran = run(two, "write", "--as-of", AS_OF)
    assert (ran.status, ran.err) == (0, b"")
    assert ran.out == (LINE + "\r\n" + LINE.replace("ELISA", "ADA  ")).encode()


def test_write_with_a_problem_prints_only_problems_on_standard_error(run: Any) -> None:
    ran = run(one(surname="Παππάς", name="Zoë", sex=None), "write", "--as-of", AS_OF)
    assert (ran.status, ran.out) == (1, b"")
    assert list(ran.error) == ["problems"]
    assert [(problem["code"], problem["where"]) for problem in ran.error["problems"]] == [
        ("guest.sex.missing", "stays[0].guests[0].sex"), ("guest.surname.alphabet", "stays[0].guests[0].surname"),
    ]  # fmt: skip
    assert set(ran.error["problems"][0]) == {"code", "where", "message", "hint", "source"}


def test_write_puts_notes_on_standard_error(run: Any) -> None:
    ran = run(one(surname="Müller"), "write", "--as-of", AS_OF)
    assert ran.status == 0 and ran.out.startswith(b"1612/05/202602MULLER ")
    assert [(note["code"], note["where"]) for note in ran.error["notes"]] == [
        ("guest.surname.spelled", "stays[0].guests[0].surname")
    ]


def test_a_long_stay_gives_thirty_and_the_date_of_the_next(run: Any) -> None:
    ran = run({"stays": [{**STAY, "departure": None, "nights": 45}]}, "write", "--as-of", AS_OF)
    assert ran.status == 0 and ran.out[12:14] == b"30"
    (note,) = ran.error["notes"]
    assert note["code"] == "schedine.follow_up" and "11/06/2026" in note["message"]


def test_a_value_that_cannot_be_read_is_not_also_missing(run: Any) -> None:
    ran = run(one(sex="X", birth_date="1988-02-31"), "write", "--as-of", AS_OF)
    assert [problem["code"] for problem in ran.error["problems"]] == ["guest.sex.undecided", "shape.day.impossible"]


def test_problems_of_every_stay_come_together(run: Any) -> None:
    data = {"stays": [{**STAY, "arrival": "soon", "guests": [{**GUEST, "surname": None}]}, {**STAY, "guests": []}], "x": 1}
    assert [(problem["code"], problem["where"]) for problem in run(data, "write", "--as-of", AS_OF).error["problems"]] == [
        ("shape.instant.expected", "stays[0].arrival"), ("shape.key.unknown", "x"),
        ("guest.surname.missing", "stays[0].guests[0].surname"), ("schedine.none", "stays[1].guests"),
    ]  # fmt: skip


def test_the_same_person_in_two_stays(run: Any) -> None:
    ran = run({"stays": [STAY, {**STAY, "id": "S2"}]}, "write", "--as-of", AS_OF)
    assert [(problem["code"], problem["where"]) for problem in ran.error["problems"]] == [
        ("schedine.duplicate", "stays[1].guests[0]")
    ]


@pytest.mark.parametrize(
    ("as_of", "code"),
    [
        ("2026-05-12T00:00+02:00", None), ("2026-05-13T23:59+02:00", None), ("arrival", None),
        ("2026-05-14T00:00+02:00", "stay.arrival.too_old"), ("2026-05-11T23:59+02:00", "stay.arrival.future"),
        (None, "stay.arrival.too_old"),
    ],
)  # fmt: skip
def test_as_of_replaces_the_clock(run: Any, as_of: str | None, code: str | None) -> None:
    year = 2026 if as_of else 2020
    stay = {**STAY, "arrival": f"{year}-05-12T16:00+02:00", "departure": None, "nights": 2}
    ran = run({"stays": [stay]}, "write", *(("--as-of", as_of) if as_of else ()))
    assert (ran.status, ran.err == b"") == ((0, True) if code is None else (1, False))
    assert code is None or [problem["code"] for problem in ran.error["problems"]] == [code]


def test_apartments(run: Any) -> None:
    data = {"property": {"id": "P", "portal_ids": {"alloggiati_apartment": 0}}, "stays": [STAY]}
    ran = run(data, "write", "--apartments", "--as-of", AS_OF)
    assert ran.out == (LINE + "000000").encode()
    assert run(ran.out, "check", "--apartments", "--as-of", AS_OF).status == 0
    assert run(ran.out, "check", "--as-of", AS_OF).json["rows"][0]["code"] == 11
    assert run({"stays": [STAY]}, "write", "--apartments", "--as-of", AS_OF).error["problems"][0]["code"] == (
        "schedine.apartment.missing"
    )
    data["property"]["portal_ids"]["alloggiati_apartment"] = "trullo"  # type: ignore[index]
    assert run(data, "write", "--apartments", "--as-of", AS_OF).error["problems"][0]["code"] == "schedine.apartment.unfit"


def test_lines_go_on_after_a_bad_one(run: Any) -> None:
    lines = [json.dumps({"stays": [STAY]}), "{broken", json.dumps(one(sex=None)), json.dumps(one(surname="Müller"))]
    ran = run("\n".join(lines).encode() + b"\n", "write", "--lines", "--as-of", AS_OF)
    printed = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 1 and ran.err == b"" and len(printed) == 4
    assert printed[0] == {"text": LINE, "notes": []}
    assert [problem["code"] for problem in printed[1]["problems"]] == ["shape.json.broken"]
    assert list(printed[2]) == ["problems"]
    assert printed[3]["text"].startswith("1612/05/202602MULLER") and printed[3]["notes"][0]["code"] == "guest.surname.spelled"


def test_language(run: Any) -> None:
    italian, english = (
        run(one(sex=None), "write", "--as-of", AS_OF, "--language", language).error["problems"][0]["message"]
        for language in ("it", "en")
    )
    assert (italian, english) == ("Manca il sesso.", "The sex is missing.")


def test_check_lists_every_row(run: Any) -> None:
    ran = run((LINE + "\r\n" + LINE.replace("12/05/2026", "01/05/2026")).encode(), "check", "--as-of", AS_OF)
    assert ran.status == 1 and ran.err == b""
    assert ran.json == {
        "valid": 1, "invalid": 1,
        "rows": [
            {"row": 0, "valid": True, "code": None, "name": None, "detail": None, "field": None, "message": None},
            {"row": 1, "valid": False, "code": 12, "name": "SCHEDINA_CAMPO_NON_CORRETTO", "detail": "Data di Arrivo Errata",
             "field": "arrival", "message": "La data di arrivo dev'essere oggi o ieri."},
        ],
    }  # fmt: skip


def test_words_of_ours_are_not_given_as_the_portals(run: Any) -> None:
    """Nobody has published what the portal says of an odd role: the detail is unknown, the message is ours."""
    ran = run(("99" + LINE[2:]).encode(), "check", "--as-of", AS_OF)
    (row,) = ran.json["rows"]
    assert row["field"] == "role" and row["detail"] is None and row["message"]


def test_check_of_good_rows_is_fine(run: Any) -> None:
    assert run(LINE.encode(), "check", "--as-of", AS_OF).status == 0
    assert run(LINE.replace("2026", "2031").encode(), "check", "--as-of", "arrival").status == 0


def test_check_tells_what_is_wrong_with_the_file(run: Any) -> None:
    ran = run(LINE.encode() + b"\n", "check", "--as-of", AS_OF)
    assert ran.status == 1 and (ran.json["valid"], ran.json["invalid"]) == (1, 0)
    assert [problem["code"] for problem in ran.json["problems"]] == ["file.line_ends", "file.final_separator"]
    assert run(b"", "check").json["problems"][0]["code"] == "file.empty"


def test_check_takes_what_write_lines_gives(run: Any) -> None:
    lines = [json.dumps({"text": LINE}), json.dumps({"problems": [{"code": "x"}]}), "nonsense"]
    ran = run("\n".join(lines).encode(), "check", "--lines", "--as-of", AS_OF)
    printed = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 1 and printed[0]["valid"] == 1 and printed[1] == {"problems": [{"code": "x"}]}
    assert printed[2]["problems"][0]["code"] == "shape.object.expected"


def test_tables_of_the_portal(run: Any, shared: Path, tmp_path: Path) -> None:
    folder = str(shared / "data" / "alloggiati")
    assert run({"stays": [STAY]}, "write", "--as-of", AS_OF, "--tables", folder).out == LINE.encode()
    assert run(LINE.encode(), "check", "--as-of", AS_OF, "--tables", folder).status == 0
    ran = run({"stays": [STAY]}, "write", "--tables", str(tmp_path))
    assert ran.status == 2 and ran.err.count(b"\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [["write"], ["wrote", "x"], ["write", "/no/such/file"], ["write", "--as-of", "soon", "-"], ["check", "--what", "-"]],
)
def test_a_wrong_call_is_one_line_and_status_two(arguments: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["schedine", *arguments]) == 2
    out, err = capfdbinary.readouterr()
    assert out == b"" and err.startswith(b"locanda: ") and err.count(b"\n") == 1


def test_from_standard_input_and_with_half_characters() -> None:
    program = [sys.executable, "-m", "locanda.cli.main", "schedine", "write", "--as-of", AS_OF, "-"]
    ran = subprocess.run(program, input=json.dumps(one(surname="A\udc80")).encode(), capture_output=True, check=False)
    assert ran.returncode == 1 and ran.stdout == b""
    assert json.loads(ran.stderr)["problems"][0]["code"] == "guest.surname.characters"


def test_more_than_a_thousand_lines_are_written_with_where_to_cut(run: Any) -> None:
    guests = [{**GUEST, "id": str(index), "name": _letters(index)} for index in range(1001)]
    ran = run({"stays": [{**STAY, "guests": guests}]}, "write", "--as-of", AS_OF)
    assert ran.status == 0 and ran.out.count(b"\r\n") == 1000
    (note,) = ran.error["notes"]
    assert note["code"] == "schedine.split" and "1000" in note["hint"]


def _letters(index: int) -> str:
    return "".join(chr(65 + int(digit)) for digit in str(index))


# ten thousand guests ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ten_thousand(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Any], str | None, dict[str, Any]]]:
    """Each stay with the code it must raise and what ``write --lines`` printed for it."""
    made = list(stays(20260712, 10_000, hard=True))
    path = tmp_path_factory.mktemp("guests") / "stays.jsonl"
    path.write_text("\n".join(json.dumps({"stays": [entry.stay]}) for entry in made), encoding="utf-8")
    program = [sys.executable, "-m", "locanda.cli.main", "schedine", "write", "--lines", "--as-of", "arrival", str(path)]
    ran = subprocess.run(program, capture_output=True, check=False)
    assert ran.stderr == b"" and ran.returncode == 1
    printed = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    return [(entry.stay, entry.due, answer) for entry, answer in zip(made, printed, strict=True)]


def test_the_ten_thousand_are_varied(ten_thousand: list[tuple[dict[str, Any], str | None, dict[str, Any]]]) -> None:
    guests = [guest for stay, _, _ in ten_thousand for guest in stay["guests"]]
    assert len(guests) >= 10_000
    assert {guest["role"] for guest in guests} == {
        "single", "head_of_family", "family_member", "head_of_group", "group_member"
    }  # fmt: skip
    assert {guest["sex"] for guest in guests} == {"M", "F"} and len({guest["citizenship"] for guest in guests}) >= 20
    assert sum(stay.get("nights", 0) > 30 for stay, _, _ in ten_thousand) > 20
    assert len({due for _, due, _ in ten_thousand}) == 9


def test_every_refused_guest_has_a_problem(ten_thousand: list[tuple[dict[str, Any], str | None, dict[str, Any]]]) -> None:
    for stay, due, answer in ten_thousand:
        codes = [problem["code"] for problem in answer.get("problems", ())]
        assert ("text" in answer) is (due is None), (stay, answer)
        assert due is None or due in codes, (stay, codes)


def test_all_that_is_written_passes_the_check(
    ten_thousand: list[tuple[dict[str, Any], str | None, dict[str, Any]]], tmp_path: Path
) -> None:
    texts = [answer["text"] for _, _, answer in ten_thousand if "text" in answer]
    files: list[list[str]] = [[]]
    for text in texts:
        if sum(part.count("\n") + 1 for part in (*files[-1], text)) > 1000:
            files.append([])
        files[-1].append(text)
    valid = 0
    for number, parts in enumerate(files):
        path = tmp_path / f"{number}.txt"
        path.write_bytes("\r\n".join(parts).encode("utf-8"))
        program = [sys.executable, "-m", "locanda.cli.main", "schedine", "check", "--as-of", "arrival", str(path)]
        ran = subprocess.run(program, capture_output=True, check=False)
        verdict = json.loads(ran.stdout)
        assert (ran.returncode, verdict["invalid"]) == (0, 0)
        valid += verdict["valid"]
    assert valid == sum(len(text.split("\r\n")) for text in texts) > 9_000


def test_nothing_is_changed_in_silence(ten_thousand: list[tuple[dict[str, Any], str | None, dict[str, Any]]]) -> None:
    compared = 0
    for stay, _, answer in ten_thousand:
        if "text" not in answer:
            continue
        noted = {note["where"] for note in answer["notes"]}
        lines = answer["text"].split("\r\n")
        assert len(lines) == len(stay["guests"])
        for index, (guest, line) in enumerate(zip(stay["guests"], lines, strict=True)):
            where = f"stays[0].guests[{index}]"
            for path, same in _compared(stay, guest, read(line)):
                full = f"stays[0].{path[1:]}" if path.startswith("^") else f"{where}.{path}"
                assert same or full in noted, (full, guest, line)
                compared += 1
    assert compared > 100_000


def _compared(stay: dict[str, Any], guest: dict[str, Any], made: Schedina) -> Iterator[tuple[str, bool]]:
    """Every field of the record beside the fact it came from."""
    arrival = date.fromisoformat(stay["arrival"][:10])
    nights = stay["nights"] if "nights" in stay else (date.fromisoformat(stay["departure"]) - arrival).days
    birth = date.fromisoformat(guest["birth_date"])
    yield "role", made.role == guest["role"]
    yield "arrival", made.arrival == arrival
    yield "^departure", made.days == nights
    yield "surname", made.surname == _capitals(guest["surname"])
    yield "name", made.name == _capitals(guest["name"])
    yield "sex", made.sex == guest["sex"]
    yield "birth_date", made.birth_date == birth
    yield "birth_state", made.birth_state == _state(guest["birth_state"])
    yield "citizenship", made.citizenship == _state(guest["citizenship"])
    comune = guest.get("birth_comune")
    row = builtin().comune(comune, birth) if comune else None
    assert row is None or isinstance(row, Comune)
    yield "birth_comune", (made.birth_comune, made.birth_province) == ((row.police, row.province) if row else (None, None))
    if comune and row and not comune.isdigit():
        yield "birth_comune", comune.upper() == row.label
    document = guest.get("document") or {}
    yield "document", (made.document_type is None) is (not document)
    if made.document_type is not None:
        yield "document.type", made.document_type == document["type"]
        yield "document.number", made.document_number == document["number"].upper()
        issued = builtin().state(document["issued_in"])
        place = issued if isinstance(issued, State) else builtin().comune(document["issued_in"], arrival)
        assert isinstance(place, State | Comune)
        yield "document.issued_in", made.issued_in == place.police


def _capitals(text: str) -> str:
    """Capitals of plain ASCII letters: the only thing that may happen to a name without a note."""
    return text.upper() if text.isascii() else unicodedata.normalize("NFC", text)


def _state(token: str) -> str:
    state = builtin().state(token)
    assert isinstance(state, State)
    return state.police
