"""Correcting what the portal refused, what is seen to be wrong before it leaves, or what a follow-up lacks.

Only the guests concerned are asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from locanda.archive.models import Delivery, Guest, PoliceCredential
from locanda.archive.vault import Erased
from locanda.core.people import Role
from locanda.core.problems import Problem, render_all
from locanda.core.time import rome_day
from locanda.delivery.machine import IllegalStep, State
from locanda.office import correcting, follow_ups
from locanda.office.clock import now as office_now
from locanda.office.engine import engine
from locanda.office.tables import in_force
from locanda.office.today import CardState, RowSeen, rows_of
from locanda.web import check_in_form as sheets
from locanda.web.gate import FRONT_DESK, door
from locanda.web.residence_field import RESIDENCE_FIELDS
from locanda.web.seen import overtaken, seen_now, written_over
from locanda.web.views.check_in import document_choices, guest_fields, usual_documents
from locanda.web.views.segments import card_at, delivery_at
from locanda.web.words import language, say

__all__ = ["complete", "correct"]

_ASKED = tuple(name for name in sheets.GUEST_FIELDS if name not in (*RESIDENCE_FIELDS, "remember"))
_KEYS = ("surname", "name", "sex", "birth_date", "birth_state", "birth_comune", "citizenship", "document")
"""What the record holds. Where people live is no part of it: it is asked with the statistics (``stay_flows``)."""

People = Sequence[tuple[Guest, dict[str, Any]]]


@require_http_methods(["GET", "POST"])
@door(see=FRONT_DESK)
def correct(request: HttpRequest, segment: UUID) -> HttpResponse:
    """The guests to correct, in the order of the rows."""
    delivery = delivery_at(request.seat, segment)
    try:
        people = correcting.to_correct(delivery)
    except Erased:
        return _gone(request, segment)
    by_hand = not _may_leave(delivery)
    waits = State(delivery.state) is State.READY and not (delivery.next_attempt_at or delivery.property.send_on_check_in)
    words = {
        "title": say("correct.title"), "lead": say("correct.lead"),
        "go": say("correct.go_waits") if waits or by_hand else say("correct.go"),
    }  # fmt: skip
    refused = {row.guest.pk: row for row in rows_of(delivery) if row.outcome == "refused"}
    if request.method == "GET":
        return _page(request, segment, words, people, _as_they_are(people), refused, [])
    guests = sheets.typed(request.POST).guests
    if len(guests) != len(people):
        return _changed(request, segment)
    if late := written_over(request.POST.get("seen", ""), _flat(_as_they_are(people)), _flat(guests)):
        return _page(request, segment, words, people, guests, refused, [], late=late)
    shapes, problems = _read(people, guests)
    try:
        outcome = correcting.correct(delivery, shapes, now=office_now(), person=request.seat.person)
    except IllegalStep:
        return _changed(request, segment)
    if outcome.delivery is None:
        return _page(request, segment, words, people, guests, refused, _all(problems, outcome.problems))
    engine().wake()
    going = "correct.done" if outcome.delivery.next_attempt_at else "correct.done_waits"
    messages.success(request, say("correct.done_by_hand" if by_hand else going))
    return redirect("segment", segment=segment)


def _may_leave(delivery: Delivery) -> bool:
    """Without active credentials nothing is ever sent."""
    credential = delivery.property.credential
    return credential is not None and credential.status == PoliceCredential.Status.ACTIVE


@require_http_methods(["GET", "POST"])
@door(see=FRONT_DESK)
def complete(request: HttpRequest, segment: UUID) -> HttpResponse:
    """What a follow-up lacks: the guests who stay on, with the problems that hold it back."""
    card = card_at(request.seat, segment)
    if card.state is not CardState.BLOCKED:  # written meanwhile, or not owed any more
        return redirect("segment", segment=segment)
    try:
        people = follow_ups.to_complete(card.segment)
    except Erased:
        return _gone(request, segment)
    words = {"title": say("complete.title"), "lead": say("complete.lead"), "go": say("complete.go")}
    if request.method == "GET":
        lacking = follow_ups.lacking(card.segment, now=office_now())
        return _page(request, segment, words, people, _as_they_are(people), {}, lacking, status=200)
    guests = sheets.typed(request.POST).guests
    if len(guests) != len(people):
        return _changed(request, segment)
    shapes, problems = _read(people, guests)
    outcome = follow_ups.complete_follow_up(card.segment, shapes, now=office_now(), person=request.seat.person)
    if outcome.delivery is None:
        return _page(request, segment, words, people, guests, {}, _all(problems, outcome.problems))
    engine().wake()
    messages.success(request, say("complete.done"))
    return redirect("segment", segment=segment)


def _gone(request: HttpRequest, segment: UUID) -> HttpResponse:
    messages.error(request, Problem("stay.erased").message(language()))
    return redirect("segment", segment=segment)


def _changed(request: HttpRequest, segment: UUID) -> HttpResponse:
    messages.error(request, say("segment_page.changed"))
    return redirect("segment", segment=segment)


def _as_they_are(people: People) -> list[dict[str, str]]:
    tables, today = in_force().places, rome_day(office_now())
    return [sheets.guest_typed(shape, tables, today) for _, shape in people]


def _read(people: People, guests: Sequence[dict[str, str]]) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """What was typed, by the guest's id, and what of it cannot be read."""
    problems: list[Problem] = []
    shapes = {}
    for index, ((guest, shape), typed) in enumerate(zip(people, guests, strict=True)):
        read = sheets.guest_shape(typed, role=Role(shape["role"]), number=index, found=problems)
        # a field that was emptied must not keep its old value; an unreadable day counts as absent, which never passes
        shapes[str(guest.pk)] = {name: None if read.get(name) == "?" else read.get(name) for name in _KEYS}
    return shapes, problems


