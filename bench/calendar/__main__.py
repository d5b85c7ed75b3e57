"""How long the calendar takes for one visible month of an agency, beside reading as many plain rows from the database.

    python bench/calendar                      500 properties in 20 comuni, 60 rounds
    python bench/calendar --properties N --rounds N --stays N

Every property has a kind, a day of opening, stays in this month and the one before with their police duties; half of what is due
is marked as done.

The plain reading is ``values_list`` of as many rows of the same width from the table of marks, in one query, made into a list.
Rounds alternate; the medians of the processor time count, so that a busy machine changes little. The aim is at most 4 times.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench._agency import COMUNI, MONTH, agency, mark_and_fill, plain_rows
from bench._database import compare, empty_database

AIM = 4.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--properties", type=int, default=500)
    options.add_argument("--stays", type=int, default=4, help="stays of each property in the month, and in the month before")
    options.add_argument("--rounds", type=int, default=60)
    chosen = options.parse_args()
    with empty_database():
        run(chosen.properties, chosen.stays, chosen.rounds)


def run(count: int, stays: int, rounds: int) -> None:
    from locanda.archive.models import Property
    from locanda.core.time import ROME
    from locanda.office import calendar

    now = datetime(2026, 7, 10, 9, tzinfo=ROME)
    account = agency(count, stays, now)
    properties = list(Property.objects.of(account).select_related("credential"))

    def month() -> int:
        return len(calendar.entries(account, properties, from_=MONTH[0], to=MONTH[1], now=now))

    entries = month()
    mark_and_fill(account, properties, now, entries)

    def plain() -> int:
        return plain_rows(account, entries)

    assert plain() == month() == entries
    print(f"{count} properties in {len(COMUNI)} comuni, {stays} stays each a month; {entries:,} duties; {rounds} rounds\n")
    compare(plain, month, rounds=rounds, names=("values_list of as many rows", "the month of the calendar"), aim=AIM)


if __name__ == "__main__":
    main()
