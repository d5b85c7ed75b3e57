"""What a statistics portal should hold, and what to hand over so that it does (spec flussi-turistici 6.4, 7.3, 7.6, 8).

Each portal corrects in its own way: a composer for each that has one, and one for all others.
"""

from __future__ import annotations

from locanda.archive.models import Property
from locanda.office.statistics import for_others, for_ross1000, for_spot
from locanda.office.statistics.home import FlowService
from locanda.office.statistics.plans import Composer

__all__ = ["composer", "together"]

_COMPOSERS: dict[str, Composer] = {"ross1000": for_ross1000, "spot": for_spot}


def composer(service: FlowService) -> Composer:
    """Who composes what is handed over to this service."""
    return _COMPOSERS.get(service.format.key, for_others)


def together(service: FlowService, property: Property) -> list[Property]:
    """The properties that are handed over in one file with this one, in a lasting order; itself alone for most services."""
    return for_spot.group(property) if service.format.key == "spot" else [property]
