"""What a check of a code answers, and how a typed code is cleaned (spec adempimenti 5.1: trim, drop blanks and hyphens)."""

from __future__ import annotations

from typing import Literal, NamedTuple

from locanda.core.problems import Problem

__all__ = ["CodeCheck", "Level", "cleaned", "refusal", "verdict", "warning"]

Level = Literal["valid", "warning", "invalid"]

WHERE = "value"
_HYPHENS = "-\u2010\u2011\u00ad"  # hyphen, the two typographic ones, and the soft one that web pages hide in long words
_UPPER = {ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"}
_DROPPED = dict.fromkeys(map(ord, _HYPHENS))


class CodeCheck(NamedTuple):
    """The level of a code, how it is written properly, and what there is to say about it.

    ``warnings`` of an ``invalid`` code say why it is; those of a ``warning`` say what to look at. ``normalised`` of an
    invalid code is only what was typed, cleaned.
    """

    level: Level
    normalised: str
    warnings: tuple[Problem, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether the code may be used: warnings never block."""
        return self.level != "invalid"


def cleaned(text: str) -> str:
    """Without blanks and hyphens, in capitals. Only the letters a to z become capitals: others are no part of a code."""
    return "".join(text.translate(_DROPPED).split()).translate(_UPPER)


def verdict(normalised: str, *warnings: Problem) -> CodeCheck:
    """Valid without warnings, ``warning`` with some."""
    return CodeCheck("warning" if warnings else "valid", normalised, warnings)


def refusal(normalised: str, code: str, **facts: object) -> CodeCheck:
    """Invalid, and why."""
    return CodeCheck("invalid", normalised, (Problem.of(code, WHERE, **facts),))


def warning(code: str, **facts: object) -> Problem:
    """Something to look at in the value."""
    return Problem.of(code, WHERE, **facts)
