"""What a statistics portal holds of each day, as far as we must remember it (spec flussi-turistici 3, 6.4, 7.3).

A day becomes held when its portal took it, with the evidence of its sending; then its fingerprint and the identifiers of who
arrives and leaves are kept, and no fact about anybody. Where a day was taken in part its fingerprint is forgotten, so that it
differs from everything and is sent again; whom it may hold is remembered, so that they can be taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from locanda.archive.models import FlowSending, PortalDay
from locanda.archive.vault import Vault
from locanda.delivery.machine import State

__all__ = ["announce", "mirror", "remember"]

Mark = Mapping[str, Any]


def _rows(sending: FlowSending) -> Any:
    return PortalDay.objects.of(sending.account_id).filter(property=sending.property_id, portal=sending.portal)


def announce(sending: FlowSending, *, at: datetime) -> None:
    """A sending was made: its days wait for it. What the portal holds already stays as it is."""
    days = [date.fromisoformat(mark["day"]) for mark in sending.marks]
    known = set(_rows(sending).filter(day__in=days).values_list("day", flat=True))
    _rows(sending).filter(day__in=days).update(state=sending.state, sending=sending, changed_at=at)
    PortalDay.everywhere.bulk_create(
        PortalDay(
            account_id=sending.account_id, property_id=sending.property_id, portal=sending.portal, day=day, state=sending.state,
            sending=sending, changed_at=at,
        )
        for day in days if day not in known
    )  # fmt: skip


def mirror(sending: FlowSending, state: State, *, at: datetime) -> None:
    """The sending moved: so did the days that wait for it."""
    _rows(sending).filter(sending=sending).update(state=state.value, changed_at=at)


def remember(
    sending: FlowSending, days: Mapping[str, bool | None] | None, *, at: datetime, records: Sequence[Sequence[Any]] = (),
    sealed: Mapping[str, bytes] | None = None, replace: bool = False,
) -> None:  # fmt: skip
    """The portal has these days now. ``days``: of each day (AAAAMMGG) whether it was taken whole; None means all were.

    ``records`` are the outcomes of a sending taken in part: day, kind, identifier, success. ``sealed`` are days as the portal
    holds them, where corrections need all of it. ``replace``: a day holds the people of its mark and nobody else.
    """
    vault = Vault(sending.account)
    rows = {row.day: row for row in _rows(sending).filter(day__in=[date.fromisoformat(mark["day"]) for mark in sending.marks])}
    for mark in sending.marks:
        day = date.fromisoformat(mark["day"])
        row = rows.get(day) or PortalDay(
            account_id=sending.account_id, property_id=sending.property_id, portal=sending.portal, day=day
        )
        whole = True if days is None else days.get(f"{day:%Y%m%d}")
        row.changed_at = at
        row.state = _state_of(sending, whole=whole)
        if whole:
            row.corrected = row.corrected or (row.held and row.fingerprint != mark["fingerprint"])
            row.held, row.fingerprint, row.accepted_at = True, mark["fingerprint"], at
            row.people = _people({} if replace else row.people, mark)
            if sealed and mark["day"] in sealed:
                row.sealed_held = vault.seal_bytes(sealed[mark["day"]], "flow day")
        elif days is not None and _touched(records, day):
            row.held, row.fingerprint = False, ""
            row.people = _in_part(row.people, mark, records, day)
        row.sending = row.sending or sending
        row.save()
    gone = [tuple(one) for mark in sending.marks for one in mark.get("removed", ())]
    _forget(sending, _removed(gone, records, whole=days is None or State(sending.state) is State.ACCEPTED), at=at)


def _state_of(sending: FlowSending, *, whole: bool | None) -> str:
    if whole:  # by hand: half-way through a list of corrections, or confirmed
        return sending.state if sending.state in (State.HANDED_OVER, State.CONFIRMED) else State.ACCEPTED.value
    return State.REJECTED.value if whole is False else sending.state


def _people(before: Mapping[str, Any], mark: Mark) -> dict[str, Any]:
    """Who is there now: those sent, and those who were there and were not taken out (nobody is removed by silence)."""
    sent = [list(one) for one in mark.get("arrivals", ())]
    named = {one[0] for one in sent} | {one[0] for one in mark.get("removed", ())}
    stay = [one for one in before.get("arrivals", ()) if one[0] not in named]
    return {"arrivals": sent + stay, "departures": list(mark.get("departures", ())), "inputs": mark.get("inputs", "")}


def _touched(records: Sequence[Sequence[Any]], day: date) -> bool:
    """Whether anything of a day may have got there."""
    return any(record[0] == f"{day:%Y%m%d}" and record[3] is not False for record in records)


def _in_part(before: Mapping[str, Any], mark: Mark, records: Sequence[Sequence[Any]], day: date) -> dict[str, Any]:
    """Whom a day taken in part may hold: those who were there, and those who were not refused."""
    refused = {record[2] for record in records if record[0] == f"{day:%Y%m%d}" and record[1] == "arrivo" and record[3] is False}
    came = [list(one) for one in mark.get("arrivals", ()) if one[0] not in refused]
    named = {one[0] for one in came}
    arrivals = came + [one for one in before.get("arrivals", ()) if one[0] not in named]
    return {"arrivals": arrivals, "departures": list(before.get("departures", ())), "inputs": ""}


def _removed(gone: Iterable[tuple[str, ...]], records: Sequence[Sequence[Any]], *, whole: bool) -> list[tuple[str, str]]:
    """Who was taken out: identifier and day of arrival."""
    done = {record[2] for record in records if record[1] == "eliminazione" and record[3] is True}
    return [(one[0], one[2]) for one in gone if whole or one[0] in done]


def _forget(sending: FlowSending, gone: Sequence[tuple[str, str]], *, at: datetime) -> None:
    """Take the removed out of the days on which the portal had them arrive; those days are no longer what they were."""
    sent = {mark["day"]: {one[0] for one in mark.get("arrivals", ())} for mark in sending.marks}
    for day in {day for _, day in gone}:
        row = _rows(sending).filter(day=date.fromisoformat(day)).first()
        if row is None:
            continue
        names = {ident for ident, where in gone if where == day} - sent.get(day, set())
        left = [one for one in row.people.get("arrivals", ()) if one[0] not in names]
        if len(left) == len(row.people.get("arrivals", ())):
            continue
        row.people = {**row.people, "arrivals": left}
        if day not in sent:
            row.fingerprint, row.people["inputs"] = "", ""
        row.changed_at = at
        row.save(update_fields=["people", "fingerprint", "changed_at"])
