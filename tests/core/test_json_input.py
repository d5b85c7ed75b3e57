"""JSON as text: what cannot be read is a problem, keys given twice are named (RFC 8259)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.json_input import read_json


@pytest.mark.parametrize(
    ("data", "value", "codes"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}, []),
        ('{"a": 1, "a": 2}', {"a": 2}, ["shape.key.twice"]),
        (b"\xff", None, ["shape.json.encoding"]),
        ("{", None, ["shape.json.broken"]),
        ("[" * 100_000, None, ["shape.json.unreasonable"]),
        ("null", None, []),
    ],
)
def test_value_and_faults(data: str | bytes, value: Any, codes: list[str]) -> None:
    read, found = read_json(data)
    assert read == value
    assert [problem.code for problem in found] == codes


@given(st.binary(max_size=60))
def test_no_bytes_raise(data: bytes) -> None:
    read_json(data)
