"""All papers of a year in one PDF, kept as it was made; its mail, the sheet on top, and that it was sent (spec imposta 3.5).

The file is a declaration of its own that holds its papers: they are prepared with it, and sent with it in one act.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from pypdf import PdfReader

from locanda import papers
from locanda.archive.models import Account, Person, TaxDeclaration
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.authorities import Office, office_for
from locanda.letters.mail import Letter
from locanda.letters.uploads import Scan
from locanda.office import duty_marks
from locanda.office.tax import declarations
from locanda.office.tax.explained import TO_EXPLAIN
from locanda.office.tax.operators import comune_on_paper, operator_on_paper
from locanda.office.tax.payers import Payer
from locanda.office.yearly_file import FilePart, YearlyFile, yearly_file, yearly_letter

__all__ = ["FORM", "WAYS", "Whole", "cover", "file_of", "keep", "letter_of", "office_of", "parts_of", "sent", "whole"]

FORM = "yearly_file"
"""What the file is called among the declarations."""

_FORMS = ("modello_2", "modello_21", "presence_summary")
WAYS = ("desk", "registered_post", "fax")
_CONTEXT = "tax declaration"


class Whole(NamedTuple):
    """The PDF and its mail."""

    file: YearlyFile
    letter: Letter


def file_of(account: Account, payer: Payer, year: int) -> TaxDeclaration | None:
    """The file as it was kept last."""
    return next(iter(declarations.declarations_of(account, payer, FORM, year)), None)


def parts_of(row: TaxDeclaration) -> list[TaxDeclaration]:
    """The papers that a file holds, in its order."""
    idents = declarations.data_of(row)["papers"]
    rows = {str(one.pk): one for one in TaxDeclaration.objects.of(row.account).filter(pk__in=idents).select_related("account")}
    return [rows[ident] for ident in idents if ident in rows]


def office_of(payer: Payer, year: int, on: date) -> Office | None:
    """The office of the comune for its yearly declaration, from the packs; never guessed."""
    duty = declarations.obligation_of(payer, "modello_2", year)
    return office_for(duty, payer.comune, on, rules=payer.chain) if duty else None


def whole(
    account: Account, payer: Payer, year: int, reports: Sequence[Scan], *, on: date, more: Mapping[str, Any], draft: bool
) -> tuple[Whole | None, list[Problem]]:
    """Modello 2, Modello 21, the summary and the uploaded report as one file; or every problem at once."""
    read: list[Any] = []
    found: list[Problem] = []
    for form in _FORMS:
        made = declarations.draft(account, payer, form, year, on=on, more=_typed(form, more), reading=draft)
        data, unfit = papers.read(form, made.data)
        if draft and data is None:  # a draft says where a reason is still to be given
            data, unfit = papers.read(form, {**made.data, "difference_reason": TO_EXPLAIN})
        found += unfit if draft else made.problems
        read.append(data)
    if found or None in read:
        return None, list(dict.fromkeys(found))
    file, wrong = yearly_file(*read, reports, day=on, draft=draft)
    if file is None:
        return None, wrong
    office = office_of(payer, year, on)
    address = office.pec if office is not None and office.verified else None
    return Whole(file, yearly_letter(file, read[0], to=address, day=on)), []


def _typed(form: str, more: Mapping[str, Any]) -> Mapping[str, Any]:
    return more if form in declarations.SIGNED else {}


def keep(
    account: Account, payer: Payer, year: int, reports: Sequence[Scan], *, now: datetime, person: Person | None,
    more: Mapping[str, Any],
) -> tuple[TaxDeclaration | None, list[Problem]]:  # fmt: skip
    """Prepare the papers and the file that joins them; a file that was not sent is replaced."""
    made, problems = whole(account, payer, year, reports, on=rome_day(now), more=more, draft=False)
    if made is None:
        return None, problems
    earlier = declarations.declarations_of(account, payer, FORM, year)
    content = made.file.content
    with transaction.atomic():
        held = []
        for form in _FORMS:
            paper, problems = declarations.prepare(
                account, payer, form, year, now=now, person=person, more=_typed(form, more)
            )
            if paper is None:
                transaction.set_rollback(True)
                return None, problems
            held.append(paper)
        parts = [list(part) for part in made.file.parts]
        told = {"papers": [str(one.pk) for one in held], "parts": parts, "pages": made.file.pages}
        row = TaxDeclaration(
            account=account, property=payer.properties[0], comune=payer.comune, form=FORM, period=str(year),
            replaces=earlier[0] if earlier else None, sealed_data=Vault(account).seal(told, _CONTEXT),
            sealed_pdf=Vault(account).seal_bytes(content, _CONTEXT), sha256=hashlib.sha256(content).hexdigest(),
            prepared_at=now, prepared_by=person, keep_until=held[0].keep_until,
        )  # fmt: skip
        declarations.put_in_place(row, earlier, now=now, person=person)
    return row, []


def letter_of(row: TaxDeclaration, payer: Payer, *, on: date) -> Letter:
    """The certified mail with the bytes that were kept; without a verified address it has no recipient."""
    told = declarations.data_of(row)
    parts = tuple(FilePart(*part) for part in told["parts"])
    file = YearlyFile(declarations.content(row), parts, told["pages"], (), draft=False)
    declared, found = papers.read("modello_2", declarations.data_of(parts_of(row)[0]))
    if declared is None:
        raise papers.Unprintable("; ".join(problem.code for problem in found))
    office = office_of(payer, int(row.period), on)
    address = office.pec if office is not None and office.verified else None
    return yearly_letter(file, declared, to=address, day=on)


def sent(
    row: TaxDeclaration, payer: Payer, *, channel: str, protocol: str, now: datetime, person: Person | None,
    sent_at: datetime | None = None, files: Sequence[duty_marks.File] = (),
) -> list[Problem]:  # fmt: skip
    """The file went to the comune, and every paper in it: one act, one protocol, the same proofs."""
    held = parts_of(row)
    if any(one.state == TaxDeclaration.State.REPLACED for one in held):
        return [Problem("tax.declaration.file_old", "form")]
    told = {"channel": channel, "protocol": protocol, "now": now, "person": person, "sent_at": sent_at, "files": files}
    with transaction.atomic():
        for one in [*(one for one in held if one.state == TaxDeclaration.State.PREPARED), row]:
            problems = declarations.sent(one, payer, **told)
            if problems:
                transaction.set_rollback(True)
                return problems
    return []


def cover(account: Account, payer: Payer, year: int, way: str, *, on: date) -> tuple[bytes, list[Problem]]:
    """The sheet on top of the papers that were prepared, for the desk, registered post or fax."""
    attached = _attached(account, payer, year)
    if not attached:
        return b"", [Problem("tax.declaration.none", "attached")]
    operator, found = operator_on_paper(payer.properties[0])
    office = office_of(payer, year, on)
    data: dict[str, Any] = {
        "comune": comune_on_paper(payer.properties[0]), "way": way, "operator": operator,
        "subject": f"Imposta di soggiorno: dichiarazione annuale e conto della gestione {year}", "attached": attached,
    }  # fmt: skip
    if office is not None:
        data |= {key: value for key in ("address", "fax") if (value := getattr(office.contact, key))}
    read, wrong = papers.read("cover", data)
    if found or read is None:
        return b"", [*found, *wrong]
    return papers.write("cover", read, on=on), []


def _attached(account: Account, payer: Payer, year: int) -> list[dict[str, Any]]:
    """The parts of the file where there is one, the report among them; else the papers that were prepared."""
    file = file_of(account, payer, year)
    if file is not None:
        return [{"title": title, "pages": pages} for title, _, pages in declarations.data_of(file)["parts"]]
    kept = [row for form in _FORMS for row in declarations.declarations_of(account, payer, form, year)[:1]]
    return [{"title": papers.form(row.form).title["it"], "pages": _pages(row)} for row in kept]


def _pages(row: TaxDeclaration) -> int:
    return len(PdfReader(io.BytesIO(declarations.content(row))).pages)
