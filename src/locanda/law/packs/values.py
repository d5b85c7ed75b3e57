"""What a pack says, as frozen values (spec adempimenti 9; the words of the files are in ``docs/pack-schema.md``).

Every item carries where it comes from: its sources, their worth (``status``), the days it holds (``valid_from`` to ``valid_to``,
last day included), and its ``provenance``, the chain of files and local changes that made it what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

__all__ = [
    "STATUSES", "Contact", "Counter", "Cure", "Deadline", "Delay", "Instruction", "Item", "Keep", "Note", "Obligation",
    "OtherSystem", "PaperNeeded", "Parameter", "PortalEntry", "Revocation", "Sanction", "Statistics", "Step", "Suspended",
    "Words",
]  # fmt: skip

STATUSES = ("law", "official", "press", "disputed", "unverified")
"""From the most to the least certain (spec adempimenti 0.4)."""


class Words(NamedTuple):
    """The same sentence in Italian and English."""

    it: str
    en: str

    def said(self, language: str) -> str:
        """The sentence in a language: English for ``en``, else Italian."""
        return self.en if language == "en" else self.it


class Step(NamedTuple):
    """One hand that made an item: the file and line, or the operator with a day and a reason; and the keys it set."""

    file: str
    line: int
    keys: tuple[str, ...]
    on: date | None = None
    note: str = ""

    @property
    def local(self) -> bool:
        """Whether the operator did it, and not a pack."""
        return self.file == "operator"


@dataclass(frozen=True, slots=True)
class Item:
    """What all items share."""

    id: str
    status: str
    sources: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    notes: tuple[str, ...]
    read_on: date | None
    territory: str
    provenance: tuple[Step, ...]

    def in_force(self, on: date) -> bool:
        """Whether it holds on that day; the last day is included."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Deadline(NamedTuple):
    """When something falls due (spec adempimenti 0.3). Which fields count depends on ``kind``.

    ``short_duration`` takes the place of ``duration`` when the planned stay is 24 hours or less. ``transition_until`` and
    ``transition_due``: for events on or before the first day, the second is the last day.
    """

    kind: str
    event: str | None = None
    duration: str | None = None
    short_duration: str | None = None
    period: str | None = None
    day: int | None = None
    month: int | None = None
    year_offset: int = 0
    roll: str = "none"
    year_end: bool = False
    transition_until: date | None = None
    transition_due: date | None = None


class Counter(NamedTuple):
    """A number to be reached within a period: 90 closing days in the year."""

    what: str
    period: str
    at_least: int


@dataclass(frozen=True, slots=True)
class Obligation(Item):
    """One duty. ``deadlines`` is empty when ``set_by`` says who fixes it, or when ``informative`` (nothing to do)."""

    it: str
    en: str
    basis: Words
    applies: tuple[str, ...]
    advised: tuple[str, ...]
    disputed: tuple[str, ...]
    unless: tuple[str, ...]
    trigger: str | None
    channel: str
    evidence: tuple[str, ...]
    sanctions: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    counter: Counter | None
    refines: str | None
    set_by: str | None
    informative: bool
    bound: Words | None
    remarks: Words | None

    @property
    def deadline(self) -> Deadline | None:
        """The first deadline; most duties have just one."""
        return self.deadlines[0] if self.deadlines else None


class Suspended(NamedTuple):
    """Months (their days) whose breaches are not punished."""

    from_: date
    to: date
    sources: tuple[str, ...]
    status: str


class Cure(NamedTuple):
    """A smaller sum for who puts things right soon after the notice."""

    within_days: int
    amount: Decimal
    pay_within_days: int | None


class Delay(NamedTuple):
    """How many days late a duty must be for a sanction: of those of one duty that say so, one alone applies."""

    from_: int
    to: int | None

    def holds(self, days: int) -> bool:
        """Whether so many days late falls under it."""
        return self.from_ <= days and (self.to is None or days <= self.to)


