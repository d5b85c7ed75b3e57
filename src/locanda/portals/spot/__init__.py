"""SPOT, the visitor statistics of Puglia (L.R. Puglia 49/2017; spec flussi-turistici 7)."""

from __future__ import annotations

from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS"]

FLOWS = (
    FlowFormat(
        key="spot",
        name="SPOT",
        mode="FILE",
        version="0.6",
        status="official",
        module="locanda.portals.spot.movements",
        suffix=".xml",
        needs=frozenset({"flow_id", "role", "sex", "birth_date", "citizenship", "rooms"}),
        uses=frozenset({"tourism", "transport", "channel", "education", "occupies_bed"}),
    ),
)
