"""What pydantic finds wrong with the shape of a pack, as problems of ours: its own English reaches nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from locanda.core.problems import Problem

__all__ = ["shape_problem"]

_AS_WRITTEN = {
    "date": "2026-01-31", "string": '"..."', "list": "[...]", "tuple": "[...]", "int": "1", "bool": "true", "dict": "{...}",
    "model": "{...}",
}  # fmt: skip
"""What TOML would have there: the same in every language."""


def shape_problem(errors: Sequence[Mapping[str, Any]], where: str, key: str, holder: str) -> Problem:
    """One place's errors as one problem: a value that may be several things is told all of them."""
    error = errors[0]
    match error["type"]:
        case "extra_forbidden":
            return Problem.of("pack.key.unknown", where, key=key)
        case "missing":
            return Problem.of("pack.key.missing", where, key=key, item=holder or ".toml")
        case "literal_error":
            return Problem.of("pack.value.unknown", where, value=error["input"], expected=_allowed(error))
        case "string_pattern_mismatch" | "string_too_short":
            return Problem.of("pack.value.shape", where, value=error["input"], key=key)
    wanted = ", ".join(dict.fromkeys(map(_wanted, errors)))
    return Problem.of("pack.value.type", where, key=key, wanted=f"{key} {wanted if wanted[0] in _SIGNS else f'= {wanted}'}")


_SIGNS = ">≥<≤"


def _allowed(error: Mapping[str, Any]) -> str:
    return str(error["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")


def _wanted(error: Mapping[str, Any]) -> str:
    kind, facts = str(error["type"]), error.get("ctx", {})
    for bound, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<")):
        if bound in facts:
            return f"{sign} {facts[bound]}"
    return _AS_WRITTEN.get(kind.split("_")[0], str(error["msg"]))
