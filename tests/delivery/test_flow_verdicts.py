"""What an answer means: never more than what was said (spec flussi-turistici 6.6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.delivery.flow_verdicts import OVERTAKEN, SILENT, judged, opened, told
from locanda.delivery.machine import Step
from locanda.portals.ross1000.outcomes import Outcome, StructureOutcome

DAYS = ("20260601", "20260602", "20260603")
RECORDS = st.lists(
    st.builds(
        Outcome, st.sampled_from(DAYS), st.sampled_from(["arrivo", "partenza", "eliminazione"]), st.text("ABC", min_size=1),
        st.sampled_from([True, False, None]), st.sampled_from(["", "no"]),
    ),
    max_size=6,
)  # fmt: skip
OUTCOMES = st.builds(
    StructureOutcome, st.just("X"), RECORDS.map(tuple), st.sampled_from([(), ("20260610",)]), st.integers(0, 1),
    st.sampled_from(["", "", "errore"]), st.booleans(),
)  # fmt: skip


@given(OUTCOMES, st.booleans())
def test_only_a_yes_for_everything_is_acceptance(outcome: StructureOutcome, again: bool) -> None:
    verdict = judged(outcome, again=again)
    said = [one.success for one in outcome.records if not (again and one.kind == "eliminazione" and one.success is False)]
    if verdict.step is Step.ALL_ACCEPTED:
        assert not outcome.error and None not in said and False not in said and verdict.refused == verdict.unknown == 0
        assert all(verdict.days.values())
    for record in outcome.records:
        if record.success is None:
            assert verdict.days[record.day] is not True
    if verdict.step is Step.NONE_ACCEPTED:
        assert True not in said
    if False in said or outcome.error:
        assert verdict.step is not Step.ALL_ACCEPTED
        assert verdict.days.get("20260610") is not True


@given(OUTCOMES)
def test_an_outcome_comes_back_as_it_was_kept(outcome: StructureOutcome) -> None:
    back = opened(told(outcome))
    assert (back.records, back.silent_days, back.strangers, back.error) == (
        outcome.records, outcome.silent_days, outcome.strangers, outcome.error,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("strangers", "named", "step"),
    [(0, True, Step.ALL_ACCEPTED), (1, True, Step.ANSWER_LOST), (0, False, Step.ANSWER_LOST)],
)
def test_silent_days_alone(strangers: int, named: bool, step: Step) -> None:
    verdict = judged(StructureOutcome("X", (), ("20260601",), strangers, "", named), again=False)
    assert verdict.step is step and (SILENT in verdict.notes) == (step is Step.ALL_ACCEPTED)


@pytest.mark.parametrize(("again", "step"), [(False, Step.NONE_ACCEPTED), (True, Step.ALL_ACCEPTED)])
def test_a_removal_refused_after_a_lost_answer_had_been_done(again: bool, step: Step) -> None:
    gone = Outcome("20260601", "eliminazione", "A", False, "Record non trovato")
    verdict = judged(StructureOutcome("X", (gone,), ()), again=again)
    assert verdict.step is step and (OVERTAKEN in verdict.notes) == again
