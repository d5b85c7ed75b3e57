"""The agency of the benches: hundreds of properties in twenty comuni with their stays, half of what is due marked as done; and
the plain reading that its lists are measured beside."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

__all__ = ["COMUNI", "MONTH", "agency", "mark_and_fill", "plain_rows"]

COMUNI = (
    "MONOPOLI (BA)", "BARI (BA)", "ANDRIA (BT)", "BARLETTA (BT)", "BISCEGLIE (BT)", "CANOSA DI PUGLIA (BT)",
    "MARGHERITA DI SAVOIA (BT)", "MINERVINO MURGE (BT)", "SAN FERDINANDO DI PUGLIA (BT)", "SPINAZZOLA (BT)", "TRANI (BT)",
    "TRINITAPOLI (BT)", "SONDRIO (SO)", "TIRANO (SO)", "CAGLIARI (CA)", "SASSARI (SS)", "NUORO (NU)", "ORISTANO (OR)",
    "BORMIO (SO)", "LIVIGNO (SO)",
)  # fmt: skip
KINDS = (("bb", False), ("affittacamere", True), ("locazione_turistica", False), ("cav", True), ("albergo", True))
MONTH = (date(2026, 7, 1), date(2026, 7, 31))

COLUMNS = (
    "pk", "account_id", "property_id", "obligation", "subject", "done_at", "done_by_id", "number", "sealed_note", "created_at",
)  # fmt: skip
"""The whole width of a mark: what a page that lists marks would read."""


def plain_rows(account: Any, wanted: int) -> int:
    """So many rows of marks as plain values, in one query; the number read."""
    from locanda.archive.models import DutyMark

    rows = DutyMark.everywhere.filter(account=account).order_by().values_list(*COLUMNS)
    return len(list(rows[:wanted]))


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
