"""The check-in sheet and its drafts (TULPS art. 109). Nothing typed is ever lost, nor kept in clear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from locanda.archive.models import Property, Stay, Unit
from locanda.core.problems import Problem, render_all
from locanda.core.time import ROME, rome_day
from locanda.office import check_in as office
from locanda.office.clock import now as office_now
from locanda.office.engine import engine
from locanda.office.schedine import LATE
from locanda.office.tables import in_force
from locanda.web import check_in_form as sheets
from locanda.web import draft_seen
from locanda.web.check_in_form import Typed
from locanda.web.digits import is_count
from locanda.web.gate import FRONT_DESK, Seat, door
from locanda.web.residence_field import RESIDENCE_FIELDS
from locanda.web.templatetags.words import Field
from locanda.web.time_words import typed_day
from locanda.web.words import language, say

__all__ = [
    "check_in", "delete_draft", "document_choices", "drafts", "guest_fields", "property_and_unit", "same_as", "usual_documents",
]  # fmt: skip

CONSENTS = ("said_in_person", "signed_paper")
_TWICE = frozenset({"stay.already_checked_in", "guest.already_registered"})
HOWS = ("in_person", "live_video_at_entry", "passive_remote")


@require_http_methods(["GET", "POST"])
@door(see=FRONT_DESK)
def check_in(request: HttpRequest, draft: UUID | None = None) -> HttpResponse:
    """Register an arrival; or go on with a draft."""
    seat: Seat = request.seat
    row = _kept(seat, request) if draft is None else seat.one(seat.stays().exclude(status=Stay.Status.CANCELLED), draft)
    if row is not None and row.status != Stay.Status.DRAFT:  # registered a moment ago, by a second tap or another window
        return redirect("stay", stay=row.pk)
    now = office_now()
    if request.method == "GET":
        return _page(request, _first(seat, row, now), row)
    typed = sheets.typed(request.POST)
    what, _, number = request.POST.get("do", "check_in").partition(":")
    index = min(int(number), len(typed.guests) - 1) if is_count(number) else 0
    if what == "add":
        typed.guests.append(sheets.blank_guest())
        return _page(request, typed, row, focus=f"g{len(typed.guests) - 1}-surname")
    if what == "remove" and len(typed.guests) > 1:
        del typed.guests[index]
        return _page(request, typed, row, focus=f"g{max(index - 1, 0)}-surname")
    if what == "same" and index:
        sheets.same_residence(typed.guests, index)
        return _page(request, typed, row, focus=f"g{index}-residence")
    if what == "recall":
        return _recalled(request, typed, row, index)
    if late := draft_seen.written_over_in(row, typed, request.POST.get("seen", "")):
        return _page(request, typed, row, late=late)
    return _register(request, typed, row, now, only_keep=what == "draft")


def _register(request: HttpRequest, typed: Typed, row: Stay | None, now: datetime, *, only_keep: bool) -> HttpResponse:
    seat: Seat = request.seat
    if typed.stay["kind"] == "alone":
        typed = typed._replace(guests=[one for one in typed.guests if any(one.values())] or typed.guests[:1])
    shape, problems = sheets.shape_of(typed, lambda: in_force().places)
    property, unit = property_and_unit(seat, typed.stay["place"])
    if property is None:
        return _page(request, typed, row, problems=[Problem("form.place.missing", "place"), *problems])
    if unit is not None:
        shape["units"] = [unit.name]
    if only_keep:
        _keep(request, property, unit, shape, typed, now, row)
        return redirect("drafts")
    identified, token = _identified(typed, now, problems), _token(request)
    told = {problem.where for problem in problems}
    outcome = office.check_in(
        property, shape, identified=identified, now=now, person=seat.person, unit=unit, draft=row,
        accept_late=bool(typed.stay["accept_late"]), stay_id=token, unread=problems,
        remembered={f"g{place + 1}": one["remember"] for place, one in enumerate(typed.guests) if one["remember"] in CONSENTS},
    )  # fmt: skip
    if outcome.stay is None and (twin := _registered(seat, outcome.problems, row.pk if row else token)):
        return redirect("stay", stay=twin.pk)
    if outcome.stay is None:
        problems += [problem for problem in outcome.problems if not _told(problem, told)]
        row = _keep(request, property, unit, shape, typed, now, row)
        return _page(request, typed, row, problems=problems)
    if property.send_on_check_in:
        engine().wake()
    return redirect("stay", stay=outcome.stay.pk)


def _token(request: HttpRequest) -> UUID | None:
    """The id that the sheet was given when it was opened: sent twice, it registers once."""
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def _kept(seat: Seat, request: HttpRequest) -> Stay | None:
    """The draft that a new sheet has become: it was sent before, and something was wrong in it."""
    token = _token(request) if request.method == "POST" else None
    return seat.stays().filter(pk=token, status=Stay.Status.DRAFT).first() if token else None


def _registered(seat: Seat, problems: Sequence[Problem], key: UUID | None) -> Stay | None:
    if key is None or _TWICE.isdisjoint(problem.code for problem in problems):
        return None
    return seat.stays().filter(pk=key, status=Stay.Status.CHECKED_IN).first()


def _told(problem: Problem, told: set[str]) -> bool:
    """Whether the sheet has said the same already, in its own words."""
    where = problem.where
    return (
        where in told
        or ("kind" in told and where.endswith("].role"))
        or ("identification.at" in told and where == "identification")
    )


def _identified(typed: Typed, now: datetime, problems: list[Problem]) -> office.Identified:
    how, at = typed.stay["how"], now
    try:
        at = datetime.fromisoformat(typed.stay["at"]).replace(tzinfo=ROME)
    except ValueError:
        problems.append(Problem.of("form.day.unreadable", "identification.at", value=typed.stay["at"][:20]))
        how = ""
    return office.Identified(how, typed.stay["by"], at)


def property_and_unit(seat: Seat, text: str) -> tuple[Property | None, Unit | None]:
    """The property, and the unit, of ``property`` or ``property:unit``."""
    key, _, unit_key = text.partition(":")
    try:
        property = (
            seat.properties().select_related(None).select_related("credential").filter(pk=UUID(key), closed_at=None).first()
        )
        unit_id = UUID(unit_key) if unit_key else None
    except ValueError:
        return None, None
    if property is None:
        return None, None
    property.account = seat.account
    if unit_id is None:
        return property, None
    unit = Unit.objects.of(seat.account).filter(pk=unit_id, property=property).first()
    return (property, unit) if unit is not None else (None, None)


# --------------------------------------------------------------------------------------------------------------- drafts


def _draft(seat: Seat, key: UUID) -> Stay:
    row: Stay = seat.one(seat.stays().filter(status=Stay.Status.DRAFT), key)
    return row


def _keep(
    request: HttpRequest, property: Property, unit: Unit | None, shape: dict[str, Any], typed: Typed, now: datetime,
    row: Stay | None,
) -> Stay:  # fmt: skip
    """Keep the stay as far as it goes, and beside it the fields letter for letter."""
    kept = {**shape, "sheet": {"stay": typed.stay, "guests": typed.guests}}
    return office.save_draft(
        property, kept, now=now, person=request.seat.person, draft=row, unit=unit, stay_id=_token(request)
    )  # fmt: skip


def _first(seat: Seat, row: Stay | None, now: datetime) -> Typed:
    """The sheet as it opens: empty, or what a draft holds."""
    by = str(seat.person)
    if row is None:
        places = _places(seat)
        return sheets.blank(now, by, places[0][0] if len(places) == 1 else "")
    if sheet := draft_seen.sheet_of(row):
        return sheet
    kept = office.draft_of(row)
    place = f"{row.property_id}:{row.unit_id}" if row.unit_id else str(row.property_id)
    return sheets.typed_of(kept, in_force().places, now, by, place)


@door(see=FRONT_DESK)
def drafts(request: HttpRequest) -> HttpResponse:
    """What was begun and not yet registered."""
    seat: Seat = request.seat
    mine = [row for row in office.drafts(seat.account) if seat.only is None or row.property_id in seat.only]
    return render(request, "web/drafts.html", {"drafts": [(row, _names(office.draft_of(row))) for row in mine]})


def _names(shape: dict[str, Any]) -> str:
    guests = [guest for guest in shape.get("guests") or () if isinstance(guest, dict)]
    return ", ".join(f"{one.get('surname') or ''} {one.get('name') or ''}".strip() for one in guests).strip(", ")


@require_POST
@door(see=FRONT_DESK)
def delete_draft(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Throw a draft away, key and all."""
    office.delete_draft(_draft(request.seat, draft))
    return redirect("drafts")


