"""Instants and days. Instants carry Europe/Rome and are stored in UTC; a day is a plain date of Italy.

Nothing here reads a clock: whoever needs "now" is given it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = [
    "MONTHS", "ROME", "Clock", "elapsed", "end_hour", "end_of_day", "hours_between", "in_italian", "iso_day", "last_day",
    "parse_instant", "prudent", "rome_day", "rome_midnight",
]  # fmt: skip

ROME = ZoneInfo("Europe/Rome")
MONTHS = (
    ("gennaio", "January"), ("febbraio", "February"), ("marzo", "March"), ("aprile", "April"), ("maggio", "May"),
    ("giugno", "June"), ("luglio", "July"), ("agosto", "August"), ("settembre", "September"), ("ottobre", "October"),
    ("novembre", "November"), ("dicembre", "December"),
)  # fmt: skip
"""The months in Italian and English, January first."""
_FIRST = re.compile(r"\b1 (?=[a-z])")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Clock = Callable[[], datetime]
"""Whoever needs the time is handed one of these; it gives an aware instant."""


def rome_day(instant: datetime) -> date:
    """The calendar day that an instant falls on in Italy."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return instant.astimezone(ROME).date()


def rome_midnight(day: date) -> datetime:
    """The first instant of a day in Italy."""
    return datetime.combine(day, time.min, ROME)


def end_of_day(day: date) -> datetime:
    """23:59:59 of a day in Italy: where a term that is only a date expires."""
    return datetime.combine(day, time(23, 59, 59), ROME)


def last_day(end: datetime) -> date:
    """The day in Italy on which a term that ends at this instant can last be met: at midnight it ends with the day before."""
    return rome_day(end - timedelta(microseconds=1))


def end_hour(end: datetime) -> str:
    """The hour on the last day of a term that ends at this instant: ``16:00``, ``24:00``."""
    at = end.astimezone(ROME)
    return f"{at:%H:%M}" if at.hour or at.minute else "24:00"


def in_italian(text: str) -> str:
    """A day that CLDR has written, as Italians write it: the first of the month is ``1°``."""
    return _FIRST.sub("1° ", text)


def elapsed(instant: datetime, hours: int) -> datetime:
    """The instant exactly so many hours later, whatever the clocks do (spec adempimenti 4.4)."""
    return (instant.astimezone(UTC) + timedelta(hours=hours)).astimezone(ROME)


def prudent(instant: datetime, hours: int) -> datetime:
    """The earlier of the elapsed instant and the same term read off the wall clock (spec adempimenti 4.4).

    In spring this is one hour before the legal instant, in autumn it equals it.
    """
    wall = (instant.astimezone(ROME).replace(tzinfo=None) + timedelta(hours=hours)).replace(tzinfo=ROME)
    # compared in UTC: two instants of one zone compare by their wall clocks
    return min(elapsed(instant, hours).astimezone(UTC), wall.astimezone(UTC)).astimezone(ROME)


def hours_between(start: datetime, end: datetime) -> float:
    """Hours really elapsed between two instants."""
    return (end.astimezone(UTC) - start.astimezone(UTC)) / timedelta(hours=1)


def iso_day(text: str) -> date | None:
    """A day written ``2026-07-10`` and in no other way (ISO 8601 knows more, and Python reads them); None when it is not one."""
    try:
        return date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant with offset, in Italian time; ValueError when it has none or is not one."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return instant.astimezone(ROME)
