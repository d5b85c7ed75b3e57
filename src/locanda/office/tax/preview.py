"""What a party will owe, told while the sheet is still being filled in: nothing is stored (spec imposta-di-soggiorno 7).

Only what was typed so far is looked at, and only what the tax reads. Where it is not enough there is no amount, and what is
missing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from locanda.archive.models import Property
from locanda.core import shapes
from locanda.core.problems import Problem
from locanda.law.tourist_tax import Reason, StayTax, TouristTax, explained
from locanda.office.tax.ledger import MISSING, looks_back
from locanda.office.tax.rules import TaxRules

__all__ = ["TaxPreview", "preview"]

_STAY = ("id", "arrival", "departure", "nights", "units")
_GUEST = ("id", "role", "birth_date", "residence_state", "residence_comune", "status")


class TaxPreview(NamedTuple):
    """``total`` in cents; None where it cannot be known yet, and then ``problems`` say why.

    ``births``: how many guests have no birth date, where that is what is missing. ``free``: guests who pay nothing on some
    nights, by reason. ``papers``: forms of exemptions to be signed. ``alone``: the rule also counts earlier stays of the same
    people, which are not looked at here.
    """

    total: int | None
    guests: int
    nights: int
    free: tuple[tuple[int, Reason], ...] = ()
    births: int = 0
    papers: int = 0
    alone: bool = False
    status: str = ""
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


def preview(property: Property, shape: Mapping[str, Any], rules: TaxRules | None = None) -> TaxPreview:
    """The tax of a stay in the shape of ``interfaces.md``, as far as it goes."""
    rules = rules or TaxRules(property.account_id)
    rule, reckoner = rules.of(property), rules.reckoner(property)
    guests = [{key: guest[key] for key in _GUEST if key in guest} for guest in shape.get("guests") or ()]
    if rule is None or reckoner is None:
        return _unknown(guests, Problem.of("tax.rule.absent", "property.comune", comune=property.comune))
    if "arrival" not in shape:
        return _unknown(guests, Problem("tax.arrival.missing", "arrival"))
    if not {"departure", "nights"} & shape.keys():
        return _unknown(guests, Problem("tax.departure.missing", "departure"))
    read = shapes.parse({"stays": [{**{key: shape[key] for key in _STAY if key in shape}, "guests": guests}]})
    if read.problems or not read.stays:
        return _unknown(guests, *read.problems)
    found = reckoner.reckon(read.stays)
    births = {problem.where for problem in found.problems if problem.where.endswith(".birth_date")}
    others = [problem for problem in found.problems if problem.where not in births]
    if found.problems or not found.stays:
        return _unknown(guests, *others, births=len(births))
    (tax,) = found.stays
    notes = tuple(note for note in found.notes if note.code != MISSING)
    return TaxPreview(
        tax.total, len(guests), max((len(one.nights) for one in tax.guests), default=0), _free(tax, rule.tax),
        papers=len(found.notes) - len(notes), alone=looks_back(rule.tax), status=found.status or "", notes=notes,
    )  # fmt: skip


def _unknown(guests: Sequence[Any], *problems: Problem, births: int = 0) -> TaxPreview:
    return TaxPreview(None, len(guests), 0, births=births, problems=tuple(dict.fromkeys(problems)))


def _free(tax: StayTax, rule: TouristTax) -> tuple[tuple[int, Reason], ...]:
    """For each reason not to pay, how many guests have it, in the order met."""
    found: dict[Reason, int] = {}
    for guest in tax.guests:
        for why in dict.fromkeys(line.reason for line in explained(guest.nights, rule) if not line.amount):
            found[why] = found.get(why, 0) + 1
    return tuple((count, why) for why, count in found.items())
