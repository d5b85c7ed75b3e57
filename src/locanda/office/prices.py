"""Prices of a year: kept season by season, judged, told to the region where it asks, hung up (L.R. Puglia 49/2017 art. 3-4;
L.R. Lombardia 27/2015 art. 38 c. 4-5).

Where a region wants the list is data of its pack; what it wants on the list is :data:`ASKED`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Person, Property, YearPrices
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.office.duty_list import Entry, entries
from locanda.office.statistics.sheets import MadePaper, price_page
from locanda.office.tax.operators import comune_on_paper, property_on_paper
from locanda.portals.prices import LANGUAGES, PriceList, PriceRow, price_list

__all__ = ["ASKED", "FOREIGN", "Asked", "asked_of", "asked_under", "duty_of", "listed", "pdf", "prices_of", "rows_of", "save"]

FOREIGN = LANGUAGES[1:]
"""Languages of guests that the list can be printed in, beside Italian."""


class Asked(NamedTuple):
    """What a region asks about prices: under which duty, what stands on the list, in how many foreign languages at least."""

    obligation: str
    kind: str
    foreign_least: int


ASKED: Mapping[str, Asked] = {
    "PU-CPS-01": Asked("PU-CPS-01", "services", 0),
    "LO-PRZ-01": Asked("LO-PRZ-01", "highest", 2),
}
"""By obligation of the packs. Elsewhere the list hangs on the wall and nobody is told."""
_ELSEWHERE = Asked("", "highest", 0)


def asked_of(property: Property, year: int, now: datetime) -> Asked:
    """What the region of a property asks about the prices of a year."""
    return asked_under(duty_of(property, year, now))


def asked_under(entry: Entry | None) -> Asked:
    """What is asked under a duty that was looked up; None where nobody is told."""
    return ASKED[entry.obligation] if entry is not None else _ELSEWHERE


def duty_of(property: Property, year: int, now: datetime) -> Entry | None:
    """The duty to tell them, which falls in the year before; None where nobody is told."""
    first, last = date(year - 1, 1, 1), date(year - 1, 12, 31)
    due = entries(property.account_id, [property], from_=first, to=last, now=now)
    return next((entry for entry in due if entry.obligation in ASKED and entry.subject.startswith("period:")), None)


def prices_of(property: Property, year: int) -> YearPrices | None:
    """What was written for a year."""
    found: YearPrices | None = YearPrices.objects.of(property.account_id).filter(property=property, year=year).first()
    return found


def rows_of(row: YearPrices) -> list[PriceRow]:
    """The rows as the law of prices takes them."""
    return [
        PriceRow(unit, date.fromisoformat(first), date.fromisoformat(last), cents, per)
        for unit, first, last, cents, per in row.rows
    ]


def listed(row: YearPrices, asked: Asked) -> PriceList:
    """The list in words of every language."""
    return price_list(rows_of(row), row.year, asked.kind, row.languages, foreign_least=asked.foreign_least)


def pdf(row: YearPrices, *, now: datetime) -> MadePaper:
    """One page to hang up, or why there is none."""
    asked = asked_of(row.property, row.year, now)
    return price_page(
        rows_of(row), row.year, row.languages, comune=comune_on_paper(row.property), property=property_on_paper(row.property),
        on=rome_day(now), kind=asked.kind, foreign_least=asked.foreign_least, services=row.services,
    )  # fmt: skip


def save(
    property: Property, year: int, rows: Sequence[PriceRow], *, services: Sequence[str] = (), languages: Sequence[str] = (),
    now: datetime, person: Person | None,
) -> tuple[YearPrices | None, list[Problem]]:  # fmt: skip
    """Keep the prices of a year; nothing as soon as there is a problem."""
    asked = asked_of(property, year, now)
    found = list(price_list(rows, year, asked.kind, languages, foreign_least=asked.foreign_least).problems)
    if found:
        return None, found
    told = [[row.unit, row.first.isoformat(), row.last.isoformat(), row.cents, row.per] for row in rows]
    words = [word.strip()[:200] for word in services if word.strip()]
    with transaction.atomic():
        kept, _ = YearPrices.everywhere.update_or_create(
            account_id=property.account_id, property=property, year=year,
            defaults={"rows": told, "services": words, "languages": list(languages), "saved_at": now, "saved_by": person},
        )  # fmt: skip
        chain.append(
            property.account, "prices.saved", at=now, actor=chain.actor_of(person),
            subject=f"property:{property.pk}", data={"year": year, "rows": len(told), "services": len(words)},
        )  # fmt: skip
    return kept, []
