"""Who answers for properties before the comune: the operators of an account (spec imposta 10)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from locanda.archive.models import Operator
from locanda.office.clock import now as office_now
from locanda.office.tax.operators import FIELDS, read_operator, save_operator
from locanda.office.upkeep import change_property
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.stay_tax_forms import OperatorForm
from locanda.web.stay_tax_look import problem_words
from locanda.web.words import say

__all__ = ["operator", "operator_new", "operators"]


@require_safe
@door(see=MANAGER, do=MANAGER)
def operators(request: HttpRequest) -> HttpResponse:
    """Everybody who answers for some property."""
    seat: Seat = request.seat
    rows = Operator.objects.of(seat.account).prefetch_related("properties")
    mine = list(seat.properties().filter(closed_at=None))
    context = {
        "operators": [(one, [row.name for row in mine if row.operator_id == one.pk]) for one in rows],
        "without": [row for row in mine if row.operator_id is None],
    }  # fmt: skip
    return render(request, "web/tax/operators.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def operator_new(request: HttpRequest) -> HttpResponse:
    """A further operator."""
    return _page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def operator(request: HttpRequest, operator: UUID) -> HttpResponse:
    """Change an operator, and the properties they answer for."""
    return _page(request, request.seat.one(Operator.objects.of(request.seat.account).select_related("account"), operator))


def _page(request: HttpRequest, row: Operator | None) -> HttpResponse:
    seat: Seat = request.seat
    if row is not None and not seat.sees_all and row.properties.exclude(pk__in=seat.properties()).exists():
        raise PermissionDenied  # who works for some properties does not change who answers for others
    mine = list(seat.properties().filter(closed_at=None).select_related("operator"))
    data = request.POST if request.method == "POST" else None
    answers = [str(one.pk) for one in mine if one.operator_id == (row.pk if row is not None else None)]
    initial = {**dict.fromkeys(FIELDS, ""), **read_operator(row), "property": answers}
    form = OperatorForm(
        data, initial=initial, properties=[(str(one.pk), one.name) for one in mine], guard=initial if row else None
    )  # fmt: skip
    if data is not None and form.is_valid():
        now = office_now()
        saved, problems = save_operator(seat.account, form.cleaned_data, now=now, by=seat.person, row=row)
        if saved is not None:
            chosen = form.cleaned_data.get("property", ())
            for one in mine:
                wanted = saved if str(one.pk) in chosen else None if one.operator_id == saved.pk else one.operator
                change_property(one, {"operator": wanted}, now=now, by=seat.person)
            messages.success(request, say("form.saved"))
            return redirect("operators")
        for problem in problems:
            form.add_error(problem.where if problem.where in form.fields else None, problem_words(problem))
    context = {"operator": row, "form": form}
    return render(request, "web/tax/operator.html", context, status=422 if form.errors else 200)
