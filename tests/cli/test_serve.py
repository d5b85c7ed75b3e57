"""Serving the pages: from a process that begins anew, on a port of one's own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.drills.process import environment

_PARENT = """
import sys
import typst
from datetime import UTC, datetime
from locanda.cli.database import open_database

if __name__ == "__main__":
    open_database()
    from django.conf import settings
    from django.test import Client
    from locanda.cli.serve import serve_pages
    from locanda.office import accounts

    now = datetime.now(UTC)
    member = accounts.open_account("Prova", email="oste@example.org", password="una-password-lunga", full_name="Oste", now=now)
    place = accounts.add_property(
        member.account, {"name": "Il Trullo", "type": "bb", "comune": "416072030"}, now=now, by=member.person
    )
    visitor = Client()
    visitor.force_login(member.person)
    name = settings.SESSION_COOKIE_NAME
    print(f"/statistica/{place.pk}/{now.year}/chiusure/", name, visitor.cookies[name].value, flush=True)
    typst.compile(b"as the story of the demo does")
    serve_pages("127.0.0.1", int(sys.argv[1]))
"""


@contextmanager
def free_port() -> Iterator[int]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    yield port


def test_a_paper_is_printed_though_the_process_that_serves_has_printed_before(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, encoding="utf-8")
    with free_port() as port, subprocess.Popen(
        [sys.executable, str(script), str(port)], env=environment(tmp_path / "home"), stdout=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            path, name, value = process.stdout.readline().split()
            answer = _ask(f"http://127.0.0.1:{port}{path}", {name: value})
            assert answer.status_code == 200 and answer.content.startswith(b"%PDF-"), answer.text[:200]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=120)


def _ask(url: str, cookies: dict[str, str]) -> httpx2.Response:
    with httpx2.Client(cookies=cookies, timeout=60) as client:
        for _ in range(480):  # two minutes: a busy machine starts slowly
            try:
                return client.get(url)
            except httpx2.ConnectError:
                time.sleep(0.25)
    raise AssertionError("nobody answers")


@pytest.mark.skipif(not hasattr(socket, "SO_REUSEPORT"), reason="ports are never shared here")
def test_a_port_that_another_server_shares_is_refused(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        for command in ("serve", "demo"):
            done = subprocess.run(
                [sys.executable, "-m", "locanda.cli.main", command, "--port", port], env=environment(tmp_path / "home"),
                capture_output=True, text=True, timeout=120, check=False,
            )  # fmt: skip
            assert done.returncode == 2 and port in done.stderr and "Traceback" not in done.stderr and not done.stdout
    assert not (tmp_path / "home").exists()
