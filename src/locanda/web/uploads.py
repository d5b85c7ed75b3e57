"""Files that people attach: not too many, and of each no more read than is needed to see that it is too large."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest

__all__ = ["FILES_MAX", "Upload", "uploads"]

FILES_MAX = 40


class Upload(NamedTuple):
    """A file as it came."""

    name: str
    content: bytes


def uploads(request: HttpRequest, field: str, *, limit: int) -> list[Upload]:
    """The files of one field; what is longer than ``limit`` has one byte too many, by which it is told."""
    return [Upload((file.name or "")[-120:], file.read(limit + 1)) for file in request.FILES.getlist(field)[:FILES_MAX]]
