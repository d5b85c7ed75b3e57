"""The tax at a glance: what each comune is owed and by when, and the stays that somebody has to look at."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from locanda.archive.models import TaxedStay
from locanda.core.time import rome_day
from locanda.office.clock import now as office_now
from locanda.office.tax import ledger
from locanda.office.tax.overview import Attention, PayerNow, attention, now_of
from locanda.web.duty_look import euro
from locanda.web.gate import Seat, door
from locanda.web.tax_look import PeriodSeen, StaySeen, properties_of, seen_period, stays_seen, tell
from locanda.web.words import say

__all__ = ["tax"]


class PayerSeen(NamedTuple):
    """A payer as the tab shows it."""

    payer: Any
    running: PeriodSeen
    open: list[PeriodSeen]
    closed: list[PeriodSeen]
    years: list[int]
    property: Any


class Group(NamedTuple):
    """Stays that wait for the same thing."""

    kind: str
    title: str
    help: str
    stays: list[tuple[StaySeen, list[str]]]
    count: int


@require_safe
@door()
def tax(request: HttpRequest) -> HttpResponse:
    """The tab."""
    seat: Seat = request.seat
    today = rome_day(office_now())
    properties = properties_of(seat)
    found = [_payer(one, today) for one in now_of(seat.account, properties, today)]
    groups = _groups(seat, attention(seat.account, properties, today))
    return render(request, "web/tax/home.html", {"payers": found, "groups": groups, "properties": properties})


def _payer(one: PayerNow, today: Any) -> PayerSeen:
    return PayerSeen(
        one.payer, seen_period(one.running, today), [seen_period(view, today) for view in one.open],
        [seen_period(view, today) for view in one.closed], [today.year, today.year - 1], one.payer.properties[0],
    )  # fmt: skip


def _groups(seat: Seat, found: Attention) -> list[Group]:
    lists = (
        ("stuck", found.stuck, found.stuck_count), ("uncollected", found.uncollected, found.uncollected_count),
        ("papers", found.papers, found.papers_count),
    )  # fmt: skip
    seen = stays_seen(seat.account, [row.stay_id for _, rows, _ in lists for row in rows])
    return [
        Group(
            kind, say(f"tax.{kind}"), say(f"tax.{kind}_help"), [(seen[str(row.stay_id)], _why(kind, row)) for row in rows], count
        )
        for kind, rows, count in lists
        if rows
    ]


def _why(kind: str, row: TaxedStay) -> list[str]:
    """What is missing, in words; the money nobody collected."""
    if kind == "uncollected":
        return [say("tax.left", amount=euro(row.left))]  # type: ignore[attr-defined]
    wanted = ledger.problems_of(row.problems if kind == "stuck" else row.notes)
    return [one.text for one in tell(p for p in wanted if kind == "stuck" or p.code == "tax.document.missing")][:4]
