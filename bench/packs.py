"""How long the chain of one property takes with a thousand comuni present, beside reading the same files raw.

    python bench/packs.py [--comuni 1000]

A tree is made in a temporary folder: the shipped territories, and comuni beside them until there are a thousand, 300 of them in
the province that is asked for. What is timed on our side, with nothing remembered from before: finding the province and the
comune among all files, reading, checking and merging the files of the chain (papers, instructions and notes are read when they
are asked for), building every obligation, sanction and office. Beside it: the same four files read whole with ``tomllib`` and
nothing else. Runs alternate; medians count, and the best run says what an idle machine does. The limit is 50 ms.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import tomllib
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from locanda.law.packs.loading import chain_in
from locanda.law.packs.tree import Tree, builtin_tree, is_pack

LIMIT_MS = 50
DAY = date(2026, 7, 1)
COMUNE = "072030"
FILL = """[territory]
level = "comune"
name = "Comune di prova {code}"
istat = "{code}"
read_on = 2026-11-01

[[parameter]]
id = "patron-saint"
it = "Festa del patrono"
en = "Patron saint"
value = "05-08"
status = "unverified"
valid_from = 2020-01-01
sources = ["bench"]
"""


def fill(root: Path, wanted: int) -> int:
    """Add comuni until there are as many as wanted; the province asked for gets as many as the largest of Italy has."""
    shutil.copytree(builtin_tree().root, root, dirs_exist_ok=True)
    provinces = [path for path in sorted(root.glob("it/*/*")) if path.is_dir()]
    crowded = root / "it" / "puglia" / "bari"
    present = sum(is_pack(path) for path in root.glob("it/*/*/*.toml"))
    for number in range(max(wanted + len(provinces) - present, 0)):
        folder = crowded if number < 300 else provinces[number % len(provinces)]
        code = f"072{500 + number:03}" if folder is crowded else f"{number % 900:03}{number % 1000:03}"
        (folder / f"prova_{number:04}.toml").write_text(FILL.format(code=code), encoding="utf-8")
    return sum(is_pack(path) and path.stem != path.parent.name for path in root.glob("it/*/*/*.toml"))


def ours(root: Path) -> float:
    start = perf_counter()
    rules = chain_in(Tree(root), COMUNE)
    found = len(rules.obligations(DAY)) + len(rules.sanctions(DAY)) + len(rules.contacts(None, DAY))
    spent = perf_counter() - start
    if found < 50 or len(rules.paths) != 4:
        raise SystemExit(f"the chain is not whole: {rules.paths}, {found} items")
    return spent


def raw(root: Path) -> float:
    files = [place.file for place in Tree(root).chain_of(COMUNE) if place.file]
    start = perf_counter()
    for file in files:
        tomllib.loads(file.read_text(encoding="utf-8"))
    return perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comuni", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        count = fill(root, options.comuni)
        ours(root), raw(root)  # modules imported, disk warm
        pairs = [(ours(root), raw(root)) for _ in range(options.runs)]
    chain_ms, raw_ms = (median(column) * 1000 for column in zip(*pairs, strict=True))
    best, best_raw = (min(column) * 1000 for column in zip(*pairs, strict=True))
    print(f"{count} comuni present; chain of one property, cold: {chain_ms:.1f} ms, best {best:.1f} (limit {LIMIT_MS})")
    print(f"the same four files with tomllib alone: {raw_ms:.1f} ms, best {best_raw:.1f}; ratio {chain_ms / raw_ms:.2f}")
    return int(chain_ms > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
