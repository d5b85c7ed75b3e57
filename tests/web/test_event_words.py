"""Every kind of event and alarm that the code can write has its words, in both languages: nothing raw in a history."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from locanda.delivery.machine import Step
from locanda.web.words import catalogue
from tests.conftest import ROOT

HOUSE = ROOT / "src" / "locanda"
FLOORS = ("archive", "delivery", "office", "web", "cli")


@cache
def modules() -> dict[str, ast.Module]:
    paths = [path for floor in FLOORS for path in sorted((HOUSE / floor).rglob("*.py"))]
    return {path.relative_to(HOUSE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def calls(name: str) -> Iterator[tuple[str, ast.Call, ast.FunctionDef]]:
    """Every call of a function of that name: its module, itself, and the function that it stands in."""
    for place, tree in modules().items():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name:
                        yield place, node, function


def strings(told: ast.expr, place: str, function: ast.FunctionDef) -> set[str]:
    """The texts that an argument may hold: written there, chosen there, assigned before, or passed in by a caller."""
    if isinstance(told, ast.Constant):
        return {told.value}
    if isinstance(told, ast.IfExp):
        return strings(told.body, place, function) | strings(told.orelse, place, function)
    if isinstance(told, ast.JoinedStr):
        prefix = str(getattr(told.values[0], "value", ""))
        steps = {str(step) for step in Step}
        ends = {"alarm.": alarm_kinds(), "delivery.": steps, "flow.": steps}
        return {prefix + end for end in ends[prefix]}  # KeyError: a new family of kinds, to be told here
    if isinstance(told, ast.Dict):
        return {text for value in told.values for text in strings(value, place, function)}
    if isinstance(told, ast.Subscript):
        return strings(told.value, place, function)
    if isinstance(told, ast.Name):
        names = [argument.arg for argument in function.args.args]
        if told.id in names:
            at = names.index(told.id)
            passed = [(c.args[at], where, inside) for where, c, inside in calls(function.name) if len(c.args) > at]
            return {text for argument, where, inside in passed if where == place for text in strings(argument, where, inside)}
        for loop in (one for one in ast.walk(function) if isinstance(one, ast.For) and isinstance(one.iter, ast.Tuple)):
            targets = [one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)]
            if told.id in targets:
                rows = [row.elts if isinstance(row, ast.Tuple) else [row] for row in loop.iter.elts]  # type: ignore[attr-defined]
                return {text for row in rows for text in strings(row[targets.index(told.id)], place, function)}
        for scope in (ast.walk(function), iter(modules()[place].body)):
            given = [one.value for one in scope if isinstance(one, ast.Assign) and told.id in map(ast.unparse, one.targets)]
            if given:
                return {text for value in given for text in strings(value, place, function)}
    return set()


def second(name: str, called: Callable[[str, ast.Call], bool]) -> Iterator[tuple[str, set[str]]]:
    """For every such call: where it stands, and what its second argument may be."""
    for place, call, function in calls(name):
        if len(call.args) > 1 and called(place, call):
            yield f"{place}:{call.lineno}", strings(call.args[1], place, function)


def on_the_chain(place: str, call: ast.Call) -> bool:
    """Whether it is ``append`` of ``locanda.archive.chain``, by whatever name the module was imported."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(modules()[place])
        if isinstance(node, ast.ImportFrom) and node.module == "locanda.archive"
        for alias in node.names
        if alias.name == "chain"
    }
    return ast.unparse(call.func) in {f"{name}.append" for name in names}


@cache
def alarm_kinds() -> frozenset[str]:
    found = dict(second("raise_alarm", lambda place, call: isinstance(call.func, ast.Name)))
    assert [where for where, kinds in found.items() if not kinds] == [], "which alarm is raised there?"
    return frozenset(kind for kinds in found.values() for kind in kinds)


@cache
def event_kinds() -> frozenset[str]:
    found = dict(second("append", on_the_chain))
    assert [where for where, kinds in found.items() if not kinds] == [], "which event is written there?"
    return frozenset(kind for kinds in found.values() for kind in kinds)


def test_the_kinds_are_found() -> None:
    assert alarm_kinds() >= {"look_at_portal", "term_near", "term_passed", "follow_up_blocked", "receipt_differs", "no_keys"}
    assert event_kinds() >= {"delivery.all_accepted", "alarm.look_at_portal", "segment.completed", "guest.forgotten"}
    assert len(event_kinds()) > 50


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_event_has_words(language: str) -> None:
    assert sorted(kind for kind in event_kinds() if f"event.{kind}" not in catalogue(language)) == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_alarm_has_words_of_its_own(language: str) -> None:
    words = catalogue(language)
    assert sorted(k for k in alarm_kinds() if not {f"alarm.{k}.title", f"alarm.{k}.text"} <= set(words)) == []


def test_no_words_for_events_that_nothing_writes() -> None:
    told = {key.removeprefix("event.") for key in catalogue("it") if key.startswith("event.") and key.count(".") == 2}
    assert sorted(told - event_kinds()) == []


def test_the_house_is_read_whole() -> None:
    assert {Path(place).parts[0] for place in modules()} == set(FLOORS)
