"""Corrections bring the portal to what it should hold, whatever it does where nobody knows (spec flussi-turistici 6.4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locanda.places import builtin
from locanda.portals.ross1000.corrections import Corrections, DayMark, corrections, marks
from locanda.portals.ross1000.records import Arrivo, Eliminazione, Movimenti, Movimento, Partenza, Struttura
from locanda.portals.ross1000.simulator import Account, Behaviour, SimClock, Store
from locanda.portals.ross1000.simulator.service import Service
from tests.contracts.ross1000 import GUEST

DAYS = tuple(f"202606{number:02d}" for number in range(1, 8))
Person = tuple[str, str, int, int | None, str]
"""Identifier, type, day of arrival, day of departure, sex."""


def file(*people: Person, days: Iterable[str] = DAYS) -> Movimenti:
    """A week with some people; the member ``M`` has the head ``H``."""
    names = tuple(days)
    arrivals: dict[str, list[Arrivo]] = {}
    departures: dict[str, list[Partenza]] = {}
    for ident, kind, arrival, departure, sex in sorted(people, key=lambda person: person[1]):
        made = GUEST._replace(idswh=ident, tipoalloggiato=kind, sesso=sex, idcapo="H" if kind == "19" else "")
        arrivals.setdefault(DAYS[arrival], []).append(made)
        if departure is not None:
            departures.setdefault(DAYS[departure], []).append(Partenza(ident, kind, DAYS[arrival]))
    house = Struttura("SI", "1", "3", "6")
    rows = [
        Movimento(name, house, tuple(arrivals.get(name, ())) or None, tuple(departures.get(name, ())) or None) for name in names
    ]
    return Movimenti("X00001", "Locanda", tuple(rows))


def sent_days(made: Corrections, step: int = -1) -> list[str]:
    return [str(day.data)[-2:] for day in made.steps[step].movimenti]


def removals(made: Corrections, step: int = -1) -> list[Eliminazione]:
    return [fix for day in made.steps[step].movimenti for fix in day.rettifiche or () if isinstance(fix, Eliminazione)]


A: Person = ("A", "16", 0, 3, "F")
B: Person = ("B", "16", 1, 4, "M")
H: Person = ("H", "17", 1, 5, "F")
M: Person = ("M", "19", 1, 5, "M")


def test_nothing_changed_sends_nothing() -> None:
    assert corrections(marks(file(A, B)), file(A, B)) == Corrections((), ())


def test_the_first_time_everything_is_sent() -> None:
    assert corrections((), file(A, B)).steps == (file(A, B),)


def test_a_corrected_guest_sends_the_day_of_arrival_again_whole() -> None:
    made = corrections(marks(file(A, B)), file((*A[:4], "M"), B))
    assert (len(made.steps), sent_days(made), removals(made)) == (1, ["01"], [])


def test_a_departure_that_moved_sends_both_days() -> None:
    made = corrections(marks(file(A, B)), file((*A[:3], 5, "F"), B))
    assert (sent_days(made), removals(made), made.notes) == (["04", "06"], [], ())


def test_a_guest_who_vanished_is_removed() -> None:
    made = corrections(marks(file(A, B)), file(B))
    assert (len(made.steps), sent_days(made), removals(made)) == (1, ["01", "04"], [Eliminazione("A", "16", DAYS[0])])


def test_another_type_is_removed_first_and_sent_again_with_the_departure() -> None:
    made = corrections(marks(file(A, B)), file(("A", "17", 0, 3, "F"), B))
    assert [removals(made, 0), removals(made, 1)] == [[Eliminazione("A", "16", DAYS[0])], []]
    assert (sent_days(made, 0), sent_days(made, 1)) == (["01"], ["01", "04"])
    assert made.steps[0].movimenti[0].arrivi is None


def test_another_day_of_arrival_likewise() -> None:
    made = corrections(marks(file(A, B)), file(("A", "16", 2, 3, "F"), B))
    assert removals(made, 0) == [Eliminazione("A", "16", DAYS[0])]
    assert sent_days(made, 1) == ["01", "03", "04"]


def test_members_follow_a_head_who_is_sent_anew() -> None:
    made = corrections(marks(file(H, M)), file(("H", "17", 0, 5, "F"), M))
    assert removals(made, 0) == [Eliminazione("H", "17", DAYS[1])]
    assert sent_days(made, 1) == ["01", "02", "06"]


def test_a_forgotten_day_sends_the_later_ones_again_in_order() -> None:
    late = file(A, days=DAYS[2:])
    made = corrections(marks(late), file(A))
    assert sent_days(made) == ["01", "02", "03", "04", "05", "06", "07"]
    only = corrections(marks(file(days=DAYS[3:])), file(days=DAYS[1:3]))
    assert sent_days(only) == ["02", "03"]
    assert [(note.code, note.fact("first"), note.fact("last")) for note in only.notes] == [
        ("ross1000.days.again", "2026-06-04", "2026-06-07"),
    ]  # fmt: skip


def test_an_arrival_before_the_file_is_removed_with_its_own_date() -> None:
    made = corrections(marks(file(A)), file(("A", "16", 2, 3, "F"), days=DAYS[2:]))
    assert removals(made, 0) == [Eliminazione("A", "16", DAYS[0])]
    assert sent_days(made, 0) == ["03"]


def test_people_of_other_days_are_left_alone() -> None:
    before = (*marks(file(A, days=DAYS[:3])), *marks(file(days=DAYS[3:])))
    assert corrections(before, file(days=DAYS[4:])).steps == ()


def test_a_departure_that_nobody_knows_any_more_is_noted() -> None:
    made = corrections(marks(file(A)), file((*A[:3], None, "F")))
    assert [(note.code, note.fact("id")) for note in made.notes] == [("ross1000.departure.withdrawn", "A")]


def test_a_mark_says_nothing_about_anybody() -> None:
    (first, *_) = marks(file(A))
    assert first == DayMark(DAYS[0], first.fingerprint, (("A", "16"),), ())
    assert len(first.fingerprint) == 64


# whatever the portal does ---------------------------------------------------------------------------------------------

spans = st.tuples(st.integers(0, 5), st.integers(1, 6)).map(lambda pair: (pair[0], min(pair[0] + pair[1], 6)))


def person(ident: str, kinds: list[str]) -> st.SearchStrategy[Person | None]:
    one = st.tuples(st.just(ident), st.sampled_from(kinds), spans, st.sampled_from("MF"))
    return st.none() | one.map(lambda row: (row[0], row[1], *row[2], row[3]))


@st.composite
def weeks(draw: st.DrawFn) -> Movimenti:
    people = [found for ident in "AB" if (found := draw(person(ident, ["16", "18"])))]
    head = draw(person("H", ["17"]))
    member = draw(person("M", ["19"]))
    if head:
        people.append(head)
        if member and member[2] >= head[2]:
            people.append(member)
    return file(*people)


BEHAVIOURS = [
    Behaviour(key_is_id_and_arrival=one, removal_takes_members=two, missing_removed=three, type_may_change=four)
    for one, two, three, four in product((False, True), repeat=4)
]


class Archive:
    """A service without its wire."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.account = Account("u", "p")
        self.store = Store()
        clock = SimClock(datetime(2026, 7, 1, tzinfo=UTC))
        self.service = Service([self.account], clock=clock, behaviour=behaviour, store=self.store, tables=builtin())

    def take(self, sent: Movimenti) -> None:
        (told,) = self.service.send(self.account, (sent,), many=False)
        refused = [result for day in told.days for result in day.results if not result.success]
        # who is already gone (with the head, or by silence) cannot be removed again
        assert [result for result in refused if result.kind != "eliminazione"] == []

    def holds(self) -> list[tuple[str, Arrivo, tuple[str, ...]]]:
        return sorted((guest.day, guest.record, guest.departures) for guest in self.store.guests())


@pytest.mark.slow
@settings(max_examples=200)
@given(behaviour=st.sampled_from(BEHAVIOURS), first=weeks(), second=weeks())
def test_the_portal_ends_with_what_it_should_hold(behaviour: Behaviour, first: Movimenti, second: Movimenti) -> None:
    corrected, fresh = Archive(behaviour), Archive(behaviour)
    corrected.take(first)
    for step in corrections(marks(first), second).steps:
        corrected.take(step)
    fresh.take(second)
    assert corrected.holds() == fresh.holds()
