"""The shape of a territory file, checked key by key (spec adempimenti 9; design, section 7: unknown keys are forbidden).

The only room of this floor that knows pydantic; it is imported when a file is read. ``docs/pack-schema.md`` is generated from
these models by ``scripts/build_pack_docs.py``. Nothing is required here but an ``id``: a child that changes an item writes only
the keys it changes, so what is missing is found after merging (``merging.missing_keys``).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from locanda.law.tourist_tax.schema import TouristTaxModel

__all__ = ["KINDS", "TerritoryFile"]

Text = Annotated[str, StringConstraints(min_length=1)]
Amount = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)?$")]
Duration = Annotated[str, StringConstraints(pattern=r"^P(\d+[YMD]|T\d+H)$")]
Ident = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Prefix = Annotated[str, StringConstraints(pattern=r"^(\d{6}|\d{0,5}\*)$")]
Status = Literal["law", "official", "press", "disputed", "unverified"]
Kind = Literal["elapsed", "after_period", "yearly", "before_event", "within", "at_event", "standing", "counter", "keep_until"]
Period = Literal["month", "quarter", "four_months", "half_year", "year"]
Event = Literal[
    "arrival", "departure", "movement", "first_arrival", "first_transmission", "first_payment", "cin_request",
    "class_decision", "availability_start", "start_without_regional_code", "form_signed", "closure_planned",
    "closing_days", "price_change",
    "regional_code_issued", "activity_start", "activity_end", "certificate_expiry", "listing_published", "apartments_let",
    "portal_receipt", "outage", "unit_added", "challenge_served", "order_served", "transmission_closed", "payment_due",
    "last_entry", "breach", "consent_withdrawn", "contract_end", "copy_made",
]  # fmt: skip
Trigger = Literal[
    "stay_long", "stay_short", "portal_unusable", "credentials_missing", "account_of_flats", "certificate_held",
    "tourist_tax", "threshold_exceeded", "guest_exempt", "guest_refuses", "period_without_guests", "days_without_guests",
    "non_eu_guest",
]  # fmt: skip


class Strict(BaseModel):
    """No unknown keys, no guessing of types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class WordsModel(Strict):
    it: Text = Field(description="in Italian")
    en: Text = Field(description="in English")


class TransitionModel(Strict):
    until: date = Field(description="events on or before this day")
    due: date = Field(description="have this day as their last")


class DeadlineModel(Strict):
    kind: Kind = Field(description="one of the closed list; a new kind needs code")
    event: Event | None = Field(None, description="what starts the clock (kinds with an event)")
    duration: Duration | None = Field(None, description="ISO 8601: `PT24H`, `P30D`, `P5Y`")
    short_duration: Duration | None = Field(None, description="instead of `duration` when the planned stay is 24 hours or less")
    period: Period | None = Field(None, description="what is reported (`after_period`)")
    day: Annotated[int, Field(ge=1, le=31)] | None = Field(None, description="day of the month")
    month: Annotated[int, Field(ge=1, le=12)] | None = Field(None, description="month of the year (`yearly`)")
    year_offset: Literal[-1, 0, 1] | None = Field(
        None, description="`yearly`: the year of the date, counted from the year reported"
    )
    roll: Literal["none", "civil", "tax"] | None = Field(None, description="weekend policy; left out = `none`")
    year_end: bool | None = Field(None, description="`keep_until`: to 31 December of the year reached")
    transition: TransitionModel | None = Field(None, description="another last day for early events")


class CounterModel(Strict):
    what: Literal["closing_days"] = Field(description="what is counted")
    period: Period = Field(description="within which period")
    at_least: Annotated[int, Field(ge=1)] = Field(description="the number to reach")


