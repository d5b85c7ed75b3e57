"""What of a payment can be verified offline, and what cannot (spec imposta-di-soggiorno 13.6).

Each check answers ``passed``, ``failed``, or ``unknown`` where a fact is missing: an unknown is never shown as passed. That the
position exists, that the receipt is authentic and that the treasury booked it nobody can tell from here; :data:`UNVERIFIABLE`
names these, to be shown beside the verdicts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from locanda.core.codes import check, iuv
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.portals.pagopa.electronic_receipt import PaymentReceipt
from locanda.portals.pagopa.qr import QrCode
from locanda.portals.pagopa.slip import Slip

__all__ = ["UNVERIFIABLE", "Check", "Expected", "check_payment", "question"]

UNVERIFIABLE = ("position", "authentic", "booked")
"""What no offline check can say; their words are those of :func:`question`."""

Answer = Problem | bool | None
"""Why it failed, True when it passed, None while something is missing."""

_SYMBOL = ("pagopa.symbol.notice", "pagopa.symbol.creditor", "pagopa.symbol.amount")
_OUTCOMES = {
    "not_done": "pagopa.outcome.not_done", "partial": "pagopa.outcome.partial", "expired": "pagopa.outcome.expired",
    "partly_expired": "pagopa.outcome.partly_expired",
}  # fmt: skip


class Expected(NamedTuple):
    """What the operator's own books say of the payment. Empty or None: not known, and what hangs on it stays unknown.

    ``creditor`` is the 11-digit tax code of the comune; ``used`` are the IUVs of earlier payments; ``due`` the day to keep.
    """

    amount: int
    creditor: str = ""
    notice: str = ""
    iuv: str = ""
    due: date | None = None
    used: frozenset[str] = frozenset()


class Check(NamedTuple):
    """A verdict. ``state``: ``passed``, ``failed`` or ``unknown``; ``why`` says what is wrong."""

    id: str
    state: str
    why: Problem | None = None

    def question(self, language: str = "it") -> str:
        """What was asked, in words."""
        return question(self.id, language)


def question(ident: str, language: str = "it") -> str:
    """The words of a check, or of one of :data:`UNVERIFIABLE`."""
    return _words()[ident]["it" if language == "it" else "en"]


def check_payment(
    expected: Expected, *, receipt: PaymentReceipt | None = None, qr: QrCode | None = None, slip: Slip | None = None
) -> tuple[Check, ...]:
    """Every check of a payment, in the order of the table of 13.6. Before there is a receipt its checks are unknown."""
    answers: dict[str, Answer] = {"notice": _notice(expected), "creditor_code": _creditor_code(expected)}
    for name, symbol in (("qr", qr), ("data_matrix", slip)):
        if symbol is not None:
            answers[name] = _symbol(expected, symbol)
    answers |= dict(_of_receipt(expected, receipt))
    return tuple(
        Check(ident, "unknown" if answer is None else "passed" if answer is True else "failed", _why(answer))
        for ident, answer in answers.items()
    )


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("locanda.portals.pagopa") / "checks.toml").read_text(encoding="utf-8"))


def _why(answer: Answer) -> Problem | None:
    return answer if isinstance(answer, Problem) else None


def _notice(expected: Expected) -> Answer:
    if not expected.notice:
        return None
    checked = check("pagopa-notice", expected.notice)
    return checked.warnings[0] if not checked.usable else True


def _creditor_code(expected: Expected) -> Answer:
    if not expected.creditor:
        return None
    if len(expected.creditor) == 11 and check("partita-iva", expected.creditor).usable:
        return True
    return Problem.of("pagopa.creditor.invalid", "creditor", value=expected.creditor)


def _symbol(expected: Expected, symbol: QrCode | Slip) -> Answer:
    """Notice, creditor and amount as typed; what was not typed cannot disagree, and leaves the check unknown."""
    facts = (
        (check("pagopa-notice", expected.notice).normalised if expected.notice else "", symbol.notice),
        (expected.creditor, symbol.creditor),
        (_euro(expected.amount), _euro(symbol.amount)),
    )
    for code, (wanted, found) in zip(_SYMBOL, facts, strict=True):
        if wanted and wanted != found:
            return Problem.of(code, code.rpartition(".")[2], expected=wanted, found=found)
    return True if all(wanted for wanted, _ in facts) else None


def _of_receipt(expected: Expected, receipt: PaymentReceipt | None) -> Iterator[tuple[str, Answer]]:
    if receipt is None:
        yield from ((ident, None) for ident in ("outcome", "creditor", "iuv", "amount", "items", "on_time", "unused"))
        return
    yield "outcome", _outcome(receipt)
    yield "creditor", _creditor(expected, receipt)
    yield "iuv", _iuv(expected, receipt)
    yield "amount", _amount(expected, receipt)
    yield "items", _items(receipt)
    yield "on_time", _on_time(expected, receipt)
    yield "unused", _unused(expected, receipt)


def _outcome(receipt: PaymentReceipt) -> Answer:
    if receipt.outcome is None:
        return None
    return True if receipt.outcome == "done" else Problem(_OUTCOMES[receipt.outcome], "outcome")


def _creditor(expected: Expected, receipt: PaymentReceipt) -> Answer:
    if not (expected.creditor and receipt.creditor):
        return None
    if expected.creditor == receipt.creditor:
        return True
    return Problem.of(
        "pagopa.receipt.creditor", "creditor", expected=expected.creditor, found=receipt.creditor, name=receipt.creditor_name
    )


def _iuv(expected: Expected, receipt: PaymentReceipt) -> Answer:
    checked = check("pagopa-notice", expected.notice) if expected.notice else None
    ours = iuv(checked.normalised) if checked and checked.usable else expected.iuv
    if not (ours and receipt.iuv):
        return None
    if ours == receipt.iuv and (not receipt.notice or checked is None or receipt.notice == checked.normalised):
        return True
    return Problem.of("pagopa.receipt.iuv", "iuv", expected=ours, found=receipt.iuv)


def _amount(expected: Expected, receipt: PaymentReceipt) -> Answer:
    if receipt.amount is None:
        return None
    if receipt.amount == expected.amount:
        return True
    return Problem.of("pagopa.receipt.amount", "amount", expected=_euro(expected.amount), found=_euro(receipt.amount))


def _items(receipt: PaymentReceipt) -> Answer:
    amounts = [item.amount for item in receipt.items]
    if receipt.amount is None or not amounts or None in amounts:
        return None
    whole = sum(amount for amount in amounts if amount is not None)
    if whole == receipt.amount:
        return True
    return Problem.of("pagopa.receipt.sum", "amount", total=_euro(receipt.amount), items=_euro(whole))


def _on_time(expected: Expected, receipt: PaymentReceipt) -> Answer:
    paid = receipt.paid_on or (rome_day(receipt.issued_at) if receipt.issued_at else None)
    if expected.due is None or paid is None:
        return None
    if paid <= expected.due:
        return True
    return Problem.of("pagopa.receipt.late", "paid_on", due=expected.due, paid=paid, days=(paid - expected.due).days)


def _unused(expected: Expected, receipt: PaymentReceipt) -> Answer:
    if not receipt.iuv:
        return None
    return Problem.of("pagopa.receipt.used", "iuv", iuv=receipt.iuv) if receipt.iuv in expected.used else True


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
