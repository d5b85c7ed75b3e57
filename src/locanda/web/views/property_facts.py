"""What decides the duties of a property beside its own sheet: facts and changes, rules changed by the operator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from locanda.archive.models import DutyEvent, Property, RuleOverride
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law import packs
from locanda.law.packs import Chain, Contact
from locanda.office import duty_marks, overrides
from locanda.office.clock import now as office_now
from locanda.office.statistics import openings
from locanda.web.duty_forms import FactForm, RuleForm, fact_forms
from locanda.web.duty_look import euro, portal_words, told_apart, two
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.office_look import office_name
from locanda.web.time_words import long_day, moment
from locanda.web.words import catalogue, language, say

__all__ = ["fact_withdraw", "facts", "property_at", "rule_end", "rules"]


class FactSeen(NamedTuple):
    """A recorded fact in words."""

    pk: UUID
    kind: str
    words: str
    recorded_at: Any


class RuleSeen(NamedTuple):
    """A changed rule in words."""

    rule: RuleOverride
    title: str
    words: str
    from_day: str
    who: str
    when: str


def property_at(request: HttpRequest, key: UUID) -> Property:
    """A property that this person works for."""
    row: Property = request.seat.one(request.seat.properties(), key)
    return row


# ---------------------------------------------------------------------------------------------------------------- facts


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def facts(request: HttpRequest, property: UUID) -> HttpResponse:
    """What happened or will; each kind with its small form."""
    seat: Seat = request.seat
    row = property_at(request, property)
    now = office_now()
    chain = overrides.rules_of(row, rome_day(now))
    portals = [(one.id, portal_words(one)) for one in chain.portals(rome_day(now))] if chain else []
    forms = fact_forms(request.POST if request.method == "POST" else None, portals)
    problems: list[str] = []
    sent = next((form for form in forms if form.is_bound), None)
    if sent is not None and sent.is_valid() and not (_is_there(seat, row, sent) and sent.asks_again()):
        told, found = _record(row, sent, now, seat)
        problems = [f"{one.message(language())} {one.hint(language())}" for one in found]
        if told is not None:
            messages.success(request, say("facts.recorded"))
            return redirect("property_duties", property=row.pk)
    elif sent is not None:
        problems = [f"{field.label}: {field.errors[0]}" for field in sent if field.errors] + list(sent.non_field_errors())
    context = {
        "property": row, "forms": forms, "problems": problems, "events": [_fact(event) for event in _events(seat, row)],
        "open": request.GET.get("genere", ""),
    }  # fmt: skip
    return render(request, "web/calendar/facts.html", context, status=422 if problems else 200)


def _record(row: Property, form: FactForm, now: datetime, seat: Seat) -> tuple[DutyEvent | None, list[Problem]]:
    """Written as the page of the openings would, where it is a closure: one day is not closed twice."""
    if form.kind == openings.CLOSURE:
        return openings.add(row, form.cleaned_data["from"], form.cleaned_data["to"], now=now, person=seat.person)
    return duty_marks.record_event(row, form.kind, form.data_of_kind, now=now, person=seat.person)


def _is_there(seat: Seat, row: Property, form: FactForm) -> bool:
    """Whether the same is recorded already; a closure that is says so by itself."""
    same = [one for one in _events(seat, row) if (one.kind, one.data) == (form.kind, form.data_of_kind)]
    return bool(same) and form.kind != openings.CLOSURE


def _events(seat: Seat, row: Property) -> Sequence[DutyEvent]:
    return list(DutyEvent.objects.of(seat.account).filter(property=row, withdrawn_at=None).order_by("-recorded_at"))


def _fact(event: DutyEvent) -> FactSeen:
    parts = []
    for key, value in event.data.items():
        label = f"fact_field.{key}"
        parts.append(f"{say(label)} {_said(value)}" if label in catalogue(language()) else str(value))
    return FactSeen(event.pk, event.kind, ", ".join(parts), event.recorded_at)


def _said(value: Any) -> str:
    text = str(value)
    try:
        if len(text) == 10 and text[4] == "-":
            return long_day(date.fromisoformat(text))
        if "T" in text:
            return moment(datetime.fromisoformat(text), office_now())
    except ValueError:
        pass
    return text


@require_POST
@door(do=MANAGER)
def fact_withdraw(request: HttpRequest, event: UUID) -> HttpResponse:
    """Recorded by mistake."""
    seat: Seat = request.seat
    rows = DutyEvent.objects.of(seat.account).filter(property__in=seat.properties(), withdrawn_at=None)
    row: DutyEvent = seat.one(rows.select_related("property", "account"), event)
    duty_marks.withdraw_event(row, now=office_now(), person=seat.person)
    messages.success(request, say("facts.withdrawn"))
    return redirect("facts", property=row.property_id)


# ---------------------------------------------------------------------------------------------------------------- rules


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def rules(request: HttpRequest, property: UUID) -> HttpResponse:
    """Rules that hold otherwise here: dated, signed, with a reason."""
    seat: Seat = request.seat
    row = property_at(request, property)
    now = office_now()
    chain = overrides.rules_of(row, rome_day(now))
    targets = list(_targets(chain, now)) if chain else []
    names = dict(pair for _, pairs in targets for pair in pairs)
    initial = {"valid_from": rome_day(now), "target": _asked(request.GET.get("regola", ""), names)}
    form = RuleForm(request.POST or None, targets=targets, initial=initial)
    if request.method == "POST" and form.is_valid() and chain is not None:
        problems = _change(form.cleaned_data, row, chain, request)
        if not problems:
            messages.success(request, say("rule.saved"))
            return redirect("rules", property=row.pk)
        for problem in problems:
            unfit = problem == "target"
            form.add_error("target" if unfit else None, say("rule.wrong_target") if unfit else problem)
    if chain is not None:  # what is switched off here has its name in the packs
        names = dict(pair for _, pairs in _targets(packs.chain(chain.comune), now) for pair in pairs) | names
    live = [one for one in overrides.shown(seat.account, row) if one.ended_at is None]
    context = {"property": row, "form": form, "rules": [_rule(one, names, now) for one in live]}
    return render(request, "web/calendar/rules.html", context, status=422 if form.errors else 200)


def _asked(ident: str, names: dict[str, str]) -> str:
    return f"obligation:{ident}" if f"obligation:{ident}" in names else ""


def _targets(chain: Chain, now: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Duties, offices, sanctions and addresses that may be changed, by group."""
    on = rome_day(now)
    groups = {
        "obligation": chain.obligations(on), "contact": chain.contacts(None, on), "sanction": chain.sanctions(on),
        "parameter": [one for one in chain.parameters(on) if str(one.value).startswith("https://")],
    }  # fmt: skip
    for kind, items in groups.items():
        named = ((f"{kind}:{one.id}", office_name(one) if isinstance(one, Contact) else two(one), one.id) for one in items)
        yield say(f"rule_kind.{kind}"), told_apart(named)


