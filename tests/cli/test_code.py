"""``locanda code check``: one object out, exit status as the interfaces say, both languages."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from locanda.cli.main import main


def checked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = main(["code", "check", *arguments])
    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 1
    return status, json.loads(out)


@pytest.mark.parametrize(
    ("arguments", "level", "normalised", "status"),
    [
        (["cin", "IT072030C200012345"], "valid", "IT072030C200012345", 0),
        (["cin", "it 072030 c2 00012345", "--comune", "072030"], "valid", "IT072030C200012345", 0),
        (["cin", "IT072030C200012345", "--comune", "014061"], "warning", "IT072030C200012345", 0),
        (["cin", "--comune", "072030", "072030C200012345"], "invalid", "072030C200012345", 1),
        (["cir", "014061cni00123", "--comune", "014061"], "valid", "014061-CNI-00123", 0),
        (["cis", "BA07203091000012345", "--comune", "072030"], "valid", "BA07203091000012345", 0),
        (["iun", "P1234"], "valid", "P1234", 0),
        (["codice-fiscale", "RSSMRA80A01H501U"], "valid", "RSSMRA80A01H501U", 0),
        (["partita-iva", "IT00743110157"], "valid", "00743110157", 0),
        (["iban", "IT60 X054 2811 1010 0000 0123 456"], "valid", "IT60X0542811101000000123456", 0),
        (["pagopa-notice", "301000000000123468"], "valid", "301000000000123468", 0),
        (["pagopa-notice", "-"], "invalid", "", 1),
        (["cin", "--", "-IT072030C200012345"], "valid", "IT072030C200012345", 0),
        (["cin", "-5"], "invalid", "5", 1),
    ],
)
def test_prints_one_object(
    capsys: pytest.CaptureFixture[str], arguments: list[str], level: str, normalised: str, status: int
) -> None:
    got, verdict = checked(capsys, *arguments)
    assert got == status
    assert list(verdict) == ["level", "normalised", "warnings"]
    assert (verdict["level"], verdict["normalised"]) == (level, normalised)
    assert bool(verdict["warnings"]) == (level != "valid")


def test_says_why_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    _, italian = checked(capsys, "cin", "IT072030C200012345", "--comune", "014061")
    _, english = checked(capsys, "cin", "IT072030C200012345", "--comune", "014061", "--language", "en")
    assert list(italian["warnings"][0]) == ["code", "where", "message", "hint", "source"]
    assert "SONDRIO (SO)" in italian["warnings"][0]["message"]
    assert italian["warnings"][0]["message"] != english["warnings"][0]["message"]
    assert english["warnings"][0]["code"] == "code.istat.other"


@pytest.mark.parametrize(
    "arguments",
    [
        ["targa", "AB123CD"],
        ["cin"],
        [],
        ["cin", "X", "--comune", "ATLANTIDE"],
        ["cin", "X", "Y"],
        ["cin", "X", "--language", "fr"],
    ],
)
def test_a_wrong_call_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(["code", "check", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("locanda: ")
    assert err.count("\n") == 1


def test_bytes_that_are_no_text_are_an_invalid_code() -> None:
    program = "import sys\nfrom locanda.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    ran = subprocess.run([sys.executable, "-c", program, "code", "check", "cin", b"IT\xff"], capture_output=True, check=False)
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["normalised"] == "IT\N{REPLACEMENT CHARACTER}"


def test_starts_without_web_and_database() -> None:
    program = (
        "import sys\nfrom locanda.cli.main import main\n"
        "for kind in ('cin', 'codice-fiscale', 'iban'): main(['code', 'check', kind, 'X'])\n"
        "print([name for name in ('django', 'lxml', 'pydantic', 'typst', 'httpx2') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
