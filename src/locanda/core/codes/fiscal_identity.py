"""A codice fiscale beside what is known of the person: surname, name, sex, birth, place (D.M. 23/12/1976).

Differences warn and never block: names change, registers err, and the number on the card is the one that counts. What is not
known is not compared, so partial birth data (a year alone, a state without comune) are compared as far as they go.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from locanda.core.codes.fiscal_code import FiscalCode, foreign_places, read_fiscal_code
from locanda.core.codes.fiscal_letters import possible_letters
from locanda.core.codes.verdict import CodeCheck, warning
from locanda.core.people import Sex
from locanda.core.problems import Problem
from locanda.places import ITALY, Comune, State, Tables, Unresolved

__all__ = ["Identity", "compared"]


class Identity(NamedTuple):
    """What is known of somebody. ``birth_year`` and ``birth_month`` serve where the document has no whole date.

    Places are words or codes as :class:`locanda.core.people.Guest` carries them.
    """

    surname: str | None = None
    name: str | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    birth_year: int | None = None
    birth_month: int | None = None
    birth_state: str | None = None
    birth_comune: str | None = None


def compared(result: CodeCheck, identity: Identity, *, tables: Tables, on: date | None = None) -> CodeCheck:
    """The same check with a warning for each thing in which the code and the person differ."""
    if not result.usable:
        return result
    if result.normalised.isdigit():
        return _with(result, [warning("code.codice_fiscale.not_of_a_person")])
    read = read_fiscal_code(result.normalised, on)
    if read is None:  # not reached: a usable code can be read
        return result
    found = [*_names(read, identity), *_birth(read, identity), *_place(read, identity, tables)]
    known = {problem.code for problem in result.warnings}
    # the exact date says better than both centuries whether the comune was there
    return _with(result, [problem for problem in found if problem.code not in known])


def _with(result: CodeCheck, found: list[Problem]) -> CodeCheck:
    return CodeCheck("warning", result.normalised, (*result.warnings, *found)) if found else result


def _names(read: FiscalCode, identity: Identity) -> list[Problem]:
    found = []
    for text, letters, given, code in (
        (identity.surname, read.code[:3], False, "code.codice_fiscale.surname"),
        (identity.name, read.code[3:6], True, "code.codice_fiscale.name"),
    ):
        possible = possible_letters(text, given_name=given) if text else frozenset()
        if possible and letters not in possible:
            found.append(warning(code, found=letters, expected=" / ".join(sorted(possible))))
    return found


def _birth(read: FiscalCode, identity: Identity) -> list[Problem]:
    found = []
    if identity.sex is not None and identity.sex != read.sex:
        found.append(warning("code.codice_fiscale.sex", found=read.sex.value))
    year = identity.birth_date.year if identity.birth_date else identity.birth_year
    month = identity.birth_date.month if identity.birth_date else identity.birth_month
    day = identity.birth_date.day if identity.birth_date else None
    written = read.births[0]
    if (
        (year is not None and year % 100 != written.year % 100)
        or (month is not None and month != written.month)
        or (day is not None and day != written.day)
    ):
        found.append(warning("code.codice_fiscale.birth", found=f"{written:%d/%m}/…{written.year % 100:02}"))
    return found


def _place(read: FiscalCode, identity: Identity, tables: Tables) -> list[Problem]:
    birth = identity.birth_date or _within(read, identity) or read.births[-1]
    state = tables.state(identity.birth_state) if identity.birth_state else None
    abroad = read.place[0] == "Z"
    if abroad and (identity.birth_comune or (isinstance(state, State) and state.police == ITALY)):
        return [warning("code.codice_fiscale.place", found=_named(read.place, birth, tables))]
    if abroad:
        return _state(read, state)
    if isinstance(state, State) and state.police != ITALY:
        return [warning("code.codice_fiscale.place", found=_named(read.place, birth, tables))]
    if not identity.birth_comune:
        return []
    comune = tables.comune(identity.birth_comune, birth)
    meant = comune.candidates if isinstance(comune, Unresolved) else (comune,)
    codes = {place.belfiore for place in meant if isinstance(place, Comune)} - {None}
    if codes and read.place not in codes:
        return [warning("code.codice_fiscale.place", found=_named(read.place, birth, tables))]
    return []


def _state(read: FiscalCode, state: State | Unresolved | None) -> list[Problem]:
    foreign = foreign_places().get(read.place)
    if not isinstance(state, State) or foreign is None or foreign.state is None:
        return []  # a former state, or one the police table lists under another: nothing to compare
    if foreign.state == state.police or foreign.state in state.successors:
        return []
    return [warning("code.codice_fiscale.place", found=foreign.name)]


def _within(read: FiscalCode, identity: Identity) -> date | None:
    return next((birth for birth in read.births if birth.year == identity.birth_year), None)


def _named(place: str, birth: date, tables: Tables) -> str:
    if place[0] == "Z":
        foreign = foreign_places().get(place)
        return foreign.name if foreign else place
    found = tables.comune(place, birth)
    if isinstance(found, Comune):
        return found.label
    return found.candidates[0].label if found.candidates else place
