"""Refusals of Alloggiati Web, told apart by their words first and by their number second (spec alloggiati-web 3.5).

The table of error codes is not published and the numbers known are hearsay: only the words decide, and a number helps
where the portal gives no words at all.
"""

from __future__ import annotations

import re

from locanda.portals.errors import (
    AnswerLost,
    CredentialsRefused,
    NoReceipt,
    NotReached,
    NotUnderstood,
    PortalError,
    PortalFault,
    Refusal,
    Refused,
)

__all__ = [
    "AnswerLost",
    "CredentialsRefused",
    "NoReceipt",
    "NotReached",
    "NotUnderstood",
    "PortalError",
    "PortalFault",
    "Refusal",
    "Refused",
    "WrongCategory",
    "refusal_class",
]


class WrongCategory(Refused):
    """The operation belongs to the other category of account (hotel, Gestione Appartamenti)."""

    problem_code = "portal.wrong_category"


_BY_WORDS: tuple[tuple[re.Pattern[str], type[Refused]], ...] = (
    (re.compile(r"RICEVUTA"), NoReceipt),
    (re.compile(r"CATEGORIA|ABILITAT\w* .*APPARTAMENT|APPARTAMENT.* ABILITAT"), WrongCategory),
    (
        re.compile(r"TOKEN|AUTENTIC|CREDENZIAL|PASSWORD|WSKEY|WS KEY|UTENTE (NON|DISABILITAT|SCADUT|BLOCCAT)|AUTORIZZA"),
        CredentialsRefused,
    ),
    (re.compile(r"PARAMETR|ELENCO SCHEDINE|SCHEDINA"), Refused),
)
"""Words of ErroreDes and ErroreDettaglio; the first that fits decides."""

_BY_NUMBER: dict[str, type[Refused]] = {
    "51": NoReceipt,
    **dict.fromkeys(("10", "100", "101", "102", "103", "104"), CredentialsRefused),
}
"""Numbers reported by third parties, numbering unproven: asked only when no word is known."""


def refusal_class(refusal: Refusal) -> type[Refused] | None:
    """Which kind of refusal this is; None when neither words nor number are known."""
    words = f"{refusal.name} {refusal.detail}".upper().replace("_", " ")
    for pattern, kind in _BY_WORDS:
        if pattern.search(words):
            return kind
    return _BY_NUMBER.get(refusal.code.strip())
