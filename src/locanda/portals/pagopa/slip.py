"""The text of the Data Matrix on the postal slip of a notice, "bollettino PA" (spec imposta-di-soggiorno 13.4).

Put together from public programs and one public test string: the normative text, a manual of Poste Italiane, was not read. The
status is :data:`STATUS`, and whoever shows this symbol says so. Fixed places up to offset 93; after it read leniently, since
samples are a blank short. Written strictly: nothing is cut, and a letter outside printable ASCII is refused, since no source
names the character set.
"""

from __future__ import annotations

from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.portals.pagopa.qr import faults

__all__ = ["LENGTH", "STATUS", "Slip", "read_slip", "write_slip"]

STATUS = "unverified"
LENGTH = 256

_CONSTANTS = ((0, "codfase=NBPA;"), (13, "18"), (33, "12"), (47, "10"), (59, "3"), (60, "896"), (63, "1P1"))
_FREE = 93
_WIDTHS = {"debtor_code": 16, "debtor": 40, "description": 110}
_AMOUNT_MAX = 9_999_999_999
_LAST = "A"


class Slip(NamedTuple):
    """What the symbol says. ``account`` is the postal account of the creditor, ``amount`` in cents."""

    notice: str
    account: str
    amount: int
    creditor: str
    debtor_code: str = ""
    debtor: str = ""
    description: str = ""


def read_slip(text: str) -> tuple[Slip | None, tuple[Problem, ...]]:
    """What the text says, and what is wrong with it. Nothing is told from a text whose first 77 characters do not fit."""
    body = text.strip("\r\n\t\ufeff")
    astray = [place for place, constant in _CONSTANTS if body[place : place + len(constant)] != constant]
    if astray:
        return None, (Problem.of("pagopa.slip.shape", "", offset=astray[0]),)
    notice, account, amount, creditor = body[15:33], body[35:47], body[49:59], body[66:77]
    if not (account + amount).isascii() or not (account + amount).isdigit():
        return None, (Problem.of("pagopa.slip.shape", "", offset=35),)
    rest = body[_FREE:].rstrip()
    found = []
    if len(body) != LENGTH or not rest.endswith(_LAST):
        found.append(Problem.of("pagopa.slip.length", "", length=len(body)))
    if len(body) > _FREE + 150 and rest.endswith(_LAST):
        rest = rest[:-1]
    slip = Slip(
        notice, account, int(amount), creditor, body[77:_FREE].strip(), rest[:40].strip(), rest[40:150].strip()
    )
    return slip, (*found, *faults(slip.notice, slip.creditor, slip.amount))


def write_slip(slip: Slip) -> str | tuple[Problem, ...]:
    """The 256 characters, or what keeps them from being written."""
    wrong = list(faults(slip.notice, slip.creditor, slip.amount))
    if len(slip.notice) != 18 and not wrong:
        wrong.append(Problem.of("code.pagopa_notice.shape", "notice", length=len(slip.notice)))
    if slip.amount > _AMOUNT_MAX:
        wrong.append(Problem.of("pagopa.amount.range", "amount", value=slip.amount))
    if not (slip.account.isascii() and slip.account.isdigit() and len(slip.account) <= 12):
        wrong.append(Problem.of("pagopa.slip.account", "account", value=slip.account))
    for name, width in _WIDTHS.items():
        value = getattr(slip, name)
        if len(value) > width:
            wrong.append(Problem.of("pagopa.slip.long", name, length=len(value), width=width))
        if not (value.isascii() and value.isprintable()):
            wrong.append(Problem.of("pagopa.slip.letters", name, value=value))
    if wrong:
        return tuple(wrong)
    text = (
        f"codfase=NBPA;18{slip.notice}12{slip.account:0>12}10{slip.amount:010}38961P1{slip.creditor}"
        f"{slip.debtor_code:<16}{slip.debtor:<40}{slip.description:<110}{'':12}{_LAST}"
    )
    assert len(text) == LENGTH
    return text
