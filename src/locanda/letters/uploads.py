"""What people upload, as pages: told apart by their bytes, opened, and without what runs by itself (spec adempimenti 6.3).

PDF and the pictures that telephones and scanners make are taken. All else is refused with words, and so is what is broken, asks
for a password, or would look empty in another file.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, NamedTuple

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import DependencyError
from pypdf.generic import ArrayObject, NameObject

from locanda.core.problems import Problem

__all__ = [
    "MEDIA", "PAGES_MAX", "READS_HEIC", "SCAN_MAX", "SUFFIXES", "Scan", "UnfitScan", "called", "kind_of", "picture_problem",
    "quieted", "scan_pages", "scan_pdf",
]  # fmt: skip

logging.getLogger("pypdf").setLevel(logging.ERROR)  # its remarks quote the file

PAGES_MAX = 300
SCAN_MAX = 30_000_000
"""Bytes of one file: more than certified mail carries altogether."""
_HOLDING = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_A4 = (595.276, 841.89)
_LONGEST = 1200.0  # the long side of A3, and a little; larger pages come from scanners that count one dot a point
_SIGNS = (
    (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"PK\x03\x04", "ZIP"), (b"PK\x05\x06", "ZIP"),
    (b"Rar!", "ZIP"), (b"7z\xbc\xaf", "ZIP"), (b"\x1f\x8b", "ZIP"), (b"GIF8", "gif"), (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"), (b"II+\x00", "tiff"), (b"MM\x00+", "tiff"), (b"\xd0\xcf\x11\xe0", "Word"), (b"{\\rtf", "RTF"),
)  # fmt: skip
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
READS_HEIC = find_spec("pillow_heif") is not None
"""Whether photographs in HEIC are read: with the extra ``heic``."""
_PICTURES = ("jpeg", "png", "webp", "tiff", "heic", "avif", "gif", "bmp")
MEDIA: Mapping[str, str] = {"pdf": "application/pdf"} | {kind: f"image/{kind}" for kind in _PICTURES}
"""What is taken, and what browsers call it."""
SUFFIXES: Mapping[str, str] = {media: {"jpeg": "jpg", "tiff": "tif"}.get(kind, kind) for kind, media in MEDIA.items()}
"""The end of a file's name, by its media type."""


class Scan(NamedTuple):
    """An uploaded file, and which paper it shows. A paper may have several: front and back."""

    paper: str
    content: bytes
    name: str = ""