def _all(typed: list[Problem], judged: Sequence[Problem]) -> list[Problem]:
    told = {problem.where for problem in typed}
    return typed + [problem for problem in judged if problem.where not in told]


def _page(
    request: HttpRequest, segment: UUID, words: Mapping[str, str], people: People, guests: list[dict[str, str]],
    refused: Mapping[Any, RowSeen], problems: Sequence[Problem], *, status: int = 422, late: Sequence[str] = (),
) -> HttpResponse:  # fmt: skip
    beside: dict[str, list[dict[str, str]]] = defaultdict(list)
    summary = []
    for problem, said in zip(problems, render_all(problems, language()), strict=True):
        field = sheets.field_of(problem.where)
        field = field if field and field.startswith("g") else None
        if field:
            beside[field].append(said)
        summary.append({**said, "field": field, "guest": int(field[1 : field.index("-")]) + 1 if field else None})
    kept = _as_they_are(people)
    if late:
        summary.append({"message": _corrected(late, kept)})
    shown = [
        {
            **guest_fields(index, typed, beside), "member": Role(shape["role"]).is_member, "correcting": True,
            "refusal": refused.get(guest.pk),
        }
        for index, ((guest, shape), typed) in enumerate(zip(people, guests, strict=True))
    ]  # fmt: skip
    context = {
        "segment": segment, "words": words, "guests": shown, "summary": summary, "many": len(shown) > 1,
        "sexes": [(sex, say(f"sex.{sex}")) for sex in ("F", "M")], "documents": document_choices(), "usual": usual_documents(),
        "italy": sheets.ITALY_FIELD, "seen": (not late and request.POST.get("seen")) or seen_now(_flat(kept)),
    }  # fmt: skip
    return render(request, "web/correct.html", context, status=status if problems or late else 200)


def _flat(guests: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What the record holds of each guest, by the name of its field."""
    return {f"g{place}-{name}": guest[name] for place, guest in enumerate(guests) for name in _ASKED}


def _corrected(late: Sequence[str], kept: Sequence[Mapping[str, str]]) -> str:
    """What another window corrected."""
    told = []
    for ident in late:
        guest, _, name = ident.rpartition("-")
        label = say(f"ask.{name}")
        place = int(guest[1:])
        label = f"{say('check_in.guest', n=place + 1)}, {label}" if len(kept) > 1 else label
        told.append((label, _shown(name, kept[place][name])))
    return overtaken(told)


def _shown(name: str, value: str) -> str:
    named = say(f"sex.{value}") if name == "sex" and value else value
    return (in_force().documents.description(value) or value) if name == "doc_type" else named
