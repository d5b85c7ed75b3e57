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
import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench._database import compare, empty_database

AIM = 4.0
COMUNI = (
    "MONOPOLI (BA)", "BARI (BA)", "ANDRIA (BT)", "BARLETTA (BT)", "BISCEGLIE (BT)", "CANOSA DI PUGLIA (BT)",
    "MARGHERITA DI SAVOIA (BT)", "MINERVINO MURGE (BT)", "SAN FERDINANDO DI PUGLIA (BT)", "SPINAZZOLA (BT)", "TRANI (BT)",
    "TRINITAPOLI (BT)", "SONDRIO (SO)", "TIRANO (SO)", "CAGLIARI (CA)", "SASSARI (SS)", "NUORO (NU)", "ORISTANO (OR)",
    "BORMIO (SO)", "LIVIGNO (SO)",
)  # fmt: skip
KINDS = (("bb", False), ("affittacamere", True), ("locazione_turistica", False), ("cav", True), ("albergo", True))
MONTH = (date(2026, 7, 1), date(2026, 7, 31))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--properties", type=int, default=500)
    options.add_argument("--stays", type=int, default=4, help="stays of each property in the month, and in the month before")
    options.add_argument("--rounds", type=int, default=60)
    chosen = options.parse_args()
    with empty_database():
        run(chosen.properties, chosen.stays, chosen.rounds)


def run(count: int, stays: int, rounds: int) -> None:
    from locanda.archive.models import DutyMark, Property
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
        rows = DutyMark.everywhere.filter(account=account).order_by().values_list(*COLUMNS)
        return len(list(rows[:entries]))

    assert plain() == month() == entries
    print(f"{count} properties in {len(COMUNI)} comuni, {stays} stays each a month; {entries:,} duties; {rounds} rounds\n")
    compare(plain, month, rounds=rounds, names=("values_list of as many rows", "the month of the calendar"), aim=AIM)


COLUMNS = (
    "pk", "account_id", "property_id", "obligation", "subject", "done_at", "done_by_id", "number", "sealed_note", "created_at",
)  # fmt: skip
"""The whole width of a mark: what a page that lists marks would read."""


def agency(count: int, stays: int, now: datetime) -> Any:
    """An account with so many properties, and stays with their segments in the month."""
    from locanda import places
    from locanda.archive.models import Party, Property, Segment, Stay
    from locanda.core.time import elapsed
    from locanda.office import accounts

    member = accounts.open_account("Bench", email="bench@example.org", password="una-password-lunga", full_name="B", now=now)
    account = member.account
    credential = accounts.save_credential(
        account, label="Q", category="hotel", status="active", now=now, by=None,
        keys={"user": "BA000001", "password": "inventata", "wskey": "inventata=="},
    )  # fmt: skip
    dice = random.Random(500)
    codes = [places.builtin().comune(name, now.date()).police for name in COMUNI]
    rows = []
    for number in range(count):
        kind, business = KINDS[number % len(KINDS)]
        rows.append(Property(
            account=account, name=f"Casa {number}", type=kind, business=business, comune=codes[number % len(codes)],
            since=date(2012, 1, 1) + timedelta(days=dice.randrange(5000)), credential=credential, created_at=now,
        ))  # fmt: skip
    Property.everywhere.bulk_create(rows)
    made: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    for property in rows:
        for month in (6, 7) * stays:
            arrival = datetime(2026, month, 1, 15, tzinfo=now.tzinfo) + timedelta(days=dice.randrange(27))
            nights = 1 + dice.randrange(4)
            stay = Stay(
                account=account, property=property, status="checked_in", arrival=arrival, nights=nights, created_at=now,
                departure_day=arrival.date() + timedelta(days=nights), checked_in_at=arrival,
            )  # fmt: skip
            party = Party(account=account, stay=stay)
            due = elapsed(arrival, 24)
            segment = Segment(
                account=account, party=party, property=property, first_day=arrival.date(), nights=nights, starts_at=arrival,
                legal_due=due, prudent_due=due, obligation="IT-PS-02", settled_at=due if due < now else None,
            )  # fmt: skip
            for listed, row in zip(made, (stay, party, segment), strict=True):
                listed.append(row)
    for model, listed in zip((Stay, Party, Segment), made, strict=True):
        model.everywhere.bulk_create(listed, batch_size=500)
    return account


def mark_and_fill(account: Any, properties: list[Any], now: datetime, wanted: int) -> None:
    """Half of what can be marked is done; older marks make the table as long as what is compared."""
    from locanda.archive.models import DutyMark
    from locanda.office import calendar

    listed = calendar.entries(account, properties, from_=MONTH[0], to=MONTH[1], now=now)
    marks = [
        DutyMark(account=account, property=entry.property, obligation=entry.obligation, subject=entry.subject, done_at=now,
                 created_at=now)
        for entry in listed[::2] if not entry.from_ledger
    ]  # fmt: skip
    older = [
        DutyMark(account=account, property=properties[number % len(properties)], obligation="PU-SPOT-01", done_at=now,
                 subject=f"period:{1900 + number // len(properties)}-01", created_at=now)
        for number in range(wanted)
    ]  # fmt: skip
    DutyMark.everywhere.bulk_create([*marks, *older], batch_size=500)


if __name__ == "__main__":
    main()
