"""The forms of settings and first steps."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from locanda.archive.models import Apartment, Membership, Person, PoliceCredential, Property
from locanda.core import codes
from locanda.core.codes.comuni import comune_numbers, region_of
from locanda.core.codes.regional import shape_of
from locanda.core.stays import PROPERTY_TYPES
from locanda.core.time import rome_day
from locanda.office.clock import now
from locanda.office.tables import in_force
from locanda.places import Comune
from locanda.web.day_field import DayField
from locanda.web.our_form import Form, says, words_for
from locanda.web.words import language, say

__all__ = ["CredentialForm", "Form", "MeForm", "OwnerForm", "PersonForm", "PropertyForm", "UnitForm", "says", "words_for"]


class PlaceInput(forms.TextInput):
    """A field that suggests places while one types."""

    def __init__(self, place: str) -> None:
        super().__init__(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
        self.place = place


class ComuneField(forms.CharField):
    """A comune by name; gives its police code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=PlaceInput("comune"), max_length=80, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        row = in_force().places.comune_row(str(value)) if value else None
        return row.label if row is not None else value

    def clean(self, value: Any) -> str:
        token = super().clean(value)
        found = in_force().places.comune(token, rome_day(now()))
        if isinstance(found, Comune) and found.police:
            return found.police
        raise forms.ValidationError(say("form.comune_unknown", token=token))


