"""What a person sees: every party with its clock, its state and the next thing to do. Values for the pages, no words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Q

from locanda.archive.models import (
    Account,
    Alarm,
    Delivery,
    DeliveryRow,
    Exchange,
    Guest,
    Installation,
    PoliceCredential,
    Property,
    Segment,
)  # fmt: skip
from locanda.archive.vault import Vault, WrongKey
from locanda.core.time import ROME, hours_between, rome_day
from locanda.delivery.machine import State
from locanda.office.follow_ups import BLOCKED

__all__ = [
    "Card",
    "CardState",
    "RowSeen",
    "WireSeen",
    "card_of",
    "cards",
    "engine_is_awake",
    "open_alarms",
    "rows_of",
    "wire_of",
]


class CardState(StrEnum):
    """What is true of a party's schedine now. One word each; the pages say it in words."""

    TO_SEND = "to_send"  # ready, waits for a tap
    GOING = "going"  # due, or on the wire
    RETRYING = "retrying"  # the portal does not answer; nothing was handed over
    STOPPED = "stopped"  # the portal refuses the credentials or the call
    NO_CREDENTIALS = "no_credentials"
    IN_DOUBT = "in_doubt"
    REFUSED = "refused"
    PARTLY = "partly"
    NOT_RECEIVED = "not_received"  # was in doubt; the receipt or the operator says it is not there
    BY_HAND = "by_hand"
    SENT = "sent"  # accepted, its receipt still to come
    RECEIPTED = "receipted"  # the receipt is in and agrees
    SUBSTITUTED = "substituted"
    BLOCKED = "blocked"  # a later segment whose day has come, and which lacks a fact
    FOLLOW_UP = "follow_up"  # a later segment, not yet due
    CANCELLED = "cancelled"


# the next action for each state; None: nothing is asked of anybody
NEXT_ACTION: dict[CardState, str | None] = {
    CardState.TO_SEND: "send",
    CardState.GOING: None,
    CardState.RETRYING: "by_hand",
    CardState.STOPPED: "fix_credentials",
    CardState.NO_CREDENTIALS: "by_hand",
    CardState.IN_DOUBT: "look",
    CardState.REFUSED: "correct",
    CardState.PARTLY: "correct",
    CardState.NOT_RECEIVED: "send_again",
    CardState.BY_HAND: "confirm_by_hand",
    CardState.SENT: None,
    CardState.RECEIPTED: None,
    CardState.SUBSTITUTED: None,
    CardState.BLOCKED: "complete",
    CardState.FOLLOW_UP: None,
    CardState.CANCELLED: None,
}


class Card(NamedTuple):
    """One segment of one party."""

    segment: Segment
    delivery: Delivery | None  # the newest
    state: CardState
    action: str | None
    names: tuple[str, ...]  # empty once erased
    size: int
    property: Property
    unit: str
    arrival: datetime  # where this segment's clock starts, Italian time
    legal_due: datetime
    prudent_due: datetime
    hours_left: float  # to the prudent term; negative when past
    late: bool  # past the legal term and not settled
    simulated: bool


class RowSeen(NamedTuple):
    """One schedina of a delivery and what became of it."""

    index: int
    guest: Guest
    name: str
    text: str  # the line itself; empty once erased
    outcome: str
    code: str
    error: str
    detail: str


class WireSeen(NamedTuple):
    """One raw call; texts are empty once erased."""

    operation: str
    started: datetime
    ended: datetime
    status: int | None
    error: str
    request: str
    response: str


def _state(segment: Segment, delivery: Delivery | None, now: datetime) -> CardState:
    if segment.cancelled_at is not None:
        return CardState.CANCELLED
    if delivery is None:
        return CardState.BLOCKED if segment.first_day <= rome_day(now) and _lacks(segment) else CardState.FOLLOW_UP
    state = State(delivery.state)
    if state in (State.READY, State.POSTPONED):
        credential = delivery.property.credential
        if credential is None or credential.status != PoliceCredential.Status.ACTIVE:
            return CardState.NO_CREDENTIALS
        if credential.stopped_why or (state is State.POSTPONED and delivery.next_attempt_at is None):
            return CardState.STOPPED
        if delivery.next_attempt_at is None:
            return CardState.TO_SEND
        return CardState.RETRYING if delivery.attempts and state is State.POSTPONED else CardState.GOING
    if state is State.REJECTED:
        taken_back = delivery.evidence in ("receipt_count", "operator")
        return CardState.NOT_RECEIVED if taken_back else CardState.REFUSED
    if state is State.ACCEPTED:
        if segment.settled_at is None:
            return CardState.PARTLY
        return CardState.RECEIPTED if segment.receipted_at else CardState.SENT
    return {
        State.SENDING: CardState.GOING,
        State.IN_DOUBT: CardState.IN_DOUBT,
        State.PARTLY_ACCEPTED: CardState.PARTLY,
        State.BY_HAND: CardState.BY_HAND,
        State.SUBSTITUTED: CardState.SUBSTITUTED,
        State.WITHDRAWN: CardState.CANCELLED,
    }[state]


def _lacks(segment: Segment) -> bool:
    """Whether the engine has tried to write it and could not."""
    about = {"kind": BLOCKED, "subject": f"segment:{segment.pk}", "cleared_at": None}
    return Alarm.objects.of(segment.account_id).filter(**about).exists()


def _names(segment: Segment, vault: Vault) -> tuple[str, ...]:
    if segment.party.wrapped_key is None:
        return ()
    box = vault.party(segment.party)
    shapes = [box.open(guest.sealed, "guest") for guest in segment.party.guests.all()]
    return tuple(f"{shape.get('surname') or ''} {shape.get('name') or ''}".strip() for shape in shapes)


def card_of(segment: Segment, *, now: datetime, vault: Vault | None = None) -> Card:
    """The card of one segment. Its links are best loaded beforehand (:func:`cards` does)."""
    deliveries = sorted(segment.deliveries.all(), key=lambda one: (one.created_at, one.pk))
    delivery = deliveries[-1] if deliveries else None
    state = _state(segment, delivery, now)
    unit = segment.party.stay.unit
    done = segment.settled_at is not None or segment.cancelled_at is not None
    return Card(
        segment=segment,
        delivery=delivery,
        state=state,
        action=NEXT_ACTION[state],
        names=_names(segment, vault or Vault(segment.account)),
        size=segment.party.size,
        property=segment.property,
        unit=unit.name if unit else "",
        arrival=segment.starts_at.astimezone(ROME),
        legal_due=segment.legal_due.astimezone(ROME),
        prudent_due=segment.prudent_due.astimezone(ROME),
        hours_left=hours_between(now, segment.prudent_due),
        late=not done and now.timestamp() > segment.legal_due.timestamp(),
        simulated=bool(delivery and delivery.simulated),
    )


_ORDER = {state: place for place, state in enumerate(CardState)}


def _with_links(segments: Any) -> Any:
    return segments.select_related(
        "account", "property__credential", "party__stay__unit", "party__stay__property", "party__account"
    ).prefetch_related("party__guests", "deliveries__property__credential")


def cards(
    account: Account, *, now: datetime, properties: Sequence[Property] | None = None, days: int = 2
) -> tuple[list[Card], list[Card]]:
    """What still asks for something, soonest term first; and what was settled in the last days, newest first."""
    mine = Segment.objects.of(account).filter(cancelled_at=None)
    if properties is not None:
        mine = mine.filter(property__in=properties)
    horizon = now + timedelta(days=1)
    open_ones = mine.filter(settled_at=None).filter(Q(starts_at__lte=horizon) | ~Q(deliveries=None)).distinct()
    recent = mine.filter(settled_at__gte=now - timedelta(days=days))
    vault = Vault(account)
    open_cards = [card_of(segment, now=now, vault=vault) for segment in _with_links(open_ones)]
    recent_cards = [card_of(segment, now=now, vault=vault) for segment in _with_links(recent)]
    return (
        sorted(open_cards, key=lambda card: (card.prudent_due.timestamp(), _ORDER[card.state])),
        sorted(recent_cards, key=lambda card: card.segment.settled_at, reverse=True),
    )


def segment_card(account: Account, segment_id: Any, *, now: datetime) -> Card:
    """One card, by the id of its segment; Segment.DoesNotExist when it is not of this account."""
    return card_of(_with_links(Segment.objects.of(account)).get(pk=segment_id), now=now)


def rows_of(delivery: Delivery) -> list[RowSeen]:
    """Every row of a delivery with its outcome."""
    rows = list(DeliveryRow.objects.of(delivery.account_id).filter(delivery=delivery).select_related("guest"))
    if delivery.party.wrapped_key is None:
        return [RowSeen(row.index, row.guest, "", "", row.outcome, row.code, row.name, "") for row in rows]
    box = Vault(delivery.account).party(delivery.party)
    lines = box.open(delivery.sealed_text, "delivery text")["text"].split("\r\n")
    return [
        RowSeen(
            index=row.index,
            guest=row.guest,
            name=f"{line[14:64].rstrip()} {line[64:94].rstrip()}",
            text=line,
            outcome=row.outcome,
            code=row.code,
            error=row.name,
            detail=box.open(row.sealed_detail, "row detail") if row.sealed_detail else "",
        )
        for row, line in zip(rows, lines, strict=True)
    ]


def wire_of(delivery: Delivery) -> list[WireSeen]:
    """The raw calls of a delivery, oldest first."""
    erased = delivery.party.wrapped_key is None
    box = None if erased else Vault(delivery.account).party(delivery.party)

    def text(sealed: bytes | None) -> str:
        if box is None or sealed is None:
            return ""
        try:
            return box.open_bytes(sealed, "exchange").decode("utf-8", "replace")
        except WrongKey:
            return ""

    return [
        WireSeen(
            call.operation,
            call.started_at,
            call.ended_at,
            call.status,
            call.error,
            text(call.sealed_request),
            text(call.sealed_response),
        )
        for call in Exchange.objects.of(delivery.account_id).filter(delivery=delivery)
    ]


def open_alarms(account: Account) -> list[Alarm]:
    """What somebody must know, oldest first."""
    return list(Alarm.objects.of(account).filter(cleared_at=None).order_by("raised_at"))


def engine_is_awake(now: datetime) -> bool:
    """Whether the due-loop has been seen in the last two minutes; without it nothing leaves."""
    installation = Installation.current()
    seen = installation.engine_seen_at if installation else None
    return seen is not None and abs(now.timestamp() - seen.timestamp()) < 120