class ItemModel(Strict):
    id: Ident = Field(description="the name by which others refer to it; a child uses it again to change the item")
    status: Status | None = Field(None, description="what the sources are worth")
    sources: list[Text] | None = Field(None, description="where it was read, with the line when it is a document")
    valid_from: date | None = Field(None, description="first day it holds")
    valid_to: date | None = Field(None, description="last day it holds; left out = open")
    read_on: date | None = Field(None, description="when the sources were read; left out = the day of the file")
    notes: list[Ident] | None = Field(None, description="ids of `[[note]]`: what is not certain about it")
    off: bool | None = Field(None, description="`true` switches the parent's item off")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class ObligationModel(ItemModel):
    it: Text | None = Field(None, description="name in Italian")
    en: Text | None = Field(None, description="name in English")
    basis: Text | WordsModel | None = Field(
        None, description="law and article; a bare citation is the same in both languages"
    )
    applies: list[Ident] | None = Field(
        None, description="who is bound: groups and property types; the suffix `_np` means not a business, `_p` a business, "
        "`_listed` a mountain refuge on the regional list"
    )
    advised: list[Ident] | None = Field(None, description="who is only advised to do it, because the sources leave it open")
    disputed: list[Ident] | None = Field(
        None, description="of those bound, for whom the sources disagree: for them the status is `disputed`"
    )
    unless: list[Literal["listed_refuge", "lets_over_30_days"]] | None = Field(
        None, description="facts of a property that set it free; each is true of one type only (`rifugio`, `locazione_turistica`)"
    )
    bound: WordsModel | None = Field(None, description="who is bound, in words, where groups and types cannot say it")
    trigger: Trigger | None = Field(None, description="a condition beside the event")
    channel: Text | None = Field(None, description="id of a portal, or `PEC`, `desk`, `premises` and the like")
    evidence: list[Ident] | None = Field(None, description="what proof to keep")
    sanctions: list[Ident] | None = Field(None, description="ids of `[[sanction]]`")
    deadline: Annotated[list[DeadlineModel], BeforeValidator(_as_list)] | None = Field(
        None, description="when: one table, or a list of them where several dates count"
    )
    counter: CounterModel | None = Field(None, description="a number to reach")
    refines: Ident | None = Field(None, description="the wider duty that this one details; only this one is listed")
    set_by: Literal["region", "province", "comune"] | None = Field(
        None, description="no deadline here: the file of that level sets it"
    )
    informative: bool | None = Field(None, description="`true`: the operator has nothing to do, the screen tells it")
    remarks: WordsModel | None = Field(None, description="what else to know")


class SuspendedModel(Strict):
    from_: date = Field(alias="from", description="first day")
    to: date = Field(description="last day")
    sources: list[Text] = Field(description="where it was read")
    status: Status = Field(description="what the sources are worth")


class CureModel(Strict):
    within_days: Annotated[int, Field(ge=1)] = Field(description="days from the notice")
    amount: Amount = Field(description="the sum, in euro")
    pay_within_days: Annotated[int, Field(ge=1)] | None = Field(None, description="days to pay, from putting it right")


class DelayModel(Strict):
    from_: Annotated[int, Field(ge=1)] = Field(alias="from", description="from so many days late")
    to: Annotated[int, Field(ge=1)] | None = Field(None, description="to so many days late; left out = open")


class RevocationModel(Strict):
    suspensions: Annotated[int, Field(ge=1)] = Field(description="how many suspensions")
    months: Annotated[int, Field(ge=1)] = Field(description="within how many months")


