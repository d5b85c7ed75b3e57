"""``locanda tax late`` and ``tax compute``: the tourist tax, without a database (``interfaces.md``)."""

from __future__ import annotations

from datetime import date
from typing import IO, Any

import click

from locanda.cli.json_door import amount, language_option, lines_option, run
from locanda.core.problems import Problem, render_all
from locanda.core.readers import Reader, day, flag, money, text
from locanda.core.shapes import parse_json
from locanda.law.authorities import comune_code, local_holidays
from locanda.law.late_tax import Late, late_payment, legal_interest
from locanda.law.packs import Chain, UnknownTerritory, chain, territory
from locanda.places import Unresolved

__all__ = ["tax"]

_KEYS: dict[str, Reader] = {"amount": money, "due": day, "paid": day, "comune": text, "draft_served": flag}


@click.group()
def tax() -> None:
    """L'imposta di soggiorno. | The tourist tax."""


@tax.command()
@lines_option
@language_option
@click.option("--explain", is_flag=True, help="Notte per notte, con il perché. | Night by night, with the reason.")
@click.argument("file", type=click.File("rb"), metavar="FILE")
def compute(file: IO[bytes], language: str, *, lines: bool, explain: bool) -> int:
    """Quanto è dovuto per ogni ospite e notte. | What is due for each guest and night."""
    from locanda.cli.tax_compute import compute as answer

    return run(file, lambda data: answer(data, language, explain=explain), lines=lines)


@tax.command()
@lines_option
@language_option
@click.argument("file", type=click.File("rb"), metavar="FILE")
def late(file: IO[bytes], language: str, *, lines: bool) -> int:
    """Sanzione e interessi di un versamento in ritardo. | Sanction and interest of a late payment."""
    return run(file, lambda data: _answer(data, language), lines=lines)


def _answer(data: bytes, language: str) -> dict[str, Any]:
    shapes = parse_json(data, also=_KEYS)
    found = list(shapes.problems)
    read = {key: reader(shapes.rest[key], key, found) for key, reader in _KEYS.items() if shapes.rest.get(key) is not None}
    if not shapes.unread():
        found += [Problem.of("late.fact.missing", key, key=key) for key in ("amount", "due", "paid") if key not in read]
    rules = _rules(read.get("comune"), read.get("due"), found)
    if found or rules is None:
        return {"problems": render_all(found, language)}
    paid_late = late_payment(
        read["amount"], read["due"], read["paid"], after_draft=read.get("draft_served", False), rates=legal_interest(rules),
        local=local_holidays(rules),
    )
    told: dict[str, Any] = {
        "days_late": paid_late.days_late,
        "sanction": amount(paid_late.sanction),
        "interest": amount(paid_late.interest),
        "total": amount(paid_late.total),
        "rule": _rule(paid_late, rules, language),
    }
    if paid_late.unknown_years:
        years = ", ".join(map(str, paid_late.unknown_years))
        told["problems"] = render_all([Problem.of("late.interest.unknown", "paid", years=years)], language)
    return told


def _rules(comune: str | None, due: date | None, found: list[Problem]) -> Chain | None:
    """The chain of the comune; that of the state when none is named."""
    if comune is None:
        return Chain("", [territory("it")])
    code = comune_code(comune, due or date.max)
    try:
        if not isinstance(code, Unresolved):
            return chain(code)
    except UnknownTerritory:
        pass
    found.append(Problem.of("duties.comune.unknown", "comune", value=comune))
    return None


def _rule(paid_late: Late, rules: Chain, language: str) -> dict[str, Any]:
    """Each figure with the rule behind it."""
    step = paid_late.step
    told: dict[str, Any] = {"due": paid_late.due.isoformat()}
    sanction = rules.sanction("N-IDS-VERS", paid_late.due)
    if step is not None:
        told["sanction"] = {
            "id": sanction.id if sanction else None, "step": step.id, "percent_of_tax": f"{float(step.percent):g}",
            "part": str(step.part), "text": step.text.said(language), "article": step.article,
            "basis": sanction.basis.said(language) if sanction else None,
        }  # fmt: skip
    if paid_late.boundary:
        told["one_eighth_until"] = paid_late.boundary.isoformat()
    if paid_late.other_reading is not None:
        told["sanction_if_no_periodic_return"] = amount(paid_late.other_reading)
    told["interest"] = [
        {
            "year": entry.year, "days": entry.days, "percent": None if entry.rate is None else f"{float(entry.rate.percent):g}",
            "source": None if entry.rate is None else entry.rate.source,
        }
        for entry in paid_late.years
    ]  # fmt: skip
    return told
