"""What the visitor statistics need of a stay: asked once, guest by guest, with or without names (spec flussi-turistici 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from locanda.archive.models import Guest, Segment, Stay
from locanda.core.problems import Problem, render_all
from locanda.core.time import rome_day
from locanda.office.clock import now as office_now
from locanda.office.statistics import guest_facts
from locanda.office.statistics.guest_facts import Asked, Missing
from locanda.office.tables import in_force
from locanda.office.tax import facts, stay_story
from locanda.places import State
from locanda.web import stay_flows_form as forms
from locanda.web.gate import Seat, door
from locanda.web.residence_field import RESIDENCE_FIELDS
from locanda.web.seen import overtaken, seen_now, written_over
from locanda.web.stay_flows_form import Sheet
from locanda.web.templatetags.words import Field
from locanda.web.views.check_in import same_as
from locanda.web.words import language, say

__all__ = ["FACTS", "FlowsSeen", "flows_seen", "stay_flows"]

FACTS = ("residence", "sex", "birth_date", "citizenship", "birth_place", "role", "units", "other")
"""What may be missing, as it is told."""


class FlowsSeen(NamedTuple):
    """The statistics of a stay in a line: what is missing, in words."""

    portal: str
    missing: list[str]
    closed: bool


def flows_seen(stay: Stay) -> FlowsSeen:
    """For the page of the stay."""
    asked = guest_facts.asked_of(stay)
    return FlowsSeen(asked.portal, _in_words(guest_facts.missing(stay, asked)), guest_facts.closed(stay))


def _in_words(missing: Sequence[Missing]) -> list[str]:
    """Each fact once, with how many guests lack it."""
    lacking: dict[str, set[int | None]] = defaultdict(set)
    for one in missing:
        fact = "residence" if one.fact.startswith("residence") else "birth_place" if one.fact == "birth_comune" else one.fact
        lacking["birth_place" if fact == "birth_state" else fact].add(one.place)
    return [_lacking(fact, len(places), of_guests=None not in places) for fact, places in lacking.items()]


def _lacking(fact: str, count: int, *, of_guests: bool) -> str:
    words = say(f"flow_fact.{fact if fact in FACTS else 'other'}")
    if not of_guests:
        return words
    return f"{words}: " + (say("stay_flows.one_guest") if count == 1 else say("stay_flows.guests", n=count))


@require_http_methods(["GET", "HEAD", "POST"])
@door()
def stay_flows(request: HttpRequest, stay: UUID) -> HttpResponse:
    """What is known and what is missing; POST: more is known now."""
    seat: Seat = request.seat
    row: Stay = seat.one(seat.stays().filter(status=Stay.Status.CHECKED_IN), stay)
    rows = facts.guests_of(row.account_id, [row.pk]).get(row.pk, [])
    asked = guest_facts.asked_of(row)
    if request.method != "POST":
        return _page(request, row, rows, asked, _as_it_is(row, rows, asked), [])
    sheet = forms.typed(request.POST, len(rows))
    what, _, number = request.POST.get("do", "save").partition(":")
    if what == "same" and number.isascii() and number.isdigit() and 0 < int(number) < len(rows):
        first, mine = sheet.guests[0], sheet.guests[int(number)]
        same = all(first[name] == mine[name] for name in RESIDENCE_FIELDS)
        mine.update({name: "" if same else first[name] for name in RESIDENCE_FIELDS})
        return _page(request, row, rows, asked, sheet, [], focus=f"g{number}-residence")
    found: list[Problem] = []
    on = rome_day(row.arrival)
    asks_channel = asked.takes("channel") and not _of_the_tax(row)
    values, guests = forms.read(sheet, asked, in_force().places, on, found, channel=asks_channel)
    told = _flat(_as_it_is(row, rows, asked))
    late = [] if found else written_over(request.POST.get("seen", ""), told, _flat(sheet))
    if late:
        return _page(request, row, rows, asked, sheet, [], late=[(name, told[name]) for name in late])
    if not found:
        found = guest_facts.change(row, values, guests, now=office_now(), person=seat.person)
    if found:
        return _page(request, row, rows, asked, sheet, found)
    messages.success(request, say("stay_flows.saved"))
    return redirect("stay_flows" if guest_facts.missing(row, asked) else "stay", stay=row.pk)


def _as_it_is(row: Stay, rows: Sequence[Guest], asked: Asked) -> Sheet:
    kept = facts.facts_of(row).get("guests") or ()
    return forms.sheet_of(facts.shape_of(row, rows), kept, asked, in_force().places, rome_day(row.arrival))


def _flat(sheet: Sheet) -> dict[str, Any]:
    """Every field of the sheet by its name; the code of a place stands for what is written beside it."""
    guests = {
        f"g{place}-{name}": value for place, guest in enumerate(sheet.guests) for name, value in guest.items()
        if not name.endswith("-code")
    }  # fmt: skip
    return {**sheet.stay, "units": sheet.units, **guests}


_LABELS = {
    "residence": "residence.title", "residence_place": "residence.place", "counts": "stay_flows.counts", "bed": "stay_flows.bed",
    "profession": "stay_flows.profession", "units": "stay_flows.units",
}  # fmt: skip
_READABLE = ("residence", "residence_place", "profession")


def _changed(late: Sequence[tuple[str, Any]], names: Sequence[str]) -> str:
    """What another window changed, guest by guest."""
    told = []
    for ident, value in late:
        guest, _, name = ident.rpartition("-")
        label = say(_LABELS.get(name, f"flow_list.{name}"))
        label = f"{names[int(guest[1:])]}, {label}" if guest else label
        told.append((label, str(value) if name in _READABLE else None))
    return overtaken(told)


def _of_the_tax(row: Stay) -> str:
    """The channel where the tax of the comune reads it and it was said there: it is changed there only."""
    channel = str(facts.facts_of(row).get("channel") or "")
    story = stay_story.story_of(row) if channel else None
    words = story.asked.words_of("channel") if story is not None and story.asked is not None else ()
    return channel if channel in words else ""


def _page(
    request: HttpRequest, row: Stay, rows: Sequence[Guest], asked: Asked, sheet: Sheet, problems: Sequence[Problem], *,
    focus: str = "", late: Sequence[tuple[str, Any]] = (),
) -> HttpResponse:  # fmt: skip
    beside: dict[str, list[dict[str, str]]] = defaultdict(list)
    summary = []
    for problem, words in zip(problems, render_all(problems, language()), strict=True):
        field = forms.field_of(problem.where)
        if field is not None:
            beside[field].append(words)
        summary.append({**words, "field": field})
    missing = guest_facts.missing(row, asked)
    names = [_label(row, guest, place + 1) for place, guest in enumerate(rows)]
    if late:
        summary.append({"message": _changed(late, names)})
    of_the_tax = _of_the_tax(row)
    context = {
        "stay": row, "asked": asked, "summary": summary, "focus": focus, "closed": guest_facts.closed(row),
        "missing": _in_words(missing), "guests": _guests(rows, names, asked, sheet, beside, missing),
        "together": [
            (Field(name, sheet.stay[name], "", beside.get(name, ())), f"flow_list.{name}",
             forms.choices(name, sheet.stay[name], empty=say("stay_flows.not_known")))
            for name in (*forms.TOGETHER, "channel") if asked.takes(name) and not (name == "channel" and of_the_tax)
        ],
        "tax_channel": of_the_tax if asked.takes("channel") else "",
        "units": [(unit, unit in sheet.units) for unit in (*(asked.units or ()), *_elsewhere(asked, sheet))],
        "units_field": Field("units", sheet.stay["units"], "", beside.get("units", ())),
        "record": Segment.objects.of(row.account_id).filter(party__stay=row, index=0).order_by("party__position").first(),
        "seen": (not late and request.POST.get("seen")) or seen_now(_flat(_as_it_is(row, rows, asked))),
        "counting": [("yes", say("form.yes")), ("no", say("form.no"))],
    }  # fmt: skip
    return render(request, "web/flows/stay.html", context, status=422 if summary else 200)


def _elsewhere(asked: Asked, sheet: Sheet) -> list[str]:
    """Units said before that the property no longer has: they do not vanish unasked."""
    return [unit for unit in sheet.units if unit not in asked.units] if asked.units else []


def _label(row: Stay, guest: Guest, number: int) -> str:
    """The name while the record lives; else what is left of the person."""
    if name := stay_story.name_of(row, guest):
        return name
    born = str(guest.birth_date.year) if guest.birth_date else ""
    told = [say("check_in.guest", n=number), born, say(f"sex.{guest.sex}") if guest.sex else ""]
    return ", ".join(part for part in told if part)


def _guests(
    rows: Sequence[Guest], names: Sequence[str], asked: Asked, sheet: Sheet, beside: dict[str, list[dict[str, str]]],
    missing: Sequence[Missing],
) -> list[dict[str, Any]]:  # fmt: skip
    places = in_force().places
    found = []
    for place, (guest, name, typed) in enumerate(zip(rows, names, sheet.guests, strict=True)):

        def field(key: str, typed: dict[str, str] = typed, place: int = place) -> Field:
            ident = f"g{place}-{key}"
            return Field(ident, typed[key], typed.get(f"{key}-code", ""), beside.get(ident, ()))

        citizen = places.state(guest.citizenship) if guest.citizenship else None
        differs = [
            (field(key), f"flow_list.{key}", [*forms.choices(key, typed[key], empty=say("stay_flows.as_all")),
             (forms.UNSAID, say("stay_flows.not_known"))])
            for key in forms.TOGETHER if asked.takes(key) and len(rows) > 1
        ]  # fmt: skip
        found.append({
            **same_as(sheet.guests, place, names[0]),
            "index": place, "first": place == 0, "name": name, "row": guest,
            "citizenship": citizen.label if isinstance(citizen, State) else "",
            "in_italy": typed["residence-code"].startswith("4"),
            "residence": field("residence"), "residence_place": field("residence_place"),
            "counts": field("counts"), "reasons": forms.reasons(typed["counts"]),
            "bed": field("bed") if asked.takes("occupies_bed") else None,
            "differs": differs, "open": any(typed[key] for key in forms.TOGETHER),
            "education": field("education") if asked.takes("education") else None,
            "educations": forms.choices("education", typed["education"], empty=say("stay_flows.not_known")),
            "profession": field("profession") if asked.takes("profession") else None,
            "lacking": _in_words([one._replace(place=None) for one in missing if one.place == place]),
        })  # fmt: skip
    return found
