"""Keys a few hundred at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from locanda.archive.parts import in_parts


@given(st.lists(st.integers(), max_size=50), st.integers(1, 9))
def test_parts_hold_every_key_once_in_order(keys: list[int], size: int) -> None:
    parts = list(in_parts(iter(keys), size))
    assert [key for part in parts for key in part] == keys
    assert all(len(part) == size for part in parts[:-1]) and all(parts)
