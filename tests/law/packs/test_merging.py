"""A child changes only the keys and the days it names (docs/pack-schema.md, "How files add up")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from locanda.law.packs.merging import REQUIRED, Amendment, Version, merge, missing_keys, overlaps
from locanda.law.packs.values import Step

START = date(2020, 1, 1)
WHOLE = {key: f"base {key}" for key in REQUIRED["parameter"]}
OFFSETS = st.integers(0, 60)
DAYS = [START + timedelta(days=offset) for offset in range(-2, 64)]


def amendment(
    keys: Mapping[str, Any], first: date | None = None, last: date | None = None, *, off: bool = False, file: str = "f.toml"
) -> Amendment:
    return Amendment("parameter", "x", keys, first, last, off, Step(file, 1, tuple(sorted(keys))))


@st.composite
def windows(draw: st.DrawFn) -> tuple[date | None, date | None]:
    first = draw(st.none() | OFFSETS)
    last = draw(st.none() | OFFSETS)
    if first is not None and last is not None and last < first:
        first, last = last, first
    return tuple(None if offset is None else START + timedelta(days=offset) for offset in (first, last))  # type: ignore[return-value]


@st.composite
def bases(draw: st.DrawFn) -> list[Version]:
    """Versions that do not overlap, perhaps with gaps."""
    edges = sorted(draw(st.sets(OFFSETS, min_size=2, max_size=6)))
    versions: list[Version] = []
    for number, (first, last) in enumerate(pairwise(edges)):
        if draw(st.booleans()):
            step = Step("base.toml", number, ())
            end = START + timedelta(days=last - 1)
            versions.append(Version(START + timedelta(days=first), end, {**WHOLE, "value": number}, (step,)))
    return versions


CHANGES = st.dictionaries(st.sampled_from(["value", "it", "extra"]), st.integers(100, 109), min_size=1)


def on(versions: Sequence[Version], day: date) -> Version | None:
    found = [version for version in versions if version.first <= day <= version.last]
    assert len(found) <= 1, "two versions on one day"
    return found[0] if found else None


@given(bases(), windows(), CHANGES, st.booleans())
def test_day_by_day(base: list[Version], window: tuple[date | None, date | None], keys: dict[str, Any], off: bool) -> None:
    change = amendment(keys, *window, off=off)
    after = merge(base, change)
    for day in DAYS:
        old, new = on(base, day), on(after, day)
        if not change.first <= day <= change.last:
            assert (new.keys if new else None) == (old.keys if old else None)
            if new and old:
                assert new.steps == old.steps
        elif off:
            assert new is None
        elif old is not None:
            assert new is not None
            assert new.keys == {**old.keys, **keys}
            assert new.steps == (*old.steps, change.step)
        elif base:
            assert new is None, "a part of an item cannot stand alone"


@given(bases(), windows(), windows(), CHANGES, CHANGES)
def test_the_later_hand_wins_and_both_are_told(
    base: list[Version], early: tuple[date | None, date | None], late: tuple[date | None, date | None],
    first: dict[str, Any], second: dict[str, Any],
) -> None:  # fmt: skip
    assume(base)  # of nothing a part makes nothing that holds: the loader says what is missing
    one, two = amendment(first, *early, file="one.toml"), amendment(second, *late, file="two.toml")
    after = merge(merge(base, one), two)
    for day in DAYS:
        old, new = on(base, day), on(after, day)
        if old is None or new is None:
            assert (old is None) == (new is None)
            continue
        in_one, in_two = one.first <= day <= one.last, two.first <= day <= two.last
        assert new.keys == {**old.keys, **(first if in_one else {}), **(second if in_two else {})}
        assert [step.file for step in new.steps] == ["base.toml"] + ["one.toml"] * in_one + ["two.toml"] * in_two


@given(bases(), windows())
def test_a_whole_item_fills_the_days_that_had_none(base: list[Version], window: tuple[date | None, date | None]) -> None:
    change = amendment({**WHOLE, "value": 200}, *window)
    after = merge(base, change)
    for day in DAYS:
        new = on(after, day)
        if change.first <= day <= change.last and (change.valid_from or on(base, day) or not base):
            assert new is not None
            assert new.keys["value"] == 200


@given(bases(), windows(), CHANGES)
def test_merging_leaves_its_input_alone_and_in_order(
    base: list[Version], window: tuple[date | None, date | None], keys: dict[str, Any]
) -> None:
    before = [(version.first, version.last, dict(version.keys)) for version in base]
    after = merge(base, amendment(keys, *window))
    assert [(version.first, version.last, dict(version.keys)) for version in base] == before
    assert [version.first for version in after] == sorted(version.first for version in after)
    assert all(version.first <= version.last for version in after)


def test_the_edges_of_a_dated_change() -> None:
    base = [Version(date(2018, 1, 1), date.max, {**WHOLE, "value": "quarter"}, ())]
    after = merge(base, amendment({"value": "month"}, date(2025, 4, 1), date(2025, 12, 31)))
    assert [(version.first, version.last, version.keys["value"]) for version in after] == [
        (date(2018, 1, 1), date(2025, 3, 31), "quarter"),
        (date(2025, 4, 1), date(2025, 12, 31), "month"),
        (date(2026, 1, 1), date.max, "quarter"),
    ]


@given(windows(), windows())
def test_overlaps_are_days_in_common(one: tuple[date | None, date | None], two: tuple[date | None, date | None]) -> None:
    first, second = amendment({}, *one), amendment({}, *two)
    shared = any(first.first <= day <= first.last and second.first <= day <= second.last for day in DAYS)
    assert bool(overlaps([first, second])) is shared


def test_what_is_missing_is_named() -> None:
    assert missing_keys("parameter", {}) == REQUIRED["parameter"]
    assert missing_keys("parameter", {**WHOLE, "sources": []}) == ("sources",)
    assert set(missing_keys("obligation", {"set_by": "region"})) == {*REQUIRED["obligation"], "applies"}
    assert "deadline" in missing_keys("obligation", {"applies": ["bb"]})
    assert missing_keys("parameter", {**WHOLE, "value": False}) == ()
    assert missing_keys("parameter", {**WHOLE, "value": 0}) == ()
