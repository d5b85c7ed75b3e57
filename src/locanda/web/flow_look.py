"""How the statistics look: days in the colours of the portals, each with a sign; months with tone and term; figures in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from locanda.archive.models import Account, Stay
from locanda.core.time import rome_day
from locanda.law.periods import Period
from locanda.office.statistics.calendar import DayLook, Figures
from locanda.office.statistics.months import MonthNow
from locanda.office.statistics.troubles import Trouble
from locanda.sheets import Table, to_csv, to_xlsx
from locanda.sheets.cells import decimals, written
from locanda.web.duty_look import short_day
from locanda.web.files import file_answer
from locanda.web.time_words import long_day, short_date
from locanda.web.words import language, say

__all__ = [
    "FIGURES", "FLOW_LOOKS", "MARK_ICONS", "SIGNS", "Cell", "MonthSeen", "TroubleSeen", "carried_away", "decimal", "figure_rows",
    "month_words", "percent", "seen_month", "shown_table", "stay_link", "stay_words", "trouble_seen", "weeks",
]  # fmt: skip

FLOW_LOOKS = {
    "late": ("trouble", "warn"), "rejected": ("trouble", "stop"), "doubt": ("trouble", "ask"), "stuck": ("todo", "hand"),
    "white": ("todo", "calendar"), "changed": ("todo", "going"), "send": ("todo", "send"), "handed": ("wait", "clock"),
    "going": ("wait", "going"), "running": ("wait", "clock"), "unbound": ("wait", "ask"), "before": ("wait", "clock"),
    "done": ("good", "check"),
}  # fmt: skip
"""Tone and shape of each state of a month; the words are in the texts."""

SIGNS = {"green": "", "yellow": "0", "grey": "–", "white": "?", "orange": "!", "ahead": ""}
"""What stands in a day beside its colour; a green one bears the number of people."""

MARK_ICONS = {
    "ready": "clock", "postponed": "going", "sending": "going", "in_doubt": "ask", "handed_over": "down", "accepted": "check",
    "confirmed": "check", "corrected": "check", "changed": "hand", "rejected": "stop", "refused": "stop",
}  # fmt: skip

FIGURES = (
    "arrived", "departed", "nights", "stay", "open", "closed", "zero", "white", "room_nights", "net_rooms", "gross_beds",
    "net_beds",
)  # fmt: skip
"""The figures under a calendar, in order."""

_OVER = frozenset({"done", "before"})
"""States in which the term says nothing any more."""


class Cell(NamedTuple):
    """A day of the grid: the number and the sign that are seen, the words that are heard."""

    number: int
    look: DayLook
    sign: str
    icon: str
    heard: str
    link: str
    today: bool


class MonthSeen(NamedTuple):
    """A month of a property in one line."""

    now: MonthNow
    label: str
    tone: str
    icon: str
    due: str
    left: int | None
    lacks: list[str]
    link: str


class TroubleSeen(NamedTuple):
    """What is wrong, in words, and where to put it right."""

    title: str
    help: str
    links: list[tuple[str, str]]
    more: int


def month_words(month: Period) -> str:
    """``luglio 2026``."""
    return format_date(month.first, "MMMM y", locale=language())


def decimal(value: Fraction | int | None, places: int = 1) -> str:
    """``12,5``; a dash for what cannot be reckoned."""
    if value is None:
        return "–"
    exact = decimals(value, places)
    text = f"{float(exact):.{places}f}"
    return text.replace(".", ",") if language() == "it" else text


def percent(value: Fraction | None) -> str:
    """``12,5 %``."""
    return "–" if value is None else f"{decimal(value)}\u00a0%"


def figure_rows(told: Figures) -> list[tuple[str, str]]:
    """The figures with their names."""
    words = {
        "arrived": str(told.arrived), "departed": str(told.departed), "nights": str(told.nights),
        "stay": decimal(told.average_stay), "open": str(told.open), "closed": str(told.closed), "zero": str(told.zero),
        "white": str(told.white), "room_nights": str(told.room_nights), "net_rooms": percent(told.net_rooms),
        "gross_beds": percent(told.gross_beds), "net_beds": percent(told.net_beds),
    }  # fmt: skip
    return [(say(f"flow_figure.{name}"), words[name]) for name in FIGURES if name != "white" or told.white]


# months -----------------------------------------------------------------------------------------------------------------------


def seen_month(now: MonthNow, today: date) -> MonthSeen:
    """A month with everything that a line says of it."""
    tone, icon = FLOW_LOOKS[now.state]
    return MonthSeen(
        now, month_words(now.month), tone, icon, short_date(now.due) if now.due and now.state not in _OVER else "",
        (now.due - today).days if now.due else None, _lacks(now), reverse("flows_month", args=[now.property.pk, now.month.label]),
    )  # fmt: skip


def _lacks(now: MonthNow) -> list[str]:
    """What is missing, the worst first."""
    if now.state in ("done", "before"):
        return []
    names = ("rejected", "doubt", "stuck", "white", "changed")
    if now.state in ("late", "send") and not (now.white or now.stuck):
        names = (*names, "to_send")
    return [say(f"flow_lacks.{name}", count=getattr(now, name)) for name in names if getattr(now, name)]


# the grid ---------------------------------------------------------------------------------------------------------------------


def weeks(looks: Iterable[DayLook], property: UUID, today: date) -> list[list[Cell | None]]:
    """The month as rows of seven, Monday first."""
    cells: list[Cell | None] = []
    for look in looks:
        if not cells:
            cells = [None] * look.counted.day.weekday()
        cells.append(_cell(look, property, today))
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def _cell(look: DayLook, property: UUID, today: date) -> Cell:
    day = look.counted
    sign = str(day.present) if look.colour == "green" else SIGNS[look.colour]
    return Cell(
        day.day.day, look, sign, MARK_ICONS.get(look.mark, ""), ", ".join(_heard(look)),
        reverse("flows_day", args=[property, day.day]), day.day == today,
    )  # fmt: skip


def _heard(look: DayLook) -> Iterator[str]:
    day = look.counted
    yield long_day(day.day)
    yield say(f"flow_colour.{look.colour}")
    if look.colour != "ahead" and (day.arrived or day.departed or day.present):
        yield say("flows.heard", arrived=day.arrived, departed=day.departed, present=day.present, rooms=day.rooms_occupied)
    if look.over:
        yield say("flow_colour.over")
    if look.stuck:
        yield say("flows.stuck")
    if look.mark != "todo":
        yield say(f"flow_mark.{look.mark}")


# what is wrong ----------------------------------------------------------------------------------------------------------------

_SHOWN = 8


def trouble_seen(account: Account, found: Trouble, property: UUID) -> TroubleSeen:
    """What is wrong with the stays and days behind it."""
    names = _stays(account, found.stays[:_SHOWN]) if found.stays else {}
    links = [names[key] for key in found.stays[:_SHOWN] if key in names]
    if not found.stays:
        links = [(long_day(day), reverse("flows_day", args=[property, day])) for day in found.days[:_SHOWN]]
    if found.kind == "capacity":
        links = [(say("flows.capacity_link"), reverse("property", args=[property]))]
    return TroubleSeen(
        say(f"flow_trouble.{found.kind}", count=found.count), say(f"flow_trouble.{found.kind}_help"), links,
        max(len(found.stays) - _SHOWN, 0),
    )  # fmt: skip


def _stays(account: Account, keys: Iterable[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """Stays by their days: names are sealed, and the statistics need none."""
    rows = Stay.objects.of(account).filter(pk__in=list(keys))
    return {row.pk: (stay_words(row), stay_link(row.pk)) for row in rows}


def stay_words(row: Stay) -> str:
    """``dal 8 al 11 luglio``."""
    last = short_day(row.departure_day) if row.departure_day else "–"
    return say("flows.stay", first=short_day(rome_day(row.arrival)), last=last)


def stay_link(key: UUID) -> str:
    """Where what the statistics ask of a stay is put right."""
    return reverse("stay_flows", args=[key])


# tables -----------------------------------------------------------------------------------------------------------------------


def shown_table(table: Table) -> dict[str, Any]:
    """A table as a page writes it."""
    lines = [*table.rows, *([table.total] if table.total else [])]
    rows = [
        ["–" if cell is None else written(cell, column, table.language) for cell, column in zip(line, table.columns, strict=True)]
        for line in lines
    ]  # fmt: skip
    return {"columns": [column.title for column in table.columns], "rows": rows, "total": table.total is not None}


# to carry away ----------------------------------------------------------------------------------------------------------------

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def carried_away(request: HttpRequest, tables: Mapping[str, Table], name: str, about: str) -> HttpResponse | None:
    """``formato`` and ``tabella``: a table as CSV, or one or all of them as a workbook; None when nothing was asked for."""
    form = request.GET.get("formato", "")
    chosen: Any = tables.get(request.GET.get("tabella", ""))
    if form not in _MEDIA or (chosen is None and (form == "csv" or not tables)):
        return None
    wanted = [chosen] if chosen is not None else list(tables.values())
    content = to_csv(chosen) if form == "csv" else to_xlsx(wanted, about=about)
    part = f"-{chosen.key}" if chosen is not None else ""
    return file_answer(content, f"{name}{part}.{form}", _MEDIA[form])
