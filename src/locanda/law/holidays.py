"""Public holidays of Italy and what a weekend does to a term (L. 260/1949 as changed; spec adempimenti 4.1 and 4.2).

Twelve national holidays and the Sundays. Patron saints close the town hall and move no legal term, so they are not here; the one
local holiday that does, 29 June in the comune of Rome, comes from its pack as ``local``.
4 October is one from 2026 (L. 151/2025); 2 June again since 2001 (L. 336/2000). Days before 2001 are judged by the list of 2001.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

__all__ = [
    "NOWHERE", "POLICIES", "Local", "easter_monday", "is_holiday", "is_working_day", "national_holidays", "patron_saint",
    "reminder_day", "roll",
]  # fmt: skip

POLICIES = ("none", "civil", "tax")
"""``none``: never moved. ``civil``: off Sundays and holidays (civil code art. 2963). ``tax``: off Saturdays too (D.L. 70/2011
art. 7 c. 1 lett. h)."""

Local = frozenset[tuple[int, int]]
"""Holidays of one place, as months and days."""

_SATURDAY, _SUNDAY = 5, 6
_DAY = timedelta(days=1)

_FIXED: tuple[tuple[int, int, int, str], ...] = (
    (1, 1, 0, "Capodanno"),
    (1, 6, 0, "Epifania"),
    (4, 25, 0, "Liberazione"),
    (5, 1, 0, "Festa del lavoro"),
    (6, 2, 0, "Festa della Repubblica"),
    (8, 15, 0, "Assunzione"),
    (10, 4, 2026, "San Francesco d'Assisi"),
    (11, 1, 0, "Ognissanti"),
    (12, 8, 0, "Immacolata"),
    (12, 25, 0, "Natale"),
    (12, 26, 0, "Santo Stefano"),
)
"""Month, day, first year, name."""


def easter_monday(year: int) -> date:
    """The day after Easter (Gregorian calendar, the computation of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1) + _DAY


@lru_cache(maxsize=64)
def national_holidays(year: int) -> Mapping[date, str]:
    """The national holidays of a year with their names, Sundays apart."""
    found = {date(year, month, day): name for month, day, since, name in _FIXED if year >= since}
    found[easter_monday(year)] = "Lunedì dell'Angelo"
    return MappingProxyType(dict(sorted(found.items())))


NOWHERE: Local = frozenset()


def is_holiday(day: date, local: Local = NOWHERE) -> bool:
    """A Sunday, a national holiday, or one of the place."""
    return day.weekday() == _SUNDAY or day in national_holidays(day.year) or (day.month, day.day) in local


def is_working_day(day: date, local: Local = NOWHERE) -> bool:
    """Neither Saturday nor Sunday nor holiday: a day on which offices answer."""
    return day.weekday() != _SATURDAY and not is_holiday(day, local)


def patron_saint(value: str, year: int) -> date:
    """The day of a patron saint as a pack writes it: ``12-16``, or ``09-sunday-3`` for the third Sunday of September."""
    month, rest = value[:2], value[3:]
    if not rest.startswith("sunday-"):
        return date(year, int(month), int(rest))
    first = date(year, int(month), 1)
    return first + timedelta(days=(_SUNDAY - first.weekday()) % 7 + 7 * (int(rest[7:]) - 1))


def roll(day: date, policy: str, local: Local = NOWHERE) -> date:
    """The day on which a term ends once the weekend has had its say; rolling twice changes nothing."""
    if policy not in POLICIES:
        raise ValueError(f"{policy!r} is no weekend policy")
    while policy != "none" and (not is_working_day(day, local) if policy == "tax" else is_holiday(day, local)):
        day += _DAY
    return day


def reminder_day(nominal: date, local: Local = NOWHERE) -> date:
    """By when to be reminded: the day itself, or the last working day before it, whatever the policy (spec 4.2)."""
    while not is_working_day(nominal, local):
        nominal -= _DAY
    return nominal