# ----------------------------------------------------------------------------------------------------------- the page


def _recalled(request: HttpRequest, typed: Typed, row: Stay | None, index: int) -> HttpResponse:
    """Fill a guest from one who agreed to be remembered, by the number of the document."""
    number = typed.guests[index]["doc_number"]
    found = office.recall(request.seat.account, number) if number else None
    if found is None:
        return _page(request, typed, row, focus=f"g{index}-doc_number", said=say("check_in.recall_none"))
    typed.guests[index] = sheets.guest_typed(found, in_force().places, rome_day(office_now()))
    return _page(request, typed, row, focus=f"g{index}-surname", said=say("check_in.recall_found"))


def _places(seat: Seat) -> list[tuple[str, str]]:
    """Every property and unit that a guest may be put in."""
    found = []
    for property in seat.properties().filter(closed_at=None).prefetch_related("units"):
        units = list(property.units.all())
        found.append((str(property.pk), property.name))
        found += [(f"{property.pk}:{unit.pk}", f"{property.name}, {unit.name}") for unit in units]
    return found


def guest_fields(index: int, guest: dict[str, str], problems: dict[str, list[dict[str, str]]]) -> dict[str, Any]:
    """One guest as the template wants it."""
    fields = {
        name: Field(f"g{index}-{name}", guest[name], guest.get(f"{name}-code", ""), problems.get(f"g{index}-{name}", ()))
        for name in sheets.GUEST_FIELDS
    }
    birth = typed_day(guest["birth_date"])
    abroad = bool(guest["birth_state"]) and guest["birth_state"].upper() not in ("ITALIA", "IT", "ITALY")
    return {
        **fields, "index": index, "number": index + 1, "first": index == 0, "on": f"{birth:%Y-%m-%d}" if birth else "",
        "abroad": abroad and not guest["birth_comune"], "in_italy": guest["residence-code"].startswith("4"),
    }  # fmt: skip


