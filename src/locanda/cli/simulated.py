"""The portals that ``locanda simulator`` can serve: how their accounts are written, and what makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from locanda.portals.alloggiati import simulator as alloggiati
from locanda.portals.ross1000 import simulator as ross1000

__all__ = ["INVENTED", "SIMULATED", "Simulated"]

INVENTED = (
    alloggiati.Account("BA000001", "invenzione-1", "CHIAVE+inventata/0001=="),
    alloggiati.Account("BA000002", "invenzione-2", "CHIAVE+inventata/0002==", category="apartments"),
)
"""The accounts of an Alloggiati Web started without any."""


class Simulated(NamedTuple):
    """A portal that can be served. ``account`` reads an account as it is written, or raises ValueError."""

    name: str
    account: Callable[[str], Any]
    invented: tuple[Any, ...]
    said: Callable[[Any], str]
    behaviour: Any
    switches: Callable[[Any], Iterable[Any]]
    set_switches: Callable[[Any, Mapping[str, object]], Any]
    faults: Mapping[str, str]
    make: Callable[..., Any]
    page: str
    """What comes after the address of its service to see what it is."""


def _alloggiati_account(text: str) -> alloggiati.Account:
    """``USER:PASSWORD:WSKEY``, then if wished ``:hotel`` or ``:apartments``, then ``:PROVINCE``."""
    parts = text.split(":")
    if not 3 <= len(parts) <= 5 or not all(parts):
        raise ValueError("an account is USER:PASSWORD:WSKEY[:hotel|apartments[:PROVINCE]]")
    user, password, wskey, category, province = (*parts, *("hotel", "BA")[len(parts) - 3 :])
    if category == "hotel":
        return alloggiati.Account(user, password, wskey, category="hotel", province=province.upper())
    if category == "apartments":
        return alloggiati.Account(user, password, wskey, category="apartments", province=province.upper())
    raise ValueError(f"{category} is no category: hotel or apartments")


def _ross1000_account(text: str) -> ross1000.Account:
    """``USER:PASSWORD:CODE``, with more codes of structures after commas."""
    parts = text.split(":")
    codes = parts[2].split(",") if len(parts) == 3 else []
    if not all(parts) or not codes or not all(codes):
        raise ValueError("an account is USER:PASSWORD:CODE[,CODE...]")
    return ross1000.Account(parts[0], parts[1], tuple(dict.fromkeys(codes)))


SIMULATED: Mapping[str, Simulated] = {
    "alloggiati": Simulated(
        "Alloggiati Web", _alloggiati_account, INVENTED,
        lambda account: f"{account.user}  password {account.password}  WSKEY {account.wskey}  ({account.category})",
        alloggiati.Behaviour(), alloggiati.switches, alloggiati.set_switches, alloggiati.KINDS, alloggiati.Simulator, "?wsdl",
    ),
    "ross1000": Simulated(
        "ROSS1000", _ross1000_account,
        (
            ross1000.Account("albergo", "invenzione-1", ("X00001",)),
            ross1000.Account("agenzia", "invenzione-2", ("X00002", "X00003", "X00004")),
        ),
        lambda account: f"{account.user}  password {account.password}  strutture {', '.join(account.structures)}",
        ross1000.Behaviour(), ross1000.listed, ross1000.set_listed, ross1000.KINDS, ross1000.Simulator, "",
    ),
}  # fmt: skip
"""By the name that ``--portal`` takes."""
