"""Explained stays per second under the Monopoli rule, beside a loop that knows nothing but that rule.

    python bench/tax.py [--stays 4000] [--runs 15] [--year]

Both get the same random stays, one at a time, and judge every night of every guest: the engine gives its records with version,
row, base, amount and reason; the loop emits one tuple per guest and night. Runs alternate and medians count; both totals must
agree. The aim is half of the loop's pace, the floor a quarter. ``--year`` reckons and declares a year of 500 properties
(130,000 guests), one property after the other, and says how much memory the last tenth needed beside the first.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from locanda.core.people import Guest
from locanda.core.stays import Property, Stay
from locanda.core.time import ROME
from locanda.law.packs import chain
from locanda.law.periods import Period
from locanda.law.remitting import (
    Book,
    LedgerNight,
    TaxedStructure,
    Terms,
    figures_by_period,
    ledger_nights,
    modello_21_of,
    national_return,
)  # fmt: skip
from locanda.law.tourist_tax import Reckoner

AIM, FLOOR = 0.5, 0.25
HOTEL = Property(id="P1", type="albergo", stars=4, comune="072030")
DAY = timedelta(days=1)
CHANGE = date(2026, 3, 1)


def random_stay(dice: random.Random, number: int, first: date, last: date) -> Stay:
    """From one to four guests for one to twenty-one nights, one guest in four a child."""
    arrival = first + dice.randrange((last - first).days) * DAY
    nights = dice.choice((1, 1, 2, 2, 3, 3, 4, 5, 7, 7, 10, 14, 21))
    guests = tuple(
        Guest(id=f"g{index}", birth_date=date(2026, 1, 1) - dice.randrange(365 * (16 if dice.random() < 0.25 else 80)) * DAY)
        for index in range(dice.choice((1, 2, 2, 2, 3, 4)))
    )
    return Stay(f"S{number}", datetime.combine(arrival, time(16), ROME), arrival + nights * DAY, guests=guests)


def engine(reckoner: Reckoner, stays: list[Stay]) -> tuple[float, int]:
    start = perf_counter()
    total = sum(reckoner.reckon((stay,)).total for stay in stays)
    return perf_counter() - start, total


def hard_coded(stays: list[Stay]) -> tuple[float, int]:
    """The rule of one comune for a hotel of four stars, written by hand."""
    start = perf_counter()
    total = 0
    for stay in stays:
        first, end = stay.arrival_day, stay.departure_day
        assert end is not None
        out = []
        for guest in stay.guests:
            born = guest.birth_date
            assert born is not None
            try:
                twelve = born.replace(year=born.year + 12)
            except ValueError:
                twelve = date(born.year + 12, 3, 1)
            night, used, year = first, 0, first.year
            while night < end:
                if night.year != year:
                    used, year = 0, night.year
                if night < twelve:
                    out.append((guest.id, night, 0, "exempt:minor"))
                elif used < 14:
                    used += 1
                    amount = 200 if night < CHANGE else 400
                    out.append((guest.id, night, amount, "taxed"))
                    total += amount
                else:
                    out.append((guest.id, night, 0, "beyond_cap"))
                night += DAY
    return perf_counter() - start, total


def year(properties: int, guests: int) -> None:
    """A whole year of many properties reckoned and declared: one property after the other, as the returns are made."""
    tax = chain("072030").tourist_tax()
    assert tax is not None
    terms, whole = Terms.of(tax), Period("year", 2026)
    dice = random.Random(7)
    seen = total = declared = 0
    start = perf_counter()
    marks: list[int] = []
    months = [date(2026, month, 1) for month in range(1, 13)] + [date(2027, 1, 1)]
    share = guests / properties / 12
    for place in range(properties):
        reckoner = Reckoner(tax, HOTEL._replace(id=f"P{place}"))
        stays = [
            stay._replace(id=f"S{number}")
            for number, stay in enumerate(stay for first, last in pairwise(months) for stay in some(dice, first, last, share))
        ]
        seen += sum(len(stay.guests) for stay in stays)
        nights: list[LedgerNight] = []
        for stay in stays:
            told = reckoner.reckon([stay])
            total += told.total
            nights += (night for one in told.stays for night in ledger_nights(f"P{place}", one))
        book = Book(nights, structures=[TaxedStructure(f"P{place}")])
        quarters = figures_by_period(book, "quarter", whole.first, date(2027, 12, 31), terms)
        declared += sum(one.to_pay for one in quarters)
        assert len(modello_21_of(book, f"P{place}", 2026, terms).rows) == 12
        assert len(national_return(book, 2026, terms).structures) == 1
        if place % (properties // 10) == properties // 10 - 1:
            marks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    spent = perf_counter() - start
    assert declared == total, f"declared {declared}, reckoned {total}"
    print(f"{properties} properties, {seen} guests, {total / 100:.2f} euro reckoned and declared in {spent:.1f} s")
    print(f"memory at its highest after a tenth of them {marks[0] / 1024:.0f} MB, after the last {marks[-1] / 1024:.0f} MB")


def some(dice: random.Random, first: date, last: date, wanted: float) -> Iterator[Stay]:
    count, number = 0, 0
    while count < wanted:
        stay = random_stay(dice, number, first, last)
        # the same names month by month would be the same people
        yield stay._replace(guests=tuple(guest._replace(id=f"{first:%m}-{number}-{guest.id}") for guest in stay.guests))
        count += len(stay.guests)
        number += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stays", type=int, default=4000)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--year", action="store_true")
    options = parser.parse_args()
    if options.year:
        year(500, 130_000)
        return 0
    tax = chain("072030").tourist_tax()
    assert tax is not None
    dice = random.Random(42)
    stays = [random_stay(dice, number, date(2025, 1, 1), date(2026, 12, 31)) for number in range(options.stays)]
    reckoner = Reckoner(tax, HOTEL)
    pairs = []
    for _ in range(options.runs):
        ours, euro = engine(reckoner, stays)
        theirs, other = hard_coded(stays)
        if euro != other:
            raise SystemExit(f"the two disagree: {euro} and {other}")
        pairs.append((ours, theirs))
    mine, loop = (median(column) for column in zip(*pairs, strict=True))
    best, best_loop = (min(column) for column in zip(*pairs, strict=True))
    ratio = loop / mine
    print(f"engine: {len(stays) / mine:,.0f} explained stays a second, best {len(stays) / best:,.0f}")
    print(f"hard-coded loop: {len(stays) / loop:,.0f} stays a second, best {len(stays) / best_loop:,.0f}")
    print(f"ratio {ratio:.2f} (aim {AIM}, floor {FLOOR}); of the best runs {best_loop / best:.2f}")
    return int(ratio < FLOOR)


if __name__ == "__main__":
    sys.exit(main())
