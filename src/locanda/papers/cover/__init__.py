"""A cover sheet for the other ways a comune accepts papers: desk, registered post, fax, certified mail (spec imposta 3.5).

At the desk it prints twice: the second copy is stamped and goes home. A fax says how many pages come. Addresses are handed in,
from the packs or the operator: none is guessed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.parts import Comune, Operator, PropertyOnPaper

__all__ = ["DATA", "AttachedPaper", "CoverSheet", "shown"]

_NEEDED = {"fax": "fax", "registered_post": "address", "pec": "pec", "desk": None}


class AttachedPaper(NamedTuple):
    """A paper that follows. Pages are counted as they will be sent."""

    title: str
    pages: int

    def faults(self) -> Iterator[Problem]:
        if self.pages < 1:
            yield Problem("paper.cover.pages", "pages")


class CoverSheet(NamedTuple):
    """What goes where, how, and with which papers."""

    comune: Comune
    way: Literal["desk", "registered_post", "fax", "pec"]
    operator: Operator
    subject: str
    attached: tuple[AttachedPaper, ...]
    property: PropertyOnPaper | None = None
    address: str | None = None
    fax: str | None = None
    pec: str | None = None
    message: str | None = None
    place: str | None = None
    signed_on: date | None = None

    def faults(self) -> Iterator[Problem]:
        needed = _NEEDED[self.way]
        if needed is not None and getattr(self, needed) is None:
            yield Problem.of("paper.field.missing", needed, field=needed)


DATA = CoverSheet


def shown(data: CoverSheet, language: str) -> Mapping[str, Any]:
    """How many pages in all, and which copies are printed."""
    return {
        "pages": sum(paper.pages for paper in data.attached) + 1,
        "copies": ["copy_for_office", "copy_for_sender"] if data.way == "desk" else [""],
    }
