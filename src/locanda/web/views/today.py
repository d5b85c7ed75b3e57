"""The day: what calls for a hand first, then every party with its clock, its state and the next thing to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from locanda.archive.models import Alarm, Delivery, Installation
from locanda.core.time import ROME
from locanda.law.periods import period_of
from locanda.office import today as office
from locanda.office.accounts import is_new
from locanda.office.clock import now as office_now
from locanda.office.follow_ups import BLOCKED
from locanda.office.invitations import waiting_for
from locanda.web import time_words
from locanda.web.card_look import seen
from locanda.web.gate import Seat, door
from locanda.web.words import catalogue, say

__all__ = ["alarms_of", "cards", "today"]

_WATCHED = (office.CardState.GOING, office.CardState.RETRYING)


class AlarmSeen(NamedTuple):
    """An alarm in words, with where to go."""

    title: str
    text: str
    since: datetime
    link: str
    action: str


def today(request: HttpRequest) -> HttpResponse:
    """The first page. On a new installation it leads to the first steps."""
    if not request.user.is_authenticated and is_new():
        return redirect("first_owner")
    return _today(request)


@door()
def _today(request: HttpRequest) -> HttpResponse:
    return render(request, "web/today.html", _context(request))


@door()
def cards(request: HttpRequest) -> HttpResponse:
    """The list alone, as the page asks for it while something is going."""
    if not request.htmx:
        return redirect("today")
    return render(request, "web/cards.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    seat: Seat = request.seat
    now = office_now()
    properties = list(seat.properties())
    waiting, recent = office.cards(seat.account, now=now, properties=None if seat.only is None else properties)
    return {
        "now": now,
        "waiting": [seen(card) for card in waiting],
        "recent": [seen(card) for card in recent],
        "alarms": alarms_of(seat, now),
        "going": any(card.state in _WATCHED for card in waiting),
        "asleep": bool(waiting) and not office.engine_is_awake(now),
        "has_property": bool(properties),
        "invitations": waiting_for(seat.person),
        "started": Installation.current() is not None,
    }


# --------------------------------------------------------------------------------------------------------------- alarms


def alarms_of(seat: Seat, now: datetime) -> list[AlarmSeen]:
    """The open alarms that this person may see, in words."""
    return [_alarm(alarm, now, seat) for alarm in office.open_alarms(seat.account) if seat.sees(alarm)]


def _alarm(alarm: Alarm, now: datetime, seat: Seat) -> AlarmSeen:
    key = f"alarm.{alarm.kind}" if f"alarm.{alarm.kind}.title" in catalogue("it") else "alarm.other"
    facts = {name: _fact(value, now) for name, value in alarm.facts.items()}
    facts = {"property": "–", "credential": "–", "day": "–", "arrival": "–", "due": "–", "sent": "–", "schedine": "–",
             "expected": "–", "guests": "–", "who": "–", "error": "–", "first": "–", "last": "–", "refused": "–", "count": "–",
             **facts}  # fmt: skip
    link = _link(alarm, seat)
    action = f"{key}.action"
    return AlarmSeen(
        say(f"{key}.title", **facts), say(f"{key}.text", **facts), alarm.raised_at, link,
        say(action) if link and action in catalogue("it") else say("alarm.open"),
    )  # fmt: skip


def _fact(value: object, now: datetime) -> str:
    """Days and instants as they are said."""
    text = str(value)
    try:
        if len(text) == 10:
            return time_words.day_words(date.fromisoformat(text), now.astimezone(ROME).date())
        if "T" in text:
            return time_words.moment(datetime.fromisoformat(text), now)
    except ValueError:
        pass
    return text


def _link(alarm: Alarm, seat: Seat) -> str:
    kind, _, key = alarm.subject.partition(":")
    if kind == "segment":
        return reverse("complete" if alarm.kind == BLOCKED and seat.may_send else "segment", args=[key])
    if kind == "delivery":
        segment = Delivery.objects.of(seat.account).filter(pk=key).values_list("segment", flat=True).first()
        if segment is None:
            return ""
        page = {"rows_refused": "correct", "portal_down": "by_hand", "window_closed": "by_hand"}.get(alarm.kind, "segment")
        return reverse(page if seat.may_send else "segment", args=[segment])
    if kind == "credential" and seat.may_manage:
        return reverse("credential", args=[key])
    if kind == "flow_credential" and seat.may_manage:
        return reverse("flow_credential", args=[key])
    if kind == "flow_sending":
        return reverse("flow_sending", args=[key])
    if kind == "flows":  # of a property, whose month is that of the first day it is about
        return reverse("flows_month", args=[key[:36], period_of("month", date.fromisoformat(alarm.facts["first"]))])
    if kind in ("mail", "person"):
        return reverse("people" if kind == "person" and seat.may_own else "feeds")
    return reverse("receipts") if kind == "sending_day" else ""
