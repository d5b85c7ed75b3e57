"""RIMOVCLI, the visitor statistics of Liguria: the C/59 of a day in XML (DGR Liguria 549/2013; spec 9.1)."""

from __future__ import annotations

from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS"]

FLOWS = (
    FlowFormat(
        key="rimovcli",
        name="RIMOVCLI",
        mode="FILE",
        version="as a public program writes it, 2026",
        status="press",
        module="locanda.portals.rimovcli.day",
        suffix=".xml",
        portal_id="rimovcli",
        one_day=True,
        offered=False,
    ),
)
