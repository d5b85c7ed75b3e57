"""Which office for which duty and comune (spec adempimenti 6).

The office depends on the duty: in the province of Barletta-Andria-Trani credentials go to the office whose list holds the
comune, notifications and the replacement form to the Questura. A PEC that no official page vouches for is shown as not verified;
one that is not known is None, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from locanda import places
from locanda.law.holidays import Local, patron_saint
from locanda.law.packs import Chain, Contact, Instruction, PaperNeeded, Words, chain

__all__ = [
    "CASES_OF", "Authority", "Guidance", "Office", "authority", "comune_code", "guidance", "local_holidays", "office_for",
    "town_hall_closed",
]  # fmt: skip


class Office(NamedTuple):
    """An office, and how it is reached."""

    id: str
    name: str
    pec: str | None
    verified: bool
    contact: Contact


class Guidance(NamedTuple):
    """A rule or an advice of an authority, in words."""

    id: str
    title: Words
    steps: tuple[Words, ...]
    refused: tuple[Words, ...]
    sources: tuple[str, ...]
    status: str


class Authority(NamedTuple):
    """The answer to "where does this duty go": office, others that help, papers by case, rules."""

    office: Office | None
    others: tuple[Office, ...]
    documents: tuple[PaperNeeded, ...]
    rules: tuple[Guidance, ...]


CASES_OF: Mapping[str, tuple[str, ...]] = {
    "IT-PS-04": ("single_flat", "management", "accommodation"),
    "IT-PS-07": ("add_unit",),
    "IT-PS-08": ("closure",),
}
"""Which lists of papers belong to a duty, or to the local duty that refines it."""


def office_for(duty: str, comune: str, on: date, *, rules: Chain | None = None) -> Office | None:
    """The office of a duty in a comune (ISTAT code) on a day; None where no pack names one."""
    found = (rules or chain(comune)).contacts(duty, on)
    return _office(found[0]) if found else None


def authority(duty: str, comune: str, on: date, *, rules: Chain | None = None) -> Authority:
    """The office of a duty, with the papers and the rules that go with it."""
    rules = rules or chain(comune)
    obligation = rules.obligation(duty, on)
    wider = obligation.refines if obligation else None
    offices = tuple(map(_office, _that_help(rules.contacts(duty, on))))
    cases = CASES_OF.get(duty) or CASES_OF.get(wider or "", ())
    papers = tuple(paper for case in cases for paper in rules.documents(case, on))
    return Authority(offices[0] if offices else None, offices[1:], papers, guidance(duty, on, rules))


def guidance(duty: str, on: date, rules: Chain) -> tuple[Guidance, ...]:
    """What the authorities ask in words about a duty and about the wider one that it details."""
    obligation = rules.obligation(duty, on)
    names = [duty, obligation.refines] if obligation and obligation.refines else [duty]
    found: dict[str, Instruction] = {entry.id: entry for name in names for entry in rules.instructions(name, on)}
    return tuple(
        Guidance(entry.id, Words(entry.it, entry.en), entry.steps, entry.refused, entry.sources, entry.status)
        for entry in found.values()
    )


def town_hall_closed(rules: Chain, day: date) -> bool:
    """Whether the patron saint closes the desks of the comune that day. It moves no term: it is only worth a warning."""
    feasts = rules.versions("parameter", "patron-saint")
    return any(feast.in_force(day) and patron_saint(str(feast.value), day.year) == day for feast in feasts)


def local_holidays(rules: Chain) -> Local:
    """The holidays of the place that move a term."""
    parameter = next(iter(rules.versions("parameter", "comune-holidays")), None)
    days = parameter.value if parameter else ()
    return frozenset((int(day[:2]), int(day[3:])) for day in days)


def comune_code(token: str, on: date) -> str | places.Unresolved:
    """The ISTAT code of a comune given in any of the forms of ``interfaces.md``. Six digits are taken as they are: codes of
    before and after a reform of the provinces are both in use."""
    if len(token) == 6 and token.isascii() and token.isdecimal():
        return token
    found = places.builtin().comune(token, on)
    if isinstance(found, places.Unresolved):
        return found
    return found.istat or places.Unresolved("unknown", token, (found,))


def _that_help(contacts: Sequence[Contact]) -> list[Contact]:
    """The nearest office, and others that can be reached too; what a wider territory only names, the nearest one stands for."""
    near = contacts[0].territory if contacts else ""
    return [one for one in contacts if one.territory == near or one.pec or one.mail or one.phone]


def _office(contact: Contact) -> Office:
    return Office(contact.office, contact.name, contact.pec, contact.verified, contact)
