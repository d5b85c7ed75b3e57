"""Receipts and what explains them."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from locanda.delivery.reconcile import Load, explain

sizes = st.tuples(st.integers(1, 5), st.integers(1, 60))


def loads(pairs: list[tuple[int, int]], mark: str) -> list[Load]:
    return [Load(f"{mark}{index}", *pair) for index, pair in enumerate(pairs)]


@given(st.lists(sizes, max_size=4), st.lists(sizes, max_size=6), st.data())
def test_what_was_stored_is_found_when_nothing_else_explains_the_receipt(certain, doubtful, data) -> None:
    sure, maybe = loads(certain, "c"), loads(doubtful, "d")
    stored = data.draw(st.sets(st.sampled_from([load.key for load in maybe]))) if maybe else set()
    present = [*sure, *(load for load in maybe if load.key in stored)]
    count, days = sum(load.schedine for load in present), sum(load.days for load in present)
    ways = [
        {load.key for load in some}
        for size in range(len(maybe) + 1)
        for some in combinations(maybe, size)
        if sum(x.schedine for x in (*sure, *some)) == count and sum(x.days for x in (*sure, *some)) == days
    ]
    verdict = explain(count, days, sure, maybe)
    if len(ways) == 1:
        assert verdict.kind == "agrees"
        assert verdict.present == stored and verdict.absent == {load.key for load in maybe} - stored
    else:
        assert verdict.kind == "ambiguous" and not verdict.present


def test_a_count_that_nothing_explains() -> None:
    assert explain(5, 10, [Load("a", 3, 6)], []).kind == "differs"
    assert explain(2, 6, [Load("a", 3, 6)], [Load("b", 1, 2)]).kind == "differs"
    assert explain(3, 7, [Load("a", 3, 6)], []).kind == "differs"


def test_total_days_tell_two_equal_parties_apart() -> None:
    doubtful = [Load("a", 2, 6), Load("b", 2, 8)]
    assert explain(2, 6, [], doubtful).present == {"a"}
    assert explain(2, None, [], doubtful).kind == "ambiguous"  # the days cannot be read: two stories fit
    assert explain(4, None, [], doubtful).present == {"a", "b"}


def test_twins_stay_in_doubt() -> None:
    assert explain(2, 6, [], [Load("a", 2, 6), Load("b", 2, 6)]).kind == "ambiguous"
    assert explain(0, 0, [], [Load("a", 2, 6), Load("b", 2, 6)]).absent == {"a", "b"}


def test_a_thousand_doubts_do_not_hang() -> None:
    assert explain(500, 1500, [], [Load(str(n), 1, 3) for n in range(1000)]).kind == "ambiguous"
