"""How a duty looks: its kind, a tone and a shape for its state, its subject and its term in words (spec adempimenti 1).

The kinds are families of the ids of the packs (``IT-PS-02`` is the police's), so that a new territory has them at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.urls import reverse

from locanda.archive.models import DutyEvent, Segment, Stay
from locanda.archive.parts import in_parts
from locanda.core.time import ROME, rome_day
from locanda.law.deadlines import ends_on, period_words
from locanda.law.packs import PortalEntry
from locanda.law.periods import parse_period
from locanda.web.time_words import day_words, term, written
from locanda.web.words import catalogue, language, say

__all__ = [
    "DUTY_KINDS", "DUTY_LOOKS", "DutySeen", "channel_words", "euro", "glossed", "kind_of", "person_words", "portal_words",
    "proof_words", "seen_duty", "short_day", "state_seen", "subject_days", "subject_words", "term_words", "told_apart", "two",
    "when_words",
]  # fmt: skip

_FAMILIES = {
    "police": ("PS",),
    "statistics": ("STAT", "SPOT", "DMS"),
    "tax": ("IDS",),
    "codes": ("CIN", "CIS", "CIR", "IUN"),
    "safety": ("SIC", "ASS", "CAP"),
    "prices": ("CPS", "PRZ", "TAR"),
    "permits": ("SUAP", "SUAPE", "CIA", "AGR", "LOC", "BB", "CAV"),
    "signs": ("SEG", "TIP", "CON", "ESP"),
    "fines": ("SANZ",),
}
_KIND = {family: kind for kind, families in _FAMILIES.items() for family in families}

DUTY_KINDS = (*_FAMILIES, "other")
"""What duties are about; every one has its word in the texts."""

DUTY_LOOKS = {
    "overdue": ("trouble", "warn"),
    "today": ("todo", "clock"),
    "soon": ("todo", "clock"),
    "later": ("wait", "clock"),
    "done": ("good", "check"),
    "before": ("wait", "clock"),
}
"""Tone and shape of each state, and of what was due before the property was written in here; the words are in the texts."""

_TOKEN = re.compile(r"[A-Z]+")


class DutySeen(NamedTuple):
    """A duty as a card shows it. ``each``: the same duty of several stays, months or properties, where one card stands for all of
    them; then ``more`` are not listed, and ``first`` says that the others fall due later."""

    entry: Any
    state: str
    title: str
    subject: str
    kind: str
    term: str
    tone: str
    icon: str
    link: str
    where: str
    each: Sequence[DutySeen] = ()
    more: int = 0
    first: bool = False

    @property
    def day(self) -> int:
        """The day of the month of its term."""
        return ends_on(self.entry.nominal).day


def kind_of(obligation: str) -> str:
    """``police`` for ``IT-PS-02``; ``other`` for a family that is not known."""
    found = (_KIND.get(part) for part in obligation.split("-")[1:] if _TOKEN.fullmatch(part))
    return next((kind for kind in found if kind), "other")


def two(thing: Any) -> str:
    """A pair of texts in the language of the page."""
    return str(thing.en if language() == "en" and thing.en else thing.it)


def told_apart(names: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """``(key, name, code)`` as choices, by name; the code only where two have the same name."""
    known = {key: (name, code) for key, name, code in names}
    often = Counter(name for name, _ in known.values())
    said = {key: name if often[name] == 1 else f"{name} ({code})" for key, (name, code) in known.items()}
    return sorted(said.items(), key=lambda pair: pair[1])


def subject_days(account: Any, found: Iterable[Any]) -> dict[str, str]:
    """What stays, schedine and facts are told apart by, in words: the day. Names are sealed, and a calendar needs none."""
    wanted: dict[str, set[str]] = {}
    for entry in found:
        kind, _, key = entry.subject.partition(",")[0].partition(":")
        wanted.setdefault(kind, set()).add(key)
    days: dict[str, str] = {}
    for part in in_parts(wanted.get("segment", ()), 900):
        for pk, day in Segment.objects.of(account).filter(pk__in=part).values_list("pk", "first_day"):
            days[f"segment:{pk}"] = say("duty_subject.arrival", day=short_day(day))
    for part in in_parts(wanted.get("stay", ()), 900):
        rows = Stay.objects.of(account).filter(pk__in=part).values_list("pk", "arrival", "departure_day")
        for pk, arrival, last in rows:
            first = short_day(rome_day(arrival)) if arrival else "–"
            days[f"stay:{pk}"] = say("duty_subject.nights", first=first, last=short_day(last) if last else "–")
    for part in in_parts(wanted.get("event", ()), 900):
        for pk, kind in DutyEvent.objects.of(account).filter(pk__in=part).values_list("pk", "kind"):
            days[f"event:{pk}"] = say(f"fact_kind.{kind}")
    return days


def short_day(day: date) -> str:
    """``8 luglio``."""
    return written(day, "d MMMM")


def state_seen(entry: Any) -> str:
    """Its state; ``before`` when due before the property was written in here: only the operator knows whether it is done."""
    return "before" if entry.was_before else str(entry.state)


def seen_duty(entry: Any, now: datetime, days: Mapping[str, str] | None = None) -> DutySeen:
    """An entry of the calendar with everything that the page says of it."""
    subject = (days or {}).get(entry.subject.partition(",")[0]) or subject_words(entry.subject)
    state = state_seen(entry)
    tone, icon = DUTY_LOOKS[state]
    link = reverse("duty", args=[entry.property.pk, entry.obligation, entry.subject])
    return DutySeen(
        entry, state, two(entry), subject, kind_of(entry.obligation), term_words(entry.nominal, now), tone, icon,
        link, " · ".join(filter(None, (subject, entry.property.name))),
    )  # fmt: skip


def when_words(when: datetime | date, now: datetime) -> str:
    """``giovedì 10 dicembre``, ``domani alle 16:00``, ``la fine di domani``."""
    return term(when, now) if isinstance(when, datetime) else day_words(when, now.astimezone(ROME).date())


def term_words(nominal: datetime | date, now: datetime) -> str:
    """``entro giovedì 10 dicembre``, ``entro domani alle 16:00``, ``entro l'11 gennaio 2027``."""
    when = when_words(nominal, now)
    return say("duty.by_day" if when[0].isdecimal() else "duty.by", when=when)


