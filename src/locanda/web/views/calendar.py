"""The calendar of duties: now, the next weeks, the year; by property and by kind; what is overdue first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from locanda.archive.models import Property
from locanda.core.time import rome_day
from locanda.law.deadlines import ends_on
from locanda.law.duties import list_duties
from locanda.law.packs import Chain
from locanda.law.periods import months_later
from locanda.office.calendar import entries, standing
from locanda.office.clock import now as office_now
from locanda.office.duty_facts import core_property
from locanda.office.overrides import rules_of
from locanda.web.duty_look import DUTY_KINDS, DutySeen, kind_of, seen_duty, short_day, state_seen, subject_days, two
from locanda.web.duty_together import MANY, SHOWN, group, sort_duties
from locanda.web.gate import Seat, door, other_accounts
from locanda.web.views.standing import seen_check
from locanda.web.words import language, say

__all__ = ["calendar", "property_duties"]

VIEWS = ("oggi", "settimane", "anno")
_AHEAD = {"oggi": timedelta(days=7), "settimane": timedelta(weeks=8)}
_DONE_SHOWN = timedelta(days=30)
See = Callable[[Any], DutySeen]
_FIRST = 8


class Month(NamedTuple):
    """A month of the year."""

    title: str
    number: int
    duties: list[DutySeen]
    to_do: int
    done: int
    late: int
    before: int
    now: bool
    more: int


class StartedSeen(NamedTuple):
    """A duty that begins with an event."""

    title: str
    basis: str
    kind: str
    advised: bool


@require_safe
@door()
def calendar(request: HttpRequest) -> HttpResponse:
    """``vista``, ``struttura``, ``genere`` and ``anno`` choose what is shown; ``conto`` leads to another of one's accounts."""
    seat: Seat = request.seat
    asked_for = request.GET.get("conto", str(seat.account.pk))
    if asked_for != str(seat.account.pk):
        for account in other_accounts(seat.person):
            if str(account.pk) == asked_for:
                return render(request, "web/elsewhere.html", {"account": account})
    now = office_now()
    today = rome_day(now)
    properties = list(seat.properties().filter(closed_at=None))
    chosen = next((one for one in properties if str(one.pk) == request.GET.get("struttura")), None)
    kind = next((one for one in DUTY_KINDS if one == request.GET.get("genere")), "")
    view = next((one for one in VIEWS if one == request.GET.get("vista")), VIEWS[0])
    year = _year(request.GET.get("anno", ""), today)
    first, last = (date(year, 1, 1), date(year, 12, 31)) if view == "anno" else (months_later(today, -12), today + _AHEAD[view])
    asked = [chosen] if chosen else properties
    found = [
        entry for entry in entries(seat.account, asked, from_=first, to=last, now=now)
        if not kind or kind_of(entry.obligation) == kind
    ] if asked else []  # fmt: skip
    context: dict[str, Any] = {
        "properties": properties, "chosen": chosen, "kind": kind, "view": view, "views": VIEWS, "year": year, "today": today,
        "kinds": DUTY_KINDS, "several": len(asked) > 1, "shown": asked[:SHOWN], "earlier": year - 1, "later": year + 1,
    }  # fmt: skip
    many = len(asked) >= MANY
    if view == "anno":
        single = [entry for entry in found if _is_of_one_stay(entry)]
        context["year_of"] = _months(seat, [one for one in found if not _is_of_one_stay(one)], year, now, many=many)
        context["single"], context["single_late"] = len(single), sum(state_seen(one) == "overdue" for one in single)
    else:
        context |= _near(seat, found, view, now, many=many)
    return render(request, "web/calendar/calendar.html", context)


@require_safe
@door()
def property_duties(request: HttpRequest, property: UUID) -> HttpResponse:
    """What the sheet of a property decides: its duties of the next twelve months, those of every arrival, those that last."""
    seat: Seat = request.seat
    row: Property = seat.one(seat.properties(), property)
    now = office_now()
    today = rome_day(now)
    found = [
        entry for entry in entries(seat.account, [row], from_=today, to=months_later(today, 12), now=now)
        if not _is_of_one_stay(entry)
    ]  # fmt: skip
    seen = _seer(seat, found[:_FIRST], now)
    rules = rules_of(row, today)
    core = core_property(row)
    answer = list_duties(core, from_=today, to=today, as_of=now, rules=rules)
    context = {
        "property": row, "count": len(found), "duties": [seen(entry) for entry in found[:_FIRST]],
        "problems": [f"{one.message(language())} {one.hint(language())}" for one in answer.problems],
        "started": _started(rules, core, today) if rules else [], "standing": [seen_check(one) for one in standing(row, now=now)],
        "first": "primi-passi" in request.GET, "several": False,
    }  # fmt: skip
    return render(request, "web/calendar/property_duties.html", context)


