"""Breaches that an office found at a property: recorded, followed to their end, put right, removed; and their history."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from locanda.archive.models import Breach, Person, Property
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.office import breaches as office
from locanda.office import overrides
from locanda.office.clock import now as office_now
from locanda.web.duty_forms import BreachForm
from locanda.web.duty_look import told_apart, two
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.time_words import long_day, moment
from locanda.web.views.property_facts import property_at
from locanda.web.words import language, say

__all__ = ["breach", "breaches", "remove"]

_FIELDS = ("sanction", "on", "enforceable_on", "settled_reduced", "suspended_on", "note")


class BreachSeen(NamedTuple):
    """A breach with the name of its sanction, how it stands, and whether it makes the next one dearer."""

    breach: Breach
    title: str
    lines: list[str]
    counts: bool


class ToldSeen(NamedTuple):
    """A line of history in words."""

    title: str
    what: str
    changes: list[str]
    who: str
    when: str


def _names(row: Property) -> dict[str, str]:
    """The sanctions that there are, and their names."""
    now = office_now()
    chain = overrides.rules_of(row, rome_day(now))
    return {one.id: two(one) for one in chain.sanctions(rome_day(now)) if one.nature != "accessory"} if chain else {}


def _choices(names: dict[str, str], *kept: str) -> list[tuple[str, str]]:
    """One that the packs no longer know stays choosable while it is written."""
    known = names | {ident: ident for ident in kept if ident not in names}
    return told_apart((ident, name, ident) for ident, name in known.items())


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def breaches(request: HttpRequest, property: UUID) -> HttpResponse:
    """All of them, and one more."""
    row = property_at(request, property)
    now, names = office_now(), _names(row)
    form = BreachForm(request.POST or None, sanctions=_choices(names))
    if request.method == "POST" and form.is_valid() and not (_is_there(row, form) and form.asks_again()):
        told = dict(form.cleaned_data)
        sanction, on = told.pop("sanction"), told.pop("on")
        _, problems = office.record(row, sanction, on, **told, now=now, person=request.seat.person)
        if not problems:
            messages.success(request, say("breach.recorded"))
            return redirect("breaches", property=row.pk)
        _say(form, problems)
    context = {
        "property": row, "form": form, "breaches": [_seen(one, names) for one in office.listed(row)],
        "history": _history(request.seat, row, names),
    }  # fmt: skip
    return render(request, "web/calendar/breaches.html", context, status=422 if form.errors else 200)


def _is_there(row: Property, form: BreachForm) -> bool:
    """Whether that breach of that day is written already: twice, it would count as repeated."""
    told = form.cleaned_data
    return any((one.sanction, one.on) == (told["sanction"], told["on"]) for one in office.listed(row))


def _breach(request: HttpRequest, key: UUID) -> Breach:
    seat: Seat = request.seat
    rows = Breach.objects.of(seat.account).filter(property__in=seat.properties()).select_related("property__account", "account")
    found: Breach = seat.one(rows, key)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def breach(request: HttpRequest, breach: UUID) -> HttpResponse:
    """How it went on, or what was written wrong."""
    row = _breach(request, breach)
    names = _names(row.property)
    initial = {name: getattr(row, name) for name in _FIELDS}
    form = BreachForm(request.POST or None, initial=initial, sanctions=_choices(names, row.sanction), guard=initial)
    if request.method == "POST" and form.is_valid():
        problems = office.change(row, now=office_now(), person=request.seat.person, **form.cleaned_data)
        if not problems:
            messages.success(request, say("breach.changed"))
            return redirect("breaches", property=row.property_id)
        _say(form, problems)
    context = {"property": row.property, "breach": row, "form": form, "title": names.get(row.sanction, row.sanction)}
    return render(request, "web/calendar/breach.html", context, status=422 if form.errors else 200)


@require_POST
@door(do=MANAGER)
def remove(request: HttpRequest, breach: UUID) -> HttpResponse:
    """Recorded by mistake, or annulled: it no longer counts, and history keeps that it was here."""
    row = _breach(request, breach)
    office.remove(row, now=office_now(), person=request.seat.person)
    messages.success(request, say("breach.removed"))
    return redirect("breaches", property=row.property_id)


def _say(form: BreachForm, problems: list[Problem]) -> None:
    for problem in problems:
        where = problem.where if problem.where in form.fields else None
        form.add_error(where, f"{problem.message(language())} {problem.hint(language())}")


def _seen(row: Breach, names: dict[str, str]) -> BreachSeen:
    days = (("breach_said.enforceable_on", row.enforceable_on), ("breach_said.suspended_on", row.suspended_on))
    lines = [f"{say(key)} {long_day(day)}" for key, day in days if day is not None]
    lines += [say("breach_said.settled_reduced")] if row.settled_reduced else []
    counts = row.enforceable_on is not None and row.enforceable_on <= rome_day(office_now()) and not row.settled_reduced
    return BreachSeen(row, names.get(row.sanction, row.sanction), lines, counts)


def _history(seat: Seat, row: Property, names: dict[str, str]) -> list[ToldSeen]:
    told = office.told(row)
    ids = {one.actor for one in told}
    people = {str(one.pk): str(one) for one in Person.objects.filter(memberships__account=seat.account) if str(one.pk) in ids}
    now = office_now()
    return [
        ToldSeen(
            f"{names.get(one.sanction, one.sanction)}, {_value(one.on)}", say(f"event.breach.{one.kind}"),
            [_change(name, pair) for name, pair in one.changes.items()], people.get(one.actor, "–"), moment(one.at, now),
        )
        for one in told
    ]  # fmt: skip


def _change(name: str, pair: Any) -> str:
    """``Definitiva dal: – → 1 settembre 2025``; of a note only that it changed."""
    label = say(f"breach.{name}").partition(" (")[0]
    return f"{label}: {' → '.join(_value(value) for value in pair)}" if pair else label


def _value(value: Any) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return say("breach.yes") if value else say("breach.no")
    if isinstance(value, date):
        return long_day(value)
    try:
        return long_day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)
