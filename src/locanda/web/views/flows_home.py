"""The statistics at a glance: of every property this month and the last, what is to be done next and by when, the worst first."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from locanda.archive.models import Property
from locanda.core.time import rome_day
from locanda.law.periods import Period, months_later, period_of
from locanda.office.clock import now as office_now
from locanda.office.statistics.months import MONTH_STATES, MonthNow, months_now
from locanda.sheets import Column, Kind, Table
from locanda.web.flow_look import MonthSeen, carried_away, seen_month
from locanda.web.gate import Seat, door
from locanda.web.words import language, say

__all__ = ["COLUMNS", "FILTERS", "flows"]

PAGE = 40
"""Properties on a page."""
FILTERS = ("todo", "waiting", "done")
COLUMNS = (
    "property", "portal", "month", "state", "due", "days", "white", "stuck", "to_send", "rejected", "changed", "accepted",
)  # fmt: skip
"""Words above the list that is carried away."""
_RANK = {state: rank for rank, state in enumerate(MONTH_STATES)}
_GROUP = {
    "todo": ("late", "rejected", "doubt", "stuck", "white", "changed", "send"), "waiting": ("handed", "going", "running"),
    "done": ("done", "before", "unbound"),
}  # fmt: skip


class PropertySeen(NamedTuple):
    """A property with its months, the worst first."""

    property: Property
    portal: str
    months: list[MonthSeen]
    rank: tuple[int, date]


@require_safe
@door()
def flows(request: HttpRequest) -> HttpResponse:
    """The tab. Who has one property goes straight to its month."""
    seat: Seat = request.seat
    now = office_now()
    today = rome_day(now)
    month = period_of("month", today)
    last = period_of("month", months_later(month.first, -1))
    rows = [row for row in seat.properties().order_by("name") if row.closed_at is None or rome_day(row.closed_at) >= last.first]
    found = months_now(seat.account, rows, [last, month], now=now) if rows else []
    answer = carried_away(request, {"properties": _table(found)}, f"statistica-{month.label}", say("flows.title"))
    if answer is not None:
        return answer
    if len(rows) == 1:
        return redirect("flows_month", property=rows[0].pk, flow_month=_first_to_see(found))
    seen = [_seen(row, found[2 * place : 2 * place + 2], today) for place, row in enumerate(rows)]
    wanted = next((one for one in FILTERS if one == request.GET.get("stato")), "")
    text = " ".join(request.GET.get("cerca", "").split())[:60]
    shown = [one for one in seen if _fits(one, wanted, text)]
    page = Paginator(sorted(shown, key=lambda one: (one.rank, one.property.name)), PAGE).get_page(request.GET.get("pagina"))
    counts = {name: sum(_fits(one, name, "") for one in seen) for name in FILTERS}
    context: dict[str, Any] = {
        "page": page, "filter": wanted, "text": text, "counts": [(name, counts[name]) for name in FILTERS], "count": len(shown),
        "properties": len(rows), "many": len(rows) > PAGE, "year": today.year, "todo": counts["todo"],
    }  # fmt: skip
    return render(request, "web/flows/home.html", context)


def _table(found: list[MonthNow]) -> Table:
    """The list, to carry away."""
    kinds: dict[str, Kind] = {"property": "text", "portal": "text", "month": "month", "state": "text", "due": "day"}
    columns = [Column(name, say(f"flow_home.{name}"), kinds.get(name, "number")) for name in COLUMNS]
    rows = [
        (one.property.name, one.service.name, one.month.first, say(f"flow_state.{one.state}"), one.due, one.days, one.white,
         one.stuck, one.to_send, one.rejected, one.changed, one.accepted)
        for one in found
    ]  # fmt: skip
    return Table("properties", say("flows.title"), tuple(columns), tuple(rows), None, language())


def _first_to_see(found: list[MonthNow]) -> Period:
    """The month before while something is to be done for it, else the running one."""
    last, running = found
    return last.month if last.state not in ("done", "before", "unbound", "running") else running.month


def _seen(row: Property, found: list[MonthNow], today: date) -> PropertySeen:
    worst = min(found, key=lambda one: _RANK[one.state])
    return PropertySeen(
        row, found[0].service.name, [seen_month(one, today) for one in found],
        (_RANK[worst.state], worst.due or date.max),
    )  # fmt: skip


def _fits(one: PropertySeen, wanted: str, text: str) -> bool:
    if text and text.lower() not in one.property.name.lower():
        return False
    if not wanted:
        return True
    states = {month.now.state for month in one.months}
    todo = bool(states & set(_GROUP["todo"]))
    if wanted == "todo":
        return todo
    waiting = bool(states & set(_GROUP["waiting"]))
    return not todo and (waiting if wanted == "waiting" else not waiting)
