"""The main job, played once and told: from arrival to receipt on invented guests and a simulated portal."""

from __future__ import annotations

import textwrap
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from locanda.archive import chain
from locanda.archive.models import (
    Delivery,
    FlowSending,
    Guest,
    GuestNight,
    Party,
    Receipt,
    Segment,
    SendingDay,
    Stay,
    TaxedStay,
    Unit,
)  # fmt: skip
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_midnight
from locanda.delivery.machine import State
from locanda.law.deadlines import ends_on, period_words
from locanda.law.periods import period_of
from locanda.law.statistics import day_counts
from locanda.office import calendar, check_in, clock, correcting, tables, today
from locanda.office.demo import FLAT_CODE, FLAT_GUESTS, GUESTS, ROOMS, Demo, shape_of
from locanda.office.statistics.home import service_of
from locanda.office.statistics.movements import movement_of
from locanda.office.tax import payers, payments, receipts

__all__ = ["StoryBroken", "story_start", "tell"]

_WEEKDAYS = {"it": ("lun", "mar", "mer", "gio", "ven", "sab", "dom"), "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_WIDTH = 100


class StoryBroken(RuntimeError):
    """The story did not go as it must: something in the house does not work."""


class _Teller:
    """Prints the lines, each with the time its step took."""

    def __init__(self, language: str, say: Callable[[str], None]) -> None:
        text = files("locanda.office").joinpath("story.toml").read_text(encoding="utf-8")
        self._words: dict[str, str] = tomllib.loads(text)[language]
        self.language, self._say = language, say
        self._took = 0.0

    def text(self, key: str, **facts: object) -> str:
        return self._words[key].format(**facts)

    def line(self, key: str, **facts: object) -> None:
        """A step, with the clock of the story before it and what it took after it."""
        took = f" {self._took * 1000:.0f} ms" if self._took else ""
        first, *rest = textwrap.wrap(self.text(key, **facts), _WIDTH - 9 - len(took) - 4)
        dots = "".ljust(_WIDTH - 9 - len(first) - len(took) - 1, ".") if took else ""
        self._say(f"  {clock.now():%H:%M}  {first}{' ' if took else ''}{dots}{took}")
        self._rest(rest)
        self._took = 0.0

    def note(self, key: str, **facts: object) -> None:
        self._rest(textwrap.wrap(self.text(key, **facts), _WIDTH - 9))

    def _rest(self, lines: list[str]) -> None:
        for line in lines:
            self._say(f"         {line}")

    def heading(self, day: date) -> None:
        self._say("")
        self._say(f"{_WEEKDAYS[self.language][day.weekday()]} {day:%d/%m/%Y}")

    def blank(self, words: str = "") -> None:
        for line in textwrap.wrap(words, _WIDTH) or [""]:
            self._say(line)

    @contextmanager
    def timed(self) -> Any:
        """Measures a step of the house; what the demo's clock jumps does not count."""
        start = time.perf_counter()
        yield
        self._took += time.perf_counter() - start


def _must(true: object, what: str) -> None:
    if not true:
        raise StoryBroken(what)


def tell(house: Demo, *, language: str = "it", say: Callable[[str], None] = print) -> None:
    """Play the story. StoryBroken as soon as anything is not as the law and the design want it."""
    began = time.perf_counter()
    teller = _Teller(language, say)
    teller.blank(teller.text("title", property=house.property.name))
    teller.blank(teller.text("warning"))
    teller.heading(clock.now().date())
    in_force = tables.in_force()
    teller.line(
        "connected",
        places=sum(1 for _ in in_force.places.comuni) + sum(1 for _ in in_force.places.states),
        documents=len(in_force.documents),
    )

    for key in ("accents", "german", "ceased", "long"):
        _arrive(house, teller, key)
        _send(house, teller)
    _refused_and_corrected(house, teller)
    lost = _answer_lost(house, teller)
    _flat(house, teller)
    _night(house, teller, lost)
    _receipt(house, teller)
    _tax(house, teller)
    _flows(house, teller)
    _duties(house, teller)
    _end(house, teller, began)


def _pass(house: Demo, **amount: float) -> None:
    house.set_clock(clock.now() + timedelta(**amount))


def _arrive(house: Demo, teller: _Teller, key: str) -> Stay:
    now = clock.now()
    shape = shape_of(key, now)
    flat = key == "flat"
    room = None if flat else Unit.objects.of(house.account).get(name=ROOMS[list(GUESTS).index(key)])
    with teller.timed():
        outcome = check_in.check_in(
            house.flat if flat else house.property, shape, now=now, person=house.person, unit=room,
            identified=check_in.Identified("in_person", "Vito", now),
        )  # fmt: skip
    _must(outcome.stay is not None, f"{key}: {[problem.render(language='en') for problem in outcome.problems]}")
    assert outcome.stay is not None
    count = len(shape["guests"])
    people = teller.text("one_guest") if count == 1 else teller.text("many_guests", count=count)
    head = shape["guests"][0]
    nights = (FLAT_GUESTS if flat else GUESTS[key])["nights"]
    teller.line("arrival_flat" if flat else "arrival", who=f"{head['name']} {head['surname']}", guests=people, nights=nights)
    for note in outcome.notes:
        _tell_spelling(teller, note)
    first, *others = Segment.objects.of(house.account).filter(party__stay=outcome.stay).order_by("index")
    article = {"IT-PS-02": "24 h", "IT-PS-03": "6 h"}[first.obligation]
    teller.note("term", legal=f"{first.legal_due.astimezone(ROME):%d/%m %H:%M}", article=f"TULPS art. 109: {article}")
    if key == "ceased":
        place = in_life(head["birth_comune"], date.fromisoformat(head["birth_date"]))
        teller.note("ceased", place=place.label, until=f"{place.valid_to:%d/%m/%Y}", code=place.police)
    for segment in others:
        teller.note("follow_up", day=f"{segment.first_day:%d/%m/%Y}", nights=segment.nights)
    return outcome.stay


def in_life(name: str, day: date) -> Any:
    """The comune of that name on that day."""
    return tables.in_force().places.comune(name, day)


def _tell_spelling(teller: _Teller, note: Problem) -> None:
    before, after = note.fact("before"), note.fact("after")
    if before and after:
        teller.note("spelled", before=before, after=after)


def _send(house: Demo, teller: _Teller) -> Delivery:
    with teller.timed():
        house.engine.round()
    delivery = Delivery.objects.of(house.account).order_by("-created_at").first()
    if delivery.state == State.ACCEPTED:
        teller.line("sent", accepted=delivery.row_count, rows=delivery.row_count)
        _pass(house, minutes=25)
    return delivery


def _refused_and_corrected(house: Demo, teller: _Teller) -> None:
    _arrive(house, teller, "refused")
    delivery = _send(house, teller)
    _must(delivery.state == State.REJECTED, f"the portal should have refused a row: {delivery.state}")
    bad = next(row for row in today.rows_of(delivery) if row.outcome == "refused")
    teller.line("refused", row=bad.index + 1, detail=bad.detail, code=bad.code)
    _pass(house, minutes=3)
    wrong = next(guest for guest, _ in correcting.to_correct(delivery) if guest.pk == bad.guest.pk)
    with teller.timed():
        done = correcting.correct(delivery, {str(wrong.pk): {"departure": None}}, now=clock.now(), person=house.person)
        house.engine.round()
    _must(done.delivery is not None, f"{[problem.render(language='en') for problem in done.problems]}")
    assert done.delivery is not None
    done.delivery.refresh_from_db()
    _must(done.delivery.state == State.ACCEPTED, f"the corrected party: {done.delivery.state}")
    teller.line("corrected", who=bad.name.title(), accepted=done.delivery.row_count, rows=done.delivery.row_count)
    _pass(house, minutes=40)


def _answer_lost(house: Demo, teller: _Teller) -> Delivery:
    house.portal.faults.next("drop_after_storing", operation="Send")
    _arrive(house, teller, "lost")
    delivery = _send(house, teller)
    _must(delivery.state == State.IN_DOUBT, f"a lost answer must leave a doubt: {delivery.state}")
    teller.line("lost")
    return delivery


def _flat(house: Demo, teller: _Teller) -> None:
    """A guest of the flat: to the police now, to the statistics of its region tomorrow morning."""
    _pass(house, minutes=12)
    _arrive(house, teller, "flat")
    delivery = _send(house, teller)
    _must(delivery.state == State.ACCEPTED, f"the party of the flat: {delivery.state}")


def _night(house: Demo, teller: _Teller, lost: Delivery) -> None:
    house.set_clock(rome_midnight(clock.now().date()) + timedelta(hours=23, minutes=1))
    with teller.timed():
        house.engine.round()
    lost.refresh_from_db()
    _must(lost.asked_at is not None, "the operator was not asked to look")
    teller.line("asked")
    before = len(house.portal.ledger)
    for _ in range(5):
        _pass(house, minutes=7)
        house.engine.round()
    _must(len(house.portal.ledger) == before, "something was sent twice")
    teller.line("again", rounds=5, rows=before)
    house.set_clock(rome_midnight(clock.now().date() + timedelta(days=1)))
    teller.heading(clock.now().date())
    teller.line("midnight")


def _receipt(house: Demo, teller: _Teller) -> None:
    house.set_clock(rome_midnight(clock.now().date()) + timedelta(hours=7))
    doubtful = Delivery.objects.of(house.account).filter(state=State.IN_DOUBT).count()
    mine = Delivery.objects.of(house.account).filter(credential=house.credential)
    accepted = sum(row.row_count for row in mine.filter(state=State.ACCEPTED))
    with teller.timed():
        house.engine.round()
    receipt = Receipt.objects.of(house.account).filter(sending_day__credential=house.credential).first()
    _must(receipt is not None, "no receipt came")
    day = SendingDay.objects.of(house.account).get(credential=house.credential)
    _must(day.status == SendingDay.Status.AGREES, f"the counts do not agree: {day.status}")
    teller.line(
        "receipt", number=receipt.number, schedine=receipt.schedine, days=receipt.total_days,
        until=f"{receipt.keep_until:%d/%m/%Y}", digest=receipt.sha256[:16] + "…",
    )  # fmt: skip
    teller.note("agrees", accepted=accepted, doubtful=doubtful)
    guests = Guest.objects.of(house.account).count()
    rows = house.portal.ledger.rows()
    _must(len(rows) == len(set(rows)) == guests, f"{len(rows)} rows for {guests} guests")
    teller.note("doubled", rows=len(rows), guests=guests)


def _tax(house: Demo, teller: _Teller) -> None:
    """The tourist tax of the same stays, reckoned when most names are already gone; the one receipt that was asked for."""
    now = clock.now()
    with teller.timed():
        house.engine.round()
    rows = TaxedStay.objects.of(house.account).filter(property=house.property).select_related("stay")
    _must(len(rows) == len(GUESTS), f"the tax of {len(rows)} stays")
    _must(not rows.filter(state=TaxedStay.State.STUCK).exists(), "the tax of a stay is stuck")
    total = sum(row.total for row in rows)
    teller.line("tax", stays=len(rows), total=_euro(total))
    nights = GuestNight.objects.of(house.account).filter(property=house.property, superseded_at=None)
    counts = Counter(nights.values_list("status", flat=True))
    teller.note("tax_nights", taxed=counts["taxed"], minor=counts["exempt:minor"], beyond=counts["beyond_cap"])
    _must(counts["beyond_cap"] == _beyond_fourteen(rows), "fourteen nights a year are taxed in Monopoli")
    _must(sum(nights.values_list("amount", flat=True)) == total, "the nights do not make the total")
    stay = next(row.stay for row in rows if row.stay.nights == GUESTS["ceased"]["nights"])
    stay = Stay.objects.of(house.account).select_related("property__operator", "account", "unit").get(pk=stay.pk)
    with teller.timed():
        receipt, problems = receipts.issue(stay, method="card", now=now, person=house.person)
    _must(receipt is not None, f"{[problem.render(language='en') for problem in problems]}")
    assert receipt is not None
    payer = receipts.data_of(receipt)["payer"]
    who = f"{payer['name']} {payer['surname']}"
    teller.line("tax_receipt", number=receipt.number, year=receipt.year, who=who, amount=_euro(receipt.amount))
    payer_of_all = next(one for one in payers.payers(house.account) if house.property in one.properties)
    period = period_of(payer_of_all.kind(receipt.day), receipt.day)
    seen = payments.view(house.account, payer_of_all, period, receipt.day)
    _must(seen.due is not None, "the quarter has no term")
    assert seen.due is not None
    said = period_words(period).said(teller.language)
    teller.note("tax_period", period=said, due=_euro(seen.figures.to_pay), day=f"{seen.due.nominal:%d/%m/%Y}")


def _flows(house: Demo, teller: _Teller) -> None:
    """The visitor statistics of the day, from the same stays."""
    with teller.timed():
        made, found = movement_of(house.property, clock.now().date() - timedelta(days=1), clock.now().date())
    _must(made is not None, f"{[problem.render(language='en') for problem in found]}")
    assert made is not None
    day = next(iter(day_counts(made)))
    rows = [f"{row.row.it} {row.arrived}" for row in day.rows if row.arrived]
    teller.line("flows", arrivals=sum(row.arrived for row in day.rows), rows=", ".join(rows))
    teller.note("flows_file", portal=service_of(house.property, clock.now().date()).name)
    with teller.timed():
        house.flow_loop.round()
    sent = FlowSending.objects.of(house.account).filter(property=house.flat).get()
    _must(sent.state == State.ACCEPTED and sent.evidence == "row_outcome", f"the day of the flat: {sent.state}")
    kept = house.statistics.archive.guests(FLAT_CODE)
    _must(len(kept) == sent.arrivals == len(FLAT_GUESTS["guests"]), f"the portal holds {len(kept)} guests of the flat")
    teller.line("flows_sent", property=house.flat.name, accepted=len(kept), arrivals=sent.arrivals)


def _duties(house: Demo, teller: _Teller) -> None:
    """What is due next."""
    now = clock.now()
    with teller.timed():
        until = now.date() + timedelta(days=75)
        due = calendar.entries(house.account, [house.property], from_=now.date(), to=until, now=now)
    ahead = list({entry.obligation: entry for entry in reversed(due) if not entry.from_ledger and entry.done_at is None}.values())
    ahead = sorted(ahead, key=lambda entry: entry.due)[:3]
    _must(ahead, "nothing is due in the next weeks")
    teller.line("duties", count=len(due), days=75)
    for entry in ahead:
        day = ends_on(entry.nominal)
        teller.note("duty", day=f"{day:%d/%m/%Y}", duty=getattr(entry, teller.language), id=entry.obligation)


def _beyond_fourteen(rows: Iterable[TaxedStay]) -> int:
    """Nights beyond fourteen in each calendar year, counted apart from the rules: nobody here comes twice."""
    found = 0
    for row in rows:
        nights = range((row.departure - row.first_night).days)
        years = Counter((row.first_night + timedelta(days=night)).year for night in nights)
        found += sum(max(count - 14, 0) for count in years.values())
    return found


def _euro(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _end(house: Demo, teller: _Teller, began: float) -> None:
    parties = Party.objects.of(house.account).filter(stay__property=house.property)
    erased = parties.filter(wrapped_key=None).count()
    _must(erased == len(GUESTS) - 1, f"{erased} parties erased")
    head = GUESTS["long"]["guests"][0]
    teller.note("erased", parties=erased, all=parties.count(), name=f"{head['name']} {head['surname']}")
    with teller.timed():
        faults = list(chain.verify(house.account))
    _must(not faults, f"the chain of events is broken: {faults}")
    teller.line("chain", events=house.account.events, faults=len(faults))
    guests = Guest.objects.of(house.account).count()
    teller.blank()
    teller.blank(teller.text("end", guests=guests, seconds=f"{time.perf_counter() - began:.1f}"))


def story_start(real: datetime) -> datetime:
    """Yesterday at 15:10, so that the story ends this morning."""
    return rome_midnight(real.astimezone(ROME).date() - timedelta(days=1)) + timedelta(hours=15, minutes=10)
