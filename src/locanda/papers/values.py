"""The single values of a form, each a type of its own: what is read by which rule, and how a paper writes it.

Money is integer cents inside; a tax code and a CIN are checked by their own rules; text is kept as it was typed, and refused
where no font could print it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from locanda.core import readers, time
from locanda.core.codes import check
from locanda.core.problems import Problem
from locanda.core.readers import Reader
from locanda.core.stays import PROPERTY_TYPES
from locanda.papers.typesetting import unprintable

__all__ = [
    "GUEST_LANGUAGES", "MONTHS", "READERS", "Age", "Belfiore", "Cents", "Cin", "Decimals", "Label", "Period",
    "PropertyType", "TableCell", "TaxCode", "Translated", "VatNumber", "Year", "money_text",
]  # fmt: skip

MONTHS = tuple(italian for italian, _ in time.MONTHS)
TEXT_MAX = 4000  # a paper is read by people
GUEST_LANGUAGES = ("it", "en", "de", "fr", "es", "ru")
_PERIOD = re.compile(r"[0-9]{4}-(Q[1-4]|0[1-9]|1[0-2])", re.ASCII)


class Cents(int):
    """An amount of money in cents; ``"95.00"`` at the doors, ``95,00`` on paper."""


class Year(int):
    """A year in which the tax can exist: D.Lgs. 23/2011 brought it back."""


class Age(int):
    """Whole years of a life."""


class TaxCode(str):
    """A codice fiscale, of a person or of a body, whose check character fits."""

    __slots__ = ()


class VatNumber(str):
    """A partita IVA whose check digit fits."""

    __slots__ = ()


class Cin(str):
    """The national identification code of a property (DL 145/2023 art. 13-ter)."""

    __slots__ = ()


class PropertyType(str):
    """A legal type of property, one of the keys used everywhere in the house."""

    __slots__ = ()


class Belfiore(str):
    """The cadastral code of a comune, such as F376: what the national declaration names it by."""

    __slots__ = ()


class Period(str):
    """A quarter or a month of a year: ``2026-Q1``, ``2026-06``."""

    __slots__ = ()

    @property
    def year(self) -> int:
        return int(self[:4])

    @property
    def last_month(self) -> int:
        return int(self[6]) * 3 if "Q" in self else int(self[5:])

    @property
    def named(self) -> str:
        """In a sentence: ``del 4° trimestre 2026``, ``di giugno 2026``."""
        return f"del {self[6]}° trimestre {self.year}" if "Q" in self else f"di {MONTHS[self.last_month - 1]} {self.year}"

    @property
    def titled(self) -> str:
        """In a table: ``4° trimestre``, ``Giugno``."""
        return f"{self[6]}° trimestre" if "Q" in self else MONTHS[self.last_month - 1].capitalize()


class TableCell(str):
    """A cell of a table that comes ready, which may be empty."""

    __slots__ = ()


class Label(str):
    """A number that may be written as one in JSON: of a receipt, of a protocol."""

    __slots__ = ()


class Decimals(str):
    """A number that is no amount of money, as it was written: a percentage, ``"10.5"``."""

    __slots__ = ()


class Translated(dict[str, str]):
    """A text in several languages, Italian always among them."""


def money_text(cents: int) -> str:
    """Cents as the doors write them, ``"95.00"``: for the facts of a problem."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def _text(value: Any, where: str, found: list[Problem]) -> str | None:
    text = readers.text(value, where, found)
    if text is None:
        return None
    if len(text) > TEXT_MAX:
        found.append(Problem.of("paper.text.long", where, length=len(text), limit=TEXT_MAX))
        return None
    bad = unprintable(text)
    if bad:
        found.append(Problem.of("paper.text.unprintable", where, characters=", ".join(f"U+{ord(one):04X}" for one in bad)))
        return None
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _decimals(value: Any, where: str, found: list[Problem]) -> Decimals | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", value, re.ASCII):
        return Decimals(value)
    found.append(Problem.of("paper.decimals.unfit", where, value=readers.shown_number(value)))
    return None


def _year(value: Any, where: str, found: list[Problem]) -> Year | None:
    year = readers.whole(2011, 2999)(value, where, found)
    return None if year is None else Year(year)


def _age(value: Any, where: str, found: list[Problem]) -> Age | None:
    age = readers.whole(1, 120)(value, where, found)
    return None if age is None else Age(age)


def _cell(value: Any, where: str, found: list[Problem]) -> TableCell | None:
    text = "" if isinstance(value, str) and not value.strip() else _text(value, where, found)
    return None if text is None else TableCell(text)


def _label(value: Any, where: str, found: list[Problem]) -> Label | None:
    text = readers.label(value, where, found)
    text = None if text is None else _text(text, where, found)
    return None if text is None else Label(text)


def _code(kind: str, make: type[str]) -> Reader:
    def read(value: Any, where: str, found: list[Problem]) -> str | None:
        text = _text(value, where, found)
        if text is None:
            return None
        result = check(kind, text)
        if result.usable:
            return make(result.normalised)
        found += [problem._replace(where=where) for problem in result.warnings]
        return None

    return read


def _property_type(value: Any, where: str, found: list[Problem]) -> PropertyType | None:
    chosen = readers.choice(PROPERTY_TYPES)(value, where, found)
    return None if chosen is None else PropertyType(chosen)


def _belfiore(value: Any, where: str, found: list[Problem]) -> Belfiore | None:
    if isinstance(value, str) and re.fullmatch("[A-Za-z][0-9]{3}", value.strip()):
        return Belfiore(value.strip().upper())
    found.append(Problem.of("paper.belfiore.unfit", where, value=readers.shown_number(value)))
    return None


def _period(value: Any, where: str, found: list[Problem]) -> Period | None:
    if isinstance(value, str) and _PERIOD.fullmatch(value):
        return Period(value)
    found.append(Problem.of("paper.period.unfit", where, value=readers.shown_number(value)))
    return None


def _cents(value: Any, where: str, found: list[Problem]) -> Cents | None:
    cents = readers.money(value, where, found)
    return None if cents is None else Cents(cents)


def _translated(value: Any, where: str, found: list[Problem]) -> Translated | None:
    """An object of languages; plain text counts as Italian."""
    if isinstance(value, str):
        value = {"it": value}
    read = readers.record(value, where, dict.fromkeys(GUEST_LANGUAGES, _text), found)
    if isinstance(value, dict) and not value.get("it"):
        found.append(Problem("paper.field.missing", f"{where}.it", (("field", "it"),)))
    return Translated(read) if read else None


READERS: Mapping[Any, Reader] = {
    str: _text,
    int: readers.whole(),
    bool: readers.flag,
    date: readers.day,
    datetime: readers.instant,
    Cents: _cents,
    TaxCode: _code("codice-fiscale", TaxCode),
    VatNumber: _code("partita-iva", VatNumber),
    Cin: _code("cin", Cin),
    PropertyType: _property_type,
    Belfiore: _belfiore,
    Period: _period,
    Age: _age,
    Year: _year,
    Decimals: _decimals,
    Label: _label,
    TableCell: _cell,
    Translated: _translated,
}
