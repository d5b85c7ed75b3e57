"""The first steps on a new installation: the owner, the property, the police credentials. Each step is kept as it is done, so
that one can go back, stop, and lose nothing. The first page is open only while nobody has an account."""

from __future__ import annotations

from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from locanda.archive.models import Person, Property
from locanda.office import accounts
from locanda.office.clock import now as office_now
from locanda.office.upkeep import change_property
from locanda.web.forms import OwnerForm, PropertyForm
from locanda.web.gate import MANAGER, Seat, door, seat_of
from locanda.web.views.credentials import asked
from locanda.web.words import language, say

__all__ = ["done", "owner", "police", "property"]

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest) -> HttpResponse:
    """Who answers for the account. Once there is one, their own page is where this is changed."""
    form = OwnerForm(request.POST or None)
    if not accounts.is_new():
        return _is_open(request, form)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if Person.objects.filter(email=told["email"].lower()).exists():  # known here already: never let in without a password
            form.add_error("email", say("first.email_taken"))
        else:
            try:
                member = accounts.open_account(
                    told["full_name"], email=told["email"], password=told["password"], full_name=told["full_name"],
                    now=office_now(), language=language(), first=True,
                )  # fmt: skip
            except (accounts.NotTheFirst, IntegrityError):  # in this very moment
                return _is_open(request, form)
            login(request, member.person, backend=_BACKEND)
            return redirect("first_property")
    return render(request, "web/first_owner.html", {"form": form, "step": 1}, status=422 if form.errors else 200)


def _is_open(request: HttpRequest, form: OwnerForm) -> HttpResponse:
    """There is an account: who opened it a moment ago, with this very form, goes on from there."""
    if request.user.is_authenticated and seat_of(request) is not None:
        return redirect("me")
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        member = accounts.opened_just_now(told["email"], told["password"], now=office_now())
        if member is not None:
            login(request, member.person, backend=_BACKEND)
            return redirect("first_property")
    return redirect("today")


def _first_property(seat: Seat) -> Property | None:
    """The oldest of those that this person works for."""
    found: Property | None = seat.properties().order_by("created_at").first()
    return found


@require_http_methods(["GET", "POST"])
@door(see=MANAGER, do=MANAGER)
def property(request: HttpRequest) -> HttpResponse:
    """What is let, and where."""
    seat: Seat = request.seat
    row = _first_property(seat)
    initial = PropertyForm.initial_of(row) if row else {}
    form = PropertyForm(request.POST or None, initial=initial, guard=initial if row else None)
    if request.method == "POST" and form.is_valid():
        if row is None and not seat.sees_all:
            raise PermissionDenied
        if row is None:
            row = accounts.add_property(seat.account, form.cleaned_data, now=office_now(), by=seat.person)
        else:
            change_property(row, form.cleaned_data, now=office_now(), by=seat.person)
        return redirect(reverse("property_duties", args=[row.pk]) + "?primi-passi")  # what it all means, at once
    return render(request, "web/first_property.html", {"form": form, "step": 2}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door(see=MANAGER, do=MANAGER)
def police(request: HttpRequest) -> HttpResponse:
    """The credentials of Alloggiati Web: active, asked for, or none yet. Active ones are tried at once, with harmless calls."""
    seat: Seat = request.seat
    row = _first_property(seat)
    if row is None:
        return redirect("first_property")
    form, saved = asked(request, row.credential, label=row.name)
    if saved is not None:
        change_property(row, {"credential": saved}, now=office_now(), by=seat.person)
        return redirect("first_done")
    context = {"form": form, "step": 3, "property": row}
    return render(request, "web/first_police.html", context, status=422 if form.errors else 200)


@door(see=MANAGER)
def done(request: HttpRequest) -> HttpResponse:
    """What came of it, and what to do now."""
    row = _first_property(request.seat)
    if row is None:
        return redirect("first_property")
    return render(request, "web/first_done.html", {"property": row, "credential": row.credential, "step": 4})
