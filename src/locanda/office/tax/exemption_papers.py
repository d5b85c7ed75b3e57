"""Modello 3 and 6 prefilled from a stay, as far as the guests' data live; the rest is a line to fill in (spec imposta 10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from locanda import papers
from locanda.archive.models import Guest, Stay
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.office.tax import facts
from locanda.office.tax.operators import comune_on_paper, property_on_paper
from locanda.office.tax.receipts import keep_until
from locanda.office.tax.refusals import guest_on_paper
from locanda.office.tax.rules import TaxRules

__all__ = ["FORMS", "form_data", "printed"]

FORMS = ("modello_3", "modello_6")
BLANK = "…………………………"


def form_data(form: str, stay: Stay, guest: Guest) -> dict[str, Any]:
    """The data of the form for one guest. Who declares: for a child the head of the party, else the guest."""
    assert stay.departure_day is not None
    data: dict[str, Any] = {
        "comune": comune_on_paper(stay.property), "property": property_on_paper(stay.property),
        "arrival": rome_day(stay.arrival).isoformat(), "departure": stay.departure_day.isoformat(),
    }  # fmt: skip
    if form == "modello_3":
        child = _named(guest_on_paper(stay, guest))
        minor = {key: child[key] for key in ("surname", "name", "birth_date", "birth_place") if child.get(key)}
        data |= {"declarant": _named(_head(stay, guest)), "quality": "parent", "minors": [minor], "age": _age(stay)}
    else:
        data |= {"declarant": _named(guest_on_paper(stay, guest)), "quality": "self"}
        data["keep_until"] = keep_until(stay.departure_day).isoformat()
    return data


def printed(form: str, stay: Stay, guest: Guest, *, language: str, on: date) -> tuple[bytes, list[Problem]]:
    """The PDF to be signed, or why there is none."""
    read, found = papers.read(form, form_data(form, stay, guest))
    if read is None:
        return b"", found
    tongue = language if language in papers.form(form).languages else "it"
    return papers.write(form, read, language=tongue, on=on), []


def _head(stay: Stay, guest: Guest) -> Mapping[str, Any]:
    people = facts.guests_of(stay.account_id, [stay.pk]).get(stay.pk, [])
    head = next((one for one in people if one.party_id == guest.party_id), guest)
    return {} if head.pk == guest.pk else guest_on_paper(stay, head)


def _named(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"surname": BLANK, "name": BLANK, **told}


def _age(stay: Stay) -> int:
    """Below which age the comune's rule lets children go free; the form is for minors whatever the rule says."""
    rule = TaxRules(stay.account_id).of(stay.property)
    version = rule.tax.version(rome_day(stay.arrival)) if rule is not None else None
    rows = version.exemptions if version is not None else ()
    ages = [one.high + 1 for row in rows if row.code == "minor" for one in row.when if one.key == "age" and one.high is not None]
    return max(ages, default=18)