def _word_or_self(group: str, value: str) -> str:
    key = f"{group}.{value}"
    return say(key) if key in catalogue(language()) else value


def proof_words(evidence: str) -> str:
    """What to keep, in words."""
    return _word_or_self("duty_proof", evidence)


def channel_words(found: Any) -> str:
    """Through what it is done: the portal by its name, else the way in words."""
    return portal_words(found.portal) if found.portal else _word_or_self("channel", found.channel)


def portal_words(portal: PortalEntry) -> str:
    """A portal by its name; in English with what it is for."""
    gloss = portal.purpose.en
    return glossed(portal.name, gloss if gloss[:2].isupper() else gloss[:1].lower() + gloss[1:])


def glossed(name: str, gloss: str | None) -> str:
    """``Questura di Bari (provincial police headquarters)`` in English: the name stays, what it is stands beside it."""
    if not gloss or language() != "en":
        return name
    return f"{name}, {gloss}" if name.endswith(")") else f"{name} ({gloss})"


def person_words(mark: Any) -> str:
    """Who marked it."""
    return str(mark.done_by) if mark is not None and mark.done_by is not None else "–"


def subject_words(subject: str) -> str:
    """``giugno 2026`` for ``period:2026-06``; what an event or a stay is called otherwise; empty when there is nothing to say."""
    kind, _, key = subject.partition(":")
    key = key.partition(",")[0]
    if kind != "period":
        name = f"duty_subject.{kind}"
        return say(name) if name in catalogue(language()) else ""
    try:
        return two(period_words(parse_period(key)))
    except ValueError:
        return key


def euro(cents: int | None) -> str:
    """``1.200,00 €`` in Italian, ``€1,200.00`` in English."""
    if cents is None:
        return say("duty.unknown_amount")
    whole, rest = divmod(abs(cents), 100)
    text = f"{whole:,}.{rest:02}"
    return f"€{text}" if language() == "en" else text.replace(",", " ").replace(".", ",").replace(" ", ".") + " €"
