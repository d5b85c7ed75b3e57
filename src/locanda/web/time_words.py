"""Time as it is said: how long is left, and when that is. In the language of the page."""

from __future__ import annotations

import re
from datetime import date, datetime

from babel.dates import format_date

from locanda.core.time import ROME, in_italian, iso_day, last_day, rome_day
from locanda.web.words import language, say

__all__ = ["day_words", "is_of_our_time", "left", "long_day", "moment", "short_date", "span", "term", "typed_day", "written"]

_TYPED = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})|(\d{2})(\d{2})(\d{4})", re.ASCII)
_OUR_TIME = range(1800, 2200)


def typed_day(text: str) -> date | None:
    """A day as a browser sends it or as people type it: ``1980-05-01``, ``1/5/1980``, ``01051980``. None when it is none."""
    found = _TYPED.fullmatch(text.strip())
    day, month, year = (part for part in found.groups() if part is not None) if found else ("", "", "")
    read = iso_day(f"{year}-{month:0>2}-{day:0>2}" if found else text.strip())
    return read if read is not None and is_of_our_time(read) else None


def is_of_our_time(day: date) -> bool:
    """Whether people or the law may have to do with it: whatever is farther off was never meant."""
    return day.year in _OUR_TIME


def span(minutes: int) -> str:
    """``3 ore e 20 minuti``; from two days on in days and hours."""
    days, rest = divmod(minutes, 24 * 60) if minutes >= 48 * 60 else (0, minutes)
    hours, left_over = divmod(rest, 60)
    parts = [_count("days", days), _count("hours", hours), "" if days else _count("minutes", left_over)]
    said = [part for part in parts if part]
    return say("time.and").join(said) if said else say("time.less")


def _count(unit: str, number: int) -> str:
    if number == 0:
        return ""
    return say(f"time.{unit}.one") if number == 1 else say(f"time.{unit}.many", n=number)


def left(now: datetime, due: datetime) -> str:
    """``mancano 3 ore e 20 minuti``, ``scaduto da 2 ore``."""
    minutes = int((due.timestamp() - now.timestamp()) // 60)
    if minutes < 0:
        return say("time.over", span=span(max(-minutes, 1)))
    one = minutes in (1, 60) or minutes == 0
    return say("time.left_one" if one else "time.left", span=span(minutes))


def long_day(day: date) -> str:
    """``martedì 24 novembre 2026``."""
    return written(day, "EEEE d MMMM y")


def short_date(day: date) -> str:
    """``24 novembre 2026``: no day of the week where nobody needs it."""
    return written(day, "d MMMM y")


def written(day: date, pattern: str) -> str:
    """A day in a pattern of CLDR; the first of the month is ``1°`` in Italian."""
    text = format_date(day, pattern, locale=language())
    return in_italian(text) if language() == "it" else text


def day_words(day: date, today: date) -> str:
    """``oggi``, ``domani``, ``ieri``, else ``martedì 24 novembre`` (with the year when it is another)."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return say(f"time.{near}")
    return written(day, "EEEE d MMMM" if day.year == today.year else "d MMMM y")


def term(end: datetime, now: datetime) -> str:
    """When a term ends: ``domani alle 16:00``; at midnight it ends with the day before, ``la fine di oggi``."""
    return moment(end, now) if last_day(end) == rome_day(end) else say("time.end", day=day_words(last_day(end), rome_day(now)))


def moment(instant: datetime, now: datetime) -> str:
    """``domani alle 16:00``."""
    at = instant.astimezone(ROME)
    return say("time.at_one" if at.hour == 1 else "time.at", day=day_words(at.date(), rome_day(now)), hour=f"{at:%H:%M}")
