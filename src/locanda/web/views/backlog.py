"""What was due before Locanda: shown by duty, marked as done all at once, with a day up to which it was."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from locanda.archive.models import Property
from locanda.core.time import rome_day
from locanda.office import duty_backlog as office
from locanda.office.clock import now as office_now
from locanda.web.duty_look import kind_of, two
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.time_words import short_date, typed_day
from locanda.web.words import language, say

__all__ = ["backlog", "take_back"]

SHOWN = 300
"""Lines on the page; what is beyond them is marked in a second turn."""


class BundleSeen(NamedTuple):
    """The past terms of one duty in words."""

    key: str
    title: str
    property: str
    kind: str
    words: str
    ticked: bool


def _chosen(request: HttpRequest) -> tuple[list[Property], Property | None]:
    """The properties it is about: one that was asked for, else all that this person works for."""
    seat: Seat = request.seat
    properties = list(seat.properties().filter(closed_at=None))
    asked = (request.POST if request.method == "POST" else request.GET).get("struttura", "")
    one = next((row for row in properties if str(row.pk) == asked), None)
    if asked and one is None:
        raise Http404
    return ([one] if one else properties), one


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def backlog(request: HttpRequest) -> HttpResponse:
    """Everything that had passed when the properties came here, and the day up to which it was done."""
    seat: Seat = request.seat
    now = office_now()
    properties, one = _chosen(request)
    posted = request.method == "POST"
    text = request.POST.get("until", "") if posted else request.GET.get("fino", "")
    until, wrong = _until(text, properties, rome_day(now))
    found = office.bundles(seat.account, properties, until=until, now=now)
    ticked = set(request.POST.getlist("duty")) if posted and "narrow" not in request.POST else None
    if posted and not wrong and "mark" in request.POST:
        chosen = [bundle for bundle in found if bundle.key in (ticked or ())]
        if not chosen:
            wrong = say("backlog.nothing_chosen")
        else:
            made, problems = office.declare_done(seat.account, chosen, until=until, now=now, person=seat.person)
            for problem in problems:
                messages.error(request, f"{problem.message(language())} {problem.hint(language())}")
            if made:
                messages.success(request, say("backlog.marked", n=made))
            return redirect(_back(one))
    context = {
        "properties": list(seat.properties().filter(closed_at=None)), "chosen": one, "wrong": wrong,
        "until": text if wrong and text else until.isoformat(),
        "bundles": [_seen(bundle, ticked) for bundle in found[:SHOWN]], "more": max(0, len(found) - SHOWN),
        "several": len(properties) > 1, "declared": office.declared(seat.account, properties), "today": rome_day(now),
    }  # fmt: skip
    return render(request, "web/calendar/backlog.html", context, status=422 if wrong else 200)


def _until(text: str, properties: list[Property], today: date) -> tuple[date, str]:
    """The day that was named; the newest property's own first day here when none was."""
    usual = max((rome_day(row.created_at) for row in properties), default=today)
    if not text:
        return usual, ""
    until = typed_day(text)
    if until is None:
        return usual, say("backlog.day_wrong")
    return (usual, say("backlog.day_future")) if until > today else (until, "")


def _seen(bundle: office.Bundle, ticked: set[str] | None) -> BundleSeen:
    count = len(bundle.entries)
    words = say("backlog.one", day=short_date(bundle.first)) if count == 1 else say(
        "backlog.many", n=count, first=short_date(bundle.first), last=short_date(bundle.last)
    )  # fmt: skip
    return BundleSeen(
        bundle.key, two(bundle), bundle.property.name, kind_of(bundle.obligation), words, ticked is None or bundle.key in ticked
    )


def _back(one: Property | None) -> str:
    return reverse("calendar") + (f"?struttura={one.pk}" if one else "")


@require_POST
@door(do=MANAGER)
def take_back(request: HttpRequest) -> HttpResponse:
    """It was a mistake: they are open again."""
    seat: Seat = request.seat
    properties, one = _chosen(request)
    gone = office.take_back(seat.account, properties, now=office_now(), person=seat.person)
    messages.success(request, say("backlog.taken_back", n=gone))
    address: Any = reverse("backlog") + (f"?struttura={one.pk}" if one else "")
    return redirect(address)