class SanctionModel(ItemModel):
    it: Text | None = Field(None, description="the breach, in Italian")
    en: Text | None = Field(None, description="the breach, in English")
    basis: Text | WordsModel | None = Field(
        None, description="law and article; a bare citation is the same in both languages"
    )
    nature: Literal["administrative", "criminal", "tax_percent", "accessory"] | None = Field(None, description="of what kind")
    min: Amount | None = Field(None, description="lower end, in euro or percent; left out = not found")
    max: Amount | None = Field(None, description="upper end")
    unit: (
        Literal[
            "offence", "property", "violation", "month", "four_months", "advertised_activity", "tax_due", "tax_unpaid"
        ] | None
    ) = Field(None, description="per what")  # fmt: skip
    company_min: Amount | None = Field(None, description="lower end for companies and bodies")
    company_max: Amount | None = Field(None, description="upper end for companies and bodies")
    delay: DelayModel | None = Field(
        None, description="how late it must be for this sanction; of those of one duty with a `delay`, one alone applies"
    )
    late_days: int | None = Field(None, description="up to so many days late ...")
    late_percent: Amount | None = Field(None, description="... this percent instead")
    arrest_max_months: int | None = Field(None, description="arrest instead of the fine, at most")
    oblazione: Amount | None = Field(None, description="sum that ends a contravention, if the judge admits it")
    max_per_year: int | None = Field(None, description="at most so many a year")
    graded: Literal["size"] | None = Field(None, description="graded by the size of the property")
    repeat_factor: Annotated[int, Field(ge=1)] | None = Field(None, description="both ends times this on repetition; 1 = never")
    repeat_rule: Text | None = Field(None, description="article of the repetition")
    repeat_years: Annotated[int, Field(ge=1)] | None = Field(None, description="window of the repetition, in years")
    suspension_max_months: Annotated[int, Field(ge=1)] | None = Field(None, description="the activity may be suspended so long")
    suspension_from: Literal["serious_after_warning", "repeated_recidiva"] | None = Field(None, description="from which step")
    revoke_after: RevocationModel | None = Field(None, description="when the permit is lost")
    suspended: list[SuspendedModel] | None = Field(None, description="days whose breaches are not punished")
    warning_first: bool | None = Field(None, description="candidate for the warning of D.Lgs. 103/2024 art. 6")
    cure: CureModel | None = Field(None, description="a smaller sum for who puts it right")
    authority: Ident | None = Field(None, description="id of the `[[contact]]` that applies it, or a word for a court")
    remarks: WordsModel | None = Field(None, description="what else to know")


class ContactModel(ItemModel):
    office: Ident | None = Field(None, description="id of the office; left out = `id`")
    name: Text | None = Field(None, description="its name, as it calls itself")
    gloss: Text | None = Field(None, description="what it is, in English; shown in brackets after the name on English pages")
    duties: list[Text] | None = Field(None, description="ids of obligations, or beginnings with `*`")
    comuni: list[Prefix] | None = Field(None, description="ISTAT codes, or beginnings with `*`; left out = the whole territory")
    pec: Text | None = Field(None, description="certified mail; left out = not known")
    mail: Text | None = Field(None, description="plain mail")
    phone: Text | None = Field(None, description="telephone")
    fax: Text | None = Field(None, description="fax")
    hours: WordsModel | None = Field(None, description="when somebody answers")
    address: Text | None = Field(None, description="street address")
    url: Text | None = Field(None, description="page")
    portal: Ident | None = Field(None, description="id of the `[[portal]]` through which it is reached")
    subject: WordsModel | None = Field(None, description="what to write to it about")
    remarks: WordsModel | None = Field(None, description="what else to know")


class ParameterModel(ItemModel):
    it: Text | None = Field(None, description="what it is, in Italian")
    en: Text | None = Field(None, description="what it is, in English")
    value: bool | int | str | date | list[str] | None = Field(None, description="the value; amounts and rates are strings")


class PortalModel(ItemModel):
    name: Text | None = Field(None, description="its name")
    url: Text | None = Field(None, description="its address; left out = not found")
    purpose: WordsModel | None = Field(None, description="what for")
    login: WordsModel | None = Field(None, description="how one enters")


class DocumentModel(ItemModel):
    case: Literal[
        "request_form", "single_flat", "management", "accommodation", "add_unit", "closure", "password_reset"
    ] | None = Field(None, description="for which request; `request_form` goes before the papers of every new one")  # fmt: skip
    it: Text | None = Field(None, description="the paper, in Italian")
    en: Text | None = Field(None, description="the paper, in English")
    condition: WordsModel | None = Field(None, description="only when; left out = always")
    alternatives: list[Text] | None = Field(None, description="papers accepted in its place")


class InstructionModel(ItemModel):
    it: Text | None = Field(None, description="title in Italian")
    en: Text | None = Field(None, description="title in English")
    duties: list[Ident] | None = Field(None, description="ids of the obligations it helps with")
    offices: list[Ident] | None = Field(None, description="ids of the contacts it goes to")
    portal: Ident | None = Field(None, description="id of the portal it is about")
    steps: list[WordsModel] | None = Field(None, description="what to do or to write, in order")
    refused: list[WordsModel] | None = Field(None, description="what is not accepted")
    url: Text | None = Field(None, description="where to read more")


