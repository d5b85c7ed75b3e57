"""The text of the QR code on a payment notice (pagoPA, Avviso di pagamento; spec imposta-di-soggiorno 13.3).

    PAGOPA|002|<notice number, 18>|<tax code of the creditor, 11>|<amount in cents>

Read leniently (blanks around it, an amount with zeros in front), written strictly.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from locanda.core.codes import check, read_notice
from locanda.core.problems import Problem

__all__ = ["AMOUNT_MAX", "QrCode", "faults", "read_qr", "write_qr"]

AMOUNT_MAX = 99_999_999_999
"""999,999,999.99 euro: the largest amount that pagoPA's own formats hold."""
_AMOUNT = re.compile(r"[0-9]{1,15}")
_DIGITS = re.compile(r"[0-9]{11}")


class QrCode(NamedTuple):
    """What the symbol says. ``amount`` in cents."""

    notice: str
    creditor: str
    amount: int


def faults(notice: str, creditor: str, amount: int) -> tuple[Problem, ...]:
    """What is wrong with the three facts that both symbols carry."""
    found = [] if read_notice(notice) else list(check("pagopa-notice", notice).warnings)
    found = [problem._replace(where="notice") for problem in found]
    if not (_DIGITS.fullmatch(creditor) and check("partita-iva", creditor).usable):
        found.append(Problem.of("pagopa.creditor.invalid", "creditor", value=creditor))
    if not 0 < amount <= AMOUNT_MAX:
        found.append(Problem.of("pagopa.amount.range", "amount", value=amount))
    return tuple(found)


def read_qr(text: str) -> tuple[QrCode | None, tuple[Problem, ...]]:
    """What the text says, and what is wrong with it. A value is there whenever the five fields could be told apart."""
    parts = text.strip().split("|")
    if len(parts) != 5 or parts[0] != "PAGOPA":
        return None, (Problem.of("pagopa.qr.shape", "", fields=len(parts)),)
    if parts[1] != "002":
        return None, (Problem.of("pagopa.qr.version", "", found=parts[1]),)
    notice, creditor, amount = parts[2:]
    if not _AMOUNT.fullmatch(amount):
        return None, (Problem.of("pagopa.amount.shape", "amount", value=amount),)
    code = QrCode(notice, creditor, int(amount))
    return code, faults(*code)


def write_qr(code: QrCode) -> str | tuple[Problem, ...]:
    """The text of the symbol, or what keeps it from being written."""
    wrong = faults(*code)
    if wrong or len(code.notice) != 18:
        return wrong or (Problem.of("code.pagopa_notice.shape", "notice", length=len(code.notice)),)
    return f"PAGOPA|002|{code.notice}|{code.creditor}|{code.amount}"
