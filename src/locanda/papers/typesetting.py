"""Typst: a template and its data into an accessible, archivable PDF (PDF/A-2a, PDF/UA-1) with the fonts of the wheel alone.

Data travel as JSON in ``sys.inputs`` and are never part of the source, so that no text of anybody can become code. The stamp is
the day that is handed in: the same data on the same day give the same bytes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import typst

__all__ = ["STANDARDS", "Unprintable", "typeset", "unprintable"]

STANDARDS: tuple[Literal["a-2a", "ua-1"], ...] = ("a-2a", "ua-1")
_LISTED = 5
_ORDINARY = (range(0x20, 0x7F), range(0xA1, 0xAD), range(0xAE, 0x180), range(0x391, 0x3CA), range(0x400, 0x460))
# controls, halves of characters, private and unassigned ones print nothing; the marks that turn a line round print lies
_REFUSED = frozenset({"Cc", "Cs", "Co", "Cn"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unprintable(ValueError):
    """Text that the fonts have no shape for; what is read by :mod:`locanda.papers.reading` never is."""


def typeset(template: bytes, data: Mapping[str, Any], *, on: date) -> bytes:
    """The PDF of a template that imports ``locanda.typ``. Unprintable when the fonts lack a character."""
    source: Any = {"main.typ": template, "locanda.typ": _library()}  # the stub forgets that a folder may be given
    try:
        return _compiled(source, json.dumps(data), on)
    except typst.TypstError as fault:
        if "could not be displayed" in str(fault) or "codepoint" in str(fault):
            raise Unprintable(str(fault)) from None
        raise


def unprintable(text: str) -> tuple[str, ...]:
    """The first few characters of a text that cannot be printed, or that would print something else than what they are."""
    found: list[str] = []
    for character in dict.fromkeys(text):
        if not _prints(character):
            found.append(character)
            if len(found) == _LISTED:
                break
    return tuple(found)


def _prints(character: str) -> bool:
    code = ord(character)
    if any(code in ordinary for ordinary in _ORDINARY) or character in "\n\r\t":
        return True
    if unicodedata.category(character) in _REFUSED or character in _TURNING:
        return False
    return _has_shape(character)


@cache
def _has_shape(character: str) -> bool:
    """Whether a bundled font draws it: the typesetter is asked, for a table would age with it."""
    source = b'#set document(title: "x")\n#set text(font: "Libertinus Serif", lang: "it")\n#sys.inputs.data'
    try:
        # a mark is drawn on a letter
        _compiled(source, "a" + character if unicodedata.combining(character) else character, date(2000, 1, 1))
    except typst.TypstError:
        return False
    return True


def _compiled(source: Any, data: str, on: date) -> bytes:
    noon = int(datetime.combine(on, time(12), UTC).timestamp())
    pdf: bytes = typst.compile(
        source, sys_inputs={"data": data}, font_paths=_fonts(), timestamp=noon, pdf_standards=list(STANDARDS)
    )
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """Those of the wheel alone: what a machine has besides would make other bytes of it."""
    return typst.Fonts(include_system_fonts=False)


@cache
def _library() -> bytes:
    return (files("locanda.papers") / "locanda.typ").read_bytes()
