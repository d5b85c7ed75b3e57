"""VIT Albergatori, the visitor statistics of Valle d'Aosta: the text that its service takes (spec flussi-turistici 9.7)."""

from __future__ import annotations

from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS"]

FLOWS = (
    FlowFormat(
        key="vit",
        name="VIT Albergatori",
        mode="SHEET",
        version="as a public program writes it, 2026",
        status="press",
        module="locanda.portals.vit.lines",
        suffix=".txt",
        needs=frozenset({"flow_id", "sex", "birth_date", "rooms"}),
        offered=False,
    ),
)
