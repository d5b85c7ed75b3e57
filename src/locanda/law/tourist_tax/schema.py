"""The shape of a ``[tourist_tax]`` section, checked key by key (spec imposta-di-soggiorno 6.1).

The same keys serve a territory file and the inline ``rules`` of ``locanda tax compute``, where days are text. Imported only when
a file is read: nothing else of this room knows pydantic.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from locanda.core.shapes import GUEST_STATUSES
from locanda.core.stays import PROPERTY_TYPES

__all__ = ["SCHEMA", "TouristTaxModel"]

SCHEMA = "tourist-tax-rules/1"

_COMPARISON = r"^((>=|<=|>|<|=)?\d{1,6}|\d{1,6}\.\.\d{1,6})$"
_DAY = r"\d{4}-\d{2}-\d{2}"
Item = TypeVar("Item")
Listed = Annotated[list[Item], Field(min_length=1)]
Text = Annotated[str, StringConstraints(min_length=1)]
Amount = Annotated[str, StringConstraints(pattern=r"^\d{1,6}(\.\d{1,6})?$")]
Ident = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Comparison = Annotated[str, StringConstraints(pattern=_COMPARISON)]
DayComparison = Annotated[str, StringConstraints(pattern=rf"^((>=|<=|>|<|=)?{_DAY}|{_DAY}\.\.{_DAY})$")]
Number = int | Comparison | Listed[int]
Status = Literal["law", "official", "press", "disputed", "unverified"]
PropertyType = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(PROPERTY_TYPES)})$")]
GuestStatus = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(GUEST_STATUSES)})$")]
GroupKind = Literal["agency", "school", "youth", "sport"]
Month = Annotated[int, Field(ge=1, le=12)]
Basis = Literal["person", "room", "unit"]


class Strict(BaseModel):
    """No unknown keys, no guessing of types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SayingModel(Strict):
    it: Text = Field(description="in Italian, a whole sentence")
    en: Text = Field(description="in English")


class SpanModel(Strict):
    from_: MonthDay = Field(alias="from", description="first day, month and day; a span may run across New Year")
    to: MonthDay = Field(description="last day, included")


class WhenModel(Strict):
    any: Literal[True] | None = Field(None, description="always; stands alone")
    type: PropertyType | Listed[PropertyType] | None = Field(None, description="property type")
    business: bool | None = Field(None, description="run as a business")
    stars: Number | None = Field(None, description="stars; a property without any matches no comparison")
    suns: Number | None = Field(None, description="suns, sunflowers or flowers")
    superior: bool | None = Field(None, description="superior (4★S)")
    category: str | int | Listed[str | int] | None = Field(None, description="the comune's own category of the property")
    cadastral_category: Text | Listed[Text] | None = Field(None, description="cadastral category, such as `A/2`")
    zone: str | int | Listed[str | int] | None = Field(None, description="zone of the comune")
    let_as: Literal["rooms", "whole"] | None = Field(None, description="let by rooms or as a whole")
    season: Text | Listed[Text] | None = Field(None, description="a name of `seasons`")
    channel: Text | Listed[Text] | None = Field(None, description="the stay's channel; a stay without one is `direct`")
    price_basis: Basis | Listed[Basis] | None = Field(None, description="what the stay's price is per")
    age: Number | None = Field(None, description="age in whole years, on the day of `age_reference`")
    status: GuestStatus | Listed[GuestStatus] | None = Field(None, description="a word of the guest's `status` list")
    group: GroupKind | Listed[GroupKind] | None = Field(None, description="kind of the stay's group")
    participants: Number | None = Field(None, description="size of the stay's group")
    child_order: Number | None = Field(None, description="place among the minor children of the family, the eldest first")
    with_parents: bool | None = Field(None, description="an adult of the family sleeps there the same night")
    months: Month | Comparison | Listed[Month] | None = Field(None, description="months of the night")
    booked_on: DayComparison | None = Field(None, description="day of booking, compared: `<2024-05-01`")
    nights_of_stay: Number | None = Field(None, description="nights of the whole stay")


class BracketModel(Strict):
    up_to: Amount | None = Field(None, description="up to this price, included")
    below: Amount | None = Field(None, description="below this price; for bands such as 31–70.99 write `71.00`")
    amount: Amount = Field(description="euro per person and night; the last bracket has no upper end")


