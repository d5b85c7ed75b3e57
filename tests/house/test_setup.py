"""scripts/venv.sh on poor machines: shims that fail, old Pythons, no venv module, nothing at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

BASH = shutil.which("bash") or "/bin/bash"
SCRIPTS = [ROOT / "start", ROOT / "test", ROOT / ".ci" / "run", *sorted((ROOT / "scripts").glob("*.sh"))]


def machine(tmp_path: Path, **programs: str) -> Path:
    """A folder of programs, each a shell script; the only PATH of a bare machine."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("dirname", "cat", "cut", "mktemp", "rm", "grep"):
        real = shutil.which(name)
        assert real
        (folder / name).symlink_to(real)
    for name, text in programs.items():
        path = folder / name.replace("_", ".")
        path.write_text(f"#!{BASH}\n{text}\n")
        path.chmod(0o755)
    return folder


def find_python(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BASH, "-c", f"set -euo pipefail; source '{ROOT}/scripts/venv.sh'; find_python"],
        env={"PATH": str(path), **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def working() -> str:
    return f'exec "{os.path.realpath(sys.executable)}" "$@"'


def test_a_shim_that_refuses_is_passed_over(tmp_path: Path) -> None:
    run = find_python(machine(tmp_path, python3_13="echo 'version 3.13 is not installed' >&2; exit 127", python3=working()))
    assert run.returncode == 0, run.stderr
    assert Path(run.stdout.strip()).exists()
    assert "not installed" not in run.stderr


def test_a_later_entry_of_the_path_is_tried_too(tmp_path: Path) -> None:
    (tmp_path / "shims").mkdir()
    (tmp_path / "good").mkdir()
    shims, good = machine(tmp_path / "shims", python3="exit 1"), machine(tmp_path / "good", python3=working())
    run = find_python(Path(f"{shims}:{good}"))
    assert run.returncode == 0, run.stderr


def test_a_shim_is_asked_from_outside_the_folder(tmp_path: Path) -> None:
    refuses_here = f'[ -e .python-version ] && exit 1; {working()}'
    run = subprocess.run(
        [BASH, "-c", "set -euo pipefail; source scripts/venv.sh; find_python"],
        cwd=ROOT, env={"PATH": str(machine(tmp_path, python3=refuses_here))}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


def test_a_named_python_comes_first(tmp_path: Path) -> None:
    chosen = tmp_path / "my-python"
    chosen.write_text(f"#!{BASH}\n: > '{tmp_path}/asked'\n{working()}\n")
    chosen.chmod(0o755)
    run = find_python(machine(tmp_path, python3=working()), LOCANDA_PYTHON=str(chosen))
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "asked").exists()


@pytest.mark.parametrize("python", ["exit 1", "echo 'Python 2.7'; exit 1"])
def test_no_python_says_what_to_do_in_both_languages(tmp_path: Path, python: str) -> None:
    run = find_python(machine(tmp_path, python3=python))
    assert run.returncode == 1
    assert "Serve Python 3.11" in run.stderr
    assert "Python 3.11 or newer is needed" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_python_without_venv_says_which_package_is_missing(tmp_path: Path) -> None:
    # answers the question of its version, and fails the one about its modules
    python = f'case "$2" in *ensurepip*) exit 1 ;; *) echo "{tmp_path}/bin/python3" ;; esac'
    run = find_python(machine(tmp_path, python3=python))
    assert run.returncode == 1
    assert run.stderr.count("python3-venv") == 2


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_shell_can_read_it(script: Path) -> None:
    run = subprocess.run([BASH, "-n", str(script)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert os.access(script, os.X_OK) or script.name == "venv.sh"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_is_content(script: Path) -> None:
    program = shutil.which("shellcheck")
    if program is None:
        pytest.skip("shellcheck is not on this machine")
    run = subprocess.run(
        [program, "-x", "-S", "warning", str(script)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout
