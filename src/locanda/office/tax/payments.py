"""Paying over: what a period owes, the payment made ready, the receipt matched with it (spec imposta 8, 9.2, 13, 15).

Nothing here pays. The operator pays on the comune's portal or at a bank and says so; a receipt in XML is read and compared, and
whatever does not fit is shown. A period once paid is never rewritten: what changed since is told stay by stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Account, Person, TaxedStay, TaxPayment, TaxPaymentShare
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.law.deadlines import Due
from locanda.law.late_tax import Late, late_payment, legal_interest
from locanda.law.periods import Period, parse_period, period_of
from locanda.law.remitting import Changed, Figures, Settled, changed_since, figures, settle
from locanda.letters.uploads import kind_of
from locanda.office import duty_marks
from locanda.office.tax.book import book_of, payments_of
from locanda.office.tax.payers import Payer
from locanda.portals.pagopa import Check, Expected, PaymentReceipt, check_payment, read_receipt

__all__ = [
    "CHANNELS", "PeriodView", "changes", "failed_checks", "late_today", "mark_zero", "paid", "prepare", "receipt_file", "view",
    "views", "withdraw",
]  # fmt: skip

CHANNELS = ("pagopa_spontaneo", "pagopa_notice", "f24", "transfer", "other")
_CONTEXT = "tax payment receipt"


class PeriodView(NamedTuple):
    """A period of a payer, as of a day.

    ``state``: ``running`` (not over), ``zero`` (nothing owed), ``to_pay``, ``overdue``, ``paid``, ``over`` (more was paid than is
    owed now), ``waiting`` (stays whose tax is not known hold it up).
    """

    payer: Payer
    period: Period
    due: Due | None
    figures: Figures
    by_property: tuple[Figures, ...]
    payments: tuple[TaxPayment, ...]
    stuck: tuple[TaxedStay, ...]
    state: str

    @property
    def left(self) -> int:
        return self.figures.still_to_pay


def views(account: Account, payer: Payer, today: date, *, back: int = 5) -> list[PeriodView]:
    """The running period and some before it, the newest first."""
    found, period = [], period_of(payer.kind(today), today)
    for _ in range(back + 1):
        found.append(view(account, payer, period, today))
        period = period_of(period.kind, period.first - timedelta(days=1))
    return found


def view(account: Account, payer: Payer, period: Period, today: date) -> PeriodView:
    """Everything about one period."""
    reading = book_of(account, payer.properties, period.first, period.last)
    paid = payments_of(account, payer.properties, {period.year})
    told = figures(reading.book, period, payer.terms, payments=paid)
    each = tuple(figures(reading.book, period, payer.terms, structure=str(row.pk), payments=paid) for row in payer.properties)
    rows = TaxPayment.objects.of(account).filter(comune=payer.comune, period=period.label, operator=payer.operator)
    rows = rows.exclude(state=TaxPayment.State.WITHDRAWN).prefetch_related("shares").select_related("account", "operator")
    due = payer.due(period)
    return PeriodView(payer, period, due, told, each, tuple(rows), reading.stuck, _state(told, period, due, reading.stuck, today))


def _state(told: Figures, period: Period, due: Due | None, stuck: Sequence[TaxedStay], today: date) -> str:
    if today <= period.last:
        return "running"
    if stuck:
        return "waiting"
    if told.still_to_pay > 0:
        return "overdue" if due is not None and today > due.day else "to_pay"
    if told.still_to_pay < 0:
        return "over"
    return "paid" if told.to_pay else "zero"


def late_today(seen: PeriodView, today: date) -> Late | None:
    """What paying today costs more, when the term is over; None while it is not, or where no rule names one."""
    if seen.due is None or seen.left <= 0 or today <= seen.due.day or seen.payer.chain is None:
        return None
    nominal = seen.due.nominal
    day = nominal.date() if isinstance(nominal, datetime) else nominal
    return late_payment(seen.left, day, today, rates=legal_interest(seen.payer.chain))


def prepare(
    account: Account, seen: PeriodView, *, channel: str, now: datetime, person: Person | None, note: str = ""
) -> tuple[TaxPayment | None, list[Problem]]:
    """Fix what is to be paid for a period, property by property, late payment included. Paying it is the operator's."""
    found = [] if channel in CHANNELS else [Problem.of("tax.payment.channel", "channel", value=channel)]
    if seen.stuck:
        found.append(Problem.of("tax.payment.stuck", "period", count=len(seen.stuck), period=seen.period.label))
    if seen.left <= 0:
        found.append(Problem.of("tax.payment.nothing", "period", period=seen.period.label))
    if any(row.state == TaxPayment.State.PREPARED for row in seen.payments):
        found.append(Problem.of("tax.payment.prepared", "period", period=seen.period.label))
    late = late_today(seen, rome_day(now))
    if late is not None and late.interest is None:
        years = ", ".join(str(year) for year in late.unknown_years)
        found.append(Problem.of("tax.payment.interest", "period", years=years))
    if found:
        return None, found
    reading = book_of(account, seen.payer.properties, seen.period.first, seen.period.last)
    told = settle(reading.book, seen.period, seen.payer.terms)
    row = TaxPayment(
        account=account, comune=seen.payer.comune, operator=seen.payer.operator, obligation=seen.payer.obligation,
        period=seen.period.label, basis=seen.figures.basis, due=seen.due.day if seen.due else None, tax=seen.left,
        sanction=late.sanction if late else 0, interest=(late.interest or 0) if late else 0, channel=channel,
        settled=[[entry.structure, entry.stay, entry.amount] for entry in told], note=" ".join(note.split())[:300],
        prepared_at=now, prepared_by=person,
    )  # fmt: skip
    with transaction.atomic():
        row.save(force_insert=True)
        TaxPaymentShare.everywhere.bulk_create(_shares(account, row, seen))
        chain.append(
            account, "tax.payment_prepared", at=now, actor=_actor(person), subject=f"payment:{row.pk}",
            data={"period": row.period, "comune": row.comune, "tax": row.tax, "total": row.total},
        )  # fmt: skip
    return row, []


