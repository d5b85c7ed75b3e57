"""``locanda sanction show``: what a breach costs, without a database (``interfaces.md``)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import click

from locanda.cli.json_door import DayType, amount, language_option, print_json
from locanda.core.problems import Problem, render_all
from locanda.core.time import rome_day
from locanda.law.general_rules import reduced_payment
from locanda.law.sanctions import Penalty, accessories, calculate, cents_of, find_rules

__all__ = ["penalty_json", "sanction"]


class DaysType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """Days parted by commas."""

    name = "day,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[date, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(DayType().convert(part.strip(), param, ctx) for part in str(value).split(",") if part.strip())


@click.group()
def sanction() -> None:
    """Che cosa si rischia. | What is at stake."""


@sanction.command()
@click.option(
    "--earlier", type=click.IntRange(0, 1000), default=0, show_default=True,
    help="Violazioni precedenti che contano. | Earlier breaches that count.",
)
@click.option(
    "--count", "times", type=click.IntRange(1, 100_000), default=1, show_default=True,
    help="Mesi o violazioni. | Months or breaches.",
)
@click.option(
    "--on", type=DayType(),
    help="Giorno della violazione, o del mese; oggi se manca. | Day of the breach, or of the month; today when absent.",
)
@click.option("--suspensions", type=DaysType(), default=(), help="Giorni delle sospensioni avute. | Days of suspensions.")
@language_option
@click.argument("ident", metavar="ID")
def show(ident: str, earlier: int, times: int, on: date | None, suspensions: tuple[date, ...], language: str) -> int:
    """Mostra quanto costa una violazione. | Show what a breach costs."""
    rules = find_rules(ident)
    if rules is None:
        raise click.UsageError(f"{ident}: nessuna sanzione ha questo codice | no sanction has this id")
    on = on or rome_day(datetime.now(UTC))
    found = rules.sanction(ident, on)
    if found is None:
        rows = rules.versions("sanction", ident)
        stretches = ", ".join(f"{row.valid_from}/{row.valid_to or '…'}" for row in rows)
        problem = Problem.of("sanction.day.not_in_force", "on", id=ident, on=on, periods=stretches)
        print_json({"id": ident, "problems": render_all([problem], language)})
        return 1
    also = accessories(rules, found, on)
    penalty = calculate(found, on=on, earlier=earlier, count=times, suspensions=suspensions, also=also)
    print_json(penalty_json(penalty, language))
    return 0


def penalty_json(penalty: Penalty, language: str = "it") -> dict[str, Any]:
    """A penalty as ``interfaces.md`` shows it, with what only some sanctions have after it."""
    rule = penalty.sanction
    told: dict[str, Any] = {
        "id": rule.id,
        "min": amount(penalty.min),
        "max": amount(penalty.max),
        "reduced": amount(penalty.reduced),
        "repetition": penalty.repetition,
        "suspension": {"possible": penalty.suspension.possible, "max_months": penalty.suspension.max_months},
        "revocation": penalty.revocation,
        "warning_first": penalty.warning_first,
        "articles": [article.said(language) for article in penalty.articles],
        "nature": rule.nature,
        "unit": rule.unit,
        "count": penalty.times,
        "on": penalty.on.isoformat(),
        "authority": rule.authority,
        "status": rule.status,
        "sources": list(rule.sources),
        "notes": [note.said(language) for note in penalty.notes],
    }
    if penalty.suspension.condition:
        told["suspension"]["condition"] = penalty.suspension.condition.said(language)
    if penalty.oblazione is not None:
        told["oblazione"] = {"amount": amount(penalty.oblazione), "article": "art. 162-bis c.p."}
    if rule.arrest_max_months is not None:
        told["arrest_max_months"] = rule.arrest_max_months
    if penalty.suspended:
        told["suspended"] = {"from": penalty.suspended.from_.isoformat(), "to": penalty.suspended.to.isoformat()}
    if rule.company_min is not None and rule.company_max is not None:
        low, high = cents_of(rule.company_min), cents_of(rule.company_max)
        once = reduced_payment(low, high)
        told["company"] = {
            "min": amount(low * penalty.times), "max": amount(high * penalty.times),
            "reduced": None if once is None else amount(once * penalty.times),
        }  # fmt: skip
    if rule.late_days is not None and rule.late_percent is not None:
        told["late"] = {"days": rule.late_days, "percent": f"{rule.late_percent:.2f}"}
    return told
