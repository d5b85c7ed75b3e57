"""The notice number of pagoPA: eighteen digits with two check digits (SACI; spec imposta-di-soggiorno 13.2)."""

from __future__ import annotations

import re

from locanda.core.codes.verdict import CodeCheck, cleaned, refusal, verdict, warning

__all__ = ["check_pagopa_notice", "iuv"]

_DIGITS = re.compile(r"[0-9]{18}")
_CHECKED = frozenset("023")  # kinds of notice (first digit) that carry check digits; 1 carries none


def check_pagopa_notice(text: str) -> CodeCheck:
    """The level of a notice number, as printed in groups of four or typed in one piece."""
    code = cleaned(text)
    if not code:
        return refusal(code, "code.value.missing")
    if not _DIGITS.fullmatch(code):
        return refusal(code, "code.pagopa_notice.shape", length=len(code))
    if code[0] == "1":
        return verdict(code, warning("code.pagopa_notice.unchecked"))
    if code[0] not in _CHECKED:
        return refusal(code, "code.pagopa_notice.first_digit", found=code[0])
    if int(code[:16]) % 93 != int(code[16:]):
        return refusal(code, "code.pagopa_notice.check_digits")
    return verdict(code)


def iuv(notice: str) -> str:
    """The IUV inside a notice number: what the receipt names."""
    return notice[3:] if notice[0] == "0" else notice[1:]
