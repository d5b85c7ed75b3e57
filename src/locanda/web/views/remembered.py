"""Guests who agreed to be remembered: how many, and forgetting one who changed their mind (GDPR art. 7 par. 3).

The number of the document is typed and posted; it never stands in an address, and nobody can leaf through the guests.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from locanda.office import remembering
from locanda.office.clock import now as office_now
from locanda.web.gate import FRONT_DESK, Seat, door
from locanda.web.words import say

__all__ = ["remembered"]


@require_http_methods(["GET", "POST"])
@door(see=FRONT_DESK)
def remembered(request: HttpRequest) -> HttpResponse:
    """The count; looked up by a document, who it is and how consent was given; forgotten for good."""
    seat: Seat = request.seat
    number = request.POST.get("number", "").strip()[:60]
    context: dict[str, object] = {"count": remembering.remembered_count(seat.account), "number": number}
    if request.method == "POST":
        if request.POST.get("do") == "forget":
            if remembering.forget(seat.account, number, now=office_now(), person=seat.person):
                messages.success(request, say("remembered.gone"))
                return redirect("remembered")
        else:
            context["found"] = remembering.consent_of(seat.account, number) if number else None
        context["missing"] = context.get("found") is None
    return render(request, "web/remembered.html", context)
