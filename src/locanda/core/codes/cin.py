"""CIN, the national identification code of every accommodation (DL 145/2023 art. 13-ter; spec adempimenti 5.1).

``IT``, the ISTAT number of the comune on the day of issue, the class, and a tail that is random or the number of the region.
There is no check digit: nobody can tell a mistyped tail.
"""

from __future__ import annotations

import re

from locanda.core.codes.comuni import ComuneNumbers
from locanda.core.codes.regional import shape_of
from locanda.core.codes.verdict import CodeCheck, cleaned, refusal, verdict, warning

__all__ = ["check_cin"]

_SHAPE = re.compile(r"IT(?P<istat>[0-9]{6})(?P<kind>[A-Z0-9]{2})[A-Z0-9]{1,8}")
_CLASS = re.compile(r"[A-Z][0-9]")
LENGTH = 18


def check_cin(text: str, comune: ComuneNumbers | None = None) -> CodeCheck:
    """The level of a CIN; the comune of the property is only a hint, for a CIN never changes."""
    code = cleaned(text)
    if not code:
        return refusal(code, "code.value.missing")
    found = _SHAPE.fullmatch(code)
    if found is None:
        return _refused(code)
    if code[2:].isdigit():
        return refusal(code, "code.cin.only_digits")
    warnings = []
    if len(code) < LENGTH:
        warnings.append(warning("code.cin.short", length=len(code)))
    if not _CLASS.fullmatch(found["kind"]):
        warnings.append(warning("code.cin.class_odd", found=found["kind"]))
    if comune is not None and found["istat"] not in comune.all:
        warnings.append(warning("code.istat.other", found=found["istat"], comune=comune.label, expected=comune.number))
    return verdict(code, *warnings)


def _refused(code: str) -> CodeCheck:
    if shape_of(code) is not None:
        return refusal(code, "code.cin.regional", found=code, other=shape_of(code))
    if not code.startswith("IT"):
        return refusal(code, "code.cin.prefix")
    if len(code) > LENGTH:
        return refusal(code, "code.cin.long", length=len(code))
    return refusal(code, "code.cin.shape")
