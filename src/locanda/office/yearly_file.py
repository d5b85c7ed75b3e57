"""The yearly file for a comune that wants all of it together, such as Monopoli (spec imposta 3.5; MO-IDS-05, MO-IDS-06).

One PDF: Modello 2, Modello 21, our summary of presences, the SPOT report as the operator downloaded it; and the mail that takes
it to the comune. It is joined here because papers print and letters judge what was uploaded, and neither knows the other. The
report is compulsory: without it there is only a draft, marked BOZZA on every page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from pypdf import PageObject, PdfReader, PdfWriter

from locanda import papers
from locanda.core.problems import Problem
from locanda.letters.cover import cover_text
from locanda.letters.mail import PEC_LIMIT, Attachment, Letter, file_name
from locanda.letters.uploads import Scan, UnfitScan, quieted, scan_pages
from locanda.papers.modello_2 import YearlyDeclaration
from locanda.papers.modello_21 import AgentAccount
from locanda.papers.presence_summary import PresenceSummary
from locanda.papers.typesetting import typeset
from locanda.papers.values import money_text

__all__ = ["FilePart", "YearlyFile", "yearly_file", "yearly_letter"]

REPORT = "Report delle presenze SPOT"
# an upload has pages of any size: the mark is made to measure
_MARK = b"""#let size = json(bytes(sys.inputs.data))
#set document(title: "BOZZA")
#set page(width: size.width * 1pt, height: size.height * 1pt, margin: 0pt, fill: none)
#set text(lang: "it", font: "Libertinus Serif")
#align(center + horizon, rotate(-32deg, text(size: size.width * 0.2pt, weight: "bold", fill: luma(190), "BOZZA")))
"""


class FilePart(NamedTuple):
    """A part of the file: its title, its first page counted from 1, how many."""

    title: str
    page: int
    pages: int


class YearlyFile(NamedTuple):
    """The PDF, what stands where, what to know. A draft is not to be filed."""

    content: bytes
    parts: tuple[FilePart, ...]
    pages: int
    notes: tuple[Problem, ...]
    draft: bool


def yearly_file(
    declaration: YearlyDeclaration,
    account: AgentAccount,
    summary: PresenceSummary,
    reports: Sequence[Scan],
    *,
    day: date,
    draft: bool = False,
) -> tuple[YearlyFile | None, list[Problem]]:
    """Everything in one PDF with bookmarks, or all the problems at once. The same input gives the same bytes."""
    problems = list(_unlike(declaration, account, summary))
    uploaded: list[PageObject] = []
    notes: list[Problem] = []
    for index, report in enumerate(reports):
        try:
            pages, remarks = scan_pages(report, f"reports[{index}]")
            uploaded += pages
            notes += remarks
        except UnfitScan as unfit:
            problems.append(unfit.problem)
    if not reports:
        (notes if draft else problems).append(Problem("yearly.report.missing", "reports"))
    if problems:
        return None, problems
    made = [
        ("Modello 2", "modello_2", declaration), ("Modello 21", "modello_21", account),
        ("Riepilogo delle presenze", "presence_summary", summary),
    ]  # fmt: skip
    parts = []
    for title, form_id, data in made:
        printed = papers.write(form_id, data, on=day, draft=draft)
        parts.append((title, list(PdfReader(io.BytesIO(printed)).pages)))
        notes += [note._replace(where=f"{form_id}.{note.where}") for note in papers.notes(form_id, data, on=day)]
    if uploaded:
        parts.append((REPORT, uploaded))
    notes.append(Problem("yearly.file.sign", ""))
    return _joined(parts, f"Imposta di soggiorno {declaration.year}", notes, day, draft=draft), []


def yearly_letter(made: YearlyFile, declaration: YearlyDeclaration, *, to: str | None, day: date) -> Letter:
    """The certified mail that takes the file to the comune; without a verified address, the operator fills it in."""
    operator, year = declaration.operator, declaration.year
    names = ", ".join(entry.property.name for entry in declaration.properties)
    office = declaration.comune.office
    subject = f"Imposta di soggiorno: dichiarazione annuale e conto della gestione {year} - {names}"
    text = cover_text(
        office=f"Comune di {declaration.comune.name}" + (f", {office}" if office else ""),
        paragraphs=[
            f"{operator.name} trasmette la dichiarazione annuale dell'imposta di soggiorno e il conto della gestione "
            f"(modello 21) dell'anno {year}, con il report delle presenze."
        ],
        facts=[("Gestore", operator.name), ("Codice fiscale", operator.tax_code or ""), ("Strutture", names)],
        attached=[f"{part.title} (pag. {part.page})" for part in made.parts],
        attached_intro=f"In allegato un unico file PDF di {made.pages} pagine, che contiene:",
        signature=[operator.representative or operator.name, operator.name if operator.representative else ""],
        day=day,
    )
    name = file_name(f"imposta-soggiorno-{year}-{names}.pdf")
    return Letter(
        subject=("BOZZA - " if made.draft else "") + subject, text=text, to=(to,) if to and not made.draft else (),
        sender=operator.pec, attachments=(Attachment(name, made.content),),
    )  # fmt: skip


def _unlike(declaration: YearlyDeclaration, account: AgentAccount, summary: PresenceSummary) -> Iterator[Problem]:
    """What the three say of the same thing is the same."""
    for where, paper in (("account", account), ("summary", summary)):
        if paper.year != declaration.year:
            yield Problem.of("yearly.year.differs", f"{where}.year", year=paper.year, expected=declaration.year)
        if paper.comune.name.casefold() != declaration.comune.name.casefold():
            yield Problem.of("yearly.comune.differs", f"{where}.comune", name=paper.comune.name, expected=declaration.comune.name)
    if account.paid != declaration.paid:
        facts = {"account": money_text(account.paid), "declaration": money_text(declaration.paid)}
        yield Problem.of("yearly.paid.differs", "account", **facts)
    declared = sum(row.presences for entry in declaration.properties for row in entry.periods)
    counted = sum(row.presences for entry in summary.properties for row in entry.months)
    if declared != counted:
        yield Problem.of("yearly.presences.differ", "summary", declared=declared, counted=counted)


def _mark(page: PageObject, day: date) -> None:
    size = {"width": float(page.mediabox.width), "height": float(page.mediabox.height)}
    mark = PdfReader(io.BytesIO(typeset(_MARK, size, on=day))).pages[0]
    page.merge_page(mark)


def _joined(
    parts: Sequence[tuple[str, Sequence[PageObject]]], title: str, notes: Sequence[Problem], day: date, *, draft: bool
) -> YearlyFile:
    writer = PdfWriter()
    told = []
    for name, pages in parts:
        told.append(FilePart(name, len(writer.pages) + 1, len(pages)))
        for page in pages:
            added = writer.add_page(page)
            quieted(added)
            if draft and name == REPORT:  # the others were printed as drafts
                _mark(added, day)
    for part in told:
        writer.add_outline_item(title=part.title, page_number=part.page - 1)
    writer.add_metadata({"/Title": f"BOZZA - {title}" if draft else title, "/Producer": "Locanda"})
    writer.compress_identical_objects(remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    content = out.getvalue()
    if len(content) * 4 > PEC_LIMIT * 3:  # base64 makes four bytes of three
        notes = [*notes, Problem.of("letter.pdf.heavy", "reports", megabytes=f"{len(content) / 1e6:.0f}")]
    return YearlyFile(content, tuple(told), len(writer.pages), tuple(notes), draft)
