"""What benches on a database share: an empty one of their own, and the comparison with plain rows read from it."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

__all__ = ["compare", "empty_database", "medians"]


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


def medians(jobs: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """Run all in turns; the median of the processor time of each, in seconds, printed with the ratio to the first."""
    gc.freeze()  # what was loaded once is not what is measured
    took: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            gc.collect()
            start = process_time()
            job()
            took[name].append(process_time() - start)
    found = {name: median(times) for name, times in took.items()}
    base = next(iter(found.values()))
    print(f"{'':44}{'ms':>8}{'ratio':>8}")
    for name, time in found.items():
        print(f"{name:44}{time * 1000:8.2f}{time / base:8.2f}")
    return found


def compare(plain: Callable[[], object], ours: Callable[[], object], *, rounds: int, names: tuple[str, str], aim: float) -> None:
    """Run both in turns and print the medians of their processor time, with the ratio to ``plain`` and whether it is the aim."""
    base, slow = medians(dict(zip(names, (plain, ours), strict=True)), rounds=rounds).values()
    print(f"\nratio {slow / base:.2f}: the aim is at most {aim:g}: {'reached' if slow / base <= aim else 'missed'}.")
