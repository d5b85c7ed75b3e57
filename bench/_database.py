"""What benches on a database share: an empty one of their own, and the comparison with plain rows read from it."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

__all__ = ["compare", "empty_database"]


@contextmanager
def empty_database() -> Iterator[None]:
    """Django on a new SQLite database whatever the settings of whoever calls say; once in a process, gone afterwards."""
    for name in ("LOCANDA_DATABASE_URL", "LOCANDA_KEY", "LOCANDA_KEY_FILE"):
        os.environ.pop(name, None)
    with TemporaryDirectory(prefix="locanda-bench-", ignore_cleanup_errors=True) as home:
        os.environ.update(LOCANDA_HOME=home, DJANGO_SETTINGS_MODULE="locanda.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield


def compare(plain: Callable[[], object], ours: Callable[[], object], *, rounds: int, names: tuple[str, str], aim: float) -> None:
    """Run both in turns and print the medians of their processor time, with the ratio to ``plain`` and whether it is the aim."""
    gc.freeze()  # what was loaded once is not what is measured
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for job, times in zip((plain, ours), took, strict=True):
            gc.collect()
            start = process_time()
            job()
            times.append(process_time() - start)
    base, slow = (median(times) for times in took)
    print(f"{'':44}{'ms':>8}{'ratio':>8}")
    print(f"{names[0]:44}{base * 1000:8.2f}{1:8.2f}")
    print(f"{names[1]:44}{slow * 1000:8.2f}{slow / base:8.2f}")
    print(f"\nratio {slow / base:.2f}: the aim is at most {aim:g}: {'reached' if slow / base <= aim else 'missed'}.")
