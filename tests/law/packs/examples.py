"""Runs the examples that stand beside the packs (docs/pack-schema.md, "Examples").

A case asks one question of the engines, in the words of the packs, and says what the answer must be. Only the keys named in
``expect`` are compared.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from locanda.core.shapes import parse
from locanda.law.authorities import office_for
from locanda.law.deadlines import due_after, due_for
from locanda.law.duties import list_duties
from locanda.law.events import read_events
from locanda.law.late_tax import late_payment, legal_interest
from locanda.law.packs import Chain, chain
from locanda.law.packs.tree import builtin_tree
from locanda.law.periods import parse_period
from locanda.law.sanctions import calculate

__all__ = ["QUESTIONS", "Case", "cases", "example_files", "run"]


class Case(NamedTuple):
    """One worked example: where it stands, what it asks and what is right."""

    file: str
    number: int
    says: str
    source: str
    comune: str
    question: str
    asked: Mapping[str, Any]
    expect: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.file}-{self.number}"


def example_files() -> list[Path]:
    return sorted(builtin_tree().root.rglob("*.examples.toml"))


def cases() -> Iterator[Case]:
    for path in example_files():
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        name = path.name.removesuffix(".examples.toml")
        for number, entry in enumerate(raw.get("case", ()), 1):
            question = next(key for key in QUESTIONS if key in entry)
            assert set(entry) <= {"says", "source", "comune", "expect", question}, f"{path.name} case {number}: {set(entry)}"
            yield Case(
                name, number, entry["says"], entry["source"], entry.get("comune") or raw["comune"], question, entry[question],
                entry["expect"],
            )  # fmt: skip


def run(case: Case) -> dict[str, Any]:
    """The answer of the engines, with at least the keys expected."""
    return QUESTIONS[case.question](chain(case.comune), case.asked)


def _when(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _due(rules: Chain, asked: Mapping[str, Any]) -> dict[str, Any]:
    if "period" in asked:
        of: Any = parse_period(asked["period"])
        on = of.last
    else:
        of = _when(asked["event"])
        on = date.fromisoformat(asked["event"][:10])
    duty = rules.obligation(asked["duty"], asked.get("on", on))
    assert duty is not None, f"{asked['duty']} is not in force"
    rule = duty.deadlines[asked.get("deadline", 1) - 1]
    when = due_for(rule, of) if "period" in asked else due_after(rule, of, short=asked.get("short", False))
    return {name: _text(getattr(when, name)) for name in ("nominal", "due", "prudent_due", "remind_by")}


def _text(value: date | datetime) -> str:
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def _binds(rules: Chain, asked: Mapping[str, Any]) -> dict[str, Any]:
    duty = rules.obligation(asked["duty"], asked["on"])
    if duty is None:
        return {"answer": "not in force"}
    return {"answer": rules.binds(duty, asked["type"], business=asked.get("business", False)) or "free"}


def _sanction(rules: Chain, asked: Mapping[str, Any]) -> dict[str, Any]:
    sanction = rules.sanction(asked["id"], asked["on"])
    if sanction is None:
        return {"answer": "not in force"}
    found = calculate(
        sanction, on=asked["on"], earlier=asked.get("earlier", 0), count=asked.get("count", 1),
        suspensions=asked.get("suspensions", ()),
    )  # fmt: skip
    amounts = {name: _euro(getattr(found, name)) for name in ("min", "max", "reduced", "oblazione")}
    return {
        **amounts, "repetition": found.repetition, "suspension": found.suspension.possible,
        "max_months": found.suspension.max_months, "revocation": found.revocation, "warning_first": found.warning_first,
    }  # fmt: skip


def _euro(cents: int | None) -> str:
    return "unknown" if cents is None else f"{cents // 100}.{cents % 100:02}"


def _authority(rules: Chain, asked: Mapping[str, Any]) -> dict[str, Any]:
    office = office_for(asked["duty"], rules.comune, asked["on"], rules=rules)
    if office is None:
        return {"office": "unknown"}
    return {"office": office.id, "pec": office.pec or "unknown", "verified": office.verified}


def _value(rules: Chain, asked: Mapping[str, Any]) -> dict[str, Any]:
    parameter = rules.parameter(asked["id"], asked["on"])
    return {"value": parameter.value if parameter else "unknown", "status": parameter.status if parameter else "unknown"}


def _item(rules: Chain, asked: Mapping[str, Any]) -> dict[str, Any]:
    ask: Callable[..., Any] = getattr(rules, asked["kind"])
    found = ask(asked["id"]) if asked["kind"] == "note" else ask(asked["id"], asked["on"])
    return {"answer": "not in force"} if found is None else {key: getattr(found, key) for key in dir(found) if key[0] != "_"}


def _late(rules: Chain, asked: Mapping[str, Any]) -> dict[str, Any]:
    found = late_payment(
        int(Fraction(asked["amount"]) * 100), asked["due"], asked["paid"], rates=legal_interest(rules),
        periodic_return=asked.get("periodic_return", True),
    )  # fmt: skip
    return {
        "days_late": found.days_late, "sanction": _euro(found.sanction), "interest": _euro(found.interest),
        "total": _euro(found.total),
    }  # fmt: skip


def _duties(rules: Chain, asked: Mapping[str, Any]) -> dict[str, Any]:
    read = parse({"property": {"id": "P", "comune": rules.comune, **asked["property"]}, "stays": list(asked.get("stays", ()))})
    assert read.problems == [] or not read.problems, read.problems
    faults: list[Any] = []
    events = read_events(list(asked.get("events", ())), "events", faults)
    assert faults == []
    assert read.property is not None
    stays = [stay for stay in read.stays if stay is not None]
    found = list_duties(read.property, stays, events, from_=asked["from"], to=asked["to"])
    assert found.problems == ()
    return {
        "duties": sorted({duty.obligation for duty in found.duties}),
        "nominal": {duty.obligation: _text(duty.when.nominal) for duty in found.duties},
        "due": {duty.obligation: _text(duty.when.due) for duty in found.duties},
        "standing": sorted(entry.obligation for entry in found.standing),
        "counters": {entry.obligation: [entry.have, entry.need] for entry in found.counters},
        "status": {entry.obligation: entry.rule.status for entry in (*found.duties, *found.standing)},
        "advised": sorted({duty.obligation for duty in found.duties if duty.advised}),
    }


QUESTIONS: Mapping[str, Callable[[Chain, Mapping[str, Any]], dict[str, Any]]] = {
    "due": _due, "binds": _binds, "sanction": _sanction, "authority": _authority, "value": _value, "item": _item, "late": _late,
    "duties": _duties,
}  # fmt: skip


def differences(case: Case) -> list[str]:
    """What the answer says otherwise than expected."""
    answer = run(case)
    found = []
    for key, wanted in case.expect.items():
        if key in ("includes", "excludes"):
            there = set(answer["duties"]) | set(answer["standing"])
            wrong = set(wanted) - there if key == "includes" else set(wanted) & there
            found += [f"{key}: {name}" for name in sorted(wrong)]
            continue
        given = answer.get(key)
        if isinstance(wanted, dict) and isinstance(given, dict):
            given = {name: given.get(name) for name in wanted}
        if isinstance(given, tuple):
            given = list(given)
        if re.sub(r"\s+", " ", str(given)) != re.sub(r"\s+", " ", str(wanted)):
            found.append(f"{key}: {given!r} instead of {wanted!r}")
    return found
