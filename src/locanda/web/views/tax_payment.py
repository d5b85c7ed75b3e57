"""A payment to the comune: what to copy where, the notice judged, paid with its receipt. Nothing here pays (spec 13, 15)."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from locanda.archive.models import TaxPayment
from locanda.core.codes import grouped, read_notice
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.deadlines import day_of
from locanda.law.periods import parse_period
from locanda.law.remitting import f24_rows
from locanda.law.remitting.f24 import CHANNEL as F24
from locanda.letters.uploads import SUFFIXES
from locanda.office import duty_marks
from locanda.office.clock import now as office_now
from locanda.office.tax import payments
from locanda.office.tax.operators import comune_on_paper, read_operator
from locanda.office.tax.payers import Payer, payers
from locanda.portals.pagopa import UNVERIFIABLE, Check, Payable, QrCode, Sheet, sheets, write_qr
from locanda.portals.pagopa.checks import question
from locanda.portals.pagopa.pictures import data_matrix, qr_matrix, svg
from locanda.portals.pagopa.spontaneous import CHANNELS as SHEETS
from locanda.web.duty_look import euro
from locanda.web.files import uploaded_answer
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.seen import overtaken, seen_now, written_over
from locanda.web.tax_look import Told, payer_at, period_words, properties_of, tell, word_or
from locanda.web.time_words import short_date, typed_day
from locanda.web.uploads import uploads
from locanda.web.words import language, say

__all__ = ["notice", "paid", "payment", "receipt", "withdraw"]

_MANY = "separate"


def _payment(request: HttpRequest, key: UUID) -> tuple[TaxPayment, Payer]:
    """A payment of properties that this person works for, all of them."""
    seat: Seat = request.seat  # type: ignore[attr-defined]
    rows = TaxPayment.objects.of(seat.account).select_related("account", "operator").prefetch_related("shares__property")
    row: TaxPayment = seat.one(rows, key)
    wanted = f"{row.comune}-{row.operator_id or 'none'}"
    found = next((one for one in payers(seat.account, properties_of(seat)) if one.key == wanted), None)
    mine = {one.pk for one in found.properties} if found else set()
    if found is None or not {share.property_id for share in row.shares.all()} <= mine:
        raise Http404
    payer_at(request, wanted, whole=True)
    return row, found


@require_safe
@door()
def payment(request: HttpRequest, payment: UUID) -> HttpResponse:
    """What to copy where, and what is known of it."""
    row, payer = _payment(request, payment)
    return render(request, "web/tax/payment.html", _context(request, row, payer))


def _context(
    request: HttpRequest, row: TaxPayment, payer: Payer, *, checks: tuple[Check, ...] | None = None,
    problems: list[Problem] | None = None, typed: dict[str, str] | None = None, failed: bool = False,
) -> dict[str, Any]:  # fmt: skip
    shown = checks if checks is not None else payments.checks_of(row)
    told = [_check(one) for one in shown] if row.state == "prepared" else _verdicts(row)
    return {
        "row": row, "payer": payer, "label": period_words(row.period), "total": euro(row.total), "state": row.state,
        "parts": [(say(f"tax_pay.{name}"), euro(getattr(row, name))) for name in ("tax", "sanction", "interest")],
        "shares": [(share.property.name, euro(share.tax)) for share in row.shares.all()],
        "due": short_date(row.due) if row.due else "", "sheets": _sheets(request, row, payer) if row.state == "prepared" else [],
        "separate": request.GET.get(_MANY) == "1", "several": row.shares.count() > 1,
        "f24": _f24(row, payer), "checks": told, "judged_some": any(state != "unknown" for _, state, _ in told),
        "unverifiable": [question(ident, language()) for ident in UNVERIFIABLE],
        "pagopa": row.channel.startswith("pagopa"), "channel": word_or("tax_channel", row.channel),
        "problems": tell(problems or ()), "typed": typed or {}, "failed": failed,
        "notice_words": _grouped(row.reference), "qr": _qr(row),
        "today": rome_day(office_now()), "paid_on": short_date(row.paid_on) if row.paid_on else "",
        "english": language() == "en", "seen": seen_now(_kept(row)),
    }  # fmt: skip


def _check(one: Check) -> tuple[str, str, str]:
    return one.question(language()), one.state, f"{one.why.message(language())} {one.why.hint(language())}" if one.why else ""


def _verdicts(row: TaxPayment) -> list[tuple[str, str, str]]:
    """What was judged when it was paid."""
    return [(question(ident, language()), state, "") for ident, state, _ in row.verdicts]


class SheetSeen(NamedTuple):
    """A payment of the portal, its problems in words."""

    sheet: Sheet
    problems: list[Told]


def _sheets(request: HttpRequest, row: TaxPayment, payer: Payer) -> list[SheetSeen]:
    if row.channel not in SHEETS:
        return []
    code = {one.pk: one.cin or one.regional_code for one in payer.properties}
    late = row.sanction + row.interest
    shares = list(row.shares.all())
    owed = [
        Payable(share.property.name, share.tax + (late if place == 0 else 0), code.get(share.property_id, ""))
        for place, share in enumerate(shares)
    ]  # fmt: skip
    wanted = parse_period(row.period)
    due = payer.due(wanted)
    day = day_of(due.nominal) if due else row.due or wanted.last
    operator = read_operator(row.operator)
    separate = request.GET.get(_MANY) == "1"
    found = sheets(row.channel, owed, wanted, day, email=operator.get("email", ""), separate=separate)
    return [SheetSeen(one, tell(one.problems)) for one in found]


def _f24(row: TaxPayment, payer: Payer) -> list[tuple[str, str, str, int, str]]:
    if row.channel != F24 or payer.rule is None:
        return []
    belfiore = str(comune_on_paper(payer.properties[0]).get("belfiore") or "")
    year = parse_period(row.period).year
    found = f24_rows(payer.rule.tax, belfiore, year, row.tax, interest=row.interest, penalty=row.sanction)
    if isinstance(found, Problem):
        return []
    return [(one.section, one.entity, one.code, one.year, one.debit_text) for one in found]


def _grouped(reference: str) -> str:
    return grouped(reference) if read_notice(reference) else ""


def _qr(row: TaxPayment) -> SafeString | str:
    """The QR code of the notice that the operator typed, to be read with a payment app; nothing without number and creditor."""
    if not (read_notice(row.reference) and row.creditor and row.state == TaxPayment.State.PREPARED):
        return ""
    text = write_qr(QrCode(row.reference, row.creditor, row.total))
    if not isinstance(text, str):
        return ""
    return mark_safe(svg(qr_matrix(text), title=say("tax_pay.qr", notice=grouped(row.reference))))  # noqa: S308 - our own picture


@require_POST
@door(do=MANAGER)
def notice(request: HttpRequest, payment: UUID) -> HttpResponse:
    """The comune's notice, typed or pasted: judged, and kept when it fits."""
    row, payer = _payment(request, payment)
    typed = {name: request.POST.get(name, "")[:400] for name in ("notice", "creditor", "symbol")}
    kept, plain = _kept(row), {name: "".join(typed[name].split()) for name in ("notice", "creditor")}
    if late := written_over(request.POST.get("seen", ""), kept, plain):
        labels = {"notice": say("tax_pay.notice_number"), "creditor": say("tax_pay.creditor")}
        messages.error(request, overtaken((labels[name], kept[name]) for name in late))
        return render(request, "web/tax/payment.html", _context(request, row, payer, typed=typed) | {"judged": True}, status=422)
    checks, problems = payments.take_notice(row, **typed, now=office_now(), person=request.seat.person)
    context = _context(request, row, payer, checks=checks, problems=problems, typed=typed)
    context |= {"judged": True, "matrix": "" if problems else _matrix(typed["symbol"])}
    return render(request, "web/tax/payment.html", context, status=422 if problems else 200)


