"""ABIT, the portal of the province of Sondrio: typed by hand, no import is documented (L.R. Lombardia 27/2015; spec 8)."""

from __future__ import annotations

from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS"]

FLOWS = (
    FlowFormat(
        key="abit",
        name="ABIT",
        mode="SHEET",
        version="locanda-1",
        status="unverified",
        module="locanda.portals.abit.sheet",
        suffix=".csv",
        needs=frozenset({"flow_id", "role", "sex", "birth_date", "citizenship", "rooms"}),
        encoding="utf-8-sig",
    ),
)
