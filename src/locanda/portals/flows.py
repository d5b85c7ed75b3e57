"""The formats of visitor statistics: one regular interface, which each portal's folder implements (spec flussi-turistici 1, 10).

A portal declares its formats in its ``__init__`` as ``FLOWS``, a tuple of :class:`FlowFormat`; the module each of them names
holds four functions::

    write(movement) -> Written     the bytes, or every problem of the format; notes either way
    read(data)      -> Read        the values in a file, from anybody's software
    encode(values)  -> bytes       encode(read(write(m).data).values) == write(m).data
    check(data)     -> Report      every rule of the spec on one file

All are pure. What the format needs to know of each guest stands in ``needs`` and ``uses`` (``law.statistics.FACTS``), and is
judged before ``write`` is called. How to add one: docs/developers/flows.md.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

import locanda.portals
from locanda.core.problems import Problem
from locanda.law.statistics import Movement

__all__ = ["FlowFormat", "Mode", "Read", "Report", "Written", "flow_formats"]

Mode = Literal["WS", "FILE", "SHEET", "NONE"]
"""What the product does with a portal: sends, writes a file to upload, prints figures to type, or only the generic sheet."""


class Written(NamedTuple):
    """The bytes of a file, or None and why not. Notes are for people: what was assumed, what the portal will paint red."""

    data: bytes | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


class Read(NamedTuple):
    """What a file says, as the format's own values; None when nothing could be made of it."""

    values: Any
    problems: tuple[Problem, ...] = ()


class Report(NamedTuple):
    """The verdict on a file: how much is in it, and what is wrong. A problem's fact ``rule`` is the id of the spec (RX-05)."""

    days: int
    arrivals: int
    departures: int
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def valid(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class FlowFormat:
    """A format of visitor statistics, declared by its portal's folder."""

    key: str
    """As ``flows write --format`` takes it."""
    name: str
    mode: Mode
    version: str
    """Of the layout: what the portal published, and when."""
    status: Literal["official", "press", "disputed", "unverified"]
    """How much of the layout was read where it counts (the words of the packs)."""
    module: str
    """Where ``write``, ``read``, ``encode`` and ``check`` live."""
    suffix: str
    """Of a file of this format: ``.xml``."""
    needs: frozenset[str] = frozenset()
    """Facts that every guest must have."""
    uses: frozenset[str] = frozenset()
    """Facts that are written when known."""
    portal_id: str | None = None
    """The key in ``portal_ids`` of the property without which nothing can be written."""
    encoding: str = "utf-8"
    one_day: bool = False
    """Whether a file holds one day: a longer stretch is refused, and written day by day (``Movement`` of each)."""
    offered: bool = True
    """Whether operators are told to use it. A format that is not is written for developers, and a note says why to be careful."""

    def write(self, movement: Movement) -> Written:
        """The bytes, or every problem."""
        if self.one_day and movement.first != movement.last:
            return Written(None, (Problem.of("flows.one_day", "to", portal=self.name, first=movement.first, last=movement.last),))
        if self.portal_id is not None and movement.home.portal_id(self.portal_id) in (None, ""):
            where = f"property.portal_ids.{self.portal_id}"
            return Written(None, (Problem.of("flows.portal_id.missing", where, portal=self.name, key=self.portal_id),))
        made: Written = self._load("write")(movement)
        if not self.offered:
            made = made._replace(notes=(*made.notes, Problem.of("flows.not_offered", "", portal=self.name)))
        return made

    def read(self, data: bytes) -> Read:
        """The values in a file."""
        found: Read = self._load("read")(data)
        return found

    def encode(self, values: Any) -> bytes:
        """The bytes of values that were read."""
        made: bytes = self._load("encode")(values)
        return made

    def check(self, data: bytes) -> Report:
        """Every rule on one file."""
        found: Report = self._load("check")(data)
        return found

    def _load(self, name: str) -> Any:
        return getattr(importlib.import_module(self.module), name)


@cache
def flow_formats() -> Mapping[str, FlowFormat]:
    """Every format known here: those of the rooms of this folder, then those that other packages announce."""
    from importlib.metadata import entry_points  # brings network modules along on Python 3.11, which a declaration must not

    modules = [f"locanda.portals.{room.name}" for room in pkgutil.iter_modules(locanda.portals.__path__) if room.ispkg]
    modules += [entry.value for entry in entry_points(group="locanda.portals") if entry.value not in modules]
    return {
        made.key: made for module in modules for made in getattr(importlib.import_module(module), "FLOWS", ())
    }  # fmt: skip
