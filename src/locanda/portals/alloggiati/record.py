"""One schedina as typed values, and its line of 168 or 174 characters. Both ways are made from the table of fields.

Writing refuses what the line cannot hold (:class:`Unwritable`): nothing is cut, padded with guesses or replaced. Reading is
tolerant where files of other programs are known to differ (days ``"3 "``, apartment ``"4     "``). Spec alloggiati-web 2.2-2.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from locanda.core.people import Role, Sex
from locanda.portals.alloggiati.fields import FIELDS, LENGTH, LENGTH_WITH_APARTMENT, ROLE_CODES, SEX_CODES, Field

__all__ = ["Malformed", "Schedina", "Unwritable", "cut", "date_text", "pad", "read", "write"]


class Unwritable(ValueError):
    """A value that its field cannot hold: rules upstream should have stopped it."""

    def __init__(self, field: Field, value: object) -> None:
        super().__init__(f"{field.key}: {value!r} does not fit its field")
        self.field = field


class Malformed(ValueError):
    """A line, or a field of it, that cannot be read. ``field`` is None when the length is wrong."""

    def __init__(self, field: Field | None) -> None:
        super().__init__("wrong length" if field is None else f"{field.key} cannot be read")
        self.field = field


class Schedina(NamedTuple):
    """The fifteen fields as values; the codes are those of the portal's tables."""

    role: Role
    arrival: date
    days: int
    surname: str
    name: str
    sex: Sex
    birth_date: date
    birth_comune: str | None
    birth_province: str | None
    birth_state: str
    citizenship: str
    document_type: str | None
    document_number: str | None
    issued_in: str | None
    apartment: int | None = None


_LINE_SAFE = re.compile(r"\S(?:[^\x00-\x1f\x7f\x85\u2028\u2029]*\S)?")
_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", re.ASCII)
_DAYS = re.compile(r"[0-9]{2}|[0-9] | [0-9]", re.ASCII)
_APARTMENT = re.compile(r" *[0-9]+ *", re.ASCII)
_ROLES = {code: role for role, code in ROLE_CODES.items()}
_SEXES = {code: sex for sex, code in SEX_CODES.items()}


def date_text(day: date) -> str:
    """``dd/mm/yyyy``, zero-padded (``strftime`` does not pad years before 1000)."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def pad(field: Field, text: str | None) -> str:
    """Text left-aligned in its field; None is blanks. Refuses what does not fit."""
    if text is None:
        return " " * field.length
    if len(text) > field.length or not _LINE_SAFE.fullmatch(text):
        raise Unwritable(field, text)
    return text.ljust(field.length)


def _put_number(low: int) -> Callable[[Field, Any], str]:
    def put(field: Field, value: Any) -> str:
        if not isinstance(value, int) or value < low or len(str(value)) > field.length:
            raise Unwritable(field, value)
        return str(value).rjust(field.length, "0")

    return put


def _put_word(words: dict[Any, str]) -> Callable[[Field, Any], str]:
    def put(field: Field, value: Any) -> str:
        if value not in words:
            raise Unwritable(field, value)
        return words[value]

    return put


def _put_date(field: Field, value: Any) -> str:
    if not isinstance(value, date):
        raise Unwritable(field, value)
    return date_text(value)


def _get_text(field: Field, text: str) -> str | None:
    return text.rstrip(" ") or None


def _get_word(words: dict[str, Any]) -> Callable[[Field, str], Any]:
    def get(field: Field, text: str) -> Any:
        if text not in words:
            raise Malformed(field)
        return words[text]

    return get


def _get_date(field: Field, text: str) -> date:
    parts = _DATE.fullmatch(text)
    try:
        day, month, year = map(int, parts.groups()) if parts else (0, 0, 0)
        return date(year, month, day)
    except ValueError:
        raise Malformed(field) from None


def _get_number(pattern: re.Pattern[str]) -> Callable[[Field, str], int]:
    def get(field: Field, text: str) -> int:
        if not pattern.fullmatch(text):
            raise Malformed(field)
        return int(text)

    return get


_PUT: dict[str, Callable[[Field, Any], str]] = {
    "role": _put_word(ROLE_CODES), "date": _put_date, "days": _put_number(1), "text": pad, "sex": _put_word(SEX_CODES),
    "code": pad, "apartment": _put_number(0),
}  # fmt: skip

_GET: dict[str, Callable[[Field, str], Any]] = {
    "role": _get_word(_ROLES), "date": _get_date, "days": _get_number(_DAYS), "text": _get_text, "sex": _get_word(_SEXES),
    "code": _get_text, "apartment": _get_number(_APARTMENT),
}  # fmt: skip

_PUTS = tuple((field, _PUT[field.kind]) for field in FIELDS)
_GETS = tuple((field, field.slice, _GET[field.kind]) for field in FIELDS)
_SLICES = tuple(field.slice for field in FIELDS)


def write(schedina: Schedina, *, apartments: bool = False) -> str:
    """The line, without line end: 168 characters, or 174 with the apartment's number."""
    puts = _PUTS if apartments else _PUTS[:14]
    for (field, _), value in zip(_PUTS, schedina, strict=True):
        if value is None and field.need == "always":
            raise Unwritable(field, None)
    return "".join(put(field, value) for (field, put), value in zip(puts, schedina, strict=False))


def read(line: str) -> Schedina:
    """The values of a line of 168 or 174 characters. Raises :class:`Malformed`; judges nothing beyond the format."""
    if len(line) not in (LENGTH, LENGTH_WITH_APARTMENT):
        raise Malformed(None)
    values = [get(field, line[place]) for field, place, get in _GETS if place.stop <= len(line)]
    for field, value in zip(FIELDS, values, strict=False):
        if value is None and field.need == "always":
            raise Malformed(field)
    return Schedina(*values)


def cut(line: str) -> tuple[str, ...]:
    """The raw text of every field of a line that has the right length."""
    return tuple(line[place] for place in _SLICES if place.stop <= len(line))
