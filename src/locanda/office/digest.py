"""The mail that reminds: what is late, what is to be done, where each is opened, and where one says how often to hear of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from babel.dates import format_date
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from locanda.archive.models import Account, Person
from locanda.core.time import end_hour, in_italian, last_day, rome_day
from locanda.office.duty_list import Entry
from locanda.office.duty_words import called, places, together

__all__ = ["News", "digest"]

_NAMED = 10
"""Properties called by name in a line; of more, the first ones and how many."""
_APART = 3
"""So often the same thing by the same day has lines of its own; more of it is one line, or an agency would read hundreds."""

_WORDS = {
    "it": {
        "subject": "Scadenze: {number} da fare", "subject_one": "Scadenze: {title}", "late": "Già scaduti:", "open": "Da fare:",
        "account": "Per {name}", "all": "Tutte le scadenze di {name}:", "line": "- {when}: {title} ({places})",
        "advised": " [consigliato]",
        "end": "Aprili da Locanda, nelle Scadenze: quello che segni come fatto non si ricorda più.",
        "why": "Ricevi questo promemoria perché in Locanda sei titolare o gestore di queste strutture.",
        "how": "Ogni quanto arriva, o che non arrivi più, lo scegli in Locanda, nel tuo profilo.",
    },
    "en": {
        "subject": "Deadlines: {number} to do", "subject_one": "Deadlines: {title}", "late": "Already overdue:", "open": "To do:",
        "account": "For {name}", "all": "All duties of {name}:", "line": "- {when}: {title} ({places})", "advised": " [advised]",
        "end": "Open them in Locanda, under Duties: what you mark as done is reminded no more.",
        "why": "You get this reminder because in Locanda you own or manage these properties.",
        "how": "How often it comes, or that it comes no more, you choose in Locanda, in your profile.",
    },
}  # fmt: skip


class News(NamedTuple):
    """What a person has not heard of yet in one of their accounts."""

    account: Account
    due: Sequence[Entry]


def digest(person: Person, news: Sequence[News], now: datetime, *, several: bool = False) -> EmailMessage:
    """The mail: the late ones first, then by day; what several properties owe by the same day is one line. Names of duties and
    properties only, nobody's data. ``several``: the person works in more accounts than one, so each is named."""
    language = "en" if person.language == "en" else "it"
    words = _WORDS[language]
    told = [(one.account, _lines(one.due)) for one in news]
    calendar, me = _page("calendar"), _page("me")
    text = []
    for account, lines in told:
        text += [words["account"].format(name=account.name), ""] if several else []
        text += _listed(lines, language, now)
        if several and calendar:
            text += [words["all"].format(name=account.name), f"{calendar}?conto={account.pk}", ""]
    end = [words["end"]] if several else _with(words["end"], calendar)
    text += [*end, "", words["why"], *_with(words["how"], me), ""]
    number = sum(len(lines) for _, lines in told)
    subject = words["subject"].format(number=number)
    if number == 1:
        subject = words["subject_one"].format(title=called(news[0].due[0], language))
    headers = {"Message-ID": _message_id(person, news), "Auto-Submitted": "auto-generated"}
    if me:
        headers["List-Unsubscribe"] = f"<{me}>"
    body = "\n".join(text)
    return EmailMessage(" ".join(subject.split()), body, settings.LOCANDA_MAIL_FROM, [person.email], headers=headers)


def _lines(due: Sequence[Entry]) -> list[list[Entry]]:
    """In order of time; what is the same to a person in one line."""
    same: dict[object, list[list[Entry]]] = {}
    for line in together(sorted(due, key=lambda entry: (entry.due.timestamp(), entry.property.name))):
        first = line[0]
        period = first.subject if first.subject.startswith("period:") else ""
        same.setdefault((first.obligation, first.nominal, period), []).append(line)
    return [
        line for lines in same.values()
        for line in (lines if len(lines) <= _APART else [[entry for line in lines for entry in line]])
    ]  # fmt: skip


def _listed(lines: Sequence[Sequence[Entry]], language: str, now: datetime) -> Iterator[str]:
    for heading in ("late", "open"):
        mine = [line for line in lines if (line[0].state == "overdue") == (heading == "late")]
        if mine:
            yield _WORDS[language][heading]
            for line in mine:
                yield from _told(line, language, now)
            yield ""


def _told(line: Sequence[Entry], language: str, now: datetime) -> Iterator[str]:
    """A duty, and under it where it is opened; what is owed many times has no page of its own."""
    first, words = line[0], _WORDS[language]
    title = called(first, language)
    if len(line) > len({entry.property.pk for entry in line}):
        title = f"{len(line)} × {title}"
    told = {"when": _when(first, language, now), "title": title, "places": places(line, language, most=_NAMED)}
    yield words["line"].format(**told) + (words["advised"] if first.advised else "")
    if len(line) == 1 and (page := _page("duty", first.property.pk, first.obligation, first.subject)):
        yield f"  {page}"


def _page(name: str, *args: Any) -> str:
    """The whole address of a page; empty while nobody said at which address the pages are opened."""
    where: str = settings.LOCANDA_ADDRESS
    return where + reverse(name, args=args) if where else ""


def _with(text: str, page: str) -> list[str]:
    return [text, page] if page else [text]


def _message_id(person: Person, news: Sequence[News]) -> str:
    """The same for the same news to the same person: should a crash send it again, mail programs show it once."""
    told = "|".join([str(person.pk), *sorted(":".join(map(str, entry.key)) for one in news for entry in one.due)])
    place = settings.LOCANDA_MAIL_FROM.rpartition("@")[2].strip(" >")
    return f"<{hashlib.sha256(told.encode()).hexdigest()[:40]}@{place}>"


def _when(entry: Entry, language: str, now: datetime) -> str:
    """``venerdì 10 luglio``, with the year where it is another, with the hour where there is one."""
    last = last_day(entry.due)
    day = format_date(last, "EEEE d MMMM" if last.year == rome_day(now).year else "EEEE d MMMM y", locale=language)
    day = in_italian(day) if language == "it" else day
    return f"{day}, {end_hour(entry.due)}" if isinstance(entry.nominal, datetime) else day
