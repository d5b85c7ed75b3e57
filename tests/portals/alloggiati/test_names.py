"""Base letters: every choice shown, nothing invented, nothing lost."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.portals.alloggiati.names import base_letters


@pytest.mark.parametrize(
    ("written", "plain", "changes"),
    [
        ("Rossi", "ROSSI", ""), ("D'AMICO", "D'AMICO", ""), ("de la cruz", "DE LA CRUZ", ""),
        ("Müller", "MULLER", "ü→U"), ("MÜLLER", "MULLER", "Ü→U"), ("Ødegård", "ODEGARD", "Ø→O, å→A"), ("Groß", "GROSS", "ß→SS"),
        ("GROẞ", "GROSS", "ẞ→SS"), ("Þóra", "THORA", "Þ→TH, ó→O"), ("Æbleø", "AEBLEO", "Æ→AE, ø→O"),
        ("Wałęsa", "WALESA", "ł→L, ę→E"),
        ("Đorđe", "DORDE", "Đ→D, đ→D"), ("Iğdır", "IGDIR", "ğ→G, ı→I"), ("İnan", "INAN", "İ→I"), ("Bœuf", "BOEUF", "œ→OE"),
        ("Nguyễn", "NGUYEN", "ễ→E"), ("Nguye\u0302\u0303n", "NGUYEN", "ễ→E"), ("Smith-Jones", "SMITH JONES", "-→␣"),
        ("Smith—Jones", "SMITH JONES", "—→␣"), ("D’Amico", "D'AMICO", "’→'"), ("Oʻahu", "O'AHU", "ʻ→'"), ("Jr.", "JR", ".→␣"),
        ("A  B", "A B", "␣␣→␣"), (" A", "A", "␣␣→␣"), ("A\u00a0B", "A B", "U+00A0→␣"), ("A\u200bB", "AB", "U+200B→∅"),
        ("ﬁnn", "FINN", "ﬁ→FI"), ("Əli", "ELI", "Ə→E"), ("Mª", "MA", "ª→A"), ("Ａnn", "ANN", "Ａ→A"), ("Ǆ", "DZ", "Ǆ→DZ"),
    ],
)  # fmt: skip
def test_choices_are_shown(written: str, plain: str, changes: str) -> None:
    made = base_letters(written)
    assert (made.text, made.changes_text(), made.refused) == (plain, changes, ())


@pytest.mark.parametrize("written", ["Παπ", "Иванов", "王小明", "العربي", "כהן", "김", "สมชาย", "Ｂᴀ𐌰", "Müller-Παπ", "\u0301A"])
def test_other_alphabets_are_refused(written: str) -> None:
    made = base_letters(written)
    assert made.refused and made.other_alphabet


@pytest.mark.parametrize("written", ["R0ssi", "A/B", "A&B", "A?", "A(B)", "A\x00B", "A😀", "A_B"])
def test_signs_and_digits_are_refused(written: str) -> None:
    made = base_letters(written)
    assert made.refused and not made.other_alphabet


@given(st.text(max_size=20))
def test_only_base_letters_come_out_and_nothing_goes_in_silence(text: str) -> None:
    made = base_letters(text)
    assert re.fullmatch(r"[A-Z' ]*", made.text) and "  " not in made.text and made.text == made.text.strip()
    if not made.refused and not made.changes:
        assert made.text == text.upper()


@given(st.text(st.characters(min_codepoint=0xC0, max_codepoint=0x24F, categories=("Lu", "Ll")), min_size=1, max_size=10))
def test_latin_letters_are_written_or_refused_never_dropped(text: str) -> None:
    made = base_letters(text)
    letters = [char for char in unicodedata.normalize("NFC", text) if char not in made.refused]
    assert len(made.text) >= len(letters)


def test_letters_of_european_languages_all_have_a_base() -> None:
    alphabet = "ÀÁÂÃÄÅĀĂĄÇĆĈĊČĎĐÈÉÊËĒĔĖĘĚĜĞĠĢĤĦÌÍÎÏĨĪĬĮİĴĶĹĻĽĿŁÑŃŅŇŊÒÓÔÕÖØŌŎŐŔŖŘŚŜŞŠŢŤŦÙÚÛÜŨŪŬŮŰŲŴÝŶŸŹŻŽÆŒÞÐẞȘȚ"
    for letter in [*alphabet, *map(str.lower, alphabet), "ß", "ı"]:
        assert not base_letters(letter).refused, letter
