"""The states of a delivery as one pure table.

Nothing becomes ``accepted`` without evidence: the portal's answer for every row (``row_outcome``), a receipt whose counts
allow one explanation only (``receipt_count``), or a person who looked at the portal (``operator``). For a portal that
declares ``resend = never`` a delivery in doubt is never sent again: it is settled, or it goes by hand.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "FINAL",
    "OPEN",
    "TRANSITIONS",
    "Evidence",
    "IllegalStep",
    "Resend",
    "State",
    "Step",
    "Transition",
    "advance",
    "may_try_anew",
]


class State(StrEnum):
    """Where a delivery stands."""

    READY = "ready"
    POSTPONED = "postponed"  # the portal could not be reached, or refused the call as a whole: nothing was handed over
    SENDING = "sending"
    IN_DOUBT = "in_doubt"  # the call left and no answer is known
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    REJECTED = "rejected"
    BY_HAND = "by_hand"  # typed on the portal, PEC, fax or paper
    SUBSTITUTED = "substituted"  # the substitute communication is made, and proved
    HANDED_OVER = "handed_over"  # a file given to the operator or to a portal that answers later
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # never left; its data changed or the stay was cancelled


class Step(StrEnum):
    """What can happen to a delivery."""

    TEST_REFUSED = "test_refused"
    SEND_BEGINS = "send_begins"
    PORTAL_DOWN = "portal_down"
    RETRY_DUE = "retry_due"
    CALL_REFUSED = "call_refused"
    ALL_ACCEPTED = "all_accepted"
    SOME_ACCEPTED = "some_accepted"
    NONE_ACCEPTED = "none_accepted"
    ANSWER_LOST = "answer_lost"
    CRASHED = "crashed"
    RECEIPT_SHOWS = "receipt_shows"
    RECEIPT_LACKS = "receipt_lacks"
    OPERATOR_FOUND = "operator_found"
    OPERATOR_FOUND_SOME = "operator_found_some"
    OPERATOR_MISSED = "operator_missed"
    GO_BY_HAND = "go_by_hand"
    SUBSTITUTE_PROVED = "substitute_proved"
    HAND_OVER = "hand_over"
    PORTAL_CONFIRMED = "portal_confirmed"
    PORTAL_REFUSED = "portal_refused"
    SEND_AGAIN = "send_again"
    WITHDRAW = "withdraw"


class Evidence(StrEnum):
    """Why we believe it."""

    ROW_OUTCOME = "row_outcome"
    RECEIPT_COUNT = "receipt_count"
    OPERATOR = "operator"
    SUBSTITUTE = "substitute"  # receipts of the PEC, report of the fax, stamped copy


class Resend(StrEnum):
    """What a portal does with the same data sent twice."""

    NEVER = "never"
    OVERWRITES = "overwrites"


class Transition(NamedTuple):
    """One line of the table. ``evidence``: what must come with it; ``resend``: the only portals that allow it."""

    source: State
    step: Step
    target: State
    evidence: Evidence | None = None
    resend: Resend | None = None


_S, _T, _E = State, Step, Evidence

TRANSITIONS: tuple[Transition, ...] = (
    Transition(_S.READY, _T.TEST_REFUSED, _S.REJECTED, _E.ROW_OUTCOME),
    Transition(_S.READY, _T.PORTAL_DOWN, _S.POSTPONED),
    Transition(_S.READY, _T.CALL_REFUSED, _S.POSTPONED),
    Transition(_S.POSTPONED, _T.RETRY_DUE, _S.READY),
    Transition(_S.READY, _T.SEND_BEGINS, _S.SENDING),
    Transition(_S.SENDING, _T.PORTAL_DOWN, _S.POSTPONED),
    Transition(_S.SENDING, _T.CALL_REFUSED, _S.POSTPONED),
    Transition(_S.SENDING, _T.ALL_ACCEPTED, _S.ACCEPTED, _E.ROW_OUTCOME),
    Transition(_S.SENDING, _T.SOME_ACCEPTED, _S.PARTLY_ACCEPTED, _E.ROW_OUTCOME),
    Transition(_S.SENDING, _T.NONE_ACCEPTED, _S.REJECTED, _E.ROW_OUTCOME),
    Transition(_S.SENDING, _T.ANSWER_LOST, _S.IN_DOUBT),
    Transition(_S.SENDING, _T.CRASHED, _S.IN_DOUBT),
    # an answer that comes after we gave up waiting is still the portal's own word for every row
    Transition(_S.IN_DOUBT, _T.ALL_ACCEPTED, _S.ACCEPTED, _E.ROW_OUTCOME),
    Transition(_S.IN_DOUBT, _T.SOME_ACCEPTED, _S.PARTLY_ACCEPTED, _E.ROW_OUTCOME),
    Transition(_S.IN_DOUBT, _T.NONE_ACCEPTED, _S.REJECTED, _E.ROW_OUTCOME),
    Transition(_S.IN_DOUBT, _T.RECEIPT_SHOWS, _S.ACCEPTED, _E.RECEIPT_COUNT),
    Transition(_S.IN_DOUBT, _T.RECEIPT_LACKS, _S.REJECTED, _E.RECEIPT_COUNT),
    Transition(_S.IN_DOUBT, _T.OPERATOR_FOUND, _S.ACCEPTED, _E.OPERATOR),
    Transition(_S.IN_DOUBT, _T.OPERATOR_FOUND_SOME, _S.PARTLY_ACCEPTED, _E.OPERATOR),
    Transition(_S.IN_DOUBT, _T.OPERATOR_MISSED, _S.REJECTED, _E.OPERATOR),
    Transition(_S.IN_DOUBT, _T.GO_BY_HAND, _S.BY_HAND),
    Transition(_S.IN_DOUBT, _T.SEND_AGAIN, _S.READY, None, Resend.OVERWRITES),
    Transition(_S.READY, _T.GO_BY_HAND, _S.BY_HAND),
    Transition(_S.POSTPONED, _T.GO_BY_HAND, _S.BY_HAND),
    # what an upload refuses is typed in the portal's own form (spec alloggiati-web 1.7)
    Transition(_S.REJECTED, _T.GO_BY_HAND, _S.BY_HAND),
    Transition(_S.BY_HAND, _T.OPERATOR_FOUND, _S.ACCEPTED, _E.OPERATOR),
    Transition(_S.BY_HAND, _T.RECEIPT_SHOWS, _S.ACCEPTED, _E.RECEIPT_COUNT),
    Transition(_S.BY_HAND, _T.SUBSTITUTE_PROVED, _S.SUBSTITUTED, _E.SUBSTITUTE),
    Transition(_S.READY, _T.HAND_OVER, _S.HANDED_OVER),
    Transition(_S.HANDED_OVER, _T.PORTAL_CONFIRMED, _S.CONFIRMED, _E.OPERATOR),
    Transition(_S.HANDED_OVER, _T.PORTAL_REFUSED, _S.REFUSED, _E.OPERATOR),
    Transition(_S.READY, _T.WITHDRAW, _S.WITHDRAWN),
    Transition(_S.POSTPONED, _T.WITHDRAW, _S.WITHDRAWN),
)

_TABLE = {(line.source, line.step): line for line in TRANSITIONS}
if len(_TABLE) != len(TRANSITIONS):
    raise AssertionError("two lines of the table begin alike")

FINAL = frozenset(state for state in State if not any(line.source is state for line in TRANSITIONS))
"""States that nothing leaves."""

OPEN = frozenset(State) - FINAL
"""States in which something is still to happen."""

_MAY_TRY_ANEW = frozenset({State.REJECTED, State.PARTLY_ACCEPTED, State.REFUSED, State.WITHDRAWN})


class IllegalStep(RuntimeError):
    """A step that the table does not allow from this state, for this portal, or without this evidence."""


def advance(state: State, step: Step, *, resend: Resend, evidence: Evidence | None = None) -> State:
    """The state after a step; IllegalStep when there is none."""
    line = _TABLE.get((state, step))
    if line is None:
        raise IllegalStep(f"{step} does not happen to a delivery that is {state}")
    if line.resend is not None and line.resend is not resend:
        raise IllegalStep(f"{step} is not for a portal with resend = {resend}")
    if line.evidence is not evidence:
        raise IllegalStep(f"{step} needs evidence {line.evidence}, not {evidence}")
    return line.target


def may_try_anew(state: State) -> bool:
    """Whether another delivery for the same guests may be made: only when it is known what the portal did not take."""
    return state in _MAY_TRY_ANEW
