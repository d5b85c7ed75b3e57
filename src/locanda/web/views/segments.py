"""One party's schedine: their terms, every delivery with the outcome of each row, the raw calls, the history; and sending."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from locanda.archive.models import Delivery, Event, Person
from locanda.core.time import rome_day
from locanda.delivery.machine import IllegalStep, State
from locanda.delivery.record import NoEvidence
from locanda.office import correcting, sending
from locanda.office.clock import now as office_now
from locanda.office.engine import engine
from locanda.office.today import Card, RowSeen, WireSeen, rows_of, segment_card, wire_of
from locanda.web.card_look import seen, spelled
from locanda.web.digits import is_count
from locanda.web.gate import Seat, door
from locanda.web.words import catalogue, language, say

__all__ = ["REFUSED", "card_at", "delivery_at", "doubt", "may_go_by_hand", "segment", "send", "send_again"]


REFUSED = (State.REJECTED, State.PARTLY_ACCEPTED)


class DeliverySeen(NamedTuple):
    """A delivery with everything that is known of it."""

    delivery: Delivery
    rows: list[RowSeen]
    wire: list[WireSeen]


class EventSeen(NamedTuple):
    """A line of the history."""

    at: object
    text: str
    who: str


def card_at(seat: Seat, key: UUID) -> Card:
    """The card of a segment that this person may see."""
    row = seat.one(seat.segments(), key)
    return segment_card(seat.account, row.pk, now=office_now())


def delivery_at(seat: Seat, key: UUID) -> Delivery:
    """The newest delivery of a segment, with its links; 404 while there is none."""
    card = card_at(seat, key)
    found: Delivery = seat.one(seat.deliveries(), card.delivery.pk if card.delivery else None)
    return found


def may_go_by_hand(delivery: Delivery) -> bool:
    """Whether a person may take it in hand, or has: what the portal refused too, until it is corrected or erased."""
    if State(delivery.state) in REFUSED:
        return delivery.party.wrapped_key is not None and not delivery.corrections.exists()
    return State(delivery.state) in (State.READY, State.POSTPONED, State.IN_DOUBT, State.BY_HAND)


def _too_soon(delivery: Delivery | None) -> str:
    """Until when the portal may still store what it was sent; empty once its list can be trusted."""
    problem = sending.missing_is_no_proof(delivery, office_now()) if delivery is not None else None
    return dict(problem.facts)["until"] if problem is not None and problem.code == "doubt.too_soon" else ""


def _receipt_day(delivery: Delivery | None) -> date | None:
    """The day on which the portal makes the receipt: the day after the sending (Alloggiati Web manual p. 9)."""
    if delivery is None or delivery.sent_at is None:
        return None
    return rome_day(delivery.sent_at) + timedelta(days=1)


@door()
def segment(request: HttpRequest, segment: UUID) -> HttpResponse:
    """Everything about the schedine of one party."""
    seat: Seat = request.seat
    card = card_at(seat, segment)
    mine = seat.deliveries().filter(segment=card.segment.pk).order_by("-created_at")
    deliveries = [DeliverySeen(one, rows_of(one), wire_of(one)) for one in mine]
    context: dict[str, Any] = {
        "look": seen(card), "card": card, "deliveries": deliveries, "stay": card.segment.party.stay,
        "notes": spelled(card.delivery) if card.delivery else [], "history": history(seat, card), "now": office_now(),
        "list_gone": card.delivery is not None and sending.list_is_gone(card.delivery, office_now()),
        "too_soon": _too_soon(card.delivery),
        "receipt_day": _receipt_day(card.delivery),
        "correctable": card.delivery is not None and correcting.correctable(card.delivery),
        "to_hand": card.delivery is not None and may_go_by_hand(card.delivery),
        "refused": card.delivery is not None and State(card.delivery.state) in REFUSED,
    }  # fmt: skip
    return render(request, "web/segment.html", context)


def history(seat: Seat, card: Card) -> list[EventSeen]:
    """What happened, from the account's chain of events."""
    about = {f"segment:{card.segment.pk}", f"stay:{card.segment.party.stay_id}", f"party:{card.segment.party_id}"}
    about |= {f"delivery:{one.pk}" for one in card.segment.deliveries.all()}
    events = list(Event.objects.of(seat.account).filter(Q(subject__in=about)).order_by("number"))
    people = {str(one.pk): str(one) for one in Person.objects.filter(pk__in=[e.actor for e in events if len(e.actor) == 36])}
    found = []
    for event in events:
        key = f"event.{event.kind}"
        text = say(key) if key in catalogue(language()) else say("event.other", kind=event.kind)
        found.append(EventSeen(event.at, text, people.get(event.actor, say("event.by_engine"))))
    return found


@require_POST
@door()
def send(request: HttpRequest, segment: UUID) -> HttpResponse:
    """Send in one tap."""
    delivery = delivery_at(request.seat, segment)
    if sending.send_now(delivery, now=office_now(), person=request.seat.person):
        engine().wake()
        messages.success(request, say("segment_page.sending"))
    else:
        messages.error(request, say("segment_page.not_sendable"))
    return redirect(_back(request) or "segment", **({} if _back(request) else {"segment": segment}))


def _back(request: HttpRequest) -> str | None:
    return "today" if request.POST.get("back") == "today" else None


@require_POST
@door()
def send_again(request: HttpRequest, segment: UUID) -> HttpResponse:
    """The same once more, for what is proved not to have been received."""
    delivery = delivery_at(request.seat, segment)
    outcome = correcting.send_again(delivery, now=office_now(), person=request.seat.person)
    if outcome.delivery is None:
        for problem in outcome.problems:
            messages.error(request, f"{problem.message(language())} {problem.hint(language())}")
    else:
        engine().wake()
        messages.success(request, say("segment_page.sending"))
    return redirect("segment", segment=segment)


@require_POST
@door()
def doubt(request: HttpRequest, segment: UUID) -> HttpResponse:
    """What the operator saw in the portal's list of the day."""
    delivery = delivery_at(request.seat, segment)
    answer = request.POST.get("found", "")
    rows = [int(text) for text in request.POST.getlist("row") if is_count(text) and int(text) < delivery.row_count]
    if answer not in ("all", "none", "some") or (answer == "some" and not rows):
        messages.error(request, say("doubt.answer_missing"))
        return redirect("segment", segment=segment)
    try:
        sending.resolve_doubt(
            delivery, found=rows if answer == "some" else answer, note="", now=office_now(), person=request.seat.person
        )
        messages.success(request, say("doubt.thanks"))
    except NoEvidence as nothing:
        messages.error(request, f"{nothing.problem.message(language())} {nothing.problem.hint(language())}")
    except IllegalStep:
        messages.error(request, say("segment_page.changed"))
    return redirect("segment", segment=segment)
