"""The one PDF that an office accepts: an index, then the scans in the order of the list (spec adempimenti 6.3).

PDF, JPEG and PNG go in. ZIP, HTML and all else are refused, and so is what is broken or asks for a password: an incomplete or
unreadable file is not processed by the office, and nobody says so.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import NamedTuple

import typst
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import DependencyError

from locanda.core.problems import Problem
from locanda.letters.mail import PEC_LIMIT
from locanda.letters.pictures import NotAPicture, Picture, page_of, read_jpeg, read_png

__all__ = ["Scan", "Section", "SinglePdf", "WantedPaper", "kind_of", "single_pdf"]

logging.getLogger("pypdf").setLevel(logging.ERROR)  # its remarks quote the file

PAGES_MAX = 300
_A4 = (595.276, 841.89)
_LONGEST = 1200.0  # the long side of A3, and a little; larger pages come from scanners that count one dot a point
_SIGNS = (
    (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"PK\x03\x04", "ZIP"), (b"PK\x05\x06", "ZIP"),
    (b"Rar!", "ZIP"), (b"7z\xbc\xaf", "ZIP"), (b"\x1f\x8b", "ZIP"), (b"GIF8", "GIF"), (b"BM", "BMP"), (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"), (b"RIFF", "WEBP"), (b"\xd0\xcf\x11\xe0", "Word"), (b"{\\rtf", "RTF"),
)  # fmt: skip
_PICTURES: dict[str, Callable[[bytes], Picture]] = {"jpeg": read_jpeg, "png": read_png}


class WantedPaper(NamedTuple):
    """A paper that the office asks for. Without ``applies`` its condition does not hold here, and it may be missing."""

    key: str
    it: str
    en: str = ""
    condition: str = ""
    applies: bool = True


class Scan(NamedTuple):
    """An uploaded file, and which paper it shows. A paper may have several: front and back."""

    paper: str
    content: bytes
    name: str = ""


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


class _Unfit(Exception):
    """A scan that cannot go in, as a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def kind_of(content: bytes) -> str:
    """``pdf``, ``jpeg``, ``png``, or the name of what it is instead; by its bytes, never by its name."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content[4:8] == b"ftyp":
        return "HEIC" if content[8:12] in {b"heic", b"heix", b"mif1", b"hevc", b"heim", b"msf1", b"avif"} else "video"
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            return kind
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        return "HTML"
    if content[:2] == b"\x30\x82" or content.startswith(b"-----BEGIN"):
        return "P7M"
    return "testo" if content and b"\x00" not in content[:4096] and _is_text(content[:4096]) else "file"


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
            pages, remarks = _pages(scan, where)
            parts.get(scan.paper, []).extend(pages)
            notes += remarks
        except _Unfit as unfit:
            problems.append(unfit.problem)
    total = sum(map(len, parts.values()))
    if total > PAGES_MAX:
        problems.append(Problem.of("letter.pdf.too_many_pages", "scans", pages=total, limit=PAGES_MAX))
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
        Problem.of("letter.scan.unasked", f"scans[{index}]", name=_called(scan))
        for index, scan in enumerate(scans)
        if scan.paper not in keys
    ]
    return found


def _pages(scan: Scan, where: str) -> tuple[list[PageObject], list[Problem]]:
    if not scan.content:
        raise _Unfit(Problem.of("letter.scan.empty", where, name=_called(scan)))
    kind = kind_of(scan.content)
    if kind in _PICTURES:
        try:
            pdf = page_of(_PICTURES[kind](scan.content))
        except NotAPicture as fault:
            code = "letter.scan.too_large" if fault.args == ("too_large",) else "letter.scan.broken"
            raise _Unfit(Problem.of(code, where, name=_called(scan))) from None
        return list(PdfReader(io.BytesIO(pdf)).pages), []
    if kind != "pdf":
        code = "letter.scan.archive" if kind == "ZIP" else "letter.scan.kind"
        raise _Unfit(Problem.of(code, where, name=_called(scan), kind=kind))
    return _pdf_pages(scan, where)


def _pdf_pages(scan: Scan, where: str) -> tuple[list[PageObject], list[Problem]]:
    try:
        reader = PdfReader(io.BytesIO(scan.content))
        if reader.is_encrypted and not reader.decrypt(""):  # many official extracts open freely and only forbid changes
            raise _Unfit(Problem.of("letter.scan.password", where, name=_called(scan)))
        if len(reader.pages) > PAGES_MAX:
            raise _Unfit(Problem.of("letter.pdf.too_many_pages", where, pages=len(reader.pages), limit=PAGES_MAX))
        pages = [_sane(page) for page in reader.pages]
        signed = "/Sig" in {str(field.get("/FT")) for field in (reader.get_fields() or {}).values()}
    except _Unfit:
        raise
    except DependencyError:
        raise _Unfit(Problem.of("letter.scan.password", where, name=_called(scan))) from None
    except Exception:  # a broken file breaks its reader in more ways than the reader has names for
        raise _Unfit(Problem.of("letter.scan.broken", where, name=_called(scan))) from None
    if not pages:
        raise _Unfit(Problem.of("letter.scan.broken", where, name=_called(scan)))
    return pages, [Problem.of("letter.scan.signed", where, name=_called(scan))] if signed else []


def _sane(page: PageObject) -> PageObject:
    """The page without what runs by itself, and not larger than A3: else it prints as one corner."""
    contents = page.get_contents()
    if contents is not None:
        contents.get_data()  # broken streams show here, not in the office
    page.pop("/AA", None)
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    if not 0 < min(width, height) <= max(width, height) < 1_000_000:
        raise ValueError("a page without size")
    if max(width, height) > _LONGEST:
        factor = min(min(_A4) / min(width, height), max(_A4) / max(width, height))
        page.scale_by(factor)
    return page


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
        _without_leading_elsewhere(added)
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


def _without_leading_elsewhere(page: PageObject) -> None:
    """Notes and form fields stay, for they show what was filled in; what starts a program or leads away does not."""
    annotations = page.get("/Annots")
    annotations = annotations.get_object() if annotations is not None else None
    for annotation in annotations if isinstance(annotations, list) else ():
        target = annotation.get_object()
        if isinstance(target, dict):
            target.pop("/A", None)
            target.pop("/AA", None)


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        return fault.start > len(content) - 4
    return True


def _called(scan: Scan) -> str:
    return " ".join(scan.name.split())[:80] or scan.paper
