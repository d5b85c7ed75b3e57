"""What may stand in the fields of a guest, whichever of the two formats they are written in (rules RX-08, RX-10 to RX-14, RX-18).

Codes are judged by the tables of the police portal on the day of arrival. A comune or state that had ended by then is no
residence; as a birthplace it is fine (spec flussi-turistici 4.1).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

from locanda.core.problems import Problem
from locanda.places import ITALY, Comune, Tables
from locanda.portals.ross1000.notes import ADULT, VERY_OLD
from locanda.portals.ross1000.values import MEMBERS, TYPES, canonical

__all__ = ["PLACE_MAX", "Finding", "Judge", "real_day", "whole_number"]

PLACE_MAX: Final = 30
"""Longest name of a place abroad."""
_DIGITS_MAX: Final = 6


class Finding(NamedTuple):
    """Problems and warnings, as they are found."""

    problems: list[Problem]
    warnings: list[Problem]


def real_day(text: str | None) -> date | None:
    """``aaaammgg`` as a day of the calendar."""
    if text is None or len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def whole_number(text: str | None) -> int | None:
    """A number from zero up, without separators."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > _DIGITS_MAX:
        return None
    return int(text)


class Judge:
    """The fields of one record after the other. ``names`` say how the format calls them, ``where`` where the record stands."""

    def __init__(self, tables: Tables, into: Finding) -> None:
        self.tables = tables
        self.into = into
        self.where = ""

    def wrong(self, code: str, rule: str, name: str = "", **facts: Any) -> None:
        """A problem of the record."""
        self.into.problems.append(self._said(code, rule, name, facts))

    def warn(self, code: str, rule: str, name: str = "", **facts: Any) -> None:
        """A warning about the record."""
        self.into.warnings.append(self._said(code, rule, name, facts))

    def _said(self, code: str, rule: str, name: str, facts: dict[str, Any]) -> Problem:
        where = f"{self.where}.{name}" if self.where and name else self.where or name
        shown = {key: value[:60] if isinstance(value, str) else value for key, value in facts.items()}
        return Problem.of(code, where, **shown, **({"name": name.rpartition(".")[2]} if name else {}), rule=rule)

    def present(self, name: str, text: str | None, rule: str = "RX-10") -> bool:
        """A fact that must be there."""
        if text:
            return True
        self.wrong("ross1000.fact.missing", rule, name)
        return False

    def kind(self, name: str, text: str | None) -> str | None:
        """The type of a guest, 16 to 20."""
        if text not in TYPES:
            self.wrong("ross1000.type.unknown", "RX-08", name, value=text or "")
            return None
        return text

    def sex(self, name: str, text: str | None, allowed: str) -> None:
        """One of two letters or digits."""
        if self.present(name, text) and (text is None or len(text) != 1 or text not in allowed):
            self.wrong("ross1000.sex.unknown", "RX-10", name, value=text, allowed=" o ".join(allowed))

    def state(self, name: str, text: str | None, on: date | None, rule: str = "RX-10", *, lasting: bool = False) -> str | None:
        """A code of the table of states; ``lasting``: it must not have ended."""
        if not text:
            return None
        row = self.tables.state_row(text)
        if row is None:
            self.wrong("ross1000.state.unknown", rule, name, value=text)
            return None
        if on is not None and row.valid_to is not None and row.valid_to < on:
            tell = self.wrong if lasting else self.warn
            tell("ross1000.state.ceased", rule, name, value=f"{row.name} ({text})", until=row.valid_to)
        return text

    def residence(self, state_name: str, state: str | None, place_name: str, place: str | None, on: date | None) -> Comune | None:
        """Italy: a living comune. Abroad: words, NUTS or nothing (RX-11). The comune, where there is one."""
        if not self.present(state_name, state):
            return None
        known = self.state(state_name, state, on, lasting=True)
        if known == ITALY:
            return self._home(place_name, place, on)
        if known is not None and place:
            if len(place) > PLACE_MAX:
                self.wrong("ross1000.place.long", "RX-11", place_name, value=place, limit=PLACE_MAX)
            elif (row := self.tables.comune_row(place)) is not None:
                self.warn("ross1000.residence.contradiction", "RX-11", place_name, value=row.label, state=known)
        return None

    def _home(self, name: str, text: str | None, on: date | None) -> Comune | None:
        if not text:
            self.wrong("ross1000.residence.no_comune", "RX-11", name)
            return None
        row = self.tables.comune_row(text)
        if row is None:
            self.wrong("ross1000.comune.unknown", "RX-11", name, value=text)
        elif on is not None and row.valid_to is not None and row.valid_to < on:
            self.wrong("ross1000.comune.ceased", "RX-11", name, value=f"{row.label} ({text})", until=row.valid_to)
        return row

    def birthplace(self, state_name: str, state: str | None, place_name: str, place: str | None) -> Comune | None:
        """A comune only with Italy, ended ones included (RX-12)."""
        known = self.state(state_name, state, None, "RX-12")
        if not place:
            return None
        if state != ITALY:
            if known is not None or not state:
                self.wrong("ross1000.birth_comune.unwanted", "RX-12", place_name, value=place)
            return None
        row = self.tables.comune_row(place)
        if row is None:
            self.wrong("ross1000.comune.unknown", "RX-12", place_name, value=place)
        return row

    def birth(
        self, name: str, text: str | None, kind: str | None, arrival: date | None, reader: Callable[[str | None], date | None]
    ) -> date | None:
        """The day of birth: real, not after the arrival, plausible (RX-13)."""
        if not self.present(name, text):
            return None
        born = reader(text)
        if born is None:
            self.wrong("ross1000.date.unreal", "RX-02", name, value=text)
        elif arrival is not None and born > arrival:
            self.wrong("ross1000.birth.after_arrival", "RX-13", name, born=born, arrival=arrival)
        elif arrival is not None:
            age = arrival.year - born.year - ((arrival.month, arrival.day) < (born.month, born.day))
            if age > VERY_OLD:
                self.warn("ross1000.birth.very_old", "RX-13", name, age=age)
            elif age < ADULT and kind is not None and kind not in MEMBERS:
                self.warn("ross1000.head.minor", "RX-13", name, age=age)
        return born

    def listed(self, name: str, list_name: str, text: str | None, *, wanted: bool) -> None:
        """A value of a list (RX-14), compared ignoring case."""
        if text:
            if canonical(list_name, text) is None:
                self.wrong("ross1000.list.unknown", "RX-14", name, value=text)
        elif wanted:
            self.warn("ross1000.list.missing", "RX-14", name)

    def length(self, name: str, text: str | None, limit: int) -> None:
        """Not longer than the layout allows (RX-18)."""
        if text and len(text) > limit:
            self.wrong("ross1000.text.long", "RX-18", name, count=len(text), limit=limit)

    def identifier(self, name: str, text: str | None, limit: int) -> str | None:
        """1 to ``limit`` characters (RX-07)."""
        if not text:
            self.wrong("ross1000.id.missing", "RX-07", name)
            return None
        if len(text) > limit:
            self.wrong("ross1000.id.long", "RX-07", name, value=text, limit=limit)
        return text


