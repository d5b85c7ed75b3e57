"""A year of the statistics beside the year before, from the counted days alone (spec flussi-turistici 2.1, 11.6).

The facts of guests may be gone: the figures of the days stay. For one property, or for all of an account together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth

from locanda.archive.models import Account, CountedDay, Property
from locanda.archive.parts import in_parts
from locanda.core.time import ROME, rome_day
from locanda.law.periods import Period, months_later
from locanda.office.statistics.calendar import Figures, Line, residence_row
from locanda.office.statistics.counting import counted

__all__ = ["MonthOf", "Year", "year_of"]

COUNT_ALL = 40
"""Up to so many properties every day of the year is looked at again; beyond that, the months that change."""
_RECENT = timedelta(days=62)
_SUMS = (
    "told_days", "told_open", "told_closed", "told_white", "told_zero", "told_arrived", "told_departed", "told_present",
    "told_occupied", "told_rooms", "told_beds",
)  # fmt: skip


class MonthOf(NamedTuple):
    """A month of the year and the same month of the year before; ``then`` is None where nothing is known of it."""

    month: Period
    now: Figures | None
    then: Figures | None


class Year(NamedTuple):
    """The figures of a year. ``until`` is the last day that is counted in; the totals of the year before end on the same day."""

    year: int
    until: date
    months: tuple[MonthOf, ...]
    total: Figures
    before: Figures | None
    lines: tuple[Line, ...]
    """Residences, by presenze; those of the year before follow."""
    lines_before: tuple[Line, ...]
    counted: int
    """Days of properties that were counted, of so many that there are."""
    expected: int


class _Sums:
    """What is added up of the days of a month, or of a year."""

    def __init__(self) -> None:
        self.told = [0] * 11
        self.rooms: int | None = 0
        self.beds: int | None = 0
        self.rows: dict[int, list[int]] = {}

    def add(self, told: Sequence[int], home: Property) -> None:
        """The sums of some days of a property, in the order of ``Figures``."""
        self.told = [before + value for before, value in zip(self.told, told, strict=True)]
        self.rooms = None if self.rooms is None or not home.rooms else self.rooms + home.rooms * told[0]
        self.beds = None if self.beds is None or not home.beds else self.beds + home.beds * told[0]

    def add_rows(self, rows: Sequence[Sequence[int]]) -> None:
        for order, previous, came, left in rows:
            mine = self.rows.setdefault(order, [0, 0, 0])
            mine[0] += came
            mine[1] += left
            mine[2] += previous + came - left

    @property
    def figures(self) -> Figures:
        return Figures(*self.told, self.rooms, self.beds)

    @property
    def lines(self) -> tuple[Line, ...]:
        found = [Line(residence_row(order), *told) for order, told in self.rows.items()]
        return tuple(sorted(found, key=lambda one: (-one.nights, -one.arrived, one.row.order)))


def year_of(account: Account, properties: Sequence[Property], year: int, *, now: datetime) -> Year:
    """The year of some properties, up to yesterday, with the year before."""
    today = rome_day(now)
    first, last = date(year, 1, 1), date(year, 12, 31)
    until = min(last, today - timedelta(days=1))
    _count(account, properties, date(year - 1, 1, 1), until, now)
    before_first, same_day = date(year - 1, 1, 1), months_later(until, -12)
    sums: dict[Period, _Sums] = defaultdict(_Sums)
    whole, before = _Sums(), _Sums()
    counted_days = 0
    for home, month, told in _figures(account, properties, before_first, until):
        sums[month].add(told, home)
        if month.year == year:
            whole.add(told, home)
            counted_days += told[0]
    for home, _, told in _figures(account, properties, before_first, same_day):
        before.add(told, home)
    for day, rows in _rows(account, properties, before_first, until):
        if day >= first:
            whole.add_rows(rows)
        elif day <= same_day:
            before.add_rows(rows)
    months = []
    for number in range(1, 13):
        mine, old = (sums.get(Period("month", one, number)) for one in (year, year - 1))
        months.append(MonthOf(Period("month", year, number), _known(mine), _known(old)))
    expected = sum(_days(row, first, until) for row in properties)
    return Year(
        year, until, tuple(months), whole.figures, _known(before), whole.lines, before.lines,
        counted_days, expected,
    )  # fmt: skip


def _known(sums: _Sums | None) -> Figures | None:
    """None where nothing is known of any day."""
    if sums is None or sums.figures.white == sums.figures.days:
        return None
    return sums.figures


def _count(account: Account, properties: Sequence[Property], first: date, until: date, now: datetime) -> None:
    """Bring the counted days up to date, as far as that is quick."""
    if until < first:
        return
    for row in properties if len(properties) <= COUNT_ALL else ():
        start = max(first, _begun(row))
        if start <= until:
            counted(account, [row], start, until, now=now)
    if len(properties) > COUNT_ALL and until > rome_day(now) - _RECENT:
        counted(account, properties, max(first, rome_day(now) - _RECENT), until, now=now)


def _begun(row: Property) -> date:
    """From when on there can be anything: the opening, or the year before the property was written here."""
    return row.since or date(rome_day(row.created_at).year - 1, 1, 1)


def _days(row: Property, first: date, until: date) -> int:
    start = max(first, _begun(row))
    end = until if row.closed_at is None else min(until, rome_day(row.closed_at))
    return max((end - start).days + 1, 0)


def _wanted(account: Account, properties: Sequence[Property], first: date, until: date) -> Iterator[QuerySet[CountedDay]]:
    """The counted days of the activity, some properties at a time."""
    for part in in_parts(row.pk for row in properties):
        rows = CountedDay.objects.of(account).filter(property__in=part, day__range=(first, until))
        yield rows.filter(
            Q(property__since=None) | Q(day__gte=F("property__since")),
            Q(property__closed_at=None) | Q(day__lte=TruncDate("property__closed_at", tzinfo=ROME)),
        ).order_by()  # fmt: skip


def _figures(
    account: Account, properties: Sequence[Property], first: date, until: date
) -> Iterator[tuple[Property, Period, list[int]]]:
    """The sums of each month of each property, in the order of ``Figures``."""
    homes = {row.pk: row for row in properties}
    white = Q(open=True, declared=False, arrived=0, departed=0, present=0)
    real = Q(open=True) & ~white
    one = {name: Count("pk", filter=wanted) for name, wanted in {
        "told_open": real, "told_closed": Q(open=False), "told_white": white, "told_zero": real & Q(arrived=0, departed=0),
    }.items()}  # fmt: skip
    for rows in _wanted(account, properties, first, until):
        told = rows.values("property_id", month=TruncMonth("day")).annotate(
            told_days=Count("pk"), **one, told_arrived=Sum("arrived"), told_departed=Sum("departed"), told_present=Sum("present"),
            told_occupied=Sum("rooms_occupied"), told_rooms=Sum("rooms", filter=real), told_beds=Sum("beds", filter=real),
        )  # fmt: skip
        for where, month, *sums in told.values_list("property_id", "month", *_SUMS):
            yield homes[where], Period("month", month.year, month.month), [value or 0 for value in sums]


def _rows(
    account: Account, properties: Sequence[Property], first: date, until: date
) -> Iterator[tuple[date, list[list[int]]]]:
    """The rows of the C/59 of the days with anybody in them."""
    for rows in _wanted(account, properties, first, until):
        some = rows.filter(Q(arrived__gt=0) | Q(departed__gt=0) | Q(present__gt=0))
        yield from some.values_list("day", "rows").iterator(chunk_size=2000)
