"""How the tax of a comune looks: periods with tone, amount and term; stays without names; months as bars and as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from babel.dates import format_date
from django.http import Http404, HttpRequest
from django.urls import reverse

from locanda.archive.models import Property, Stay
from locanda.archive.parts import in_parts
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.law.deadlines import Due
from locanda.law.periods import Period
from locanda.law.remitting import Counts, Figures
from locanda.law.tourist_tax.words import who
from locanda.office.tax.agreement import SOURCES
from locanda.office.tax.payers import Payer, payer_named
from locanda.office.tax.periods import PeriodView
from locanda.web.duty_look import euro, short_day, subject_words, two
from locanda.web.gate import Seat
from locanda.web.time_words import short_date
from locanda.web.words import catalogue, language, say

__all__ = [
    "COUNT_KINDS", "MONEY_KINDS", "PERIOD_LOOKS", "Bar", "CountRow", "PeriodSeen", "StaySeen", "Told", "bars", "count_rows",
    "payer_at", "period_words", "properties_of", "seen_period", "signed", "sources_seen", "stays_seen", "tell", "told", "word_or",
]  # fmt: skip

PERIOD_LOOKS = {
    "running": ("wait", "clock"),
    "zero": ("wait", "check"),
    "to_pay": ("todo", "send"),
    "overdue": ("trouble", "warn"),
    "paid": ("good", "check"),
    "over": ("todo", "ask"),
    "waiting": ("trouble", "stop"),
    "unknown": ("trouble", "ask"),
}
"""Tone and shape of each state of a period; the words are in the texts."""

COUNT_KINDS = ("total", "taxed", "reduced", "exempt", "beyond_cap", "out_of_period", "portal", "excluded")
"""The headings of the figures."""

MONEY_KINDS = (
    "due", "collected", "refused", "outstanding", "excess", "portal", "to_pay", "without_refused", "paid", "still",
)  # fmt: skip
"""The sums of a period, in the order of the page."""

_HEIGHT = 100
_PERIOD = re.compile(r"\d{4}(-\w+)?", re.ASCII)


class Told(NamedTuple):
    """A problem or a note in words."""

    text: str
    hint: str
    where: str = ""


class PeriodSeen(NamedTuple):
    """A period as a card shows it. ``nominal`` is the day to keep; ``moved`` says where the law moves it."""

    view: PeriodView
    state: str
    label: str
    tone: str
    icon: str
    amount: str
    nominal: str
    moved: str
    days_left: int | None
    link: str
    gone: int
    whole: int


class StaySeen(NamedTuple):
    """A stay without names: which property, which days."""

    label: str
    link: str
    property: str


class CountRow(NamedTuple):
    """A line of figures: guest-nights, and persons where they are told apart."""

    label: str
    nights: int
    persons: int | None


class Bar(NamedTuple):
    """A month of the chart and of its table."""

    month: str
    short: str
    figures: Figures
    due: str
    x: int
    y: int
    height: int
    chosen: bool


def told(problem: Problem) -> Told:
    """A problem in the language of the page; a period is told as people say it."""
    period = problem.fact("period")
    if period is not None and _PERIOD.fullmatch(period):
        problem = problem._replace(facts=(*problem.facts, ("period", period_words(period))))
    return Told(problem.message(language()), problem.hint(language()), problem.where)


def tell(problems: Iterable[Problem]) -> list[Told]:
    return [told(problem) for problem in problems]


def signed(cents: int) -> str:
    """An amount that may be less than nothing."""
    return f"−{euro(-cents)}" if cents < 0 else euro(cents)


def properties_of(seat: Seat) -> list[Property]:
    """The properties this person works for, with their operators."""
    return list(seat.properties().select_related("operator", "credential", "account").order_by("name"))


def payer_at(request: HttpRequest, key: str, *, whole: bool = False) -> tuple[Payer, bool]:
    """The payer that an address names, as far as this person works for it, and whether that is all of it.

    With ``whole`` somebody who works for a part of its properties finds nothing: payments and declarations are of all together.
    """
    seat: Seat = request.seat  # type: ignore[attr-defined]
    found = payer_named(seat.account, properties_of(seat), key)
    if found is None:
        raise Http404
    complete = seat.sees_all
    if not complete:
        everything = payer_named(seat.account, Property.objects.of(seat.account).select_related("operator", "account"), key)
        complete = everything is not None and len(everything.properties) == len(found.properties)
    if whole and not complete:
        raise Http404
    return found, complete


def period_words(period: Period | str) -> str:
    """``3° trimestre 2026``; ``luglio 2026``."""
    return subject_words(f"period:{period if isinstance(period, str) else period.label}")


def seen_period(view: PeriodView, today: date) -> PeriodSeen:
    """A period with everything that a card says of it."""
    state = "unknown" if view.payer.rule is None else view.state
    tone, icon = PERIOD_LOOKS[state]
    nominal = _day(view.due.nominal) if view.due else None
    left = view.figures.to_pay if state in ("running", "paid", "zero") else view.left
    span = (view.period.last - view.period.first).days + 1
    return PeriodSeen(
        view, state, period_words(view.period), tone, icon, signed(left), short_date(nominal) if nominal else "",
        _moved(view.due), (nominal - today).days if nominal else None,
        reverse("tax_period", args=[view.payer.key, view.period.label]),
        min(max((today - view.period.first).days + 1, 0), span), span,
    )  # fmt: skip


def _day(when: datetime | date) -> date:
    return when.astimezone(ROME).date() if isinstance(when, datetime) else when


def _moved(due: Due | None) -> str:
    """Where the day to keep is no working day, the law moves it: said, not relied on (spec 8.1)."""
    if due is None or due.day == _day(due.nominal):
        return ""
    return say("tax.moved", day=short_day(due.day))


def stays_seen(account: Any, keys: Iterable[UUID | str]) -> dict[str, StaySeen]:
    """Stays by their id: what they are told apart by is the property and the days. Names are sealed, and figures need none."""
    found = {}
    for part in in_parts(dict.fromkeys(str(key) for key in keys)):
        rows = Stay.objects.of(account).filter(pk__in=part)
        for row in rows.select_related("property"):
            first = short_day(rome_day(row.arrival)) if row.arrival else "–"
            last = short_day(row.departure_day) if row.departure_day else "–"
            label = say("tax.stay", first=first, last=last)
            found[str(row.pk)] = StaySeen(label, reverse("stay_tax", args=[row.pk]), row.property.name)
    return found


def sources_seen(counts: Sequence[int | None]) -> list[tuple[str, str]]:
    """The guest-nights of each source of a comparison under its name; a dash for one that says nothing."""
    return [
        (say(f"tax_source.{name}"), "–" if count is None else str(count)) for name, count in zip(SOURCES, counts, strict=True)
    ]


def count_rows(presences: Counts, persons: Counts) -> list[CountRow]:
    """The figures of a period, line by line; headings that nobody is under are left out, but for the first two."""
    people = {"exempt": dict(persons.exempt), "reduced": dict(persons.reduced)}
    rows = [
        CountRow(say("tax_period.total"), presences.total, persons.total),
        CountRow(say("tax_period.taxed"), presences.taxed, persons.taxed),
        *(
            CountRow(f"{say(f'tax_period.{kind}')}: {two(who(code))}", nights, people[kind].get(code, 0))
            for kind, held in (("reduced", presences.reduced), ("exempt", presences.exempt))
            for code, nights in held
        ),
        *(
            CountRow(say(f"tax_period.{name}"), getattr(presences, name), getattr(persons, name))
            for name in COUNT_KINDS[4:]
        ),
    ]
    return [row for place, row in enumerate(rows) if place < 2 or row.nights or row.persons]


def bars(months: Sequence[Figures], chosen: Period | None = None) -> list[Bar]:
    """The months as bars of a picture 240 wide; the tallest fills it."""
    top = max((one.money.due for one in months), default=0) or 1
    found = []
    for place, one in enumerate(months):
        height = round(one.money.due * _HEIGHT / top)
        inside = chosen is not None and chosen.first <= one.period.first <= chosen.last
        name = format_date(one.period.first, "LLLL", locale=language())
        short = format_date(one.period.first, "LLLLL", locale=language())
        found.append(Bar(name, short, one, euro(one.money.due), place * 20 + 2, _HEIGHT - height, height, inside))
    return found


def word_or(group: str, value: str) -> str:
    """The word of a value, or the value itself."""
    key = f"{group}.{value}"
    return say(key) if key in catalogue(language()) else value
