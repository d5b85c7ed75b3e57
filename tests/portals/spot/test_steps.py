"""Corrections by hand: from what the portal accepted to what is true, step by step, and nothing forgotten."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from locanda.law.statistics import Movement
from locanda.portals.spot.movements import encode, read, write
from locanda.portals.spot.rules import judge
from locanda.portals.spot.steps import Step, applied, corrections, truth_for
from locanda.portals.spot.values import Day, File
from tests.portals.spot.scene import guest, moved, stay

FIRST = date(2027, 3, 1)


def accepted(movement: Movement) -> File:
    written = write(movement)
    assert written.data is not None, written.problems
    values: File = read(written.data).values
    return values


def steps(before: list[dict[str, Any]], after: list[dict[str, Any]], **more: Any) -> tuple[File, File, tuple[Step, ...]]:
    held = accepted(moved(before, **more))
    truth = truth_for(held, moved(after, accepted_until="2027-03-10")).file
    assert truth is not None
    return held, truth, corrections(held, truth)


def same(file: File) -> list[Day]:
    """Days without what does not matter: the order inside a day, and the line of the file."""
    return [
        day._replace(
            line=0,
            arrivals=tuple(
                arrival._replace(members=tuple(sorted(arrival.members)))
                for arrival in sorted(day.arrivals or (), key=lambda arrival: arrival.person.code)
            ),
            departures=tuple(sorted(day.departures or ())),
        )
        for day in file.days
    ]  # fmt: skip


def test_nothing_wrong_is_nothing_to_do() -> None:
    stays = [stay("S1", "2027-02-20", "2027-03-04", guest("a", "head_of_family"), guest("b", "family_member"))]
    assert steps(stays, stays)[2] == ()


def test_a_wrong_fact_is_one_step_in_words() -> None:
    before = [stay("S1", "2027-03-02", "2027-03-04", guest("a"))]
    after = [stay("S1", "2027-03-02", "2027-03-04", guest("a", residence_state="DE", residence_comune=None))]
    _, _, found = steps(before, after)
    assert [step.words("it") for step in found] == [
        "02/03/2027: nell'arrivo di A cambia paese di residenza da (vuoto) a 100000216.",
        "02/03/2027: nell'arrivo di A cambia comune di residenza da 416072030 a (vuoto).",
    ]
    assert found[0].words("en") == (
        "2027-03-02: in the arrival of A change state of residence (paeseresidenza) from (empty) to 100000216."
    )


def test_a_moved_departure_goes_out_and_in_and_the_days_between_change() -> None:
    before = [stay("S1", "2027-03-02", "2027-03-04", guest("a"))]
    after = [stay("S1", "2027-03-02", "2027-03-05", guest("a"))]
    _, _, found = steps(before, after)
    assert [(step.do, step.day.day) for step in found] == [
        ("departure.remove", 4), ("day.kind", 4), ("day.kind", 5), ("departure.add", 5), ("figures.change", 4),
    ]  # fmt: skip


def test_an_arrival_that_never_was_takes_its_departure_along_first() -> None:
    before = [stay("S1", "2027-03-02", "2027-03-04", guest("a"))]
    _, _, found = steps(before, [])
    assert [step.do for step in found][:2] == ["departure.remove", "arrival.remove"]


def test_an_arrival_on_another_day_is_made_anew_with_its_departure() -> None:
    before = [stay("S1", "2027-03-02", "2027-03-06", guest("a"))]
    after = [stay("S1", "2027-03-03", "2027-03-06", guest("a"))]
    _, _, found = steps(before, after)
    assert [(step.do, step.day.day) for step in found if step.guest] == [
        ("departure.remove", 6), ("arrival.remove", 2), ("arrival.add", 3), ("departure.add", 6),
    ]  # fmt: skip


def test_a_member_who_left_earlier_becomes_a_guest_of_their_own() -> None:
    party = [guest("a", "head_of_group"), guest("b", "group_member"), guest("c", "group_member")]
    early = deepcopy(party)
    early[2]["departure"] = "2027-03-05"
    _, _, found = steps([stay("S1", "2027-03-02", "2027-03-07", *party)], [stay("S1", "2027-03-02", "2027-03-07", *early)])
    assert [(step.do, step.guest) for step in found if step.guest] == [
        ("member.remove", "C"), ("arrival.add", "C"), ("departure.add", "C"),
    ]  # fmt: skip
    added = next(step for step in found if step.do == "arrival.add").words("it")
    assert "tipo di alloggiato 16" in added and "età 46" in added and "comune di residenza 416072030" in added


def test_days_the_portal_does_not_have_go_by_file() -> None:
    before = [stay("S1", "2027-03-02", "2027-03-04", guest("a"))]
    after = [*before, stay("S2", "2027-03-07", "2027-03-08", guest("b"))]
    assert steps(before, after, last="2027-03-05")[2] == ()


def test_the_start_up_is_compared_too() -> None:
    before = [stay("S1", "2027-02-20", "2027-03-04", guest("a"))]
    after = [*before, stay("S2", "2027-02-27", "2027-03-03", guest("b"), units=["2"])]
    _, _, found = steps(before, after)
    assert (found[0].do, found[0].day) == ("day.kind", date(2027, 3, 3))
    assert ("arrival.add", date(2027, 2, 28)) in [(step.do, step.day) for step in found]


def people(number: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """A family of one to three, with facts that vary."""
    fact = st.fixed_dictionaries({
        "sex": st.sampled_from("MF"), "citizenship": st.sampled_from(["IT", "FR"]), "occupies_bed": st.booleans(),
        "birth_date": st.sampled_from(["1980-05-10", "1990-03-05"]), "tourism": st.sampled_from([None, "seaside", "nature"]),
    })  # fmt: skip

    def party(facts: list[dict[str, Any]], early: bool) -> list[dict[str, Any]]:
        roles = ["single"] if len(facts) == 1 else ["head_of_family", *["family_member"] * (len(facts) - 1)]
        made = [guest(f"g{number}{place}", role, **told) for place, (role, told) in enumerate(zip(roles, facts, strict=True))]
        if early and len(made) > 1:
            made[-1]["early"] = True
        return made

    return st.builds(party, st.lists(fact, min_size=1, max_size=3), st.booleans())


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to three stays in rooms of their own, each begun from five days before to nine after the first day."""
    made = []
    for number in range(3):
        if not draw(st.booleans()):
            continue
        arrival = FIRST + timedelta(days=draw(st.integers(-5, 9)))
        nights = draw(st.integers(2, 8))
        party = draw(people(number))
        end = arrival + timedelta(days=nights)
        for person in party:
            if person.pop("early", False):
                person["departure"] = (end - timedelta(days=1)).isoformat()
        open_end = draw(st.booleans()) and all("departure" not in person for person in party)
        departure = None if open_end else end.isoformat()
        made.append(stay(f"S{number}", arrival.isoformat(), departure, *party, units=[f"{number + 1}"]))
    return made


@given(histories(), histories())
def test_the_steps_lead_from_any_history_to_any_other(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    held = accepted(moved(before))
    truth = truth_for(held, moved(after)).file
    assert truth is not None
    found = corrections(held, truth)
    done = applied(held, found)
    assert same(done) == [day for day in same(truth) if day.day in {entry.day for entry in held.days}]
    assert corrections(done, truth) == ()
    assert all(step.words("it") and step.words("en") and "{" not in step.words("it") for step in found)


@given(histories())
def test_what_is_written_comes_back_and_is_clean(stays: list[dict[str, Any]]) -> None:
    written = write(moved(stays))
    assert written.data is not None
    found = read(written.data)
    assert found.problems == ()
    assert encode(found.values) == written.data
    arrived, departed, judged = judge(found.values)
    assert judged == []
    assert arrived - departed == moved(stays).days[-1].present


@given(histories(), st.integers(0, 8))
def test_two_files_are_the_same_as_one(stays: list[dict[str, Any]], cut: int) -> None:
    until = FIRST + timedelta(days=cut)
    whole = accepted(moved(stays))
    begin = accepted(moved(stays, last=until.isoformat()))
    rest = accepted(moved(stays, accepted_until=until.isoformat()))
    assert same(File((*begin.days, *rest.days))) == same(whole)
    assert judge(File((*begin.days, *rest.days)))[2] == []