def _started(rules: Chain, core: Any, today: date) -> list[StartedSeen]:
    """Duties that an arrival or another event starts, of those that concern this kind of property."""
    bound = [(rule, rules.binds(rule, core.type, business=core.business)) for rule in rules.obligations(today)]
    mine = [(rule, how) for rule, how in bound if how and not rule.informative and not rule.set_by]
    detailed = {rule.refines for rule, how in mine if rule.refines and how == "bound"}
    return [
        StartedSeen(two(rule), two(rule.basis), kind_of(rule.id), how == "advised")
        for rule, how in mine
        if rule.id not in detailed and any(one.event and one.kind != "standing" for one in rule.deadlines)
    ]


def _year(text: str, today: date) -> int:
    return int(text) if text.isascii() and text.isdigit() and abs(int(text) - today.year) <= 5 else today.year


def _is_of_one_stay(entry: Any) -> bool:
    """What every arrival brings would bury the rest of a year."""
    return str(entry.subject).startswith(("stay:", "segment:"))


def _seer(seat: Seat, found: Sequence[Any], now: Any) -> See:
    days = subject_days(seat.account, found)
    return lambda entry: seen_duty(entry, now, days)


def _near(seat: Seat, found: Sequence[Any], view: str, now: Any, *, many: bool) -> dict[str, Any]:
    """What is overdue, what comes, and, folded, what was due before the house knew the property and what is done."""
    before, mine = ([entry for entry in found if state_seen(entry) == state] for state in ("before", "overdue"))
    open_ = [entry for entry in found if entry.state not in ("overdue", "done")]
    done = [e for e in found if e.state == "done" and e.done_at is not None and now - e.done_at <= _DONE_SHOWN]
    headed = [(say("calendar.overdue"), mine), (say("calendar.today"), [e for e in open_ if e.state == "today"])]
    rest = [entry for entry in open_ if entry.state != "today"]
    headed += [(say("calendar.soon"), rest)] if view == "oggi" else [(_week(monday), duties) for monday, duties in _weeks(rest)]
    sorted_ = [sort_duties(title, duties, many=many) for title, duties in headed if duties]
    folded = [sort_duties("", duties, many=many, single=True) for duties in (before, done)]
    seen = _seer(seat, [entry for one in (*sorted_, *folded) for entry in one.shown], now)
    return {
        "groups": [group(one, seen) for one in sorted_],
        "before": group(folded[0], seen) if before else None, "before_count": len(before),
        "done": group(folded[1], seen) if done else None, "done_count": len(done),
    }  # fmt: skip


def _weeks(found: Iterable[Any]) -> Iterator[tuple[date, list[Any]]]:
    weeks: dict[date, list[Any]] = {}
    for entry in found:
        day = ends_on(entry.nominal)
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(entry)
    yield from sorted(weeks.items())


def _week(monday: date) -> str:
    first, last = (short_day(day) for day in (monday, monday + timedelta(days=6)))
    return say("calendar.week", first=first, last=last)


def _months(seat: Seat, found: Sequence[Any], year: int, now: Any, *, many: bool) -> list[Month]:
    today = rome_day(now)
    by_month: dict[int, list[Any]] = {number: [] for number in range(1, 13)}
    for entry in found:
        by_month[ends_on(entry.nominal).month].append(entry)
    sorted_ = {number: sort_duties("", mine, many=many) for number, mine in by_month.items()}
    seen = _seer(seat, [entry for one in sorted_.values() for entry in one.shown], now)
    made = []
    for number, mine in by_month.items():
        counted = Counter(state_seen(entry) for entry in mine)
        done, late, before = counted["done"], counted["overdue"], counted["before"]
        title = format_date(date(year, number, 1), "LLLL y", locale=language()).capitalize()
        listed = group(sorted_[number], seen)
        here = (today.year, today.month) == (year, number)
        made.append(Month(title, number, listed.duties, len(mine) - done - before, done, late, before, here, listed.more))
    return made
