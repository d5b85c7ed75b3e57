"""All papers of the year in one PDF with the uploaded report, the mail for the comune, cover sheets for other ways."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from locanda.core.time import rome_day
from locanda.letters.mail import eml
from locanda.letters.uploads import Scan
from locanda.office.clock import now as office_now
from locanda.office.duty_marks import PROOF_BYTES_MAX
from locanda.office.tax import yearly
from locanda.web.gate import MANAGER, door
from locanda.web.tax_look import tell
from locanda.web.uploads import uploads
from locanda.web.views.tax_year import year_at

__all__ = ["cover", "whole"]

_FIELDS = ("place", "signed_on", "difference_reason")


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def whole(request: HttpRequest, payer: str, year: str) -> HttpResponse:
    """The form; then the PDF, or the mail with it. What was uploaded is joined and not kept."""
    found, number = year_at(request, payer, year)
    now = office_now()
    today = rome_day(now)
    problems = []
    if request.method == "POST":
        reports = [Scan(f"report-{index}", one.content, one.name) for index, one in
                   enumerate(uploads(request, "files", limit=PROOF_BYTES_MAX))]  # fmt: skip
        more = {name: " ".join(request.POST.get(name, "").split())[:400] for name in _FIELDS}
        wanted = request.POST.get("as", "pdf")
        made, problems = yearly.whole(
            request.seat.account, found, number, reports, on=today, more=more, draft=wanted == "draft"
        )
        if made is not None:
            mail = wanted == "eml"
            content = eml(made.letter, on=now) if mail else made.file.content
            answer = HttpResponse(content, content_type="message/rfc822" if mail else "application/pdf")
            name = f"imposta-di-soggiorno-{number}.{'eml' if mail else 'pdf'}"
            answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"  # noqa: FBT003
            return answer
    office = yearly.office_of(found, number, today)
    context = {
        "payer": found, "year": number, "problems": tell(problems), "office": office, "ways": yearly.WAYS,
        "typed": {name: request.POST.get(name, "") for name in _FIELDS},
    }  # fmt: skip
    return render(request, "web/tax/file.html", context, status=422 if problems else 200)


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
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"accompagnamento-{number}.pdf") or "attachment"  # noqa: FBT003
    return answer
