"""The tax of a comune that no pack knows, from a short form: amounts, limit of nights, children, residents, source (spec 5, 6).

    simple_section(SimpleTax((SimpleAmount("1.30"),), "Pagina del comune", cap_nights=5), "mia")

What the form leaves open is left out and stays visible: a limit or an age that was not told is ``unknown``, never none.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

__all__ = ["RESIDENTS", "WINDOWS", "SimpleAmount", "SimpleTax", "simple_section"]

WINDOWS = ("stay", "run", "calendar_month", "calendar_quarter", "calendar_year")
RESIDENTS = ("taxed", "excluded", "exempt")


class SimpleAmount(NamedTuple):
    """Euro a person and night, as text; for some property types or stars, or for all."""

    amount: str
    types: tuple[str, ...] = ()
    stars: int | None = None


class SimpleTax(NamedTuple):
    """What the form asks. None: the operator does not know; 0 nights or years: it was read that there is no such rule."""

    amounts: tuple[SimpleAmount, ...]
    source: str
    valid_from: date | None = None
    cap_nights: int | None = None
    cap_window: str = "stay"
    child_age: int | None = None
    residents: str | None = None
    cadence: str = ""
    read_on: date | None = None


def simple_section(told: SimpleTax, name: str) -> dict[str, Any]:
    """A whole ``[tourist_tax]`` section; narrower amounts stand before wider ones, since the first row that matches wins."""
    version: dict[str, Any] = {"id": name, "status": "unverified", "sources": [told.source]}
    for key in ("valid_from", "read_on"):
        day = getattr(told, key)
        if day is not None:
            version["retrieved" if key == "read_on" else key] = day.isoformat()
    if told.residents is not None:
        version["taxpayer"] = {"residents": told.residents}
    version["rates"] = [_rate(one) for one in sorted(told.amounts, key=_narrowness, reverse=True)]
    if told.cap_nights:
        cap: dict[str, Any] = {"nights": told.cap_nights, "window": told.cap_window}
        if told.cap_window.startswith("calendar"):
            cap["carry_over"] = True
        version["cap"] = [cap]
    if told.child_age:
        version["exemptions"] = [{"code": "minor", "when": {"age": f"<{told.child_age}"}}]
    unknown = [
        key for key, open_ in (("cap", told.cap_nights is None), ("children", told.child_age is None)) if open_
    ]  # fmt: skip
    version["unknown"] = [*unknown, "exemptions"]
    if told.residents is None:
        version["doubts"] = [_doubt({"status": "resident"}, "Non si sa se i residenti pagano: qui pagano come gli altri.",
                                    "It is not known whether residents pay: here they pay as the others.")]  # fmt: skip
    if told.cadence:
        version.setdefault("doubts", []).append(
            _doubt({"any": True}, f"Ogni quanto si versa, come lo ha scritto il gestore: {told.cadence}",
                   f"How often one pays, as the operator wrote it: {told.cadence}")
        )  # fmt: skip
    return {"versions": [version]}


def _narrowness(one: SimpleAmount) -> int:
    return bool(one.types) + bool(one.stars)


def _rate(one: SimpleAmount) -> dict[str, Any]:
    when: dict[str, Any] = {}
    if one.types:
        when["type"] = list(one.types)
    if one.stars:
        when["stars"] = one.stars
    return {"when": when or {"any": True}, "fixed": one.amount}


def _doubt(when: dict[str, Any], italian: str, english: str) -> dict[str, Any]:
    return {"when": when, "it": italian, "en": english}
