"""The generic C/59, the daily sheet of ISTAT, for regions whose portal is not known (spec flussi-turistici 5, 11)."""

from __future__ import annotations

from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS"]

FLOWS = (
    FlowFormat(
        key="c59",
        name="C/59",
        mode="NONE",
        version="locanda-1",
        status="unverified",
        module="locanda.portals.c59.sheet",
        suffix=".csv",
        encoding="utf-8-sig",
    ),
)