def _kept(row: TaxPayment) -> dict[str, str]:
    """What the form of the notice writes over."""
    return {"notice": row.reference, "creditor": row.creditor}


def _matrix(text: str) -> SafeString | str:
    """The Data Matrix that was pasted, as a picture to compare with the one on the paper."""
    if not text.strip() or text.strip().startswith("PAGOPA"):
        return ""
    return mark_safe(svg(data_matrix(text.strip()), title=say("tax_pay.matrix"), quiet=2))  # noqa: S308 - our own picture


@require_POST
@door(do=MANAGER)
def paid(request: HttpRequest, payment: UUID) -> HttpResponse:
    """It was paid, outside; with its number and its receipt."""
    row, payer = _payment(request, payment)
    now = office_now()
    typed = {name: request.POST.get(name, "").strip() for name in ("paid_on", "reference")}
    files = [duty_marks.File(*one) for one in uploads(request, "file", limit=duty_marks.PROOF_BYTES_MAX)]
    problems: list[Problem] = []
    checks: tuple[Check, ...] | None = None
    day = typed_day(typed["paid_on"])
    if day is None:
        problems = [Problem("tax.payment.day", "paid_on")]
    else:
        number = "".join(typed["reference"].split())
        code = number if row.channel.startswith("pagopa") and not read_notice(number) else ""
        reference = row.reference if code or not number else number if read_notice(number) else typed["reference"]
        checks, problems = payments.paid(
            row, paid_on=day, now=now, person=request.seat.person, reference=reference, iuv=code,
            file=files[0] if files else None, accept=request.POST.get("accept") == "1",
        )  # fmt: skip
    if problems:
        row.refresh_from_db()
        failed = bool(checks and payments.failed_checks(checks))
        context = _context(request, row, payer, checks=checks, problems=problems, typed=typed, failed=failed)
        return render(request, "web/tax/payment.html", context | {"paying": True}, status=422)
    messages.success(request, say("tax_pay.done"))
    return redirect("tax_payment", payment=row.pk)


@require_POST
@door(do=MANAGER)
def withdraw(request: HttpRequest, payment: UUID) -> HttpResponse:
    """It will not be paid so, or was marked by mistake."""
    row, payer = _payment(request, payment)
    if row.state == TaxPayment.State.WITHDRAWN:
        raise Http404
    problems = payments.withdraw(row, why=request.POST.get("why", ""), now=office_now(), person=request.seat.person)
    for one in tell(problems):
        messages.error(request, f"{one.text} {one.hint}")
    if problems:
        return redirect("tax_payment", payment=row.pk)
    messages.success(request, say("tax_pay.withdrawn"))
    return redirect("tax_period", payer=payer.key, period=row.period)


@require_safe
@door()
def receipt(request: HttpRequest, payment: UUID) -> HttpResponse:
    """The receipt as it was uploaded."""
    row, _ = _payment(request, payment)
    if row.sealed_receipt is None:
        raise Http404
    name = f"ricevuta-{row.period}.{SUFFIXES.get(row.receipt_media, 'xml')}"
    return uploaded_answer(request, payments.receipt_file(row), name, row.receipt_media)


