"""Codice fiscale: its shape, what it says of a birth, and its level (D.M. 23/12/1976; spec adempimenti 5.3).

Around ``python-stdnum``, which computes the check letter but trips on homonyms (digits that became letters), takes everybody
for born between 1920 and 2019, and lets days above 80 pass. Whether a comune existed at the birth is asked of
:mod:`locanda.places`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from locanda.core.codes.fiscal_letters import check_letter
from locanda.core.codes.vat import NO_NUMBER, eleven_digits
from locanda.core.codes.verdict import CodeCheck, cleaned, refusal, verdict, warning
from locanda.core.people import Sex
from locanda.core.problems import Problem
from locanda.places import Comune, Tables

__all__ = ["FiscalCode", "ForeignPlace", "check_fiscal_code", "foreign_places", "read_fiscal_code"]

_DIGIT = "[0-9LMNPQRSTUV]"
_SHAPE = re.compile(rf"[A-Z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRST]{_DIGIT}{{2}}[A-Z]{_DIGIT}{{3}}[A-Z]")
_HOMONYMS = str.maketrans("LMNPQRSTUV", "0123456789")
_DIGIT_PLACES = frozenset({6, 7, 9, 10, 12, 13, 14})
_MONTHS = "ABCDEHLMPRST"
# consonants, then vowels, then X: nothing else comes out of a name
_THREE_LETTERS = re.compile(r"(?=.{3}$)[B-DF-HJ-NP-TV-Z]*[AEIOU]*X*")
_CENTURIES = (1900, 2000)


class ForeignPlace(NamedTuple):
    """A state or territory as the codice fiscale writes it; ``state`` is its row in the police table, where it has one."""

    code: str
    name: str
    state: str | None = None
    ended: date | None = None


class FiscalCode(NamedTuple):
    """What a codice fiscale says: of the year only two digits, so the births it may mean are one in each century."""

    code: str
    plain: str  # with the digits that a homonym had turned into letters
    sex: Sex
    births: tuple[date, ...]
    place: str  # Belfiore code of the comune, or Z and three digits
    is_homonym: bool


@cache
def foreign_places() -> Mapping[str, ForeignPlace]:
    """States and territories by their code."""
    text = (files("locanda.core.codes") / "foreign.toml").read_text(encoding="utf-8")
    return {code: ForeignPlace(code, **entry) for code, entry in tomllib.loads(text).items()}


def read_fiscal_code(text: str, on: date | None = None) -> FiscalCode | None:
    """What a code of a person says, or None when it is none (its shape, its letter, a day that no month has).

    With ``on``, births after that day are left out.
    """
    code = cleaned(text)
    return None if _fault(code) else _read(code, on)


def check_fiscal_code(text: str, *, tables: Tables, on: date | None = None) -> CodeCheck:
    """The level of a codice fiscale: of a person, or the eleven digits of a body and of a provisional one."""
    code = cleaned(text)
    if not code:
        return refusal(code, "code.value.missing")
    if re.fullmatch("[0-9]{11}", code):
        result = eleven_digits(code)
        return result if result.usable or code.startswith(NO_NUMBER) else refusal(code, "code.codice_fiscale.check_digit")
    fault = _fault(code)
    if fault is not None:
        return CodeCheck("invalid", code, (fault,))
    read = _read(code, on)
    if read is None:
        return refusal(code, "code.codice_fiscale.future")
    warnings = []
    if not (_THREE_LETTERS.fullmatch(code[:3]) and _THREE_LETTERS.fullmatch(code[3:6])):
        warnings.append(warning("code.codice_fiscale.letters", letters=f"{code[:3]} {code[3:6]}"))
    warnings += _place_warnings(read, tables)
    return verdict(code, *warnings)


def _fault(code: str) -> Problem | None:
    if len(code) != 16:
        return warning("code.codice_fiscale.length", length=len(code))
    if not _SHAPE.fullmatch(code):
        return warning("code.codice_fiscale.shape")
    if check_letter(code[:15]) != code[15]:
        return warning("code.codice_fiscale.check_letter")
    if not _dates(_undone(code)):
        return warning("code.codice_fiscale.day")
    return None


def _undone(code: str) -> str:
    """The code as it was before a homonym turned digits into letters; its last letter no longer fits."""
    return "".join(letter.translate(_HOMONYMS) if place in _DIGIT_PLACES else letter for place, letter in enumerate(code))


def _dates(plain: str) -> tuple[date, ...]:
    day = int(plain[9:11])
    found = []
    for century in _CENTURIES:
        try:
            found.append(date(century + int(plain[6:8]), _MONTHS.index(plain[8]) + 1, day - 40 if day > 40 else day))
        except ValueError:  # 29 February of a year that has none, or a day that no month has
            continue
    return tuple(found)


def _read(code: str, on: date | None) -> FiscalCode | None:
    plain = _undone(code)
    births = tuple(day for day in _dates(plain) if on is None or day <= on)
    if not births:
        return None
    sex = Sex.FEMALE if int(plain[9:11]) > 40 else Sex.MALE
    is_homonym = plain != code
    return FiscalCode(code, plain[:15] + check_letter(plain[:15]), sex, births, plain[11:15], is_homonym)


def _place_warnings(read: FiscalCode, tables: Tables) -> list[Problem]:
    """A place that is not in the tables, or that no birth the code may mean has found alive."""
    births = read.births
    if read.place[0] == "Z":
        foreign = foreign_places().get(read.place)
        if foreign is None:
            return [warning("code.codice_fiscale.state_unknown", place=read.place)]
        if foreign.ended is not None and min(births) >= foreign.ended:
            return [warning("code.codice_fiscale.state_ceased", place=foreign.name, year=foreign.ended.year)]
        return []
    rows = [row for row in tables.comuni if row.belfiore == read.place]
    if not rows:
        return [warning("code.codice_fiscale.place_unknown", place=read.place)]
    if any(row.lived(birth) for row in rows for birth in births):
        return []
    return [_ceased(rows, births)]


def _ceased(rows: list[Comune], births: tuple[date, ...]) -> Problem:
    ends = [row.valid_to for row in rows]
    last = max((end for end in ends if end is not None), default=None)
    if last is not None and None not in ends and last < min(births):
        return warning("code.codice_fiscale.place_ceased", place=rows[-1].label, year=last.year)
    first = min((row.valid_from for row in rows if row.valid_from is not None), default=None)
    return warning("code.codice_fiscale.place_not_yet", place=rows[0].label, year=first.year if first else "…")
