"""A stay: its parties, and what may change while it lasts."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from locanda.archive.models import Segment, Stay, TaxedStay
from locanda.office import sending, staying
from locanda.office.clock import now as office_now
from locanda.office.tax import ledger
from locanda.office.tax.receipts import owed
from locanda.office.today import segment_card
from locanda.web.card_look import seen, spelled
from locanda.web.duty_look import euro
from locanda.web.gate import Seat, door
from locanda.web.time_words import typed_day
from locanda.web.views.stay_flows import flows_seen
from locanda.web.words import language, say

__all__ = ["cancel", "extend", "leave_early", "stay"]


def _stay(seat: Seat, key: UUID) -> Stay:
    row: Stay = seat.one(seat.stays().exclude(status=Stay.Status.DRAFT), key)
    return row


@door()
def stay(request: HttpRequest, stay: UUID) -> HttpResponse:
    """The arrival as registered: every party with its card, what was spelled otherwise, what may be done."""
    seat: Seat = request.seat
    row = _stay(seat, stay)
    now = office_now()
    keys = Segment.objects.of(seat.account).filter(party__stay=row).order_by("party__position", "index")
    cards = [segment_card(seat.account, key, now=now) for key in keys.values_list("pk", flat=True)]
    notes = [note for card in cards if card.delivery is not None for note in spelled(card.delivery)]
    context = {
        "stay": row, "looks": [seen(card) for card in cards], "notes": dict.fromkeys(notes), "now": now,
        "flows": flows_seen(row) if row.status == Stay.Status.CHECKED_IN else None,
        "live": row.status == Stay.Status.CHECKED_IN, "tax": _tax(row, now) if row.status == Stay.Status.CHECKED_IN else None,
    }  # fmt: skip
    return render(request, "web/stay.html", context)


class TaxSeen(NamedTuple):
    """The tax of a stay in a line. ``left`` in cents, ``papers`` missing ones."""

    stuck: bool
    due: int
    left: int
    amount: str
    papers: int


def _tax(row: Stay, now: datetime) -> TaxSeen | None:
    """What is due as of now; the ledger is brought up to date."""
    (taxed, *_) = ledger.settle([row], now=now) or (None,)
    if taxed is None:
        return None
    told = owed(row)
    missing = sum(note.code == ledger.MISSING for note in ledger.problems_of(taxed.notes))
    return TaxSeen(taxed.state == TaxedStay.State.STUCK, told.due, told.left, euro(abs(told.left)), missing)


@require_POST
@door()
def extend(request: HttpRequest, stay: UUID) -> HttpResponse:
    """Stay on until a later day."""
    row = _stay(request.seat, stay)
    day = typed_day(request.POST.get("departure", ""))
    if day is None:
        messages.error(request, say("stay_page.day_missing"))
        return redirect("stay", stay=row.pk)
    problems = staying.extend(row, day, now=office_now(), person=request.seat.person)
    for problem in problems:
        messages.error(request, f"{problem.message(language())} {problem.hint(language())}")
    if not problems:
        messages.success(request, say("stay_page.extended"))
    return redirect("stay", stay=row.pk)


@require_POST
@door()
def leave_early(request: HttpRequest, stay: UUID) -> HttpResponse:
    """Gone sooner than planned."""
    row = _stay(request.seat, stay)
    day = typed_day(request.POST.get("departure", ""))
    if day is None or row.arrival is None or day < row.arrival.date() or (row.departure_day and day >= row.departure_day):
        messages.error(request, say("stay_page.early_day_wrong"))
    else:
        staying.leave_early(row, day, now=office_now(), person=request.seat.person)
        messages.success(request, say("stay_page.left_early"))
    return redirect("stay", stay=row.pk)


@require_POST
@door()
def cancel(request: HttpRequest, stay: UUID) -> HttpResponse:
    """Nobody came."""
    row = _stay(request.seat, stay)
    if sending.cancel(row, now=office_now(), person=request.seat.person):
        messages.success(request, say("stay_page.cancelled"))
    else:
        messages.error(request, say("stay_page.not_cancelled"))
    return redirect("stay", stay=row.pk)
