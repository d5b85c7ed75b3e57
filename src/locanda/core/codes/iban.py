"""IBAN (ISO 13616) and, inside those of Italy and San Marino, the CIN: the letter that banks compute over account and branch."""

from __future__ import annotations

import re

from locanda.core.codes.fiscal_letters import check_letter
from locanda.core.codes.verdict import CodeCheck, cleaned, refusal, verdict, warning

__all__ = ["check_iban"]

_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_ITALIAN = re.compile(r"(?:IT|SM)[0-9]{2}(?P<letter>[A-Z])(?P<rest>[0-9]{10}[A-Z0-9]{12})")
_LENGTH = 27


def check_iban(text: str) -> CodeCheck:
    """The level of an IBAN. One of a country that is not in the register warns."""
    from stdnum import iban
    from stdnum.exceptions import InvalidComponent, ValidationError

    code = cleaned(text).removeprefix("IBAN").lstrip(".:")
    if not code:
        return refusal(code, "code.value.missing")
    if not _SHAPE.fullmatch(code):
        return refusal(code, "code.iban.shape")
    italian = code[:2] in {"IT", "SM"}
    if italian and len(code) != _LENGTH:
        return refusal(code, "code.iban.length", length=len(code))
    # computed check digits run from 02 to 98: the three others leave the same remainder and are never given
    if _remainder(code) != 1 or code[2:4] in {"00", "01", "99"}:
        return refusal(code, "code.iban.check_digits")
    if italian:
        found = _ITALIAN.fullmatch(code)
        if found is None:
            return refusal(code, "code.iban.shape")
        expected = check_letter(found["rest"])
        if expected != found["letter"]:
            return refusal(code, "code.iban.cin", found=found["letter"])
        return verdict(code)
    try:
        iban.validate(code, check_country=False)
    except InvalidComponent:
        return verdict(code, warning("code.iban.country", country=code[:2]))
    except ValidationError:
        return refusal(code, "code.iban.national", country=code[:2])
    return verdict(code)


def _remainder(code: str) -> int:
    return int("".join(str(int(character, 36)) for character in code[4:] + code[:4])) % 97
