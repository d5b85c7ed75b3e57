"""Secret addresses of the calendar feed: made, shown, revoked; and the feed itself, the one page that asks for no login."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locanda.archive.models import FeedAddress
from locanda.office import feeds as office
from locanda.office import reminders
from locanda.office.clock import now as office_now
from locanda.web.files import file_answer
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.time_words import moment
from locanda.web.words import say

__all__ = ["feed", "feeds", "renew", "revoke"]


class FeedSeen(NamedTuple):
    """An address with its links; the secret is shown to whoever may make one."""

    row: FeedAddress
    address: str
    webcal: str
    when: str


def _mine(seat: Seat) -> Any:
    """What this person may see: all of the account's, or those of their own properties."""
    rows = FeedAddress.objects.of(seat.account).filter(revoked_at=None).select_related("account", "property", "created_by")
    return rows if seat.only is None else rows.filter(property__in=seat.only)


@require_http_methods(["GET", "HEAD", "POST"])
@door(do=MANAGER)
def feeds(request: HttpRequest) -> HttpResponse:
    """Addresses, and how to use them."""
    seat: Seat = request.seat
    now = office_now()
    properties = list(seat.properties().filter(closed_at=None))
    if request.method == "POST":
        chosen = next((one for one in properties if str(one.pk) == request.POST.get("property")), None)
        if chosen is None and (seat.only is not None or request.POST.get("property")):
            raise Http404
        office.new_address(seat.account, chosen, now=now, person=seat.person)
        messages.success(request, say("feeds.made"))
        return redirect("feeds")
    found = [_seen(request, row, now) for row in _mine(seat)]
    context = {"feeds": found, "properties": properties, "mail": reminders.configured()}
    return render(request, "web/calendar/feeds.html", context)


def _seen(request: HttpRequest, row: FeedAddress, now: Any) -> FeedSeen:
    if not request.seat.may_manage:
        return FeedSeen(row, "", "", moment(row.created_at, now))
    address = _whole(request, reverse("feed", args=[office.secret_of(row)]))
    return FeedSeen(row, address, "webcal" + address[address.index(":") :], moment(row.created_at, now))


def _whole(request: HttpRequest, page: str) -> str:
    """The address of a page as others open it: as the operator said, else as this request came."""
    where: str = settings.LOCANDA_ADDRESS
    return where + page if where else request.build_absolute_uri(page)


@require_POST
@door(do=MANAGER)
def revoke(request: HttpRequest, feed: UUID) -> HttpResponse:
    """It opens nothing from now on."""
    row: FeedAddress = request.seat.one(_mine(request.seat), feed)
    office.revoke(row, now=office_now(), person=request.seat.person)
    messages.success(request, say("feeds.revoked"))
    return redirect("feeds")


@require_POST
@door(do=MANAGER)
def renew(request: HttpRequest, feed: UUID) -> HttpResponse:
    """Another secret in its place: the old one answers no more."""
    row: FeedAddress = request.seat.one(_mine(request.seat), feed)
    office.renew(row, now=office_now(), person=request.seat.person)
    messages.success(request, say("feeds.renewed"))
    return redirect("feeds")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar itself: whoever has the address reads duties and names of properties, never guests."""

    def link(line: Sequence[Any]) -> str:
        first = line[0]
        if len(line) > 1:
            return _whole(request, f"{reverse('calendar')}?conto={first.property.account_id}")
        return _whole(request, reverse("duty", args=[first.property.pk, first.obligation, first.subject]))

    found = office.feed_for(secret, office_now(), link=link)
    if found is None:
        raise Http404
    tag = f'"{found.tag}"'
    # programs ask every hour, and nearly always nothing has changed: then the text is not even written
    answer = get_conditional_response(request, etag=tag) or file_answer(
        found.content(), "locanda.ics", "text/calendar; charset=utf-8"
    )
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    answer["Cache-Control"] = "private, no-cache"  # kept by the calendar program alone, and asked for again each time
    answer["ETag"] = tag
    return answer
