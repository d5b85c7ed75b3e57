"""A request about the police credentials: the case, the papers as scans, then one PDF and the mail to the office of the place.

The scans are never stored: what was made of them is kept sealed for a day, for whoever made it, and is gone.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locanda.archive.models import PreparedRequest, Property
from locanda.core.problems import Problem
from locanda.law.packs import PaperNeeded
from locanda.letters.credential_request import Applicant
from locanda.letters.single_pdf import Scan
from locanda.letters.uploads import SCAN_MAX
from locanda.office import credential_file, prepared_requests
from locanda.office.clock import now as office_now
from locanda.web.duty_forms import RequestForm
from locanda.web.duty_look import two
from locanda.web.files import MAIL, PDF, file_answer
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.office_look import office_seen
from locanda.web.time_words import moment
from locanda.web.uploads import uploads
from locanda.web.words import language, say

__all__ = ["file", "kinds", "ready", "request_kind", "sent", "throw_away"]

_FORMATS = {"pdf": PDF, "eml": MAIL}


class ProblemSeen(NamedTuple):
    """A problem in words, and the field where it is put right."""

    text: str
    hint: str
    anchor: str = ""


class PaperSeen(NamedTuple):
    """A paper of the list with its field and what is wrong with it."""

    key: str
    title: str
    condition: str
    fact: str
    applies: bool
    problems: list[ProblemSeen]


_SELF_CHECK = "police-fitness"
_EFFECTS = {"bars": "request.bars", "may_bar": "request.may_bar"}
_FIELDS = {
    "applicant.name": "id_name", "applicant.tax_code": "id_tax_code", "applicant.pec": "id_pec", "applicant.email": "id_email",
    "applicant.quality": "id_quality", "account": "id_account",
}  # fmt: skip
"""Where a fact of the request is typed."""


def _property(request: HttpRequest, key: UUID) -> Property:
    row: Property = request.seat.one(request.seat.properties(), key)
    return row


@require_safe
@door(see=MANAGER, do=MANAGER)
def kinds(request: HttpRequest, property: UUID) -> HttpResponse:
    """What is asked for, and what is ready and not sent yet."""
    row, now = _property(request, property), office_now()
    ready = [
        (one.row, moment(one.until, now)) for one in prepared_requests.mine(row, now=now, person=request.seat.person)
    ]  # fmt: skip
    context = {"property": row, "kinds": credential_file.KINDS, "ready": ready}
    return render(request, "web/calendar/request.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def request_kind(request: HttpRequest, property: UUID, kind: str) -> HttpResponse:
    """The papers, who asks, and whatever is missing beside its field."""
    seat: Seat = request.seat
    row = _property(request, property)
    now = office_now()
    posted = request.method == "POST"
    agency = (request.POST if posted else request.GET).get("agency") == "1"
    facts = tuple(request.POST.getlist("fact"))[:20]
    what = credential_file.needed(row, kind, now=now, agency=agency, facts=facts) if kind in credential_file.KINDS else None
    if what is None:
        raise Http404
    initial = {"name": seat.person.get_full_name(), "email": seat.person.email, "account": what.account, "quality": "manager"}
    form = RequestForm(request.POST if posted else None, initial=initial, kind=kind, routes=what.request.routes)
    problems: list[Problem] = []
    names: list[str] = []
    if posted and form.is_valid():
        scans = [
            Scan(paper.key, upload.content, upload.name)
            for paper in what.wanted
            for upload in uploads(request, paper.key, limit=SCAN_MAX)
        ]
        names = [scan.paper for scan in scans]
        told = form.cleaned_data
        applicant = Applicant(
            told["name"], told["tax_code"], told["quality"], told["firm"], told["email"], told["pec"], told["phone"],
            told.get("article_11", False),
        )  # fmt: skip
        built, problems = credential_file.build(
            row, kind, applicant, scans, now=now, agency=agency, facts=facts, account=told.get("account", ""),
            in_person=told.get("in_person", False),
        )  # fmt: skip
        if built is not None:
            kept = prepared_requests.put_away(row, kind, built, now=now, person=seat.person)
            return redirect("request_ready", property=row.pk, ready=kept.pk)
        for problem in problems:
            if (field := _FIELDS.get(problem.where, "").removeprefix("id_")) in form.fields:
                form.add_error(field, f"{problem.message(language())} {problem.hint(language())}".strip())
    context = _context(row, kind, what, form, problems, names) | {"agency": agency}
    return render(request, "web/calendar/request_kind.html", context, status=422 if problems or form.errors else 200)


def _context(
    row: Property, kind: str, what: credential_file.Needed, form: RequestForm, problems: list[Problem], names: list[str]
) -> dict[str, Any]:
    papers = what.request.papers
    keys = [entry.paper.id for entry in papers]
    found = [(_key_of(one, keys, names), _seen(one)) for one in problems]
    return {
        "property": row, "kind": kind, "case": what.request.case, "form": form, "unsure": what.request.unsure_papers,
        "office": office_seen(what.request.office.contact) if what.request.office else None,
        "choice": kind == "credentials" and what.request.case != "accommodation",
        "problems": [seen._replace(anchor=f"file-{key}" if key else seen.anchor) for key, seen in found],
        "papers": [
            PaperSeen(
                entry.paper.id, _title(entry.paper), two(entry.paper.condition) if entry.paper.condition else "",
                entry.depends_on or "", entry.required, [seen for key, seen in found if key == entry.paper.id],
            )
            for entry in papers
        ],
        "questions": [(two(question.text), say(_EFFECTS[question.effect])) for question in what.request.questions],
        "rules": [
            {"title": two(rule.title), "steps": list(map(two, rule.steps)), "refused": list(map(two, rule.refused))}
            for rule in what.request.rules
            if rule.id != _SELF_CHECK  # it stands beside its tick already
        ],
    }  # fmt: skip


def _title(paper: PaperNeeded) -> str:
    """The paper, and what is accepted in its place."""
    return f"{two(paper)} ({' / '.join(paper.alternatives)})" if paper.alternatives else two(paper)


def _seen(problem: Problem) -> ProblemSeen:
    return ProblemSeen(problem.message(language()), problem.hint(language()), _FIELDS.get(problem.where, ""))


def _key_of(problem: Problem, keys: list[str], names: list[str]) -> str:
    """The paper whose field a problem belongs beside: ``papers[2]`` is of the list, ``scans[0]`` of what was uploaded."""
    place, _, rest = problem.where.partition("[")
    number = rest.partition("]")[0]
    among = {"papers": keys, "scans": names}.get(place, [])
    return among[int(number)] if number.isdigit() and int(number) < len(among) else ""


def _found(request: HttpRequest, property: UUID, ready: UUID) -> PreparedRequest:
    """Only who made it finds it again."""
    row = prepared_requests.find(_property(request, property), ready, now=office_now(), person=request.seat.person)
    if row is None:
        raise Http404
    return row


@require_safe
@door(see=MANAGER, do=MANAGER)
def ready(request: HttpRequest, property: UUID, ready: UUID) -> HttpResponse:
    """The PDF and the mail, with what to look at before sending."""
    row = _found(request, property, ready)
    built = prepared_requests.open_again(row)
    context = {
        "property": row.property, "kind": row.kind, "ready": ready, "notes": [_seen(note) for note in built.notes],
        "sections": [(section.title, section.page) for section in built.pdf.sections],
        "in_person": not built.letter.attachments,  # a mail that asks for an appointment carries no PDF
        "until": moment(row.made_at + prepared_requests.KEPT, office_now()),
    }  # fmt: skip
    return render(request, "web/calendar/request_ready.html", context)


@require_safe
@door(see=MANAGER, do=MANAGER)
def file(request: HttpRequest, property: UUID, ready: UUID, format: str) -> HttpResponse:
    """The bytes: ``pdf`` to print or attach, ``eml`` to open in a mail program."""
    row = _found(request, property, ready)
    if format not in _FORMATS:
        raise Http404
    built = prepared_requests.open_again(row)
    content = built.pdf.content if format == "pdf" else built.eml(office_now())
    return file_answer(content, f"{row.kind}-{row.property.name}.{format}", _FORMATS[format])


@require_POST
@door(do=MANAGER)
def sent(request: HttpRequest, property: UUID, ready: UUID) -> HttpResponse:
    """It was sent: the duty, where there is one, is done, and the PDF is its proof."""
    row = _found(request, property, ready)
    mark, problems = credential_file.keep(
        row.property, row.kind, prepared_requests.open_again(row), now=office_now(), person=request.seat.person,
        number=request.POST.get("number", ""),
    )  # fmt: skip
    for problem in problems:
        messages.error(request, f"{problem.message(language())} {problem.hint(language())}")
    if problems:
        return redirect("request_ready", property=row.property_id, ready=ready)
    prepared_requests.throw_away(row)
    if mark is None:
        messages.success(request, say("request.gone_out"))
        return redirect("request", property=row.property_id)
    messages.success(request, say("duty.marked"))
    return redirect("duty", property=row.property_id, obligation=mark.obligation, subject=mark.subject)


@require_POST
@door(do=MANAGER)
def throw_away(request: HttpRequest, property: UUID, ready: UUID) -> HttpResponse:
    """It is not wanted any more."""
    prepared_requests.throw_away(_found(request, property, ready))
    messages.success(request, say("request.thrown_away"))
    return redirect("request", property=property)
