"""One period of a comune: its figures under both readings, the stays behind them, what is owed, what was paid, what changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from locanda.archive.models import TaxPayment, TaxReceipt
from locanda.core.time import rome_day
from locanda.law.late_tax import Late
from locanda.law.periods import Period, parse_period
from locanda.law.remitting.f24 import CHANNEL as F24
from locanda.office.clock import now as office_now
from locanda.office.duty_marks import mark_of
from locanda.office.tax import payments
from locanda.office.tax.agreement import compared, in_order
from locanda.office.tax.payers import Payer
from locanda.office.tax.periods import PeriodView, late_ahead, months, shifts_of, view
from locanda.web.duty_look import euro, two
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.tax_look import MONEY_KINDS, bars, count_rows, payer_at, seen_period, signed, sources_seen, stays_seen, tell
from locanda.web.time_words import short_date
from locanda.web.words import say

__all__ = ["period", "period_at", "prepare", "zero"]

SHOWN = 60
"""Stays and receipts in one list."""


def period_at(request: HttpRequest, payer: str, period: str, *, whole: bool = False) -> tuple[Payer, Period, bool]:
    """What the address names; a period of another length than the comune's own can be looked at too."""
    found, complete = payer_at(request, payer, whole=whole)
    try:
        wanted = parse_period(period)
    except ValueError:
        raise Http404 from None
    if not 2000 <= wanted.year <= 2100:
        raise Http404
    return found, wanted, complete


@require_safe
@door()
def period(request: HttpRequest, payer: str, period: str) -> HttpResponse:
    """Everything about the period."""
    seat: Seat = request.seat
    found, wanted, complete = period_at(request, payer, period)
    today = rome_day(office_now())
    seen = view(seat.account, found, wanted, today)
    return render(request, "web/tax/period.html", _context(seat, seen, today, complete=complete))


def _context(seat: Seat, seen: PeriodView, today: date, *, complete: bool) -> dict[str, Any]:
    payer, wanted = seen.payer, seen.period
    shifts = sorted(shifts_of(seat.account, payer, wanted), key=lambda one: -abs(one.by_receipt - one.by_night))
    changes = payments.changes(seat.account, seen) if complete else []
    receipts = TaxReceipt.objects.of(seat.account).filter(
        property__in=[row.pk for row in payer.properties], day__range=(wanted.first, wanted.last)
    )
    listed = list(receipts.select_related("property").order_by("-day", "-number")[:SHOWN])
    keys = [row.stay_id for row in (*seen.stuck[:SHOWN], *listed)]
    stays = stays_seen(seat.account, [*keys, *(one.stay for one in (*shifts[:SHOWN], *changes[:SHOWN]))])
    late = late_ahead(seen, today)
    told_alike = compared(seat.account, payer.properties, wanted)
    figures = seen.figures
    duty = payer.duty(payer.obligation, wanted.last)
    version = payer.rule.tax.version(wanted.last) if payer.rule else None
    return {
        "payer": payer, "complete": complete, "seen": seen_period(seen, today), "period": wanted, "money": _money(seen),
        "counts": count_rows(figures.presences, figures.persons), "arrivals": figures.arrivals,
        "by_night": euro(figures.by_night.to_pay), "by_receipt": euro(figures.by_receipt.to_pay),
        "basis": figures.basis, "difference": signed(figures.difference) if figures.difference else "",
        "shifts": [(stays[one.stay], euro(one.by_night), euro(one.by_receipt)) for one in shifts[:SHOWN] if one.stay in stays],
        "shifts_more": len(shifts) - SHOWN,
        "months": bars(months(seat.account, payer, wanted.year), wanted),
        "properties": [
            (row.name, told.presences.total, euro(told.to_pay), signed(told.still_to_pay))
            for row, told in zip(payer.properties, seen.by_property, strict=True)
        ],
        "stuck": [stays[str(row.stay_id)] for row in seen.stuck[:SHOWN]], "stuck_count": len(seen.stuck),
        "late_rows": [_late(one) for one in ((late.today, *late.ahead) if late else ())],
        "payments": [_payment(row) for row in seen.payments] if complete else [],
        "prepared": next((row for row in seen.payments if row.state == TaxPayment.State.PREPARED), None) if complete else None,
        "changes": [(stays[one.stay], euro(one.settled), euro(one.now), signed(one.difference))
                    for one in changes[:SHOWN] if one.stay in stays],
        "receipts": [(row, stays[str(row.stay_id)], signed(row.amount)) for row in listed], "receipts_count": receipts.count(),
        "notes": tell(figures.notes), "channels": _channels(payer), "status": duty.status if duty else "",
        "rule_status": version.status if version else "",
        "assumed": payer.assumed, "closed_zero": _closed(seen),
        "may_prepare": complete and seen.left > 0 and not seen.stuck and today > wanted.last,
        "sources": sources_seen(in_order(told_alike, told_alike.totals)), "differing": len(told_alike.differences),
        "property": payer.properties[0], "early": today <= wanted.last,
    }  # fmt: skip