class Revocation(NamedTuple):
    """So many suspensions within so many months cost the permit."""

    suspensions: int
    months: int


@dataclass(frozen=True, slots=True)
class Sanction(Item):
    """What a breach costs. Amounts in euro, or percent of the tax when ``nature`` is ``tax_percent``; None = not found."""

    it: str
    en: str
    basis: Words
    nature: str
    min: Decimal | None
    max: Decimal | None
    unit: str | None
    company_min: Decimal | None
    company_max: Decimal | None
    delay: Delay | None
    late_days: int | None
    late_percent: Decimal | None
    arrest_max_months: int | None
    oblazione: Decimal | None
    max_per_year: int | None
    graded: str | None
    repeat_factor: int | None
    repeat_rule: str | None
    repeat_years: int | None
    suspension_max_months: int | None
    suspension_from: str | None
    revoke_after: Revocation | None
    suspended: tuple[Suspended, ...]
    warning_first: bool
    cure: Cure | None
    authority: str | None
    remarks: Words | None


@dataclass(frozen=True, slots=True)
class Contact(Item):
    """An office: for which duties and comuni, and how it is reached. ``gloss``: what it is, in English, for who cannot read its
    name. ``pec`` None: not known, never guessed."""

    office: str
    name: str
    gloss: str | None
    duties: tuple[str, ...]
    comuni: tuple[str, ...]
    pec: str | None
    mail: str | None
    phone: str | None
    fax: str | None
    hours: Words | None
    address: str | None
    url: str | None
    portal: str | None
    subject: Words | None
    remarks: Words | None

    def covers(self, istat: str) -> bool:
        """Whether the comune is this office's: a whole code, or a beginning with ``*``. None named: all of the territory."""
        return not self.comuni or any(
            istat.startswith(code[:-1]) if code.endswith("*") else istat == code for code in self.comuni
        )

    @property
    def verified(self) -> bool:
        """Whether the PEC is there and vouched for by an office or a law."""
        return self.pec is not None and self.status in ("law", "official")


@dataclass(frozen=True, slots=True)
class Parameter(Item):
    """A dated number, day, word or list."""

    value: Decimal | int | bool | str | date | tuple[str, ...] | None
    it: str
    en: str


@dataclass(frozen=True, slots=True)
class PortalEntry(Item):
    """Where something is typed or sent."""

    name: str
    url: str | None
    purpose: Words
    login: Words


@dataclass(frozen=True, slots=True)
class PaperNeeded(Item):
    """A paper to attach to a request, and when."""

    case: str
    order: int
    it: str
    en: str
    condition: Words | None
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instruction(Item):
    """What an authority asks in words: steps to follow, what a message must contain, what is refused."""

    it: str
    en: str
    duties: tuple[str, ...]
    offices: tuple[str, ...]
    portal: str | None
    steps: tuple[Words, ...]
    refused: tuple[Words, ...]
    url: str | None


@dataclass(frozen=True, slots=True)
class Keep(Item):
    """How long a kind of data may be kept, and what then."""

    it: str
    en: str
    basis: Words
    until: Deadline
    then: Words


@dataclass(frozen=True, slots=True)
class Note(Item):
    """Where sources differ: what they say, what holds, what was chosen. Items name it in ``notes``."""

    it: str
    en: str
    choice: Words


class OtherSystem(NamedTuple):
    """A system beside the first: Liguria has two (spec flussi-turistici 9.1)."""

    format: str
    mode: tuple[str, ...]
    who: Words
    service: str | None


class Statistics(NamedTuple):
    """How visitor flows reach the region (spec flussi-turistici 10)."""

    portal: str
    codes: str
    cadence: str
    mode: tuple[str, ...]
    format: str | None
    deadline: Words
    confidence: str
    status: str
    sources: tuple[str, ...]
    territory: str
    service: str | None = None
    also: tuple[OtherSystem, ...] = ()
    duties: tuple[str, ...] = ()
    """Obligations that are done once the portal has the days."""


