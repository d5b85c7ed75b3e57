"""Where guests live, and the row of the C/59 that counts them (spec flussi-turistici 2.1, 4.1-4.3).

Residence is neither citizenship nor birthplace. The comune is judged on the day of arrival: closed codes are no residence
(spec 4.1). The province is taken from the letters of the police table, never from digits of a code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.places import ITALY, Tables, Unresolved

__all__ = [
    "FOREIGN_ROWS", "ITALIAN_ROWS", "Residence", "ResidenceRow", "proposed_states", "residence_of", "row_of_province",
    "row_of_state", "unresolved",
]  # fmt: skip


class ResidenceRow(NamedTuple):
    """A row of the C/59: ``kind`` I with an ISTAT province, or E with a code of MOV/C. Rows sort as forms list them."""

    order: int
    kind: Literal["I", "E"]
    code: str
    it: str
    en: str
    letters: str = ""


class Residence(NamedTuple):
    """Where a guest lives: police codes of state and (in Italy) comune, province letters, the words for a place abroad."""

    state: str
    comune: str | None
    province: str | None
    place: str | None
    row: ResidenceRow


def _data() -> dict[str, Any]:
    return tomllib.loads((files("locanda.law.statistics") / "residences.toml").read_text(encoding="utf-8"))


_DATA = _data()
ITALIAN_ROWS = tuple(
    ResidenceRow(order, "I", code, name, name, letters) for order, (code, letters, name) in enumerate(_DATA["province"])
)
"""Provinces in the order of their ISTAT codes."""
FOREIGN_ROWS = tuple(
    ResidenceRow(order, "E", entry["code"], entry["it"], entry["en"])
    for order, entry in enumerate(_DATA["foreign"], len(ITALIAN_ROWS))
)
"""Rows abroad in the order of the list."""
_BY_LETTERS: Mapping[str, ResidenceRow] = {row.letters: row for row in ITALIAN_ROWS}


def row_of_province(letters: str) -> ResidenceRow | None:
    """The row of a province by its letters."""
    return _BY_LETTERS.get(letters)


@cache
def row_of_state(police: str) -> ResidenceRow | None:
    """The row of a state by its nine digits; None for Italy and for what no row takes."""
    found = _states().get(police)
    if found is None and police.startswith("100000") and police != ITALY:
        found = _rest().get(police[6])
    return found


@cache
def _states() -> Mapping[str, ResidenceRow]:
    return {
        state if len(state) == 9 else "100000" + state: row
        for row, entry in zip(FOREIGN_ROWS, _DATA["foreign"], strict=True)
        for state in (*entry["states"], *entry.get("proposed", ()))
    }


@cache
def _rest() -> Mapping[str, ResidenceRow]:
    rows = zip(FOREIGN_ROWS, _DATA["foreign"], strict=True)
    return {digit: row for row, entry in rows for digit in entry.get("rest", ())}


@cache
def proposed_states() -> frozenset[str]:
    """Police codes of the states whose row is our proposal."""
    return frozenset(
        state if len(state) == 9 else "100000" + state for entry in _DATA["foreign"] for state in entry.get("proposed", ())
    )


def residence_of(guest: Guest, on: date, tables: Tables, found: list[Problem]) -> Residence | None:
    """Where a guest lives on the day of arrival; None after adding what is wrong (paths relative to the guest)."""
    if guest.residence_state is None and guest.residence_comune is None:
        found.append(Problem("flows.residence.missing", "residence_state"))
        return None
    state = ITALY
    if guest.residence_state is not None:  # a comune of residence is in Italy by itself
        answer = tables.state(guest.residence_state, on)
        if isinstance(answer, Unresolved):
            found.append(unresolved(answer, "residence_state", on))
            return None
        state = answer.police
    if state != ITALY:
        if guest.residence_comune is not None:
            found.append(Problem.of("flows.residence.contradiction", "residence_comune", state=guest.residence_state))
            return None
        row = row_of_state(state)
        if row is None:
            found.append(Problem.of("flows.residence.no_row", "residence_state", value=guest.residence_state))
            return None
        return Residence(state, None, None, guest.residence_place, row)
    if guest.residence_comune is None:
        found.append(Problem("flows.residence_comune.missing", "residence_comune"))
        return None
    comune = tables.comune(guest.residence_comune, on)
    if isinstance(comune, Unresolved):
        found.append(unresolved(comune, "residence_comune", on))
        return None
    row = row_of_province(comune.province)
    if row is None or comune.police is None:
        found.append(Problem.of("flows.residence.no_row", "residence_comune", value=guest.residence_comune))
        return None
    return Residence(state, comune.police, comune.province, guest.residence_place, row)


def unresolved(answer: Unresolved, where: str, on: date) -> Problem:
    """Why a place could not be found, with what may have been meant."""
    known = "; ".join(place.label for place in answer.candidates[:6])
    code = {
        "unknown": "flows.place.unknown", "ambiguous": "flows.place.ambiguous", "ceased": "flows.place.ceased",
        "not_yet": "flows.place.not_yet", "no_police_code": "flows.place.no_code",
    }[answer.reason]  # fmt: skip
    return Problem.of(code, where, value=answer.token, day=on, candidates=known or "-")
