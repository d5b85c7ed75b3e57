"""The archive of receipts: one for each day and credential, as the portal gave it, with what we sent beside it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from locanda.archive.models import Receipt, SendingDay
from locanda.core.time import rome_day
from locanda.delivery.comparing import explain_difference, type_counts
from locanda.delivery.record import NoEvidence
from locanda.office.clock import now as office_now
from locanda.web.digits import is_count
from locanda.web.files import file_answer
from locanda.web.gate import MANAGER, door
from locanda.web.words import language, say

__all__ = ["explain", "pdf", "receipts", "typed"]

PAGE = 60
_TONES = {"waiting": ("wait", "clock"), "agrees": ("good", "check"), "explained": ("good", "check"),
          "differs": ("trouble", "warn"), "unread": ("trouble", "eye"), "gone": ("trouble", "cross"),
          "nothing": ("calm", "check")}  # fmt: skip


@door()
def receipts(request: HttpRequest) -> HttpResponse:
    """Day by day, the last first; ``prima`` goes further back."""
    days = request.seat.sending_days().order_by("-day", "credential__label").defer("receipt__pdf").select_related("receipt")
    with suppress(ValueError):
        days = days.filter(day__lt=date.fromisoformat(request.GET.get("prima", "")))
    found = list(days[: PAGE + 1])
    shown = [(one, getattr(one, "receipt", None), *_TONES[one.status]) for one in found[:PAGE]]
    older = found[PAGE - 1].day if len(found) > PAGE else None
    return render(request, "web/receipts.html", {"days": shown, "older": older, "today": rome_day(office_now())})


@door()
def pdf(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """The receipt, byte for byte."""
    row: Receipt = request.seat.one(request.seat.receipts(), receipt)
    return file_answer(bytes(row.pdf), f"ricevuta-{row.day:%Y-%m-%d}-{str(row.pk)[:8]}.pdf")


@require_POST
@door()
def typed(request: HttpRequest, day: UUID) -> HttpResponse:
    """The counts as a person reads them on the PDF."""
    row: SendingDay = request.seat.one(request.seat.sending_days().exclude(receipt=None), day)
    count, total = request.POST.get("schedine", ""), request.POST.get("total_days", "")
    if not is_count(count) or (total and not is_count(total)):
        messages.error(request, say("receipts.counts_wrong"))
        return redirect("receipts")
    try:
        type_counts(row, int(count), int(total) if total else None, at=office_now(), actor=str(request.seat.person.pk))
    except NoEvidence as refused:
        return _refused(request, refused)
    row.refresh_from_db(fields=["status"])
    messages.success(request, say(f"receipts.typed_{'agrees' if row.status == SendingDay.Status.AGREES else 'differs'}"))
    return redirect("receipts")


@require_POST
@door(do=MANAGER)
def explain(request: HttpRequest, day: UUID) -> HttpResponse:
    """What else was sent that day with these credentials: a manager's word, kept with its reason."""
    row: SendingDay = request.seat.one(request.seat.sending_days().exclude(receipt=None), day)
    foreign, reason = request.POST.get("foreign", "").strip(), request.POST.get("reason", "").strip()[:200]
    if not is_count(foreign) or not reason:
        messages.error(request, say("receipts.explain_wrong"))
        return redirect("receipts")
    try:
        explain_difference(row, foreign=int(foreign), reason=reason, at=office_now(), actor=str(request.seat.person.pk))
    except NoEvidence as refused:
        return _refused(request, refused)
    messages.success(request, say("receipts.explained"))
    return redirect("receipts")


def _refused(request: HttpRequest, refused: NoEvidence) -> HttpResponse:
    messages.error(request, f"{refused.problem.message(language())} {refused.problem.hint(language())}")
    return redirect("receipts")
