"""Our tables against the portal's own of August 2026, and against Appendix B. Oracle only: nothing is taken from it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from locanda.places import Comune, builtin, from_download, parse
from tests.conftest import shared_dir

pytestmark = pytest.mark.skipif(shared_dir() is None, reason="the portal's tables (LOCANDA_SHARED) are not on this machine")


@pytest.fixture(scope="module")
def portal() -> Path:
    folder = shared_dir()
    assert folder is not None
    return folder / "data" / "alloggiati"


CATCH_ALL = date(1983, 12, 31)


def rows(portal: Path) -> dict[str, Comune]:
    return {row.police or "": row for row in parse((portal / "comuni.csv").read_text(encoding="utf-8")).comuni}


def test_every_valid_comune_is_right(portal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = {code: row.label for code, row in rows(portal).items() if row.valid_to is None}
    ours = {row.police: row.label for row in builtin().comuni if row.police and row.valid_to is None}
    wrong = [(code, theirs.get(code), ours.get(code)) for code in sorted({*theirs, *ours}) if theirs.get(code) != ours.get(code)]
    with capsys.disabled():
        print(f"\n  comuni in force: {len(theirs)} in the portal's table, {len(wrong)} differ", *wrong, sep="\n    ")
    assert len(theirs) == 7898
    assert wrong == []


def test_no_code_of_a_ceased_comune_is_wrong(portal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = {code: row for code, row in rows(portal).items() if row.valid_to is not None}
    ours = [row for row in builtin().comuni if row.police and row.valid_to is not None]
    wrong = [(row.police, row.label) for row in ours if row.police not in theirs or theirs[row.police].label != row.label]
    other_day = [row for row in ours if row.police in theirs and theirs[row.police].valid_to not in (row.valid_to, CATCH_ALL)]
    nameless = sum(row.police is None for row in builtin().comuni)
    with capsys.disabled():
        print(
            f"\n  ceased rows: {len(theirs)} in the portal's table; {len(ours)} of ours have a code, {len(wrong)} wrong;"
            f" {len(other_day)} end on another day (31/12/1983, the portal's day for all before it, apart);"
            f" {nameless} more are known by name and dates only"
        )
    assert wrong == []
    assert len(ours) >= 1400
    assert len(other_day) <= 20


def test_every_state_is_right(portal: Path) -> None:
    theirs = parse((portal / "stati.csv").read_text(encoding="utf-8")).states
    assert len(theirs) == 236
    assert {(row.police, row.name, row.valid_to) for row in theirs} == {
        (row.police, row.name, row.valid_to) for row in builtin().states
    }


def test_iso_codes_are_those_of_appendix_b(portal: Path) -> None:
    spec = (portal.parents[1] / "spec" / "alloggiati-web.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^(1\d{8}) .*? \[(\w{3}|-)\]", spec, re.MULTILINE))
    assert len(listed) == 236
    assert listed == {row.police: row.iso3 or "-" for row in builtin().states}


def test_the_portals_tables_merge_without_loss(portal: Path) -> None:
    tables = from_download(portal)
    assert tables.bad_lines == ()
    listed = rows(portal)
    assert len(listed) == 11294
    for code, row in listed.items():
        kept = tables.comune_row(code)
        assert kept is not None and (kept.label, kept.valid_to) == (row.label, row.valid_to)
    assert sum(row.police is not None for row in tables.comuni) == len(listed)
    assert all(row.belfiore for row in tables.comuni if row.police and row.valid_to is None)
