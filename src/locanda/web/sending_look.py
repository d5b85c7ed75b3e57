"""Sendings of visitor statistics as pages show them: the state in words, what to do next, and whom an outcome is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import FlowSending
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.delivery.flow_verdicts import OVERTAKEN, SILENT, opened
from locanda.delivery.machine import Evidence, State
from locanda.office.statistics import hand_steps
from locanda.office.statistics.people import Whom, whom
from locanda.office.statistics.preparing import Prepared
from locanda.office.statistics.sendings import siblings
from locanda.web.tax_look import Told, tell
from locanda.web.time_words import short_date
from locanda.web.words import language, say

__all__ = [
    "FLOW_STATES", "Outcome", "StateSeen", "StepSeen", "Trouble", "evidence_notes", "evidence_words", "notes_of", "outcomes_of",
    "period_of_days", "steps_seen", "troubles", "word_of",
]  # fmt: skip

FLOW_STATES = (
    State.READY, State.POSTPONED, State.SENDING, State.IN_DOUBT, State.ACCEPTED, State.PARTLY_ACCEPTED, State.REJECTED,
    State.HANDED_OVER, State.CONFIRMED, State.REFUSED, State.WITHDRAWN,
)  # fmt: skip
"""Those that a sending of statistics can rest in."""
_TONES = {
    State.ACCEPTED: "good", State.CONFIRMED: "good", State.REJECTED: "trouble", State.PARTLY_ACCEPTED: "trouble",
    State.REFUSED: "trouble", State.READY: "todo", State.HANDED_OVER: "todo",
}  # fmt: skip
_SHOWN = 60


class StateSeen(NamedTuple):
    """A state in words, with its tone and its sign."""

    title: str
    more: str
    tone: str
    icon: str


class Outcome(NamedTuple):
    """What the portal said of a record; ``who`` is None where nobody of ours bears that identifier any more."""

    what: str
    day: date | None
    ident: str
    answer: str
    error: str
    who: Whom | None


class StepSeen(NamedTuple):
    """A correction to make by hand, and whom it is about."""

    place: int
    words: str
    done: bool
    who: Whom | None


class Trouble(NamedTuple):
    """A problem in words, with the page where it is mended: a stay, or a property."""

    told: Told
    stay: UUID | None


def word_of(sending: FlowSending) -> StateSeen:
    """Where it stands."""
    state = State(sending.state)
    by_hand = sending.mode != "WS" and state in (State.READY, State.HANDED_OVER, State.CONFIRMED)
    key = f"{state.value}_steps" if sending.kind == FlowSending.Kind.STEPS and by_hand else state.value
    more = f"flow_sent_more.{key}_hand" if by_hand and key == state.value else f"flow_sent_more.{key}"
    icons = {"good": "check", "trouble": "warn", "todo": "send"}
    tone = _TONES.get(state, "wait")
    return StateSeen(say(f"flow_sent.{key}"), say(more), tone, icons.get(tone, "clock"))


def period_of_days(first: date, last: date) -> str:
    """``3–7 giugno 2026``, in the language of the page."""
    return short_date(first) if first == last else say("flow_page.days", first=short_date(first), last=short_date(last))


def outcomes_of(sending: FlowSending) -> tuple[list[Outcome], list[str]]:
    """The records that the portal refused or said nothing of, and what it said of the whole."""
    if sending.sealed_outcomes is None or sending.mode != "WS":
        return [], []
    kept = opened(Vault(sending.account).open(sending.sealed_outcomes, "flow outcomes"))
    wrong = [record for record in kept.records if record.success is not True]
    people = whom([sending.property], sending.first, sending.last) if wrong else {}
    made = [
        Outcome(
            say(f"flow_record.{record.kind}"), _day(record.day), record.idswh,
            "refused" if record.success is False else "unknown", record.error, people.get(record.idswh),
        )
        for record in wrong[:_SHOWN]
    ]  # fmt: skip
    return made, [kept.error] if kept.error else []


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def steps_seen(sending: FlowSending) -> list[StepSeen]:
    """The list of corrections."""
    ticked = hand_steps.steps_of(sending)
    if not ticked:
        return []
    rows = [one.property for one in siblings(sending)]
    people = whom(rows, sending.first, sending.last)
    return [
        StepSeen(place, one.step.words(language()), one.done, people.get(one.step.guest))
        for place, one in enumerate(ticked)
    ]  # fmt: skip


def notes_of(sending: FlowSending) -> list[Told]:
    """What was assumed, and what the portal will show."""
    kept = [Problem(code, where, tuple((name, value) for name, value in facts)) for code, where, facts in sending.notes]
    return tell(dict.fromkeys(kept))


def evidence_notes(sending: FlowSending) -> list[str]:
    """On what an acceptance rests beside the outcomes, or why it was refused."""
    if sending.state in (State.REFUSED,):
        return [sending.evidence_note] if sending.evidence_note else []
    known = {SILENT: "flow_page.silent", OVERTAKEN: "flow_page.overtaken"}
    return [say(known[one]) for one in sending.evidence_note.split(",") if one in known]


def evidence_words(sending: FlowSending) -> str:
    """Why we believe that the portal has it; of days without guests alone it never said so of anybody."""
    if sending.evidence not in (Evidence.ROW_OUTCOME, Evidence.OPERATOR):
        return ""
    people = sending.arrivals + sending.departures + sum(len(mark.get("removed", ())) for mark in sending.marks)
    silent = sending.evidence == Evidence.ROW_OUTCOME and not people
    return say("flow_evidence.silent") if silent else say(f"flow_evidence.{sending.evidence}")


def troubles(told: Prepared) -> list[Trouble]:
    """Every problem that stands in the way, with the stay it is about."""
    return [Trouble(one, _stay(problem, told)) for problem, one in zip(told.problems, tell(told.problems), strict=True)]


def _stay(problem: Problem, told: Prepared) -> UUID | None:
    where: Sequence[str] = problem.where.split(".")
    starts: Iterable[str] = (".".join(where[:count]) for count in (1, 2))
    return next((told.stays[start] for start in starts if start in told.stays), None)
