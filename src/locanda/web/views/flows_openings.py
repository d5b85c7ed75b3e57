"""Openings and closings of a property: planned ahead, taken back, counted against what the law asks for in a year."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from locanda.archive.models import Property
from locanda.core.time import iso_day, rome_day
from locanda.office.clock import now as office_now
from locanda.office.statistics import openings
from locanda.office.statistics.days import declare
from locanda.office.statistics.tables import closing_table
from locanda.web.day_field import DayField
from locanda.web.duty_look import two
from locanda.web.flow_look import carried_away, shown_table
from locanda.web.forms import Form, says
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.tax_look import told
from locanda.web.time_words import long_day, short_date
from locanda.web.views.flows_month import property_at
from locanda.web.words import language, say

__all__ = ["ClosureForm", "closure_end", "openings_of"]


class ClosureForm(Form):
    """From one day to another."""

    first = DayField(label=says("flows_openings.first"))
    last = DayField(label=says("flows_openings.last"))


@require_http_methods(["GET", "HEAD", "POST"])
@door(do=MANAGER)
def openings_of(request: HttpRequest, property: UUID) -> HttpResponse:
    """The closures; POST plans one more."""
    seat: Seat = request.seat
    row = property_at(request, property)
    now = office_now()
    year = _year(request.GET.get("anno", ""), rome_day(now))
    shut = openings.shut_days(row, year)
    table = closing_table(row, year, shut, now=now, language=language())
    answer = carried_away(request, {"closures": table}, f"chiusure-{year}", row.name)
    if answer is not None:
        return answer
    if "aperto" in request.POST:
        return _open(request, row, now)
    form = ClosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, problems = openings.add(
            row, form.cleaned_data["first"], form.cleaned_data["last"], now=now, person=seat.person
        )
        for problem in problems:
            here = told(problem)
            form.add_error(problem.where if problem.where in form.fields else None, f"{here.text} {here.hint}")
        if made is not None:
            messages.success(request, say("flows_openings.added"))
            return redirect("flows_openings", property=row.pk)
    context = _context(row, year, now) | {"form": form, "table": table, "shown_table": shown_table(table)}
    return render(request, "web/flows/openings.html", context, status=422 if form.errors else 200)


def _open(request: HttpRequest, row: Property, now: Any) -> HttpResponse:
    """A day inside a closure is open all the same."""
    day = iso_day(request.POST["aperto"])
    if day is None or not any(one.closure.first <= day <= one.closure.last for one in openings.plans(row, now=now)):
        messages.error(request, say("flows_openings.not_inside"))
    else:
        declare(row, [day], open=True, now=now, person=request.seat.person)  # type: ignore[attr-defined]
        messages.success(request, say("flows_openings.opened_day", day=long_day(day)))
    return redirect("flows_openings", property=row.pk)


def _context(row: Property, year: int, now: Any) -> dict[str, Any]:
    today = rome_day(now)
    plans = openings.plans(row, now=now)
    rule = openings.announcing(row, today)
    counter = openings.closed_days(row, year, now=now)
    seen = [
        {
            "plan": plan, "first": long_day(plan.closure.first), "last": long_day(plan.closure.last),
            "opened": [(long_day(day), day) for day in plan.opened], "over": plan.closure.last < today,
            "by": long_day(plan.by) if plan.by and plan.by >= today else "", "late": bool(plan.by and plan.by < today),
        }
        for plan in plans
    ]  # fmt: skip
    return {
        "property": row, "ahead": [one for one in seen if not one["over"]], "past": [one for one in seen if one["over"]][::-1],
        "rule": two(rule.rule) if rule else "", "rule_basis": two(rule.rule.basis) if rule else "", "counter": counter,
        "counter_title": two(counter.rule) if counter.rule else "", "year": year, "today": today,
        "counter_basis": two(counter.rule.basis) if counter.rule else "",
        "shown": min(counter.have, counter.need or 0), "years": [today.year + 1, today.year, today.year - 1],
        "end_of_year": short_date(date(year, 12, 31)),
    }  # fmt: skip


def _year(text: str, today: date) -> int:
    return int(text) if text.isascii() and text.isdigit() and abs(int(text) - today.year) <= 5 else today.year


@require_POST
@door(do=MANAGER)
def closure_end(request: HttpRequest, property: UUID, closure: UUID) -> HttpResponse:
    """Take a planned closure back."""
    row = property_at(request, property)
    if openings.end(row, closure, now=office_now(), person=request.seat.person):
        messages.success(request, say("flows_openings.ended"))
    return redirect("flows_openings", property=row.pk)
