"""Sinfonia SMART, the visitor statistics of Campania: JSON bodies of its service (L.R. Campania 16/2019 art. 13; spec 9.4)."""

from __future__ import annotations

from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS"]

FLOWS = (
    FlowFormat(
        key="sinfonia",
        name="Sinfonia SMART",
        mode="SHEET",
        version="API 1.3.0",
        status="press",
        module="locanda.portals.sinfonia.days",
        suffix=".json",
        offered=False,
    ),
)
