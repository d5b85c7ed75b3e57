"""The prices of a year as a sheet: one line a room and season, added and taken away as needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from locanda.office.prices import FOREIGN
from locanda.portals.prices import PriceRow
from locanda.web.day_field import DayField
from locanda.web.forms import Form, says, words_for
from locanda.web.tax_forms import Money

__all__ = ["PER", "ListForm", "RowForm", "row_forms"]

PER = ("room", "unit", "person")
"""For what a price is."""
LINES_MAX = 200


class RowForm(Form):
    """The highest price of a room or unit in a season."""

    unit = forms.CharField(max_length=60, label=says("prices.unit"))
    first = DayField(label=says("prices.first"))
    last = DayField(label=says("prices.last"))
    price = Money(label=says("prices.price"))
    per = forms.ChoiceField(choices=words_for("prices_per", PER), label=says("prices.per"))

    def row(self) -> PriceRow:
        """The line as the law of prices takes it."""
        told = self.cleaned_data
        return PriceRow(told["unit"].strip(), told["first"], told["last"], int(told["price"] * 100), told["per"])


class ListForm(Form):
    """What goes with the prices."""

    services = forms.CharField(
        required=False, widget=forms.Textarea({"rows": 4}), max_length=4000, label=says("prices.services"),
        help_text=says("prices.services_help"),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        required=False, choices=words_for("notice_language", FOREIGN), widget=forms.CheckboxSelectMultiple(),
        label=says("prices.languages"),
    )  # fmt: skip


def row_forms(post: Mapping[str, Any] | None, rows: Sequence[PriceRow], units: Sequence[str], year: int) -> list[RowForm]:
    """The lines as posted; as kept; or one line for each room, for the whole year."""
    if post is not None:
        numbers = sorted({int(key[1:].split("-")[0]) for key in post if key[:1] == "r" and key[1:].split("-")[0].isdecimal()})
        return [RowForm(post, prefix=f"r{number}") for number in numbers[:LINES_MAX]]
    initial = [
        {
            "unit": row.unit, "first": row.first, "last": row.last, "per": row.per,
            "price": f"{row.cents // 100},{row.cents % 100:02}",
        }
        for row in rows
    ]  # fmt: skip
    fresh = [{"unit": unit, "first": date(year, 1, 1), "last": date(year, 12, 31), "per": "room"} for unit in units]
    return [RowForm(prefix=f"r{place}", initial=one) for place, one in enumerate(initial or fresh)]
