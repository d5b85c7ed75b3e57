"""Whether the ISTAT number inside a code is one that the property's comune has or had (spec adempimenti 5.1, 5.2).

A code keeps the number of the day it was issued, and comuni change number with their province: what counts is the comune.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from locanda.places import Comune, Tables, Unresolved

__all__ = ["REGIONS", "UnknownComune", "comune_numbers", "region_of"]

_NUMBER = re.compile(r"[0-9]{6}")

REGIONS = {
    "puglia": frozenset({"071", "072", "073", "074", "075", "110"}),
    "lombardia": frozenset({"012", "013", "014", "015", "016", "017", "018", "019", "020", "097", "098", "108"}),
    # all the sets of provinces since 1974; those of 2026 have numbers from 112 to 119
    "sardegna": frozenset({"090", "091", "092", "095", *map(str, range(104, 108)), "111", *map(str, range(112, 120))}),
}
"""First three digits of the ISTAT numbers of the regions whose own codes are known."""


class UnknownComune(ValueError):
    """A word that names no comune and is no ISTAT number either."""


class ComuneNumbers(NamedTuple):
    """A comune as codes may name it: the number it was given as, and all that it has or had."""

    number: str
    all: frozenset[str]
    label: str


def comune_numbers(token: str, tables: Tables) -> ComuneNumbers:
    """The numbers of the comune of a token: six digits of ISTAT, nine of the police, Belfiore code, or ``NAME (PROV)``.

    Six digits that no table knows are taken as they are: a province may be newer than our tables.
    """
    code = token.strip()
    rows = _rows(code, tables)
    numbers = frozenset(number for row in rows for number in (row.istat, *row.other_codes) if number)
    living = sorted(rows, key=lambda row: (row.valid_to is not None, row.istat is None))
    if _NUMBER.fullmatch(code):
        return ComuneNumbers(code, numbers | {code}, living[0].label if living else code)
    if not numbers:
        raise UnknownComune(token)
    return ComuneNumbers(living[0].istat or min(numbers), numbers, living[0].label)


def region_of(number: str) -> str | None:
    """The region of an ISTAT number, where it is one whose codes are known."""
    return next((region for region, provinces in REGIONS.items() if number[:3] in provinces), None)


def _rows(code: str, tables: Tables) -> list[Comune]:
    answers = [answer for _, _, answer in tables.comune_spans(code)]
    identities = {answer.identity for answer in answers if isinstance(answer, Comune)}
    if len(identities) != 1 or any(isinstance(answer, Unresolved) and answer.reason == "ambiguous" for answer in answers):
        return []
    return [row for row in tables.comuni if row.identity in identities]
