"""Codes that the regions gave before the CIN, and give still: CIR, CIS, IUN (spec adempimenti 5.2).

The shapes were read off codes in public listings; no region publishes them. So they warn and never block.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from locanda.core.codes.comuni import ComuneNumbers, region_of
from locanda.core.codes.verdict import CodeCheck, cleaned, refusal, verdict, warning
from locanda.core.problems import Problem

__all__ = ["check_cir", "check_cis", "check_iun", "cin_of", "shape_of"]


class Shape(NamedTuple):
    """How the codes of one kind look, and where."""

    name: str
    kind: str
    region: str
    pattern: re.Pattern[str]


_SHAPES = (
    Shape("CIR Puglia", "cir", "puglia", re.compile(r"(?P<istat>[0-9]{6})[A-Z][0-9][0-9]{8}")),
    Shape("CIR Lombardia", "cir", "lombardia", re.compile(r"(?P<istat>[0-9]{6})(?P<letters>[A-Z]{3})(?P<serial>[A-Z0-9]{5})")),
    Shape("codice regionale Sardegna", "cir", "sardegna", re.compile(r"(?P<istat>[0-9]{6})[A-Z][0-9]000[A-Z][0-9]{4}")),
    Shape("CIS Puglia", "cis", "puglia", re.compile(r"[A-Z]{2}(?P<istat>[0-9]{6})[0-9]{2}[0-9]{9}")),
    Shape("IUN Sardegna", "iun", "sardegna", re.compile(r"[A-Z][0-9]{4}")),
)
_CIN = re.compile(r"IT[0-9]{6}[A-Z][0-9][A-Z0-9]{8}")


def check_cir(text: str, comune: ComuneNumbers | None = None) -> CodeCheck:
    """A regional code of Puglia, Lombardia (shown with hyphens) or Sardegna; of other regions nothing is known."""
    return _checked(text, "cir", comune)


def check_cis(text: str, comune: ComuneNumbers | None = None) -> CodeCheck:
    """The code that Puglia gave until 2024."""
    return _checked(text, "cis", comune)


def check_iun(text: str, comune: ComuneNumbers | None = None) -> CodeCheck:
    """The number of Sardegna, alone or inside the regional code."""
    return _checked(text, "iun", comune)


def shape_of(text: str) -> str | None:
    """The name of the regional code that a text looks like."""
    found = _match(cleaned(text))
    return found[0].name if found else None


def cin_of(text: str) -> str | None:
    """The CIN that goes with a regional code of Puglia or Sardegna; in Lombardia the tail of the CIN is another."""
    code = cleaned(text)
    found = _match(code)
    return f"IT{code}" if found and found[0].kind == "cir" and found[0].region != "lombardia" else None


def _match(code: str) -> tuple[Shape, re.Match[str]] | None:
    for shape in _SHAPES:
        if found := shape.pattern.fullmatch(code):
            return shape, found
    return None


def _checked(text: str, kind: str, comune: ComuneNumbers | None) -> CodeCheck:
    code = cleaned(text)
    if not code:
        return refusal(code, "code.value.missing")
    match = _match(code)
    if match is None:
        return verdict(code, _unlike(code, kind, comune))
    shape, found = match
    inside = kind == "iun" and shape.name == "codice regionale Sardegna"  # holds the IUN, and names the comune beside
    if shape.kind != kind and not inside:
        return verdict(_shown(shape, found), warning("code.regional.other_kind", kind=kind.upper(), other=shape.name))
    warnings = []
    if comune is not None:
        region = region_of(comune.number)
        istat = found.groupdict().get("istat")
        if region != shape.region:
            warnings.append(warning("code.regional.other_region", other=shape.name, comune=comune.label))
        elif istat is not None and istat not in comune.all:
            warnings.append(warning("code.istat.other", found=istat, comune=comune.label, expected=comune.number))
    return verdict(_shown(shape, found), *warnings)


def _unlike(code: str, kind: str, comune: ComuneNumbers | None) -> Problem:
    if _CIN.fullmatch(code):
        return warning("code.regional.is_cin", kind=kind.upper())
    if kind == "cir" and comune is not None and region_of(comune.number) is None:
        return warning("code.regional.region_unknown", comune=comune.label)
    return warning("code.regional.shape", kind=kind.upper())


def _shown(shape: Shape, found: re.Match[str]) -> str:
    return "-".join(found.groups()) if shape.name == "CIR Lombardia" else found[0]
