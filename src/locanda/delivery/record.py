"""Writing what happened to a delivery: its state, its rows, its exchanges, its event. One transaction a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from locanda.archive import chain
from locanda.archive.models import Alarm, Delivery, DeliveryRow, Exchange, PoliceCredential, Segment
from locanda.archive.vault import Box, Vault
from locanda.core.problems import Problem
from locanda.delivery.machine import Evidence, Resend, State, Step, advance
from locanda.portals import registered
from locanda.portals.alloggiati.client import Exchange as WireExchange
from locanda.portals.alloggiati.soap import Esito

__all__ = ["NoEvidence", "clear_alarm", "raise_alarm", "step", "store_exchanges", "store_rows"]

_SETTLED = frozenset({State.ACCEPTED, State.SUBSTITUTED, State.CONFIRMED})


class NoEvidence(RuntimeError):
    """A person's word about a delivery or a receipt that proves nothing, or does not hold; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def step(
    delivery: Delivery,
    what: Step,
    *,
    at: datetime,
    actor: str,
    evidence: Evidence | None = None,
    note: str = "",
    changes: Mapping[str, Any] | None = None,
    secret: Mapping[str, Any] | None = None,
) -> None:
    """Move a delivery one step, with its event. Call it inside a transaction; the row is locked and read afresh."""
    fresh = Delivery.objects.of(delivery.account_id).select_for_update(no_key=True).get(pk=delivery.pk)
    resend = Resend(registered()[fresh.portal].resend)
    before = State(fresh.state)
    after = advance(before, what, resend=resend, evidence=evidence)
    values: dict[str, Any] = {"state": after.value, **(changes or {})}
    if evidence is not None:
        values |= {"evidence": evidence.value, "evidence_note": note[:300]}
    if after in _SETTLED or after is State.PARTLY_ACCEPTED:
        values["settled_at"] = at
    for name, value in values.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=list(values))
    if after in _SETTLED and not _rows_still_owed(delivery):
        Segment.objects.of(delivery.account_id).filter(pk=delivery.segment_id, settled_at=None).update(settled_at=at)
        for kind in ("term_near", "term_passed"):
            clear_alarm(delivery.account, kind, f"segment:{delivery.segment_id}", at=at)
    chain.append(
        delivery.account,
        f"delivery.{what.value}",
        at=at,
        actor=actor,
        subject=f"delivery:{delivery.pk}",
        data={
            "from": before.value,
            "to": after.value,
            "evidence": evidence.value if evidence else None,
            "digest": delivery.digest,
            "rows": delivery.row_count,
            "simulated": delivery.simulated,
            **({"error": values["last_error"]} if values.get("last_error") else {}),
        },
        party=delivery.party if secret is not None else None,
        secret=secret,
    )


def _rows_still_owed(delivery: Delivery) -> bool:
    """Whether some guest of the segment stands in no accepted row yet (a correction may cover only part of the party)."""
    # whoever left before a follow-up began stands in none of its deliveries, and is not owed
    rows = DeliveryRow.objects.of(delivery.account_id).filter(delivery__segment=delivery.segment_id)
    taken = Q(outcome=DeliveryRow.Outcome.ACCEPTED) | Q(delivery__state__in=[state.value for state in _SETTLED])
    return rows.filter(taken).values("guest").distinct().count() < rows.values("guest").distinct().count()


def store_rows(delivery: Delivery, outcomes: Sequence[Esito], *, sent: bool, box: Box) -> None:
    """Keep the portal's word for every row, after a Test or a Send."""
    good = DeliveryRow.Outcome.ACCEPTED if sent else DeliveryRow.Outcome.VALID
    rows = list(DeliveryRow.objects.of(delivery.account_id).filter(delivery=delivery).order_by("index"))
    for row, outcome in zip(rows, outcomes, strict=True):
        row.outcome = good if outcome.ok else DeliveryRow.Outcome.REFUSED
        row.code, row.name = outcome.code[:16], outcome.name[:80]
        row.sealed_detail = box.seal(outcome.detail, "row detail") if outcome.detail else None
    DeliveryRow.everywhere.bulk_update(rows, ["outcome", "code", "name", "sealed_detail"])


def store_exchanges(
    credential: PoliceCredential,
    exchanges: Iterable[WireExchange],
    *,
    delivery: Delivery | None = None,
    box: Box | None = None,
) -> None:
    """Keep raw calls: those that carry guests under the party's key, the others under the account's.

    A Test or Send whose party is not at hand keeps its place and its hours but no body: guests never stand under a key
    that outlives them.
    """
    vault: Box = Vault(credential.account)
    made = []
    for call in exchanges:
        guests = call.operation.endswith(("Test", "Send")) and call.operation != "Authentication_Test"
        carries = guests and delivery is not None and box is not None
        key = box if carries and box is not None else vault
        request, response = (b"", None) if guests and not carries else (call.request, call.response)
        made.append(
            Exchange(
                account=credential.account,
                credential=credential,
                delivery=delivery if carries else None,
                operation=call.operation,
                started_at=call.started,
                ended_at=call.ended,
                status=call.status,
                error=(call.error or "").split(":")[0][:40],
                sealed_request=key.seal_bytes(request, "exchange"),
                sealed_response=None if response is None else key.seal_bytes(response, "exchange"),
            )
        )
    Exchange.everywhere.bulk_create(made)


def raise_alarm(account: Any, kind: str, subject: str, *, at: datetime, facts: Mapping[str, Any] | None = None) -> bool:
    """Tell somebody; False when the same alarm is already open."""
    with transaction.atomic():
        _, new = Alarm.everywhere.get_or_create(
            account=account,
            kind=kind,
            subject=subject,
            cleared_at=None,
            defaults={"raised_at": at, "facts": dict(facts or {})},
        )
        if new:
            chain.append(account, f"alarm.{kind}", at=at, actor=chain.ENGINE, subject=subject, data=dict(facts or {}))
    return new


def clear_alarm(account: Any, kind: str, subject: str, *, at: datetime) -> None:
    """The alarm no longer holds."""
    Alarm.objects.of(account).filter(kind=kind, subject=subject, cleared_at=None).update(cleared_at=at)
