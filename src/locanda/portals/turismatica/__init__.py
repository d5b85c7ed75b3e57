"""Turismatica (TOLM), the visitor statistics of Umbria: a text of fixed columns for each day (L.R. Umbria 23/2024; spec 9.2)."""

from __future__ import annotations

from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS"]

FLOWS = (
    FlowFormat(
        key="turismatica",
        name="Turismatica",
        mode="FILE",
        version="as quoted by a public program, 2026",
        status="press",
        module="locanda.portals.turismatica.day",
        suffix=".txt",
        encoding="latin-1",
        one_day=True,
    ),
)
