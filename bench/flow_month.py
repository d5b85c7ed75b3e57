"""How long the list of two months takes for an agency, beside reading as many plain rows of counted days from the database.

    python bench/flow_month.py                     500 properties, 20 rounds
    python bench/flow_month.py --properties N --rounds N --stays N

Every property has stays in both months and is counted already; the portal holds the month before. The list says of each month
what is missing, what its portal has and by when it is due: nothing is counted again, and no stay is opened.

The plain reading is ``values_list`` of the counted days, with every column that the list needs, made into a list in one query.
Rounds alternate; the medians of the processor time count, so that a busy machine changes little. The aim is at most 4 times.
"""

from __future__ import annotations

import argparse
import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._database import compare, empty_database

AIM = 4.0
COMUNI = ("MONOPOLI (BA)", "BARI (BA)", "SONDRIO (SO)", "TIRANO (SO)", "CAGLIARI (CA)", "SASSARI (SS)", "NUORO (NU)")
MONTHS = ("2026-06", "2026-07")
COLUMNS = (
    "property_id", "day", "inputs", "open", "declared", "rooms", "beds", "rooms_occupied", "previous", "arrived", "departed",
    "present", "rows", "problems", "closed",
)  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--properties", type=int, default=500)
    options.add_argument("--stays", type=int, default=4, help="stays of each property in each month")
    options.add_argument("--rounds", type=int, default=20)
    chosen = options.parse_args()
    with empty_database():
        run(chosen.properties, chosen.stays, chosen.rounds)


def run(count: int, stays: int, rounds: int) -> None:
    from locanda.archive.models import CountedDay, Property
    from locanda.core.time import ROME
    from locanda.law.periods import parse_period
    from locanda.office.statistics.months import months_now

    now = datetime(2026, 7, 31, 23, 30, tzinfo=ROME)
    account = agency(count, stays, now)
    properties = list(Property.objects.of(account).select_related("credential", "account"))
    months = [parse_period(one) for one in MONTHS]

    def listed() -> int:
        return sum(one.days for one in months_now(account, properties, months, now=now))

    start = process_time()
    listed()
    cold = process_time() - start
    taken(account, properties)

    def plain() -> int:
        rows = CountedDay.everywhere.filter(account=account, day__gte=months[0].first, day__lte=months[-1].last)
        return len(list(rows.order_by().values_list(*COLUMNS)))

    days = plain()
    assert days == count * 61 and listed() == count * 60
    print(f"{count} properties, {stays} stays each a month; {days:,} counted days; {rounds} rounds; first count {cold:.1f} s\n")
    compare(plain, listed, rounds=rounds, names=("values_list of the counted days", "the list of both months"), aim=AIM)


def agency(count: int, stays: int, now: datetime) -> Any:
    """An account with so many flats and their stays of both months, as they are when the police have them."""
    from locanda import places
    from locanda.archive.models import Guest, Party, Property, Stay
    from locanda.office import accounts

    member = accounts.open_account("Bench", email="bench@example.org", password="una-password-lunga", full_name="B", now=now)
    account = member.account
    dice = random.Random(500)
    codes = [str(places.builtin().comune(name, now.date()).police) for name in COMUNI]
    homes = ("100000100", "100000215", "100000216", "100000536")
    rows = [
        Property(
            account=account, name=f"Casa {number}", type="bb", comune=codes[number % len(codes)], rooms=1, beds=4,
            let_as="whole", since=date(2012, 1, 1), created_at=now - timedelta(days=400),
        )
        for number in range(count)
    ]  # fmt: skip
    Property.everywhere.bulk_create(rows)
    made: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    for property in rows:
        for month in (6, 7):
            for place in range(stays):
                first = date(2026, month, 1 + 7 * place)
                arrival = datetime(first.year, first.month, first.day, 15, tzinfo=now.tzinfo)
                nights = 1 + dice.randrange(5)
                stay = Stay(
                    account=account, property=property, status="checked_in", arrival=arrival, nights=nights, created_at=now,
                    departure=arrival + timedelta(days=nights), departure_day=first + timedelta(days=nights),
                    checked_in_at=arrival,
                )  # fmt: skip
                party = Party(account=account, stay=stay)
                where = dice.choice(homes)
                made[0].append(stay)
                made[1].append(party)
                made[2].extend(
                    Guest(
                        account=account, party=party, position=person, role="head_of_family" if not person else "family_member",
                        sex="F", birth_date=date(1980, 5, 10), citizenship=where, residence_state=where,
                        residence_comune=codes[0] if where == homes[0] else "",
                    )
                    for person in range(2)
                )  # fmt: skip
    for model, listed in zip((Stay, Party, Guest), made, strict=True):
        model.everywhere.bulk_create(listed, batch_size=500)
    return account


def taken(account: Any, properties: list[Any]) -> None:
    """Their portals hold June as it was counted."""
    from locanda.archive.models import CountedDay, PortalDay
    from locanda.office.statistics.home import services_of

    services = services_of(account, properties, date(2026, 7, 31))
    rows = CountedDay.everywhere.filter(account=account, day__lte=date(2026, 6, 30))
    PortalDay.everywhere.bulk_create(
        (
            PortalDay(
                account=account, property_id=row.property_id, portal=services[row.property_id].portal, day=row.day,
                state="accepted", held=True, fingerprint="x" * 64, people={"arrivals": [], "inputs": row.inputs},
                accepted_at=row.counted_at, changed_at=row.counted_at,
            )
            for row in rows.iterator()
        ),
        batch_size=500,
    )  # fmt: skip


if __name__ == "__main__":
    main()
