"""Whatever may be absent, in whatever company: what can be read can be written (every optional fact of every form)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locanda import papers
from tests.papers.test_forms import DAY

Path = tuple[str | int, ...]
ODD = (
    None, "", 0, -1, 10**30, 1.5, True, [], {}, "0.00", "9999999999.99", "2999-12-31", "1000-01-01",
    "a" * 5000, "{amount}", "x\ny",
)  # fmt: skip


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from paths(entry, (*path, key))


def kinds(sample: Any) -> set[Path]:
    """The first and the last place of each kind: of a list of a hundred lines, not each line once more."""
    first: dict[Path, Path] = {}
    last: dict[Path, Path] = {}
    for path in paths(sample):
        kind = tuple("*" if isinstance(key, int) else key for key in path)
        first.setdefault(kind, path)
        last[kind] = path
    return {*first.values(), *last.values()}


def changed(sample: Any, path: Path, value: Any = None, *, remove: bool) -> None:
    """Takes away or replaces what stands at the path; nothing when an earlier change took the place itself."""
    try:
        for key in path[:-1]:
            sample = sample[key]
        if remove:
            del sample[path[-1]]
        else:
            sample[path[-1]] = value
    except (KeyError, IndexError, TypeError):
        pass


def written(form_id: str, sample: Any, language: str) -> bool:
    data, problems = papers.read(form_id, sample)
    for problem in problems:
        assert problem.message("it") and problem.message("en")
    if data is None:
        assert problems
        return False
    assert papers.write(form_id, data, language=language, on=DAY).startswith(b"%PDF")
    papers.notes(form_id, data, on=DAY)
    return True


@pytest.mark.parametrize("form_id", papers.catalogue())
def test_each_optional_fact_may_be_absent(form_id: str) -> None:
    sample = papers.sample(form_id)
    count = 0
    for path in sorted(kinds(sample), key=str):
        spoilt = copy.deepcopy(sample)
        changed(spoilt, path, remove=True)
        count += written(form_id, spoilt, "it")
    assert count > 2


@pytest.mark.parametrize("form_id", papers.catalogue())
@settings(max_examples=25)
@given(st.data())
def test_gaps_and_odd_values_in_any_company(form_id: str, data: st.DataObject) -> None:
    sample = papers.sample(form_id)
    for path in data.draw(st.lists(st.sampled_from(list(paths(sample))), max_size=6)):
        remove = data.draw(st.integers(0, 3)) > 0
        changed(sample, path, None if remove else data.draw(st.sampled_from(ODD)), remove=remove)
    written(form_id, sample, data.draw(st.sampled_from(papers.form(form_id).languages)))


def test_sums_of_the_largest_amounts_have_words() -> None:
    lines = [{"taxed_nights": 0, "amount": "9999999999.99"}] * 200
    sample = papers.sample("modello_1") | {"lines": lines, "total": "9999999999.99"}
    assert [problem.code for problem in papers.read("modello_1", sample)[1]] == ["paper.receipt.total"]
    account = papers.sample("modello_21")
    rows = [{"month": month, "amount": "9999999999.99", "receipts": "varie"} for month in range(1, 13)]
    account["properties"] = [{"property": {"name": f"Casa {number}", "type": "cav"}, "collected": rows} for number in range(20)]
    assert written("modello_21", account | {"difference_reason": "prova"}, "it")


@pytest.mark.parametrize("year", [2010, 3000, 9999, 10**6])
def test_a_year_that_cannot_be(year: int) -> None:
    found = papers.read("modello_21", papers.sample("modello_21") | {"year": year})[1]
    assert ("shape.number.expected", "year") in [(problem.code, problem.where) for problem in found]
