"""Whether the visitor statistics grow with the guests and with nothing else: ``python bench/flows.py --linear``.

An agency of many houses of 10,000 guests a year each, every one other than the others, counted and written house by house. What
is timed is what ``bench/flows.py`` times: from stays read into objects to the counts, or to the bytes of a file, which go to
disk. Seconds are those of the processor, one core of it: whatever else runs on the machine is not in them. Each number of
guests has a process of its own, so that its memory is its own too; what is loaded once is loaded before. At the end the guests
of ten houses in one.
"""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import Any

HOUSE, UNITS = 10_000, 40
JOBS = ("counts", "ross1000", "spot")
SPREAD = 2
"""How far the slowest pace of a table may be from the fastest: caches are shared with whatever else runs."""


def measured(guests: int, house: int) -> dict[str, Any]:
    """Seconds for each job, and the peak of memory, over as many houses as it takes."""
    from flows import asked, count, moved, written

    from locanda.portals.flows import flow_formats

    def done(request: Any, job: str) -> list[bytes]:
        if job == "counts":
            count(request)
            return []
        form = flow_formats()[job]
        return written(form, [moved(request, form)])

    seconds = dict.fromkeys(JOBS, 0.0)
    counted = 0
    for job in JOBS:
        done(asked(500, 10), job)
    with tempfile.TemporaryFile() as disk:
        for seed in range(1, guests // house + 1):
            request = asked(house, UNITS * house // HOUSE, seed=seed)
            counted += sum(len(stay.guests) for stay in request.stays)
            for job in JOBS:
                gc.collect()
                start = process_time()
                disk.writelines(done(request, job))
                seconds[job] += process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"guests": counted, "seconds": seconds, "peak": peak}


def linear(most: int) -> int:
    """The table; 1 when the pace falls off."""
    sizes = [size for size in (10_000, 100_000, 1_000_000) if size <= most]
    rows = [(size, HOUSE) for size in sizes] + ([(100_000, 100_000)] if most >= 100_000 else [])
    print("| guests | houses | job | seconds | guests/s | peak MB |\n|---:|---:|---|---:|---:|---:|")
    paces: dict[str, list[float]] = {job: [] for job in JOBS}
    for guests, house in rows:
        run = subprocess.run(
            [sys.executable, __file__, str(guests), str(house)], capture_output=True, text=True, check=True, timeout=7200
        )
        told = json.loads(run.stdout)
        for job, seconds in told["seconds"].items():
            pace = told["guests"] / seconds
            if house == HOUSE:
                paces[job].append(pace)
            cells = (f"{told['guests']:,}", guests // house, job, f"{seconds:.2f}", f"{pace:,.0f}", f"{told['peak']:.0f}")
            print(f"| {' | '.join(map(str, cells))} |", flush=True)
    return int(any(max(found) > SPREAD * min(found) for found in paces.values()))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))
