"""The sheet of a spontaneous payment: the portal's fields in their order, each with the value to copy (spec 13.1).

The fields are data, ``spontaneous.toml``, one table for each channel that ``[tourist_tax.remittance]`` may name. They come from
the portal of 2018 and carry their status. One payment may cover all structures, or each its own (``separate``), as the comune
wants.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.law.periods import Period

__all__ = ["CHANNELS", "Payable", "Sheet", "SheetField", "sheets"]

CHANNELS = ("pagopa_spontaneo",)
"""Channels of ``[tourist_tax.remittance]`` that have a sheet."""

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_FISCAL_CODE = re.compile(r"\b[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPRST][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]\b", re.IGNORECASE)


class Payable(NamedTuple):
    """What is owed for one structure, in cents; ``code`` is its CIN or regional code."""

    structure: str
    amount: int
    code: str = ""


class SheetField(NamedTuple):
    """A field of the portal. ``value`` is copied as it is; empty where the portal fills it in itself."""

    label: str
    value: str
    note_it: str
    note_en: str


class Sheet(NamedTuple):
    """One payment, field by field. ``status`` and ``read`` say what the list of fields is worth, and are shown."""

    channel: str
    amount: int
    structures: tuple[str, ...]
    fields: tuple[SheetField, ...]
    status: str
    read_it: str
    read_en: str
    problems: tuple[Problem, ...]

    def value(self, label: str) -> str:
        """The value of a field by its label on the portal."""
        return next(field.value for field in self.fields if field.label == label)


def sheets(
    channel: str, payables: Sequence[Payable], period: Period, due: date, *,
    email: str = "", separate: bool = False, persons: Sequence[str] = (),
) -> list[Sheet]:  # fmt: skip
    """The payments of a period: one for all structures, or with ``separate`` one for each that owes something.

    ``due`` is the nominal date of the regulation. ``persons`` are names that must not stand in the description.
    """
    owing = [entry for entry in payables if entry.amount > 0]
    parts = [[entry] for entry in owing] if separate else [owing] if owing else []
    return [_sheet(channel, part, period, due, email, persons) for part in parts]


@cache
def _channels() -> Mapping[str, Any]:
    return tomllib.loads((files("locanda.portals.pagopa") / "spontaneous.toml").read_text(encoding="utf-8"))


def _sheet(
    channel: str, part: Sequence[Payable], period: Period, due: date, email: str, persons: Sequence[str]
) -> Sheet:
    form = _channels()[channel]
    amount = sum(entry.amount for entry in part)
    description, found = _description(part, form["description_max"], persons)
    if period.kind not in form["periods"]:
        found.append(Problem.of("pagopa.sheet.period", "period", period=period.label))
    if not email:
        found.append(Problem("pagopa.sheet.email", "email"))
    values = {
        "amount": f"{amount // 100},{amount % 100:02}", "due": f"{due:%d/%m/%Y}", "description": description,
        "period_number": str(period.number), "period_year": str(period.year), "registration": "", "email": email,
    }  # fmt: skip
    fields = tuple(
        SheetField(entry["label"], entry.get("text", "") or values[entry["value"]], entry["note_it"], entry["note_en"])
        for entry in form["fields"]
    )
    names = tuple(entry.structure for entry in part)
    return Sheet(channel, amount, names, fields, form["status"], form["read_it"], form["read_en"], tuple(found))


def _description(part: Sequence[Payable], width: int, persons: Sequence[str]) -> tuple[str, list[Problem]]:
    """The structures by name; by code where the names do not fit. Where nothing fits it is left to the operator, and said."""
    found: list[Problem] = []
    names = ", ".join(entry.structure for entry in part)
    codes = ", ".join(entry.code for entry in part) if all(entry.code for entry in part) else ""
    text = next((choice for choice in (names, codes) if choice and len(choice) <= width), "")
    if text != names:
        found.append(Problem.of("pagopa.description.long", "description", length=len(names), limit=width, used=text or "–"))
    found += [Problem.of("pagopa.description.personal", "description", value=word) for word in _personal(text, persons)]
    return text, found


def _personal(text: str, persons: Sequence[str]) -> list[str]:
    """Addresses, tax codes of people, and the names given, as whole words."""
    found = _MAIL.findall(text) + _FISCAL_CODE.findall(text)
    return found + [name for name in persons if name and re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)]
