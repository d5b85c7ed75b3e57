"""Osservatorio Turistico, the visitor statistics of Sicilia: bodies of its service (D.A. Sicilia 25/07/2014; spec 9.3)."""

from __future__ import annotations

from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS"]

FLOWS = (
    FlowFormat(
        key="turistat",
        name="Osservatorio Turistico Sicilia",
        mode="SHEET",
        version="protocol 1.0.7, 2025-04-03",
        status="press",
        module="locanda.portals.turistat.stays",
        suffix=".xml",
        needs=frozenset({"flow_id", "role", "sex", "birth_date", "citizenship", "birth_place", "rooms"}),
        uses=frozenset({"occupies_bed"}),
        portal_id="turistat",
        offered=False,
    ),
)
