"""What every page is given."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from locanda.archive.models import Installation

__all__ = ["house"]


def house(request: HttpRequest) -> dict[str, Any]:
    """Whether this is a demo: its banner stands on every page."""
    installation = Installation.current()
    return {"demo": bool(installation and installation.demo)}