class KeepModel(ItemModel):
    it: Text | None = Field(None, description="the data, in Italian")
    en: Text | None = Field(None, description="the data, in English")
    basis: Text | WordsModel | None = Field(
        None, description="law and article; a bare citation is the same in both languages"
    )
    until: DeadlineModel | None = Field(None, description="how long")
    then: WordsModel | None = Field(None, description="what happens then")


class NoteModel(ItemModel):
    it: Text | None = Field(None, description="what the sources say and what holds, in Italian")
    en: Text | None = Field(None, description="the same in English")
    choice: WordsModel | None = Field(None, description="what was decided")


Mode = Literal["WS", "FILE", "SHEET", "NONE"]


class OtherSystemModel(Strict):
    format: Text = Field(description="name of the format")
    mode: list[Mode] = Field(description="what the product can do with it")
    who: WordsModel = Field(description="whom it is for")
    service: Text | None = Field(None, description="address of its web service")


class StatisticsModel(Strict):
    portal: Ident = Field(description="id of the `[[portal]]`")
    codes: Literal["police", "istat", "own", "unknown"] = Field(
        description="by which codes it knows places: those of the police, those of the C/59, or its own"
    )
    cadence: Literal["day", "ten_days", "week", "month", "unknown"] = Field(description="how often")
    mode: list[Mode] = Field(description="what the product can do (spec flussi-turistici 1)")
    format: Text | None = Field(None, description="name of the format; `c59` where the portal takes no file")
    service: Text | None = Field(None, description="address of its web service; such addresses move, so it is a setting")
    also: list[OtherSystemModel] = Field([], description="other systems that stand beside it")
    deadline: WordsModel = Field(description="the term, in words")
    duties: list[Ident] = Field([], description="ids of the obligations that are done once the portal has the days")
    confidence: Text = Field(description="the mark of the region table")
    status: Status = Field(description="what the sources are worth")
    sources: list[Text] = Field(description="where it was read")


class TerritoryModel(Strict):
    level: Literal["state", "region", "province", "comune"] = Field(description="place in the tree")
    name: Text = Field(description="official name")
    istat: Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{3}|\d{6})$")] | None = Field(
        None, description="2 digits for a region, 3 for a province, 6 for a comune"
    )
    istat_more: list[Annotated[str, StringConstraints(pattern=r"^(\d{3}|\d{6})$")]] | None = Field(
        None, description="other codes of the same place, older or newer"
    )
    belfiore: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{3}$")] | None = Field(None, description="cadastral code")
    iso: Annotated[str, StringConstraints(pattern=r"^IT(-\w{2})?$")] | None = Field(None, description="ISO 3166-2 code (regions)")
    plate: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = Field(None, description="letters of the province")
    read_on: date = Field(description="when the sources of this file were last read")
    remarks: WordsModel | None = Field(None, description="what this file knows and what it does not")
    groups: dict[str, list[str]] | None = Field(None, description="named lists of property types; only in the state's file")


class TerritoryFile(Strict):
    territory: TerritoryModel
    sources: dict[str, Text | WordsModel] = {}
    obligation: list[ObligationModel] = []
    sanction: list[SanctionModel] = []
    contact: list[ContactModel] = []
    parameter: list[ParameterModel] = []
    portal: list[PortalModel] = []
    document: list[DocumentModel] = []
    instruction: list[InstructionModel] = []
    keep: list[KeepModel] = []
    note: list[NoteModel] = []
    statistics: StatisticsModel | None = None
    tourist_tax: TouristTaxModel | None = None


KINDS: dict[str, type[ItemModel]] = {
    "obligation": ObligationModel, "sanction": SanctionModel, "contact": ContactModel, "parameter": ParameterModel,
    "portal": PortalModel, "document": DocumentModel, "instruction": InstructionModel, "keep": KeepModel, "note": NoteModel,
}  # fmt: skip
