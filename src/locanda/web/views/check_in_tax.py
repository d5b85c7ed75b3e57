"""The tax that a party will owe, beside the check-in sheet: asked while one types, answered without storing anything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from locanda.core.problems import Problem
from locanda.law.tourist_tax import Reason
from locanda.office.tables import in_force
from locanda.office.tax.preview import TaxPreview, preview
from locanda.web import check_in_form as sheets
from locanda.web.duty_look import euro
from locanda.web.gate import FRONT_DESK, door
from locanda.web.views.check_in import property_and_unit
from locanda.web.words import language, say

__all__ = ["check_in_tax"]

_DATES = ("arrival", "departure", "nights")
_SURE = frozenset({"", "law", "official"})


@require_POST
@door(see=FRONT_DESK)
def check_in_tax(request: HttpRequest) -> HttpResponse:
    """The line for the sheet as it stands; empty while there is nothing to say."""
    typed = sheets.typed(request.POST)
    property, unit = property_and_unit(request.seat, typed.stay["place"])
    if property is None or not (typed.stay["nights"] or typed.stay["departure_day"]):
        return HttpResponse("")
    if typed.stay["kind"] == "alone":
        typed = typed._replace(guests=[one for one in typed.guests if any(one.values())] or typed.guests[:1])
    shape, problems = sheets.shape_of(typed, lambda: in_force().places)
    if unit is not None:
        shape["units"] = [unit.name]
    unread = [one for one in problems if one.where in _DATES or one.where.endswith(".birth_date")]
    seen = {"missing": [one.message(language()) for one in unread]} if unread else _seen(preview(property, shape))
    return render(request, "web/tax/preview.html", seen)


def _seen(found: TaxPreview) -> dict[str, object]:
    if found.total is None:
        told = [_births(found.births)] if found.births else []
        return {"missing": [*told, *(problem.message(language()) for problem in found.problems)]}
    count = say("stay_flows.one_guest") if found.guests == 1 else say("stay_flows.guests", n=found.guests)
    nights = say("tax_stay.night") if found.nights == 1 else say("tax_stay.nights", n=found.nights)
    return {
        "total": euro(found.total), "parts": "; ".join([f"{count}, {nights}", *(_free(*one) for one in found.free)]),
        "papers": found.papers, "notes": [_note(note) for note in found.notes], "alone": found.alone,
        "unsure": found.status not in _SURE,
    }  # fmt: skip


def _births(count: int) -> str:
    return say("tax_preview.birth_one") if count == 1 else say("tax_preview.births", n=count)


def _free(count: int, why: Reason) -> str:
    """``1 esente (minore)``; other reasons in the words of the law."""
    if why.key == "night.exempt":
        said = why.text(language()).partition(": ")[2].rstrip(".")
        return say("tax_preview.exempt_one", who=said) if count == 1 else say("tax_preview.exempt", n=count, who=said)
    return why.text(language()).rstrip(".")


def _note(note: Problem) -> str:
    return note.message(language())
