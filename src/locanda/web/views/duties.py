"""One duty opened: why, article, cost, where, proof; marked as done with evidence, and unmarked."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from locanda.archive.models import DutyMark, DutyProof, Property
from locanda.core.problems import Problem
from locanda.core.time import ROME, last_day, rome_day
from locanda.law.deadlines import ends_on
from locanda.office import calendar as office
from locanda.office import duty_marks
from locanda.office.clock import now as office_now
from locanda.office.statistics.duties import sending_of
from locanda.web.duty_look import (
    DUTY_LOOKS,
    channel_words,
    kind_of,
    person_words,
    proof_words,
    state_seen,
    subject_words,
    term_words,
    two,
    when_words,
)  # fmt: skip
from locanda.web.duty_risk import late_lines, seen_risk, typed_euro
from locanda.web.files import SHOWN, uploaded_answer
from locanda.web.gate import Seat, account_of, door
from locanda.web.office_look import office_seen
from locanda.web.time_words import moment, short_date, typed_day
from locanda.web.uploads import uploads
from locanda.web.words import language, say

__all__ = ["done", "duty", "proof", "proof_add", "undo"]

ASKED_BY_REQUEST = ("IT-PS-04", "IT-PS-07", "IT-PS-08")
"""Duties that are done by a request to the police office, which the house prepares."""


class ProofSeen:
    """A proof, and whether it can be shown as a picture."""

    def __init__(self, row: DutyProof) -> None:
        self.row = row
        self.name = row.name
        self.picture = row.media_type in SHOWN


def _detail(request: HttpRequest, property: UUID, obligation: str, subject: str) -> tuple[Property, Any]:
    """The property and all that is known of one of its duties; 404 when it has no such duty."""
    seat: Seat = request.seat
    row: Property = seat.one(seat.properties(), property)
    owed = typed_euro(request.GET.get("imposta", ""))
    found = office.detail(seat.account, row, obligation, subject, now=office_now(), language=language(), amount=owed)
    if found is None:
        raise Http404
    return row, found


@require_safe
@door()
def duty(request: HttpRequest, property: UUID, obligation: str, subject: str) -> HttpResponse:
    """Everything about a duty. A mail leads here from any of one's accounts: to see one of another, they first go there."""
    seat: Seat = request.seat
    account = account_of(property, seat.person)
    if account is not None and account != seat.account:
        return render(request, "web/elsewhere.html", {"account": account})
    row, found = _detail(request, property, obligation, subject)
    return render(request, "web/calendar/duty.html", context_of(request, row, found))


def context_of(request: HttpRequest, row: Property, found: office.Detail) -> dict[str, Any]:
    """What the page says, in the language of the page."""
    now = office_now()
    today = rome_day(now)
    entry = found.entry
    state = "done" if found.done_at else state_seen(entry) if entry else "later"
    tone, icon = DUTY_LOOKS[state]
    owed = request.GET.get("imposta", "")[:12]
    late = found.too_late.late if found.too_late else None
    told: dict[str, Any] = {
        "detail": found, "property": row, "title": two(found), "subject": subject_words(found.subject),
        "kind": kind_of(found.obligation), "state": state, "tone": tone, "icon": icon,
        "term": term_words(entry.nominal, now) if entry else "", "markable": is_known(row, found),
        "prudent": when_words(entry.prudent_due, now) if entry and entry.prudent_due != entry.nominal else "",
        "remind": when_words(entry.remind_by, now) if entry and _is_ahead(entry, today) else "",
        "risks": [seen_risk(risk) for risk in found.risks], "owed": owed, "late": late_lines(late) if late else None,
        "late_step": two(late.step.text) if late and late.step else "",
        "time_bar": short_date(found.too_late.time_bar) if found.too_late else "",
        "procedure": [(two(rule.text), rule.article) for rule in found.procedure],
        "channel": channel_words(found), "office": office_seen(found.office.contact) if found.office else None,
        "proof_words": [proof_words(one) for one in found.evidence], "proofs": [ProofSeen(one) for one in found.proofs],
        "done_who": person_words(found.done), "done_when": moment(found.done_at, now) if found.done_at else "",
        "declared_when": moment(found.done.created_at, now) if found.done else "",
        "segment": found.subject.partition(":")[2], "sent": sending_of(found.done) if found.done else None,
        "requests": bool({found.obligation, found.rule.refines} & set(ASKED_BY_REQUEST)),
        "guidance": [
            {"title": two(rule), "steps": [two(step) for step in rule.steps], "refused": [two(step) for step in rule.refused],
             "link": rule.link, "status": rule.status,
             "offices": [office_seen(one) for one in rule.offices]}
            for rule in found.guidance
        ],
        "others": [office_seen(one.contact) for one in found.others],
        "today": today,
        "late_by": (today - last_day(entry.due)).days if entry and state == "overdue" else 0,
        "overrides": [
            say("duty.changed_by", day=f"{one.valid_from:%d/%m/%Y}" if one.valid_from else "–", note=one.note)
            + (f" ({one.made_by})" if one.made_by else "")
            for one in found.overrides if one.ended_at is None
        ],
    }  # fmt: skip
    return told


def _is_ahead(entry: Any, today: date) -> bool:
    """Whether the reminder is still to come, and on a day before the last: that day the page has said already."""
    return today <= ends_on(entry.remind_by) < ends_on(entry.nominal)


def is_known(row: Property, found: office.Detail) -> bool:
    """Whether the property really has that duty about that subject: only then is there something to mark."""
    if found.entry is not None:
        return found.by_hand
    listed = office.standing(row, now=office_now())
    return any((one.obligation, one.subject) == (found.obligation, found.subject) for one in listed)


