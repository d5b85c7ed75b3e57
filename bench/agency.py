"""What an agency asks for all its properties at once, beside reading plain rows from the database.

    python bench/agency.py                     500 properties in 20 comuni, 9 rounds
    python bench/agency.py --properties N --rounds N --stays N

The feed of the whole account for a calendar program: written on a new day (nothing of that day was reckoned before), written
again, and answered as unchanged, which is what programs get nearly always. The backlog: five years of what was due before the
properties came here, for the first time on a day and again.

The plain reading is ``values_list`` of as many rows as the month of the calendar has duties, of the whole width of a mark, in
one query, made into a list. Rounds alternate; the medians of the processor time count. The aims: at
most 120 times the plain reading for a feed that is written (its lines are a library's), 15 for the answer that nothing has
changed, 40 for the backlog.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._agency import COMUNI, MONTH, agency, mark_and_fill, plain_rows
from bench._database import empty_database, medians

AIMS = (1.0, 120.0, 120.0, 15.0, 40.0, 40.0)  # a line of the table each


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--properties", type=int, default=500)
    options.add_argument("--stays", type=int, default=4, help="stays of each property in the month, and in the month before")
    options.add_argument("--rounds", type=int, default=9)
    chosen = options.parse_args()
    with empty_database():
        run(chosen.properties, chosen.stays, chosen.rounds)


def run(properties: int, stays: int, rounds: int) -> None:
    from locanda.archive.models import Property
    from locanda.core.time import ROME
    from locanda.office import calendar, duty_backlog, feeds

    now = datetime(2026, 7, 10, 9, tzinfo=ROME)
    account = agency(properties, stays, now)
    rows = list(Property.objects.of(account).select_related("credential"))
    entries = len(calendar.entries(account, rows, from_=MONTH[0], to=MONTH[1], now=now))
    mark_and_fill(account, rows, now, entries)
    secret = feeds.new_address(account, None, now=now, person=None)

    def feed(at: datetime) -> Any:
        found = feeds.feed_for(secret, at)
        assert found is not None
        return found

    def backlog(at: datetime) -> list[duty_backlog.Bundle]:
        return duty_backlog.bundles(account, rows, until=at.date(), now=at)

    new_days: Iterator[datetime] = (now + timedelta(days=number) for number in count(1))
    other_days: Iterator[datetime] = (now - timedelta(days=number) for number in count(1))
    terms = sum(len(bundle.entries) for bundle in backlog(now))
    print(f"{properties} properties in {len(COMUNI)} comuni, {stays} stays each a month; {entries:,} duties in the month, "
          f"{len(feed(now).lines):,} lines in the feed, {terms:,} terms in the backlog; {rounds} rounds\n")  # fmt: skip
    took = list(medians({
        "values_list of as many rows as the month": lambda: plain_rows(account, entries),
        "the feed, on a new day": lambda: feed(next(new_days)).content(),
        "the feed again": lambda: feed(now).content(),
        "the feed, unchanged": lambda: feed(now).tag,
        "the backlog, on a new day": lambda: backlog(next(other_days)),
        "the backlog again": lambda: backlog(now),
    }, rounds=rounds).values())  # fmt: skip
    fit = all(one / took[0] <= aim for one, aim in zip(took, AIMS, strict=True))
    print(f"\nthe aims {', '.join(f'{aim:g}' for aim in AIMS[1:])}: {'reached' if fit else 'missed'}.")


if __name__ == "__main__":
    main()