def _shares(account: Account, row: TaxPayment, seen: PeriodView) -> list[TaxPaymentShare]:
    """What each property still owes; one that paid too much gives to the others, so that the parts make the whole."""
    owing = {one.pk: max(told.still_to_pay, 0) for one, told in zip(seen.payer.properties, seen.by_property, strict=True)}
    over = sum(owing.values()) - row.tax
    found = []
    for one in seen.payer.properties:
        taken = min(over, owing[one.pk])
        over -= taken
        if owing[one.pk] - taken:
            found.append(TaxPaymentShare(account=account, payment=row, property=one, tax=owing[one.pk] - taken))
    return found


def failed_checks(checks: Sequence[Check]) -> list[Check]:
    """The checks that say no; what is unknown is neither a yes nor a no."""
    return [check for check in checks if check.state == "failed"]


def paid(
    row: TaxPayment, *, paid_on: date, now: datetime, person: Person | None, reference: str = "", iuv: str = "",
    file: duty_marks.File | None = None, creditor: str = "", accept: bool = False,
) -> tuple[tuple[Check, ...], list[Problem]]:  # fmt: skip
    """The operator paid. A receipt in XML is compared; what fails stops it, unless ``accept`` says that it is right."""
    found: list[Problem] = []
    if row.state != TaxPayment.State.PREPARED:
        found.append(Problem("tax.payment.not_open", "payment"))
    if paid_on > rome_day(now):
        found.append(Problem("tax.payment.future", "paid_on"))
    receipt: PaymentReceipt | None = None
    media = ""
    if file is not None:
        receipt, media, wrong = _read(file)
        found += wrong
    checks = check_payment(_expected(row, iuv, reference, creditor), receipt=receipt)
    if not found and receipt is not None and failed_checks(checks) and not accept:
        found += [check.why for check in failed_checks(checks) if check.why is not None]
    if not (reference or iuv or receipt):
        found.append(Problem("tax.payment.reference", "reference"))
    if found:
        return checks, found
    with transaction.atomic():
        row.state, row.paid_on = TaxPayment.State.PAID, paid_on
        row.reference, row.iuv = reference.strip()[:60], (iuv.strip() or (receipt.iuv if receipt else "") or "")[:35]
        row.verdicts = [[check.id, check.state, check.why.code if check.why else ""] for check in checks]
        if file is not None:
            row.sealed_receipt = Vault(row.account).seal_bytes(file.content, _CONTEXT)
            row.receipt_media, row.receipt_sha256 = media, hashlib.sha256(file.content).hexdigest()
        row.save()
        _mark(row, now=now, person=person, file=file if media != "application/xml" else None)
        chain.append(
            row.account, "tax.paid", at=now, actor=_actor(person), subject=f"payment:{row.pk}",
            data={"period": row.period, "on": paid_on.isoformat(), "total": row.total, "sha256": row.receipt_sha256,
                  "failed": [check.id for check in failed_checks(checks)]},
        )  # fmt: skip
    return checks, []


