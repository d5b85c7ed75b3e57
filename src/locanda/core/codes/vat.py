"""Partita IVA: seven digits, the office, and a check digit (D.P.R. 633/1972 art. 35; spec adempimenti 5.3).

The same number serves as codice fiscale of bodies, and the provisional codice fiscale of people has the same shape.
"""

from __future__ import annotations

import re

from locanda.core.codes.verdict import CodeCheck, cleaned, refusal, verdict, warning
from locanda.core.problems import Problem

__all__ = ["NO_NUMBER", "check_vat", "eleven_digits"]

NO_NUMBER = "0000000"  # numbers are given from 0000001 on
_DIGITS = re.compile(r"[0-9]{11}")
_SPECIAL_OFFICES = frozenset({"120", "121", "888", "999"})
_PERSON = re.compile(r"[A-Z]{6}[0-9A-Z]{9}[A-Z]")


def check_vat(text: str) -> CodeCheck:
    """The level of a partita IVA; the ``IT`` of trade inside Europe is dropped."""
    code = cleaned(text)
    if code.startswith("IT") and not _PERSON.fullmatch(code):
        code = code[2:]
    if not code:
        return refusal(code, "code.value.missing")
    if _PERSON.fullmatch(code):
        return refusal(code, "code.partita_iva.person")
    if not _DIGITS.fullmatch(code):
        return refusal(code, "code.partita_iva.shape", length=len(code))
    return eleven_digits(code)


def eleven_digits(code: str, *extra: Problem) -> CodeCheck:
    """The level of eleven digits: the check digit decides, an office that is not known warns."""
    from stdnum import luhn

    if code.startswith(NO_NUMBER):
        return refusal(code, "code.value.zeros")
    if not luhn.is_valid(code):
        return refusal(code, "code.partita_iva.check_digit")
    office = code[7:10]
    if not ("001" <= office <= "100" or office in _SPECIAL_OFFICES):
        return verdict(code, warning("code.partita_iva.office", office=office), *extra)
    return verdict(code, *extra)
