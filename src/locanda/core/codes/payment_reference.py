"""The IUV of a payment begun at the creditor's, and the creditor reference of ISO 11649 (SACI; spec imposta-di-soggiorno 13.2).

An IUV that comes from no notice is free: at most 35 letters and digits. One that begins with ``RF`` and looks like a creditor
reference is held to its two check digits (mod 97-10, as those of an IBAN).
"""

from __future__ import annotations

import re

from locanda.core.codes.verdict import CodeCheck, cleaned, refusal, verdict

__all__ = ["check_iuv", "check_rf", "write_rf"]

_RF = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_FREE = re.compile(r"[A-Za-z0-9]{1,35}")
_BODY = re.compile(r"[A-Z0-9]{1,21}")


def check_rf(text: str) -> CodeCheck:
    """The level of a creditor reference, as printed in groups of four or in one piece."""
    code = cleaned(text)
    if not code:
        return refusal(code, "code.value.missing")
    if not _RF.fullmatch(code):
        return refusal(code, "code.rf.shape", length=len(code))
    # computed check digits run from 02 to 98: the three others leave the same remainder and are never given
    if _remainder(code[4:] + code[:4]) != 1 or code[2:4] in {"00", "01", "99"}:
        return refusal(code, "code.rf.check_digits")
    return verdict(code)


def write_rf(body: str) -> str:
    """The creditor reference of up to 21 letters and digits; ValueError for anything else."""
    code = cleaned(body)
    if not _BODY.fullmatch(code):
        raise ValueError(f"{body!r} cannot be the body of a creditor reference")
    return f"RF{98 - _remainder(code + 'RF00'):02}{code}"


def check_iuv(text: str) -> CodeCheck:
    """The level of an IUV. Small letters stay as they are: a free IUV is taken as it was given."""
    code = "".join(text.split())
    if not code:
        return refusal(code, "code.value.missing")
    if _RF.fullmatch(code.upper()):
        return check_rf(code)
    if not _FREE.fullmatch(code):
        return refusal(code, "code.iuv.shape", length=len(code))
    return verdict(code)


def _remainder(code: str) -> int:
    return int("".join(str(int(character, 36)) for character in code)) % 97
