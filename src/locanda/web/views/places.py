"""Comuni and states as one types their name: a list for the field that asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from locanda.core.time import iso_day, rome_day
from locanda.office.clock import now
from locanda.office.tables import in_force
from locanda.places import Comune, State, Tables
from locanda.web.gate import door
from locanda.web.residence_field import suggestions
from locanda.web.words import say

__all__ = ["places"]

LIMIT = 8


@require_POST
@door()
def places(request: HttpRequest) -> HttpResponse:
    """``q``: what was typed; ``kind``: ``comune``, ``state``, ``both`` or ``residence``; ``on``: the day that matters.

    It may be the birth of a guest: posted, so that it stands in no address, no log and no history.
    """
    typed, kind = request.POST.get("q", "").strip()[:60], request.POST.get("kind", "comune")
    on = iso_day(request.POST.get("on", "")) or rome_day(now())
    tables = in_force().places
    found: list[Any] = []
    if typed and kind == "residence":
        found = list(suggestions(typed, tables, on, LIMIT))
    elif typed:
        if kind in ("comune", "both"):
            found += tables.suggest_comuni(typed, on, LIMIT)
        if kind in ("state", "both"):
            states = tables.suggest_states(typed, LIMIT)
            found = states[:3] + found if kind == "both" else states
    options = [_option(one, tables) for one in found[:LIMIT]]
    former = tables.former_state(typed) if kind in ("state", "both") and not found else None
    if former is not None:
        options = [_option(one, tables) for one in tables.today_of(former)]
    return render(request, "web/places.html", {"options": options, "former": former, "typed": typed})


def _option(place: Comune | State, tables: Tables) -> dict[str, str]:
    more = ""
    if isinstance(place, Comune):
        if place.valid_to is not None:
            start = place.valid_from.year if place.valid_from else "…"
            more = say("place.until", years=f"{start}–{place.valid_to.year}")
        if place.police is None:
            more = say("place.no_code")
        elif place.current_province and not more:
            more = say("place.now", province=place.current_province)
    else:
        more = ", ".join(place.names[:2])
        if place.valid_to is not None:
            more = say("place.ended", year=place.valid_to.year)
            today = ", ".join(heir.label for heir in tables.heirs(place))
            more += f"; {say('place.heirs', states=today)}" if today else ""
    code = f"{place.police}|{place.label}" if place.police else ""
    return {"label": place.label, "code": code, "more": more}
