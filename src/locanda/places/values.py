"""Places as values: comuni and states, and what a look-up answers when it cannot name exactly one."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

__all__ = ["ITALY", "BadLine", "Change", "Comune", "FormerState", "Place", "Reason", "State", "Unresolved"]

ITALY = "100000100"
"""The police code of Italy."""

Reason = Literal["unknown", "ambiguous", "ceased", "not_yet", "no_police_code"]


class Comune(NamedTuple):
    """One row of the police table: a comune as it was called and placed for a time.

    ``valid_from`` and ``valid_to`` are the first and the last day, both included; None means open (or, for the
    beginning, not known). ``police`` is None where the portal's code is not known. ``current_province`` is the plate of
    today where it differs from the one the police writes (``SU`` for Carbonia). The last three fields are what else the
    place answers to: names (other language, official spelling), provinces it belonged to, ISTAT codes it had.
    """

    name: str
    province: str
    police: str | None = None
    istat: str | None = None
    belfiore: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    current_province: str | None = None
    other_names: tuple[str, ...] = ()
    other_provinces: tuple[str, ...] = ()
    other_codes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """``MONOPOLI (BA)``."""
        return f"{self.name} ({self.province})"

    @property
    def identity(self) -> str:
        """What the rows of one comune through time have in common."""
        return self.belfiore or self.police or self.label

    def lived(self, on: date) -> bool:
        """Whether a day falls in the life of this row."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class State(NamedTuple):
    """A state, or a territory that the police table lists among them. ``names`` are further words to search it by."""

    police: str
    name: str
    iso2: str | None = None
    iso3: str | None = None
    valid_to: date | None = None
    names: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The portal's Italian name."""
        return self.name


class FormerState(NamedTuple):
    """A state that is no more and that the police table does not list; ``today`` are the police codes of where its places lie.

    An advice for who was born there, not a rule: nothing published says what the portal expects.
    """

    names: tuple[str, ...]
    today: tuple[str, ...]

    @property
    def label(self) -> str:
        """Its Italian name."""
        return self.names[0]


Place = Comune | State


class Unresolved(NamedTuple):
    """A token that names no single place on that day, and the places that may have been meant.

    ``unknown``: nothing is called so (candidates: the same name elsewhere, or what a former state is today).
    ``ambiguous``: several are. ``ceased`` and ``not_yet``: the place had ended, or had not begun (candidates: what was
    there that day, else the place itself).
    ``no_police_code``: known by name and dates only; the portal's own table has the code.
    """

    reason: Reason
    token: str
    candidates: tuple[Place, ...] = ()


class Change(NamedTuple):
    """A difference between two tables, row by row of the police codes.

    ``before`` and ``after`` are how the row reads: its label, and the day of its end if it has one.
    """

    kind: Literal["added", "removed", "changed"]
    code: str
    label: str
    before: str | None
    after: str | None


class BadLine(NamedTuple):
    """A line of a table that was left out: its number (the header is line 1), why, and the line."""

    number: int
    reason: Literal["columns", "code", "name", "province", "date", "twice"]
    text: str
