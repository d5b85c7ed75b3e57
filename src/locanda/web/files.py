"""A file as an answer: what it is, by which name it is kept, shown at once or handed over to be kept."""

from __future__ import annotations

from pathlib import PurePath

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from locanda.letters.uploads import Scan, UnfitScan, scan_pdf

__all__ = ["MAIL", "PDF", "SHOWN", "as_pages", "file_answer", "uploaded_answer"]

PDF, MAIL = "application/pdf", "message/rfc822"
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"})
"""The pictures that every browser draws."""


def file_answer(content: bytes | str, name: str, media_type: str = PDF, *, attached: bool = True) -> HttpResponse:
    """``attached``: the browser keeps it; else it shows it where it can. What has no name is kept."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(attached, name) or "attachment"
    return answer


def as_pages(media_type: str) -> bool:
    """Pictures that few browsers draw (HEIC, TIFF, BMP)."""
    return media_type.startswith("image/") and media_type not in SHOWN


def uploaded_answer(request: HttpRequest, content: bytes, name: str, media_type: str) -> HttpResponse:
    """What somebody uploaded. Pictures are shown: those that few browsers draw as the pages of a PDF, made now, and with
    ``?originale`` as they came, which is what their hash was taken of. All else is handed over."""
    if as_pages(media_type) and "originale" not in request.GET:
        try:
            return file_answer(scan_pdf(Scan("", content, name)), f"{PurePath(name).stem}.pdf", attached=False)
        except UnfitScan:
            pass
    return file_answer(content, name, media_type, attached=media_type not in SHOWN)
