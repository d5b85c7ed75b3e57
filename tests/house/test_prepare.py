"""What ./start and ./test install, and when they install nothing: scripts/venv.sh with a stand-in for Python and uv."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

BASH = shutil.which("bash") or "/bin/bash"

# Answers as a Python does, as far as venv.sh asks; writes what it was asked to install into $LOG.
PYTHON = """\
bin="$(dirname "$0")"
case "$*" in
  *sys.executable*) echo "$0" ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip install "*)
    last="${!#}"; echo "pip ${last##*/}" >>"$LOG"
    [ -z "${NO_NETWORK:-}" ] || { echo "no network" >&2; exit 1; }
    case "$*" in *uv.txt) cp "$UV" "$bin/uv" ;; *dev.txt) cp "$UV" "$bin/pytest" ;; esac ;;
esac
"""
UV = """\
bin="$(dirname "$0")"
case "$*" in
  "pip sync"*)
    [ -z "${NO_UV:-}" ] || exit 1
    last="${!#}"; echo "uv ${last##*/}" >>"$LOG"
    case "$*" in *dev.txt) cp "$0" "$bin/pytest" ;; *) rm -f "$bin/pytest" ;; esac ;;
  "pip install"*--editable*) cp "$0" "$bin/locanda" ;;
esac
"""


class Checkout:
    """A folder with the scripts and the requirements, on a machine of stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        (self.folder / "scripts").mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "venv.sh", self.folder / "scripts")
        (self.folder / "requirements").mkdir()
        for name in ("uv", "app", "dev"):
            (self.folder / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
        (self.folder / "pyproject.toml").write_text("")
        self.log = folder / "log"
        self.log.touch()
        (folder / "bin").mkdir()
        for name, text in (("python3", PYTHON), ("uv-to-copy", UV)):
            path = folder / "bin" / name
            path.write_text(f"#!{BASH}\n{text}")
            path.chmod(0o755)
        self.environment = {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "LOCANDA_PYTHON": str(folder / "bin" / "python3"),
            "LOG": str(self.log), "UV": str(folder / "bin" / "uv-to-copy"),
        }  # fmt: skip

    def prepare(self, kind: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BASH, "-c", f"set -euo pipefail; source scripts/venv.sh; prepare {kind}"],
            cwd=self.folder, env={**self.environment, **environment}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def installed(self) -> list[str]:
        """What was asked for since the last time."""
        lines = self.log.read_text().splitlines()
        self.log.write_text("")
        return lines

    def has(self, program: str) -> bool:
        return (self.folder / ".venv" / "bin" / program).exists()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_first_time_installs_and_second_time_does_nothing(checkout: Checkout) -> None:
    first = checkout.prepare("app")
    assert first.returncode == 0, first.stderr
    assert len(first.stdout.splitlines()) == 1
    assert checkout.installed() == ["pip uv.txt", "uv app.txt"]
    assert checkout.has("locanda")
    second = checkout.prepare("app")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert checkout.installed() == []


def test_start_after_test_keeps_what_test_installed(checkout: Checkout) -> None:
    assert checkout.prepare("dev").returncode == 0
    assert checkout.installed() == ["pip uv.txt", "uv dev.txt"]
    assert checkout.prepare("app").returncode == 0
    assert checkout.installed() == []
    (checkout.folder / "requirements" / "dev.txt").write_text("dev==2\n")
    assert checkout.prepare("app").returncode == 0
    assert checkout.installed() == ["pip uv.txt", "uv dev.txt"]
    assert checkout.has("pytest")


def test_test_after_start_adds_what_it_needs(checkout: Checkout) -> None:
    assert checkout.prepare("app").returncode == 0
    assert not checkout.has("pytest")
    assert checkout.prepare("dev").returncode == 0
    assert checkout.has("pytest")


def test_changed_requirements_are_installed(checkout: Checkout) -> None:
    assert checkout.prepare("app").returncode == 0
    checkout.installed()
    (checkout.folder / "requirements" / "app.txt").write_text("app==2\n")
    assert checkout.prepare("app").returncode == 0
    assert checkout.installed() == ["pip uv.txt", "uv app.txt"]


def test_where_uv_finds_nothing_pip_is_asked(checkout: Checkout) -> None:
    run = checkout.prepare("app", NO_UV="1")
    assert run.returncode == 0, run.stderr
    assert checkout.installed() == ["pip uv.txt", "pip app.txt"]
    assert checkout.has("locanda")


def test_without_network_it_says_so_in_both_languages_and_goes_on_later(checkout: Checkout) -> None:
    run = checkout.prepare("app", NO_NETWORK="1")
    assert run.returncode == 1
    assert "manca la rete" in run.stderr
    assert "the network is missing" in run.stderr
    assert not checkout.has("locanda")
    assert checkout.prepare("app").returncode == 0
    assert checkout.has("locanda")


def test_a_moved_folder_is_prepared_anew(checkout: Checkout) -> None:
    assert checkout.prepare("app").returncode == 0
    moved = checkout.folder.with_name("elsewhere")
    checkout.folder.rename(moved)
    checkout.folder = moved
    checkout.installed()
    assert checkout.prepare("app").returncode == 0
    assert checkout.installed() == ["pip uv.txt", "uv app.txt"]


def test_a_broken_environment_is_prepared_anew(checkout: Checkout) -> None:
    assert checkout.prepare("app").returncode == 0
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    checkout.installed()
    assert checkout.prepare("app").returncode == 0
    assert checkout.installed() == ["pip uv.txt", "uv app.txt"]
