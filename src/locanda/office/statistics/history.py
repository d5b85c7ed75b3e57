"""What was made for a day or a month, sent, taken or refused: the history that the pages show (spec flussi-turistici 3)."""

from __future__ import annotations

from datetime import date

from locanda.archive.models import FlowSending, Property

__all__ = ["day_sendings", "span_sendings"]

_SEALED = ("sealed_file", "sealed_outcomes", "sealed_proof", "sealed_proof_name", "notes")


def span_sendings(property: Property, first: date, last: date) -> list[FlowSending]:
    """Every sending that touches these days, the newest first."""
    rows = FlowSending.objects.of(property.account_id).filter(property=property, first__lte=last, last__gte=first)
    listed = rows.select_related("created_by", "confirmed_by").defer(*_SEALED)
    return list(listed.order_by("-created_at", "-position"))


def day_sendings(property: Property, day: date) -> list[FlowSending]:
    """Those that carried a day."""
    wanted = day.isoformat()
    return [row for row in span_sendings(property, day, day) if any(one.get("day") == wanted for one in row.marks)]
