"""A sending of visitor statistics: where it stands, what to do next, what the portal said of each record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from locanda.archive.models import FlowSending
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.delivery.machine import State
from locanda.law.periods import period_of
from locanda.letters.uploads import SUFFIXES
from locanda.office import duty_marks
from locanda.office.clock import now as office_now
from locanda.office.engine import flow_loop
from locanda.office.statistics import hand_steps, preparing, sendings
from locanda.office.statistics.archive_file import files_of
from locanda.office.statistics.home import service_of
from locanda.office.statistics.status import is_stale
from locanda.web.files import file_answer, uploaded_answer
from locanda.web.flow_look import month_words
from locanda.web.gate import FRONT_DESK, Seat, door
from locanda.web.sending_look import (
    Trouble,
    evidence_notes,
    evidence_words,
    notes_of,
    outcomes_of,
    period_of_days,
    steps_seen,
    troubles,
    word_of,
)
from locanda.web.tax_look import tell
from locanda.web.uploads import uploads
from locanda.web.words import say

__all__ = ["again", "confirm", "file", "found", "proof", "refuse", "send", "sending", "step", "steps_done", "take", "withdraw"]


def _one(request: HttpRequest, key: UUID) -> FlowSending:
    """A sending of a property that this person works for."""
    seat: Seat = request.seat  # type: ignore[attr-defined]
    row: FlowSending = seat.one(seat.flow_sendings(), key)
    return row


@require_safe
@door()
def sending(request: HttpRequest, sending: UUID) -> HttpResponse:
    """Where it stands, the next thing to do first."""
    return _page(request, _one(request, sending))


def _page(
    request: HttpRequest, row: FlowSending, problems: Sequence[Problem] = (), listed: Sequence[Trouble] = (),
    typed: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    state, now = State(row.state), office_now()
    service = service_of(row.property, rome_day(now))
    wrong, said = outcomes_of(row)
    steps = steps_seen(row) if row.kind == FlowSending.Kind.STEPS else []
    waiting = state in (State.READY, State.POSTPONED)
    together = sendings.siblings(row)
    later = FlowSending.objects.of(row.account_id).filter(replaces=row).order_by("created_at").last()
    month = period_of("month", row.first)
    context: dict[str, Any] = {
        "month": reverse("flows_month", args=[row.property_id, month]), "month_of": month, "month_words": month_words(month),
        "row": row, "state": word_of(row), "days": period_of_days(row.first, row.last), "service": service,
        "is_steps": row.kind == FlowSending.Kind.STEPS, "steps": steps, "left": sum(not one.done for one in steps),
        "sends": row.mode == "WS", "is_sheet": row.mode in ("SHEET", "NONE"), "waits": waiting,
        "at_hand": waiting or state is State.HANDED_OVER, "in_doubt": state is State.IN_DOUBT,
        "asks": state is State.IN_DOUBT and row.next_attempt_at is None,
        "rejected": state in (State.REJECTED, State.PARTLY_ACCEPTED),
        "wrong": wrong, "said": said, "notes": notes_of(row), "evidence_notes": evidence_notes(row),
        "refused": state in (State.REJECTED, State.PARTLY_ACCEPTED, State.REFUSED),
        "done": state in (State.ACCEPTED, State.CONFIRMED),
        "stale": waiting and not row.next_attempt_at and is_stale(row, now=now), "has_file": row.sealed_file is not None,
        "no_user": row.mode == "WS" and waiting and row.property.flow_credential is None,
        "together": [one for one in together if one.pk != row.pk], "later": later, "problems": tell(problems), "listed": listed,
        "typed": typed or {}, "has_proof": row.sealed_proof is not None, "evidence": evidence_words(row),
    }  # fmt: skip
    return render(request, "web/flows/sending.html", context, status=422 if problems or listed else 200)


def _back(request: HttpRequest, row: FlowSending, problems: Sequence[Problem], done: str) -> HttpResponse:
    if problems:
        row.refresh_from_db()
        return _page(request, row, problems)
    messages.success(request, say(done))
    return redirect("flow_sending", sending=row.pk)


@require_POST
@door(do=FRONT_DESK)
def send(request: HttpRequest, sending: UUID) -> HttpResponse:
    """Send it now."""
    row = _one(request, sending)
    done = preparing.send_now(row, now=office_now(), person=request.seat.person)  # type: ignore[attr-defined]
    flow_loop().wake()
    return _back(request, row, () if done else (Problem("statistics.credential.missing", ""),), "flow_page.sent")


@require_POST
@door(do=FRONT_DESK)
def take(request: HttpRequest, sending: UUID) -> HttpResponse:
    """Take the file, or the list, to the portal."""
    row = _one(request, sending)
    if State(row.state) is State.READY:
        problems = sendings.hand_over(row, now=office_now(), person=request.seat.person)  # type: ignore[attr-defined]
        if problems:
            return _page(request, row, problems)
    return redirect("flow_file", sending=row.pk)


@require_safe
@door(see=FRONT_DESK)
def file(request: HttpRequest, sending: UUID) -> HttpResponse:
    """The bytes as they were made ready; several in one archive."""
    row = _one(request, sending)
    made = files_of(row)
    if made is None:
        raise Http404
    name, data = made
    return file_answer(data, name, "application/octet-stream")


@require_POST
@door(do=FRONT_DESK)
def confirm(request: HttpRequest, sending: UUID) -> HttpResponse:
    """The portal took it, as somebody saw."""
    row = _one(request, sending)
    files = [duty_marks.File(*one) for one in uploads(request, "proof", limit=duty_marks.PROOF_BYTES_MAX)]
    typed = {"protocol": request.POST.get("protocol", "").strip()}
    problems = sendings.confirm(
        row, now=office_now(), person=request.seat.person, protocol=typed["protocol"],  # type: ignore[attr-defined]
        proof=files[0] if files else None,
    )  # fmt: skip
    if problems:
        return _page(request, row, problems, typed=typed)
    return _back(request, row, (), "flow_page.confirmed")


@require_POST
@door(do=FRONT_DESK)
def refuse(request: HttpRequest, sending: UUID) -> HttpResponse:
    """The portal did not take it."""
    row = _one(request, sending)
    reason = request.POST.get("reason", "")
    problems = sendings.refuse(row, reason, now=office_now(), person=request.seat.person)  # type: ignore[attr-defined]
    return _back(request, row, problems, "flow_page.refused")


@require_POST
@door(do=FRONT_DESK)
def withdraw(request: HttpRequest, sending: UUID) -> HttpResponse:
    """It will not go."""
    row = _one(request, sending)
    problems = sendings.withdraw(row, now=office_now(), person=request.seat.person)  # type: ignore[attr-defined]
    return _back(request, row, problems, "flow_page.withdrawn")


@require_POST
@door(do=FRONT_DESK)
def again(request: HttpRequest, sending: UUID) -> HttpResponse:
    """The same days as they are now."""
    row = _one(request, sending)
    told = sendings.resend(row, now=office_now(), person=request.seat.person)  # type: ignore[attr-defined]
    if told.problems:
        row.refresh_from_db()
        return _page(request, row, (), troubles(told))
    flow_loop().wake()
    if not told.sendings:
        messages.info(request, " ".join(tell(told.notes[:1])[0][:2]))
        return redirect("flow_sending", sending=row.pk)
    messages.success(request, say("flow_page.made_again"))
    return redirect("flow_sending", sending=told.sendings[0].pk)


@require_POST
@door(do=FRONT_DESK)
def found(request: HttpRequest, sending: UUID) -> HttpResponse:
    """Somebody looked at the portal: it has these days, or it has not."""
    row = _one(request, sending)
    there = request.POST.get("there") == "yes"
    problems = sendings.found_on_portal(
        row, there=there, now=office_now(), person=request.seat.person  # type: ignore[attr-defined]
    )
    return _back(request, row, problems, "flow_page.confirmed" if there else "flow_page.missed")


@require_POST
@door(do=FRONT_DESK)
def step(request: HttpRequest, sending: UUID, place: int) -> HttpResponse:
    """A correction was made by hand, or was not after all."""
    row = _one(request, sending)
    done = request.POST.get("done") == "yes"
    problems = hand_steps.tick(row, place, done=done, now=office_now(), person=request.seat.person)  # type: ignore[attr-defined]
    if problems:
        return _page(request, row, problems)
    return redirect(f"{request.path.rsplit('/passi/', 1)[0]}/#passi")


@require_POST
@door(do=FRONT_DESK)
def steps_done(request: HttpRequest, sending: UUID) -> HttpResponse:
    """All of them are made."""
    row = _one(request, sending)
    protocol = request.POST.get("protocol", "")
    problems = hand_steps.finish(row, now=office_now(), person=request.seat.person, protocol=protocol)  # type: ignore[attr-defined]
    return _back(request, row, problems, "flow_page.confirmed")


@require_safe
@door()
def proof(request: HttpRequest, sending: UUID) -> HttpResponse:
    """What was kept of what the portal showed."""
    row = _one(request, sending)
    kept = sendings.proof_of(row)
    if kept is None:
        raise Http404
    name = f"prova-statistica-{row.first:%Y%m%d}-{row.last:%Y%m%d}.{SUFFIXES[row.proof_media]}"
    return uploaded_answer(request, kept[1], name, row.proof_media)
