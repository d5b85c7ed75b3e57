"""Modello 6: exemption of a disabled person who needs permanent care (spec imposta 10, 3.4; L. 104/1992; DPR 445/2000).

Health data, so the least of them: of the certificate who issued it and when, nothing of what it says. A key for more is unknown,
and so a problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from locanda.core.problems import Problem
from locanda.papers.parts import Comune, Person, PropertyOnPaper, stay_faults

__all__ = ["DATA", "Certificate", "DisabilityExemption", "notes"]


class Certificate(NamedTuple):
    """Who issued the certificate, and when; nothing else of it."""

    issuer: str
    issued_on: date


class DisabilityExemption(NamedTuple):
    """What is declared. ``person`` is the one concerned, when another declares. ``keep_until`` is printed on the form."""

    comune: Comune
    property: PropertyOnPaper
    declarant: Person
    quality: Literal["self", "parent", "guardian", "support_administrator", "delegate"]
    arrival: date
    departure: date
    person: Person | None = None
    certificate: Certificate | None = None
    keep_until: date | None = None
    place: str | None = None
    signed_on: date | None = None

    def faults(self) -> Iterator[Problem]:
        yield from stay_faults(self.arrival, self.departure)
        if (self.person is None) != (self.quality == "self"):
            yield Problem.of("paper.exemption.who", "person", quality=self.quality)


DATA = DisabilityExemption


def notes(data: DisabilityExemption, on: date) -> Iterator[Problem]:
    """A signature after the departure loses the exemption; a certificate of the future is looked at."""
    if data.signed_on is not None and data.signed_on > data.departure:
        yield Problem.of("paper.exemption.late", "signed_on", day=data.signed_on, departure=data.departure)
    if data.certificate is not None and data.certificate.issued_on > data.departure:
        yield Problem.of("paper.exemption.certificate", "certificate.issued_on", day=data.certificate.issued_on)
