"""The rules of the tax for a property: what holds today in words, versions and doubts; changed or written by the operator."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from locanda.archive.models import LocalTaxRule, Property
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.authorities import comune_code
from locanda.law.tourist_tax import OwnRule, notice, tax_under_own_rules
from locanda.law.tourist_tax.notice import NoticeLine
from locanda.law.tourist_tax.simple import simple_section
from locanda.law.tourist_tax.words import paper_in_words
from locanda.office.clock import now as office_now
from locanda.office.duty_facts import core_property
from locanda.office.overrides import rules_of
from locanda.office.tax import rules
from locanda.office.tax.example import NIGHTS, Example, tried
from locanda.office.tax.operators import comune_on_paper
from locanda.places import Unresolved
from locanda.web.duty_look import euro, two
from locanda.web.files import file_answer
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.tax_forms import RateForm, SimpleTaxForm
from locanda.web.tax_look import tell
from locanda.web.time_words import short_date
from locanda.web.words import language, say

__all__ = ["end", "export", "rate", "tax_rules", "write"]


def _property(request: HttpRequest, key: UUID) -> tuple[Property, str]:
    seat: Seat = request.seat  # type: ignore[attr-defined]
    row: Property = seat.one(seat.properties(), key)
    code = comune_code(row.comune, date.max) if row.comune else ""
    if not code or isinstance(code, Unresolved):
        raise Http404
    return row, code


@require_safe
@door()
def tax_rules(request: HttpRequest, property: UUID) -> HttpResponse:
    """What holds today."""
    row, code = _property(request, property)
    return render(request, "web/tax/rules.html", _context(request, row, code))


def _context(request: HttpRequest, row: Property, code: str, **more: Any) -> dict[str, Any]:
    seat: Seat = request.seat  # type: ignore[attr-defined]
    today = rome_day(office_now())
    rule = rules.TaxRules(seat.account).of(row)
    told = notice(rule.tax, core_property(row), today, chain=rules_of(row, today)) if rule else None
    example = tried(rule.tax, row, today) if rule and told else None
    own = [one for one in rules.own_rules(seat.account, code) if one.property_id in (None, row.pk)]
    parts = ("rates", "caps", "exemptions", "reductions") if told else ()
    return {
        "property": row, "comune": str(comune_on_paper(row)["name"]), "known": rule is not None, "told": told,
        "lines": [(name, [_line(one) for one in getattr(told, name)]) for name in parts],
        "residents": told.residents if told else "", "doubts": [two(one.text) for one in told.doubts] if told else [],
        "unknown": list(told.unknown) if told else [], "status": told.status if told else "",
        "sources": list(told.sources) if told else [], "faults": tell(rule.faults) if rule else [],
        "versions": [_version(one, today) for one in rule.tax.versions] if rule else [],
        "own": [(one, short_date(one.valid_from), one.ended_at is None, _may_end(seat, one)) for one in own],
        "example": _example(example), "nights": NIGHTS,
        "rate_form": RateForm(initial={"valid_from": today}), "whole_form": SimpleTaxForm(), "problems": [], **more,
    }  # fmt: skip


def _may_end(seat: Seat, one: LocalTaxRule) -> bool:
    """A rule for a whole comune is of all who have properties there."""
    return one.ended_at is None and (seat.sees_all or one.property_id is not None)


def _line(one: NoticeLine) -> tuple[str, list[str], str]:
    paper = say("tax_rules.paper", form=paper_in_words(one.paper)) if one.paper else ""
    return two(one.says), [two(only) for only in one.only], paper


def _version(one: Any, today: date) -> tuple[str, str, str, bool, list[str]]:
    first = short_date(one.first) if one.first > date.min else say("tax_rules.always")
    last = short_date(one.last) if one.last < date.max else say("tax_rules.open")
    return first, last, one.status, one.first <= today <= one.last, list(one.sources)


def _example(found: Example | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "guests": [
            (age, [(part.nights, euro(part.amount), part.reason.text(language())) for part in parts])
            for age, parts in found.guests
        ],
        "total": euro(found.total), "problems": tell(found.problems), "notes": tell(found.notes),
    }  # fmt: skip


@require_POST
@door(do=MANAGER)
def rate(request: HttpRequest, property: UUID) -> HttpResponse:
    """The council changed the amount: from that night on it holds for this property."""
    row, code = _property(request, property)
    form = RateForm(request.POST)
    problems: list[Problem] = []
    if form.is_valid():
        made, problems = rules.add(
            request.seat.account, code, LocalTaxRule.Kind.RATE, form.document, note=form.cleaned_data["note"], now=office_now(),
            person=request.seat.person, valid_from=form.cleaned_data["valid_from"], property=row,
        )  # fmt: skip
        if made is not None:
            messages.success(request, say("tax_rules.saved"))
            return redirect("tax_rules", property=row.pk)
    context = _context(request, row, code, rate_form=form, problems=tell(problems), form=form)
    return render(request, "web/tax/rules.html", context, status=422)


@require_POST
@door(do=MANAGER)
def write(request: HttpRequest, property: UUID) -> HttpResponse:
    """The whole tax of a comune that nobody knows: tried on an example first, kept with a second tap."""
    row, code = _property(request, property)
    seat: Seat = request.seat
    now = office_now()
    form = SimpleTaxForm(request.POST)
    if not form.is_valid():
        return render(request, "web/tax/rules.html", _context(request, row, code, whole_form=form, form=form), status=422)
    section = simple_section(form.told(rome_day(now)), "mia")
    source = form.cleaned_data["source"]
    if "keep" in request.POST:
        made, problems = rules.add(
            seat.account, code, LocalTaxRule.Kind.WHOLE, section, note=source, now=now, person=seat.person,
            valid_from=form.cleaned_data["valid_from"], property=None if seat.sees_all else row,
        )  # fmt: skip
        if made is not None:
            messages.success(request, say("tax_rules.saved"))
            return redirect("tax_rules", property=row.pk)
    else:
        problems = []
        own = OwnRule(section, source, str(seat.person.pk), rome_day(now), whole=True)
        tax = tax_under_own_rules(None, [own], problems, territory=code)
        if tax is not None and not problems:
            example = _example(tried(tax, row, max(rome_day(now), form.cleaned_data["valid_from"])))
            return render(request, "web/tax/rules.html", _context(request, row, code, whole_form=form, preview=example))
    context = _context(request, row, code, whole_form=form, problems=tell(problems), form=form)
    return render(request, "web/tax/rules.html", context, status=422)


@require_POST
@door(do=MANAGER)
def end(request: HttpRequest, own_rule: UUID) -> HttpResponse:
    """From tomorrow the rule before holds again; nights that are over keep this one."""
    seat: Seat = request.seat
    rows = LocalTaxRule.objects.of(seat.account).filter(ended_at=None).select_related("account", "property")
    if not seat.sees_all:
        rows = rows.filter(property__in=seat.properties())
    row: LocalTaxRule = seat.one(rows, own_rule)
    rules.end(row, now=office_now(), person=seat.person)
    messages.success(request, say("tax_rules.ended"))
    mine = row.property or next((one for one in seat.properties() if comune_code(one.comune, date.max) == row.comune), None)
    return redirect("tax_rules", property=mine.pk) if mine else redirect("tax")


@require_safe
@door()
def export(request: HttpRequest, property: UUID) -> HttpResponse:
    """The tax of the comune as a pack file, to be kept or given to others."""
    _, code = _property(request, property)
    text = rules.export(request.seat.account, code, on=rome_day(office_now()))
    if not text:
        raise Http404
    return file_answer(text, f"{code}.toml", "application/toml")
