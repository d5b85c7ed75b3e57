"""The forms about the tax of a stay: the facts that decide it, receiving it, a refusal, a paper that is here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from locanda.archive.models import Guest, Operator, TaxReceipt
from locanda.law.tourist_tax import FactsAsked
from locanda.law.tourist_tax.words import named, who
from locanda.office.tax.operators import FIELDS, ROLES
from locanda.web.day_field import DayField, RomeMoment
from locanda.web.forms import Form, says, words_for
from locanda.web.words import language, say

__all__ = ["FactsForm", "OperatorForm", "PropertyTaxForm", "ReceiptForm", "RefusalForm", "SentForm", "guest_choices", "in_words"]

GROUPS = ("agency", "school", "youth", "sport")


def in_words(saying: Any) -> str:
    """A word of the law in the language of the page."""
    return str(saying.en if language() == "en" else saying.it)


class FactsForm(Form):
    """Only what the rule of the comune reads. Guests' reasons are ``status<place>``."""

    def __init__(self, *args: Any, asked: FactsAsked, names: Sequence[str], early: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.names, self.early = asked, names, early
        if early:
            self.fields["first_night"] = DayField(
                label=says("tax_stay.first_night"), help_text=says("tax_stay.first_night_help"), required=False
            )
        if "price" in asked.stay:
            self.fields["price"] = forms.DecimalField(
                label=says("tax_stay.price"), help_text=says("tax_stay.price_help"), required=False, min_value=0,
                max_digits=9, decimal_places=2, localize=True,
            )  # fmt: skip
            self.fields["per"] = forms.ChoiceField(
                label=says("tax_stay.per"), required=False, choices=words_for("tax_stay_per", ("room", "person")),
                widget=forms.RadioSelect,
            )  # fmt: skip
        if "channel" in asked.stay:
            words = [(word, in_words(named(word))) for word in asked.words_of("channel")]
            self.fields["channel"] = forms.ChoiceField(
                label=says("tax_stay.channel"), required=False, choices=[("", say("tax_stay.direct")), *words]
            )
        if "booked_on" in asked.stay:
            self.fields["booked_on"] = DayField(label=says("tax_stay.booked_on"), required=False)
        if "group" in asked.stay:
            words = [(word, in_words(named(word))) for word in GROUPS]
            self.fields["group"] = forms.ChoiceField(
                label=says("tax_stay.group"), required=False, choices=[("", say("tax_stay.no_group")), *words]
            )
            self.fields["participants"] = forms.IntegerField(
                label=says("tax_stay.participants"), required=False, min_value=0, max_value=9999
            )
        if "outside_nights" in asked.stay:
            self.fields["outside_nights"] = forms.IntegerField(
                label=says("tax_stay.outside_nights"), help_text=says("tax_stay.outside_nights_help"), required=False,
                min_value=0, max_value=5000,
            )  # fmt: skip
        statuses = [(word, in_words(who("disabled_l104" if word == "l104_permanent_care" else word))) for word in asked.statuses]
        for place, name in enumerate(names if statuses else ()):
            self.fields[f"status{place}"] = forms.MultipleChoiceField(
                label=say("tax_stay.reasons", who=name), required=False, choices=statuses, widget=forms.CheckboxSelectMultiple
            )

    @staticmethod
    def initial_of(kept: dict[str, Any]) -> dict[str, Any]:
        """What the fields hold, from what is kept of the stay."""
        price, group = kept.get("price") or {}, kept.get("group") or {}
        told = {key: kept.get(key) for key in ("first_night", "channel", "booked_on", "outside_nights")}
        told |= {"price": price.get("amount"), "per": price.get("per", "room"), "group": group.get("kind")}
        told["participants"] = group.get("participants")
        return told | {f"status{place}": guest.get("status") or [] for place, guest in enumerate(kept.get("guests") or ())}

    def told(self, kept: dict[str, Any]) -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
        """The facts as ``office.tax.facts.change`` takes them; what was not asked stays."""
        data = self.cleaned_data
        values: dict[str, Any] = {}
        for key in ("first_night", "booked_on"):
            if key in data:
                values[key] = data[key].isoformat() if data[key] else ""
        if "channel" in data:
            values["channel"] = data["channel"]
        if "outside_nights" in data:
            values["outside_nights"] = data["outside_nights"]
        if "price" in data:
            before = kept.get("price") or {}
            amount = data["price"]
            values["price"] = None if amount is None else {**before, "amount": f"{amount:.2f}", "per": data["per"] or "room"}
        if "group" in data:
            group = {"kind": data["group"], "participants": data["participants"]}
            values["group"] = {key: value for key, value in group.items() if value is not None} if data["group"] else None
        known = kept.get("guests") or []
        guests = {}
        for place in range(len(self.names)):
            if f"status{place}" in data:
                before = (known[place] if place < len(known) else {}).get("status") or []
                others = [word for word in before if word not in self.asked.statuses]
                guests[place] = {"status": [*others, *data[f"status{place}"]]}
        return values, guests


class ReceiptForm(Form):
    """Receiving the tax. Names are asked only where nobody is known."""

    surname = forms.CharField(label=says("tax_receipt.surname"), max_length=80, required=False)
    name = forms.CharField(label=says("tax_receipt.name"), max_length=80, required=False)
    tax_code = forms.CharField(label=says("tax_receipt.tax_code"), max_length=16, required=False)
    invoice = forms.CharField(
        label=says("tax_receipt.invoice"), help_text=says("tax_receipt.invoice_help"), max_length=60, required=False
    )
    reason = forms.CharField(
        label=says("tax_receipt.reason"), help_text=says("tax_receipt.reason_help"), max_length=200, required=False
    )
    method = forms.ChoiceField(required=False, choices=[(one, one) for one in TaxReceipt.Method.values])

    def __init__(self, *args: Any, known: bool, correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["surname"], self.fields["name"]
        if not correction:
            del self.fields["reason"]
        self.asks = [self[name] for name in self.fields if name in ("surname", "name", "reason")]
        self.seldom = [self[name] for name in ("tax_code", "invoice")]


class RefusalForm(Form):
    """A guest who does not pay. The person stands here as far as known, and may be completed."""

    form = forms.ChoiceField(label=says("refusal.form"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=says("refusal.language"), required=False)
    guests = forms.MultipleChoiceField(
        label=says("refusal.guests"), help_text=says("refusal.guests_help"), required=False, widget=forms.CheckboxSelectMultiple
    )
    signed_at = RomeMoment(label=says("refusal.signed_at"), help_text=says("refusal.signed_at_help"))
    surname = forms.CharField(label=says("tax_receipt.surname"), max_length=80, required=False)
    name = forms.CharField(label=says("tax_receipt.name"), max_length=80, required=False)
    reason = forms.CharField(label=says("refusal.reason"), max_length=300, required=False)

    def __init__(self, *args: Any, guests: Sequence[tuple[str, str]], known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = words_for("refusal_form", ("modello_4", "modello_5"))
        self.fields["language"].choices = words_for("refusal_language", ("it", "en", "es", "ru"))
        self.fields["guests"].choices = guests
        if len(guests) < 2:
            del self.fields["guests"]
        if known:
            del self.fields["surname"], self.fields["name"]


class SentForm(Form):
    """How a refusal reached the comune."""

    channel = forms.ChoiceField(label=says("refusal.channel"), widget=forms.RadioSelect)
    protocol = forms.CharField(
        label=says("refusal.protocol"), help_text=says("refusal.protocol_help"), max_length=120, required=False
    )
    sent_at = RomeMoment(label=says("refusal.sent_when"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = words_for("refusal_channel", ("pec", "fax", "desk", "post"))


class PropertyTaxForm(Form):
    """What the tax of the comune asks of a property beside its sheet; nothing that no rule reads, and the operator."""

    _TEXTS, _NUMBERS = ("zone", "category", "cadastral_category"), {"suns": 5, "declared_rooms": 9999}

    def __init__(self, *args: Any, asked: frozenset[str], words: Any, operators: Sequence[Operator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", says("property_tax.no_operator")), *((str(one.pk), one.label) for one in operators)]
        self.fields["operator"] = forms.ChoiceField(label=says("property_tax.operator"), required=False, choices=choices)
        for key in self._TEXTS:
            told = [(word, in_words(named(word))) for word in (words(key) if words else ())]
            label = says(f"property_tax.{key}")
            if key in asked:
                self.fields[key] = (
                    forms.ChoiceField(label=label, required=False, choices=[("", says("form.choose")), *told]) if told
                    else forms.CharField(label=label, required=False, max_length=8 if key == "cadastral_category" else 40)
                )  # fmt: skip
        for key, most in self._NUMBERS.items():
            if key in asked:
                self.fields[key] = forms.IntegerField(
                    label=says(f"property_tax.{key}"), required=False, min_value=1, max_value=most
                )
        if "superior" in asked:
            self.fields["superior"] = forms.BooleanField(label=says("property_tax.superior"), required=False)
        if "let_as" in asked:
            kinds = [("", says("form.choose")), *((key, says(f"property_tax.{key}")) for key in ("rooms", "whole"))]
            self.fields["let_as"] = forms.ChoiceField(label=says("property_tax.let_as"), required=False, choices=kinds)


class OperatorForm(Form):
    """Who answers for which properties: only the name is always needed; papers say what else they lack."""

    def __init__(self, *args: Any, properties: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in FIELDS:
            helped = {"name", "signer_surname", "pec"}
            label, help_text = says(f"operator.{key}"), says(f"operator.{key}_help") if key in helped else ""
            if key == "role":
                choices = [("", say("form.choose")), *words_for("request_quality", ROLES)]
                self.fields[key] = forms.ChoiceField(label=label, required=False, choices=choices)
            else:
                self.fields[key] = forms.CharField(label=label, help_text=help_text, required=False, max_length=200)
        if properties:
            self.fields["property"] = forms.MultipleChoiceField(
                label=says("operator.properties"), required=False, choices=properties, widget=forms.CheckboxSelectMultiple
            )


def guest_choices(guests: Sequence[Guest], names: Sequence[str]) -> list[tuple[str, str]]:
    """Guests by the ids of their rows."""
    return [(str(guest.pk), name) for guest, name in zip(guests, names, strict=True)]

