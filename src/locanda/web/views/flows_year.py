"""A year of the statistics beside the year before: bars by month, where guests live, how full it was; each with its table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from locanda.archive.models import Property
from locanda.core.time import rome_day
from locanda.office.clock import now as office_now
from locanda.office.statistics.calendar import Figures, Line
from locanda.office.statistics.tables import year_tables
from locanda.office.statistics.year import MonthOf, Year, year_of
from locanda.web.flow_look import carried_away, decimal, figure_rows, percent, shown_table
from locanda.web.gate import Seat, door
from locanda.web.time_words import short_date
from locanda.web.views.flows_month import property_at
from locanda.web.words import language, say

__all__ = ["COLUMNS", "all_years", "year"]

COLUMNS = (
    "title", "countries", "month", "nights", "nights_before", "arrived", "open", "closed", "stay", "gross_beds", "net_beds",
    "gross_rooms", "net_rooms", "line", "code", "residence",
)  # fmt: skip
"""Words above the tables of a year."""
_HEIGHT = 100
_TOP = 10


class YearBar(NamedTuple):
    """A month of a chart: this year's bar and last year's, and what both are."""

    month: str
    short: str
    x: int
    y: int
    height: int
    old_y: int
    old_height: int
    now: str
    then: str


class PlaceBar(NamedTuple):
    """A residence: its share of the widest."""

    name: str
    nights: int
    before: int
    width: int
    y: int


@require_safe
@door()
def year(request: HttpRequest, property: UUID, flow_year: int) -> HttpResponse:
    """The year of a property."""
    row = property_at(request, property)
    return _page(request, [row], flow_year, row.name, row)


@require_safe
@door()
def all_years(request: HttpRequest, flow_year: int) -> HttpResponse:
    """The year of all properties this person works for."""
    seat: Seat = request.seat
    return _page(request, list(seat.properties()), flow_year, say("flows_year.all"), None)


def _page(request: HttpRequest, rows: Sequence[Property], year: int, name: str, row: Property | None) -> HttpResponse:
    now = office_now()
    today = rome_day(now)
    found = year_of(request.seat.account, rows, year, now=now)  # type: ignore[attr-defined]
    tables = year_tables(found, language(), {one: say(f"flow_year.{one}") for one in COLUMNS})
    answer = carried_away(request, tables, f"statistica-{year}", name)
    if answer is not None:
        return answer
    context = {
        "name": name, "property": row, "year": year, "earlier": year - 1, "later": year + 1 if year < today.year else None,
        "found": found, "figures": figure_rows(found.total), "until": short_date(found.until),
        "partial": found.until < found.until.replace(year=year, month=12, day=31), "known": bool(found.total.days),
        "before": figure_rows(found.before) if found.before else [],
        "nights": _bars(found.months, lambda one: Fraction(one.nights), lambda value: str(int(value))),
        "net": _bars(found.months, lambda one: one.net_rooms, percent),
        "beds": _bars(found.months, lambda one: one.net_beds, percent),
        "compared": _compared(found), "places": _places(found), "more": max(len(found.lines) - _TOP, 0),
        "months": shown_table(tables["year"]), "countries": shown_table(tables["countries"]), "several": len(rows) > 1,
        "uncounted": found.expected - found.counted if found.expected > found.counted else 0, "this_year": today.year,
        "places_height": 26 * min(len(found.lines), _TOP) + 4, "places_title": tables["countries"].title,
        "months_title": tables["year"].title, "tables": [(key, table.title) for key, table in tables.items()],
        "beds_unknown": any(not one.beds for one in rows),
    }  # fmt: skip
    return render(request, "web/flows/year.html", context)


def _bars(
    months: Iterable[MonthOf], value: Callable[[Figures], Fraction | None], words: Callable[[Fraction], str]
) -> list[YearBar]:
    """Two bars for each month of a picture 360 wide; the tallest fills it."""
    listed = list(months)
    pairs = [(one.now and value(one.now), one.then and value(one.then)) for one in listed]
    top = max((part for pair in pairs for part in pair if part), default=Fraction(1)) or Fraction(1)
    found = []
    for place, (one, (now, then)) in enumerate(zip(listed, pairs, strict=True)):
        tall, old = (round((part or Fraction(0)) * _HEIGHT / top) for part in (now, then))
        name, short = (format_date(one.month.first, form, locale=language()) for form in ("LLLL", "LLLLL"))
        found.append(YearBar(
            name, short, place * 30, _HEIGHT - tall, tall, _HEIGHT - old, old, "–" if now is None else words(now),
            "–" if then is None else words(then),
        ))  # fmt: skip
    return found


def _compared(found: Year) -> list[tuple[str, str, str]]:
    """Gross and net, beside the year before: a part of a year is compared with nothing."""
    old = found.before
    names = ("net_rooms", "gross_rooms", "net_beds", "gross_beds")
    rows = [
        (say(f"flow_year.{name}"), percent(getattr(found.total, name)), percent(getattr(old, name) if old else None))
        for name in names
    ]
    stay = (say("flow_year.stay"), decimal(found.total.average_stay), decimal(old.average_stay if old else None))
    days = (say("flow_year.open"), str(found.total.open), str(old.open) if old else "–")
    return [*rows, stay, days]


def _places(found: Year) -> list[PlaceBar]:
    """The residences with most presenze."""
    before = {line.row.order: line.nights for line in found.lines_before}
    shown = found.lines[:_TOP]
    top = max((line.nights for line in shown), default=0) or 1
    return [
        PlaceBar(_name(line), line.nights, before.get(line.row.order, 0), round(line.nights * 240 / top), place * 26)
        for place, line in enumerate(shown)
    ]


def _name(line: Line) -> str:
    return line.row.it if language() == "it" else line.row.en
