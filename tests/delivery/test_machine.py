"""The table of states: no way to ``accepted`` without evidence, no way out of doubt by sending again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.delivery.machine import (
    FINAL,
    OPEN,
    TRANSITIONS,
    Evidence,
    IllegalStep,
    Resend,
    State,
    Step,
    advance,
    may_try_anew,
)  # fmt: skip

steps = st.tuples(st.sampled_from(list(Step)), st.one_of(st.none(), st.sampled_from(list(Evidence))))


@given(st.lists(steps, max_size=40), st.sampled_from(list(Resend)))
def test_every_path(path: list[tuple[Step, Evidence | None]], resend: Resend) -> None:
    """Whatever is thrown at a delivery, acceptance has evidence, and never-portals are never sent to from doubt."""
    state, shown, doubted = State.READY, None, False
    for step, evidence in path:
        try:
            after = advance(state, step, resend=resend, evidence=evidence)
        except IllegalStep:
            continue
        if after in (State.ACCEPTED, State.PARTLY_ACCEPTED, State.REJECTED, State.CONFIRMED, State.SUBSTITUTED):
            shown = evidence
            assert shown is not None
        if resend is Resend.NEVER and doubted:
            assert after not in (State.READY, State.SENDING, State.POSTPONED)
        doubted = doubted or after is State.IN_DOUBT
        state = after
    assert state not in (State.ACCEPTED, State.PARTLY_ACCEPTED) or shown in (
        Evidence.ROW_OUTCOME, Evidence.RECEIPT_COUNT, Evidence.OPERATOR,
    )  # fmt: skip


def test_what_leads_to_accepted() -> None:
    ways = {(line.source, line.evidence) for line in TRANSITIONS if line.target is State.ACCEPTED}
    assert ways == {
        (State.SENDING, Evidence.ROW_OUTCOME),
        (State.IN_DOUBT, Evidence.ROW_OUTCOME),
        (State.IN_DOUBT, Evidence.RECEIPT_COUNT),
        (State.IN_DOUBT, Evidence.OPERATOR),
        (State.BY_HAND, Evidence.RECEIPT_COUNT),
        (State.BY_HAND, Evidence.OPERATOR),
    }


def test_only_sending_can_end_in_doubt_and_only_after_a_mark() -> None:
    assert {line.source for line in TRANSITIONS if line.target is State.IN_DOUBT} == {State.SENDING}
    assert {line.source for line in TRANSITIONS if line.target is State.SENDING} == {State.READY}


def test_sending_again_is_only_for_portals_that_overwrite() -> None:
    assert advance(State.IN_DOUBT, Step.SEND_AGAIN, resend=Resend.OVERWRITES) is State.READY
    with pytest.raises(IllegalStep, match="resend"):
        advance(State.IN_DOUBT, Step.SEND_AGAIN, resend=Resend.NEVER)


def test_another_delivery_only_when_it_is_known_what_was_not_taken() -> None:
    assert {state for state in State if may_try_anew(state)} == {
        State.REJECTED, State.PARTLY_ACCEPTED, State.REFUSED, State.WITHDRAWN,
    }  # fmt: skip


def test_every_state_can_be_reached() -> None:
    reached, before = {State.READY}, set()
    while reached != before:
        before = set(reached)
        reached |= {line.target for line in TRANSITIONS if line.source in reached}
    assert reached == set(State)
    assert set(State) == FINAL | OPEN and State.ACCEPTED in FINAL and State.IN_DOUBT in OPEN


@pytest.mark.parametrize("evidence", [None, Evidence.OPERATOR, Evidence.RECEIPT_COUNT])
def test_an_answer_needs_its_own_evidence(evidence: Evidence | None) -> None:
    with pytest.raises(IllegalStep, match="evidence"):
        advance(State.SENDING, Step.ALL_ACCEPTED, resend=Resend.NEVER, evidence=evidence)
