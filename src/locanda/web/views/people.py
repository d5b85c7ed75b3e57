"""Who may come in, and what they may do. Passwords are shown once, to pass on by hand; who works elsewhere is asked first."""

from __future__ import annotations

import hmac
import secrets
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from locanda.archive.models import Invitation, Membership
from locanda.office import invitations, upkeep
from locanda.office.clock import now as office_now
from locanda.office.upkeep import LastOwner
from locanda.web.forms import PersonForm
from locanda.web.gate import OWNER, Seat, door
from locanda.web.words import say

__all__ = ["new_password", "people", "remove", "withdraw"]

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def _password(request: HttpRequest, email: str) -> str:
    """Twelve letters in fours: easy to read aloud, 59 bits. The same form sent twice makes the same: what is shown holds."""
    form = request.POST.get("csrfmiddlewaretoken") or secrets.token_hex()
    told = hmac.digest(settings.KEYRING.derive("password for somebody"), f"{form} {email}".encode(), "sha256")
    number, letters = int.from_bytes(told), ""
    while len(letters) < 12:
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


@require_http_methods(["GET", "POST"])
@door(see=OWNER, do=OWNER)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who is let in; and one more, or another role."""
    seat: Seat = request.seat
    properties = list(seat.properties())
    form = PersonForm(request.POST or None, properties=properties)
    shown = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        email = told["email"].lower()
        password = _password(request, email)
        chosen = [one for one in properties if str(one.pk) in told.get("properties", ())]
        try:
            came = invitations.let_in(
                seat.account, email=email, full_name=told["full_name"], role=told["role"], properties=chosen, now=office_now(),
                by=seat.person, password=password,
            )  # fmt: skip
        except LastOwner:
            form.add_error("role", say("people.last_owner"))
        else:
            words = "people.invited" if came.invitation else "people.changed"
            fresh = came.fresh or (came.member is not None and came.member.person.check_password(password))
            shown = {"email": email, "password": password if fresh else "", "words": say(words)}
            form = PersonForm(properties=properties)
    return _page(request, form, shown)


def _page(request: HttpRequest, form: PersonForm, shown: dict[str, str] | None) -> HttpResponse:
    """Never by way of a redirect: a password that was made must not wait in a session."""
    account = request.seat.account
    rows = Membership.objects.of(account).select_related("person", "account").prefetch_related("properties")
    context = {
        "form": form, "shown": shown, "invitations": invitations.waiting(account),
        "members": [(row, upkeep.known_only_here(row), upkeep.name_is_known(row)) for row in rows.order_by("person__email")],
    }  # fmt: skip
    return render(request, "web/people.html", context, status=422 if form.errors else 200)


def _member(request: HttpRequest, key: UUID) -> Membership:
    rows = Membership.objects.of(request.seat.account).select_related("person", "account")
    found: Membership = request.seat.one(rows, key)
    return found


@require_POST
@door(do=OWNER)
def remove(request: HttpRequest, member: UUID) -> HttpResponse:
    """They no longer work here."""
    row = _member(request, member)
    try:
        revoked = upkeep.remove_person(row, now=office_now(), by=request.seat.person)
    except LastOwner:
        messages.error(request, say("people.last_owner"))
    else:
        messages.success(request, say("people.removed_feeds", n=revoked) if revoked else say("people.removed"))
    return redirect("people")


@require_POST
@door(do=OWNER)
def withdraw(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """They are asked no longer."""
    rows = Invitation.objects.of(request.seat.account).select_related("person", "account")
    invitations.withdraw(request.seat.one(rows, invitation), now=office_now(), by=request.seat.person)
    messages.success(request, say("people.uninvited"))
    return redirect("people")


@require_POST
@door(do=OWNER)
def new_password(request: HttpRequest, member: UUID) -> HttpResponse:
    """A new password for someone who forgot theirs."""
    row = _member(request, member)
    if not upkeep.known_only_here(row):
        messages.error(request, say("people.works_elsewhere"))
        return redirect("people")
    password = _password(request, row.person.email)
    if not row.person.check_password(password):
        upkeep.set_password(row, password, now=office_now(), by=request.seat.person)
    shown = {"email": row.person.email, "password": password, "words": ""}
    return _page(request, PersonForm(properties=list(request.seat.properties())), shown)
