"""One day of a property: its figures and who is behind them, what is wrong, what was sent; the operator says what it was."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from locanda.archive.models import DayState, FlowSending, Property
from locanda.core.time import rome_day
from locanda.law.periods import months_later, period_of
from locanda.office.clock import now as office_now
from locanda.office.statistics.calendar import DayLook, problems_of, residence_row
from locanda.office.statistics.days import declare, take_back
from locanda.office.statistics.history import day_sendings
from locanda.office.statistics.home import service_of
from locanda.office.statistics.tables import month_tables
from locanda.office.statistics.troubles import kind_of, staying, troubles
from locanda.sheets import Table
from locanda.web.flow_look import MARK_ICONS, SIGNS, carried_away, month_words, stay_link, stay_words, trouble_seen
from locanda.web.forms import Form, says
from locanda.web.gate import Seat, door
from locanda.web.sending_look import period_of_days, word_of
from locanda.web.tax_look import Told, tell, told
from locanda.web.time_words import long_day, moment
from locanda.web.views.flows_month import AHEAD, looks_of, property_at
from locanda.web.words import language, say

__all__ = ["DayForm", "day"]

_DAY = timedelta(days=1)


class DayForm(Form):
    """What a day was."""

    open = forms.ChoiceField(
        label=says("flows_day.open"), widget=forms.RadioSelect, choices=lambda: [(one, say(f"flow_open.{one}")) for one in OPEN]
    )
    rooms = forms.IntegerField(label=says("flows_day.rooms"), required=False, min_value=0, max_value=9999)
    beds = forms.IntegerField(label=says("flows_day.beds"), required=False, min_value=0, max_value=99999)
    reason = forms.CharField(
        label=says("flows_day.reason"), help_text=says("flows_day.reason_help"), required=False, max_length=120
    )


OPEN = ("yes", "no")


@require_http_methods(["GET", "HEAD", "POST"])
@door()
def day(request: HttpRequest, property: UUID, flow_day: date) -> HttpResponse:
    """The day; POST says what it was, or takes that back."""
    seat: Seat = request.seat
    row = property_at(request, property)
    now = office_now()
    today, day = rome_day(now), flow_day
    if day > months_later(today, AHEAD):
        raise Http404
    service = service_of(row, today)
    (look,) = looks_of(row, day, day, now)
    if request.GET.get("formato"):
        answer = carried_away(request, {"daily": _c59(row, look)}, f"statistica-{day.isoformat()}", row.name)
        if answer is not None:
            return answer
    state = DayState.objects.of(row.account_id).filter(property=row, day=day).first()
    if request.method == "POST" and "togli" in request.POST:
        take_back(row, [day], now=now, person=seat.person)
        messages.success(request, say("flows_day.taken_back"))
        return redirect("flows_day", property=row.pk, flow_day=day)
    initial = _initial(look, state)
    form = DayForm(request.POST or None, initial=initial, guard=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        problems = declare(
            row, [day], open=data["open"] == "yes", rooms=data["rooms"], beds=data["beds"], reason=data["reason"],
            guests=[day] if look.counted.present else [], now=now, person=seat.person,
        )  # fmt: skip
        for problem in problems:
            here = told(problem)
            form.add_error(problem.where if problem.where in form.fields else None, f"{here.text} {here.hint}")
        if not problems:
            messages.success(request, say("flows_day.saved"))
            return redirect("flows_day", property=row.pk, flow_day=day)
    context = _context(request, row, day, look, service, now) | {"form": form, "state": state}
    return render(request, "web/flows/day.html", context, status=422 if form.errors else 200)


def _initial(look: DayLook, state: DayState | None) -> dict[str, Any]:
    if state is not None:
        return {"open": "yes" if state.open else "no", "rooms": state.rooms, "beds": state.beds, "reason": state.reason}
    known = look.source == "closure" or look.counted.present > 0
    return {"open": ("yes" if look.counted.open else "no") if known else None, "rooms": None, "beds": None, "reason": ""}


def _context(request: HttpRequest, row: Property, day: date, look: DayLook, service: Any, now: Any) -> dict[str, Any]:
    seat: Seat = request.seat  # type: ignore[attr-defined]
    count = look.counted
    month = period_of("month", day)
    stays = staying(row, day)
    names = {one[0].pk: _moves(one[1], day) for one in stays}
    return {
        "property": row, "day": day, "label": long_day(day), "look": look, "count": count, "service": service,
        "month": (month, month_words(month)), "sign": str(count.present) if look.colour == "green" else SIGNS[look.colour],
        "earlier": day - _DAY, "later": day + _DAY if day < months_later(rome_day(now), 1) else None,
        "rows": [
            (_name(order), residence_row(order).code, previous, came, left, previous + came - left)
            for order, previous, came, left in count.rows
        ],
        "stays": [(stay_words(one), stay_link(one.pk), names[one.pk]) for one, _, _ in stays],
        "troubles": [trouble_seen(seat.account, one, row.pk) for one in troubles(row, [look])],
        "said": _problems(look), "mark_icon": MARK_ICONS.get(look.mark, ""),
        "tables": [("daily", _c59(row, look).title)],
        "history": [_sending(one, now) for one in day_sendings(row, day)],
    }  # fmt: skip


def _c59(row: Property, look: DayLook) -> Table:
    return month_tables(row, [look], language())["daily"]


def _name(order: int) -> str:
    row = residence_row(order)
    return row.it if language() == "it" else row.en


def _moves(stay: Any, day: date) -> str:
    """What the people of a stay do on a day, as far as it can be read."""
    if stay is None:
        return say("flows_day.unread")
    came = stay.first_night or rome_day(stay.arrival)
    end = rome_day(stay.departure) if hasattr(stay.departure, "hour") else stay.departure
    word = "arrives" if came == day else "leaves" if end == day else "stays"
    return say(f"flow_moves.{word}", count=len(stay.guests))


def _problems(look: DayLook) -> list[Told]:
    """What the day says of itself, each once."""
    found = {problem.code: problem for problem in problems_of(look.counted)}
    return tell(problem for code, problem in found.items() if not look.stuck or kind_of(code) == "closed")


def _sending(row: FlowSending, now: Any) -> dict[str, Any]:
    return {
        "row": row, "state": word_of(row), "days": period_of_days(row.first, row.last),
        "made": moment(row.created_at, now), "sent": moment(row.sent_at, now) if row.sent_at else "",
        "answered": moment(row.answered_at, now) if row.answered_at else "", "who": str(row.created_by or "–"),
        "settled": moment(row.settled_at, now) if row.settled_at else "",
    }  # fmt: skip