class UnfitScan(Exception):
    """A scan that cannot go in, as a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def kind_of(content: bytes) -> str:
    """A key of :data:`MEDIA`, or the name of what it is instead; by its bytes, never by its name."""
    if content[4:8] == b"ftyp":
        brands = {content[at : at + 4] for at in range(8, min(int.from_bytes(content[:4], "big"), 200), 4)}
        return "avif" if brands & {b"avif", b"avis"} else ("heic" if READS_HEIC else "HEIC") if brands & _HEIC else "video"
    if content[:4] == b"RIFF":
        return "webp" if content[8:12] == b"WEBP" else "video"
    if content[:2] == b"BM" and content[6:10] == bytes(4):
        return "bmp"
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            return kind
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        return "HTML"
    if content[:2] in (b"\x30\x80", b"\x30\x82", b"\x30\x83", b"\x30\x84") or content.startswith(b"-----BEGIN"):
        return "P7M"
    if b"%PDF-" in content[:1024]:  # last, for archives and signed envelopes hold one too
        return "pdf"
    return "testo" if content and b"\x00" not in content[:4096] and _is_text(content[:4096]) else "file"


def scan_pages(scan: Scan, where: str) -> tuple[list[PageObject], list[Problem]]:
    """The pages of a scan and what to note about it; UnfitScan when it cannot go in."""
    if not scan.content:
        raise UnfitScan(Problem.of("letter.scan.empty", where, name=called(scan)))
    if len(scan.content) > SCAN_MAX:
        raise UnfitScan(Problem.of("letter.scan.heavy", where, name=called(scan), megabytes=str(SCAN_MAX // 1_000_000)))
    kind = kind_of(scan.content)
    if kind in _PICTURES:
        return _picture_pages(scan, kind, where)
    if kind != "pdf":
        code = "letter.scan.archive" if kind == "ZIP" else "letter.scan.kind"
        raise UnfitScan(Problem.of(code, where, name=called(scan), kind=kind))
    return _pdf_pages(scan, where)


def _picture_pages(scan: Scan, kind: str, where: str) -> tuple[list[PageObject], list[Problem]]:
    from locanda.letters.pictures import NotAPicture, pages_of  # a tenth of a second, only for whoever brings a picture

    try:
        pdfs, more = pages_of(scan.content, kind, most=PAGES_MAX)
    except NotAPicture as fault:
        raise UnfitScan(_unfit(scan, str(fault), where)) from None
    pages = [page for pdf in pdfs for page in PdfReader(io.BytesIO(pdf)).pages]
    return pages, [Problem.of("letter.scan.first_only", where, name=called(scan))] if more else []


def _unfit(scan: Scan, fault: str, where: str) -> Problem:
    if fault == "too_many":
        return Problem.of("letter.pdf.too_many_pages", where, limit=PAGES_MAX)
    code = "letter.scan.too_large" if fault == "too_large" else "letter.scan.broken"
    return Problem.of(code, where, name=called(scan))


def picture_problem(scan: Scan, where: str) -> Problem | None:
    """Why a picture cannot be unpacked as a whole; None of one that can, and of what is no picture."""
    from locanda.letters.pictures import NotAPicture, look_through

    kind = kind_of(scan.content)
    try:
        if kind in _PICTURES:
            look_through(scan.content, kind, most=PAGES_MAX)
    except NotAPicture as fault:
        return _unfit(scan, str(fault), where)
    return None


def scan_pdf(scan: Scan) -> bytes:
    """A scan on its own, as the pages that any office and any browser opens; UnfitScan when it cannot be."""
    writer = PdfWriter()
    for page in scan_pages(scan, "")[0]:
        quieted(writer.add_page(page))
    writer.add_metadata({"/Producer": "Locanda"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _pdf_pages(scan: Scan, where: str) -> tuple[list[PageObject], list[Problem]]:
    try:
        reader = PdfReader(io.BytesIO(scan.content))
        if reader.is_encrypted and not reader.decrypt(""):  # many official extracts open freely and only forbid changes
            raise UnfitScan(Problem.of("letter.scan.password", where, name=called(scan)))
        if len(reader.pages) > PAGES_MAX:
            raise UnfitScan(Problem.of("letter.pdf.too_many_pages", where, limit=PAGES_MAX))
        pages = [_sane(page) for page in reader.pages]
        if _hides_what_was_filled_in(reader):
            raise UnfitScan(Problem.of("letter.scan.form", where, name=called(scan)))
        signed = "/Sig" in {str(field.get("/FT")) for field in (reader.get_fields() or {}).values()}
    except UnfitScan:
        raise
    except DependencyError:
        raise UnfitScan(Problem.of("letter.scan.password", where, name=called(scan))) from None
    except Exception:  # a broken file breaks its reader in more ways than the reader has names for
        raise UnfitScan(Problem.of("letter.scan.broken", where, name=called(scan))) from None
    if not pages:
        raise UnfitScan(Problem.of("letter.scan.broken", where, name=called(scan)))
    return pages, [Problem.of("letter.scan.signed", where, name=called(scan))] if signed else []


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


def _hides_what_was_filled_in(reader: PdfReader) -> bool:
    """Whether words stand in fields that only a form program draws: outside their file the page would look empty."""
    form = reader.root_object.get("/AcroForm")
    form = form.get_object() if form is not None else None
    widgets = [
        annotation
        for page in reader.pages
        for annotation in _annotations(page)
        if isinstance(annotation, dict) and annotation.get("/Subtype") == "/Widget"
    ]
    if isinstance(form, dict) and "/XFA" in form and not widgets:
        return True
    return any(not widget.get("/AP") and _filled_in(widget) for widget in widgets)


def _filled_in(widget: dict[str, Any]) -> bool:
    field: Any = widget
    for _ in range(20):  # value and kind may stand in the field above
        if "/V" in field and str(field["/V"]).strip():
            kind = field.get("/FT") or (field["/Parent"].get_object().get("/FT") if "/Parent" in field else None)
            return kind in ("/Tx", "/Ch")
        if "/Parent" not in field:
            return False
        field = field["/Parent"].get_object()
    return False


def _annotations(page: PageObject) -> list[Any]:
    found = page.get("/Annots")
    found = found.get_object() if found is not None else None
    return [annotation.get_object() for annotation in found] if isinstance(found, list) else []


def quieted(page: PageObject) -> None:
    """Leave notes and form fields, which show what was filled in, and take away what starts a program or holds a file."""
    kept = ArrayObject()
    found = page.get("/Annots")
    found = found.get_object() if found is not None else None
    for annotation in found if isinstance(found, list) else ():
        target = annotation.get_object()
        if isinstance(target, dict) and target.get("/Subtype") not in _HOLDING:
            target.pop("/A", None)
            target.pop("/AA", None)
            kept.append(annotation)
    if found is not None:
        page[NameObject("/Annots")] = kept


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        return fault.start > len(content) - 4
    return True


def called(scan: Scan) -> str:
    """The name of a file for people: in one line, and without the marks that turn a line round."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in scan.name).split())[:80] or scan.paper
