"""The letters of a codice fiscale (D.M. 23/12/1976): from names to six letters, and the check letter.

``python-stdnum`` knows the check letter; it knows no names.
"""

from __future__ import annotations

import unicodedata
from itertools import product

__all__ = ["check_letter", "name_letters", "possible_letters", "surname_letters"]

_VOWELS = "AEIOU"
# letters that no decomposition takes apart, and those that Italian offices write in two ways
_SPELLINGS = {
    "Ä": ("A", "AE"), "Ö": ("O", "OE"), "Ü": ("U", "UE"), "Å": ("A", "AA"), "Ø": ("O", "OE"), "Ñ": ("N",), "ẞ": ("SS",),
    "ß": ("SS",), "Æ": ("AE",), "Œ": ("OE",), "Ł": ("L",), "Đ": ("D", "DJ"), "Ð": ("D",), "Þ": ("TH",), "ı": ("I",),
}  # fmt: skip


def check_letter(text: str) -> str:
    """The letter over odd and even places: last of a codice fiscale, first of the Italian part of an IBAN."""
    from stdnum.it.codicefiscale import calc_check_digit

    return calc_check_digit(text)


def surname_letters(surname: str) -> str:
    """Three letters of a surname written in plain capitals: consonants, then vowels, then X."""
    consonants, vowels = _sorted(surname)
    return (consonants + vowels + "XXX")[:3]


def name_letters(name: str) -> str:
    """Three letters of a name: as for the surname, but of four consonants or more the second is left out."""
    consonants, vowels = _sorted(name)
    if len(consonants) > 3:
        consonants = consonants[0] + consonants[2:]
    return (consonants + vowels + "XXX")[:3]


def possible_letters(text: str, *, given_name: bool) -> frozenset[str]:
    """Every three letters that an office may have made of a name as documents write it.

    An umlaut is one vowel or two; of several given names some registers count only the first.
    """
    forms = {text, *(text.split()[:1] if given_name else ())}
    letters = name_letters if given_name else surname_letters
    return frozenset(letters(plain) for form in forms for plain in _plain(form) if plain)


def _plain(text: str) -> set[str]:
    # names have few such letters; a text of nothing else must not multiply without end
    capitals = unicodedata.normalize("NFC", text)[:200]
    capitals = "".join(letter if letter in _SPELLINGS else letter.upper() for letter in capitals)
    double = [letter for letter in capitals if len(_SPELLINGS.get(letter, ())) > 1]
    choices = [_SPELLINGS.get(letter, (letter,))[: 2 if len(double) <= 6 else 1] for letter in capitals]
    return {_latin("".join(choice)) for choice in product(*choices)}


def _latin(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if "A" <= letter <= "Z")


def _sorted(text: str) -> tuple[str, str]:
    consonants = "".join(letter for letter in text if letter not in _VOWELS)
    return consonants, "".join(letter for letter in text if letter in _VOWELS)
