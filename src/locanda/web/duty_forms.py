"""The small forms about duties: what happened, what was broken, which rule is changed, what is asked of the police office."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from locanda.law.events import EVENTS
from locanda.web.day_field import DayField, RomeMoment
from locanda.web.forms import Form, says, words_for
from locanda.web.words import say

__all__ = ["RULE_CHANGES", "BreachForm", "FactForm", "RequestForm", "RuleForm", "fact_forms"]

_MOMENTS = ("at", "first_arrival")
_DAYS = ("from", "to", "on")
_WHOLE = ("year", "days", "count", "tax_year")
_STRETCH_WITH_HOURS = "outage"

OFFERED = tuple(kind for kind in EVENTS if kind != "portal_receipt")
"""What a person records; receipts are recorded by the deliveries themselves."""

RULE_CHANGES = ("off", "day", "pec", "amount", "address")
"""What of a rule may be changed on the page."""


class FactForm(Form):
    """One kind of event, with the facts that it asks for."""

    def __init__(self, kind: str, *args: Any, portals: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, prefix=kind, **kwargs)
        self.kind = kind
        shape = EVENTS[kind]
        for key in shape.keys:
            self.fields[key] = self._field(key, portals, required=key not in shape.optional)
        if kind == "listing_published":
            self.fields["url"] = forms.URLField(label=says("duty.link"), required=False, max_length=400, assume_scheme="https")

    def _field(self, key: str, portals: Sequence[tuple[str, str]], *, required: bool) -> forms.Field:
        label = says(f"fact_field.{key}")
        if key in _MOMENTS or (key in ("from", "to") and self.kind == _STRETCH_WITH_HOURS):
            return RomeMoment(label=label, required=required)
        if key in _DAYS:
            return DayField(label=label, required=required)
        if key in _WHOLE:
            low, high = (1900, 2999) if "year" in key else (0, 100_000)
            return forms.IntegerField(label=label, required=required, min_value=low, max_value=high)
        if key == "portal":
            return forms.ChoiceField(label=label, required=required, choices=portals)
        return forms.CharField(label=label, required=required, max_length=20)

    @property
    def data_of_kind(self) -> dict[str, Any]:
        """The facts as ``locanda.law.events`` reads them."""
        told = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()}


def fact_forms(posted: Any, portals: Sequence[tuple[str, str]]) -> list[FactForm]:
    """One form for each kind; the one that was sent holds what was typed."""
    chosen = posted.get("kind") if posted else None
    return [FactForm(kind, posted if kind == chosen else None, portals=portals) for kind in OFFERED]


class BreachForm(Form):
    """A breach that an office found."""

    sanction = forms.ChoiceField(label=says("breach.sanction"))
    on = DayField(label=says("breach.on"))
    enforceable_on = DayField(
        label=says("breach.enforceable_on"), help_text=says("breach.enforceable_help"), required=False
    )
    settled_reduced = forms.BooleanField(label=says("breach.settled_reduced"), required=False)
    suspended_on = DayField(label=says("breach.suspended_on"), required=False)
    note = forms.CharField(label=says("breach.note"), help_text=says("duty.note_help"), max_length=300, required=False)

    def __init__(self, *args: Any, sanctions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sanction"].choices = [("", says("form.choose")), *sanctions]


class RuleForm(Form):
    """A rule as the operator has it."""

    what = forms.ChoiceField(label=says("rule.what"), widget=forms.RadioSelect)
    target = forms.ChoiceField(label=says("rule.target"))
    day = forms.IntegerField(label=says("rule.day"), min_value=1, max_value=31, required=False)
    pec = forms.EmailField(label=says("rule.pec"), required=False)
    low = forms.DecimalField(label=says("rule.low"), min_value=0, decimal_places=2, max_digits=9, required=False)
    high = forms.DecimalField(label=says("rule.high"), min_value=0, decimal_places=2, max_digits=9, required=False)
    address = forms.URLField(label=says("rule.address"), required=False, max_length=300, assume_scheme="https")
    valid_from = DayField(label=says("rule.valid_from"))
    note = forms.CharField(label=says("rule.note"), help_text=says("rule.note_help"), max_length=300)

    _KINDS = {"off": "obligation", "day": "obligation", "pec": "contact", "amount": "sanction", "address": "parameter"}

    def __init__(self, *args: Any, targets: Sequence[tuple[str, Sequence[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [(what, says(f"rule.what_{what}")) for what in RULE_CHANGES]
        self.fields["target"].choices = [("", says("form.choose")), *targets]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        what = told.get("what")
        if not what:
            return told
        if told.get("target") and not told["target"].startswith(self._KINDS[what] + ":"):
            self.add_error("target", say("rule.wrong_target"))
        for field in {"day": ("day",), "pec": ("pec",), "amount": ("low", "high"), "address": ("address",)}.get(what, ()):
            if told.get(field) in (None, "") and field not in self.errors:
                self.add_error(field, say("rule.missing"))
        low, high = told.get("low"), told.get("high")
        if isinstance(low, Decimal) and isinstance(high, Decimal) and low > high:
            self.add_error("high", say("rule.missing"))
        return told


class RequestForm(Form):
    """Who asks something of the police office. The papers stand beside it, each with its own file."""

    name = forms.CharField(label=says("request.name"), max_length=150)
    quality = forms.ChoiceField(label=says("request.quality"))
    tax_code = forms.CharField(label=says("request.tax_code"), max_length=20, required=False)
    firm = forms.CharField(label=says("request.firm"), max_length=150, required=False)
    account = forms.CharField(label=says("request.account"), max_length=40, required=False)
    email = forms.CharField(label=says("request.email"), max_length=150, required=False)
    pec = forms.CharField(label=says("request.pec"), max_length=150, required=False)
    phone = forms.CharField(label=says("request.phone"), max_length=40, required=False)
    in_person = forms.BooleanField(label=says("request.in_person"), required=False)
    article_11 = forms.BooleanField(label=says("request.article_11"), required=False)

    def __init__(self, *args: Any, kind: str, routes: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "appointment" not in routes:
            del self.fields["in_person"]
        self.fields["quality"].choices = words_for("request_quality", ("owner", "manager", "legal_representative", "delegate"))
        del self.fields["account" if kind == "credentials" else "article_11"]  # no user name yet; no fitness asked again
