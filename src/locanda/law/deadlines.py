"""When something falls due: the closed list of deadline kinds (spec adempimenti 0.3, 4.2 and 4.4).

A rule comes from a pack; what it is applied to is an event (a day or an instant) or a period. The answer bears four dates:
``nominal`` straight from the rule, ``due`` after the weekend policy, ``prudent_due`` by which it is safe to be done, and
``remind_by`` by which a person should hear of it. Day terms are days and expire at 23:59:59; hour terms are instants.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, NoReturn

from locanda.core.time import MONTHS, ROME, elapsed, end_of_day, last_day, prudent, rome_day, rome_midnight
from locanda.law.holidays import NOWHERE, Local, is_working_day, reminder_day, roll
from locanda.law.packs.values import Deadline, Words
from locanda.law.periods import Period, months_later

__all__ = [
    "DATED", "KINDS", "Due", "Duration", "When", "appeal_day", "day_of", "due", "due_after", "due_for", "ends_on",
    "hours_of", "instant_of", "parse_duration", "period_words",
]  # fmt: skip

KINDS = (
    "elapsed", "after_period", "yearly", "before_event", "within", "at_event", "standing", "counter", "keep_until",
)  # fmt: skip
"""New kinds need code; new territories do not."""

DATED = ("elapsed", "before_event", "within", "at_event")
"""The kinds that an event puts on the calendar."""

When = date | datetime
"""A day (day terms) or an instant (hour terms)."""

_SHAPE = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H))?", re.ASCII)
_AUGUST = 8
_BEFORE_A_JUDGE = frozenset({"order_served"})
"""Terms for going to court: August is not counted."""


class Duration(NamedTuple):
    """A stretch as ISO 8601 writes it: ``PT24H``, ``P30D``, ``P1M``, ``P5Y``."""

    months: int = 0
    days: int = 0
    hours: int = 0


class Due(NamedTuple):
    """The four dates of a term, and why they are what they are."""

    nominal: When
    due: When
    prudent_due: When
    remind_by: When
    why: tuple[Words, ...] = ()

    @property
    def day(self) -> date:
        """The day in Italy on which the term ends."""
        return ends_on(self.due)

    @property
    def instant(self) -> datetime:
        """The last instant at which one is in time."""
        return instant_of(self.due)


def day_of(when: When) -> date:
    """The day in Italy."""
    return rome_day(when) if isinstance(when, datetime) else when


def ends_on(when: When) -> date:
    """The last day in Italy of a term: one that ends at midnight ends with the day before."""
    return last_day(when) if isinstance(when, datetime) else when


def instant_of(when: When) -> datetime:
    """The instant itself, or 23:59:59 of the day."""
    return when if isinstance(when, datetime) else end_of_day(when)


@lru_cache(maxsize=64)
def parse_duration(text: str) -> Duration:
    """``PT24H``, ``P1D``, ``P30D``, ``P6M``, ``P5Y``; ValueError for anything else."""
    shape = _SHAPE.fullmatch(text)
    if shape is None or not any(shape.groups()):
        raise ValueError(f"{text!r} is no duration such as PT24H, P30D or P5Y")
    years, months, days, hours = (int(part or 0) for part in shape.groups())
    return Duration(years * 12 + months, days, hours)


def due(rule: Deadline, of: When | Period, *, short: bool = False, local: Local = NOWHERE) -> Due:
    """When the rule falls due for an event or for a period. ``short``: the planned stay lasts 24 hours or less."""
    return due_for(rule, of, local=local) if isinstance(of, Period) else due_after(rule, of, short=short, local=local)


def due_for(rule: Deadline, period: Period, *, local: Local = NOWHERE) -> Due:
    """The term of a return or a payment about a period."""
    if rule.kind == "after_period" and rule.day and rule.period == period.kind:
        after = period.next.first
        said = Words(period.label, period.label) if period.kind == "year" else period_words(period)
        the = "il " if period.kind in _PARTS else ""
        why = Words(f"il giorno {rule.day} del mese dopo {the}{said.it}", f"day {rule.day} of the month after {said.en}")
        return _of_day(_day_in(after.year, after.month, rule.day), rule, why, local)
    if rule.kind == "yearly" and rule.month and rule.day and period.kind == "year":
        why = Words(f"ogni anno, per il {period.label}", f"every year, for {period.label}")
        return _of_day(_day_in(period.year + rule.year_offset, rule.month, rule.day), rule, why, local)
    return _stop(rule)


_PARTS = {
    "quarter": Words("trimestre", "quarter"), "four_months": Words("quadrimestre", "four-month period"),
    "half_year": Words("semestre", "half-year"),
}  # fmt: skip


def period_words(period: Period) -> Words:
    """A period as people say it: ``giugno 2026``, ``2° trimestre 2026``, ``anno 2026``."""
    if period.kind == "month":
        it, en = MONTHS[period.number - 1]
        return Words(f"{it} {period.year}", f"{en} {period.year}")
    part = _PARTS.get(period.kind)
    if part is None:
        return Words(f"anno {period.year}", f"year {period.year}")
    return Words(f"{period.number}° {part.it} {period.year}", f"{part.en} {period.number} of {period.year}")


def due_after(rule: Deadline, event: When, *, short: bool = False, local: Local = NOWHERE) -> Due:
    """The term that an event starts."""
    if rule.transition_until and rule.transition_due and day_of(event) <= rule.transition_until:
        until = f"{rule.transition_until:%d/%m/%Y}"
        why = Words(f"termine transitorio per chi c'era già il {until}", f"transitional term for who was there on {until}")
        return _of_day(rule.transition_due, rule, why, local)
    length = _length(rule, short=short)
    match rule.kind:
        case "elapsed":
            return _of_hours(event, hours_of(rule, short=short))
        case "at_event" if isinstance(event, datetime):
            return Due(event, event, event, event, (Words("non più tardi del fatto stesso", "not later than the event itself"),))
        case "at_event":
            return _of_day(event, rule, Words("lo stesso giorno è ancora in tempo", "the same day is still in time"), local)
        case "before_event":
            why = Words("al più tardi il giorno prima", "at the latest the day before")
            return _of_day(day_of(event) - timedelta(days=length.days), rule, why, local)
        case "within" if rule.event in _BEFORE_A_JUDGE:
            why = Words(f"{length.days} giorni, agosto escluso", f"{length.days} days, August not counted")
            return _of_day(appeal_day(day_of(event), length.days), rule, why, local)
        case "within":
            why = Words("il giorno del fatto non si conta", "the day of the event is not counted")
            return _of_day(_days_on(day_of(event), length), rule, why, local)
        case "keep_until":
            nominal = _days_on(day_of(event), length)
            why = Words("si conserva fino a quel giorno", "kept until that day")
            return _of_day(date(nominal.year, 12, 31) if rule.year_end else nominal, rule, why, local)
    return _stop(rule)


def hours_of(rule: Deadline, *, short: bool = False) -> int:
    """The hours of a term that is counted in hours."""
    length = _length(rule, short=short)
    return length.days * 24 + length.hours


def _length(rule: Deadline, *, short: bool) -> Duration:
    written = rule.short_duration if short and rule.short_duration else rule.duration
    return parse_duration(written) if written else Duration()


def appeal_day(served: date, days: int) -> date:
    """The last of so many days, August left out (D.Lgs. 150/2011 art. 6; L. 742/1969 art. 1)."""
    day = served
    while days:
        day += timedelta(days=1)
        days -= day.month != _AUGUST
    return day


def _days_on(day: date, length: Duration) -> date:
    return months_later(day, length.months) + timedelta(days=length.days)


def _of_hours(event: When, hours: int) -> Due:
    """Hours really elapsed; the prudent term is kept on the wall clock too. A day without its hour counts from its start."""
    known = isinstance(event, datetime)
    start = event.astimezone(ROME) if isinstance(event, datetime) else rome_midnight(event)
    legal = safe = elapsed(start, hours)
    earlier = False
    if legal.utcoffset() != start.utcoffset():  # the clocks change in between: only then can the wall clock differ
        safe = prudent(start, hours)
        earlier = safe.timestamp() < legal.timestamp()
    return Due(legal, legal, safe, safe, _why_hours(hours, known=known, earlier=earlier))


@lru_cache(maxsize=64)
def _why_hours(hours: int, *, known: bool, earlier: bool) -> tuple[Words, ...]:
    why = [Words(f"{hours} ore effettive dal fatto", f"{hours} hours really elapsed since the event")]
    if not known:
        why.append(Words("ora ignota: si conta dall'inizio del giorno", "hour unknown: counted from the start of the day"))
    if earlier:
        why.append(Words("cambia l'ora: meglio un'ora prima", "the clocks change: better an hour earlier"))
    return tuple(why)


def _of_day(nominal: date, rule: Deadline, why: Words, local: Local) -> Due:
    moved = roll(nominal, rule.roll, local)
    reasons = [why]
    if moved != nominal:
        article = "D.L. 70/2011 art. 7 c. 1 lett. h" if rule.roll == "tax" else "art. 2963 c.c."
        reasons.append(Words(f"cade in un giorno non lavorativo: slitta ({article})", f"no working day: it moves on ({article})"))
    elif not is_working_day(nominal, local):
        reasons.append(Words("cade in un giorno non lavorativo e non slitta", "no working day, and it does not move"))
    return Due(nominal, moved, nominal, reminder_day(nominal, local), tuple(reasons))


def _day_in(year: int, month: int, day: int) -> date:
    """A day of a month, or its last day where the month is shorter."""
    return months_later(date(year, 1, day), month - 1)


def _stop(rule: Deadline) -> NoReturn:
    raise ValueError(f"a deadline of kind {rule.kind!r} gives no date here")
