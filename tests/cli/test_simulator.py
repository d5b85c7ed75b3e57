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
from locanda.cli.simulator import INVENTED, simulator
from locanda.core.time import parse_instant
from locanda.portals.alloggiati.client import Client, Keys
from locanda.portals.alloggiati.errors import AnswerLost
from locanda.portals.alloggiati.simulator import KINDS, Simulator
from tests.portals.alloggiati.guests import row


def steer(address: str, path: str, sent: object = None) -> object:
    control = address.partition("/service/")[0] + "/_control/" + path
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
            _, said = process.communicate(timeout=30)
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
    ],
)
def test_a_wrong_call_is_told_in_a_line(arguments: list[str], said: str) -> None:
    told = CliRunner().invoke(simulator, arguments)
    assert told.exit_code == 2
    assert said in told.output
    assert told.exception is None or isinstance(told.exception, SystemExit)


def test_the_invented_accounts_are_one_of_each_category() -> None:
    assert [account.category for account in INVENTED] == ["hotel", "apartments"]
