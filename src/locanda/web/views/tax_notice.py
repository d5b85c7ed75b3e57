"""The notice to the guests: which amounts it will say, and the page to print in each language (spec imposta 3.5)."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from locanda.core.time import rome_day
from locanda.office.clock import now as office_now
from locanda.office.tax.guest_notice import LANGUAGES, notice_data, notice_pdf
from locanda.web.files import file_answer
from locanda.web.gate import door
from locanda.web.stay_tax_forms import in_words
from locanda.web.stay_tax_look import problem_words
from locanda.web.views.stay_tax import tell

__all__ = ["notice_page", "notice_print"]


@require_safe
@door()
def notice_page(request: HttpRequest, property: UUID) -> HttpResponse:
    """What the notice says, and its languages."""
    row = request.seat.one(request.seat.properties().select_related("operator__account"), property)
    on = rome_day(office_now())
    data, told = notice_data(row, on)
    _, problems, notes = notice_pdf(row, "it", on)
    lines = [(in_words(line.says), ", ".join(map(in_words, line.only))) for line in (told.rates if told else ())]
    parts = [
        (name, [(in_words(line.says), ", ".join(map(in_words, line.only))) for line in getattr(told, name)])
        for name in ("exemptions", "reductions") if told is not None
    ]  # fmt: skip
    context = {
        "property": row, "languages": LANGUAGES if data is not None and not problems else (), "told": told,
        "rates": lines, "to_rule": data is None and bool(row.comune),
        "parts": [one for one in parts if one[1]],
        "problems": [problem_words(one) for one in problems], "notes": [problem_words(one) for one in notes],
    }  # fmt: skip
    return render(request, "web/tax/notice.html", context)


@require_safe
@door()
def notice_print(request: HttpRequest, property: UUID, lang: str) -> HttpResponse:
    """One page, to be hung up."""
    row = request.seat.one(request.seat.properties().select_related("operator__account"), property)
    if lang not in LANGUAGES:
        raise Http404
    content, problems, _ = notice_pdf(row, lang, rome_day(office_now()))
    if problems:
        tell(request, problems, "form.saved")
        return redirect("tax_notice", property=row.pk)
    return file_answer(content, f"avviso-imposta-{lang}.pdf", attached=False)
