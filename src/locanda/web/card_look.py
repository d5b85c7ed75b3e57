"""How a card looks: a tone, a shape and what its button does. The words are in the texts, under the state's own name."""

from __future__ import annotations

from typing import NamedTuple

from locanda.archive.models import Delivery, DeliveryRow
from locanda.archive.vault import Vault
from locanda.office.today import Card, CardState

__all__ = ["LOOKS", "Look", "Spelled", "seen", "spelled"]

_S = CardState

LOOKS: dict[CardState, tuple[str, str]] = {
    _S.TO_SEND: ("todo", "send"),
    _S.GOING: ("wait", "going"),
    _S.RETRYING: ("trouble", "clock"),
    _S.STOPPED: ("trouble", "key"),
    _S.NO_CREDENTIALS: ("trouble", "key"),
    _S.IN_DOUBT: ("trouble", "ask"),
    _S.REFUSED: ("trouble", "stop"),
    _S.PARTLY: ("trouble", "warn"),
    _S.NOT_RECEIVED: ("trouble", "cross"),
    _S.BY_HAND: ("todo", "hand"),
    _S.SENT: ("good", "check"),
    _S.RECEIPTED: ("good", "receipt"),
    _S.SUBSTITUTED: ("good", "check"),
    _S.BLOCKED: ("trouble", "hand"),
    _S.FOLLOW_UP: ("wait", "clock"),
    _S.CANCELLED: ("wait", "cross"),
}
"""Tone (a colour and an edge, never alone) and shape of each state."""


class Look(NamedTuple):
    """A card with its tone and shape."""

    card: Card
    tone: str
    icon: str
    done: bool
    others: int


class Spelled(NamedTuple):
    """A name as it was typed and as the record writes it."""

    before: str
    after: str


def seen(card: Card) -> Look:
    """A card as the page shows it."""
    tone, icon = LOOKS[card.state]
    return Look(card, tone, icon, card.state in (_S.SENT, _S.RECEIPTED, _S.SUBSTITUTED, _S.CANCELLED), card.size - 1)


def spelled(delivery: Delivery) -> list[Spelled]:
    """What the record writes otherwise than it was typed; nothing once the party is erased."""
    if delivery.party.wrapped_key is None:
        return []
    box = Vault(delivery.account).party(delivery.party)
    lines = box.open(delivery.sealed_text, "delivery text")["text"].split("\r\n")
    rows = DeliveryRow.objects.of(delivery.account_id).filter(delivery=delivery).select_related("guest")
    found = []
    for row, line in zip(rows, lines, strict=True):
        shape = box.open(row.guest.sealed, "guest")
        for typed, written in ((shape.get("surname"), line[14:64]), (shape.get("name"), line[64:94])):
            # «Groß» in capitals is «GROSS» already: whatever is not plain letters is shown
            if typed and (not str(typed).isascii() or str(typed).upper().strip() != written.rstrip()):
                found.append(Spelled(str(typed), written.rstrip()))
    return found
