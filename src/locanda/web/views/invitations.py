"""Invitations as the person sees them who is asked: to work in one more account, by their own will.

They are for whoever is logged in, also with no account at all; only one's own are ever found.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from locanda.office import invitations as office
from locanda.office.clock import now as office_now
from locanda.web.words import say

__all__ = ["answer", "invitations"]


@require_safe
@login_required
def invitations(request: HttpRequest) -> HttpResponse:
    """Who asks, for what."""
    return render(request, "web/invitations.html", {"invitations": office.waiting_for(request.user)})  # type: ignore[arg-type]


@require_POST
@login_required
def answer(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """Yes leads into that account, no leaves everything as it is."""
    mine = office.waiting_for(request.user)  # type: ignore[arg-type]
    row = next((one for one in mine if one.pk == invitation), None)
    if row is None:
        raise Http404
    if request.POST.get("answer") == "yes":
        member = office.accept(row, now=office_now())
        if member is not None:
            request.session["account"] = str(member.account_id)
            messages.success(request, say("invited.accepted", name=row.account.name))
            return redirect("today")
    elif office.decline(row, now=office_now()):
        messages.success(request, say("invited.declined"))
    return redirect("invitations")
