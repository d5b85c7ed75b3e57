"""The one PDF that an office accepts: an index, then the scans in the order of the list (spec adempimenti 6.3).

PDF and pictures go in. ZIP, HTML and all else are refused, and so is what is broken or asks for a password: an incomplete or
unreadable file is not processed by the office, and nobody says so.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import NamedTuple

import typst
from pypdf import PageObject, PdfReader, PdfWriter

from locanda.core.problems import Problem
from locanda.letters.mail import PEC_LIMIT
from locanda.letters.uploads import PAGES_MAX, Scan, UnfitScan, called, quieted, scan_pages

__all__ = ["Scan", "Section", "SinglePdf", "WantedPaper", "single_pdf"]


class WantedPaper(NamedTuple):
    """A paper that the office asks for. Without ``applies`` its condition does not hold here, and it may be missing."""

    key: str
    it: str
    en: str = ""
    condition: str = ""
    applies: bool = True


class Section(NamedTuple):
    """Where a paper stands in the PDF: its first page, counted from 1, and how many."""

    title: str
    page: int
    pages: int


class SinglePdf(NamedTuple):
    """The PDF, what stands where, and what the sender should know."""

    content: bytes
    sections: tuple[Section, ...]
    pages: int
    notes: tuple[Problem, ...] = ()


def single_pdf(
    papers: Sequence[WantedPaper], scans: Sequence[Scan], *, title: str, facts: Sequence[tuple[str, str]], day: date
) -> tuple[SinglePdf | None, list[Problem]]:
    """Index and scans as one PDF, or all the problems at once. The same input gives the same bytes."""
    problems = _unmatched(papers, scans)
    notes: list[Problem] = []
    parts: dict[str, list[PageObject]] = {paper.key: [] for paper in papers}
    for index, scan in enumerate(scans):
        where = f"scans[{index}]"
        try:
            pages, remarks = scan_pages(scan, where)
            parts.get(scan.paper, []).extend(pages)
            notes += remarks
        except UnfitScan as unfit:
            problems.append(unfit.problem)
    total = sum(map(len, parts.values()))
    if total > PAGES_MAX:
        problems.append(Problem.of("letter.pdf.too_many_pages", "scans", limit=PAGES_MAX))
    if problems:
        return None, problems
    shown = [(paper, parts[paper.key]) for paper in papers if parts[paper.key]]
    first, sections = _index(shown, title=title, facts=facts, day=day)
    return _written(first, sections, [page for _, pages in shown for page in pages], title, tuple(notes)), []


def _unmatched(papers: Sequence[WantedPaper], scans: Sequence[Scan]) -> list[Problem]:
    keys = {paper.key for paper in papers}
    there = {scan.paper for scan in scans}
    found = [
        Problem.of("letter.paper.missing", f"papers[{index}]", paper=paper.it)
        for index, paper in enumerate(papers)
        if paper.applies and paper.key not in there
    ]
    found += [
        Problem.of("letter.scan.unasked", f"scans[{index}]", name=called(scan))
        for index, scan in enumerate(scans)
        if scan.paper not in keys
    ]
    return found


def _index(
    shown: Sequence[tuple[WantedPaper, list[PageObject]]], *, title: str, facts: Sequence[tuple[str, str]], day: date
) -> tuple[bytes, tuple[Section, ...]]:
    """The first page. It is set twice when it grows longer than one, for then every number behind it moves."""
    length = 1
    while True:
        sections, page = [], length + 1
        for paper, pages in shown:
            sections.append(Section(paper.it, page, len(pages)))
            page += len(pages)
        data = {
            "title": title,
            "day": f"{day:%d/%m/%Y}",
            "facts": [[label, value] for label, value in facts if value],
            "rows": [[section.title, str(section.page), str(section.pages)] for section in sections],
            "total": str(page - 1),
        }
        template = (files("locanda.letters") / "index.typ").read_bytes()
        noon = int(datetime.combine(day, time(12), UTC).timestamp())
        pdf: bytes = typst.compile(  # type: ignore[assignment,unused-ignore]
            template,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")},
            ignore_system_fonts=True,
            timestamp=noon,
        )
        count = len(PdfReader(io.BytesIO(pdf)).pages)
        if count <= length:
            return pdf, tuple(sections)
        length = count


def _written(
    index: bytes, sections: tuple[Section, ...], pages: Iterable[PageObject], title: str, notes: tuple[Problem, ...]
) -> SinglePdf:
    writer = PdfWriter()
    for page in (*PdfReader(io.BytesIO(index)).pages, *pages):
        added = writer.add_page(page)
        quieted(added)
    for section in sections:
        writer.add_outline_item(title=section.title, page_number=section.page - 1)
    writer.add_metadata({"/Title": title, "/Producer": "Locanda"})
    writer.compress_identical_objects(remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    content = out.getvalue()
    if len(content) * 4 > PEC_LIMIT * 3:  # base64 makes four bytes of three
        notes = (*notes, Problem.of("letter.pdf.heavy", "scans", megabytes=f"{len(content) / 1e6:.0f}"))
    return SinglePdf(content, sections, len(writer.pages), notes)
