"""When the portal does not take it from here: the file for its page «File», the sheet for typing, the substitute communication.

Spec alloggiati-web 1.7 and 5. What is taken in hand is never sent from here any more.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locanda.archive.models import Delivery
from locanda.core.time import rome_day
from locanda.delivery.machine import IllegalStep, State
from locanda.office import sending
from locanda.office.clock import now as office_now
from locanda.office.tables import InForce, in_force
from locanda.office.today import rows_of
from locanda.portals.alloggiati import record
from locanda.portals.alloggiati.fields import ROLE_CODES
from locanda.web.files import file_answer
from locanda.web.gate import FRONT_DESK, door
from locanda.web.views.segments import card_at, delivery_at, may_go_by_hand
from locanda.web.words import say

__all__ = ["by_hand", "confirm", "file"]


class Line(NamedTuple):
    """A field of the portal's on-line form and what to type in it."""

    label: str
    value: str


@require_http_methods(["GET", "POST"])
@door(see=FRONT_DESK)
def by_hand(request: HttpRequest, segment: UUID) -> HttpResponse:
    """GET: what to do by hand. POST: take it in hand, so that it is not sent from here too."""
    seat = request.seat
    delivery = delivery_at(seat, segment)
    if request.method == "POST":
        try:
            sending.by_hand(delivery, now=office_now(), person=seat.person)
        except IllegalStep:
            messages.error(request, say("segment_page.changed"))
            return redirect("segment", segment=segment)
        return redirect("by_hand", segment=segment)
    taken = State(delivery.state) is State.BY_HAND
    context: dict[str, Any] = {
        "card": card_at(seat, segment),
        "delivery": delivery,
        "taken": taken,
        "may_take": not taken and may_go_by_hand(delivery),
        "partly": State(delivery.state) is State.PARTLY_ACCEPTED,
        "list_gone": sending.list_is_gone(delivery, office_now()),
        "in_doubt": State(delivery.state) is State.IN_DOUBT or (taken and delivery.sent_at is not None),
        "closed": (rome_day(office_now()) - delivery.arrival_day).days > 1,
        "sheets": _sheets(delivery) if taken and delivery.party.wrapped_key is not None else [],
        "ways": [(way, say(f"way.{way}")) for way in sending.BY_HAND_WAYS],
        "flats": delivery.apartment is not None,
    }
    return render(request, "web/by_hand.html", context)


def _sheets(delivery: Delivery) -> list[list[Line]]:
    """Every guest in the order of the portal's on-line form (spec 5)."""
    tables = in_force()
    return [_sheet(record.read(row.text), tables) for row in rows_of(delivery)]


def _sheet(guest: record.Schedina, tables: InForce) -> list[Line]:
    lines = [Line("type", say(f"role.{guest.role.value}") + f" ({ROLE_CODES[guest.role]})")]
    if not guest.role.is_member:
        lines += [Line("arrival", record.date_text(guest.arrival)), Line("days", str(guest.days))]
    lines += [
        Line("citizenship", _place(guest.citizenship, tables)),
        Line("birth_place", _place(guest.birth_comune or guest.birth_state, tables)),
        Line("surname", guest.surname),
        Line("name", guest.name),
        Line("birth_date", record.date_text(guest.birth_date)),
        Line("sex", say(f"sex.{guest.sex.value}")),
    ]
    if not guest.role.is_member and guest.document_type:
        lines += [
            Line("issued_in", _place(guest.issued_in or "", tables)),
            Line("document", tables.documents.description(guest.document_type) or guest.document_type),
            Line("number", guest.document_number or ""),
        ]
    return [Line(say(f"form_of_portal.{line.label}"), line.value) for line in lines]


def _place(code: str, tables: InForce) -> str:
    found = tables.places.comune_row(code) or tables.places.state_row(code)
    return found.label if found is not None else code


@require_GET
@door(see=FRONT_DESK)
def file(request: HttpRequest, segment: UUID) -> HttpResponse:
    """The rows as a file for the portal's page «File»; only once it is taken in hand, lest it go twice."""
    delivery = delivery_at(request.seat, segment)
    if State(delivery.state) is not State.BY_HAND or delivery.party.wrapped_key is None:
        raise Http404
    name = f"schedine-{delivery.arrival_day:%Y%m%d}-{str(delivery.pk)[:8]}.txt"
    return file_answer(sending.file_for_upload(delivery), name, "text/plain; charset=utf-8")


@require_POST
@door()
def confirm(request: HttpRequest, segment: UUID) -> HttpResponse:
    """It is done: how, and where the proof is."""
    delivery = delivery_at(request.seat, segment)
    how, note = request.POST.get("how", ""), request.POST.get("note", "").strip()[:280]
    if how not in sending.BY_HAND_WAYS or (how != "typed" and not note):
        messages.error(request, say("hand.proof_missing"))
        return redirect("by_hand", segment=segment)
    try:
        sending.confirm_by_hand(delivery, how=how, note=note, now=office_now(), person=request.seat.person)
        messages.success(request, say("hand.done"))
    except IllegalStep:
        messages.error(request, say("segment_page.changed"))
    return redirect("segment", segment=segment)
