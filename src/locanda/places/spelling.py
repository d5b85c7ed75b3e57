"""How places are spelled: by the police table, and for comparing what people type (spec alloggiati-web 3.2).

The portal writes names in upper-case ASCII; an accent at the end of a word becomes an apostrophe (``FORLI'``), one inside a
word is dropped. People write accents, hyphens, blanks and apostrophes as they like, so names are compared by a *key* that
knows none of these.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["key", "police_spelling", "split_label"]

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
_NOT_A_LETTER = re.compile(r"[^A-Z0-9]+")
_LABEL = re.compile(r"\s*(.*?)\s*\(\s*([A-Za-z]{2})\s*\)\s*", re.DOTALL)


def police_spelling(name: str) -> str:
    """A name as the police table would write it: ``Forlì`` → ``FORLI'``, ``Saint-Rhémy`` → ``SAINT-RHEMY``."""
    letters = unicodedata.normalize("NFD", name.translate(_APOSTROPHES).upper())
    written: list[str] = []
    for index, letter in enumerate(letters):
        if not unicodedata.combining(letter):
            written.append(letter)
        elif not letters[index + 1 : index + 2].isalpha():
            written.append("'")
    return "".join(written)


def key(text: str) -> str:
    """What two spellings of one place have in common: its letters and digits, in words."""
    plain = unicodedata.normalize("NFKD", text).upper()
    if not plain.isascii():
        plain = "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return _NOT_A_LETTER.sub(" ", plain).strip()


def split_label(token: str) -> tuple[str, str | None]:
    """``"Monopoli (ba)"`` → name and province; the province is None when the token has none."""
    match = _LABEL.fullmatch(token)
    return (match[1], match[2].upper()) if match else (token, None)
