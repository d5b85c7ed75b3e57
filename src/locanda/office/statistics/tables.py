"""The tables of the pages, from the counted days alone (spec flussi-turistici 11): as they are shown, so they are carried away.

Tables that name each guest are made from the movement while its facts are there (:func:`typing_tables`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from locanda.archive.models import Property
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.statistics import closings
from locanda.office.statistics.calendar import DayLook, Figures, Line, figures, lines, residence_row
from locanda.office.statistics.movements import movement_of
from locanda.office.statistics.openings import announcing, closed_days
from locanda.office.statistics.year import Year
from locanda.portals.table_words import made, word
from locanda.portals.tables import USES, tables_of
from locanda.sheets import Column, Table, Value

__all__ = ["TYPING", "closing_table", "month_tables", "typing_tables", "year_tables"]

TYPING = ("guests", "ross1000_simple", "spot")
"""Tables with a line for each guest, without names."""
_Row = tuple[Value, ...]


def month_tables(
    property: Property, looks: Sequence[DayLook], language: str, marks: Mapping[str, str] | None = None
) -> dict[str, Table]:
    """Calendar, daily C/59, monthly figures and monthly C/59. With ``marks``, the words of the page for what the portal has of
    a day, the calendar says that too; ``portal`` and ``since`` are above the columns."""
    told = [look for look in looks if look.colour != "ahead"]
    sums = figures(property, looks)
    calendar = _calendar(looks, sums, language)
    return {
        "calendar": _marked(calendar, looks, marks) if marks else calendar,
        "daily": made("daily", _daily(told, language), language),
        "months": _months(told, sums, language, property),
        "residences": made("residences", _residences(told, sums, language), language),
    }


def _calendar(looks: Sequence[DayLook], sums: Figures, language: str) -> Table:
    rows: list[_Row] = []
    for look in looks:
        day = look.counted
        told = (day.rooms, day.beds, day.rooms_occupied, day.previous, day.arrived, day.departed, day.present)
        rows.append((day.day, _state(look, language), *(told if look.colour != "ahead" else (None,) * len(told))))
    facts = {"open": sums.open, "closed": sums.closed, "zero": sums.zero, "unsaid": sums.white}
    whole: _Row = (
        None, word("counted_days", language, **facts), sums.offered_rooms, sums.offered_beds, sums.room_nights, None,
        sums.arrived, sums.departed, sums.nights,
    )  # fmt: skip
    return made("calendar", rows, language, whole)


def _marked(table: Table, looks: Sequence[DayLook], marks: Mapping[str, str]) -> Table:
    """The calendar with two columns more: what its portal has of the day, since when."""
    more: list[_Row] = []
    for look in looks:
        when = look.status.accepted_at if look.status is not None and look.status.held else None
        more.append((marks.get(look.mark, ""), rome_day(when) if when else None))
    return replace(
        table, columns=(*table.columns, Column("portal", marks["portal"]), Column("since", marks["since"], "day")),
        rows=tuple((*row, *two) for row, two in zip(table.rows, more, strict=True)),
        total=None if table.total is None else (*table.total, None, None),
    )  # fmt: skip


def _state(look: DayLook, language: str) -> str:
    day = look.counted
    if look.colour in ("white", "ahead"):
        return word("unsaid", language) if look.colour == "white" else ""
    if not day.open:
        return word("closed", language)
    return word("movement" if day.arrived or day.departed else "staying" if day.present else "zero", language)


def _daily(looks: Iterable[DayLook], language: str) -> Iterator[_Row]:
    for look in looks:
        day = look.counted
        if not (day.arrived or day.departed):
            continue
        for order, previous, arrived, departed in day.rows:
            yield (day.day, *_named(order, language), previous, arrived, departed, previous + arrived - departed)
        yield day.day, "T", None, word("total", language), day.previous, day.arrived, day.departed, day.present


def _named(order: int, language: str) -> tuple[str, str, str]:
    row = residence_row(order)
    return row.kind, row.code, row.it if language == "it" else row.en


def _months(looks: Sequence[DayLook], sums: Figures, language: str, property: Property) -> Table:
    found = lines(look.counted for look in looks)
    sides: list[Value] = []
    for kind in ("I", "E"):
        mine = [line for line in found if line.row.kind == kind]
        one = Figures(arrived=sum(line.arrived for line in mine), nights=sum(line.nights for line in mine))
        sides += [one.arrived, one.nights, one.average_stay]
    first = looks[0].counted.day.replace(day=1) if looks else None
    row: _Row = (
        first, sums.arrived, sums.departed, sums.nights, sums.average_stay, *sides, sums.open, sums.zero, sums.closed,
        sums.room_nights, sums.gross_beds, sums.net_beds, sums.net_rooms,
    )  # fmt: skip
    remarks = [] if property.beds else [Problem.of("tables.beds.unknown", "property.beds")]
    return made("months", [row], language, None, remarks)


def _residences(looks: Sequence[DayLook], sums: Figures, language: str) -> Iterator[_Row]:
    if not looks:
        return
    days = [look.counted for look in looks]
    month = days[0].day.replace(day=1)
    before = {order: previous for order, previous, _, _ in days[0].rows}
    after = {order: previous + arrived - departed for order, previous, arrived, departed in days[-1].rows}
    for line in lines(days):
        order = line.row.order
        yield (
            month, *_named(order, language), before.get(order, 0), line.arrived, line.departed, after.get(order, 0), line.nights
        )  # fmt: skip
    yield (
        month, "T", None, word("total", language), days[0].previous, sums.arrived, sums.departed, days[-1].present, sums.nights
    )  # fmt: skip


def typing_tables(property: Property, first: date, last: date, language: str) -> dict[str, Table]:
    """Tables with a line for each guest; none where something is missing that has to be put right first."""
    moved, problems = movement_of(property, first, last, uses=USES)
    if moved is None or problems:
        return {}
    found = tables_of(moved, language=language)
    return {key: found[key] for key in TYPING}


def closing_table(property: Property, year: int, closed: Iterable[date], *, now: datetime, language: str) -> Table:
    """The closed days of a year in stretches, with the running total (11.7)."""
    told = closed_days(property, year, now=now)
    rule = announcing(property, date(year, 12, 31))
    rows: list[_Row] = []
    for one in closings(closed):
        lacking = None if told.need is None else max(told.need - one.year_to_date, 0)
        rows.append((
            one.first, one.last, one.days, one.year_to_date, rule.by(one.first) if rule else None, told.need, lacking
        ))  # fmt: skip
    whole: _Row = (None, None, told.have, told.have, None, told.need, told.missing if told.need is not None else None)
    return made("closures", rows, language, whole)


def year_tables(year: Year, language: str, titles: dict[str, str]) -> dict[str, Table]:
    """Months and residences beside the year before. ``titles`` are the words of the page, by column."""

    def column(key: str, kind: str = "number") -> Column:
        return Column(key, titles[key], kind)  # type: ignore[arg-type]

    names = ("nights", "nights_before", "arrived", "open", "closed")
    rates = ("stay", "gross_beds", "net_beds", "gross_rooms", "net_rooms")
    columns = (column("month", "month"), *(column(name) for name in names), *(column(name, "decimal") for name in rates))
    rows = [(one.month.first, *_year_row(one.now, one.then)) for one in year.months]
    months = Table(
        "year", titles["title"], columns, tuple(rows), (None, *_year_row(year.total, year.before)), language
    )  # fmt: skip
    before = {line.row.order: line for line in year.lines_before}
    here = (
        column("line", "text"), column("code", "code"), column("residence", "text"), column("arrived"), column("nights"),
        column("nights_before"),
    )  # fmt: skip
    order = [*year.lines, *(line for line in year.lines_before if line.row.order not in {one.row.order for one in year.lines})]
    places = [_place(line, before, language, known=line in year.lines) for line in order]
    return {"year": months, "countries": Table("countries", titles["countries"], here, tuple(places), None, language)}


def _year_row(now: Figures | None, then: Figures | None) -> _Row:
    if now is None:
        return None, then.nights if then else None, *(None,) * 8
    return (
        now.nights, then.nights if then else None, now.arrived, now.open, now.closed, now.average_stay, now.gross_beds,
        now.net_beds, now.gross_rooms, now.net_rooms,
    )  # fmt: skip


def _place(line: Line, before: dict[int, Line], language: str, *, known: bool) -> _Row:
    old = before.get(line.row.order)
    figures_ = (line.arrived, line.nights) if known else (0, 0)
    return (*_named(line.row.order, language), *figures_, old.nights if old else 0)
