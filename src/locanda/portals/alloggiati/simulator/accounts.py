"""Who may call the simulator, and the tokens that are alive (spec alloggiati-web 4.1, 4.5, 4.7)."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from locanda.portals.alloggiati.simulator.behaviour import Behaviour
from locanda.portals.alloggiati.soap import Token

__all__ = ["Account", "Apartment", "Tokens"]


@dataclass(frozen=True)
class Apartment:
    """One row of ``ListaAppartamenti``, with whether it is still enabled."""

    id: int
    description: str
    comune_code: str
    address: str
    owner: str
    enabled: bool = True


@dataclass
class Account:
    """A user of the portal. Everything about it is invented."""

    user: str
    password: str = field(repr=False)
    wskey: str = field(repr=False)
    category: Literal["hotel", "apartments"] = "hotel"
    province: str = "BA"
    structure: str = "STRUTTURA INVENTATA"
    comune: str = "MONOPOLI"
    address: str = "VIA INVENTATA, 1"
    tax_code: str = "00000000000"
    disabled: bool = False
    apartments: tuple[Apartment, ...] = ()


class Tokens:
    """The tokens given out and not yet dead."""

    def __init__(self) -> None:
        self._alive: dict[str, tuple[str, datetime]] = {}

    def give(self, user: str, now: datetime, behaviour: Behaviour) -> Token:
        """A new token for a user; older ones stay alive unless only the newest counts."""
        if behaviour.newest_token_only:
            self._alive = {value: entry for value, entry in self._alive.items() if entry[0] != user}
        expires = now.astimezone(UTC) + timedelta(minutes=behaviour.token_minutes)
        value = base64.b64encode(b"\xfb\xff" + os.urandom(46)).decode()  # begins with + and /, as real ones contain
        self._alive[value] = (user, expires)
        return Token(now, expires.astimezone(now.tzinfo), value)

    def accepts(self, user: str, value: str, now: datetime) -> bool:
        """Whether this token of this user is alive."""
        owner, expires = self._alive.get(value, ("", now))
        return owner == user and now.astimezone(UTC) < expires.astimezone(UTC)

    def kill(self, value: str) -> None:
        """Let one token die before its time."""
        self._alive.pop(value, None)
