"""What is wrong with data, as a value: a code, a place in the input and the facts needed to say it in words.

The words stand in the ``problems.toml`` beside the rules that raise them (one file a room), in Italian and English::

    ["guest.surname.missing"]
    it = "Manca il cognome."
    en = "The surname is missing."
    hint_it = "Scrivilo come nel documento."
    hint_en = "Write it as in the document."
    source = "TULPS art. 109"

Words may name the facts of the problem in braces. A fact that is itself a sentence comes twice, as ``it`` and ``en``; words call
it ``{said}``. Rendering happens at the door, so raising a problem is cheap.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

from locanda.core.time import MONTHS

__all__ = ["LANGUAGES", "Problem", "UnknownProblemCode", "Words", "catalogue", "render_all"]

LANGUAGES = ("it", "en")


class UnknownProblemCode(KeyError):
    """A problem code without an entry in any ``problems.toml``: a mistake of ours, never of the operator."""


class Words(NamedTuple):
    """The texts of one problem code."""

    it: str
    en: str
    hint_it: str
    hint_en: str
    source: str
    room: str


class Problem(NamedTuple):
    """Something wrong with data. ``where`` is a path into the input, such as ``stays[0].guests[1].surname``."""

    code: str
    where: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, where: str = "", **facts: object) -> Problem:
        """Make a problem; the facts become text that the words of the catalogue may name in braces."""
        return cls(code, where, tuple((key, "null" if value is None else str(value)) for key, value in facts.items()))

    def within(self, prefix: str) -> Problem:
        """The same problem seen from one level further out."""
        if not self.where:
            return self._replace(where=prefix)
        joint = "" if self.where.startswith("[") else "."
        return self._replace(where=f"{prefix}{joint}{self.where}" if prefix else self.where)

    def fact(self, name: str) -> str | None:
        """The value of one fact, or None."""
        return dict(self.facts).get(name)

    def message(self, language: str = "it") -> str:
        """What is wrong, in words."""
        return self._say("it" if language == "it" else "en")

    def hint(self, language: str = "it") -> str:
        """What to do about it, in words."""
        return self._say("hint_it" if language == "it" else "hint_en")

    def render(self, language: str = "it") -> dict[str, str]:
        """The object of ``interfaces.md``: code, where, message, hint, source."""
        words = _words(self.code)
        return {
            "code": self.code,
            "where": self.where,
            "message": self.message(language),
            "hint": self.hint(language),
            "source": words.source,
        }

    def _say(self, key: str) -> str:
        text: str = getattr(_words(self.code), key)
        language = "it" if key.endswith("it") else "en"
        facts = _Facts(_as_people_write(self.facts, _in_english if language == "en" else _in_italian))
        if language in facts:
            facts["said"] = facts[language]
        return text.format_map(facts)


_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PERIOD = re.compile(r"([0-9]{4})-(?:([QTH])([1-4])|([0-9]{2}))")
_PARTS = {"Q": "trimestre", "T": "quadrimestre", "H": "semestre"}
_ENGLISH_PARTS = {"Q": "quarter", "T": "four months", "H": "half"}
_EURO = re.compile(r"-?[0-9]+\.[0-9]{2}")
_AS_TYPED = frozenset({"value", "token"})


def _as_people_write(facts: Iterable[tuple[str, str]], write: Callable[[str, str], str]) -> Iterator[tuple[str, str]]:
    """Days, periods and amounts as one says them; what was typed stays as it was typed."""
    for name, text in facts:
        yield name, text if name in _AS_TYPED else write(name, text)


def _in_english(name: str, text: str) -> str:
    """``12 May 2026``, ``quarter 3 of 2026``, ``May 2026``."""
    if day := _DAY.fullmatch(text):
        year, month, number = day.groups()
        return f"{int(number)} {_month(month)} {year}"
    if name == "period" and (period := _PERIOD.fullmatch(text)):
        year, part, number, month = period.groups()
        return f"{_ENGLISH_PARTS[part]} {number} of {year}" if part else f"{_month(month)} {year}"
    return text


def _month(number: str) -> str:
    return MONTHS[(int(number) - 1) % 12][1]


def _in_italian(name: str, text: str) -> str:
    """``12/05/2026``, ``3° trimestre 2026``, ``05/2026``, amounts with a comma."""
    if day := _DAY.fullmatch(text):
        return "/".join(reversed(day.groups()))
    if name == "period" and (period := _PERIOD.fullmatch(text)):
        year, part, number, month = period.groups()
        return f"{number}° {_PARTS[part]} {year}" if part else f"{month}/{year}"
    return text.replace(".", ",") if _EURO.fullmatch(text) else text


class _Fact(str):
    """A fact in a text. ``{count:guest|guests}`` writes a number with the word that goes with it: one, or any other."""

    __slots__ = ()

    def __format__(self, words: str) -> str:
        if "|" not in words:
            return super().__format__(words)
        one, other = words.split("|")
        return f"{self} {one if self == '1' else other}"


class _Facts(dict[str, str]):
    def __getitem__(self, key: str) -> str:
        return _Fact(self.get(key, "…"))


def render_all(problems: Iterable[Problem], language: str = "it") -> list[dict[str, str]]:
    """Every problem in words, in the order given."""
    return [problem.render(language) for problem in problems]


@cache
def catalogue() -> Mapping[str, Words]:
    """All problem codes of the house with their words, from every ``problems.toml``."""
    found: dict[str, Words] = {}
    for path in _problem_files(files("locanda")):
        room = str(path).rsplit("/locanda/", 1)[-1].removesuffix("/problems.toml")
        for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in found:
                raise UnknownProblemCode(f"{code} is written twice: in {found[code].room} and in {room}")
            found[code] = _entry(code, entry, room)
    return found


def _problem_files(folder: Traversable) -> Iterator[Traversable]:
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.is_dir() and not item.name.startswith(("_", ".")):
            yield from _problem_files(item)
        elif item.name == "problems.toml":
            yield item


def _entry(code: str, entry: Mapping[str, Any], room: str) -> Words:
    try:
        return Words(
            it=entry["it"], en=entry["en"], hint_it=entry["hint_it"], hint_en=entry["hint_en"],
            source=entry["source"], room=room,
        )
    except KeyError as missing:
        raise UnknownProblemCode(f"{code} in {room}: the key {missing} is missing") from None


def _words(code: str) -> Words:
    words = catalogue().get(code)
    if words is None:
        raise UnknownProblemCode(code)
    return words