class BasisModel(Strict):
    per: Literal["person", "room", "unit", "unit_per_declared_room"] = Field(description="what the price is divided by")
    vat: Literal["included", "excluded"] | None = Field(None, description="with or without VAT; left out = as it comes")
    breakfast: Literal["included", "excluded"] | None = Field(None, description="with or without breakfast")
    extras: Literal["included", "excluded"] | None = Field(None, description="with or without other services")


class RateModel(Strict):
    when: WhenModel | None = Field(None, description="for whom; left out = always. The first row that matches wins")
    fixed: Amount | None = Field(None, description="euro per person and night")
    per_star: Amount | None = Field(None, description="euro for each star, per person and night")
    plus: Amount | None = Field(None, description="added to `per_star`")
    brackets: list[BracketModel] | None = Field(None, description="amounts by price, increasing")
    percent: Amount | None = Field(None, description="percent of the price of a room and night")
    ceiling_per_person: Amount | None = Field(None, description="with `percent`: at most so many euro per person and night")
    amounts: dict[Ident, Amount] | None = Field(None, description="`full`, and the published reduced amounts by name")
    price: BasisModel | None = Field(None, description="with `brackets` and `percent`: which price is meant")
    unknown: Literal[True] | None = Field(None, description="the amount was not found: the calculation refuses and says so")
    why: SayingModel | None = Field(None, description="with `unknown`: what is not clear, in the words the refusal uses")


class QuotaModel(Strict):
    per: Literal["participants", "patient", "disabled_person"] = Field(description="counted against what")
    every: Annotated[int, Field(ge=1)] | None = Field(None, description="`participants`: one share for every so many")
    max_each: Annotated[int, Field(ge=1)] | None = Field(None, description="`participants`: how many a share; left out = 1")
    max: Annotated[int, Field(ge=1)] | None = Field(None, description="how many for each patient or disabled person")
    rounding: Literal["floor", "ceil"] | None = Field(None, description="of the shares; left out = `floor`")


class PaperModel(Strict):
    form: Ident = Field(description="the form or paper, as in the guest's `documents_held`")
    required: bool = Field(description="whether the exemption is lost without it")


class ExemptionModel(Strict):
    code: Ident = Field(description="name under which the nights are counted and declared")
    when: WhenModel = Field(description="for whom")
    quota: QuotaModel | None = Field(None, description="how many of them")
    document: PaperModel | None = Field(None, description="the paper that proves it")


class ReductionModel(Strict):
    code: Ident = Field(description="name under which the nights are counted")
    when: WhenModel = Field(description="for whom, or when")
    use: Ident | None = Field(None, description="a name of the row's `amounts`")
    percent_off: Amount | None = Field(None, description="so many percent less")
    fixed: Amount | None = Field(None, description="this amount instead")
    quota: QuotaModel | None = Field(None, description="how many of them")
    document: PaperModel | None = Field(None, description="the paper that proves it")


class CapModel(Strict):
    when: WhenModel | None = Field(None, description="for whom; left out = always. The first row that matches wins")
    nights: Annotated[int, Field(ge=0)] | None = Field(None, description="taxed nights at most; not with `none`")
    window: Literal["stay", "run", "calendar_month", "calendar_quarter", "calendar_year", "none"] = Field(
        description="within what"
    )
    carry_over: bool | None = Field(None, description="calendar windows: whether earlier stays of the window count")
    scope: Literal["structure", "operator", "comune"] | None = Field(
        None, description="whose nights count; left out = `structure`; `comune` counts `outside_nights` too"
    )
    counts: Literal["taxed", "slept"] | None = Field(None, description="which nights count; left out = `taxed`")
    also: Literal[True] | None = Field(None, description="holds beside the row that matches first, instead of after it")


class DoubtModel(Strict):
    when: WhenModel = Field(description="where it matters")
    it: Text = Field(description="what is not clear, and what was chosen: a whole sentence, shown with the amount")
    en: Text = Field(description="the same in English")


class OwnModel(Strict):
    note: Text = Field(description="why")
    made_by: Text = Field(description="who")
    made_on: date = Field(description="when")