def _read(file: duty_marks.File) -> tuple[PaymentReceipt | None, str, list[Problem]]:
    if file.content.lstrip()[:1] == b"<":
        receipt, problems = read_receipt(file.content)
        return receipt, "application/xml", problems
    problem = duty_marks.proof_problem(file)
    if problem is not None:
        return None, "", [problem]
    return None, {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}[kind_of(file.content)], []


def _expected(row: TaxPayment, iuv: str, reference: str, creditor: str) -> Expected:
    others = TaxPayment.objects.of(row.account_id).filter(state=TaxPayment.State.PAID).exclude(pk=row.pk).exclude(iuv="")
    notice = reference if len(reference) == 18 and reference.isdecimal() else ""
    return Expected(
        row.total, creditor=creditor, notice=notice, iuv=iuv, due=row.due, used=frozenset(others.values_list("iuv", flat=True))
    )


def _mark(row: TaxPayment, *, now: datetime, person: Person | None, file: duty_marks.File | None) -> None:
    """The duty of each property is done, with the receipt as its proof."""
    if not row.obligation or row.paid_on is None:
        return
    done = min(datetime.combine(row.paid_on, time(12), ROME), now)
    for share in row.shares.select_related("property__account"):
        duty_marks.mark_done(
            share.property, row.obligation, f"period:{row.period}", now=now, person=person, done_at=done,
            number=row.iuv or row.reference, files=[file] if file is not None else [],
        )  # fmt: skip


def mark_zero(seen: PeriodView, *, now: datetime, person: Person | None, note: str) -> list[Problem]:
    """Nothing was owed: the duty to pay is done without a payment (zero periods are declared all the same, 9.4)."""
    if seen.state != "zero":
        return [Problem.of("tax.payment.not_zero", "period", period=seen.period.label)]
    found: list[Problem] = []
    for row in seen.payer.properties:
        if seen.payer.obligation:
            subject = f"period:{seen.period.label}"
            found += duty_marks.mark_done(row, seen.payer.obligation, subject, now=now, person=person, note=note)[1]
    return found


def withdraw(row: TaxPayment, *, why: str, now: datetime, person: Person | None) -> list[Problem]:
    """It was made ready and will not be paid so, or was marked paid by mistake; the history keeps it."""
    if not why.strip():
        return [Problem("tax.payment.why", "why")]
    with transaction.atomic():
        before, row.state = row.state, TaxPayment.State.WITHDRAWN
        row.note = " ".join(why.split())[:300]
        row.save(update_fields=["state", "note"])
        if before == TaxPayment.State.PAID and row.obligation:
            for share in row.shares.select_related("property"):
                mark = duty_marks.mark_of(share.property, row.obligation, f"period:{row.period}")
                if mark is not None:
                    duty_marks.undo(mark, now=now, person=person)
        chain.append(
            row.account, "tax.payment_withdrawn", at=now, actor=_actor(person), subject=f"payment:{row.pk}",
            data={"period": row.period, "was": before},
        )  # fmt: skip
    return []


def changes(account: Account | UUID, seen: PeriodView) -> list[Changed]:
    """Stays whose share of a paid period is another one today."""
    told = [
        Settled(structure, stay, parse_period(row.period), amount)
        for row in seen.payments if row.state == TaxPayment.State.PAID
        for structure, stay, amount in row.settled
    ]  # fmt: skip
    if not told:
        return []
    latest: dict[tuple[str, str], Settled] = {(entry.structure, entry.stay): entry for entry in told}
    reading = book_of(account, seen.payer.properties, seen.period.first, seen.period.last)
    return changed_since(reading.book, latest.values(), seen.payer.terms)


def receipt_file(row: TaxPayment) -> bytes:
    """The receipt as it was uploaded; empty without one."""
    return b"" if row.sealed_receipt is None else Vault(row.account).open_bytes(row.sealed_receipt, _CONTEXT)


def _actor(person: Person | None) -> str:
    return str(person.pk) if person else "engine"
