"""How a paper writes values: days as dd/mm/yyyy, instants with their Italian hour, amounts with a comma.

A paper of the comune is read in Italy, whatever language its words have; only the notice to guests writes as its reader does
(:func:`long_day`, :func:`euro`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency

from locanda.core.time import ROME
from locanda.papers.values import Cents

__all__ = ["euro", "long_day", "plain", "written"]


def plain(value: Any) -> Any:
    """What the template gets: text, truth values, lists and objects of text. Numbers become text: a template counts nothing.

    A part with a method ``extras`` shows these beside its fields.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        extras = value.extras() if hasattr(value, "extras") else {}
        return {name: plain(entry) for name, entry in (*value._asdict().items(), *extras.items())}
    if isinstance(value, Mapping):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(entry) for entry in value]
    return written(value)


def written(value: Any) -> str:
    """One value as an Italian form writes it."""
    if isinstance(value, Cents):
        sign, whole = ("-" if value < 0 else ""), abs(value)
        return f"{sign}{whole // 100:,}".replace(",", ".") + f",{whole % 100:02}"
    if isinstance(value, datetime):
        return f"{value.astimezone(ROME):%d/%m/%Y, ore %H:%M}"
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    return str(value)


def long_day(day: date, language: str) -> str:
    """A day with the name of its month, as the language writes it."""
    return format_date(day, "long", locale=language)


def euro(cents: int, language: str) -> str:
    """An amount with the sign of the euro, as the language writes it."""
    return format_currency(Decimal(cents).scaleb(-2), "EUR", locale=language)