class TaxpayerModel(Strict):
    residents: Literal["taxed", "excluded", "exempt"] = Field(
        description="residents pay, are not declared at all, or are declared as exempt"
    )


class RoundingModel(Strict):
    scope: Literal["night"] = Field("night", description="every night by itself")
    step: Amount = Field("0.01", description="to multiples of this")
    mode: Literal["half_up", "down", "up"] = Field("half_up", description="how")


class IntermediaryModel(Strict):
    channels: list[Text] = Field(description="channels of stays whose tax somebody else collects")
    collected_by: Literal["operator", "intermediary", "portal"] | None = Field(
        None, description="who collects on those channels; left out = `intermediary`, and `portal` says the same"
    )


class VersionModel(Strict):
    id: Ident = Field(description="its name; never used twice")
    valid_from: date | None = Field(None, description="first night; left out = since ever")
    valid_to: date | None = Field(None, description="last night, included; left out = open")
    applies_to_bookings_from: date | None = Field(None, description="stays booked before keep the version before")
    status: Status | None = Field(None, description="what the sources are worth")
    sources: list[Text] | None = Field(None, description="where it was read")
    retrieved: date | None = Field(None, description="when it was read")
    taxpayer: TaxpayerModel | None = Field(None, description="what residents do; left out = taxed")
    periods: list[SpanModel] | None = Field(None, description="months with the tax; left out = all year")
    seasons: dict[Ident, list[SpanModel]] | None = Field(None, description="names used by `season`")
    age_reference: Literal["night", "arrival", "departure"] | None = Field(None, description="left out = `night`")
    rates: list[RateModel] = Field([], description="the amounts; no row that matches = refused, never zero")
    cap: list[CapModel] = Field([], description="limits of nights")
    exemptions: list[ExemptionModel] = Field([], description="who does not pay; the first that holds")
    reductions: list[ReductionModel] = Field([], description="who pays less")
    combine: Literal["multiply", "best", "sum"] | None = Field(None, description="several reductions; left out = `multiply`")
    rounding: RoundingModel | None = Field(None, description="left out = each night, half up to the cent")
    refused: Literal["due", "deducted"] | None = Field(None, description="nights whose guest refuses to pay; left out = `due`")
    intermediary: IntermediaryModel | None = Field(None, description="stays whose tax a portal collects")
    unknown: list[Literal["cap", "children", "exemptions"]] | None = Field(
        None, description="what no source read tells: the calculation asks to check it wherever it matters"
    )
    doubts: list[DoubtModel] = Field([], description="what the sources leave open: told wherever its condition holds")
    notes: list[Ident] | None = Field(None, description="ids of `[[note]]`: disagreements that touch it")
    own: list[OwnModel] = Field([], description="changes that the operator made, never in a pack of ours")


class RemittanceModel(Strict):
    obligation: Ident = Field(description="id of the `[[obligation]]` with period and deadline")
    portal: Ident | None = Field(None, description="id of the `[[portal]]`")
    basis: Literal["collected", "night"] | None = Field(
        None, description="which period a stay belongs to; left out = `collected`"
    )
    channels: list[Ident] | None = Field(None, description="ways to pay")


class MunicipalModel(Strict):
    obligation: Ident = Field(description="id of the `[[obligation]]`")
    form: Ident | None = Field(None, description="the form")
    zero_required: bool | None = Field(None, description="also when nothing is due")
    attach: list[Ident] | None = Field(None, description="what goes with it")


class RefusalModel(Strict):
    obligation: Ident = Field(description="id of the `[[obligation]]`")
    forms: list[Ident] | None = Field(None, description="the forms")


class DeclarationsModel(Strict):
    municipal: list[MunicipalModel] = Field([], description="returns to the comune")
    refusal: RefusalModel | None = Field(None, description="what a refusal asks for")


class TouristTaxModel(Strict):
    schema_: Literal["tourist-tax-rules/1"] | None = Field(None, alias="schema", description=f"`{SCHEMA}`")
    versions: Listed[VersionModel] = Field(description="the rule through time")
    remittance: RemittanceModel | None = Field(None, description="paying over")
    declarations: DeclarationsModel | None = Field(None, description="what is declared")
