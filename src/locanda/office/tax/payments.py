"""Paying over: what a period owes, the payment made ready, the receipt matched with it (spec imposta 8, 9.2, 13, 15).

Nothing here pays. The operator pays on the comune's portal or at a bank and says so; a receipt in XML is read and compared, and
whatever does not fit is shown. A period once paid is never rewritten: what changed since is told stay by stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Account, Person, TaxPayment, TaxPaymentShare
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.law.periods import parse_period
from locanda.law.remitting import Changed, Settled, changed_since, settle
from locanda.letters.uploads import MEDIA, kind_of
from locanda.office import duty_marks
from locanda.office.tax.periods import PeriodView, late_today, property_books, view, views
from locanda.portals.pagopa import (
    Check,
    Expected,
    PaymentReceipt,
    QrCode,
    Slip,
    check_payment,
    read_qr,
    read_receipt,
    read_slip,
)  # fmt: skip

__all__ = [
    "CHANNELS", "PeriodView", "changes", "checks_of", "failed_checks", "late_today", "mark_zero", "paid", "prepare",
    "receipt_file", "take_notice", "view", "views", "withdraw",
]  # fmt: skip

CHANNELS = ("pagopa_spontaneo", "pagopa_notice", "f24", "transfer", "other")
_CONTEXT = "tax payment receipt"


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
    told = [
        entry for _, book in property_books(account, seen.payer, seen.period.first, seen.period.last)
        for entry in settle(book, seen.period, seen.payer.terms)
    ]  # fmt: skip
    row = TaxPayment(
        account=account, comune=seen.payer.comune, operator=seen.payer.operator, obligation=seen.payer.obligation,
        period=seen.period.label, basis=seen.figures.basis, due=seen.due.day if seen.due else None, tax=seen.left,
        sanction=late.sanction if late else 0, interest=(late.interest or 0) if late else 0, channel=channel,
        settled=[[entry.structure, entry.stay, entry.amount] for entry in told], note=" ".join(note.split())[:300],
        prepared_at=now, prepared_by=person,
        creditor=_last_creditor(account, seen.payer.comune),
    )  # fmt: skip
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)  # two windows, one payment
        same = {"comune": row.comune, "operator": row.operator, "period": row.period, "state": TaxPayment.State.PREPARED}
        if TaxPayment.objects.of(account).filter(**same).exists():
            return None, [Problem.of("tax.payment.prepared", "period", period=seen.period.label)]
        row.save(force_insert=True)
        TaxPaymentShare.everywhere.bulk_create(_shares(account, row, seen))
        chain.append(
            account, "tax.payment_prepared", at=now, actor=chain.actor_of(person), subject=f"payment:{row.pk}",
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


def _last_creditor(account: Account | UUID, comune: str) -> str:
    """The tax code of the comune as the operator last wrote it; a comune keeps its own."""
    rows = TaxPayment.objects.of(account).filter(comune=comune).exclude(creditor="")
    return rows.order_by("-prepared_at").values_list("creditor", flat=True).first() or ""


def take_notice(
    row: TaxPayment, *, notice: str, creditor: str, symbol: str, now: datetime, person: Person | None
) -> tuple[tuple[Check, ...], list[Problem]]:
    """A notice of the comune for this payment: its number, the comune's tax code, the text of one of its two symbols.

    What can be read is judged, and number and tax code are kept; the text of a symbol names the debtor and is not.
    """
    if row.state != TaxPayment.State.PREPARED:
        return (), [Problem("tax.payment.not_open", "payment")]
    qr, slip, found = _symbol(symbol)
    number = "".join(notice.split()) or (qr.notice if qr else slip.notice if slip else "")
    creditor = "".join(creditor.split()) or (qr.creditor if qr else slip.creditor if slip else "") or row.creditor
    if not number:
        found.append(Problem("tax.payment.notice", "notice"))
    checks = check_payment(_expected(row, "", number, creditor), qr=qr, slip=slip)
    found += [one.why for one in checks if one.id in ("notice", "creditor_code") and one.why is not None]
    if found:
        return checks, found
    with transaction.atomic():
        row.reference, row.creditor = number, creditor
        row.save(update_fields=["reference", "creditor"])
        chain.append(
            row.account, "tax.payment_notice", at=now, actor=chain.actor_of(person), subject=f"payment:{row.pk}",
            data={"period": row.period, "notice": number},
        )  # fmt: skip
    return checks, []


def _symbol(text: str) -> tuple[QrCode | None, Slip | None, list[Problem]]:
    """The text of a QR code or of a Data Matrix, whichever it is."""
    if not text.strip():
        return None, None, []
    if text.strip().startswith("PAGOPA"):
        qr, wrong = read_qr(text)
        return qr, None, list(wrong)
    slip, wrong = read_slip(text)
    return None, slip, list(wrong)


def checks_of(row: TaxPayment) -> tuple[Check, ...]:
    """What is known offline of a payment that is not paid yet."""
    return check_payment(_expected(row, row.iuv, row.reference, row.creditor))


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
    creditor = creditor.strip() or row.creditor
    checks = check_payment(_expected(row, iuv, reference, creditor), receipt=receipt)
    if not found and receipt is not None and failed_checks(checks) and not accept:
        found += [check.why for check in failed_checks(checks) if check.why is not None]
    if not (reference or iuv or receipt):
        found.append(Problem("tax.payment.reference", "reference"))
    if found:
        return checks, found
    with transaction.atomic():
        row.state, row.paid_on = TaxPayment.State.PAID, paid_on
        row.creditor = creditor[:11]
        row.reference, row.iuv = reference.strip()[:60], (iuv.strip() or (receipt.iuv if receipt else "") or "")[:35]
        row.verdicts = [[check.id, check.state, check.why.code if check.why else ""] for check in checks]
        if file is not None:
            row.sealed_receipt = Vault(row.account).seal_bytes(file.content, _CONTEXT)
            row.receipt_media, row.receipt_sha256 = media, hashlib.sha256(file.content).hexdigest()
        row.save()
        _mark(row, now=now, person=person, file=file if media != "application/xml" else None)
        chain.append(
            row.account, "tax.paid", at=now, actor=chain.actor_of(person), subject=f"payment:{row.pk}",
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
    return None, MEDIA[kind_of(file.content)], []


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
            row.account, "tax.payment_withdrawn", at=now, actor=chain.actor_of(person), subject=f"payment:{row.pk}",
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
    return [
        one for row, book in property_books(account, seen.payer, seen.period.first, seen.period.last)
        for one in changed_since(
            book, [entry for entry in latest.values() if entry.structure == str(row.pk)], seen.payer.terms
        )
    ]  # fmt: skip


def receipt_file(row: TaxPayment) -> bytes:
    """The receipt as it was uploaded; empty without one."""
    return b"" if row.sealed_receipt is None else Vault(row.account).open_bytes(row.sealed_receipt, _CONTEXT)
