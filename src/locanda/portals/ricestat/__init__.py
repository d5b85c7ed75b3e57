"""Ricestat, the visitor statistics of most of Toscana: bodies of its service (L.R. Toscana 61/2024 art. 72; spec 9.5)."""

from __future__ import annotations

from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS"]

FLOWS = (
    FlowFormat(
        key="ricestat",
        name="Ricestat",
        mode="SHEET",
        version="MTO_SchedineRQ, as published by the supplier",
        status="press",
        module="locanda.portals.ricestat.guests",
        suffix=".xml",
        needs=frozenset({"flow_id", "role", "sex", "birth_date", "citizenship", "birth_place", "rooms"}),
        uses=frozenset({"tourism", "transport", "channel"}),
        portal_id="ricestat",
        offered=False,
    ),
)
