"""``locanda duties list``: every duty of a property in a stretch of days, without a database (``interfaces.md``)."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO, Any

import click

from locanda.cli.json_door import language_option, lines_option, run, written
from locanda.core.problems import Problem, render_all
from locanda.core.readers import day, instant
from locanda.core.shapes import parse_json
from locanda.law.conditions import strange_portals
from locanda.law.duties import Duty, chain_of, list_duties, wanting
from locanda.law.events import DutyEvent, read_events
from locanda.law.lasting import Counting, Standing
from locanda.law.packs import Chain
from locanda.law.periods import months_later
from locanda.law.safety import area_of, extinguishers

__all__ = ["duties", "duty_json"]

YEARS_MAX = 20


@click.group()
def duties() -> None:
    """Che cosa si deve fare, entro quando, verso chi. | What is to be done, by when, towards whom."""


@duties.command("list")
@lines_option
@language_option
@click.argument("file", type=click.File("rb"), metavar="FILE")
def list_(file: IO[bytes], language: str, *, lines: bool) -> int:
    """Elenca gli adempimenti di una struttura fra due giorni. | List the duties of a property between two days."""
    return run(file, lambda data: _answer(data, language), lines=lines)


def _answer(data: bytes, language: str) -> dict[str, Any]:
    shapes = parse_json(data, also=("events", "from", "to", "as_of"))
    found = list(shapes.problems)
    rest = shapes.rest
    if shapes.unread():
        return {"problems": render_all(found, language)}
    range_ = [_day(rest, key, found) for key in ("from", "to")]
    as_of: datetime | None = instant(rest["as_of"], "as_of", found) if rest.get("as_of") is not None else None
    events: tuple[DutyEvent | None, ...] = read_events(rest["events"], "events", found) if "events" in rest else ()
    if shapes.property is None and not any(problem.where.startswith("property") for problem in found):
        found.append(Problem("duties.property.missing", "property"))
    first, last = range_
    if first and last:
        found += _range_problems(first, last)
    rules = chain_of(shapes.property, last or first or date.max) if shapes.property else None
    found += strange_portals(events, rules) if isinstance(rules, Chain) else []
    if found or first is None or last is None or shapes.property is None or not isinstance(rules, Chain):
        told = {problem.where for problem in found}
        found += [problem for problem in wanting(shapes.property, shapes.stays, rules) if problem.where not in told]
        return {"problems": render_all(found, language)}
    stays = [stay for stay in shapes.stays if stay is not None]
    listed = list_duties(shapes.property, stays, events, from_=first, to=last, as_of=as_of, rules=rules)
    if listed.problems:
        return {"problems": render_all(listed.problems, language)}
    floors = extinguishers(shapes.property.floors_m2, area_of(rules, last)) if shapes.property.floors_m2 else None
    return {
        "duties": [duty_json(duty) for duty in listed.duties],
        "counters": [_counter(counter) for counter in listed.counters],
        "standing": [_standing(standing, floors) for standing in listed.standing],
    }


def _day(rest: Any, key: str, found: list[Problem]) -> date | None:
    value = rest.get(key)
    if value is None:
        found.append(Problem.of("duties.range.missing", key, key=key))
        return None
    read: date | None = day(value, key, found)
    return read


def _range_problems(first: date, last: date) -> list[Problem]:
    if last < first:
        return [Problem("duties.range.backwards", "to")]
    if last > months_later(first, 12 * YEARS_MAX):
        return [Problem.of("duties.range.long", "to", years=YEARS_MAX)]
    return []


def duty_json(duty: Duty) -> dict[str, Any]:
    """A duty as ``interfaces.md`` shows it; ``refines``, ``fulfils`` and ``advised`` only where they say something."""
    told: dict[str, Any] = {
        "obligation": duty.obligation,
        "subject": dict(duty.subject),
        "nominal": written(duty.when.nominal),
        "due": written(duty.when.due),
        "prudent_due": written(duty.when.prudent_due),
        "remind_by": written(duty.when.remind_by),
        "portal": duty.portal,
        "authority": duty.authority,
        "sanctions": list(duty.rule.sanctions),
        "status": duty.rule.status,
        "sources": list(duty.rule.sources),
    }
    if duty.rule.refines:
        told["refines"] = duty.rule.refines
    if duty.fulfils:
        told["fulfils"] = duty.fulfils
    if duty.advised:
        told["advised"] = True
    return told


def _counter(counter: Counting) -> dict[str, Any]:
    return {
        "obligation": counter.obligation, "year": counter.year, "have": counter.have, "need": counter.need,
        "satisfied": counter.satisfied,
    }  # fmt: skip


def _standing(standing: Standing, extinguishers: int | None) -> dict[str, Any]:
    rule = standing.rule
    told: dict[str, Any] = {
        "obligation": standing.obligation, "event": standing.event,
        "since": None if standing.since is None else written(standing.since), "portal": rule.channel,
        "authority": standing.authority, "sanctions": list(rule.sanctions), "status": rule.status, "sources": list(rule.sources),
    }  # fmt: skip
    if rule.refines:
        told["refines"] = rule.refines
    if standing.advised:
        told["advised"] = True
    if extinguishers is not None and "IT-SIC-01" in (standing.obligation, rule.refines):
        told["extinguishers"] = extinguishers
    return told
