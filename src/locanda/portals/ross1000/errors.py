"""What goes wrong on the wire of ROSS1000, in the words of a portal where sending again overwrites (``portals/errors.py``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from locanda.portals.errors import (
    AnswerLost,
    CredentialsRefused,
    NotReached,
    NotUnderstood,
    PortalError,
    PortalFault,
    Refused,
)

__all__ = ["WORDS", "in_own_words"]

WORDS: Final[Mapping[type[PortalError], str]] = {
    NotReached: "ross1000.call.not_reached",
    AnswerLost: "ross1000.call.answer_lost",
    PortalFault: "ross1000.call.fault",
    NotUnderstood: "ross1000.call.not_understood",
    Refused: "ross1000.call.refused",
    CredentialsRefused: "ross1000.call.credentials",
}


def in_own_words(error: PortalError) -> PortalError:
    """The same error, said as it is true of this portal."""
    error.problem_code = WORDS[type(error)]
    return error
