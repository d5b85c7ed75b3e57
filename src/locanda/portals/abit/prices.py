"""The highest prices of Lombardia, told to ABIT (L.R. Lombardia 27/2015 art. 38 c. 4-5, LO-PRZ-01).

By 31 December for the next year and at every change; shown on the wall in at least two foreign languages. For short lets see the
doubt in the territory file. Farms tell theirs, for high and low season, to the comune by 1 October (L.R. 31/2008 art. 157), not
on ABIT.
"""

from __future__ import annotations

from collections.abc import Sequence

from locanda.portals.prices import PriceList, PriceRow, price_list

__all__ = ["FOREIGN_LEAST", "highest_prices"]

FOREIGN_LEAST = 2
"""Foreign languages in which prices are shown."""


def highest_prices(rows: Sequence[PriceRow], year: int, languages: Sequence[str]) -> PriceList:
    """The sheet to type and to hang up: Italian and the languages given."""
    return price_list(rows, year, "highest", languages, foreign_least=FOREIGN_LEAST)
