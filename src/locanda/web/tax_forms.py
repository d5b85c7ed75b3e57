"""The forms of the tax's rules: a rate that changed, and the whole tax of a comune that no pack knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from locanda.core.stays import PROPERTY_TYPES
from locanda.law.tourist_tax.simple import RESIDENTS, WINDOWS, SimpleAmount, SimpleTax
from locanda.web.day_field import DayField
from locanda.web.forms import Form, says, words_for
from locanda.web.words import say

__all__ = ["RateForm", "SimpleTaxForm"]

_ROWS = (1, 2, 3)


class Money(forms.DecimalField):
    """Euro with two decimals; a comma is as good as a point."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            min_value=0, max_digits=6, decimal_places=2, widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            **more,
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value).replace(",", ".") if value else value)


class RateForm(Form):
    """Another amount from a day on."""

    amount = Money(label=says("tax_rules.amount"), help_text=says("tax_rules.amount_help"))
    valid_from = DayField(label=says("tax_rules.valid_from"))
    note = forms.CharField(label=says("tax_rules.note"), help_text=says("tax_rules.note_help"), max_length=300)

    @property
    def document(self) -> dict[str, Any]:
        return {"rates": [{"fixed": f"{self.cleaned_data['amount']:.2f}"}]}


class SimpleTaxForm(Form):
    """What one reads on a comune's page. Nothing is filled in beforehand but the window of the limit."""

    source = forms.CharField(label=says("tax_rules.source"), help_text=says("tax_rules.source_help"), max_length=200)
    valid_from = DayField(label=says("tax_rules.valid_from"))
    cap_nights = forms.IntegerField(
        label=says("tax_rules.cap"), help_text=says("tax_rules.cap_help"), min_value=0, max_value=366, required=False
    )
    cap_window = forms.ChoiceField(label=says("tax_rules.window"))
    child_age = forms.IntegerField(
        label=says("tax_rules.child"), help_text=says("tax_rules.child_help"), min_value=0, max_value=26, required=False
    )
    residents = forms.ChoiceField(label=says("tax_rules.residents"), required=False)
    cadence = forms.CharField(
        label=says("tax_rules.cadence"), help_text=says("tax_rules.cadence_help"), max_length=120, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted(words_for("property_type", PROPERTY_TYPES), key=lambda pair: str(pair[1]))
        amounts: dict[str, forms.Field] = {}
        for number in _ROWS:
            extra = number > 1
            amounts[f"amount{number}"] = Money(
                label=says("tax_rules.amount_n", n=number), help_text=says("tax_rules.amount_help"), required=not extra
            )
            amounts[f"type{number}"] = forms.ChoiceField(
                label=says("tax_rules.type_n", n=number), required=False, choices=[("", says("tax_rules.all_types")), *kinds]
            )
            amounts[f"stars{number}"] = forms.IntegerField(
                label=says("tax_rules.stars_n", n=number), required=False, min_value=1, max_value=5
            )
        self.fields = {**amounts, **self.fields}
        self.fields["cap_window"].choices = words_for("tax_window", WINDOWS)
        self.fields["residents"].choices = [("", says("tax_rules.unknown")), *words_for("tax_residents", RESIDENTS)]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for number in _ROWS[1:]:
            narrowed = told.get(f"type{number}") or told.get(f"stars{number}")
            if narrowed and told.get(f"amount{number}") is None and f"amount{number}" not in self.errors:
                self.add_error(f"amount{number}", say("rule.missing"))
        return told

    def told(self, today: date) -> SimpleTax:
        """The answers as the law reads them."""
        told = self.cleaned_data
        amounts = tuple(
            SimpleAmount(f"{told[f'amount{n}']:.2f}", (told[f"type{n}"],) if told[f"type{n}"] else (), told[f"stars{n}"])
            for n in _ROWS if told[f"amount{n}"] is not None
        )  # fmt: skip
        return SimpleTax(
            amounts, told["source"], told["valid_from"], told["cap_nights"], told["cap_window"], told["child_age"],
            told["residents"] or None, told["cadence"], today,
        )  # fmt: skip
