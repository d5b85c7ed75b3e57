"""What a duty costs when it is missed, in words: range, reduced payment, repetition, suspension, and what is due today."""

from __future__ import annotations

import re
from typing import NamedTuple

from locanda.law.late_tax import Late
from locanda.law.sanctions import Penalty, calculate
from locanda.office.calendar import Risk
from locanda.web.duty_look import euro, two
from locanda.web.words import language, say

__all__ = ["RiskSeen", "late_lines", "seen_risk", "typed_euro"]

_AMOUNT = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?")


class RiskSeen(NamedTuple):
    """One sanction in words: its name, the sum, and lines of what else to know."""

    title: str
    amount: str
    lines: list[str]
    articles: str
    status: str


def seen_risk(risk: Risk) -> RiskSeen:
    """A sanction with the history of the property."""
    penalty, lines = risk.penalty, []
    if penalty.reduced is not None:
        lines.append(f"{say('duty.reduced')}: {euro(penalty.reduced)}")
    if penalty.sanction.unit and penalty.max is not None and not penalty.percent:
        unit = say("duty_unit.each") if penalty.sanction.unit == "violation" else ""
        lines += [unit] if unit else []
    if penalty.oblazione is not None:
        lines.append(say("duty.oblazione", sum=euro(penalty.oblazione)))
    if risk.earlier:
        lines.append(say("duty.earlier", n=risk.earlier))
    lines += _again(penalty, risk.earlier)
    if penalty.suspension.possible:
        lines.append(_suspension(penalty))
    if penalty.revocation:
        lines.append(say("duty.revocation"))
    rule = penalty.sanction
    return RiskSeen(two(rule), _sum(penalty), [*lines, *risk.notes], "; ".join(map(two, penalty.articles)), rule.status)


def _sum(penalty: Penalty) -> str:
    low, high = penalty.min, penalty.max
    arrest = penalty.sanction.arrest_max_months
    said = _range(low, high, percent=penalty.percent)
    return say("duty.arrest", months=arrest, sum=_inside(said)) if arrest else said


def _inside(sum: str) -> str:
    """A sum in the middle of a sentence."""
    return sum[:1].lower() + sum[1:]


def _range(low: int | None, high: int | None, *, percent: bool) -> str:
    write = _percent if percent else euro
    if high is None:
        return say("duty.unknown_amount")
    if not low and not percent:
        return say("duty.up_to", high=write(high))
    if low is None or low == high:
        return say("duty.up_to", high=write(high)) if low is None else write(high)
    if percent:
        return say("duty.range_of_the_tax", low=_number(low), high=_number(high))
    return say("duty.range", low=write(low), high=write(high))


def _percent(hundredths: int | None) -> str:
    return say("duty.of_the_tax", percent=_number(hundredths))


def _number(hundredths: int | None) -> str:
    text = f"{(hundredths or 0) / 100:g}"
    return text if language() == "en" else text.replace(".", ",")


def _again(penalty: Penalty, earlier: int) -> list[str]:
    """What the next one of the kind would cost, where that is more."""
    also = calculate(penalty.sanction, on=penalty.on, earlier=earlier + 1, count=penalty.times)
    if (also.min, also.max) != (penalty.min, penalty.max):
        return [f"{say('duty.again')}: {_inside(_range(also.min, also.max, percent=penalty.percent))}"]
    if also.suspension.possible and not penalty.suspension.possible:
        return [f"{say('duty.again')}: {_suspension(also)}"]
    return []


def _suspension(penalty: Penalty) -> str:
    found = penalty.suspension
    condition = f" ({two(found.condition)})" if found.condition else ""
    if found.max_months is None:
        return say("duty.suspension_any") + condition
    return say("duty.suspension", n=found.max_months) + condition


def late_lines(late: Late) -> list[tuple[str, str]]:
    """Tax, sanction, interest and all together, as of today."""
    lines = [(say("late.tax"), euro(late.amount)), (say("late.sanction"), euro(late.sanction))]
    lines.append((say("late.interest"), euro(late.interest)))
    lines.append((say("late.total"), euro(late.total)))
    return lines


def typed_euro(text: str) -> int | None:
    """``120,50`` as cents; None when it is no sum."""
    found = _AMOUNT.fullmatch(text.strip())
    return None if found is None else int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
