"""Amounts in words: known ones, and every one read back by a reader of Italian number words that was written apart."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from locanda.papers.amount_words import LIMIT, amount_in_words, number_in_words

KNOWN = {
    0: "zero", 1: "uno", 3: "tre", 8: "otto", 10: "dieci", 16: "sedici", 17: "diciassette", 20: "venti", 21: "ventuno",
    23: "ventitré", 28: "ventotto", 31: "trentuno", 33: "trentatré", 38: "trentotto", 43: "quarantatré", 81: "ottantuno",
    88: "ottantotto", 91: "novantuno", 99: "novantanove", 100: "cento", 101: "centouno", 103: "centotré", 108: "centotto",
    110: "centodieci", 121: "centoventuno", 180: "centottanta", 188: "centottantotto", 200: "duecento", 208: "duecentotto",
    300: "trecento", 333: "trecentotrentatré", 800: "ottocento", 888: "ottocentottantotto", 999: "novecentonovantanove",
    1000: "mille", 1001: "milleuno", 1003: "milletré", 1008: "milleotto", 1021: "milleventuno", 1100: "millecento",
    1900: "millenovecento", 2000: "duemila", 2026: "duemilaventisei", 3000: "tremila", 8000: "ottomila", 10000: "diecimila",
    21000: "ventunomila", 23000: "ventitremila", 28000: "ventottomila", 100000: "centomila", 101000: "centounomila",
    333333: "trecentotrentatremilatrecentotrentatré", 1000000: "unmilione", 1000001: "unmilioneuno",
    2000000: "duemilioni", 3000003: "tremilionitré", 1000000000: "unmiliardo", 2001001000: "duemiliardiunmilionemille",
    10**12: "unbilione", 3 * 10**12: "trebilioni",
}  # fmt: skip


@pytest.mark.parametrize(("number", "words"), KNOWN.items())
def test_known_numbers(number: int, words: str) -> None:
    assert number_in_words(number) == words


@pytest.mark.parametrize(
    ("cents", "words"),
    [(2450, "ventiquattro/50"), (0, "zero/00"), (5, "zero/05"), (100, "uno/00"), (109999, "millenovantanove/99")],
)
def test_cents_stand_after_the_bar(cents: int, words: str) -> None:
    assert amount_in_words(cents) == words


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_no_words_beyond_the_limits(number: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        number_in_words(number)


ONES = (
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette "
    "diciotto diciannove"
)
STEMS = "vent trent quarant cinquant sessant settant ottant novant"
VALUES = {word: number for number, word in enumerate(ONES.split())} | {"tré": 3}
VALUES |= {stem: 20 + 10 * index for index, stem in enumerate(STEMS.split())}
SIZES = ["cento", "mille", "mila", "unmilione", "milioni", "unmiliardo", "miliardi", "unbilione", "bilioni"]
TOKEN = re.compile("cent(?=ott)|" + "|".join(sorted([*VALUES, *SIZES], key=len, reverse=True)))


def understood(words: str) -> int:
    """Reads number words from left to right; a vowel left over from *venti*, *trenta* is passed over."""
    total = group = 0
    at = 0
    while at < len(words):
        found = TOKEN.match(words, at)
        if found is None:
            assert words[at] in "ia", words
            at += 1
            continue
        word = found.group()
        at = found.end()
        if word in {"cento", "cent"}:
            group = (group or 1) * 100
        elif word == "mille":
            total, group = total + 1000, 0
        elif word == "mila":
            total, group = total + group * 1000, 0
        elif word.endswith("bilione") or word == "bilioni":
            total, group = total + (1 if word.startswith("un") else group) * 10**12, 0
        elif word.endswith(("one", "oni")):
            total, group = total + (1 if word.startswith("un") else group) * 10**6, 0
        elif word.endswith(("ardo", "ardi")):
            total, group = total + (1 if word.startswith("un") else group) * 10**9, 0
        else:
            group += VALUES[word]
    return total + group


@given(st.one_of(st.integers(0, 3000), st.integers(0, LIMIT - 1)))
@example(1_800_000_000)  # *miliardo* loses nothing before another vowel
def test_words_are_understood(number: int) -> None:
    words = number_in_words(number)
    assert understood(words) == number
    assert words.isalpha()
    # two vowels that Italian runs together never meet
    joined = re.sub("unmiliardo|mila|milioni|miliardi|bilioni|diciotto", "#", words)
    assert not re.search("oo|[ai]uno|[ai]otto", joined)


@given(st.integers(0, 10**6))
def test_different_numbers_have_different_words(number: int) -> None:
    assert number_in_words(number) != number_in_words(number + 1)
