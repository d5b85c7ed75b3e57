"""A payment that is late: what it costs today, and what it will cost at each step to come (D.Lgs. 472/1997 art. 13; spec 15).

Around :mod:`locanda.law.late_tax`, which knows the fractions. The days shown are the last ones on which a step still holds, so
that whoever cannot pay today sees until when waiting is cheap.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from locanda.law.holidays import NOWHERE, Local
from locanda.law.late_tax import InterestRate, Late, late_payment

__all__ = ["Overdue", "overdue"]

_STEPS = (14, 30, 90)
_DAY = timedelta(days=1)


class Overdue(NamedTuple):
    """What is to be paid today, item by item, and on the last day of every step not yet over.

    Of each :class:`Late`: ``amount`` is the tax, ``sanction`` the penalty, ``interest`` None while a year's rate is unknown.
    """

    today: Late
    ahead: tuple[Late, ...]

    @property
    def is_late(self) -> bool:
        return self.today.days_late > 0


def overdue(
    amount: int, due: date, today: date, *, rates: Mapping[int, InterestRate], periodic_return: bool = True,
    after_draft: bool = False, local: Local = NOWHERE,
) -> Overdue:  # fmt: skip
    """The cost of a tax of ``amount`` cents that was due on one day and is not paid today.

    The steps end 14, 30 and 90 days after the term, and with the return of the year (or one year, without ``periodic_return``).
    After the draft assessment there are no steps: the penalty stays, and interest grows.
    """

    def cost(day: date) -> Late:
        return late_payment(amount, due, day, rates=rates, periodic_return=periodic_return, after_draft=after_draft, local=local)

    now = cost(today)
    if after_draft:
        return Overdue(now, ())
    ends = [now.due + _DAY * days for days in _STEPS]
    boundary = cost(ends[-1] + _DAY).boundary  # told from the 91st day on
    return Overdue(now, tuple(cost(day) for day in (*ends, boundary) if day is not None and day > today))
