"""Days as the calendars of the portals paint them, and the figures of a month (spec flussi-turistici 2.1, 6.8).

Green is an open day with a room occupied, yellow one without, grey a closed day, white a day of which nothing was said, orange
one whose guests and rooms do not agree. A border is for more rooms than there are. What lies ahead is not white yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from locanda.archive.models import CountedDay, Property
from locanda.core.problems import Problem
from locanda.law.statistics import FOREIGN_ROWS, ITALIAN_ROWS, ResidenceRow
from locanda.office.statistics.days import Said
from locanda.office.statistics.status import DayStatus

__all__ = [
    "COLOURS", "NOTES", "DayLook", "Figures", "Line", "colour_of", "day_looks", "figures", "is_over", "is_stuck", "lines",
    "problems_of", "residence_row",
]  # fmt: skip

COLOURS = ("green", "yellow", "grey", "white", "orange", "ahead")
"""Those of ROSS1000, and days that lie ahead."""

NOTES = frozenset({
    "flows.day.closed_with_departures", "flows.day.closed_with_rooms", "flows.rooms.beyond_offer", "flows.day.beyond_capacity",
    "flows.day.beds_beyond_capacity", "flows.guest.day_guest",
})  # fmt: skip
"""What is worth a look and stops nothing; everything else that a day says of itself keeps it from being counted."""

_ROWS = (*ITALIAN_ROWS, *FOREIGN_ROWS)


class DayLook(NamedTuple):
    """A day of the calendar. ``source`` is why it is what it is: said of the day, planned, outside of the activity."""

    counted: CountedDay
    colour: str
    over: bool
    stuck: bool
    status: DayStatus | None = None
    source: str = ""
    reason: str = ""

    @property
    def mark(self) -> str:
        """What its portal has of it, in a word of ``status.STATES``."""
        return self.status.state if self.status is not None else "todo"


class Line(NamedTuple):
    """A residence over some days."""

    row: ResidenceRow
    arrived: int
    departed: int
    nights: int


class Figures(NamedTuple):
    """The figures of some days (spec 2.1). White days are neither open nor closed."""

    days: int = 0
    open: int = 0
    closed: int = 0
    white: int = 0
    zero: int = 0
    arrived: int = 0
    departed: int = 0
    nights: int = 0
    room_nights: int = 0
    offered_rooms: int = 0
    offered_beds: int = 0
    rooms: int | None = None
    """Rooms of the property times calendar days, None where they are not known; so is the next."""
    beds: int | None = None

    @property
    def average_stay(self) -> Fraction | None:
        return Fraction(self.nights, self.arrived) if self.arrived else None

    @property
    def gross_beds(self) -> Fraction | None:
        return _percent(self.nights, self.beds)

    @property
    def net_beds(self) -> Fraction | None:
        return _percent(self.nights, self.offered_beds)

    @property
    def gross_rooms(self) -> Fraction | None:
        return _percent(self.room_nights, self.rooms)

    @property
    def net_rooms(self) -> Fraction | None:
        return _percent(self.room_nights, self.offered_rooms)


def _percent(part: int, whole: int | None) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None


def residence_row(order: int) -> ResidenceRow:
    """The row of the C/59 that a counted day names by its order."""
    return _ROWS[order]


def colour_of(count: CountedDay, today: date) -> str:
    """The colour of a day on a certain day."""
    if (count.present > 0) != (count.rooms_occupied > 0):
        return "orange"
    if not count.open:
        return "grey"
    if count.rooms_occupied:
        return "green"
    if count.declared or count.arrived or count.departed:
        return "yellow"
    return "white" if count.day < today else "ahead"


def is_over(count: CountedDay, property: Property) -> bool:
    """More rooms occupied than on offer, or more on offer than there are."""
    pairs = ((count.rooms_occupied, count.rooms), (count.rooms, property.rooms), (count.beds, property.beds))
    return count.open and any(limit is not None and value > limit for value, limit in pairs)


def is_stuck(count: CountedDay) -> bool:
    """Whether something keeps the day from being counted."""
    return any(entry[0] not in NOTES for entry in count.problems)


def problems_of(count: CountedDay) -> list[Problem]:
    """What a counted day says of itself."""
    return [Problem(code, where, tuple((name, value) for name, value in facts)) for code, where, facts in count.problems]


def day_looks(
    property: Property, counts: Sequence[CountedDay], today: date, *, said: Mapping[date, Said] | None = None,
    statuses: Iterable[DayStatus] = (),
) -> list[DayLook]:  # fmt: skip
    """The days as the calendar shows them."""
    told, known = said or {}, {one.day: one for one in statuses}
    found = []
    for count in counts:
        mine = told.get(count.day)
        found.append(DayLook(
            count, colour_of(count, today), is_over(count, property), is_stuck(count), known.get(count.day),
            mine.source if mine else "", mine.reason if mine else "",
        ))  # fmt: skip
    return found


def figures(property: Property, looks: Iterable[DayLook]) -> Figures:
    """The figures of these days; those ahead are left out."""
    days = [look for look in looks if look.colour != "ahead"]
    shown = [look.counted for look in days]
    is_open = [look.counted for look in days if look.counted.open and look.colour != "white"]
    return Figures(
        len(shown), len(is_open), sum(not count.open for count in shown), sum(look.colour == "white" for look in days),
        sum(not count.arrived and not count.departed for count in is_open), sum(count.arrived for count in shown),
        sum(count.departed for count in shown), sum(count.present for count in shown),
        sum(count.rooms_occupied for count in shown), sum(count.rooms for count in is_open),
        sum(count.beds for count in is_open), property.rooms * len(shown) if property.rooms else None,
        property.beds * len(shown) if property.beds else None,
    )  # fmt: skip


def lines(counts: Iterable[CountedDay]) -> list[Line]:
    """The residences of some days, in the order of the forms."""
    sums: dict[int, list[int]] = {}
    for count in counts:
        for order, previous, arrived, departed in count.rows:
            mine = sums.setdefault(order, [0, 0, 0])
            mine[0] += arrived
            mine[1] += departed
            mine[2] += previous + arrived - departed
    return [Line(residence_row(order), *sums[order]) for order in sorted(sums)]
