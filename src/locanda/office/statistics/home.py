"""Which statistics portal a property answers to, and what is really done with it (spec flussi-turistici 1 and 10).

The pack says portal, modes and format; the operator may choose another format where a region has two systems, and says by
which code the portal knows the property. A format that is not offered falls back to the generic sheet: no more is promised
than is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Account, Property
from locanda.core.problems import Problem
from locanda.law.packs import PortalEntry, Statistics
from locanda.office.overrides import Rules
from locanda.portals.flows import FlowFormat, Mode, flow_formats

__all__ = ["SHEET", "FlowService", "service_of", "services_of"]

SHEET = "c59"
"""The generic sheet, where a portal takes nothing that is known well enough."""


class FlowService(NamedTuple):
    """The statistics of one property: portal, format, what is done, and what is missing for it."""

    portal: str
    """Id in the packs; empty where no pack knows the comune."""
    name: str
    url: str
    pack: Statistics | None
    format: FlowFormat
    mode: Mode
    """What is really done: sent, written to a file, typed from a sheet."""
    choices: tuple[str, ...]
    """Keys of the formats an operator may choose from; the first is the pack's."""
    service: str
    """Address of the web service, where there is one."""
    code: str
    """By which the portal knows the property; empty when the format needs none or nobody said."""
    problems: tuple[Problem, ...] = ()
    """What keeps it from working, all at once."""
    notes: tuple[Problem, ...] = ()

    @property
    def sends(self) -> bool:
        """Whether days can go by themselves."""
        return self.mode == "WS"


def service_of(property: Property, on: date, rules: Rules | None = None) -> FlowService:
    """The statistics of a property as the packs have them on a day."""
    chain = (rules or Rules(property.account_id)).of(property, on)
    pack = chain.statistics() if chain is not None else None
    entry = chain.portal(pack.portal, on) if chain is not None and pack is not None else None
    return _service(property, pack, entry)


def services_of(account: Account | UUID, properties: Iterable[Property], on: date) -> dict[UUID, FlowService]:
    """The same for many; the operator's own rules are read once."""
    rules = Rules(account)
    return {row.pk: service_of(row, on, rules) for row in properties}


def _service(property: Property, pack: Statistics | None, entry: PortalEntry | None) -> FlowService:
    known = flow_formats()
    told = (pack.format, *(other.format for other in pack.also)) if pack is not None else ()
    offered = tuple(dict.fromkeys(key for key in (*told, SHEET) if key and key in known and known[key].offered))
    wanted = property.flow_format if property.flow_format in offered else offered[0]
    format = known[wanted]
    other = next((one for one in pack.also if one.format == wanted), None) if pack is not None else None
    modes = () if pack is None else other.mode if other is not None else pack.mode
    service = ("" if pack is None else (other.service if other is not None else pack.service)) or ""
    notes = []
    if pack is not None and pack.format and wanted == SHEET and pack.format != SHEET:
        notes.append(Problem.of("statistics.format.not_offered", "", portal=pack.portal))
    if pack is None:
        notes.append(Problem("statistics.portal.unknown", "property.comune"))
    code = str((property.portal_ids or {}).get(format.portal_id or "", "")).strip()
    return FlowService(
        pack.portal if pack else "", entry.name if entry else pack.portal if pack else "",
        (entry.url or "") if entry else "", pack, format, _mode(format, modes, service), offered, service, code,
        tuple(_missing(property, format, code)), tuple(notes),
    )  # fmt: skip


def _mode(format: FlowFormat, modes: tuple[str, ...], service: str) -> Mode:
    """What the format does, where the pack knows the service; else the file of it."""
    if format.mode == "WS":
        return "WS" if "WS" in modes and service else "FILE"
    return format.mode


def _missing(property: Property, format: FlowFormat, code: str) -> Iterable[Problem]:
    if format.portal_id is not None and not code:
        yield Problem.of("statistics.code.missing", f"portal_ids.{format.portal_id}", portal=format.name)
    if property.rooms is None and property.let_as != "whole":
        yield Problem.of("statistics.capacity.missing", "rooms", key="rooms")
    if property.beds is None:
        yield Problem.of("statistics.capacity.missing", "beds", key="beds")