def _money(seen: PeriodView) -> list[tuple[str, str]]:
    money = seen.figures.money
    sums = (
        money.due, money.collected, money.refused, money.outstanding, money.excess, seen.figures.portal, money.to_pay,
        money.to_pay_without_refused, seen.figures.paid, seen.left,
    )  # fmt: skip
    always = {"due", "collected", "to_pay", "paid", "still"}
    return [
        (say(f"tax_money.{name}"), signed(cents)) for name, cents in zip(MONEY_KINDS, sums, strict=True)
        if name in always or (money.refused if name == "without_refused" else cents)
    ]  # fmt: skip


def _late(one: Late) -> tuple[str, str, str, str]:
    """By when, how much, what of it is what, the step; where the legal rate of a year is not known yet the sum is a least one."""
    known = one.total is not None
    total = euro(one.total) if known else say("tax_period.at_least", amount=euro(one.amount + one.sanction))
    interest = euro(one.interest) if known else say("tax_period.no_rate", years=", ".join(map(str, one.unknown_years)))
    split = say("tax_period.split", tax=euro(one.amount), sanction=euro(one.sanction), interest=interest)
    return short_date(one.paid), total, split, two(one.step.text) if one.step else ""


def _payment(row: TaxPayment) -> tuple[TaxPayment, str, str, str]:
    day = short_date(row.paid_on) if row.paid_on else ""
    return row, euro(row.total), day, row.iuv or row.reference


def _channels(payer: Payer) -> list[str]:
    """The comune's own ways first; F24 only where its rule names it (spec 13.7)."""
    others = [one for one in payments.CHANNELS if one not in payer.channels and one != F24 and one != "pagopa_spontaneo"]
    return [*(one for one in payer.channels if one in payments.CHANNELS), *others]


def _closed(seen: PeriodView) -> bool:
    """Whether a period without tax was closed for all its properties."""
    subject = f"period:{seen.period.label}"
    return bool(seen.payer.obligation) and all(
        mark_of(row, seen.payer.obligation, subject) is not None for row in seen.payer.properties
    )


@require_POST
@door(do=MANAGER)
def prepare(request: HttpRequest, payer: str, period: str) -> HttpResponse:
    """Fix what is to be paid; paying it stays the operator's."""
    seat: Seat = request.seat
    found, wanted, _ = period_at(request, payer, period, whole=True)
    now = office_now()
    seen = view(seat.account, found, wanted, rome_day(now))
    row, problems = payments.prepare(
        seat.account, seen, channel=request.POST.get("channel", ""), now=now, person=seat.person
    )
    if row is None and any(problem.code == "tax.payment.prepared" for problem in problems):  # in another window, a moment ago
        row = next((one for one in view(seat.account, found, wanted, rome_day(now)).payments if one.state == "prepared"), None)
    if row is not None:
        return redirect("tax_payment", payment=row.pk)
    for one in tell(problems):
        messages.error(request, f"{one.text} {one.hint}")
    return redirect("tax_period", payer=payer, period=period)


@require_POST
@door(do=MANAGER)
def zero(request: HttpRequest, payer: str, period: str) -> HttpResponse:
    """Nothing was owed: closed without a payment."""
    seat: Seat = request.seat
    found, wanted, _ = period_at(request, payer, period, whole=True)
    now = office_now()
    seen = view(seat.account, found, wanted, rome_day(now))
    problems = payments.mark_zero(seen, now=now, person=seat.person, note=say("tax_period.zero_note"))
    for one in tell(problems):
        messages.error(request, f"{one.text} {one.hint}")
    if not problems:
        messages.success(request, say("tax_period.zero_done"))
    return redirect("tax_period", payer=payer, period=period)
