"""What every page is given."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from locanda.archive.models import Installation
from locanda.web.gate import seat_of

__all__ = ["house"]


def house(request: HttpRequest) -> dict[str, Any]:
    """Whether this is a demo: its banner stands on every page. Pages that are not ours get their seat here, for the tabs."""
    if not hasattr(request, "seat"):
        user = getattr(request, "user", None)
        request.seat = seat_of(request) if user is not None and user.is_authenticated else None  # type: ignore[attr-defined]
    installation = Installation.current()
    return {"demo": bool(installation and installation.demo)}
