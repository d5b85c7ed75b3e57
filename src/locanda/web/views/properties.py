"""Properties and their units."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from locanda.archive.models import Apartment, Operator, PoliceCredential, Property, Unit
from locanda.core.time import rome_day
from locanda.law.tourist_tax import facts_asked
from locanda.law.tourist_tax.asked import OF_PROPERTIES
from locanda.office import accounts
from locanda.office.clock import now as office_now
from locanda.office.tax.rules import TaxRules, reckon_again
from locanda.office.upkeep import change_property, close_property, reopen_property
from locanda.web.forms import PropertyEditForm, UnitForm
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.stay_tax_forms import PropertyTaxForm
from locanda.web.words import say

__all__ = ["add_unit", "change_unit", "close", "new", "property", "property_tax", "reopen"]


def _flats(seat: Seat, credential: PoliceCredential | None) -> list[Apartment]:
    if credential is None or credential.category != PoliceCredential.Category.APARTMENTS:
        return []
    return list(Apartment.objects.of(seat.account).filter(credential=credential, active=True))


@require_http_methods(["GET", "POST"])
@door(see=MANAGER, do=MANAGER)
def new(request: HttpRequest) -> HttpResponse:
    """A further property."""
    return _page(request, None)


@require_http_methods(["GET", "POST"])
@door(see=MANAGER, do=MANAGER)
def property(request: HttpRequest, property: UUID) -> HttpResponse:
    """A property, and its units."""
    return _page(request, request.seat.one(request.seat.properties(), property))


def _page(
    request: HttpRequest, row: Property | None, *, tax: PropertyTaxForm | None = None, unit: UnitForm | None = None
) -> HttpResponse:
    """The property and what goes with it; of its forms the one that was sent with something wrong holds what was typed."""
    seat: Seat = request.seat
    sent = request.method == "POST" and tax is None and unit is None
    if row is None and not seat.sees_all:
        raise PermissionDenied  # who is kept to some properties gets no other by themselves
    credentials = list(seat.credentials())
    flats = _flats(seat, row.credential if row else None)
    initial: dict[str, Any] = PropertyEditForm.initial_of(row) if row else {"business": ""}
    form = PropertyEditForm(
        request.POST if sent else None, initial=initial, credentials=credentials, flats=flats, guard=initial if row else None
    )  # fmt: skip
    if sent and form.is_valid() and not (row is None and _is_there(seat, form) and form.asks_again()):
        told = dict(form.cleaned_data)
        told["credential"] = next((one for one in credentials if str(one.pk) == told["credential"]), None)
        if row is None:
            saved = accounts.add_property(seat.account, told, now=office_now(), by=seat.person)
        else:
            if "apartment" not in told and told["credential"] != row.credential:
                told["apartment"] = None  # a flat of other credentials means nothing here
            change_property(row, told, now=office_now(), by=seat.person)
            reckon_again(row)
            saved = row
        messages.success(request, say("form.saved"))
        for words in form.warnings:
            messages.warning(request, words)
        return redirect("property_duties" if row is None else "property", property=saved.pk)
    wrong = unit.prefix if unit is not None else ""
    units = [
        (one, unit if wrong == str(one.pk) else _unit_form(one, flats)) for one in (row.units.all() if row else ())
    ]  # fmt: skip
    fresh = (unit if wrong == "new" else UnitForm(flats=flats, prefix="new")) if row else None
    context = {"form": form, "property": row, "units": units, "unit_form": fresh,
               "tax_form": (tax or _tax_form(seat, row)) if row else None}  # fmt: skip
    return render(request, "web/property.html", context, status=422 if form.errors or tax or unit else 200)


def _is_there(seat: Seat, form: PropertyEditForm) -> bool:
    told = form.cleaned_data
    kept: bool = seat.properties().filter(name=told["name"], comune=told["comune"], closed_at=None).exists()
    return kept


def _unit_form(unit: Unit, flats: list[Apartment], data: Any = None) -> UnitForm:
    initial = {"name": unit.name, "apartment": "" if unit.apartment is None else str(unit.apartment)}
    return UnitForm(data, initial=initial, flats=flats, prefix=str(unit.pk), guard=initial)


def _tax_form(seat: Seat, row: Property, data: Any = None) -> PropertyTaxForm:
    """What the rule of the comune reads from today on."""
    rule, today = TaxRules(seat.account).of(row), rome_day(office_now())
    asked = facts_asked(rule.tax, today, date.max) if rule is not None else None
    initial = {name: getattr(row, name) for name in OF_PROPERTIES} | {"operator": str(row.operator_id or "")}
    return PropertyTaxForm(
        data, initial=initial, asked=asked.property if asked else frozenset(), words=asked.words_of if asked else None,
        operators=list(Operator.objects.of(seat.account)), prefix="tax", guard=initial,
    )  # fmt: skip


@require_POST
@door(do=MANAGER)
def property_tax(request: HttpRequest, property: UUID) -> HttpResponse:
    """What decides the tax of a property, and who answers for it."""
    seat: Seat = request.seat
    row = seat.one(seat.properties(), property)
    form = _tax_form(seat, row, request.POST)
    if not form.is_valid():
        return _page(request, row, tax=form)
    told = dict(form.cleaned_data)
    told["operator"] = Operator.objects.of(seat.account).filter(pk=told["operator"]).first() if told["operator"] else None
    change_property(row, told, now=office_now(), by=seat.person)
    reckon_again(row)
    messages.success(request, say("form.saved"))
    return redirect("property", property=row.pk)


@require_POST
@door(do=MANAGER)
def close(request: HttpRequest, property: UUID) -> HttpResponse:
    """It takes guests no longer; refused while a schedina is open."""
    row = request.seat.one(request.seat.properties(), property)
    if still_open := close_property(row, now=office_now(), by=request.seat.person):
        messages.error(request, say("property_form.still_open", n=still_open))
    else:
        messages.success(request, say("property_form.closed"))
    return redirect("property", property=row.pk)


@require_POST
@door(do=MANAGER)
def reopen(request: HttpRequest, property: UUID) -> HttpResponse:
    """It takes guests again."""
    row = request.seat.one(request.seat.properties(), property)
    reopen_property(row, now=office_now(), by=request.seat.person)
    messages.success(request, say("property_form.reopened"))
    return redirect("property", property=row.pk)


@require_POST
@door(do=MANAGER)
def add_unit(request: HttpRequest, property: UUID) -> HttpResponse:
    """A further room, flat or pitch."""
    seat: Seat = request.seat
    row = seat.one(seat.properties(), property)
    form = UnitForm(request.POST, flats=_flats(seat, row.credential), prefix="new")
    if form.is_valid() and row.units.filter(name=form.cleaned_data["name"]).exists():
        form.add_error("name", say("property_form.unit_twice", name=form.cleaned_data["name"]))
    if not form.is_valid():
        return _page(request, row, unit=form)
    accounts.add_unit(row, form.cleaned_data["name"], apartment=form.cleaned_data.get("apartment"))
    messages.success(request, say("form.saved"))
    return redirect("property", property=row.pk)


@require_POST
@door(do=MANAGER)
def change_unit(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Its name, and its flat at the portal."""
    seat: Seat = request.seat
    mine = Unit.objects.of(seat.account).filter(property__in=seat.properties())
    row = seat.one(mine.select_related("property__credential", "property__account"), unit)
    form = _unit_form(row, _flats(seat, row.property.credential), request.POST)
    others = Unit.objects.of(seat.account).filter(property=row.property_id).exclude(pk=row.pk)
    if form.is_valid() and others.filter(name=form.cleaned_data["name"]).exists():
        form.add_error("name", say("property_form.unit_twice", name=form.cleaned_data["name"]))
    if not form.is_valid():
        return _page(request, row.property, unit=form)
    row.name = form.cleaned_data["name"]
    if "apartment" in form.cleaned_data:
        row.apartment = form.cleaned_data["apartment"]
    row.save(update_fields=["name", "apartment"])
    messages.success(request, say("form.saved"))
    return redirect("property", property=row.property_id)
