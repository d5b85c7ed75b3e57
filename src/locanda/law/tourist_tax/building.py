"""From the checked keys of a ``[tourist_tax]`` section to its values, with what is left out filled in (spec 6.1).

Days may be dates (TOML) or text (JSON). Only sections that passed :mod:`locanda.law.tourist_tax.schema` come here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from locanda.law.tourist_tax.rules import (
    CALENDAR_WINDOWS,
    Bracket,
    Cap,
    Condition,
    Declaration,
    Doubt,
    Exemption,
    Intermediary,
    OwnMark,
    PaperRule,
    PriceBasis,
    Quota,
    Rate,
    Reduction,
    Remittance,
    Rounding,
    Saying,
    TaxVersion,
    TouristTax,
    YearSpan,
)

__all__ = ["build", "conditions"]

Keys = Mapping[str, Any]

_NUMBERS = frozenset({"stars", "suns", "age", "months", "participants", "child_order", "nights_of_stay", "booked_on"})
_LABELS = frozenset({"category", "zone"})  # a number that stands for a word: the shapes read both as text
_COMPARED = re.compile(r"(>=|<=|>|<|=)?([\d-]+)(?:\.\.([\d-]+))?")


def build(section: Keys, *, territory: str) -> TouristTax:
    """The tax of a comune."""
    declared = section.get("declarations", {})
    refusal = declared.get("refusal")
    return TouristTax(
        territory,
        tuple(sorted(map(_version, section["versions"]), key=lambda version: version.first)),
        _remittance(section.get("remittance")),
        (
            *(_declaration("municipal", entry) for entry in declared.get("municipal", ())),
            *((_declaration("refusal", refusal),) if refusal else ()),
        ),
    )


def _version(keys: Keys) -> TaxVersion:
    rounding, intermediary = keys.get("rounding", {}), keys.get("intermediary", {})
    channels = frozenset(intermediary.get("channels", ()))
    return TaxVersion(
        id=keys["id"],
        first=_day(keys.get("valid_from")) or date.min,
        last=_day(keys.get("valid_to")) or date.max,
        bookings_from=_day(keys.get("applies_to_bookings_from")),
        status=keys.get("status", "unverified"),
        sources=tuple(keys.get("sources", ())),
        read_on=_day(keys.get("retrieved")),
        residents=keys.get("taxpayer", {}).get("residents", "taxed"),
        periods=_spans(keys.get("periods", ())),
        seasons=tuple((name, _spans(spans)) for name, spans in keys.get("seasons", {}).items()),
        age_reference=keys.get("age_reference", "night"),
        rates=tuple(_rate(index, entry) for index, entry in enumerate(keys.get("rates", ()))),
        caps=tuple(_cap(entry) for entry in keys.get("cap", ())),
        exemptions=tuple(
            Exemption(entry["code"], conditions(entry["when"]), _quota(entry.get("quota")), _paper(entry.get("document")))
            for entry in keys.get("exemptions", ())
        ),
        reductions=tuple(
            Reduction(
                entry["code"], conditions(entry["when"]), entry.get("use"),
                Fraction(entry["percent_off"]) / 100 if "percent_off" in entry else None,
                _cents(entry["fixed"]) if "fixed" in entry else None,
                _quota(entry.get("quota")), _paper(entry.get("document")),
            )
            for entry in keys.get("reductions", ())
        ),
        combine=keys.get("combine", "multiply"),
        rounding=Rounding(_cents(rounding.get("step", "0.01")), rounding.get("mode", "half_up")),
        refused=keys.get("refused", "due"),
        intermediary=Intermediary(channels, intermediary.get("collected_by") != "operator"),
        unknown=tuple(keys.get("unknown", ())),
        notes=tuple(keys.get("notes", ())),
        doubts=tuple(Doubt(conditions(entry["when"]), Saying(entry["it"], entry["en"])) for entry in keys.get("doubts", ())),
        own=tuple(OwnMark(entry["note"], entry["made_by"], _day(entry["made_on"]) or date.max) for entry in keys.get("own", ())),
    )  # fmt: skip


def _rate(index: int, keys: Keys) -> Rate:
    when = conditions(keys.get("when", {}))
    price = keys.get("price")
    basis = PriceBasis(price["per"], price.get("vat"), price.get("breakfast")) if price else None
    if "fixed" in keys:
        return Rate(index, when, "fixed", _cents(keys["fixed"]))
    if "per_star" in keys:
        return Rate(index, when, "per_star", _cents(keys["per_star"]), plus=_cents(keys.get("plus", "0")))
    if "amounts" in keys:
        named = tuple((name, _cents(text)) for name, text in keys["amounts"].items())
        return Rate(index, when, "amounts", dict(named).get("full", Fraction(0)), named=named)
    if "percent" in keys:
        ceiling = _cents(keys["ceiling_per_person"]) if "ceiling_per_person" in keys else None
        return Rate(index, when, "percent", Fraction(keys["percent"]) / 100, ceiling=ceiling, price=basis)
    if "brackets" in keys:
        return Rate(index, when, "brackets", Fraction(0), brackets=tuple(map(_bracket, keys["brackets"])), price=basis)
    why = Saying(keys["why"]["it"], keys["why"]["en"]) if "why" in keys else None
    return Rate(index, when, "unknown", Fraction(0), why=why)


def _bracket(keys: Keys) -> Bracket:
    top = keys.get("up_to", keys.get("below"))
    return Bracket(None if top is None else _cents(top), "up_to" in keys, _cents(keys["amount"]))


def _cap(keys: Keys) -> Cap:
    window = keys["window"]
    carry_over = keys.get("carry_over", window not in CALENDAR_WINDOWS)
    nights = None if window == "none" else keys["nights"]
    return Cap(
        conditions(keys.get("when", {})), nights, window, carry_over, keys.get("scope", "structure"), keys.get("counts", "taxed"),
        "also" in keys,
    )  # fmt: skip


def _quota(keys: Keys | None) -> Quota | None:
    if keys is None:
        return None
    each = keys.get("max_each", 1) if keys["per"] == "participants" else keys.get("max", 1)
    return Quota(keys["per"], keys.get("every", 1), each, keys.get("rounding") == "ceil")


def _paper(keys: Keys | None) -> PaperRule | None:
    return None if keys is None else PaperRule(keys["form"], keys["required"])


def conditions(when: Keys) -> tuple[Condition, ...]:
    """The conditions of a ``when``, in a fixed order: those of the property first, those that ask most of people last."""
    found = [_condition(key, value) for key, value in when.items() if key != "any"]
    return tuple(sorted(found, key=lambda condition: _ORDER.get(condition.key, 0)))


_ORDER = {"status": 1, "months": 1, "season": 1, "group": 1, "participants": 2, "booked_on": 2, "child_order": 4, "age": 3,
          "with_parents": 5}  # fmt: skip


def _condition(key: str, value: Any) -> Condition:
    if key in _NUMBERS and isinstance(value, str):
        return _comparison(key, value)
    words: Sequence[Any] = value if isinstance(value, list) else [value]
    return Condition(key, frozenset(map(str, words) if key in _LABELS else words))


def _comparison(key: str, text: str) -> Condition:
    found = _COMPARED.fullmatch(text)
    assert found is not None, text
    sign, first, last = found[1] or "=", _ordinal(found[2]), found[3]
    if last is not None:
        return Condition(key, None, first, _ordinal(last))
    low = {">=": first, ">": first + 1, "=": first}.get(sign)
    high = {"<=": first, "<": first - 1, "=": first}.get(sign)
    return Condition(key, None, low, high)


def _ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal() if "-" in text else int(text)


def _spans(entries: Sequence[Keys]) -> tuple[YearSpan, ...]:
    return tuple(YearSpan(_month_day(entry["from"]), _month_day(entry["to"])) for entry in entries)


def _month_day(text: str) -> tuple[int, int]:
    return int(text[:2]), int(text[3:])


def _cents(text: str) -> Fraction:
    return Fraction(text) * 100


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _remittance(keys: Keys | None) -> Remittance | None:
    if keys is None:
        return None
    return Remittance(keys["obligation"], keys.get("portal"), keys.get("basis", "collected"), tuple(keys.get("channels", ())))


def _declaration(kind: str, keys: Keys) -> Declaration:
    forms = keys.get("forms", [keys["form"]] if "form" in keys else [])
    return Declaration(
        kind, keys["obligation"], tuple(forms), bool(keys.get("zero_required")), tuple(keys.get("attach", ()))
    )
