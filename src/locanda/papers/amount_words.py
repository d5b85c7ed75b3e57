"""Amounts in words, as Italian receipts write them: ``ventiquattro/50``, the cents in figures after the bar.

Number words are joined as on a cheque: ``ventuno``, ``ventotto`` lose the vowel before *uno* and *otto*, and so do ``centotto``
and ``centottanta``; a final *tre* of more than one word bears its accent; ``mille`` becomes ``duemila``.
"""

from __future__ import annotations

__all__ = ["amount_in_words", "number_in_words"]

LIMIT = 10**15
_SMALL = (
    "", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici", "tredici",
    "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove",
)  # fmt: skip
_TENS = ("", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta")
_GROUPS = (
    (10**12, "unbilione", "bilioni"), (10**9, "unmiliardo", "miliardi"), (10**6, "unmilione", "milioni"),
    (10**3, "mille", "mila"),
)  # fmt: skip


def amount_in_words(cents: int) -> str:
    """The words of an amount in cents; ValueError for less than nothing."""
    return f"{number_in_words(cents // 100)}/{cents % 100:02}"


def number_in_words(number: int) -> str:
    """The words of a whole number from 0 to less than a thousand billions of the long scale."""
    if not 0 <= number < LIMIT:
        raise ValueError(f"no words for {number}")
    if number == 0:
        return "zero"
    words = ""
    for size, one, many in _GROUPS:
        count, number = divmod(number, size)
        if count:
            words += one if count == 1 else _hundreds(count) + many
    words += _hundreds(number)
    return words[:-3] + "tré" if words.endswith("tre") and words != "tre" else words


def _hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    head = "" if not hundreds else "cento" if hundreds == 1 else f"{_SMALL[hundreds]}cento"
    tail = _tens(rest)
    return (head[:-1] if head and tail.startswith("ott") else head) + tail


def _tens(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    head = _TENS[tens]
    return (head[:-1] if ones in (1, 8) else head) + _SMALL[ones]
