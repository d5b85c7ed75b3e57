"""A guest who does not pay the tax: Modello 4 or 5, the clock of 48 hours, how it reached the comune (spec imposta 3.5, 10)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locanda import papers
from locanda.archive.models import Guest, Stay, TaxRefusal
from locanda.core.time import ROME, parse_instant, rome_day
from locanda.letters.mail import eml
from locanda.office.clock import now as office_now
from locanda.office.duty_marks import PROOF_BYTES_MAX, File
from locanda.office.tax import collected_papers, facts, post, refusals, stay_story
from locanda.web.duty_look import euro
from locanda.web.files import MAIL, file_answer
from locanda.web.gate import Seat, door
from locanda.web.stay_tax_forms import RefusalForm, SentForm, guest_choices
from locanda.web.stay_tax_look import guest_label, problem_words
from locanda.web.uploads import uploads
from locanda.web.views.stay_tax import stay_at, tell
from locanda.web.words import say

__all__ = [
    "blank", "refusal", "refusal_cover", "refusal_eml", "refusal_pdf", "refusal_scan", "refusal_sent", "refusal_withdraw",
    "refuse",
]  # fmt: skip


def _people(row: Stay) -> tuple[list[Guest], list[str]]:
    people = facts.guests_of(row.account_id, [row.pk]).get(row.pk, [])
    return people, [guest_label(stay_story.name_of(row, guest), place) for place, guest in enumerate(people, 1)]


@require_http_methods(["GET", "HEAD", "POST"])
@door()
def refuse(request: HttpRequest, stay: UUID) -> HttpResponse:
    """The form to be signed, and writing down that it was."""
    row = stay_at(request, stay)
    people, names = _people(row)
    known = bool(people) and bool(refusals.guest_on_paper(row, people[0]).get("surname"))
    now = office_now()
    initial = {"form": "modello_4", "language": "it", "signed_at": f"{now.astimezone(ROME):%Y-%m-%dT%H:%M}"}
    data = request.POST if request.method == "POST" else None
    form = RefusalForm(data, initial=initial, guests=guest_choices(people, names), known=known)
    if data is not None and form.is_valid():
        told = form.cleaned_data
        chosen = [guest for guest in people if str(guest.pk) in told.get("guests", ())]
        signed = parse_instant(told["signed_at"]) if "T" in told["signed_at"] else None
        person = _person(row, chosen or people, told)
        if signed is None:
            form.add_error("signed_at", say("fact_field.wrong"))
        else:
            made, problems = refusals.record(
                row, told["form"], person, signed_at=signed, now=now, person=request.seat.person, guests=chosen,
                language=told["language"] or "it" if told["form"] == "modello_4" else "it", reason=told["reason"],
            )  # fmt: skip
            if made is not None:
                return redirect("refusal", refusal=made.pk)
            for problem in problems:
                name = problem.where.rpartition(".")[2]
                form.add_error(name if name in form.fields else None, problem_words(problem))
    context = {
        "stay": row, "form": form, "people": list(zip(people, names, strict=True)), "languages": ("it", "en", "es", "ru"),
        "due": euro(stay_story.story_of(row).owed.left),
        "held": [(one, euro(one.amount)) for one in refusals.refusals_of(row)],
    }  # fmt: skip
    return render(request, "web/tax/refuse.html", context, status=422 if form.errors else 200)


def _person(row: Stay, chosen: list[Guest], told: dict[str, Any]) -> dict[str, Any]:
    known = refusals.guest_on_paper(row, chosen[0]) if chosen else {}
    return known | {key: told[key].strip() for key in ("surname", "name") if told.get(key, "").strip()}


@require_safe
@door()
def blank(request: HttpRequest, stay: UUID, form: str) -> HttpResponse:
    """The form with what is known, and lines for the rest: to be signed at the desk."""
    row = stay_at(request, stay)
    people, _ = _people(row)
    chosen = [guest for guest in people if str(guest.pk) in request.GET.getlist("ospite")]
    person = {"surname": "", "name": "", **_person(row, chosen or people, {})}
    return _printed(request, row, form if form in refusals.FORMS else "modello_4", chosen, person)


def _printed(request: HttpRequest, row: Stay, form: str, chosen: list[Guest], person: dict[str, Any]) -> HttpResponse:
    named = {key: value or "…………………………" for key, value in person.items() if key in ("surname", "name")}
    data, found = refusals.form_data(form, row, chosen, person | named, signed_at=None)
    read, wrong = papers.read(form, data)
    if read is None or found:
        tell(request, [*found, *wrong], "form.saved")
        return redirect("refuse", stay=row.pk)
    tongue = request.GET.get("lingua", "it")
    tongue = tongue if tongue in papers.form(form).languages else "it"
    content = papers.write(form, read, language=tongue, on=rome_day(office_now()))
    return file_answer(content, f"{form}-{tongue}.pdf", attached=False)


def _refusal(request: HttpRequest, key: UUID) -> TaxRefusal:
    seat: Seat = request.seat
    rows = TaxRefusal.objects.of(seat.account).filter(property__in=seat.properties(), withdrawn_at=None)
    related = ("account", "property__operator", "property__account", "stay__account", "stay__property", "event__account")
    row: TaxRefusal = seat.one(rows.select_related(*related), key)
    return row


@require_safe
@door()
def refusal(request: HttpRequest, refusal: UUID) -> HttpResponse:
    """What is left to do: sign, send within 48 hours, keep the proof."""
    row = _refusal(request, refusal)
    return _page(request, row)


def _page(request: HttpRequest, row: TaxRefusal, form: SentForm | None = None) -> HttpResponse:
    now = office_now()
    office = post.office_of(row)
    initial = {"channel": "pec", "sent_at": f"{now.astimezone(ROME):%Y-%m-%dT%H:%M}"}
    scans = [one for one in collected_papers.papers_of(row.stay) if one.refusal_id == row.pk]
    context = {
        "refusal": row, "covers": post.cover_ways(row), "amount": euro(row.amount),
        "late": row.sent_at is None and row.due_at < now,
        "office": office, "pec": office.pec if office is not None and office.verified else "",
        "sent_form": form or SentForm(initial=initial),
        "scans": [(one, collected_papers.name_of(one)) for one in scans],
    }  # fmt: skip
    return render(request, "web/tax/refusal.html", context, status=422 if form is not None else 200)


@require_safe
@door()
def refusal_pdf(request: HttpRequest, refusal: UUID) -> HttpResponse:
    """The form with what was written down."""
    row = _refusal(request, refusal)
    return file_answer(refusals.pdf(row), f"{row.form}.pdf", attached=False)


@require_safe
@door()
def refusal_eml(request: HttpRequest, refusal: UUID) -> HttpResponse:
    """The message for certified mail, with the form in it."""
    row = _refusal(request, refusal)
    return file_answer(eml(post.refusal_letter(row), on=office_now()), f"{row.form}.eml", MAIL)


@require_safe
@door()
def refusal_cover(request: HttpRequest, refusal: UUID, way: str) -> HttpResponse:
    """The sheet on top of the form, for fax, registered post or the desk."""
    row = _refusal(request, refusal)
    if way not in post.cover_ways(row):
        raise Http404
    content, problems = post.refusal_cover(row, way, on=rome_day(office_now()))
    if problems:
        tell(request, problems, "form.saved")
        return redirect("refusal", refusal=row.pk)
    return file_answer(content, f"accompagnamento-{row.form}.pdf", attached=False)


@require_POST
@door()
def refusal_scan(request: HttpRequest, refusal: UUID) -> HttpResponse:
    """The signed form, photographed or scanned."""
    row = _refusal(request, refusal)
    files = [File(*one) for one in uploads(request, "files", limit=PROOF_BYTES_MAX)]
    problems = []
    for file in files or [File("", b"")]:
        problems += collected_papers.hold(
            row.stay, row.form, guest=None, signed_on=rome_day(row.signed_at), now=office_now(), person=request.seat.person,
            file=file, refusal=row,
        )[1]  # fmt: skip
    tell(request, problems, "tax_paper.kept")
    return redirect("refusal", refusal=row.pk)


@require_POST
@door()
def refusal_sent(request: HttpRequest, refusal: UUID) -> HttpResponse:
    """It went to the comune: the clock stops."""
    row = _refusal(request, refusal)
    form = SentForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    told = form.cleaned_data
    files = [File(*one) for one in uploads(request, "files", limit=PROOF_BYTES_MAX)]
    at = parse_instant(told["sent_at"]) if "T" in told["sent_at"] else None
    if at is None:
        form.add_error("sent_at", say("fact_field.wrong"))
        return _page(request, row, form)
    problems = refusals.sent(
        row, channel=told["channel"], protocol=told["protocol"], now=office_now(), person=request.seat.person, sent_at=at,
        files=files,
    )  # fmt: skip
    if problems:
        for problem in problems:
            form.add_error(problem.where if problem.where in form.fields else None, problem_words(problem))
        return _page(request, row, form)
    tell(request, [], "refusal.sent_well")
    return redirect("refusal", refusal=row.pk)


@require_POST
@door()
def refusal_withdraw(request: HttpRequest, refusal: UUID) -> HttpResponse:
    """They paid after all, or it was a mistake."""
    row = _refusal(request, refusal)
    problems = refusals.withdraw(row, why=request.POST.get("why", ""), now=office_now(), person=request.seat.person)
    tell(request, problems, "refusal.withdrawn")
    return redirect("refusal", refusal=row.pk) if problems else redirect("stay_tax", stay=row.stay_id)


