"""Identification codes: is this CIN, codice fiscale, IBAN... one that can exist? (spec adempimenti 5; ``interfaces.md``)

::

    check("cin", "IT072030C200012345", "072030").level     # "valid", "warning" or "invalid"

Each module holds one code. Nothing here says that a code was ever given to anybody: only its registry knows that.
"""

from __future__ import annotations

from datetime import date

from locanda.core.codes.cin import check_cin
from locanda.core.codes.comuni import UnknownComune, comune_numbers
from locanda.core.codes.fiscal_code import check_fiscal_code, read_fiscal_code
from locanda.core.codes.fiscal_identity import Identity, compared
from locanda.core.codes.iban import check_iban
from locanda.core.codes.pagopa_notice import Notice, check_pagopa_notice, grouped, iuv, read_notice, write_notice
from locanda.core.codes.payment_reference import check_iuv, check_rf, write_rf
from locanda.core.codes.regional import check_cir, check_cis, check_iun, cin_of
from locanda.core.codes.vat import check_vat
from locanda.core.codes.verdict import CodeCheck, Level
from locanda.places import Tables, builtin

__all__ = [
    "KINDS",
    "CodeCheck",
    "Identity",
    "Level",
    "Notice",
    "UnknownComune",
    "check",
    "check_iuv",
    "check_rf",
    "cin_of",
    "grouped",
    "iuv",
    "read_fiscal_code",
    "read_notice",
    "write_notice",
    "write_rf",
]  # fmt: skip

_OF_A_PLACE = {"cin": check_cin, "cir": check_cir, "cis": check_cis, "iun": check_iun}
_PLAIN = {"partita-iva": check_vat, "iban": check_iban, "pagopa-notice": check_pagopa_notice}

KINDS = ("cin", "cir", "cis", "iun", "codice-fiscale", "partita-iva", "iban", "pagopa-notice")


def check(
    kind: str,
    value: str,
    comune: str | None = None,
    *,
    identity: Identity | None = None,
    on: date | None = None,
    tables: Tables | None = None,
) -> CodeCheck:
    """The level of a code of one of :data:`KINDS`, and how it is written properly.

    ``comune`` is that of the property (cin, cir, cis, iun); UnknownComune when it names none. ``identity`` is compared with a
    codice fiscale; ``on`` is the day of asking, after which nobody was born. ``tables`` are the built-in ones unless given.
    """
    if kind in _OF_A_PLACE:
        numbers = None if comune is None else comune_numbers(comune, tables or builtin())
        return _OF_A_PLACE[kind](value, numbers)
    if kind in _PLAIN:
        return _PLAIN[kind](value)
    if kind != "codice-fiscale":
        raise ValueError(f"{kind!r} is no kind of code: {', '.join(KINDS)}")
    known = tables or builtin()
    result = check_fiscal_code(value, tables=known, on=on)
    return result if identity is None else compared(result, identity, tables=known, on=on)
