"""How a cell is written as text: as Italians write it, or plainly, as programs exchange it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from locanda.sheets.table import Column, Value

__all__ = ["decimals", "flag_words", "plain", "written"]

_FLAGS = {"it": ("no", "sì"), "en": ("no", "yes")}


def written(cell: Value, column: Column, language: str) -> str:
    """As an Italian reads it: 01/03/2027; 12,50; sì."""
    if isinstance(cell, date):
        month = f"{cell.month:02}/{cell.year:04}"
        return month if column.kind == "month" else f"{cell.day:02}/{month}"
    text = _text(cell, column, language)
    return text.replace(".", ",") if column.kind in ("decimal", "money") else text


def plain(cell: Value, column: Column, language: str) -> str:
    """As programs exchange it: 2027-03-01; 12.50."""
    if isinstance(cell, date):
        return cell.isoformat()[:7] if column.kind == "month" else cell.isoformat()
    return _text(cell, column, language)


def flag_words(language: str) -> tuple[str, str]:
    """The words for no and yes."""
    return _FLAGS["it" if language == "it" else "en"]


def decimals(value: Fraction | int, places: int) -> Fraction:
    """A number rounded to so many decimals, halves away from zero."""
    step = 10**places
    size = int(abs(Fraction(value)) * step + Fraction(1, 2))
    return Fraction(-size if value < 0 else size, step)


def _text(cell: Value, column: Column, language: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return flag_words(language)[cell]
    if isinstance(cell, int) and column.kind == "money":
        return _number(Fraction(cell, 100), 2)
    if isinstance(cell, Fraction) or (isinstance(cell, int) and column.kind == "decimal"):
        return _number(decimals(cell, column.places), column.places)
    return str(cell)


def _number(value: Fraction, places: int) -> str:
    """An exact number with its decimals, without floating point."""
    whole = abs(value) * 10**places
    digits = f"{int(whole):0{places + 1}}"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits
