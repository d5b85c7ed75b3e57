"""Outcomes without dates, matched by position and identifier; silence is no success (spec flussi-turistici 6.6)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from locanda.portals.ross1000.outcomes import StructureOutcome, matched
from locanda.portals.ross1000.records import Eliminazione, Movimenti, Movimento, Partenza
from locanda.portals.ross1000.soap import DayResult, Result, StructureResult
from tests.contracts.ross1000 import GUEST, HOUSE


def day(number: int, arriving: str = "", leaving: str = "", gone: str = "") -> Movimento:
    return Movimento(
        f"202606{number:02d}", HOUSE, tuple(GUEST._replace(idswh=one) for one in arriving) or None,
        tuple(Partenza(one, "16", "20260601") for one in leaving) or None, None,
        tuple(Eliminazione(one, "16", "20260601") for one in gone) or None,
    )  # fmt: skip


def file(*days: Movimento) -> Movimenti:
    return Movimenti("X00001", "Locanda", days)


def yes(ident: str, kind: str = "arrivo") -> Result:
    return Result(kind, ident, success=True)


def no(ident: str, kind: str = "arrivo") -> Result:
    return Result(kind, ident, success=False, error="no")


def told(sent: Movimenti, *days: DayResult) -> StructureOutcome:
    return matched(sent, StructureResult(None, "", days) if days else None)


def verdicts(outcome: StructureOutcome) -> list[tuple[str, str, str, bool | None]]:
    return [(entry.day[-2:], entry.kind, entry.idswh, entry.success) for entry in outcome.records]


SENT = file(day(1, "AB"), day(2), day(3, "C", "A"), day(4, "", "B", "Z"))


def test_by_position_where_every_day_is_answered() -> None:
    outcome = told(
        SENT, DayResult(None, (yes("A"), no("B"))), DayResult(None), DayResult(None, (yes("C"), yes("A", "partenza"))),
        DayResult(None, (yes("B", "partenza"), yes("Z", "eliminazione"))),
    )  # fmt: skip
    assert verdicts(outcome) == [
        ("01", "arrivo", "A", True), ("01", "arrivo", "B", False), ("03", "arrivo", "C", True), ("03", "partenza", "A", True),
        ("04", "partenza", "B", True), ("04", "eliminazione", "Z", True),
    ]  # fmt: skip
    assert (outcome.silent_days, outcome.strangers, outcome.all_accepted) == (("20260602",), 0, False)
    assert [entry.idswh for entry in outcome.refused] == ["B"]
    assert (outcome.day_accepted("20260601"), outcome.day_accepted("20260602"), outcome.day_accepted("20260603")) == (
        False, None, True,
    )  # fmt: skip


def test_days_without_records_may_be_left_out_of_the_answer() -> None:
    outcome = told(
        SENT, DayResult(None, (yes("A"), yes("B"))), DayResult(None, (yes("C"), yes("A", "partenza"))),
        DayResult(None, (yes("B", "partenza"), yes("Z", "eliminazione"))),
    )  # fmt: skip
    assert outcome.all_accepted


def test_days_that_fit_no_position_are_matched_by_identifiers_in_order() -> None:
    outcome = told(SENT, DayResult(None, (no("C"),)), DayResult(None, (yes("B", "partenza"),)))
    assert [entry[3] for entry in verdicts(outcome)] == [None, None, False, None, True, None]
    assert not outcome.all_accepted and len(outcome.unknown) == 4


def test_the_same_identifier_may_arrive_and_leave() -> None:
    sent = file(day(1, "A"), day(2, "", "A"))
    outcome = told(sent, DayResult(None, (no("A", "partenza"),)))
    assert [entry[3] for entry in verdicts(outcome)] == [None, False]


def test_no_outcome_is_no_success() -> None:
    for outcome in (told(SENT), told(SENT, DayResult(None), DayResult(None), DayResult(None), DayResult(None))):
        assert not outcome.all_accepted and len(outcome.unknown) == 6 and outcome.refused == ()


def test_a_file_of_silent_days_only_is_never_called_accepted() -> None:
    outcome = told(file(day(1), day(2)), DayResult(None), DayResult(None))
    assert (outcome.all_accepted, outcome.silent_days) == (False, ("20260601", "20260602"))


def test_nil_is_neither_yes_nor_no() -> None:
    outcome = told(file(day(1, "A")), DayResult(None, (Result("arrivo", "A", success=None),)))
    assert (outcome.all_accepted, len(outcome.unknown), outcome.strangers) == (False, 1, 0)


def test_outcomes_of_others_are_counted_and_help_nobody() -> None:
    outcome = told(file(day(1, "A")), DayResult(None, (yes("A"), yes("X"))))
    assert verdicts(outcome) == [("01", "arrivo", "A", True)]
    assert outcome.strangers == 1


def test_dates_decide_where_they_are_given() -> None:
    result = StructureResult("X00001", "", (DayResult("20260603", (yes("C"),)), DayResult("20260601", (yes("A"), yes("B")))))
    assert [entry[3] for entry in verdicts(matched(SENT, result))] == [True, True, True, None, None, None]


def test_an_error_of_the_structure_is_no_success() -> None:
    result = StructureResult("X00001", "bloccata", (DayResult("20260601", (yes("A"),)),))
    assert not matched(file(day(1, "A")), result).all_accepted


idents = st.text("ABC", max_size=3).map(lambda text: "".join(dict.fromkeys(text)))
sent_files = st.lists(st.tuples(idents, idents), min_size=1, max_size=5).map(
    lambda rows: file(*[day(number, *row) for number, row in enumerate(rows, 1)])
)


@given(sent_files, st.booleans(), st.data())
def test_whatever_days_are_left_out_the_true_outcomes_come_back(sent: Movimenti, whole: bool, data: st.DataObject) -> None:
    """A service that answers every day, or only those with records, is understood exactly."""
    truth, results = [], []
    for entry in sent.movimenti:
        keys = [("arrivo", guest.idswh or "") for guest in entry.arrivi or ()]
        keys += [("partenza", guest.idswh or "") for guest in entry.partenze or ()]
        said = tuple(Result(*key, success=data.draw(st.booleans())) for key in keys)
        truth += [result.success for result in said]
        if whole or said:
            results.append(DayResult(None, said))
    outcome = matched(sent, StructureResult(None, "", tuple(results)))
    assert [entry.success for entry in outcome.records] == truth
    assert outcome.strangers == 0
    assert outcome.all_accepted is (bool(truth) and all(truth))
