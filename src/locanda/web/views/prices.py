"""The prices of a year: written once, told to the region where it asks, printed to hang up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from locanda.archive.models import Property, YearPrices
from locanda.core.problems import Problem
from locanda.core.time import iso_day, rome_day
from locanda.office import prices as office
from locanda.office.clock import now as office_now
from locanda.web.duty_look import short_day
from locanda.web.files import file_answer
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.price_forms import ListForm, RowForm, row_forms
from locanda.web.seen import overtaken, seen_now, written_over
from locanda.web.tax_look import tell
from locanda.web.views.property_facts import property_at
from locanda.web.words import say

__all__ = ["prices", "prices_print", "prices_year"]


@require_safe
@door(see=MANAGER)
def prices(request: HttpRequest, property: UUID) -> HttpResponse:
    """The year that is to be told next."""
    row = property_at(request, property)
    return redirect("prices_year", property=row.pk, year=_next(row))


def _next(row: Property) -> int:
    """The coming year as soon as somebody may tell it: from July on."""
    today = rome_day(office_now())
    return today.year + (today.month >= 7)


def _year(year: str) -> int:
    if not (year.isascii() and year.isdecimal() and 2000 <= int(year) <= 2100):
        raise Http404
    return int(year)


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def prices_year(request: HttpRequest, property: UUID, year: str) -> HttpResponse:
    """The sheet of a year."""
    row, wanted = property_at(request, property), _year(year)
    kept = office.prices_of(row, wanted)
    if request.method != "POST":
        return _page(request, row, wanted, kept)
    lines, whole = row_forms(request.POST, (), (), wanted), ListForm(request.POST)
    what, _, number = request.POST.get("do", "save").partition(":")
    if what == "remove":
        lines = [line for line in lines if line.prefix != number] or lines
        return _page(request, row, wanted, kept, lines=_again(lines), whole=_again_whole(whole))
    if what == "add":
        return _page(request, row, wanted, kept, lines=[*_again(lines), _after(lines, wanted)], whole=_again_whole(whole))
    judged = [form.is_valid() for form in (*lines, whole)]  # all of them, so that every fault is told
    if not all(judged):
        return _page(request, row, wanted, kept, lines=lines, whole=whole, wrong=True)
    seat: Seat = request.seat
    names = written_over(request.POST.get("seen", ""), _kept(kept), _typed(lines, whole))
    if names:
        labels = {"lines": say("prices.kept")} | {name: str(field.label) for name, field in whole.fields.items()}
        whole.add_error(None, overtaken((labels[name], None) for name in names))
        return _page(request, row, wanted, kept, lines=lines, whole=whole, wrong=True, late=True)
    made, problems = office.save(
        row, wanted, [line.row() for line in lines], services=whole.cleaned_data["services"].splitlines(),
        languages=whole.cleaned_data["languages"], now=office_now(), person=seat.person,
    )  # fmt: skip
    if made is None:
        return _page(request, row, wanted, kept, lines=lines, whole=whole, problems=problems)
    messages.success(request, say("prices.saved"))
    return redirect("prices_year", property=row.pk, year=wanted)


def _kept(kept: YearPrices | None) -> dict[str, Any]:
    """What the sheet writes over."""
    if kept is None:
        return {"lines": [], "services": [], "languages": []}
    return {"lines": [list(row) for row in office.rows_of(kept)], "services": kept.services, "languages": kept.languages}


def _typed(lines: list[RowForm], whole: ListForm) -> dict[str, Any]:
    told = whole.cleaned_data
    services = [word.strip() for word in told["services"].splitlines() if word.strip()]
    return {"lines": [list(line.row()) for line in lines], "services": services, "languages": told["languages"]}


def _again(lines: list[RowForm]) -> list[RowForm]:
    """The lines as typed, not judged yet, numbered anew."""
    fields = RowForm.base_fields
    return [
        RowForm(prefix=f"r{place}", initial={name: line.data.get(f"{line.prefix}-{name}", "") for name in fields})
        for place, line in enumerate(lines)
    ]


def _again_whole(form: ListForm) -> ListForm:
    return ListForm(initial={"services": form.data.get("services", ""), "languages": form.data.getlist("languages")})


def _after(lines: list[RowForm], year: int) -> RowForm:
    """A line that goes on where the last one ends."""
    last = lines[-1] if lines else None
    initial: dict[str, Any] = {"per": "room", "first": date(year, 1, 1), "last": date(year, 12, 31)}
    if last is not None:
        initial |= {"unit": last.data.get(f"{last.prefix}-unit", ""), "per": last.data.get(f"{last.prefix}-per", "room")}
        until = iso_day(last.data.get(f"{last.prefix}-last", "")) or date(year, 12, 31)
        initial["first"] = until + timedelta(days=1) if until < date(year, 12, 31) else date(year, 1, 1)
    return RowForm(prefix=f"r{len(lines)}", initial=initial)


def _page(
    request: HttpRequest, row: Property, year: int, kept: YearPrices | None, *, lines: list[RowForm] | None = None,
    whole: ListForm | None = None, problems: list[Problem] | None = None, wrong: bool = False, late: bool = False,
) -> HttpResponse:  # fmt: skip
    now = office_now()
    entry = office.duty_of(row, year, now)
    asked = office.asked_under(entry)
    units = [unit.name for unit in row.units.all()] or [row.name]
    before = office.prices_of(row, year - 1)
    rows = office.rows_of(kept) if kept else _moved(before, year) if before else []
    source = kept or before
    words, tongues = (source.services, source.languages) if source else ((), ["en", "de"])
    initial = {"services": "\n".join(words), "languages": tongues}
    seen = office.listed(kept, asked) if kept else None
    context = {
        "property": row, "year": year, "before": year - 1, "after": year + 1, "kept": kept,
        "form_seen": (not late and request.POST.get("seen")) or seen_now(_kept(kept)),
        "lines": lines if lines is not None else row_forms(None, rows, units, year),
        "form": whole or ListForm(initial=initial), "problems": tell(problems or ()), "wrong": wrong,
        "columns": seen.columns["it"] if seen else (), "rows": seen.rows["it"] if seen else (),
        "due": short_day(entry.due) if entry is not None else "", "done": entry is not None and entry.done_at is not None,
        "duty": reverse("duty", args=[row.pk, entry.obligation, entry.subject]) if entry is not None else "",
        "asked": asked, "copied": kept is None and before is not None and lines is None,
    }  # fmt: skip
    return render(request, "web/prices.html", context, status=422 if problems or wrong else 200)


def _moved(before: YearPrices, year: int) -> list[Any]:
    """Last year's lines, a year later: what most people start from."""
    return [row._replace(first=_later(row.first, year), last=_later(row.last, year)) for row in office.rows_of(before)]


def _later(day: date, year: int) -> date:
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


@require_safe
@door(see=MANAGER)
def prices_print(request: HttpRequest, property: UUID, year: str) -> HttpResponse:
    """One page to hang up, in Italian and the languages chosen."""
    row, wanted = property_at(request, property), _year(year)
    kept = office.prices_of(row, wanted)
    if kept is None:
        raise Http404
    made = office.pdf(kept, now=office_now())
    if made.content is None:
        for one in tell(made.problems):
            messages.error(request, f"{one.text} {one.hint}")
        return redirect("prices_year", property=row.pk, year=wanted)
    return file_answer(made.content, f"prezzi-{wanted}.pdf", attached=False)
