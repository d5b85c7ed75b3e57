"""``locanda authority show``: to whom a duty goes, with which papers and rules, without a database (``interfaces.md``)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from locanda.cli.json_door import language_option, print_json
from locanda.core.time import rome_day
from locanda.law.authorities import Authority, Guidance, Office, comune_code
from locanda.law.authorities import authority as find_authority
from locanda.law.packs import PaperNeeded, UnknownTerritory, Words, chain
from locanda.places import Unresolved

__all__ = ["authority", "authority_json"]


@click.group()
def authority() -> None:
    """Gli uffici e le loro regole. | Offices and their rules."""


@authority.command()
@click.option("--comune", required=True, metavar="ISTAT", help="Comune della struttura. | Comune of the property.")
@language_option
@click.argument("duty", metavar="DUTY")
def show(duty: str, comune: str, language: str) -> int:
    """Mostra a quale ufficio va un adempimento. | Show to which office a duty goes."""
    today = rome_day(datetime.now(UTC))
    code = comune_code(comune, today)
    try:
        rules = None if isinstance(code, Unresolved) else chain(code)
    except UnknownTerritory:
        rules = None
    if rules is None:
        raise click.UsageError(f"{comune}: nessun comune ha questo codice | no comune has this code")
    if not rules.versions("obligation", duty):
        raise click.UsageError(f"{duty}: nessun adempimento ha questo codice | no duty has this id here")
    print_json(authority_json(find_authority(duty, rules.comune, today, rules=rules), language))
    return 0


def authority_json(found: Authority, language: str = "it") -> dict[str, Any]:
    """An authority as ``interfaces.md`` shows it; a PEC nobody vouches for is not verified, one not known is null."""
    office = found.office
    told: dict[str, Any] = {
        **(_office(office, language) if office else {"office": None, "name": None, "pec": None, "verified": False}),
        "documents": [_paper(paper, language) for paper in found.documents],
        "rules": [line for rule in found.rules for line in _lines(rule, language)],
    }
    if office is not None:
        told |= {"status": office.contact.status, "sources": list(office.contact.sources)}
    if found.others:
        told["others"] = [_office(other, language) for other in found.others]
    return told


def _office(office: Office, language: str) -> dict[str, Any]:
    """An office with every way in which it is reached; a way that is not known is left out, but for the PEC. The name is the
    office's own; in English ``gloss`` says what it is."""
    contact = office.contact
    ways = {"mail": contact.mail, "phone": contact.phone, "fax": contact.fax, "address": contact.address, "url": contact.url}
    words = {"hours": contact.hours, "subject": contact.subject, "remarks": contact.remarks}
    return {
        "office": office.id, "name": office.name, "pec": office.pec, "verified": office.verified,
        **({"gloss": contact.gloss} if language == "en" and contact.gloss else {}),
        **{key: value for key, value in ways.items() if value},
        **{key: _say(value, language) for key, value in words.items() if value},
    }  # fmt: skip


def _paper(paper: PaperNeeded, language: str) -> dict[str, Any]:
    return {
        "case": paper.case, "document": paper.it if language == "it" else paper.en,
        "condition": _say(paper.condition, language) if paper.condition else None, "alternatives": list(paper.alternatives),
        "status": paper.status,
    }  # fmt: skip


def _lines(rule: Guidance, language: str) -> list[str]:
    refused = "Non accettato" if language == "it" else "Not accepted"
    return [
        *(_say(step, language) for step in rule.steps), *(f"{refused}: {_say(entry, language)}" for entry in rule.refused)
    ]  # fmt: skip


def _say(words: Words, language: str) -> str:
    return words.it if language == "it" else words.en
