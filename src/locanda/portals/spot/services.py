"""Puglia's ``Comunicazione Prezzi e Servizi`` and the CIS beside it (L.R. Puglia 49/2017 art. 3-4; PU-CPS-01, PU-CIS-02).

Through the DMS by 1 October, for the whole of the next year; SPOT opens only after it. The screen was not seen: this is the data
to type, and the list to hang up. The regional code (CIS, now called CIR) goes into every advert and is no field of SPOT's file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.portals.prices import PriceList, PriceRow, price_list
from locanda.portals.sheets import Section, Sheet, cells

__all__ = ["Services", "prices_and_services"]

MARK = "PREZZI E SERVIZI"


class Services(NamedTuple):
    """What is told for a year: until when, the prices in words, the sheet to type from."""

    due: date
    prices: PriceList
    sheet: Sheet
    problems: tuple[Problem, ...]


def prices_and_services(
    name: str,
    year: int,
    rows: Sequence[PriceRow],
    services: Sequence[str],
    *,
    regional_code: str | None,
    languages: Sequence[str] = (),
) -> Services:
    """The return of a year. ``services`` are the operator's own words, in their order."""
    prices = price_list(rows, year, "services", languages)
    found = list(prices.problems)
    if not regional_code:
        found.append(Problem("spot.regional_code.missing", "regional_code"))
    head = prices.columns["it"]
    sections = (
        Section("Codice regionale", ("Voce", "Valore"), (cells("CIS (CIR)", regional_code),)),
        Section("Prezzi", head, prices.rows["it"]),
        Section("Servizi", ("Numero", "Servizio"), tuple(cells(number, word) for number, word in enumerate(services, 1))),
    )
    sheet = Sheet(MARK, name, date(year, 1, 1), date(year, 12, 31), sections)
    return Services(date(year - 1, 10, 1), prices, sheet, tuple(found))
