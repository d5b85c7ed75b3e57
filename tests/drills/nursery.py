"""Where workers are born quickly: everything is imported once, then each order is a forked process of its own.

One JSON order a line on standard input; its number as a process, then its exit status, on standard output.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import Any


def _child(order: dict[str, Any]) -> None:
    from django.db import connections

    from tests.drills.worker import run

    out = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    connections.settings["default"]["NAME"] = order["database"]
    try:
        run(order)
        connections.close_all()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def main() -> None:
    import django

    django.setup()
    from locanda.places import builtin

    builtin().comune("MONOPOLI (BA)", __import__("datetime").date(1980, 1, 1))
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _child(json.loads(line))
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)  # reaped, or it would seem alive
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
