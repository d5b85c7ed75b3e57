"""Forms of the statistics of a property: by which code, how, with which user."""

from __future__ import annotations

from typing import Any

from django import forms

from locanda.archive.models import FlowCredential, Property
from locanda.office.statistics.home import SHEET, FlowService
from locanda.portals.flows import flow_formats
from locanda.web.forms import Form, says
from locanda.web.words import say

__all__ = ["FlowCredentialForm", "FlowSettingsForm"]

_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class FlowSettingsForm(Form):
    """How the statistics of a property go."""

    code = forms.CharField(
        label=says("flow_set.code"), help_text=says("flow_set.code_help"), max_length=40, required=False,
        widget=forms.TextInput({**_PLAIN, "autocapitalize": "characters"}),
    )  # fmt: skip
    format = forms.ChoiceField(label=says("flow_set.format"), widget=forms.RadioSelect, required=False)
    credential = forms.ChoiceField(
        label=says("flow_set.credential"), help_text=says("flow_set.credential_help"), required=False
    )
    auto = forms.BooleanField(label=says("flow_set.auto"), help_text=says("flow_set.auto_help"), required=False)

    def __init__(self, *args: Any, service: FlowService, credentials: list[FlowCredential], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = flow_formats()
        if service.format.key == "spot":
            self.fields["code"].label, self.fields["code"].help_text = says("flow_set.spot"), says("flow_set.spot_help")
        elif service.format.portal_id is None:
            del self.fields["code"]
        if len(service.choices) > 1:
            words = {SHEET: say("flow_set.by_sheet")}
            self.fields["format"].choices = [(key, words.get(key, known[key].name)) for key in service.choices]
        else:
            del self.fields["format"]
        if service.sends:
            self.fields["credential"].choices = [("", says("flow_set.no_credential"))]
            self.fields["credential"].choices += [(str(one.pk), one.label) for one in credentials]
            if not credentials:
                del self.fields["credential"], self.fields["auto"]
        else:
            del self.fields["credential"], self.fields["auto"]

    @staticmethod
    def initial_of(property: Property, service: FlowService) -> dict[str, Any]:
        """What the fields hold."""
        key = service.format.portal_id or service.format.key
        return {
            "code": (property.portal_ids or {}).get(key, ""), "format": service.format.key, "auto": property.flow_auto,
            "credential": str(property.flow_credential_id or ""),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("auto") and not told.get("credential"):
            self.add_error("auto", say("flow_set.auto_without"))
        return told


class FlowCredentialForm(Form):
    """A user of a service. Empty secrets leave those that are kept."""

    label = forms.CharField(label=says("flow_cred.label"), help_text=says("flow_cred.label_help"), max_length=120, required=False)
    user = forms.CharField(
        label=says("flow_cred.user"), help_text=says("flow_cred.user_help"), max_length=80, required=False,
        widget=forms.TextInput(_PLAIN),
    )  # fmt: skip
    password = forms.CharField(
        label=says("flow_cred.password"), help_text=says("flow_cred.password_help"), max_length=200, required=False, strip=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, kept: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        if kept:
            for name in ("user", "password"):
                self.fields[name].help_text = says("credential_form.keep")

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.kept or told.get("user") or told.get("password"):
            for name in ("user", "password"):
                if not told.get(name):
                    self.add_error(name, say("credential_form.missing"))
        return told

    @property
    def keys(self) -> dict[str, str] | None:
        """Both secrets when they were given; None leaves those that are kept."""
        told = self.cleaned_data
        return {"user": told["user"], "password": told["password"]} if told.get("password") else None
