"""Faults have lines, though tomllib gives none."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.law.packs.lines import line_of_fault, lines_of
from locanda.law.packs.tree import builtin_tree

TEXT = '''# a comment with [[brackets]] = "x"
title = "a # no comment"

[territory]
name = "X"
remarks.it = "uno"   # a comment
remarks.en = "due"
list = [
  "a",  # first
  "b ]",
]

[[item]]
id = "one"
table = { kind = "x", inner = { deep = 1 } }

[[item]]
id = "two"
text = """
[[item]]
id = "no"
"""
literal = '[[item]]'
steps = [
  { it = "p", en = "q" },
  { it = "r", en = "s" },
]

[item.table]
kind = "y"
"quoted key" = 3
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("territory",), 4),
        (("territory", "name"), 5),
        (("territory", "remarks", "en"), 7),
        (("territory", "list"), 8),
        (("territory", "list", 1), 10),
        (("item", 0), 13),
        (("item", 0, "id"), 14),
        (("item", 0, "table", "inner", "deep"), 15),
        (("item", 1), 17),
        (("item", 1, "id"), 18),
        (("item", 1, "literal"), 23),
        (("item", 1, "steps", 1, "en"), 26),
        (("item", 1, "table", "kind"), 30),
        (("item", 1, "table", "quoted key"), 31),
    ],
)
def test_places(path: tuple[str | int, ...], line: int) -> None:
    assert lines_of(TEXT).at(path) == line


def test_what_is_absent_has_the_line_of_what_holds_it() -> None:
    lines = lines_of(TEXT)
    assert lines.at(("item", 1, "nothing", "here")) == 17
    assert lines.at(("nowhere",)) == 1


def walk(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found: list[tuple[str | int, ...]] = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += walk(inner, (*path, key))
    return found


def test_every_value_of_every_pack_is_found_on_the_line_where_it_is_written() -> None:
    for file in sorted(builtin_tree().root.rglob("*.toml"))[:40]:
        text = file.read_text(encoding="utf-8")
        written = text.splitlines()
        lines = lines_of(text)
        for path in walk(tomllib.loads(text)):
            key = next(part for part in reversed(path) if isinstance(part, str))
            line = written[lines.at(path) - 1]
            if isinstance(path[-1], str):
                assert key in line or f"{path[-2]}" in line, (file.name, path, line)


KEYS = st.text("abcdef", min_size=1, max_size=3)
TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


TABLES = st.dictionaries(KEYS, st.one_of(TEXTS, st.lists(TEXTS, max_size=3)), min_size=1, max_size=4)


@given(st.lists(TABLES, min_size=1, max_size=5))
def test_written_and_found_agree(tables: list[dict[str, Any]]) -> None:
    rows: list[str] = []
    where: dict[tuple[str | int, ...], int] = {}
    for index, table in enumerate(tables):
        rows.append("[[t]]")
        where["t", index] = len(rows)
        for key, value in table.items():
            where["t", index, key] = len(rows) + 1
            if isinstance(value, str):
                rows.append(f"{key} = {quoted(value)}  # {key}")
            else:
                rows.append(f"{key} = [")
                for place, entry in enumerate(value):
                    rows.append(f"  {quoted(entry)},")
                    where["t", index, key, place] = len(rows)
                rows.append("]")
    text = "\n".join(rows) + "\n"
    assert tomllib.loads(text)["t"] == tables
    lines = lines_of(text)
    assert {path: lines.at(path) for path in where} == where


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = \nc = 3\n", 2), ('a = 1\n\n[x\ny = 2\n', 3)])
def test_the_line_of_what_is_no_toml(text: str, line: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert line_of_fault(caught.value, text) == line
