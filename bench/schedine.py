"""How fast schedine are checked and written, beside a bare ``%``-format of the same fourteen fields.

    python bench/schedine.py             rates and the ratio (the aim is 0.4, the floor 0.15)
    python bench/schedine.py --million   a million rows streamed, with the memory in use at each step

What is timed on our side: guests, documents and stays built as objects, parties cut, every rule judged, rows written, files of at
most 1,000 lines made without splitting a party, persons told twice looked for, text encoded. Beside it: ``%``-format of tuples
of fourteen strings that are ready, joined and encoded. Runs alternate; medians count.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from locanda.core.people import Document, Guest
from locanda.core.shapes import parse
from locanda.core.stays import Party, Stay, parties
from locanda.core.time import ROME
from locanda.places import builtin
from locanda.portals.alloggiati.check import judge
from locanda.portals.alloggiati.desk import Desk
from locanda.portals.alloggiati.documents import builtin as document_types
from locanda.portals.alloggiati.record import cut
from locanda.portals.alloggiati.schedine import PartyRows, duplicates, file_text, judge_party, split_files
from tests.people import stays

AIM, FLOOR = 0.4, 0.15
ARRIVAL = date(2026, 5, 12)
AS_OF = datetime(2026, 5, 12, 23, 30, tzinfo=ROME)
PLAIN = 0.85  # share of names already in base letters; the others are spelled, with a note
FORMAT = "%-2s%-10s%-2s%-50s%-30s%-1s%-10s%-9s%-2s%-9s%-9s%-5s%-20s%-9s"

RawStay = tuple[tuple[Any, ...], list[tuple[Any, ...]]]


def invent(guests: int) -> list[RawStay]:
    """Facts as a program holds them before our objects exist: plain tuples."""
    raw: list[RawStay] = []
    for invented in stays(7, guests, arrival=ARRIVAL, plain=PLAIN):
        stay = parse({"stays": [invented.stay]}).stays[0]
        assert stay is not None
        people = [(*guest[:9], None if guest.document is None else tuple(guest.document)) for guest in stay.guests]
        raw.append((stay[:4], people))
    return raw


def built(raw: list[RawStay]) -> Iterator[Stay]:
    """Stays, guests and documents as objects."""
    for (ident, arrival, departure, nights), people in raw:
        yield Stay(
            ident, arrival, departure, nights,
            tuple([
                Guest(a, b, c, d, e, f, g, h, i, None if papers is None else Document(*papers))
                for a, b, c, d, e, f, g, h, i, papers in people
            ]),
        )  # fmt: skip


def written(desk: Desk, source: Iterator[Stay]) -> Iterator[PartyRows]:
    """Parties judged and written; these guests are all fit."""
    for stay in source:
        rows, problems = desk.stay_rows(stay, as_of=AS_OF)
        if problems:
            raise SystemExit(f"an invented guest was refused: {problems}")
        yield from rows


def ours(desk: Desk, raw: list[RawStay]) -> list[bytes]:
    files = []
    for rows in split_files(written(desk, built(raw))):
        duplicates(rows)
        files.append(file_text(rows).encode("ascii"))
    return files


def bare(records: list[tuple[str, ...]]) -> bytes:
    return "\r\n".join([FORMAT % record for record in records]).encode("ascii")


def seconds(run: Callable[[], object]) -> float:
    gc.collect()
    start = perf_counter()
    run()
    return perf_counter() - start


def rates(guests: int, runs: int) -> None:
    raw = invent(guests)
    desk = Desk(builtin(), document_types())
    files = ours(desk, raw)
    lines = [line.decode("ascii") for file in files for line in file.split(b"\r\n")]
    records = [tuple(text.rstrip() for text in cut(line)) for line in lines]
    if bare(records).split(b"\r\n") != [line.encode("ascii") for line in lines]:
        raise SystemExit("the bare format writes other rows than ours")
    sizes: list[Party] = [party for stay in built(raw) for party in parties(stay.guests)]
    tables, types = desk.tables, desk.documents

    def at_leisure() -> None:
        for stay in built(raw):
            for party in parties(stay.guests):
                judge_party(stay, party, tables=tables, documents=types, today=AS_OF.date(), apartment=None)

    gc.collect()
    gc.freeze()  # tables and invented guests are not looked through again and again; what the runs make is
    timed: dict[str, list[float]] = {"bare": [], "ours": [], "cold": [], "leisure": [], "judge": []}
    for turn in range(runs):
        timed["bare"].append(seconds(lambda: bare(records)))
        timed["ours"].append(seconds(lambda: ours(desk, raw)))
        fresh = Desk(tables, types)
        timed["cold"].append(seconds(lambda fresh=fresh: ours(fresh, raw)))
        timed["judge"].append(seconds(lambda: judge(lines, today=ARRIVAL, tables=tables, documents=types)))
        if turn < 3:
            timed["leisure"].append(seconds(at_leisure))
    base = median(timed["bare"])
    print(f"{len(lines):,} rows in {len(sizes):,} parties of {len(raw):,} stays; one core, median of {runs} alternating runs\n")
    print(f"{'':44}{'rows/s':>12}{'µs/row':>9}{'ratio':>8}")
    named = {
        "bare": "bare %-format of fourteen ready strings", "ours": "objects built, checked, written, in files",
        "cold": "the same, a desk that has met nobody", "leisure": "the same, without the memory of a desk",
        "judge": "foreign rows judged as the portal does",
    }  # fmt: skip
    for key, label in named.items():
        took = median(timed[key])
        print(f"{label:<44}{len(lines) / took:>12,.0f}{took / len(lines) * 1e6:>9.2f}{base / took:>8.2f}")
    ratio = base / median(timed["ours"])
    verdict = "reached" if ratio >= AIM else "missed" if ratio < FLOOR else "above the floor, below the aim"
    print(f"\nratio {ratio:.2f}: the aim is {AIM}, the floor {FLOOR}: {verdict}.")


def million(rows: int) -> None:
    """A stream of ever new guests; the memory must not grow with it."""
    desk = Desk(builtin(), document_types())
    done, seed, step, start = 0, 0, max(rows // 10, 1), perf_counter()
    print(f"{'rows':>12}{'memory now':>14}{'peak':>10}")
    reported = 0
    while done < rows:
        seed += 1
        chunk = (
            stay for invented in stays(seed, 5_000, arrival=ARRIVAL, plain=PLAIN)
            for stay in parse({"stays": [invented.stay]}).stays if stay is not None
        )  # fmt: skip
        for file in split_files(written(desk, chunk)):
            duplicates(file)
            done += file_text(file).count("\r\n") + 1
        if done >= reported + step:
            reported = done
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{done:>12,}{memory():>11.1f} MB{peak:>7.1f} MB", flush=True)
    print(f"{done:,} rows invented, checked and written in {perf_counter() - start:.0f} s")


def memory() -> float:
    """Resident memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024**2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--million", nargs="?", const=1_000_000, type=int, metavar="ROWS", help="stream so many rows")
    parser.add_argument("--guests", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    if options.million:
        million(options.million)
    else:
        rates(options.guests, options.runs)


if __name__ == "__main__":
    main()
