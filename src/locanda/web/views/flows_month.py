"""The month of a property as a calendar: what is missing first, white days filled in one act, what its portal has of each day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel.dates import get_day_names
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locanda.archive.models import DayState, Property
from locanda.core.time import rome_day
from locanda.law.periods import Period, months_later, period_of
from locanda.office.clock import now as office_now
from locanda.office.engine import flow_loop
from locanda.office.statistics import preparing
from locanda.office.statistics.calendar import DayLook, day_looks, figures
from locanda.office.statistics.counting import counted_of
from locanda.office.statistics.days import declare, lived, said, take_back
from locanda.office.statistics.history import span_sendings
from locanda.office.statistics.months import months_now
from locanda.office.statistics.status import statuses_of
from locanda.office.statistics.tables import TYPING, month_tables, typing_tables
from locanda.office.statistics.troubles import troubles
from locanda.web.duty_look import two
from locanda.web.flow_look import (
    MARK_ICONS,
    SIGNS,
    carried_away,
    figure_rows,
    month_words,
    seen_month,
    shown_table,
    trouble_seen,
    weeks,
)
from locanda.web.gate import FRONT_DESK, Seat, door
from locanda.web.sending_look import period_of_days, word_of
from locanda.web.sending_look import troubles as wrong_with
from locanda.web.tax_look import tell
from locanda.web.time_words import long_day
from locanda.web.words import language, say

__all__ = ["FILLS", "fill", "month", "prepare", "property_at", "unfill"]

FILLS = ("zero", "chiusi")
SHOWN = 30
"""Sendings in the list of a month."""
AHEAD = 13
"""Months ahead that can be looked at."""
_LEGEND = ("green", "yellow", "grey", "white", "orange")


def property_at(request: HttpRequest, key: UUID) -> Property:
    """A property that this person works for."""
    row: Property = request.seat.one(request.seat.properties(), key)  # type: ignore[attr-defined]
    return row


def looks_of(row: Property, first: date, last: date, now: datetime) -> list[DayLook]:
    """Days with what was said of them and what their portal has."""
    counts = counted_of(row, first, last, now=now)
    told = said(row.account_id, [row], first, last)[row.pk]
    known = statuses_of(row.account_id, [row], first, last, now=now, counts={row.pk: counts})[row.pk]
    return day_looks(row, counts, rome_day(now), said=told, statuses=known)


def _white(row: Property, looks: Sequence[DayLook]) -> list[date]:
    """The days of the activity of which nothing was said."""
    return [look.counted.day for look in looks if look.colour == "white" and lived(row, look.counted.day)]


@require_safe
@door()
def month(request: HttpRequest, property: UUID, flow_month: Period) -> HttpResponse:
    """The calendar; with ``formato`` its tables."""
    seat: Seat = request.seat
    month = flow_month
    row = property_at(request, property)
    now = office_now()
    today = rome_day(now)
    if month.first > months_later(today, AHEAD):
        raise Http404
    (state,) = months_now(seat.account, [row], [month], now=now)
    looks = looks_of(row, month.first, month.last, now)
    tables = month_tables(row, looks, language(), _marks())
    if request.GET.get("formato"):
        extra = typing_tables(row, month.first, month.last, language()) if request.GET.get("tabella", "") in ("", *TYPING) else {}
        about = f"{row.name}, {month_words(month)}"
        answer = carried_away(request, {**tables, **extra}, f"statistica-{month.label}", about)
        if answer is not None:
            return answer
    return render(request, "web/flows/month.html", _context(request, row, month, state, looks, tables, today))


@require_POST
@door(do=FRONT_DESK)
def prepare(request: HttpRequest, property: UUID, flow_month: Period) -> HttpResponse:
    """Make ready what the portal lacks of the month, as far as it is over; where there is a service, send it."""
    seat: Seat = request.seat
    month = flow_month
    row = property_at(request, property)
    now = office_now()
    last = min(month.last, preparing.complete_until(now))
    first = max(month.first, row.since or month.first)
    send = request.POST.get("manda") == "1"
    made = preparing.prepare(row, first, last, now=now, person=seat.person, send=send)
    if made.sendings:
        if send:
            flow_loop().wake()
        return redirect("flow_sending", sending=made.sendings[0].pk)
    if not made.problems:
        for note in tell(made.notes[:1]):
            messages.success(request, f"{note.text} {note.hint}")
        return redirect("flows_month", property=row.pk, flow_month=month)
    (state,) = months_now(seat.account, [row], [month], now=now)
    looks = looks_of(row, month.first, month.last, now)
    context = _context(request, row, month, state, looks, month_tables(row, looks, language(), _marks()), rome_day(now))
    return render(request, "web/flows/month.html", context | {"refused": wrong_with(made)}, status=422)


def _marks() -> dict[str, str]:
    """What portals have of days, in words, and the heads of these columns."""
    words = {state: say(f"flow_mark.{state}") for state in MARK_ICONS}
    return words | {"portal": say("flows.nav_portal"), "since": say("flows.accepted_on")}


def _context(
    request: HttpRequest, row: Property, month: Period, state: Any, looks: Sequence[DayLook], tables: Any, today: date
) -> dict[str, Any]:
    seat: Seat = request.seat  # type: ignore[attr-defined]
    white = _white(row, looks)
    counted = Counter(look.mark for look in looks)
    names = get_day_names("abbreviated", "stand-alone", language())
    full = get_day_names("wide", "stand-alone", language())
    earlier = period_of("month", months_later(month.first, -1))
    later = month.next if month.first <= months_later(today, 1) else None
    return {
        "property": row, "month": month, "label": month_words(month), "seen": seen_month(state, today), "service": state.service,
        "weeks": weeks(looks, row.pk, today), "weekdays": [(names[place], full[place]) for place in range(7)],
        "legend": [(colour, "12" if colour == "green" else SIGNS[colour]) for colour in _LEGEND],
        "figures": figure_rows(figures(row, looks)), "white": white,
        "so_far": month.first <= today <= month.last, "has_days": month.first <= today,
        "troubles": [trouble_seen(seat.account, one, row.pk) for one in troubles(row, looks)],
        "marks": [(word, MARK_ICONS[word], counted[word]) for word in MARK_ICONS if counted[word]],
        "earlier": (earlier, month_words(earlier)), "later": (later, month_words(later)) if later else None,
        "problems": tell(state.service.problems), "notes": tell(state.service.notes), "table": tables["calendar"],
        "shown": shown_table(tables["calendar"]),
        "tables": [(key, table.title) for key, table in tables.items()], "typing": TYPING,
        "filled": _filled(request, row, month), "many": seat.properties().count() > 1, "days": len(looks),
        "may_prepare": bool(state.to_send + state.changed + state.rejected) and not white and not state.stuck
        and not state.service.problems,
        "sendings": [(one, word_of(one), period_of_days(one.first, one.last))
                     for one in span_sendings(row, month.first, month.last)[:SHOWN]],
        "needs": two(state.service.pack.deadline) if state.service.pack else "", "year": month.year,
    }  # fmt: skip


# filling ----------------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@door()
def fill(request: HttpRequest, property: UUID, flow_month: Period) -> HttpResponse:
    """White days at once: first which days, then the act."""
    seat: Seat = request.seat
    month = flow_month
    row = property_at(request, property)
    now = office_now()
    looks = looks_of(row, month.first, month.last, now)
    white = _white(row, looks)
    what = next((one for one in FILLS if one == (request.POST.get("cosa") or request.GET.get("cosa"))), FILLS[0])
    problems = []
    if request.method == "POST":
        chosen = [day for day in white if day.isoformat() in request.POST.getlist("giorno")]
        full = [look.counted.day for look in looks if look.counted.present]
        problems = declare(row, chosen, open=what == "zero", guests=full, now=now, person=seat.person)
        if chosen and not problems:
            there = reverse("flows_month", args=[row.pk, month])
            return redirect(f"{there}?riempiti={','.join(f'{day.day}' for day in chosen)}")
        if not problems:
            messages.error(request, say("flows.fill_none"))
    ticked = request.POST.getlist("giorno") if request.method == "POST" else None
    context = {
        "property": row, "month": month, "label": month_words(month), "what": what, "problems": tell(problems),
        "days": [(day.isoformat(), long_day(day), ticked is None or day.isoformat() in ticked) for day in white],
    }  # fmt: skip
    return render(request, "web/flows/fill.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@door(do=FRONT_DESK)
def unfill(request: HttpRequest, property: UUID, flow_month: Period) -> HttpResponse:
    """Take back what was just said of some days."""
    month = flow_month
    row = property_at(request, property)
    days = _days(request.POST.get("giorni", ""), month)
    count = take_back(row, days, now=office_now(), person=request.seat.person)
    messages.success(request, say("flows.taken_back", count=count))
    return redirect("flows_month", property=row.pk, flow_month=month)


def _filled(request: HttpRequest, row: Property, month: Period) -> dict[str, Any] | None:
    """The days that were filled a moment ago, as far as they still stand so."""
    days = _days(request.GET.get("riempiti", ""), month)
    rows = DayState.objects.of(row.account_id).filter(property=row, day__in=days)
    told = list(rows.values_list("day", "open").order_by("day"))
    if not told:
        return None
    numbers = ", ".join(str(day.day) for day, _ in told)
    return {
        "days": ",".join(str(day.day) for day, _ in told), "words": say(
            "flows.filled_zero" if told[0][1] else "flows.filled_closed", days=numbers
        ),
    }  # fmt: skip


def _days(text: str, month: Period) -> list[date]:
    wanted = {int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) <= 2}
    return [month.first.replace(day=number) for number in sorted(wanted) if 1 <= number <= month.last.day]
