"""From merged keys to the frozen values of the core (spec adempimenti 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from locanda.law.packs.merging import Version
from locanda.law.packs.reader import Territory
from locanda.law.packs.values import (
    Contact,
    Counter,
    Cure,
    Deadline,
    Delay,
    Instruction,
    Item,
    Keep,
    Note,
    Obligation,
    OtherSystem,
    PaperNeeded,
    Parameter,
    PortalEntry,
    Revocation,
    Sanction,
    Statistics,
    Suspended,
    Words,
)

__all__ = ["build", "build_statistics"]

Keys = Mapping[str, Any]


def build(kind: str, ident: str, version: Version, *, order: int, head: Territory | None) -> Any:
    """The value of one version of an item. ``order`` is its place among its kind, ``head`` the territory that spoke last."""
    keys = version.keys
    last = version.steps[-1]
    shared: dict[str, Any] = {
        "id": ident,
        "status": keys["status"],
        "sources": tuple(keys["sources"]),
        "valid_from": version.first,
        "valid_to": None if version.last == date.max else version.last,
        "notes": tuple(keys.get("notes", ())),
        "read_on": keys.get("read_on") or (head.read_on if head else last.on),
        "territory": head.path if head else last.file,
        "provenance": version.steps,
    }
    own = _BUILDERS[kind](keys)
    if kind == "contact":
        own["office"] = keys.get("office") or ident
    if kind == "document":
        own["order"] = order
    return _CLASSES[kind](**shared, **own)


def _obligation(keys: Keys) -> dict[str, Any]:
    deadlines = keys.get("deadline", [])
    counter = keys.get("counter")
    return {
        **{key: keys[key] for key in ("it", "en", "channel")},
        "basis": _basis(keys["basis"]),
        **{key: tuple(keys.get(key, ())) for key in ("applies", "advised", "disputed", "unless", "evidence", "sanctions")},
        **{key: keys.get(key) for key in ("trigger", "refines", "set_by")},
        "deadlines": tuple(_deadline(entry) for entry in ([deadlines] if isinstance(deadlines, dict) else deadlines)),
        "counter": Counter(counter["what"], counter["period"], counter["at_least"]) if counter else None,
        "informative": bool(keys.get("informative")),
        "bound": _words(keys.get("bound")),
        "remarks": _words(keys.get("remarks")),
    }


def _sanction(keys: Keys) -> dict[str, Any]:
    cure, revoke, delay = keys.get("cure"), keys.get("revoke_after"), keys.get("delay")
    return {
        **{key: keys[key] for key in ("it", "en", "nature")},
        "basis": _basis(keys["basis"]),
        **{key: _decimal(keys.get(key)) for key in ("min", "max", "company_min", "company_max", "late_percent", "oblazione")},
        **{
            key: keys.get(key) for key in (
                "unit", "late_days", "arrest_max_months", "max_per_year", "graded", "repeat_factor", "repeat_rule",
                "repeat_years", "suspension_max_months", "suspension_from", "authority",
            )
        },
        "delay": Delay(delay["from"], delay.get("to")) if delay else None,
        "revoke_after": Revocation(revoke["suspensions"], revoke["months"]) if revoke else None,
        "suspended": tuple(
            Suspended(entry["from"], entry["to"], tuple(entry["sources"]), entry["status"]) for entry in keys.get("suspended", ())
        ),
        "warning_first": bool(keys.get("warning_first")),
        "cure": Cure(cure["within_days"], Decimal(cure["amount"]), cure.get("pay_within_days")) if cure else None,
        "remarks": _words(keys.get("remarks")),
    }  # fmt: skip


def _contact(keys: Keys) -> dict[str, Any]:
    return {
        "name": keys["name"],
        "gloss": keys.get("gloss"),
        "duties": tuple(keys["duties"]),
        "comuni": tuple(keys.get("comuni", ())),
        **{key: keys.get(key) for key in ("pec", "mail", "phone", "fax", "address", "url", "portal")},
        **{key: _words(keys.get(key)) for key in ("hours", "subject", "remarks")},
    }


def _parameter(keys: Keys) -> dict[str, Any]:
    value = keys["value"]
    return {"it": keys["it"], "en": keys["en"], "value": tuple(value) if isinstance(value, list) else value}


def _portal(keys: Keys) -> dict[str, Any]:
    return {"name": keys["name"], "url": keys.get("url"), "purpose": _words(keys["purpose"]), "login": _words(keys["login"])}


def _document(keys: Keys) -> dict[str, Any]:
    return {
        **{key: keys[key] for key in ("case", "it", "en")},
        "condition": _words(keys.get("condition")),
        "alternatives": tuple(keys.get("alternatives", ())),
    }


def _instruction(keys: Keys) -> dict[str, Any]:
    return {
        "it": keys["it"],
        "en": keys["en"],
        "duties": tuple(keys.get("duties", ())),
        "offices": tuple(keys.get("offices", ())),
        "portal": keys.get("portal"),
        "steps": tuple(Words(**step) for step in keys["steps"]),
        "refused": tuple(Words(**step) for step in keys.get("refused", ())),
        "url": keys.get("url"),
    }


def _keep(keys: Keys) -> dict[str, Any]:
    return {
        **{key: keys[key] for key in ("it", "en")}, "basis": _basis(keys["basis"]), "until": _deadline(keys["until"]),
        "then": _words(keys["then"]),
    }  # fmt: skip


def _note(keys: Keys) -> dict[str, Any]:
    return {"it": keys["it"], "en": keys["en"], "choice": _words(keys["choice"])}


def _basis(value: Any) -> Words:
    """Law and article: a citation alone is written once for both languages."""
    return Words(value, value) if isinstance(value, str) else Words(**value)


def _deadline(entry: Keys) -> Deadline:
    plain = {key: value for key, value in entry.items() if key != "transition"}
    transition = entry.get("transition", {})
    return Deadline(**plain, transition_until=transition.get("until"), transition_due=transition.get("due"))


def _words(entry: Keys | None) -> Words | None:
    return None if entry is None else Words(entry["it"], entry["en"])


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def build_statistics(entry: Keys, territory: str) -> Statistics:
    """The ``[statistics]`` section of a pack."""
    return Statistics(
        entry["portal"], entry["codes"], entry["cadence"], tuple(entry["mode"]), entry.get("format"), Words(**entry["deadline"]),
        entry["confidence"], entry["status"], tuple(entry["sources"]), territory, entry.get("service"),
        tuple(
            OtherSystem(other["format"], tuple(other["mode"]), Words(**other["who"]), other.get("service"))
            for other in entry.get("also", ())
        ),
        tuple(entry.get("duties", ())),
    )  # fmt: skip


_BUILDERS: Mapping[str, Callable[[Keys], dict[str, Any]]] = {
    "obligation": _obligation, "sanction": _sanction, "contact": _contact, "parameter": _parameter, "portal": _portal,
    "document": _document, "instruction": _instruction, "keep": _keep, "note": _note,
}  # fmt: skip
_CLASSES: Mapping[str, type[Item]] = {
    "obligation": Obligation, "sanction": Sanction, "contact": Contact, "parameter": Parameter, "portal": PortalEntry,
    "document": PaperNeeded, "instruction": Instruction, "keep": Keep, "note": Note,
}  # fmt: skip
