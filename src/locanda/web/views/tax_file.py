"""All papers of the year in one PDF with the uploaded report: kept, its mail, cover sheets for other ways, sent in one act."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from locanda.archive.models import TaxDeclaration
from locanda.core.time import rome_day
from locanda.letters.mail import eml
from locanda.letters.uploads import Scan
from locanda.office.clock import now as office_now
from locanda.office.duty_marks import PROOF_BYTES_MAX
from locanda.office.tax import declarations, yearly
from locanda.web.files import MAIL, file_answer
from locanda.web.gate import MANAGER, door
from locanda.web.tax_look import tell
from locanda.web.time_words import moment
from locanda.web.uploads import uploads
from locanda.web.views.tax_year import TYPED, WAYS, declaration_at, year_at
from locanda.web.words import say

__all__ = ["cover", "letter", "whole"]


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def whole(request: HttpRequest, payer: str, year: str) -> HttpResponse:
    """The form; then the file that is kept, or a draft that is not."""
    found, number = year_at(request, payer, year)
    now = office_now()
    today = rome_day(now)
    problems = []
    if request.method == "POST":
        reports = [Scan(f"report-{index}", one.content, one.name) for index, one in
                   enumerate(uploads(request, "files", limit=PROOF_BYTES_MAX))]  # fmt: skip
        more = {name: " ".join(request.POST.get(name, "").split())[:400] for name in TYPED}
        if request.POST.get("as") == "draft":
            made, problems = yearly.whole(request.seat.account, found, number, reports, on=today, more=more, draft=True)
            if made is not None:
                return file_answer(made.file.content, f"bozza-imposta-di-soggiorno-{number}.pdf")
        else:
            row, problems = yearly.keep(
                request.seat.account, found, number, reports, now=now, person=request.seat.person, more=more
            )
            if row is not None:
                messages.success(request, say("tax_file.kept"))
                return redirect("tax_file", payer=payer, year=year)
    row = yearly.file_of(request.seat.account, found, number)
    context = {
        "payer": found, "year": number, "problems": tell(problems), "office": yearly.office_of(found, number, today),
        "covers": yearly.WAYS, "ways": WAYS, "typed": {name: request.POST.get(name, "") for name in TYPED}, "today": today,
        "over": today.year > number, "row": row, "when": moment(row.sent_at or row.prepared_at, now) if row else "",
        "parts": declarations.data_of(row)["parts"] if row else [],
        "replaces": any(
            one.state == TaxDeclaration.State.SENT
            for form in declarations.SIGNED for one in declarations.declarations_of(request.seat.account, found, form, number)
        ),
    }  # fmt: skip
    return render(request, "web/tax/file.html", context, status=422 if problems else 200)


@require_safe
@door(see=MANAGER)
def letter(request: HttpRequest, declaration: UUID) -> HttpResponse:
    """The message for certified mail, with the file as it was kept."""
    row, payer = declaration_at(request, declaration)
    if row.form != yearly.FORM:
        raise Http404
    now = office_now()
    return file_answer(
        eml(yearly.letter_of(row, payer, on=rome_day(now)), on=now), f"imposta-di-soggiorno-{row.period}.eml", MAIL
    )


@require_safe
@door()
def cover(request: HttpRequest, payer: str, year: str, way: str) -> HttpResponse:
    """The sheet that goes on top."""
    found, number = year_at(request, payer, year)
    if way not in yearly.WAYS:
        raise Http404
    content, problems = yearly.cover(request.seat.account, found, number, way, on=rome_day(office_now()))
    if problems:
        for one in tell(problems):
            messages.error(request, f"{one.text} {one.hint}")
        return redirect("tax_year", payer=payer, year=year)
    return file_answer(content, f"accompagnamento-{number}.pdf")
