"""Where a command reads and writes may be closed, full, gone or no file: one line and status 2, never a fault of the program."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import click
import pytest

from locanda.cli.json_door import keep

PROGRAM = str(Path(sys.executable).with_name("locanda"))
READERS = [
    ["schedine", "write"], ["schedine", "check"], ["flows", "check", "--format", "ross1000"], ["tax", "late"],
]  # fmt: skip


def shell(line: str) -> tuple[int, str]:
    run = subprocess.run(["bash", "-c", f"set -o pipefail; locanda() {{ '{PROGRAM}' \"$@\"; }}; {line}"],
                         capture_output=True, text=True, check=False)  # fmt: skip
    return run.returncode, run.stderr


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_a_closed_input_is_an_empty_one(command: list[str]) -> None:
    closed, empty = shell(f"locanda {' '.join(command)} - <&-"), shell(f"locanda {' '.join(command)} - </dev/null")
    assert closed == empty
    assert closed[0] == 1


@pytest.mark.parametrize("command", ["flows list", "schedine check - </dev/null", "code check cin x"])
@pytest.mark.parametrize("output", [">&-", pytest.param(">/dev/full", marks=pytest.mark.skipif(
    not Path("/dev/full").is_char_device(), reason="no /dev/full on this machine"))])  # fmt: skip
def test_a_closed_or_full_output_is_one_line(command: str, output: str) -> None:
    status, said = shell(f"locanda {command} {output}")
    assert (status, said.count("\n")) == (2, 1), said
    assert said.startswith("locanda: ")
    assert "unexpected" not in said


@pytest.mark.parametrize("typed", ["", "una-password-lunga\nun-altra-password\n"])
@pytest.mark.parametrize("command", ["add", "password"])
def test_a_password_that_cannot_be_asked_for_is_one_line(command: str, typed: str) -> None:
    run = subprocess.run([PROGRAM, "user", command, "a@example.org"], input=typed, capture_output=True, text=True, check=False,
                         start_new_session=True)  # fmt: skip
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1), run.stderr
    assert "--password" in run.stderr


@pytest.mark.parametrize("typed", ["una-password-lunga", "una-password-lunga\nuna-password-lunga\n"])
def test_a_password_comes_through_a_pipe(tmp_path: Path, typed: str) -> None:
    run = subprocess.run([PROGRAM, "user", "add", "a@example.org"], input=typed, capture_output=True, text=True, check=False,
                         start_new_session=True, env={"PATH": os.environ["PATH"], "LOCANDA_HOME": str(tmp_path)})  # fmt: skip
    assert (run.returncode, run.stdout) == (0, "a@example.org: owner\n"), run.stderr


def test_a_reader_that_goes_away_is_nothing_to_tell(tmp_path: Path) -> None:
    (tmp_path / "many").write_text("{}\n" * 20_000, encoding="utf-8")
    assert shell(f"locanda tax late --lines '{tmp_path / 'many'}' | head -1 >/dev/null") == (0, "")


def test_a_file_is_replaced_and_a_pipe_is_written_into(tmp_path: Path) -> None:
    file, pipe = tmp_path / "a.pdf", tmp_path / "b.pdf"
    file.write_bytes(b"before")
    keep(file, b"after")
    assert file.read_bytes() == b"after"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    keep(pipe, b"after")
    assert os.read(reader, 100) == b"after"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "b.pdf"]


def test_a_folder_that_is_not_there_is_said_with_the_name_as_it_was_given(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match=r"none/a\.pdf: No such file"):
        keep(tmp_path / "none" / "a.pdf", b"")
