"""Portals fed by file or by hand: ``ready`` to ``handed_over`` to ``confirmed`` or ``refused``, on the operator's word alone."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from locanda.delivery.machine import FINAL, Evidence, IllegalStep, Resend, State, Step, advance, may_try_anew
from locanda.law.statistics import Movement, told
from locanda.portals.flows import FlowFormat, flow_formats
from tests.flows_year import year

BY_HAND = [form for form in flow_formats().values() if form.mode in ("FILE", "SHEET", "NONE")]
EACH = pytest.mark.parametrize("form", BY_HAND, ids=lambda form: form.key)


@EACH
def test_a_file_is_handed_over_and_only_a_person_says_what_became_of_it(form: FlowFormat) -> None:
    assert form.module, form.key
    held = advance(State.READY, Step.HAND_OVER, resend=Resend.NEVER)
    assert held is State.HANDED_OVER
    for step, end in ((Step.PORTAL_CONFIRMED, State.CONFIRMED), (Step.PORTAL_REFUSED, State.REFUSED)):
        with pytest.raises(IllegalStep):
            advance(held, step, resend=Resend.NEVER)
        assert advance(held, step, resend=Resend.NEVER, evidence=Evidence.OPERATOR) is end
        assert end in FINAL
    for step in (Step.ALL_ACCEPTED, Step.SEND_AGAIN, Step.RETRY_DUE):
        with pytest.raises(IllegalStep):
            advance(held, step, resend=Resend.NEVER, evidence=Evidence.ROW_OUTCOME)
    assert may_try_anew(State.REFUSED) and not may_try_anew(State.CONFIRMED)


def month(first: date, last: date, until: date | None) -> Movement:
    form = flow_formats()["spot"]
    request = year(5, units=4, guests=200, days=90)
    request |= {"from": str(first), "to": str(last), "accepted_until": until and str(until)}
    made = told(json.dumps(request).encode(), needs=form.needs, uses=form.uses)
    assert made.movement is not None, made.problems
    return made.movement


def test_what_spot_confirmed_is_never_in_a_file_again_and_what_it_refused_is() -> None:
    form = flow_formats()["spot"]
    first, last = date(2026, 1, 1), date(2026, 1, 31)
    january = form.write(month(first, last, None))
    assert january.data is not None
    assert form.write(month(first, last, None)).data == january.data, "refused: the same file again"
    again = form.write(month(first, last, last))
    assert (again.data, [problem.code for problem in again.problems]) == (None, ["spot.accepted.all"])
    february = form.write(month(first, date(2026, 2, 28), last))
    assert february.data is not None
    days = [entry.day for entry in form.read(february.data).values.days]
    assert days == [last + timedelta(days=number) for number in range(1, 29)]
