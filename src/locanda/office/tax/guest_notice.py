"""The notice of the tax that hangs in a property: the rule in force, in six languages (spec imposta 3.5, MO-IDS-02)."""

from __future__ import annotations

from datetime import date
from typing import Any

from locanda import papers
from locanda.archive.models import Property
from locanda.core.problems import Problem
from locanda.law.remitting.ledger import euro
from locanda.law.tourist_tax import TaxNotice, notice
from locanda.law.tourist_tax.notice import NoticeLine
from locanda.office.duty_facts import core_property
from locanda.office.overrides import rules_of
from locanda.office.tax.operators import comune_on_paper, property_on_paper, read_operator
from locanda.office.tax.rules import TaxRules
from locanda.papers.presences import exempt_words
from locanda.papers.tax_notice import reduced_words

__all__ = ["FORM", "LANGUAGES", "notice_data", "notice_pdf"]

FORM = "tax_notice"
LANGUAGES = ("it", "en", "de", "fr", "es", "ru")
PENALTY = {
    "it": "A chi non paga si applicano le sanzioni del regolamento del comune; l'importo si chiede al comune.",
    "en": "Those who do not pay are liable to the penalties of the comune's regulation; ask the comune for their amount.",
    "de": "Wer nicht zahlt, wird nach der Satzung der Gemeinde bestraft; die Höhe nennt die Gemeinde.",
    "fr": "Le non-paiement est puni selon le règlement de la commune ; le montant est à demander à la commune.",
    "es": "A quien no paga se aplican las sanciones del reglamento del municipio; el importe se pregunta al municipio.",
    "ru": "К неплательщикам применяются санкции по регламенту муниципалитета; их размер уточняйте в муниципалитете.",
}
"""That there are penalties the comune's page says, not how much they are (spec imposta 3.6): no amount is invented."""


def notice_data(property: Property, on: date) -> tuple[dict[str, Any] | None, TaxNotice | None]:
    """What the form prints, and the notice it was made from; None where no rule is known or no amount can be told."""
    rule = TaxRules(property.account_id).of(property)
    told = notice(rule.tax, core_property(property), on, chain=rules_of(property, on)) if rule is not None else None
    if rule is None or told is None or not any(_tellable(line) for line in told.rates):
        return None, told
    contact = read_operator(property.operator)
    data: dict[str, Any] = {
        "comune": comune_on_paper(property), "property": property_on_paper(property),
        "rates": [_rate(line, told) for line in told.rates if _tellable(line)],
        "cap": _cap(rule.tax.version(on)), "exemptions": [_exemption(line, rule.tax.version(on)) for line in told.exemptions],
        "reductions": [_reduction(line) for line in told.reductions],
        "verified": told.status in ("law", "official"), "sanction": PENALTY,
    }  # fmt: skip
    said = ", ".join(contact[key] for key in ("name", "phone") if contact.get(key))
    return data | ({"contact": said} if said else {}), told


def notice_pdf(property: Property, language: str, on: date) -> tuple[bytes, list[Problem], list[Problem]]:
    """The page, why there is none, and what to look at before it is hung up."""
    data, _ = notice_data(property, on)
    if data is None:
        return b"", [Problem.of("tax.notice.unknown", "property.comune", property=property.name)], []
    read, found = papers.read(FORM, data)
    if read is None:
        return b"", found, []
    return papers.write(FORM, read, language=language, on=on), [], papers.notes(FORM, read, on=on)


def _tellable(line: NoticeLine) -> bool:
    return line.amount is not None or line.percent is not None


def _rate(line: NoticeLine, told: TaxNotice) -> dict[str, Any]:
    rate: dict[str, Any] = {"first_night": told.first.isoformat()}
    if line.percent is not None:
        rate["percent"] = line.percent
        if line.ceiling is not None:
            rate["ceiling"] = euro(line.ceiling)
    elif line.amount is not None:
        rate["amount"] = euro(line.amount)
    if told.last.year < 9000:
        rate["last_night"] = told.last.isoformat()
    words = [*([line.band] if line.band is not None else []), *line.only]
    if words:
        rate["what"] = {tongue: ", ".join(getattr(one, tongue) for one in words) for tongue in ("it", "en")}
    return rate


def _cap(version: Any) -> dict[str, Any]:
    cap = next((one for one in version.caps if one.nights is not None), None)
    return {"window": "none"} if cap is None else {"window": cap.window, "nights": cap.nights}


def _exemption(line: NoticeLine, version: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"code": line.code, "signed": line.paper_required}
    row = next(row for row in version.exemptions if row.code == line.code)
    ages = [one.high + 1 for one in row.when if one.key == "age" and one.high is not None]
    if ages and "{age}" in exempt_words().get(line.code, {"it": ""})["it"]:
        told["age"] = ages[0]
    if line.paper in papers.catalogue():
        told["paper"] = papers.form(line.paper).number or line.paper
    if line.code not in exempt_words() or ("{age}" in exempt_words()[line.code]["it"] and not ages):
        told["text"] = {tongue: getattr(line.says, tongue) for tongue in ("it", "en")}
    return told


def _reduction(line: NoticeLine) -> dict[str, Any]:
    """Who pays less and how much; in the rule's own words where the words of the form would leave a condition out."""
    told: dict[str, Any] = {"code": line.code, "signed": line.paper_required}
    ages = [one for one in line.when if one.key == "age" and one.words is None]
    if ages:
        told |= {key: value for key, value in (("from_age", ages[0].low), ("to_age", ages[0].high)) if value is not None}
    if line.percent is not None:
        told["percent_off"] = line.percent
    if line.amount is not None:
        told["amount"] = euro(line.amount)
    if line.paper in papers.catalogue():
        told["paper"] = papers.form(line.paper).number or line.paper
    words = reduced_words().get(line.code)
    asked = {one.key for one in line.when if one not in ages}
    if words is None or not asked <= set(words["tells"]):
        rest = line.only[1:]  # the first says how much less, which is printed apart
        told["text"] = {
            tongue: ", ".join([getattr(line.says, tongue), *(getattr(one, tongue) for one in rest)]) for tongue in ("it", "en")
        }
    return told
