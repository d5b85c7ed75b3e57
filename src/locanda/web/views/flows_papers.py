"""What is printed of the statistics: the sheet to type from, the closing days with their total (spec flussi-turistici 8, 11)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from locanda.archive.models import Property
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.periods import Period
from locanda.office.clock import now as office_now
from locanda.office.duty_facts import core_property
from locanda.office.statistics import openings
from locanda.office.statistics.home import service_of
from locanda.office.statistics.movements import movement_of
from locanda.office.statistics.sheets import MadePaper, closing_days, typing_sheet
from locanda.office.tax.operators import comune_on_paper, property_on_paper
from locanda.portals.tables import USES
from locanda.web.files import file_answer
from locanda.web.gate import door
from locanda.web.tax_look import tell
from locanda.web.views.flows_month import property_at
from locanda.web.words import language

__all__ = ["TABLES_OF", "closings_pdf", "sheet_pdf"]

_FIGURES = ("calendar", "daily", "months")
TABLES_OF: Mapping[str, tuple[str, ...]] = {
    "abit": ("guests", "calendar", "daily", "months"),
    "spot": ("calendar", "spot"),
    "ross1000": ("calendar", "ross1000_simple", "daily"),
}
"""What is typed where, in the order of the screens; elsewhere the figures of the C/59."""


@require_safe
@door()
def sheet_pdf(request: HttpRequest, property: UUID, flow_month: Period) -> HttpResponse:
    """The month to type from, as far as it is over."""
    row, month = property_at(request, property), flow_month
    today = rome_day(office_now())
    first, last = max(month.first, row.since or month.first), min(month.last, today)
    if last < first:
        raise Http404
    moved, problems = movement_of(row, first, last, uses=USES)
    if moved is None or problems:
        return _refused(request, tuple(problems), "flows_month", row, month)
    service = service_of(row, today)
    made = typing_sheet(
        moved, comune=comune_on_paper(row), property=property_on_paper(row), portal=service.name or service.format.name, on=today,
        keys=TABLES_OF.get(service.format.key, _FIGURES), code=service.code or None, language=language(),
    )  # fmt: skip
    return _answer(request, made, f"statistica-{month.label}.pdf", "flows_month", row, month)


@require_safe
@door()
def closings_pdf(request: HttpRequest, property: UUID, flow_year: int) -> HttpResponse:
    """The closing days of a year with their running total."""
    row, today = property_at(request, property), rome_day(office_now())
    year = flow_year
    made = closing_days(
        core_property(row), year, openings.shut_days(row, year), comune=comune_on_paper(row), property=property_on_paper(row),
        on=today,
    )  # fmt: skip
    return _answer(request, made, f"chiusure-{year}.pdf", "flows_openings", row, None)


def _answer(
    request: HttpRequest, made: MadePaper, name: str, page: str, row: Property, month: Period | None
) -> HttpResponse:
    if made.content is None:
        return _refused(request, made.problems, page, row, month)
    return file_answer(made.content, name, attached=False)


def _refused(
    request: HttpRequest, problems: tuple[Problem, ...], page: str, row: Property, month: Period | None
) -> HttpResponse:
    """Back to the page, which says it."""
    for one in tell(problems[:5]):
        messages.error(request, f"{one.text} {one.hint}")
    return redirect(page, property=row.pk, **({"flow_month": month} if month is not None else {}))
