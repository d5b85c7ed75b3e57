"""Tax, police and statistics guest by guest where they differ, over a year or a period; and why, in the operator's words."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from locanda.law.periods import Period
from locanda.office.clock import now as office_now
from locanda.office.tax import explained
from locanda.office.tax.payers import Payer
from locanda.office.tax.year import Differing, differing
from locanda.web.duty_look import short_day
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.seen import overtaken, seen_now, written_over
from locanda.web.tax_look import StaySeen, period_words, sources_seen, stays_seen, tell
from locanda.web.views.tax_period import period_at
from locanda.web.words import say

__all__ = ["agreement", "explain"]

SHOWN = 200
"""Guests in one list."""


def _at(request: HttpRequest, payer: str, period: str) -> tuple[Payer, Period]:
    found, wanted, _ = period_at(request, payer, period, whole=True)
    return found, wanted


@require_safe
@door()
def agreement(request: HttpRequest, payer: str, period: str) -> HttpResponse:
    """What each source counts, then whoever is not the same everywhere."""
    found, wanted = _at(request, payer, period)
    return _page(request, found, wanted, {})


def _page(request: HttpRequest, found: Payer, wanted: Period, typed: Mapping[str, str]) -> HttpResponse:
    """``typed``: reasons by guest that are not kept yet."""
    rows, totals = differing(request.seat.account, found, wanted)
    rows.sort(key=lambda one: one.difference.explained or bool(one.reason))  # whoever needs a reason first
    stays = stays_seen(request.seat.account, [one.difference.stay for one in rows[:SHOWN]])
    context = {
        "payer": found, "period": wanted, "label": str(wanted.year) if wanted.kind == "year" else period_words(wanted),
        "whole_year": wanted.kind == "year", "year": wanted.year, "sources": sources_seen(totals), "count": len(rows),
        "more": max(len(rows) - SHOWN, 0),
        "lines": [_line(one, stays[one.difference.stay], typed) for one in rows[:SHOWN] if one.difference.stay in stays],
        "seen": seen_now({one.difference.guest: one.reason for one in rows[:SHOWN]}),
    }  # fmt: skip
    return render(request, "web/tax/agreement.html", context, status=422 if typed else 200)


def _line(one: Differing, stay: StaySeen, typed: Mapping[str, str]) -> dict[str, object]:
    difference = one.difference
    return {
        "guest": difference.guest, "stay": stay, "name": one.name, "counts": sources_seen(one.counts),
        "nights": [short_day(day) for day in difference.nights], "reasons": tell(difference.reasons),
        "likely": difference.likely, "reason": typed.get(difference.guest, one.reason),
        "complete": any(reason.code == "agree.statistics.incomplete" for reason in difference.reasons),
        "key": difference.stay,
    }  # fmt: skip


@require_POST
@door(do=MANAGER)
def explain(request: HttpRequest, payer: str, period: str) -> HttpResponse:
    """The reasons that were typed, kept for the papers of the year."""
    seat: Seat = request.seat
    found, wanted = _at(request, payer, period)
    rows, _ = differing(seat.account, found, wanted)
    typed = {one.difference.guest: f"why-{one.difference.guest}" for one in rows}
    told = {guest: " ".join(request.POST[name].split()) for guest, name in typed.items() if name in request.POST}
    kept = {one.difference.guest: one.reason for one in rows if one.difference.guest in told}
    if late := written_over(request.POST.get("seen", ""), kept, told):
        names = {one.difference.guest: one.name or say("tax_agreement.erased") for one in rows}
        messages.error(request, overtaken((names[guest], kept[guest]) for guest in late))
        return _page(request, found, wanted, told)
    explained.explain(seat.account, found, wanted.year, told, now=office_now(), person=seat.person)
    messages.success(request, say("tax_agreement.kept"))
    return redirect("tax_agreement", payer=payer, period=period)
