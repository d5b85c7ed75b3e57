"""The value lists of ROSS1000 and its codes of guest types (spec flussi-turistici 4.1, 6.3).

They are matched ignoring case and written as here. Whether the portal itself ignores case is not documented; the spelling is
that of the official lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from locanda.core.people import Role
from locanda.law.statistics import Term, terms

__all__ = ["BOOKING", "HEAD_OF", "LIST_OF", "MEMBERS", "ROLE_CODES", "TYPES", "UNKNOWN", "canonical", "list_text"]

ROLE_CODES: Final[Mapping[Role, str]] = {
    Role.SINGLE: "16", Role.HEAD_OF_FAMILY: "17", Role.HEAD_OF_GROUP: "18", Role.FAMILY_MEMBER: "19", Role.GROUP_MEMBER: "20",
}  # fmt: skip
TYPES: Final = frozenset(ROLE_CODES.values())
HEAD_OF: Final[Mapping[str, str]] = {"19": "17", "20": "18"}
"""The head that each kind of member belongs to."""
MEMBERS: Final = frozenset(HEAD_OF)
BOOKING: Final = "99"
"""In an ``eliminazione``: not a guest but a booking."""

LIST_OF: Final[Mapping[str, str]] = {
    "tipoturismo": "tourism", "mezzotrasporto": "transport", "canaleprenotazione": "channel", "titolostudio": "education",
}  # fmt: skip
"""Which of our lists an element takes its values from."""

UNKNOWN: Final[Mapping[str, str]] = {
    "tourism": "Non specificato", "transport": "Non Specificato", "channel": "Non specificato", "education": "Non specificato",
}  # fmt: skip
"""What each list says when nobody knows (the capital S of the second is official)."""

_CANONICAL: Final[Mapping[str, Mapping[str, str]]] = {
    name: {text.casefold(): text for text in (*(term.ross1000 for term in terms(name)), unknown)}
    for name, unknown in UNKNOWN.items()
}


def canonical(name: str, text: str) -> str | None:
    """The official spelling of a value of a list; None where the list does not have it."""
    return _CANONICAL[name].get(text.casefold())


def list_text(name: str, term: Term | None) -> str:
    """A value as it is written."""
    return UNKNOWN[name] if term is None else term.ross1000
