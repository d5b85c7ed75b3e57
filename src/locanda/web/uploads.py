"""Files that people attach: never in clear on a disk, none left out in silence, of each no more read than shows that it is too
large. How many, the settings bound."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

__all__ = ["InMemory", "Upload", "uploads"]


class Upload(NamedTuple):
    """A file as it came."""

    name: str
    content: bytes


class InMemory(MemoryFileUploadHandler):
    """Keeps what is uploaded in memory whatever its size (``NotTooMuch`` bounds it): no paper of a person in a temporary file."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.activated = True


def uploads(request: HttpRequest, field: str, *, limit: int) -> list[Upload]:
    """The files of one field; what is longer than ``limit`` has one byte too many, by which it is told."""
    return [Upload((file.name or "")[-120:], file.read(limit + 1)) for file in request.FILES.getlist(field)]
