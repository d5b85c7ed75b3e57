"""One's own page: name, language, reminders, password, second factor; and which account one works in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import activate
from django.views.decorators.http import require_http_methods, require_POST

from locanda.archive.models import Membership
from locanda.office import reminders
from locanda.office.clock import now as office_now
from locanda.office.invitations import waiting_for
from locanda.office.upkeep import enter
from locanda.web.forms import MeForm
from locanda.web.gate import READER, door, other_accounts
from locanda.web.words import LANGUAGES, say

__all__ = ["language", "lost_password", "me", "switch"]


@require_http_methods(["GET", "POST"])
@door(do=READER)
def me(request: HttpRequest) -> HttpResponse:
    """What is one's own."""
    person = request.seat.person
    initial = MeForm.initial_of(person)
    form = MeForm(
        request.POST or None, initial=initial, reminded=reminders.gets_reminders(person), mail=reminders.configured(),
        guard=initial,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        person.first_name, person.last_name = form.cleaned_data["full_name"], ""
        person.language = form.cleaned_data["language"]
        person.save(update_fields=["first_name", "last_name", "language"])
        if "reminders" in form.cleaned_data:
            reminders.choose(person, form.cleaned_data["reminders"], now=office_now())
        activate(person.language)
        messages.success(request, say("form.saved"))
        return redirect("me")
    accounts = other_accounts(person)
    context = {"form": form, "accounts": accounts if len(accounts) > 1 else [], "invitations": waiting_for(person)}
    return render(request, "web/me.html", context, status=422 if form.errors else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language: of the person, or of this browser while nobody is logged in."""
    chosen = request.POST.get("language", "")
    answer = redirect(_next(request))
    if chosen in LANGUAGES:
        if request.user.is_authenticated:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 24 * 3600, samesite="Lax", httponly=True,
                          secure=settings.SESSION_COOKIE_SECURE)  # fmt: skip
    return answer


@require_POST
@door(do=READER)
def switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's accounts, and go on where one came from."""
    member = next(
        (
            one
            for one in Membership.everywhere.filter(person=request.user).select_related("account")
            if str(one.account_id) == request.POST.get("account")
        ),
        None,
    )
    if member is not None:
        request.session["account"] = str(member.account_id)
        enter(member, now=office_now())
    return redirect(_next(request))


def _next(request: HttpRequest) -> str:
    """The page to go on with; the first one unless it is a page of ours."""
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return there if safe else "/"


def lost_password(request: HttpRequest) -> HttpResponse:
    """Nothing is sent by mail: the owner gives a new one, or whoever keeps the computer does."""
    return render(request, "web/lost_password.html")
