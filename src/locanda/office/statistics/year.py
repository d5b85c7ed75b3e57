"""A year of the statistics beside the year before, from the counted days alone (spec flussi-turistici 2.1, 11.6).

The facts of guests may be gone: the figures of the days stay. For one property, or for all of an account together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from locanda.archive.models import Account, CountedDay, Property
from locanda.core.time import rome_day
from locanda.law.periods import Period, months_later, period_of
from locanda.office.statistics.calendar import Figures, Line, residence_row
from locanda.office.statistics.counting import counted

__all__ = ["MonthOf", "Year", "year_of"]

COUNT_ALL = 40
"""Up to so many properties every day of the year is looked at again; beyond that, the months that change."""
_RECENT = timedelta(days=62)
_CHUNK = 400
_COLUMNS = (
    "property_id", "day", "open", "declared", "rooms", "beds", "rooms_occupied", "arrived", "departed", "present", "rows",
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

    def add(self, row: tuple[Any, ...], home: Property, today: date) -> None:
        _, day, is_open, declared, rooms, beds, occupied, arrived, departed, present, lines = row
        moved = bool(arrived or departed or present)
        white = not declared and not moved and day < today
        real = is_open and not white
        told = (
            1, real, not is_open, white, real and not arrived and not departed, arrived, departed, present, occupied,
            rooms if real else 0, beds if real else 0,
        )  # fmt: skip
        self.told = [before + int(value) for before, value in zip(self.told, told, strict=True)]
        self.rooms = None if self.rooms is None or not home.rooms else self.rooms + home.rooms
        self.beds = None if self.beds is None or not home.beds else self.beds + home.beds
        for order, previous, came, left in lines:
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
    homes = {row.pk: row for row in properties}
    same_day = months_later(until, -12)
    sums: dict[Period, _Sums] = {}
    whole, before = _Sums(), _Sums()
    counted_days = 0
    for row in _rows(account, properties, date(year - 1, 1, 1), until):
        home = homes[row[0]]
        if not _lived(home, row[1]):
            continue
        sums.setdefault(period_of("month", row[1]), _Sums()).add(row, home, today)
        if row[1] >= first:
            whole.add(row, home, today)
        elif row[1] <= same_day:
            before.add(row, home, today)
        counted_days += row[1] >= first
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


def _lived(row: Property, day: date) -> bool:
    return _begun(row) <= day and (row.closed_at is None or day <= rome_day(row.closed_at))


def _days(row: Property, first: date, until: date) -> int:
    start = max(first, _begun(row))
    end = until if row.closed_at is None else min(until, rome_day(row.closed_at))
    return max((end - start).days + 1, 0)


def _rows(account: Account, properties: Sequence[Property], first: date, until: date) -> Iterable[tuple[Any, ...]]:
    keys = [row.pk for row in properties]
    for start in range(0, len(keys), _CHUNK):
        wanted = CountedDay.objects.of(account).filter(property__in=keys[start : start + _CHUNK], day__range=(first, until))
        yield from wanted.order_by().values_list(*_COLUMNS).iterator(chunk_size=2000)
