"""What an answer of a statistics service means for what was sent (spec flussi-turistici 6.6). Pure.

Success of a sending is a yes for every record of it. A record of which nothing is said is unknown, whatever the HTTP status; then
the sending is in doubt and goes again, which overwrites. Days without guests have no outcome at all: they count as accepted
only beside an answer that was understood and refused nothing, and the note says that this is the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from locanda.delivery.machine import Step
from locanda.portals.ross1000.outcomes import Outcome, StructureOutcome

__all__ = ["OVERTAKEN", "SILENT", "Verdict", "judged", "opened", "told"]

SILENT = "silent"
"""Note: some days were without guests, and of those the service says nothing."""
OVERTAKEN = "overtaken"
"""Note: a removal was refused when it was sent again after a lost answer: the first one had done it."""
_REMOVAL = "eliminazione"


class Verdict(NamedTuple):
    """The step to make, what it rests on, and of each day whether the portal has it now (None: not known)."""

    step: Step
    notes: tuple[str, ...]
    refused: int
    unknown: int
    days: Mapping[str, bool | None]


def judged(outcome: StructureOutcome, *, again: bool) -> Verdict:
    """``again``: an earlier attempt may have been processed, though its answer was lost."""
    overtaken = {
        place for place, record in enumerate(outcome.records)
        if again and record.kind == _REMOVAL and record.success is False
    }  # fmt: skip
    said = [True if place in overtaken else record.success for place, record in enumerate(outcome.records)]
    refused, unknown, accepted = said.count(False), said.count(None), said.count(True)
    if outcome.error:
        step = Step.SOME_ACCEPTED if accepted else Step.NONE_ACCEPTED
    elif refused:
        step = Step.SOME_ACCEPTED if accepted else Step.ANSWER_LOST if unknown else Step.NONE_ACCEPTED
    elif unknown or (not said and (outcome.strangers or not outcome.named)):
        step = Step.ANSWER_LOST
    else:
        step = Step.ALL_ACCEPTED
    notes = ([SILENT] if outcome.silent_days else []) + ([OVERTAKEN] if overtaken else [])
    whole = step is Step.ALL_ACCEPTED
    days: dict[str, bool | None] = dict.fromkeys(outcome.silent_days, True if whole else None)
    for record, success in zip(outcome.records, said, strict=True):
        before = days.get(record.day, True)
        days[record.day] = False if False in (before, success) else None if None in (before, success) else True
    return Verdict(step, tuple(notes) if whole else (), refused, unknown, days)


def told(outcome: StructureOutcome) -> dict[str, Any]:
    """An outcome as it is kept."""
    return {
        "records": [list(record) for record in outcome.records], "silent": list(outcome.silent_days), "error": outcome.error,
        "strangers": outcome.strangers,
    }  # fmt: skip


def opened(kept: Mapping[str, Any]) -> StructureOutcome:
    """An outcome that was kept."""
    records = tuple(Outcome(*record) for record in kept.get("records", ()))
    return StructureOutcome("", records, tuple(kept.get("silent", ())), kept.get("strangers", 0), kept.get("error", ""))
