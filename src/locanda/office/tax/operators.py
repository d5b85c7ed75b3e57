"""Who answers for a property, and how property, comune and operator stand on the papers of the tax."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from locanda import places
from locanda.archive import chain
from locanda.archive.models import Account, Operator, Person, Property
from locanda.archive.vault import Vault
from locanda.core.codes import check
from locanda.core.problems import Problem
from locanda.places import Unresolved

__all__ = [
    "FIELDS", "ROLES", "comune_on_paper", "operator_on_paper", "property_on_paper", "read_operator", "save_operator",
    "signer_on_paper",
]  # fmt: skip

FIELDS = (
    "name", "tax_code", "vat", "address", "representative", "role", "pec", "phone", "email", "signer_surname", "signer_name",
)  # fmt: skip
ROLES = ("owner", "manager", "legal_representative", "delegate")
_NOT_PRINTED = ("email", "signer_surname", "signer_name")
_CONTEXT = "operator"
_CODES = {"tax_code": "codice-fiscale", "vat": "partita-iva"}
_INVALID = {"tax_code": "operator.tax_code.invalid", "vat": "operator.vat.invalid"}


def read_operator(row: Operator | None) -> dict[str, str]:
    """What is known of an operator."""
    if row is None:
        return {}
    opened: dict[str, str] = Vault(row.account).open(row.sealed, _CONTEXT)
    return opened


def save_operator(
    account: Account, values: Mapping[str, str], *, now: datetime, by: Person | None, row: Operator | None = None
) -> tuple[Operator | None, list[Problem]]:
    """Write down who answers for properties. A code that is not one is a problem; what is empty stays empty."""
    told = {key: " ".join(str(values.get(key) or "").split()) for key in FIELDS}
    told = {key: value for key, value in told.items() if value}
    found = [] if told.get("name") else [Problem("operator.name.missing", "name")]
    for key, kind in _CODES.items():
        if key in told:
            body = len(told[key]) == 11 and told[key].isdecimal()  # a company's tax code is written as a partita IVA
            verdict = check("partita-iva" if body else kind, told[key])
            if verdict.level == "invalid":
                found.append(Problem.of(_INVALID[key], key, value=told[key]))
            else:
                told[key] = verdict.normalised or told[key]
    if told.get("role") and told["role"] not in ROLES:
        found.append(Problem.of("operator.role.unknown", "role", value=told["role"]))
    if found:
        return None, found
    with transaction.atomic():
        fresh = row is None
        row = row or Operator(account=account, created_at=now)
        row.label, row.sealed = told["name"][:120], Vault(account).seal(told, _CONTEXT)
        row.save()
        chain.append(
            account, "operator.added" if fresh else "operator.changed", at=now, actor=chain.actor_of(by),
            subject=f"operator:{row.pk}", data={"fields": sorted(told)},
        )  # fmt: skip
    return row, []


def comune_on_paper(property: Property) -> dict[str, Any]:
    """The comune as papers name it."""
    found = places.builtin().comune(property.comune, date.max)
    if isinstance(found, Unresolved):
        return {"name": property.comune, "province": ""}
    named = {"name": found.name.title(), "province": found.province}
    return named | ({"belfiore": found.belfiore} if found.belfiore else {})


def property_on_paper(property: Property) -> dict[str, Any]:
    """The property as papers name it; what is not known is left out."""
    told = {
        "name": property.name, "type": property.type, "address": property.address, "stars": property.stars,
        "superior": property.superior, "category": property.category, "regional_code": property.regional_code,
        "cin": property.cin if check("cin", property.cin).level != "invalid" else "",
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def operator_on_paper(property: Property) -> tuple[dict[str, Any], list[Problem]]:
    """The operator as papers name them, or what is missing."""
    told = read_operator(property.operator)
    if not told:
        return {}, [Problem.of("operator.missing", "property.operator", property=property.name)]
    return {key: value for key, value in told.items() if key not in _NOT_PRINTED}, []


def signer_on_paper(property: Property) -> tuple[dict[str, Any], list[Problem]]:
    """Who signs a declaration in the operator's name (``declarant`` and ``role`` of the forms), or what is missing."""
    told = read_operator(property.operator)
    if not (told.get("signer_surname") and told.get("signer_name") and told.get("role")):
        return {}, [Problem.of("operator.signer.missing", "property.operator", property=property.name)]
    return {"declarant": {"surname": told["signer_surname"], "name": told["signer_name"]}, "role": told["role"]}, []
