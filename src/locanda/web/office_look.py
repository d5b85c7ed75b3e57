"""How an office is shown: every way in which the packs know it to be reached, and what else it says (spec adempimenti 6)."""

from __future__ import annotations

from typing import NamedTuple

from locanda.law.packs import Contact
from locanda.web.duty_look import glossed, two
from locanda.web.words import say

__all__ = ["OfficeSeen", "office_name", "office_seen"]


class OfficeSeen(NamedTuple):
    """An office in the language of the page: its facts with their labels, its page, what to know. ``no_pec``: look it up."""

    name: str
    facts: tuple[tuple[str, str], ...]
    url: str
    about: str
    remarks: str
    no_pec: bool


def office_name(contact: Contact) -> str:
    """As the office calls itself; in English with what that means in brackets."""
    return glossed(contact.name, contact.gloss)


def office_seen(contact: Contact) -> OfficeSeen:
    """What is not known is not there; a PEC that nobody vouches for says so."""
    pec = contact.pec or ""
    if pec and not contact.verified:
        pec = f"{pec} ({say('duty.pec_unverified')})"
    told = {
        "duty.pec": pec, "duty.mail": contact.mail, "duty.phone": contact.phone,
        "duty.hours": two(contact.hours) if contact.hours else "", "duty.fax": contact.fax, "duty.address": contact.address,
    }  # fmt: skip
    return OfficeSeen(
        office_name(contact), tuple((say(label), text) for label, text in told.items() if text), contact.url or "",
        two(contact.subject) if contact.subject else "", two(contact.remarks) if contact.remarks else "", not contact.pec,
    )  # fmt: skip
