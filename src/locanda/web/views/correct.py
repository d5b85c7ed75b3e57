"""Correcting what the portal refused, or what is seen to be wrong before it leaves. Only the guests concerned are asked."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from locanda.archive.models import Delivery
from locanda.archive.vault import Erased
from locanda.core.people import Role
from locanda.core.problems import Problem, render_all
from locanda.delivery.machine import IllegalStep
from locanda.office import sending
from locanda.office.clock import now as office_now
from locanda.office.engine import engine
from locanda.office.tables import in_force
from locanda.office.today import RowSeen, rows_of
from locanda.web import check_in_form as sheets
from locanda.web.gate import FRONT_DESK, door
from locanda.web.views.check_in import document_choices, guest_fields
from locanda.web.views.segments import delivery_at
from locanda.web.words import language, say

__all__ = ["correct"]

_KEYS = (
    "surname", "name", "sex", "birth_date", "birth_state", "birth_comune", "citizenship", "residence_state",
    "residence_comune", "document",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@door(see=FRONT_DESK)
def correct(request: HttpRequest, segment: UUID) -> HttpResponse:
    """The guests to correct, in the order of the rows."""
    delivery = delivery_at(request.seat, segment)
    try:
        people = sending.to_correct(delivery)
    except Erased:
        messages.error(request, Problem("stay.erased").message(language()))
        return redirect("segment", segment=segment)
    refused = {row.guest.pk: row for row in rows_of(delivery) if row.outcome == "refused"}
    roles = [Role(shape["role"]) for _, shape in people]
    if request.method == "GET":
        tables = in_force().places
        guests = [sheets.guest_typed(shape, tables) for _, shape in people]
        return _page(request, delivery, people, guests, roles, refused, [])
    guests = sheets.typed(request.POST).guests
    if len(guests) != len(people):
        messages.error(request, say("segment_page.changed"))
        return redirect("segment", segment=segment)
    problems: list[Problem] = []
    shapes = {}
    for index, ((guest, _), typed, role) in enumerate(zip(people, guests, roles, strict=True)):
        shape = sheets.guest_shape(typed, role=role, number=index, found=problems)
        # a field that was emptied must not keep its old value; an unreadable day counts as absent, which never passes
        shapes[str(guest.pk)] = {name: None if shape.get(name) == "?" else shape.get(name) for name in _KEYS}
    told = {problem.where for problem in problems}
    try:
        outcome = sending.correct(delivery, shapes, now=office_now(), person=request.seat.person)
    except IllegalStep:
        messages.error(request, say("segment_page.changed"))
        return redirect("segment", segment=segment)
    if outcome.delivery is None:
        problems += [problem for problem in outcome.problems if problem.where not in told]
        return _page(request, delivery, people, guests, roles, refused, problems)
    engine().wake()
    messages.success(request, say("correct.done"))
    return redirect("segment", segment=segment)


def _page(
    request: HttpRequest, delivery: Delivery, people: list[Any], guests: list[dict[str, str]], roles: list[Role],
    refused: dict[Any, RowSeen], problems: list[Problem],
) -> HttpResponse:  # fmt: skip
    beside: dict[str, list[dict[str, str]]] = defaultdict(list)
    summary = []
    for problem, words in zip(problems, render_all(problems, language()), strict=True):
        field = sheets.field_of(problem.where)
        field = field if field and field.startswith("g") else None
        if field:
            beside[field].append(words)
        summary.append({**words, "field": field})
    shown = [
        {**guest_fields(index, typed, beside), "member": role.is_member, "correcting": True, "refusal": refused.get(guest.pk)}
        for index, ((guest, _), typed, role) in enumerate(zip(people, guests, roles, strict=True))
    ]
    context = {
        "delivery": delivery, "guests": shown, "summary": summary, "many": len(shown) > 1,
        "sexes": [(sex, say(f"sex.{sex}")) for sex in ("F", "M")], "documents": document_choices(),
        "italy": sheets.ITALY_FIELD,
    }  # fmt: skip
    return render(request, "web/correct.html", context, status=422 if problems else 200)
