"""The notice number of pagoPA and the IUV inside it (SACI; spec imposta-di-soggiorno 13.2).

Eighteen digits. The first one, the aux digit, says what follows::

    0  application code (2)  base (13)  check (2)     IUV: the last 15
    1  base (17)                                      IUV: the last 17, no check digits
    2  base (15)  check (2)                           IUV: the last 17
    3  segregation code (2)  base (13)  check (2)     IUV: the last 17

The check digits are the remainder of the sixteen digits before them by 93.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from locanda.core.codes.verdict import CodeCheck, cleaned, refusal, verdict, warning

__all__ = ["Notice", "check_pagopa_notice", "grouped", "iuv", "read_notice", "write_notice"]

_DIGITS = re.compile(r"[0-9]{18}")
_CHECKED = frozenset("023")  # kinds of notice (first digit) that carry check digits; 1 carries none
_LENGTHS = {"0": (2, 13), "1": (0, 17), "2": (0, 15), "3": (2, 13)}  # of the code and of the base


class Notice(NamedTuple):
    """A notice number taken apart. ``code`` is the application code (aux 0) or the segregation code (aux 3)."""

    number: str
    aux: str
    code: str
    base: str
    iuv: str

    @property
    def segregation(self) -> str | None:
        """Who keeps the archive of an aux 3 notice: ``intermediary`` (00-45), ``central`` (96-99, older list), else None."""
        if self.aux != "3":
            return None
        return "intermediary" if self.code <= "45" else "central" if self.code >= "96" else None


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
    if _remainder(code[:16]) != code[16:]:
        return refusal(code, "code.pagopa_notice.check_digits")
    return verdict(code)


def iuv(notice: str) -> str:
    """The IUV inside a notice number: what the receipt names."""
    return notice[3:] if notice[0] == "0" else notice[1:]


def read_notice(text: str) -> Notice | None:
    """The parts of a notice number, or None when it is none."""
    checked = check_pagopa_notice(text)
    if not checked.usable:
        return None
    number = checked.normalised
    code, base = _LENGTHS[number[0]]
    return Notice(number, number[0], number[1 : 1 + code], number[1 + code : 1 + code + base], iuv(number))


def write_notice(aux: str, base: str, code: str = "") -> Notice:
    """The notice number of a base, check digits included; ValueError when the parts do not have their lengths.

    Only the creditor gives notice numbers: this serves the simulators and whoever writes the creditor's side.
    """
    lengths = _LENGTHS.get(aux)
    if lengths is None or (len(code), len(base)) != lengths or not re.fullmatch("[0-9]*", code + base):
        raise ValueError(f"no notice number is made of {aux!r}, {code!r} and {base!r}")
    body = aux + code + base
    number = body + (_remainder(body) if aux in _CHECKED else "")
    return Notice(number, aux, code, base, iuv(number))


def grouped(text: str) -> str:
    """A notice number, IUV or reference as it is printed, in groups of four."""
    code = cleaned(text)
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


def _remainder(sixteen: str) -> str:
    return f"{int(sixteen) % 93:02}"
