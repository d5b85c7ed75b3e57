"""The declarations of a year to a comune: what is missing, drafts to read, prepared and sent with their proof."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from locanda import papers
from locanda.archive.models import TaxDeclaration
from locanda.core.time import ROME, rome_day
from locanda.law.deadlines import day_of
from locanda.office import duty_marks
from locanda.office.clock import now as office_now
from locanda.office.tax import declarations, yearly
from locanda.office.tax.explained import TO_EXPLAIN
from locanda.office.tax.payers import Payer, payers
from locanda.office.tax.year import FormState, year_view
from locanda.web.files import file_answer
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.tax_look import Told, payer_at, properties_of, sources_seen, tell
from locanda.web.time_words import moment, short_date, typed_day
from locanda.web.uploads import uploads
from locanda.web.words import language, say

__all__ = ["TYPED", "WAYS", "declaration", "declaration_at", "draft", "prepare", "sent", "year", "year_at"]

TYPED = ("place", "signed_on", "difference_reason", "replaces_why")
"""What only the operator knows of a form that is signed."""
WAYS = ("pec", "desk", "post", "portal", "fax")


class FormSeen(NamedTuple):
    """A paper of the year as the page shows it. ``problems`` keep it from being made; what is ``asked`` is typed with it."""

    state: FormState
    title: str
    purpose: str
    due: str
    problems: list[Told]
    asked: list[Told]
    notes: list[Told]
    signed: bool
    replaces: bool
    kept: list[tuple[TaxDeclaration, str]]
    in_file: bool


def year_at(request: HttpRequest, payer: str, year: str) -> tuple[Payer, int]:
    found, _ = payer_at(request, payer, whole=True)
    if not (year.isdecimal() and len(year) == 4 and 2000 <= int(year) <= 2100):
        raise Http404
    return found, int(year)


@require_safe
@door()
def year(request: HttpRequest, payer: str, year: str) -> HttpResponse:
    """What is missing, then paper by paper."""
    found, number = year_at(request, payer, year)
    now = office_now()
    seen = year_view(request.seat.account, found, number, rome_day(now))
    waiting = seen.file is not None and seen.file.state == TaxDeclaration.State.PREPARED
    held = {one.pk for one in yearly.parts_of(seen.file)} if seen.file is not None and waiting else set()
    checks = [
        ("stuck", seen.stuck, ""), ("differences", seen.differences, "agreement"), ("unreferenced", seen.unreferenced, ""),
        ("unsent", seen.unsent, ""), ("unsigned", int(seen.unsigned), ""),
    ]  # fmt: skip
    context = {
        "payer": found, "year": number, "over": seen.over, "forms": [_form(one, now, held) for one in seen.forms], "ways": WAYS,
        "checks": [(name, count, there) for name, count, there in checks], "unexplained": seen.unexplained,
        "sources": sources_seen(seen.totals), "file": seen.file,
        "today": rome_day(now),
    }  # fmt: skip
    return render(request, "web/tax/year.html", context)


def _form(one: FormState, now: datetime, held: set[UUID]) -> FormSeen:
    asked = [problem for problem in one.draft.problems if problem.where == "difference_reason"]
    return FormSeen(
        one, say(f"tax_paper_title.{one.form}"), papers.form(one.form).purpose.get(language(), ""),
        short_date(day_of(one.due.nominal)) if one.due else "",
        tell(problem for problem in one.draft.problems if problem not in asked), tell(asked), tell(one.draft.notes),
        one.form in declarations.SIGNED,
        any(row.state == TaxDeclaration.State.SENT for row in one.kept),
        [(row, moment(row.sent_at or row.prepared_at, now)) for row in one.kept],
        one.latest is not None and one.latest.pk in held,
    )  # fmt: skip


@require_safe
@door()
def draft(request: HttpRequest, payer: str, year: str, tax_form: str) -> HttpResponse:
    """The paper as it would be today, marked as a draft."""
    found, number = year_at(request, payer, year)
    if tax_form not in declarations.FORMS:
        raise Http404
    on = rome_day(office_now())
    made = declarations.draft(request.seat.account, found, tax_form, number, on=on, reading=True)
    if made.problems and tax_form in declarations.SIGNED:  # a reason is asked when it is signed, not to read a draft
        made = declarations.draft(
            request.seat.account, found, tax_form, number, on=on, more={"difference_reason": TO_EXPLAIN}, reading=True
        )
    try:
        content = declarations.pdf(made, on=on)
    except papers.Unprintable:
        for one in tell(made.problems):
            messages.error(request, f"{one.text} {one.hint}")
        return redirect("tax_year", payer=payer, year=year)
    return file_answer(content, f"bozza-{tax_form}-{number}.pdf")


@require_POST
@door(do=MANAGER)
def prepare(request: HttpRequest, payer: str, year: str, tax_form: str) -> HttpResponse:
    """Keep the paper as it is today."""
    seat: Seat = request.seat
    found, number = year_at(request, payer, year)
    if tax_form not in declarations.FORMS:
        raise Http404
    more = {}
    if tax_form in declarations.SIGNED:
        more = {name: " ".join(request.POST.get(name, "").split())[:400] for name in TYPED}
    row, problems = declarations.prepare(
        seat.account, found, tax_form, number, now=office_now(), person=seat.person, more=more
    )
    for one in tell(problems):
        messages.error(request, f"{one.text} {one.hint}")
    if row is not None:
        messages.success(request, say("tax_year.prepared"))
    return redirect("tax_year", payer=payer, year=year)


def declaration_at(request: HttpRequest, key: UUID) -> tuple[TaxDeclaration, Payer]:
    """A paper of properties that this person works for, all of them."""
    seat: Seat = request.seat  # type: ignore[attr-defined]
    printed = [*declarations.FORMS, yearly.FORM]
    rows = TaxDeclaration.objects.of(seat.account).filter(property__in=seat.properties(), form__in=printed)
    rows = rows.select_related("account", "property")
    row: TaxDeclaration = seat.one(rows, key)
    mine = payers(seat.account, properties_of(seat))
    found = next((one for one in mine if row.property_id in [place.pk for place in one.properties]), None)
    if found is None:
        raise Http404
    return row, payer_at(request, found.key, whole=True)[0]


@require_safe
@door()
def declaration(request: HttpRequest, declaration: UUID) -> HttpResponse:
    """The PDF as it was made."""
    row, _ = declaration_at(request, declaration)
    return file_answer(declarations.content(row), f"{row.form}-{row.period}.pdf")


@require_POST
@door(do=MANAGER)
def sent(request: HttpRequest, declaration: UUID) -> HttpResponse:
    """It went to the comune, with whatever proves it."""
    row, payer = declaration_at(request, declaration)
    if row.state != TaxDeclaration.State.PREPARED:
        raise Http404
    now = office_now()
    day = typed_day(request.POST.get("sent_on", ""))
    files = [duty_marks.File(*one) for one in uploads(request, "files", limit=duty_marks.PROOF_BYTES_MAX)]
    channel = request.POST.get("channel", "")
    send = yearly.sent if row.form == yearly.FORM else declarations.sent
    problems = send(
        row, payer, channel=channel if channel in WAYS else "", protocol=request.POST.get("protocol", ""), now=now,
        person=request.seat.person, sent_at=_at(day, now), files=files,
    )  # fmt: skip
    for one in tell(problems):
        messages.error(request, f"{one.text} {one.hint}")
    if not problems:
        messages.success(request, say("tax_year.sent_done"))
    return redirect("tax_file" if row.form == yearly.FORM else "tax_year", payer=payer.key, year=row.period)


def _at(day: date | None, now: datetime) -> datetime:
    """Noon of the day that was typed; a day to come stays one, and is refused."""
    if day is None or day == rome_day(now):
        return now
    return datetime(day.year, day.month, day.day, 12, tzinfo=ROME)
