"""Receipts: fetched from the day after, kept byte for byte, and handed on to be compared with what was sent.

The portal makes one receipt for each account and day of sending, the day after, and gives it for thirty days (spec
alloggiati-web 1.6, 4.9). A missing receipt raises an alarm and never settles anything: that it means "nothing was sent" is
the word of a help page, and a receipt may also be late.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction

from locanda.archive import chain
from locanda.archive.chain import ENGINE
from locanda.archive.models import Receipt, SendingDay
from locanda.archive.vault import Vault
from locanda.core.time import Clock, rome_day, rome_midnight
from locanda.delivery.comparing import anything_taken, compare
from locanda.delivery.courier import Courier
from locanda.delivery.drive import stop
from locanda.delivery.record import clear_alarm, raise_alarm, store_exchanges
from locanda.portals.alloggiati.errors import CredentialsRefused, NoReceipt, PortalError
from locanda.portals.alloggiati.receipt import ReceiptFacts, read_receipt

__all__ = ["KEEP_YEARS", "LAST_DAY", "MISSING_AFTER", "fetch", "keep"]

RETRY = timedelta(hours=1)
MISSING_AFTER = timedelta(hours=12)
"""Noon of the day after: a receipt that is not there by now is worth a person's attention (our choice, spec 7.9)."""
LAST_DAY = 30
KEEP_YEARS = 5


def fetch(sending_day: SendingDay, courier: Courier, *, clock: Clock, mark: Callable[[str], None] = lambda _: None) -> bool:
    """Ask the portal for the receipt of a day. The caller holds the lease of the credential."""
    now = clock()
    if Receipt.objects.of(sending_day.account_id).filter(sending_day=sending_day).exists():
        compare(sending_day, at=now)  # kept by a process that died before it was compared
        return True
    try:
        pdf = courier.receipt(sending_day.day)
    except PortalError as error:
        store_exchanges(sending_day.credential, courier.take_exchanges())
        _missed(sending_day, error, now)
        return False
    store_exchanges(sending_day.credential, courier.take_exchanges())
    keep(sending_day, pdf, at=now, simulated=courier.simulated, mark=mark)
    mark("receipt")
    return True


def _missed(sending_day: SendingDay, error: PortalError, now: datetime) -> None:
    account, subject = sending_day.account, f"sending_day:{sending_day.pk}"
    sending_day.tries += 1
    sending_day.last_error = type(error).__name__
    sending_day.next_try_at = now + RETRY
    facts = {"day": sending_day.day.isoformat(), "credential": sending_day.credential.label}
    if (rome_day(now) - sending_day.day).days > LAST_DAY:
        sending_day.status, sending_day.next_try_at = SendingDay.Status.GONE, None
        raise_alarm(account, "receipt_gone", subject, at=now, facts=facts)
    elif isinstance(error, NoReceipt) and not anything_taken(sending_day):
        # nothing was taken that day as far as anybody knows (all refused, or never reached): no receipt is as it should be
        sending_day.status, sending_day.next_try_at = SendingDay.Status.NOTHING, None
    sending_day.save(update_fields=["tries", "last_error", "next_try_at", "status"])
    if isinstance(error, CredentialsRefused):
        stop(sending_day.credential, at=now)
    if sending_day.status == SendingDay.Status.NOTHING:
        clear_alarm(account, "receipt_missing", subject, at=now)
        return
    noon = rome_midnight(sending_day.day + timedelta(days=1)) + MISSING_AFTER
    if now.timestamp() >= noon.timestamp():
        kind = "receipt_missing" if isinstance(error, NoReceipt) else "receipt_unreachable"
        raise_alarm(account, kind, subject, at=now, facts=facts)


def keep(
    sending_day: SendingDay, pdf: bytes, *, at: datetime, simulated: bool, actor: str = ENGINE,
    mark: Callable[[str], None] = lambda _: None,
) -> Receipt:  # fmt: skip
    """Store a receipt verbatim and compare it. A receipt that is already there stays as it is.

    The day stays due until the receipt is compared, so that dying between the two leaves nothing undone.
    """
    if (kept := Receipt.objects.of(sending_day.account_id).filter(sending_day=sending_day).first()) is not None:
        return kept
    facts = read_receipt(pdf)
    unfit = _unfit(sending_day, facts, simulated=simulated)
    digest = hashlib.sha256(pdf).hexdigest()
    with transaction.atomic():
        receipt = Receipt(
            account=sending_day.account,
            sending_day=sending_day,
            credential=sending_day.credential,
            day=sending_day.day,
            pdf=pdf,
            sha256=digest,
            fetched_at=at,
            number=(facts.receipt_id or "")[:60],
            schedine=facts.schedine,
            total_days=facts.total_days,
            keep_until=_years_later(rome_day(at), KEEP_YEARS),
            unfit=unfit,
            simulated=simulated,
        )
        receipt.save(force_insert=True)
        chain.append(
            sending_day.account,
            "receipt.kept",
            at=at,
            actor=actor,
            subject=f"receipt:{receipt.pk}",
            data={
                "day": sending_day.day.isoformat(),
                "sha256": digest,
                "bytes": len(pdf),
                "number": receipt.number,
                "schedine": receipt.schedine,
                "total_days": receipt.total_days,
                "unfit": unfit,
                "simulated": simulated,
            },
        )
    for kind in ("receipt_missing", "receipt_unreachable", "receipt_gone"):
        clear_alarm(sending_day.account, kind, f"sending_day:{sending_day.pk}", at=at)
    mark("receipt_kept")
    compare(sending_day, at=at)
    return receipt


def _unfit(sending_day: SendingDay, facts: ReceiptFacts, *, simulated: bool) -> str:
    """Why a receipt is not one of this day of this account, as far as it says; empty when nothing speaks against it."""
    if facts.sending_day not in (None, sending_day.day):
        return "day"
    if facts.simulated and not simulated:
        return "simulated"
    sealed = sending_day.credential.sealed_keys
    user = Vault(sending_day.account).open(sealed, "police keys")["user"] if sealed else None
    return "user" if facts.login and user and facts.login.upper() != user.upper() else ""


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