def same_as(guests: Sequence[dict[str, str]], index: int, head: str) -> dict[str, Any]:
    """What the button says that copies the residence of the first guest, and whether it is the same by now."""
    first, mine = guests[0], guests[index]
    same = bool(first["residence"]) and all(first[name] == mine[name] for name in RESIDENCE_FIELDS)
    return {"same_as": f"{say('residence.same_as')} {head}" if head else say("residence.same_as_first"), "is_same": same}


def _called(guest: dict[str, str]) -> str:
    return f"{guest['surname']} {guest['name']}".strip()


def usual_documents() -> list[tuple[str, str]]:
    """The four types that nearly everybody carries: one tap each."""
    return [(code, say(f"doc.{code}")) for code in in_force().documents.usual]


def document_choices() -> list[tuple[str, str]]:
    """The usual four types first, then all of the police table."""
    documents = in_force().documents
    others = [
        (code, name) for code, name in sorted(documents.types.items(), key=lambda item: item[1]) if code not in documents.usual
    ]
    return [("", say("form.choose")), *usual_documents(), *others]


def _page(
    request: HttpRequest, typed: Typed, row: Stay | None, *, problems: Sequence[Problem] = (), focus: str = "", said: str = "",
    late: Sequence[tuple[str, str]] = (),
) -> HttpResponse:  # fmt: skip
    beside: dict[str, list[dict[str, str]]] = defaultdict(list)
    summary = []
    for problem, words in zip(problems, render_all(problems, language()), strict=True):
        field = sheets.field_of(problem.where)
        if field is not None:
            beside[field].append(words)
        summary.append({**words, "field": field, "guest": _number(problem.where)})
    seat: Seat = request.seat
    if late:
        summary.append({"message": draft_seen.in_words(late, many=len(typed.guests) > 1)})
    after_time = bool(typed.stay["accept_late"]) or any(problem.code == LATE for problem in problems)
    kept_open = "" if late or problems else request.POST.get("seen", "")  # with problems it has just been kept as it stands
    context = {
        "stay": {name: Field(name, typed.stay[name], "", beside.get(name, ())) for name in sheets.STAY_FIELDS},
        "guests": [
            {**guest_fields(index, guest, beside), **same_as(typed.guests, index, _called(typed.guests[0]))}
            for index, guest in enumerate(typed.guests)
        ],
        "many": len(typed.guests) > 1,
        "summary": summary,
        "places": _places(seat),
        "kinds": [(kind, say(f"kind.{kind}")) for kind in sheets.KINDS],
        "sexes": [(sex, say(f"sex.{sex}")) for sex in ("F", "M")],
        "hows": [(how, say(f"how.{how}")) for how in HOWS],
        "consents": [("", say("consent.none")), *((one, say(f"consent.{one}")) for one in CONSENTS)],
        "documents": document_choices(),
        "usual": usual_documents(),
        "draft": row,
        "late": after_time,
        "seen": kept_open or draft_seen.seen_of(row),
        "token": request.POST.get("token") or uuid4(),
        "focus": focus,
        "said": said,
        "italy": sheets.ITALY_FIELD,
    }
    return render(request, "web/check_in.html", context, status=422 if problems or late else 200)


def _number(where: str) -> int | None:
    found = sheets.field_of(where) or ""
    return int(found[1 : found.index("-")]) + 1 if found.startswith("g") and "-" in found else None
