"""A file as an answer: what it is, by which name it is kept, shown at once or handed over to be kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

__all__ = ["MAIL", "PDF", "file_answer"]

PDF, MAIL = "application/pdf", "message/rfc822"


def file_answer(content: bytes | str, name: str, media_type: str = PDF, *, attached: bool = True) -> HttpResponse:
    """``attached``: the browser keeps it; else it shows it where it can. What has no name is kept."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(attached, name) or "attachment"
    return answer
