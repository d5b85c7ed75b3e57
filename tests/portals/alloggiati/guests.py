"""Invented guests as rows, and the simulated day they arrive on."""

from __future__ import annotations

from locanda.core.time import parse_instant
from locanda.portals.alloggiati.client import Keys
from locanda.portals.alloggiati.simulator import Account, Apartment

NOW = parse_instant("2026-07-10T16:00+02:00")
TODAY = "10/07/2026"
PASSWORD = "Se'greto&<9>"
WSKEY = "aB3+/xYz0123456789+Qw/erTy=="

HOTEL = Keys("BA000001", PASSWORD, WSKEY)
FLATS = Keys("BA000002", PASSWORD, WSKEY)


def accounts() -> list[Account]:
    """A hotel and an agency with two flats, the ids 0 and 4."""
    flats = (
        Apartment(0, "TRULLO", "416072030", "VIA ROMA, 1", "ROSSI"),
        Apartment(4, "TORRE", "416072030", "VIA ROMA, 2", "BIANCHI"),
    )
    return [
        Account(HOTEL.user, PASSWORD, WSKEY, structure="LOCANDA INVENTATA"),
        Account(FLATS.user, PASSWORD, WSKEY, category="apartments", apartments=flats),
    ]


def row(
    surname: str = "FERRANTE", *, kind: str = "16", arrival: str = TODAY, days: str = "02", apartment: int | None = None
) -> str:
    """One valid row, unless something is changed."""
    document = "IDELECB12345AA           411141044" if kind in ("16", "17", "18") else " " * 34
    text = (
        f"{kind}{arrival}{days}{surname:<50}{'ELISA':<30}204/11/1988411141044PU100000100100000100{document}"
    )
    assert len(text) == 168
    return text if apartment is None else f"{text}{apartment:06d}"