def _change(told: dict[str, Any], row: Property, chain: Chain, request: HttpRequest) -> list[str]:
    kind, _, item = told["target"].partition(":")
    changes: dict[str, Any] = {}
    if told["what"] == "day":
        rule = chain.obligation(item, told["valid_from"])
        deadlines = [_deadline(one, told["day"]) for one in rule.deadlines] if rule else []
        if not any("day" in one and one["kind"] in ("after_period", "yearly") for one in deadlines):
            return ["target"]
        changes = {"deadline": deadlines}
    elif told["what"] == "pec":
        changes = {"pec": told["pec"]}
    elif told["what"] == "amount":
        changes = {"min": f"{told['low']:f}", "max": f"{told['high']:f}"}
    elif told["what"] == "address":
        changes = {"value": told["address"]}
    _, problems = overrides.add(
        request.seat.account, row, kind, item, changes, note=told["note"], now=office_now(), person=request.seat.person,
        valid_from=told["valid_from"], off=told["what"] == "off",
    )  # fmt: skip
    return [f"{one.message(language())} {one.hint(language())}" for one in problems]


def _deadline(rule: Any, day: int) -> dict[str, Any]:
    """A deadline as a territory file would write it, with another day."""
    told = {key: value for key, value in rule._asdict().items() if value not in (None, False, 0) and key != "roll"}
    told["roll"] = rule.roll
    if "day" in told:
        told["day"] = day
    return told


def _rule(one: RuleOverride, names: dict[str, str], now: Any) -> RuleSeen:
    if one.off:
        words = say("rule.what_off")
    elif "pec" in one.changes:
        words = f"{say('rule.pec')}: {one.changes['pec']}"
    elif "deadline" in one.changes:
        days = [str(rule["day"]) for rule in one.changes["deadline"] if "day" in rule]
        words = f"{say('rule.day')}: {', '.join(days)}"
    elif "value" in one.changes:
        words = f"{say('rule.address')}: {one.changes['value']}"
    else:
        amounts = [euro(int(Decimal(one.changes[key]) * 100)) for key in ("min", "max") if key in one.changes]
        words = f"{say('rule.what_amount')}: {' – '.join(amounts)}"
    return RuleSeen(
        one, names.get(f"{one.kind}:{one.item}", one.item), words, f"{one.valid_from:%d/%m/%Y}" if one.valid_from else "–",
        str(one.made_by or "–"), moment(one.made_at, now),
    )  # fmt: skip


@require_POST
@door(do=MANAGER)
def rule_end(request: HttpRequest, rule: UUID) -> HttpResponse:
    """The rule of the house holds again from today."""
    seat: Seat = request.seat
    rows = RuleOverride.objects.of(seat.account).filter(ended_at=None).select_related("property", "account")
    if seat.only is not None:
        rows = rows.filter(property__in=seat.only)
    row: RuleOverride = seat.one(rows, rule)
    overrides.end(row, now=office_now(), person=seat.person)
    messages.success(request, say("rule.ended"))
    return redirect("rules", property=row.property_id) if row.property_id else redirect("calendar")
