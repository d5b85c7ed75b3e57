"""Writing what happened to a sending of visitor statistics: its state, its days, its exchanges, its event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from locanda.archive import chain
from locanda.archive.models import Alarm, FlowCredential, FlowExchange, FlowSending
from locanda.archive.vault import Vault
from locanda.delivery.held_days import mirror
from locanda.delivery.machine import Evidence, Resend, State, Step, advance
from locanda.portals import registered
from locanda.portals.wire import Exchange

__all__ = ["ALARMS", "SETTLED", "clear_alarms", "resend_of", "step", "store_exchanges"]

ALARMS = ("flow_down", "flow_silent", "flow_refused")
"""What may be wrong with a sending."""
SETTLED = frozenset({State.ACCEPTED, State.PARTLY_ACCEPTED, State.CONFIRMED})
"""States in which the portal took something."""


def resend_of(sending: FlowSending) -> Resend:
    """What the portal does with days that it has: those fed by a file that is no service of ours may take no day twice."""
    portal = registered().get(sending.format.removesuffix("-txt"))
    return Resend(portal.resend) if portal is not None else Resend.NEVER


def step(
    sending: FlowSending,
    what: Step,
    *,
    at: datetime,
    actor: str,
    evidence: Evidence | None = None,
    note: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Move a sending one step, with its days and its event. Inside a transaction; the row is locked and read afresh."""
    fresh = FlowSending.objects.of(sending.account_id).select_for_update(no_key=True).get(pk=sending.pk)
    before = State(fresh.state)
    after = advance(before, what, resend=resend_of(fresh), evidence=evidence)
    values: dict[str, Any] = {"state": after.value, **(changes or {})}
    if evidence is not None:
        values |= {"evidence": evidence.value, "evidence_note": note[:300]}
    if after in SETTLED:
        values["settled_at"] = at
    for name, value in values.items():
        setattr(sending, name, value)
    sending.save(update_fields=list(values))
    mirror(sending, after, at=at)
    data = {
        "from": before.value, "to": after.value, "evidence": evidence.value if evidence else None, "sha256": sending.sha256,
        "first": sending.first.isoformat(), "last": sending.last.isoformat(), "days": sending.days,
        "simulated": sending.simulated,
        **({"batch": str(sending.batch)} if sending.batch else {}),
        **({"error": values["last_error"]} if values.get("last_error") else {}),
    }  # fmt: skip
    chain.append(sending.account, f"flow.{what.value}", at=at, actor=actor, subject=f"flow_sending:{sending.pk}", data=data)


def clear_alarms(sending: FlowSending, *, at: datetime) -> None:
    """The portal has these days now: whatever was wrong with an earlier sending of any of them is over."""
    others = FlowSending.objects.of(sending.account_id).filter(
        property=sending.property_id, portal=sending.portal, first__lte=sending.last, last__gte=sending.first,
        created_at__lte=sending.created_at,
    )  # fmt: skip
    subjects = [f"flow_sending:{pk}" for pk in others.values_list("pk", flat=True)]
    rows = Alarm.objects.of(sending.account_id).filter(kind__in=ALARMS, subject__in=subjects, cleared_at=None)
    rows.update(cleared_at=at)


def store_exchanges(credential: FlowCredential, exchanges: Iterable[Exchange], *, batch: UUID | None = None) -> None:
    """Keep raw calls, sealed; the password is cut out of them already."""
    vault = Vault(credential.account)
    FlowExchange.everywhere.bulk_create(
        FlowExchange(
            account=credential.account, credential=credential, batch=batch, operation=call.operation[:60],
            started_at=call.started, ended_at=call.ended, status=call.status, error=(call.error or "").split(":")[0][:40],
            sealed_request=vault.seal_bytes(call.request, "flow exchange"),
            sealed_response=None if call.response is None else vault.seal_bytes(call.response, "flow exchange"),
        )
        for call in exchanges
    )  # fmt: skip
