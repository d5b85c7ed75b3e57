"""Visitor statistics of a year: counting and every format, beside lxml building and serialising the same tree from ready values.

    python bench/flows.py [--guests 10000] [--units 40] [--runs 7] [--format ross1000]
    python bench/flows.py --linear [--guests 1000000]

What is timed on our side, from stays already read into objects: who counts, statistical days, places looked up, rooms and days
worked out, every rule judged (``movement``), then the counts of each day and residence, or the bytes of a format. Beside it:
lxml building a tree of as many elements with the same texts, all of them ready, and serialising it. For the counts the tree has
an element for each day and one for each of its lines; for a format in XML it is the tree of the file itself; other formats are
told beside the tree of the counts, and have no floor. Formats in XML are timed once more from a movement that is ready: the
writing alone. Counts, ROSS1000 and SPOT take at most three times lxml's time, from the stays on; so does the writing alone of
every other format in XML, which from the stays on stays above an eighth of lxml's pace. A format that takes a file a day writes
one for each day of the year. Runs alternate; medians count, in seconds of the processor, one
core of it: whatever else runs on the machine is not in them. The aim is half of lxml's pace.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from locanda.law.statistics import Movement, day_counts, movement, parse_request
from locanda.portals.flows import FlowFormat, flow_formats
from tests.flows_year import year

AIM, FLOOR = 0.5, 0.125
THIRD = 1 / 3
"""At most three times lxml's time: whole for those below, for others of the format alone, from a movement that is ready."""
WHOLE = ("counts", "ross1000", "spot")
Tree = tuple[str, dict[str, str], str | None, list[Any]]


def asked(guests: int, units: int, seed: int = 7) -> Any:
    made = year(seed, guests=guests, units=units, closure=False)
    made["property"]["portal_ids"] = {form.portal_id: "X00001" for form in flow_formats().values() if form.portal_id}
    request, problems = parse_request(json.dumps(made).encode())
    assert request is not None
    assert not problems
    return request


def moved(request: Any, form: FlowFormat | None = None) -> Movement:
    needs, uses = (form.needs, form.uses) if form else ((), ())
    told = movement(request.home, request.stays, request.days, request.first, request.last, needs=needs, uses=uses)
    if told.movement is None:
        raise SystemExit(f"problems: {told.problems[:3]}")
    return told.movement


def parts(whole: Movement, form: FlowFormat) -> Iterator[Movement]:
    """What a format takes at once: the year, or each of its days."""
    if not form.one_day:
        yield whole
        return
    for entry in whole.days:
        day = entry.day
        there = (guest for guest in whole.guests if guest.arrival <= day and (guest.departure is None or day <= guest.departure))
        yield whole._replace(first=day, last=day, days=(entry,), guests=tuple(there))


def written(form: FlowFormat, given: list[Movement]) -> list[bytes]:
    """The file, or the files of all days; days of which a portal wants none are left out."""
    files = [form.write(part) for part in given]
    if not any(file.data for file in files):
        raise SystemExit(f"{form.key}: {files[0].problems[:3]}")
    return [file.data for file in files if file.data]


def count(request: Any) -> int:
    return sum(len(day.rows) for day in day_counts(moved(request)))


def tree_of_counts(request: Any) -> Tree:
    """The C/59 of the year as a tree of texts."""
    days = []
    for counted in day_counts(moved(request)):
        lines: list[Any] = [
            ("riga", {"tipo": line.row.kind, "codice": line.row.code, "prima": str(line.previous), "arrivati": str(line.arrived),
                      "partiti": str(line.departed), "presenti": str(line.present)}, None, [])
            for line in counted.rows
        ]  # fmt: skip
        entry = counted.day
        attributes = {"data": entry.day.isoformat(), "camere": str(entry.rooms_occupied), "presenti": str(entry.present)}
        days.append(("giorno", attributes, None, lines))
    return ("c59", {}, None, days)


def tree_of_files(files: list[bytes]) -> Tree:
    """The texts of the files, ready to be built again; several are put under one root."""

    def ready(node: Any) -> Tree:
        return str(node.tag), dict(node.attrib), node.text, [ready(child) for child in node if isinstance(child.tag, str)]

    trees = [ready(etree.fromstring(data)) for data in files]
    return trees[0] if len(trees) == 1 else ("files", {}, None, trees)


def serialise(tree: Tree) -> bytes:
    def build(parent: Any, entries: list[Any]) -> None:
        for name, attributes, text, children in entries:
            node = etree.SubElement(parent, name, attributes)
            node.text = text
            if children:
                build(node, children)

    root = etree.Element(tree[0], tree[1])
    build(root, tree[3])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def timed(action: Callable[[], Any]) -> float:
    gc.collect()
    start = process_time()
    action()
    return process_time() - start


def compare(name: str, guests: int, ours: Callable[[], Any], tree: Tree, runs: int, floor: float = FLOOR) -> bool:
    pairs = [(timed(ours), timed(lambda: serialise(tree))) for _ in range(runs)]
    mine, theirs = (median(column) for column in zip(*pairs, strict=True))
    pace = f"{mine * 1000:.0f} ms, {guests / mine:,.0f} guests/s"
    print(f"{name}: {pace}; lxml from ready values {theirs * 1000:.0f} ms: {mine / theirs:.2f} times its time")
    return theirs / mine >= floor


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--guests", type=int)
    parser.add_argument("--linear", action="store_true", help="grow the guests up to a million, and show pace and memory")
    parser.add_argument("--units", type=int, default=40)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--format", choices=sorted(flow_formats()))
    options = parser.parse_args()
    if options.linear:
        from bench._flows_linear import linear

        return linear(options.guests or 1_000_000)
    request = asked(options.guests or 10_000, options.units)
    guests = sum(len(stay.guests) for stay in request.stays)
    size = f"{guests} guests in {len(request.stays)} stays, {len(request.days)} days"
    print(f"{size} (aim {1 / AIM:.0f} times, at most {1 / THIRD:.0f})")
    counts = tree_of_counts(request)
    fine = [compare("counts", guests, lambda: count(request), counts, options.runs, THIRD)]
    for key, form in flow_formats().items():
        if options.format in (None, key):
            given = list(parts(moved(request, form), form))
            xml = form.suffix == ".xml"
            tree = tree_of_files(written(form, given)) if xml else counts

            def write(form: FlowFormat = form, given: list[Movement] = given) -> None:
                written(form, given)

            def whole(form: FlowFormat = form, given: list[Movement] = given) -> None:
                moved(request, form)
                written(form, given)

            if xml:
                fine.append(compare(key, guests, whole, tree, options.runs, THIRD if key in WHOLE else FLOOR))
                fine.append(compare(f"{key} from a movement", guests, write, tree, options.runs, THIRD))
            else:
                compare(f"{key} (beside the tree of the counts)", guests, whole, tree, options.runs)
    print(f"memory at its highest {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return int(not all(fine))


if __name__ == "__main__":
    sys.exit(main())