class FloorsField(forms.CharField):
    """The square metres of each floor, with commas between; gives them as text with a point."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value)).replace(";", ",")
        areas = [part.strip() for part in text.split(",") if part.strip()]
        try:
            read = [Decimal(area) for area in areas]
        except InvalidOperation:
            raise forms.ValidationError(say("property_law.floors_wrong")) from None
        if not all(area.is_finite() and 0 < area < 100_000 for area in read):
            raise forms.ValidationError(say("property_law.floors_wrong"))
        return [f"{area:f}" for area in read]


class OwnerForm(Form):
    """The first person: who answers for the account."""

    full_name = forms.CharField(label=says("first.your_name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label=says("first.email"), help_text=says("first.email_help"), widget=forms.EmailInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        label=says("first.password"), help_text=says("first.password_help"), strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class PropertyForm(Form):
    """A property."""

    name = forms.CharField(label=says("property_form.name"), max_length=120)
    type = forms.ChoiceField(label=says("property_form.type"))
    comune = ComuneField(label=says("property_form.comune"), help_text=says("property_form.comune_help"))
    address = forms.CharField(label=says("property_form.address"), max_length=200, required=False)
    business = forms.TypedChoiceField(
        label=says("property_form.business"),
        choices=[("no", says("property_form.business_no")), ("yes", says("property_form.business_yes"))],
        widget=forms.RadioSelect, coerce=lambda value: value == "yes",
    )  # fmt: skip
    stars = forms.IntegerField(label=says("property_law.stars"), min_value=1, max_value=5, required=False)
    since = DayField(
        label=says("property_law.since"), help_text=says("property_law.since_help"), required=False
    )
    floors_m2 = FloorsField(
        label=says("property_law.floors"), help_text=says("property_law.floors_help"), max_length=120, required=False
    )
    listed_refuge = forms.BooleanField(label=says("property_law.listed_refuge"), required=False)
    lets_over_30_days = forms.BooleanField(label=says("property_law.lets_over_30_days"), required=False)
    rooms = forms.IntegerField(label=says("property_form.rooms"), min_value=0, max_value=9999, required=False)
    beds = forms.IntegerField(label=says("property_form.beds"), min_value=0, max_value=9999, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = sorted(words_for("property_type", PROPERTY_TYPES), key=lambda item: str(item[1]))
        self.fields["type"].choices = [("", says("form.choose")), *types]

    @staticmethod
    def initial_of(property: Property) -> dict[str, Any]:
        """What the fields of a property hold."""
        names = ("name", "type", "comune", "address", "rooms", "beds", "apartment", "send_on_check_in", "stars", "since",
                 "floors_m2", "listed_refuge", "lets_over_30_days", "cin", "regional_code", "gas")  # fmt: skip
        values = {name: getattr(property, name) for name in names}
        values["apartment"] = "" if property.apartment is None else str(property.apartment)
        credential = str(property.credential_id) if property.credential_id else ""
        return {**values, "business": "yes" if property.business else "no", "credential": credential}


REGIONAL_KINDS = {"puglia": ("cir", "cis"), "sardegna": ("cir", "iun")}
"""The codes that a region gives or gave; elsewhere it is the CIR."""


class PropertyEditForm(PropertyForm):
    """A property with its codes, its police credentials and, for a home let to tourists, the question about gas.

    ``warnings`` are what there is to look at in codes that are kept all the same.
    """

    cin = forms.CharField(
        label=says("property_form.cin"), help_text=says("property_form.cin_help"), max_length=40, required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    regional_code = forms.CharField(
        label=says("property_form.regional_code"), help_text=says("property_form.regional_help"), max_length=40, required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    gas = forms.ChoiceField(
        label=says("property_form.gas"), help_text=says("property_form.gas_help"), required=False, widget=forms.RadioSelect,
        choices=[
            ("yes", says("property_form.gas_yes")), ("no", says("property_form.gas_no")), ("", says("property_form.gas_unsaid")),
        ],
    )  # fmt: skip
    credential = forms.ChoiceField(label=says("property_form.credential"), required=False)
    apartment = forms.ChoiceField(
        label=says("property_form.apartment"), help_text=says("property_form.apartment_help"), required=False
    )
    send_on_check_in = forms.BooleanField(
        label=says("property_form.send_on_check_in"), help_text=says("property_form.send_help"), required=False
    )

    def __init__(self, *args: Any, credentials: list[PoliceCredential], flats: list[Apartment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []
        if (self.data.get("type") if self.is_bound else self.initial.get("type")) != "locazione_turistica":
            del self.fields["gas"]  # others follow rules of their own
        self.fields["credential"].choices = [("", says("property_form.no_credential"))]
        self.fields["credential"].choices += [(str(c.pk), c.label) for c in credentials]
        if flats:
            self.fields["apartment"].choices = flat_choices(flats, kwargs.get("initial"))
        else:
            del self.fields["apartment"]

    def clean_apartment(self) -> int | None:
        value = self.cleaned_data["apartment"]
        return int(value) if value else None  # "0" is an apartment

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        comune, region = self._place(told.get("comune"))
        if told.get("cin"):
            self._judge(told, "cin", "cin", comune)
        if told.get("regional_code"):
            looks = (shape_of(told["regional_code"]) or "")[:3].lower()
            kind = looks if looks in REGIONAL_KINDS.get(region or "", ()) else "cir"
            self._judge(told, "regional_code", kind, comune)
        return told

    @staticmethod
    def _place(comune: str | None) -> tuple[str | None, str | None]:
        """The comune as the codes know it, if they do, and its region if it is one whose codes are known."""
        try:
            return comune, region_of(comune_numbers(comune, in_force().places).number) if comune else None
        except codes.UnknownComune:  # newer than the ISTAT numbers we have: only the shape is judged
            return None, None

    def _judge(self, told: dict[str, Any], name: str, kind: str, comune: str | None) -> None:
        """Keep a code as it is written properly, or say why it cannot be one."""
        result = codes.check(kind, told[name], comune, tables=in_force().places)
        told[name] = result.normalised
        if not result.normalised:
            return  # blanks and hyphens only: nothing was given
        said = [f"{problem.message(language())} {problem.hint(language())}".strip() for problem in result.warnings]
        if result.usable:
            self.warnings += [f"{say('standing.cin' if name == 'cin' else 'standing.regional')}: {words}" for words in said]
        else:
            self.add_error(name, said)


def flat_choices(flats: list[Apartment], initial: Any = None) -> list[tuple[str, Any]]:
    """The flats as the portal lists them; one that it no longer lists stays choosable while it is chosen."""
    found = [("", says("property_form.no_apartment"))] + [(str(f.number), f"{f.number} – {f.description}") for f in flats]
    kept = str((initial or {}).get("apartment") or "")
    return found if not kept or any(kept == value for value, _ in found) else [*found, (kept, kept)]


class UnitForm(Form):
    """A room, flat or pitch."""

    name = forms.CharField(label=says("property_form.unit_name"), max_length=60)
    apartment = forms.ChoiceField(label=says("property_form.apartment"), required=False)

    def __init__(self, *args: Any, flats: list[Apartment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if flats:
            self.fields["apartment"].choices = flat_choices(flats, kwargs.get("initial"))
        else:
            del self.fields["apartment"]

    def clean_apartment(self) -> int | None:
        value = self.cleaned_data["apartment"]
        return int(value) if value else None


class CredentialForm(Form):
    """Police credentials. Empty secrets leave those that are kept."""

    status = forms.ChoiceField(label=says("credential_form.status"), widget=forms.RadioSelect)
    label = forms.CharField(
        label=says("credential_form.label"), help_text=says("credential_form.label_help"), max_length=120, required=False
    )
    category = forms.ChoiceField(label=says("credential_form.category"), widget=forms.RadioSelect, required=False)
    user = forms.CharField(
        label=says("credential_form.user"), help_text=says("credential_form.user_help"), max_length=60, required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(
        label=says("credential_form.password"), max_length=200, required=False, strip=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )  # fmt: skip
    wskey = forms.CharField(
        label="WSKEY", help_text=says("credential_form.wskey_help"), max_length=400, required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )  # fmt: skip

    def __init__(self, *args: Any, kept: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.fields["status"].choices = words_for("credential_status", PoliceCredential.Status.values)
        self.fields["category"].choices = words_for("credential_category", PoliceCredential.Category.values)
        if kept:
            for name in ("user", "password", "wskey"):
                self.fields[name].help_text = says("credential_form.keep")

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("status") != PoliceCredential.Status.ACTIVE:
            return told
        if not told.get("category"):
            self.add_error("category", say("credential_form.category_missing"))
        given = [name for name in ("user", "password", "wskey") if told.get(name)]
        if given or not self.kept:
            for name in ("user", "password", "wskey"):
                if not told.get(name):
                    self.add_error(name, say("credential_form.missing"))
        return told

    @property
    def keys(self) -> dict[str, str] | None:
        """The three secrets when they were given; None leaves those that are kept."""
        told = self.cleaned_data
        if told["status"] != PoliceCredential.Status.ACTIVE or not told.get("wskey"):
            return None
        return {"user": told["user"], "password": told["password"], "wskey": told["wskey"].strip()}


class PersonForm(Form):
    """Somebody who is let in."""

    full_name = forms.CharField(label=says("people.name"), max_length=150)
    email = forms.EmailField(label=says("people.email"), help_text=says("people.email_help"))
    role = forms.ChoiceField(label=says("people.role"), widget=forms.RadioSelect)
    properties = forms.MultipleChoiceField(
        label=says("people.properties"),
        help_text=says("people.properties_help"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, properties: list[Property], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = words_for("member_role", Membership.Role.values)
        self.fields["properties"].choices = [(str(one.pk), one.name) for one in properties]
        if len(properties) < 2:
            del self.fields["properties"]


class MeForm(Form):
    """One's own name and language; and how often one is reminded, for who owns or manages something."""

    full_name = forms.CharField(label=says("first.your_name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=says("me.language"), choices=[("it", "Italiano"), ("en", "English")], widget=forms.RadioSelect
    )
    reminders = forms.ChoiceField(label=says("me.reminders"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, reminded: bool, mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not reminded:
            del self.fields["reminders"]
            return
        self.fields["reminders"].choices = words_for("reminders", Person.Reminders.values)
        told = say("me.reminders_help")
        self.fields["reminders"].help_text = told if mail else f"{say('feeds.mail_off')} {told}"

    @staticmethod
    def initial_of(person: Person) -> dict[str, str]:
        return {"full_name": person.get_full_name(), "language": person.language, "reminders": person.reminders}
