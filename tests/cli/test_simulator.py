"""``locanda simulator`` as another process sees it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from locanda.cli.main import COMMANDS
from locanda.cli.simulated import SIMULATED
from locanda.cli.simulator import INVENTED, simulator
from locanda.core.time import parse_instant
from locanda.portals.alloggiati.client import Client, Keys
from locanda.portals.alloggiati.errors import AnswerLost
from locanda.portals.alloggiati.simulator import KINDS, Simulator
from locanda.portals.ross1000 import simulator as ross1000
from locanda.portals.ross1000.client import Client as Ross1000Client
from locanda.portals.ross1000.client import Keys as Ross1000Keys
from locanda.portals.ross1000.records import Movimenti, Movimento
from tests.contracts.ross1000 import DAY, GUEST, HOUSE
from tests.portals.alloggiati.guests import row


def steer(address: str, path: str, sent: object = None) -> object:
    control = "/".join(address.split("/")[:3]) + "/_control/" + path
    request = urllib.request.Request(control, None if sent is None else json.dumps(sent).encode())
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        return json.load(answer)


def test_it_is_a_command_of_the_program() -> None:
    assert COMMANDS["simulator"].target == "locanda.cli.simulator:simulator"


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_it_serves_another_process_and_keeps_its_ledger(tmp_path: Path, ending: signal.Signals) -> None:
    state = tmp_path / "portal.db"
    command = [
        sys.executable, "-m", "locanda.cli.main", "simulator", "--state", str(state), "--clock",
        "2026-07-10T16:00+02:00", "--stopped", "--account", "BA000009:pass:chi+ave/==",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()  # type: ignore[union-attr]
            assert address.startswith("http://127.0.0.1:")
            keys = Keys("BA000009", "pass", "chi+ave/==")
            with Client(keys, endpoint=address, clock=lambda: parse_instant("2026-07-10T16:00+02:00"), timeout=20) as client:
                assert client.send([row("ROSSI")]).all_valid
                steer(address, "faults", {"kind": "drop_after_storing", "operation": "Send"})
                with pytest.raises(AnswerLost):
                    client.send([row("VERDI")])
                assert len(steer(address, "ledger")) == 2  # type: ignore[arg-type]
        finally:
            process.send_signal(ending)
            _, said = process.communicate(timeout=120)
    assert "SIMULATORE" in said
    assert "Traceback" not in said
    assert "chi+ave" not in said
    with Simulator(state=state) as again:
        assert again.ledger.rows("BA000009") == [row("ROSSI"), row("VERDI")]


def test_switches_and_faults_are_listed() -> None:
    listed = CliRunner().invoke(simulator, ["--list-switches", "--switch", "token_minutes=480"])
    assert listed.exit_code == 0
    assert "token_minutes=480" in listed.output
    assert "strictness.hyphen_refused=True" in listed.output
    faults = CliRunner().invoke(simulator, ["--list-faults"])
    assert [line.split()[0] for line in faults.output.splitlines()] == list(KINDS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--account", "BA1:p"], "USER:PASSWORD:WSKEY"),
        (["--account", "BA1::k"], "USER:PASSWORD:WSKEY"),
        (["--account", "BA1:p:k:motel"], "hotel or apartments"),
        (["--account", "BA1:p:k", "--account", "BA1:p:k"], "same user twice"),
        (["--clock", "domani"], "not an instant"),
        (["--switch", "nonsense=1"], "no such switch"),
        (["--switch", "token_minutes"], "NAME=VALUE"),
        (["--switch", "token_minutes=many"], "token_minutes"),
        (["--host", "0.0.0.0"], "this machine only"),
        (["--state", "/dev/null/x"], ""),
        (["--port", "99999"], ""),
        (["--portal", "ross"], "ross1000"),
        (["--portal", "ross1000", "--account", "u:p"], "USER:PASSWORD:CODE"),
        (["--portal", "ross1000", "--account", "u:p:X1,"], "USER:PASSWORD:CODE"),
        (["--portal", "ross1000", "--account", "u::X1"], "USER:PASSWORD:CODE"),
        (["--portal", "ross1000", "--account", "u:p:X1", "--account", "u:q:X2"], "same user twice"),
        (["--portal", "ross1000", "--switch", "token_minutes=1"], "no such switch"),
        (["--portal", "ross1000", "--switch", "auth_status=many"], "auth_status"),
    ],
)
def test_a_wrong_call_is_told_in_a_line(arguments: list[str], said: str) -> None:
    told = CliRunner().invoke(simulator, arguments)
    assert told.exit_code == 2
    assert said in told.output
    assert told.exception is None or isinstance(told.exception, SystemExit)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_ross1000_serves_another_process_and_keeps_its_archive(tmp_path: Path, ending: signal.Signals) -> None:
    state, instant = tmp_path / "ross1000.db", "2026-06-06T10:00+02:00"
    command = [
        sys.executable, "-m", "locanda.cli.main", "simulator", "--portal", "ross1000", "--state", str(state), "--clock", instant,
        "--stopped", "--account", "agency:pass-word:X00001,X00002", "--switch", "foreign_structure=error",
    ]  # fmt: skip
    file = Movimenti("X00001", "Locanda", (Movimento(DAY, HOUSE, (GUEST,)),))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()  # type: ignore[union-attr]
            assert address.startswith("http://127.0.0.1:") and address.endswith("/ws/checkinV2")
            keys = Ross1000Keys("agency", "pass-word")
            with Ross1000Client(keys, endpoint=address, clock=lambda: parse_instant(instant), timeout=20) as client:
                one, other = client.send_many((file, file._replace(codice="X00009")))
                assert one.all_accepted and other.error
                steer(address, "faults", {"kind": "drop_after_storing", "operation": "inviaMovimentazione"})
                with pytest.raises(AnswerLost):
                    client.send(file._replace(codice="X00002"))
        finally:
            process.send_signal(ending)
            _, said = process.communicate(timeout=120)
    assert "SIMULATORE ROSS1000" in said
    assert "Traceback" not in said and "pass-word" not in said
    with ross1000.Simulator(state=state) as again:
        assert {guest.structure for guest in again.archive.guests()} == {"X00001", "X00002"}


def test_switches_faults_and_accounts_are_those_of_the_portal() -> None:
    listed = CliRunner().invoke(simulator, ["--portal", "ross1000", "--list-switches", "--switch", "missing_removed=true"])
    assert listed.exit_code == 0
    assert "missing_removed=True" in listed.output and "token_minutes" not in listed.output
    faults = CliRunner().invoke(simulator, ["--portal", "ross1000", "--list-faults"])
    assert [line.split()[0] for line in faults.output.splitlines()] == list(ross1000.KINDS)
    assert len(SIMULATED["ross1000"].invented) == 2
    assert [account.user for account in SIMULATED["ross1000"].invented] == ["albergo", "agenzia"]


def test_the_invented_accounts_are_one_of_each_category() -> None:
    assert [account.category for account in INVENTED] == ["hotel", "apartments"]
