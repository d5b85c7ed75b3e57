"""The page of settings, the tables in force, and the history of the account with its chain."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from locanda.archive import chain
from locanda.archive.models import Event, TableVersion
from locanda.office.tables import in_force
from locanda.web.gate import MANAGER, Seat, door

__all__ = ["register", "settings", "tables"]

SHOWN = 40


@door()
def settings(request: HttpRequest) -> HttpResponse:
    """Where everything is set."""
    seat: Seat = request.seat
    context = {"properties": list(seat.properties()), "credentials": list(seat.credentials().order_by("label"))}
    return render(request, "web/settings.html", context)


@door()
def tables(request: HttpRequest) -> HttpResponse:
    """The code tables in force, and what changed with each version."""
    versions = TableVersion.objects.defer("text").order_by("-fetched_at", "-id")[:12]
    context = {"version": in_force().version, "versions": [(one, one.changes[:SHOWN], len(one.changes)) for one in versions]}
    return render(request, "web/tables.html", context)


@require_http_methods(["GET", "POST"])
@door(see=MANAGER, do=MANAGER)
def register(request: HttpRequest) -> HttpResponse:
    """The chain of events: how long it is, its head, and, when asked, whether every link holds."""
    account = request.seat.account
    broken = list(chain.verify(account)) if request.method == "POST" else None
    events = Event.objects.of(account).order_by("-number")[:SHOWN]
    return render(request, "web/register.html", {"account": account, "broken": broken, "events": events})
