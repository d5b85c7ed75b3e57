"""Names in the letters that the portal is known to take: A-Z, blank and apostrophe (spec alloggiati-web 2.5).

Letters of the Latin alphabet become their base letters: those of ICAO Doc 9303 part 3 (ß is SS, Þ is TH, Æ is AE), and the
plain base letter for Ä, Ö, Ü, Å, Ø, Ñ. Every choice is reported, so that the operator sees it. A letter of another alphabet has
no base letter here: its Latin spelling stands in the document's machine-readable line and is never invented.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

__all__ = ["Plain", "base_letters"]


class Plain(NamedTuple):
    """A name in base letters. ``refused`` holds the characters that have none; then ``text`` is not to be used."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    other_alphabet: bool = False

    def changes_text(self) -> str:
        """The choices in one line: ``Ü→U, ß→SS``."""
        return ", ".join(f"{_visible(old)}→{_visible(new)}" for old, new in self.changes)


_LETTERS = {
    "Æ": "AE", "Ǽ": "AE", "Ǣ": "AE", "Œ": "OE", "Ø": "O", "Ǿ": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "Ħ": "H",
    "Ŧ": "T", "Ŋ": "N", "ĸ": "Q", "Ə": "E", "Ĳ": "IJ", "Ŀ": "L", "Ɓ": "B", "Ɗ": "D", "Ƙ": "K", "Ɖ": "D", "Ɛ": "E",
    "Ɣ": "G", "Ɔ": "O", "Ƴ": "Y", "Ɨ": "I", "Ʉ": "U", "Ƶ": "Z", "Ǥ": "G", "Ǆ": "DZ", "ǅ": "DZ", "Ǉ": "LJ", "ǈ": "LJ",
    "Ǌ": "NJ", "ǋ": "NJ", "Ǳ": "DZ", "ǲ": "DZ", "ẞ": "SS",
}  # fmt: skip

_APOSTROPHES = frozenset("’‘‛ʼʻʽʾʿʹˈ′´`＇ˊˋ᾽")
_HYPHENS = frozenset("-‐‑‒–—―−﹘﹣－⁃")
_STOPS = frozenset(".,·")
_A_TO_Z = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_PLAIN = _A_TO_Z | {" ", "'"}


def base_letters(text: str) -> Plain:
    """The name in capitals A-Z, blanks and apostrophes, with every choice made on the way.

    Capitals are not reported as a change: they are the same letters.
    """
    upper = text.upper() if text.isascii() else None
    if upper is not None and _PLAIN.issuperset(upper) and "  " not in upper and upper.strip() == upper:
        return Plain(upper)
    made: list[str] = []
    changes: dict[str, str] = {}
    refused: dict[str, None] = {}
    foreign = False
    for char in unicodedata.normalize("NFC", text):
        new = _base(char, after_letter=bool(made) and made[-1][-1:] in _A_TO_Z)
        if new is None:
            refused[char] = None
            foreign = foreign or unicodedata.category(char)[0] in "LM"
            continue
        if new != char and not (char.isascii() and new == char.upper()):
            changes[char] = new
        if new:
            made.append(new)
    joined = "".join(made)
    tidy = " ".join(joined.split())
    if tidy != joined and not any(new == " " for new in changes.values()):
        changes["  "] = " "
    return Plain(tidy, tuple(changes.items()), tuple(refused), foreign)


def _base(char: str, *, after_letter: bool) -> str | None:
    """Base letters of one character; empty for what only adorns; None for what cannot be written."""
    if char in _PLAIN:
        return char
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS or char in _STOPS or char.isspace():
        return " "
    category = unicodedata.category(char)
    if category == "Cf":
        return ""  # soft hyphen, zero-width signs: invisible
    if category == "Mn":
        return "" if after_letter else None
    if category[0] != "L":
        return None
    if char.upper() in _LETTERS:  # before NFKC takes Ŀ apart
        return _LETTERS[char.upper()]
    letters = "".join(_letter(part) or "?" for part in unicodedata.normalize("NFKC", char).upper())
    return None if "?" in letters or not letters else letters


def _letter(char: str) -> str | None:
    if char in _A_TO_Z or char in _LETTERS:
        return _LETTERS.get(char, char)
    if char in _APOSTROPHES:
        return "'"
    apart = unicodedata.normalize("NFD", char)
    base, marks = apart[0], apart[1:]
    if base in _LETTERS:
        base = _LETTERS[base]
    if base in _LETTERS.values() or base in _A_TO_Z:
        return base if all(unicodedata.category(mark) == "Mn" for mark in marks) else None
    return None


def _visible(text: str) -> str:
    """A blank has to be seen to be believed."""
    return {" ": "␣", "  ": "␣␣", "": "∅"}.get(text, text if text.isprintable() else f"U+{ord(text[0]):04X}")
