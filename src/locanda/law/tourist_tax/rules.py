"""What a ``[tourist_tax]`` section says, as frozen values (spec imposta-di-soggiorno 6).

Amounts are exact fractions of a cent until a night is rounded; days are inclusive at both ends; conditions are kept key by key,
so that the calculation can ask only for the facts that its rules read.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

__all__ = [
    "CALENDAR_WINDOWS", "Bracket", "Cap", "Condition", "Declaration", "Doubt", "Exemption", "Intermediary", "OwnMark",
    "PaperRule", "PriceBasis", "Quota", "Rate", "Reduction", "Remittance", "Rounding", "Saying", "TaxVersion", "TouristTax",
    "YearSpan",
]  # fmt: skip

CALENDAR_WINDOWS = ("calendar_month", "calendar_quarter", "calendar_year")


class Condition(NamedTuple):
    """One key of ``when``: one of some words, or a number or day between two ends, both included."""

    key: str
    words: frozenset[object] | None = None
    low: int | None = None
    high: int | None = None

    def holds(self, value: object) -> bool:
        """Whether a fact fulfils it; an absent fact fulfils nothing. Days are compared as ordinals."""
        if value is None:
            return False
        if self.words is not None:
            return value in self.words
        assert isinstance(value, int)
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


class YearSpan(NamedTuple):
    """Days of every year, from month and day to month and day, both included; it may run across New Year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


class Bracket(NamedTuple):
    """A band of prices, in cents: up to ``top``, that price itself with ``closed``; the last has no top."""

    top: Fraction | None
    closed: bool
    amount: Fraction

    def holds(self, price: Fraction) -> bool:
        return self.top is None or price < self.top or (self.closed and price == self.top)


class PriceBasis(NamedTuple):
    """Which price a rule means."""

    per: str
    vat: str | None = None
    breakfast: str | None = None


class Saying(NamedTuple):
    """A sentence of a pack, in both languages."""

    it: str
    en: str


class Doubt(NamedTuple):
    """What the sources leave open, told wherever its condition holds."""

    when: tuple[Condition, ...]
    text: Saying

    @property
    def personal(self) -> bool:
        """Whether it is about one guest rather than the stay."""
        return any(condition.key in ("age", "status", "child_order", "with_parents") for condition in self.when)


class OwnMark(NamedTuple):
    """That a version was changed by the operator: why, by whom, when."""

    note: str
    made_by: str
    made_on: date


class Rate(NamedTuple):
    """A row of amounts, in cents. ``kind``: ``fixed``, ``per_star``, ``brackets``, ``percent``, ``amounts`` or ``unknown``."""

    row: int
    when: tuple[Condition, ...]
    kind: str
    amount: Fraction
    plus: Fraction = Fraction(0)
    brackets: tuple[Bracket, ...] = ()
    ceiling: Fraction | None = None
    named: tuple[tuple[str, Fraction], ...] = ()
    price: PriceBasis | None = None
    why: Saying | None = None

    @property
    def priced(self) -> bool:
        """Whether the amount hangs on the price of the stay."""
        return self.kind in ("brackets", "percent")


class Quota(NamedTuple):
    """How many people an exemption takes in."""

    per: str
    every: int
    each: int
    up: bool = False

    def allowed(self, participants: int) -> int:
        """How many for that many participants, or for one patient or disabled person."""
        if self.per != "participants":
            return self.each
        return (-(-participants // self.every) if self.up else participants // self.every) * self.each


class PaperRule(NamedTuple):
    """The paper that proves an exemption."""

    form: str
    required: bool


class Exemption(NamedTuple):
    """Who does not pay, under which name, how many of them, with which paper."""

    code: str
    when: tuple[Condition, ...]
    quota: Quota | None = None
    paper: PaperRule | None = None


class Reduction(NamedTuple):
    """Who pays less: a published amount by name, a part taken off, or another amount."""

    code: str
    when: tuple[Condition, ...]
    use: str | None = None
    off: Fraction | None = None
    fixed: Fraction | None = None
    quota: Quota | None = None
    paper: PaperRule | None = None


class Cap(NamedTuple):
    """How many nights are taxed at most, within which window. ``nights`` None: no limit.

    ``also``: it holds beside the first row that matches (two limits at once).
    """

    when: tuple[Condition, ...]
    nights: int | None
    window: str
    carry_over: bool
    scope: str
    counts: str
    also: bool = False


class Rounding(NamedTuple):
    """Every night to a multiple of ``step`` cents."""

    step: Fraction = Fraction(1)
    mode: str = "half_up"

    def cents(self, amount: Fraction) -> int:
        """The amount rounded, in whole cents."""
        steps = amount / self.step
        if self.mode == "half_up":
            whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
        elif self.mode == "up":
            whole = -(-steps.numerator // steps.denominator)
        else:
            whole = steps.numerator // steps.denominator
        return int(whole * self.step)


class Intermediary(NamedTuple):
    """Channels whose tax somebody else collects."""

    channels: frozenset[str] = frozenset()
    collects: bool = False


class TaxVersion(NamedTuple):
    """The rule between two nights, both included."""

    id: str
    first: date
    last: date
    bookings_from: date | None
    status: str
    sources: tuple[str, ...]
    read_on: date | None
    residents: str
    periods: tuple[YearSpan, ...]
    seasons: tuple[tuple[str, tuple[YearSpan, ...]], ...]
    age_reference: str
    rates: tuple[Rate, ...]
    caps: tuple[Cap, ...]
    exemptions: tuple[Exemption, ...]
    reductions: tuple[Reduction, ...]
    combine: str
    rounding: Rounding
    refused: str
    intermediary: Intermediary
    unknown: tuple[str, ...]
    notes: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()
    own: tuple[OwnMark, ...] = ()

    def holds(self, night: date) -> bool:
        return self.first <= night <= self.last


class Remittance(NamedTuple):
    """How the tax is paid over; the deadline stands in the obligation of that id."""

    obligation: str
    portal: str | None
    basis: str
    channels: tuple[str, ...]


class Declaration(NamedTuple):
    """A return to the comune, or the papers of a refusal; the deadline stands in the obligation of that id."""

    kind: str
    obligation: str
    forms: tuple[str, ...]
    zero_required: bool
    attach: tuple[str, ...]


class TouristTax(NamedTuple):
    """The tax of one comune through time. ``territory`` is the path of its pack, or ``inline``."""

    territory: str
    versions: tuple[TaxVersion, ...]
    remittance: Remittance | None
    declarations: tuple[Declaration, ...]

    def version(self, night: date) -> TaxVersion | None:
        """The version that holds on a night, whatever the day of booking."""
        return next((version for version in self.versions if version.holds(night)), None)

    def named(self, ident: str) -> TaxVersion | None:
        """The version of that id, which receipts and ledgers keep."""
        return next((version for version in self.versions if version.id == ident), None)
