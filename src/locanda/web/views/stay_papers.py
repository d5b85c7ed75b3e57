"""The papers of exemptions of a stay: which are missing and until when, printing them, writing down that they are here (3.4)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locanda import papers
from locanda.archive.models import Guest, Stay, TaxPaper
from locanda.core.time import rome_day
from locanda.office.clock import now as office_now
from locanda.office.duty_marks import PROOF_BYTES_MAX, File
from locanda.office.tax import collected_papers, exemption_papers, facts, stay_story
from locanda.web.files import file_answer, uploaded_answer
from locanda.web.gate import Seat, door
from locanda.web.stay_tax_look import guest_label
from locanda.web.time_words import typed_day
from locanda.web.uploads import uploads
from locanda.web.views.stay_tax import stay_at, tell
from locanda.web.words import say

__all__ = ["exemption_print", "stay_papers", "tax_paper", "tax_paper_withdraw"]


def _guest(row: Stay, key: str) -> Guest:
    people = facts.guests_of(row.account_id, [row.pk]).get(row.pk, [])
    found = next((one for one in people if str(one.pk) == key), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@door()
def stay_papers(request: HttpRequest, stay: UUID) -> HttpResponse:
    """What is missing, what is here; POST: one is here."""
    row = stay_at(request, stay)
    if request.method == "POST":
        return _held(request, row)
    story = stay_story.story_of(row)
    held = [
        (one, collected_papers.name_of(one), _label(row, one.guest)) for one in collected_papers.papers_of(row)
        if one.refusal_id is None
    ]  # fmt: skip
    missing = [
        (paper, guest_label(guest.name, guest.number), _languages(paper.form))
        for guest in story.guests for paper in guest.missing
    ]  # fmt: skip
    context = {"stay": row, "missing": missing, "held": held, "today": rome_day(office_now()), "now": office_now()}
    return render(request, "web/tax/papers.html", context)


def _languages(form: str) -> tuple[str, ...]:
    return papers.form(form).languages if form in exemption_papers.FORMS else ()


def _label(row: Stay, guest: Guest | None) -> str:
    if guest is None:
        return ""
    people = facts.guests_of(row.account_id, [row.pk]).get(row.pk, [])
    return guest_label(stay_story.name_of(row, guest), [one.pk for one in people].index(guest.pk) + 1)


def _held(request: HttpRequest, row: Stay) -> HttpResponse:
    guest = _guest(row, request.POST.get("guest", ""))
    story = stay_story.story_of(row)
    paper = next((one for one in story.missing if one.guest.pk == guest.pk and one.form == request.POST.get("form")), None)
    if paper is None:
        raise Http404
    day = typed_day(request.POST.get("signed_on", ""))
    files = [File(*one) for one in uploads(request, "files", limit=PROOF_BYTES_MAX)]
    if day is None:
        messages.error(request, say("tax_paper.day_missing"))
        return redirect("stay_papers", stay=row.pk)
    _, problems = collected_papers.hold(
        row, paper.form, guest=guest, code=paper.code, signed_on=day, now=office_now(), person=request.seat.person,
        file=files[0] if files else None,
    )  # fmt: skip
    tell(request, problems, "tax_paper.kept")
    return redirect("stay_papers", stay=row.pk)


@require_safe
@door()
def exemption_print(request: HttpRequest, stay: UUID, form: str) -> HttpResponse:
    """The form for one guest, to be signed."""
    row = stay_at(request, stay)
    guest = _guest(row, request.GET.get("ospite", ""))
    if form not in exemption_papers.FORMS:
        raise Http404
    tongue = request.GET.get("lingua", "it")
    content, problems = exemption_papers.printed(form, row, guest, language=tongue, on=rome_day(office_now()))
    if problems:
        tell(request, problems, "form.saved")
        return redirect("stay_papers", stay=row.pk)
    return file_answer(content, f"{form}-{tongue[:2]}.pdf", attached=False)


def _paper(request: HttpRequest, key: UUID) -> TaxPaper:
    seat: Seat = request.seat
    rows = TaxPaper.objects.of(seat.account).filter(property__in=seat.properties(), withdrawn_at=None)
    row: TaxPaper = seat.one(rows.select_related("account", "guest", "stay"), key)
    return row


@require_safe
@door()
def tax_paper(request: HttpRequest, tax_paper: UUID) -> HttpResponse:
    """The scan as it was uploaded."""
    row = _paper(request, tax_paper)
    if row.sealed is None:
        raise Http404
    return uploaded_answer(request, collected_papers.content(row), collected_papers.name_of(row), row.media_type)


@require_POST
@door()
def tax_paper_withdraw(request: HttpRequest, tax_paper: UUID) -> HttpResponse:
    """Written down by mistake."""
    row = _paper(request, tax_paper)
    collected_papers.withdraw(row, now=office_now(), person=request.seat.person)
    tell(request, [], "tax_paper.taken_away")
    return redirect("stay_papers", stay=row.stay_id) if row.refusal_id is None else redirect("refusal", refusal=row.refusal_id)

