"""The folder tree of territories: the chain of parents is where a file lies (spec adempimenti 9).

A folder's own file bears the folder's name; every other file of a province folder is a comune; a comune with the name of its
province is ``comune_di_<name>.toml``. A province folder needs no file of its own. Which file holds an ISTAT code is read from the
head of the files (``[territory]`` comes first), so that a thousand comuni cost a look at those of one province.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from locanda.law.packs.reader import Fault, Pack, read_file

__all__ = ["BrokenPack", "Tree", "UnknownTerritory", "builtin_tree", "is_pack"]

_HEAD = 1500
_EXAMPLES = ".examples.toml"
_ISTAT = re.compile(r'^istat\s*=\s*"(\d+)"', re.MULTILINE)
_MORE = re.compile(r"^istat_more\s*=\s*\[([^\]]*)\]", re.MULTILINE)


class UnknownTerritory(LookupError):
    """No territory of the tree has that code or path."""


class BrokenPack(ValueError):
    """A territory file that cannot be used; :attr:`faults` says why, with lines."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class Place(NamedTuple):
    """A territory of the tree: ``it/puglia/bari`` or ``it/puglia/bari/monopoli``. ``file`` is None for a province without one."""

    path: str
    level: str
    file: Path | None


def is_pack(path: Path) -> bool:
    """Whether a file is a territory, and not its examples."""
    return path.suffix == ".toml" and not path.name.endswith(_EXAMPLES)


class Tree:
    """A folder of territories. Files are read when asked for, and only once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.stores: dict[tuple[str, ...], Any] = {}
        self._packs: dict[tuple[str, str], Pack] = {}
        self._provinces: dict[str, Path] | None = None
        self._comuni: dict[Path, dict[str, str]] = {}

    def pack(self, path: str) -> Pack:
        """The pack at ``it/puglia/bari/monopoli`` (or ``it/puglia``, a folder)."""
        return self._read(self.place(path), "whole")

    def half(self, place: Place, *, later: bool) -> Pack:
        """What a calendar asks for, or what is read later; the whole pack where it is at hand already."""
        return self._packs.get((place.path, "whole")) or self._read(place, "later" if later else "now")

    def _read(self, place: Place, part: str) -> Pack:
        if place.file is None:
            raise UnknownTerritory(place.path)
        found = self._packs.get((place.path, part))
        if found is None:
            pack, faults = read_file(place.file, place=place.path, file=str(place.file.relative_to(self.root)), part=part)
            if pack is None:
                raise BrokenPack(faults)
            found = self._packs[place.path, part] = pack
        return found

    def place(self, path: str) -> Place:
        """Where a path leads: ``it/puglia`` and ``it/puglia/puglia`` are the same."""
        parts = path.removesuffix(".toml").strip("/").split("/")
        if any(part in ("", ".", "..") for part in parts):
            raise UnknownTerritory(path)
        if len(parts) > 1 and parts[-1] == parts[-2]:
            parts = parts[:-1]
        folder = self.root.joinpath(*parts)
        if len(parts) <= 3 and folder.is_dir():
            own = folder / f"{parts[-1]}.toml"
            level = ("state", "region", "province")[len(parts) - 1]
            return Place("/".join(parts), level, own if own.is_file() else None)
        file = folder.with_name(f"{parts[-1]}.toml")
        if len(parts) == 4 and file.is_file():
            return Place("/".join(parts), "comune", file)
        raise UnknownTerritory(path)

    def chain_of(self, istat: str) -> list[Place]:
        """From the state down to the comune with that ISTAT code, or to its province where the comune has no file."""
        folder = self._province_folders().get(istat[:3])
        if folder is None or not re.fullmatch(r"\d{6}", istat):
            raise UnknownTerritory(istat)
        parts = folder.relative_to(self.root).parts
        places = [self.place("/".join(parts[:length])) for length in range(1, len(parts) + 1)]
        comune = self._comuni_of(folder).get(istat)
        return [*places, self.place("/".join((*parts, comune)))] if comune else places

    def parents_of(self, path: str) -> list[Place]:
        """The territories above a path, from the state down."""
        above = self.place(path).path.split("/")[:-1]
        return [self.place("/".join(above[:length])) for length in range(1, len(above) + 1)]

    def walk(self) -> Iterator[Place]:
        """Every territory, parents before children."""
        for state in _folders(self.root):
            yield from self._below(state, 1)

    def _below(self, folder: Path, depth: int) -> Iterator[Place]:
        path = "/".join(folder.relative_to(self.root).parts)
        yield self.place(path)
        if depth == 3:
            for file in sorted(folder.iterdir()):
                if is_pack(file) and file.stem != folder.name:
                    yield self.place(f"{path}/{file.stem}")
        else:
            for child in _folders(folder):
                yield from self._below(child, depth + 1)

    def all_provinces(self) -> frozenset[str]:
        """The codes of every province of the tree, older and newer ones too."""
        return frozenset(self._province_folders())

    def province_codes(self, path: str) -> frozenset[str]:
        """The codes of the province in whose folder a comune lies."""
        folder = self.root.joinpath(*self.place(path).path.split("/")).parent
        return frozenset(code for code, own in self._province_folders().items() if own == folder)

    def _province_folders(self) -> dict[str, Path]:
        if self._provinces is None:
            found: dict[str, Path] = {}
            for state in _folders(self.root):
                for region in _folders(state):
                    for province in _folders(region):
                        codes = _codes(f"{province}/{province.name}.toml")
                        if codes is None:  # no file of its own: the comuni say which province they are of
                            codes = [code[:3] for code in self._comuni_of(province)]
                        found.update(dict.fromkeys(codes, province))
            self._provinces = found
        return self._provinces

    def _comuni_of(self, folder: Path) -> dict[str, str]:
        found = self._comuni.get(folder)
        if found is None:
            found = {}
            own = f"{folder.name}.toml"
            for name in os.listdir(folder):
                if name.endswith(".toml") and not name.endswith(_EXAMPLES) and name != own:
                    found.update(dict.fromkeys(_codes(f"{folder}/{name}") or (), name.removesuffix(".toml")))
            self._comuni[folder] = found
        return found


def _folders(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(("_", "."))]
    return [folder / name for name in sorted(names)]


def _codes(file: str) -> list[str] | None:
    """The ISTAT codes that the head of a file names; None without a file. Plain strings: a thousand files are looked at."""
    try:
        with open(file, "rb", buffering=0) as stream:
            head = stream.read(_HEAD).decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    head = head.split("\n[[", 1)[0]
    more = _MORE.search(head)
    return [*_ISTAT.findall(head), *(re.findall(r"\d+", more[1]) if more else ())]


@cache
def builtin_tree() -> Tree:
    """The territories that come with the program."""
    return Tree(Path(str(files("locanda"))) / "territories")
