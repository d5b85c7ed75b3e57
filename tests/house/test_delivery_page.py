"""docs/developers/delivery.md shows the transition table as it is in the code."""

from __future__ import annotations

from locanda.delivery.machine import FINAL, TRANSITIONS
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "developers" / "delivery.md"


def table() -> str:
    lines = ["| from | what happens | to | evidence | only if `resend` is |", "|---|---|---|---|---|"]
    lines += [
        f"| {line.source} | `{line.step}` | {line.target} | {line.evidence or ''} | {line.resend or ''} |" for line in TRANSITIONS
    ]
    return "\n".join(lines)


def test_the_page_shows_the_table_of_the_code() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), "the table on the page should be:\n" + table()


def test_the_page_names_the_states_that_nothing_leaves() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert FINAL
    assert ", ".join(f"`{state}`" for state in sorted(FINAL)) in text
