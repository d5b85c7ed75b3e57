"""DTU/STU, the visitor statistics of Trento: the ``c59`` of a day for its service (spec flussi-turistici 9.6)."""

from __future__ import annotations

from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS"]

FLOWS = (
    FlowFormat(
        key="c59-v4",
        name="DTU Trento",
        mode="SHEET",
        version="C59 V4",
        status="unverified",
        module="locanda.portals.trento.day",
        suffix=".xml",
        one_day=True,
        offered=False,
    ),
)