@require_POST
@door()
def done(request: HttpRequest, property: UUID, obligation: str, subject: str) -> HttpResponse:
    """It is done, with whatever proves it."""
    row = _markable(request, property, obligation, subject)
    now, person = office_now(), request.seat.person
    done_at, wrong = _done_at(request.POST.get("done_on", ""), now)
    note, number, further = _added(duty_marks.mark_of(row, obligation, subject), request)
    link = request.POST.get("link", "").strip()
    found = [one for one in (wrong, duty_marks.link_problem(link) if link else None) if one is not None]
    mark, problems = (None, found) if found else duty_marks.mark_done(
        row, obligation, subject, now=now, person=person, note=note, number=number, files=_files(request), done_at=done_at
    )  # fmt: skip
    for proof in ({"link": link}, {"number": further}):
        if mark is not None and any(proof.values()):
            problems = [*problems, *duty_marks.add_proof(mark, now=now, person=person, **proof)[1]]
    _tell(request, problems, "duty.marked")
    if request.POST.get("back") == "inspection":
        return redirect(reverse("inspection", args=[row.pk]) + f"#{obligation}-{subject.replace(':', '-')}")
    return _as_typed(request, row, obligation, subject) if problems else redirect("duty", row.pk, obligation, subject)


def _as_typed(request: HttpRequest, row: Property, obligation: str, subject: str) -> HttpResponse:
    """The page of the duty once more, with what was typed and could not be kept."""
    row, found = _detail(request, row.pk, obligation, subject)
    if request.FILES:
        messages.error(request, say("duty.files_again"))
    context = context_of(request, row, found) | {"typed": request.POST.dict()}
    return render(request, "web/calendar/duty.html", context, status=422)


def _added(before: DutyMark | None, request: HttpRequest) -> tuple[str, str, str]:
    """Note, number, and a number that is kept as one proof more: marked meanwhile in another window, nobody's words are lost."""
    note, number = request.POST.get("note", "").strip(), request.POST.get("number", "").strip()
    if before is None:
        return note, number, ""
    said = before.note if note in before.note else f"{before.note}\n{note}".strip()
    return (said, "", number) if before.number and number not in ("", before.number) else (said, number, "")


def _done_at(text: str, now: datetime) -> tuple[datetime | None, Problem | None]:
    """When it was done, from a day: today means now, another day its noon."""
    if not text:
        return None, None
    day = typed_day(text)
    if day is None:
        return None, Problem("mark.done_at.unfit", "done_at")
    return (None if day == rome_day(now) else datetime.combine(day, time(12), ROME)), None


def _markable(request: HttpRequest, property: UUID, obligation: str, subject: str) -> Property:
    """The property, when it has that duty; what we add to the checklist ourselves is no rule of any pack."""
    seat: Seat = request.seat
    row: Property = seat.one(seat.properties(), property)
    found = office.detail(seat.account, row, obligation, subject, now=office_now(), language=language())
    listed = ((one.obligation, one.subject) for one in office.standing(row, now=office_now()))
    if (found is None or not is_known(row, found)) and (obligation, subject) not in listed:
        raise Http404
    return row


def _files(request: HttpRequest) -> list[duty_marks.File]:
    return [duty_marks.File(*one) for one in uploads(request, "files", limit=duty_marks.PROOF_BYTES_MAX)]


def _tell(request: HttpRequest, problems: list[Problem], well: str) -> None:
    for problem in problems:
        messages.error(request, f"{problem.message(language())} {problem.hint(language())}")
    if not problems:
        messages.success(request, say(well))


def _mark(seat: Seat, key: UUID) -> DutyMark:
    rows = DutyMark.objects.of(seat.account).filter(property__in=seat.properties()).select_related("account", "property")
    row: DutyMark = seat.one(rows, key)
    return row


@require_POST
@door()
def undo(request: HttpRequest, mark: UUID) -> HttpResponse:
    """It was not done after all."""
    row = _mark(request.seat, mark)
    there = reverse("duty", args=[row.property_id, row.obligation, row.subject])
    if request.POST.get("back") == "inspection":
        there = reverse("inspection", args=[row.property_id])
    duty_marks.undo(row, now=office_now(), person=request.seat.person)
    messages.success(request, say("duty.undone"))
    return redirect(there)


@require_POST
@door()
def proof_add(request: HttpRequest, mark: UUID) -> HttpResponse:
    """One proof more, or several files at once."""
    row = _mark(request.seat, mark)
    now, person = office_now(), request.seat.person
    held, link, number = _files(request), request.POST.get("link", "").strip(), request.POST.get("number", "").strip()
    given: list[dict[str, Any]] = [{"file": one} for one in held]
    given += [{name: text} for name, text in (("link", link), ("number", number)) if text]
    problems = [one for one in map(duty_marks.proof_problem, held) if one is not None]
    problems += [one for one in [duty_marks.link_problem(link) if link else None] if one is not None]
    for proof in [] if problems else given or [{}]:
        problems += duty_marks.add_proof(row, now=now, person=person, **proof)[1]
    _tell(request, problems, "duty.proof_added")
    there = (row.obligation, row.subject)
    return _as_typed(request, row.property, *there) if problems else redirect("duty", row.property_id, *there)


@require_safe
@door()
def proof(request: HttpRequest, proof: UUID) -> HttpResponse:
    """A proof as it was uploaded."""
    seat: Seat = request.seat
    rows = DutyProof.objects.of(seat.account).filter(mark__property__in=seat.properties()).select_related("account")
    row: DutyProof = seat.one(rows.exclude(media_type=""), proof)
    return uploaded_answer(request, duty_marks.proof_bytes(row), row.name, row.media_type)
