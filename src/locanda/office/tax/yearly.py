"""All papers of a year in one PDF, the mail that takes them to the comune, the sheet that goes on top (spec imposta 3.5)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pypdf import PdfReader

from locanda import papers
from locanda.archive.models import Account, TaxDeclaration
from locanda.core.problems import Problem
from locanda.law.authorities import Office, office_for
from locanda.letters.mail import Letter
from locanda.letters.uploads import Scan
from locanda.office.tax import declarations
from locanda.office.tax.operators import comune_on_paper, operator_on_paper
from locanda.office.tax.payers import Payer
from locanda.office.yearly_file import YearlyFile, yearly_file, yearly_letter

__all__ = ["WAYS", "Whole", "cover", "office_of", "whole"]

_FORMS = ("modello_2", "modello_21", "presence_summary")
WAYS = ("desk", "registered_post", "fax")


class Whole(NamedTuple):
    """The PDF and its mail."""

    file: YearlyFile
    letter: Letter


def office_of(payer: Payer, year: int, on: date) -> Office | None:
    """The office of the comune for its yearly declaration, from the packs; never guessed."""
    duty = declarations.obligation_of(payer, "modello_2", year)
    return office_for(duty, payer.comune, on, rules=payer.chain) if duty else None


def whole(
    account: Account, payer: Payer, year: int, reports: Sequence[Scan], *, on: date, more: Mapping[str, Any], draft: bool
) -> tuple[Whole | None, list[Problem]]:
    """Modello 2, Modello 21, the summary and the uploaded report as one file; or every problem at once."""
    read, found = [], []
    for form in _FORMS:
        made = declarations.draft(account, payer, form, year, on=on, more=more if form in declarations.SIGNED else None)
        found += made.problems
        data, _ = papers.read(form, made.data)
        read.append(data)
    if found or None in read:
        return None, list(dict.fromkeys(found))
    file, wrong = yearly_file(*read, reports, day=on, draft=draft)  # type: ignore[arg-type]
    if file is None:
        return None, wrong
    office = office_of(payer, year, on)
    address = office.pec if office is not None and office.verified else None
    return Whole(file, yearly_letter(file, read[0], to=address, day=on)), []  # type: ignore[arg-type]


def cover(account: Account, payer: Payer, year: int, way: str, *, on: date) -> tuple[bytes, list[Problem]]:
    """The sheet on top of the papers that were prepared, for the desk, registered post or fax."""
    kept = [row for form in _FORMS for row in declarations.declarations_of(account, payer, form, year)[:1]]
    if not kept:
        return b"", [Problem("tax.declaration.none", "attached")]
    operator, found = operator_on_paper(payer.properties[0])
    office = office_of(payer, year, on)
    data: dict[str, Any] = {
        "comune": comune_on_paper(payer.properties[0]), "way": way, "operator": operator,
        "subject": f"Imposta di soggiorno: dichiarazione annuale e conto della gestione {year}",
        "attached": [{"title": papers.form(row.form).title["it"], "pages": _pages(row)} for row in kept],
    }  # fmt: skip
    if office is not None:
        data |= {key: value for key in ("address", "fax") if (value := getattr(office.contact, key))}
    read, wrong = papers.read("cover", data)
    if found or read is None:
        return b"", [*found, *wrong]
    return papers.write("cover", read, on=on), []


def _pages(row: TaxDeclaration) -> int:
    return len(PdfReader(io.BytesIO(declarations.content(row))).pages)
