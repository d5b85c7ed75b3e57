"""Users of statistics services: kept sealed, shared by as many properties as they serve, tried with a call that sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Account, FlowCredential, FlowSending, Person, Property
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.delivery.flow_courier import FlowCouriers
from locanda.delivery.flow_record import store_exchanges
from locanda.delivery.machine import State
from locanda.delivery.record import clear_alarm
from locanda.office.clock import now as office_now
from locanda.office.statistics.home import FlowService, service_of
from locanda.portals.errors import PortalError

__all__ = ["address_of", "code_problem", "flow_settings", "save", "try_out"]

_CODE_MAX = 20


def address_of(credential: FlowCredential) -> str:
    """Where the service of a credential is: as the packs of its properties have it; empty when none says, or they disagree."""
    on = rome_day(office_now())
    rows = Property.objects.of(credential.account_id).filter(flow_credential=credential, closed_at=None)
    services = [service_of(row, on) for row in rows]
    found = {one.service for one in services if one.portal == credential.portal and one.sends}
    return found.pop() if len(found) == 1 else ""


def save(
    account: Account, *, label: str, portal: str, keys: Mapping[str, str] | None, now: datetime, by: Person | None,
    credential: FlowCredential | None = None, endpoint: str = "",
) -> FlowCredential:  # fmt: skip
    """Keep user and transmission password, sealed. ``keys`` None leaves those that are there."""
    with transaction.atomic():
        row = credential or FlowCredential(account=account, created_at=now)
        row.label, row.portal, row.endpoint = label[:120], portal, endpoint
        if keys is not None:
            row.sealed_keys = Vault(account).seal({name: keys[name] for name in ("user", "password")}, "flow keys")
            row.stopped_why, row.tested_at, row.tested_ok, row.test_answer = "", None, None, ""
        row.save()
        data = {"portal": portal, "keys": keys is not None}
        actor = chain.actor_of(by, nobody="cli")
        chain.append(account, "flow_credential.saved", at=now, actor=actor, subject=f"flow_credential:{row.pk}", data=data)
    if keys is not None:
        _goes_on(row, now)
    return row


def _goes_on(credential: FlowCredential, now: datetime) -> None:
    """What waited for the credentials to be mended goes on by itself."""
    for kind in ("flow_credentials_refused", "flow_not_set"):
        clear_alarm(credential.account, kind, f"flow_credential:{credential.pk}", at=now)
    waiting = FlowSending.objects.of(credential.account_id).filter(
        credential=credential, state=State.POSTPONED, last_error="CredentialsRefused", next_attempt_at=None
    )
    waiting.update(next_attempt_at=now)


def try_out(credential: FlowCredential, couriers: FlowCouriers, *, now: datetime) -> PortalError | None:
    """Have user and password judged; nothing is sent. None when they are taken."""
    courier = couriers.of(credential)
    error: PortalError | None = None
    try:
        courier.check()
    except PortalError as problem:
        error = problem
    finally:
        courier.close()
    credential.tested_at, credential.tested_ok = now, error is None
    credential.test_answer = "" if error is None else str(error)[:300]
    if error is None:
        credential.stopped_why = ""
    with transaction.atomic():
        store_exchanges(credential, courier.take_exchanges())
        credential.save(update_fields=["tested_at", "tested_ok", "test_answer", "stopped_why"])
        data = {"ok": error is None, "error": type(error).__name__ if error else ""}
        subject = f"flow_credential:{credential.pk}"
        chain.append(credential.account, "flow_credential.tested", at=now, actor=chain.ENGINE, subject=subject, data=data)
    if error is None:
        _goes_on(credential, now)
    return error


def code_problem(service: FlowService, code: str) -> Problem | None:
    """Why a code cannot be the one by which the portal knows a property."""
    fits = len(code) <= _CODE_MAX and code.isprintable() and not any(letter.isspace() for letter in code) and "<" not in code
    return None if fits else Problem.of("statistics.code.unfit", "code", value=code[:40], limit=_CODE_MAX, portal=service.name)


def flow_settings(
    property: Property, *, code: str, format: str, credential: FlowCredential | None, auto: bool, now: datetime,
    by: Person | None,
) -> list[Problem]:  # fmt: skip
    """Keep by which code, in which format and with which user the statistics of a property go."""
    service = service_of(property, rome_day(now))
    code = code.strip()
    problem = code_problem(service, code)
    if problem is not None:
        return [problem]
    wanted: dict[str, Any] = {
        "portal_ids": dict(property.portal_ids or {}), "flow_format": format,
        "flow_credential": credential, "flow_auto": auto and credential is not None,
    }  # fmt: skip
    key = "spot" if service.format.key == "spot" else service.format.portal_id
    if key is not None:  # the code was asked for the format that is used until now
        wanted["portal_ids"] |= {key: code}
        if not code:
            del wanted["portal_ids"][key]
    with transaction.atomic():
        for name, value in wanted.items():
            setattr(property, name, value)
        property.save(update_fields=list(wanted))
        used = str(credential.pk) if credential else ""
        data = {"format": format, "code": bool(code), "credential": used, "auto": property.flow_auto}
        actor = chain.actor_of(by, nobody="cli")
        chain.append(property.account, "property.flows", at=now, actor=actor, subject=f"property:{property.pk}", data=data)
    return []
