"""Reminders by e-mail: one digest a person with what is new to remind of; each thing once, and nothing that is done.

They go to owners and managers, for the properties they may see, in their language. Without a mail server (``LOCANDA_SMTP_URL``
and ``LOCANDA_MAIL_FROM``) nothing is sent, and the pages say so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from locanda.archive import chain
from locanda.archive.models import Account, Installation, Membership, Person, Property, ReminderSent
from locanda.core.time import ROME, rome_day
from locanda.law.deadlines import day_of
from locanda.office.duty_list import Entry, entries

__all__ = ["configured", "digest", "job", "to_remind"]

log = logging.getLogger(__name__)

_EVERY = timedelta(hours=1)
_FROM_HOUR, _TO_HOUR = 7, 21
_BEHIND, _AHEAD = timedelta(days=10), timedelta(days=45)
_POLICE = timedelta(hours=3)
_LEAD = timedelta(days=3)
"""So long before the last day on which a person should hear of it: a reminder on the day itself helps nobody who is away."""
_ROLES = (Membership.Role.OWNER, Membership.Role.MANAGER)
_last: list[datetime] = []

_WORDS = {
    "it": {
        "subject": "Scadenze: {number} da fare", "subject_one": "Scadenze: {title}", "hello": "Da fare:",
        "line": "- {when}: {title} ({place})", "late": "- IN RITARDO, era per {when}: {title} ({place})",
        "advised": " [consigliato]",
        "end": "Si apre tutto nel calendario di Locanda; quello che è segnato come fatto non viene ricordato.",
    },
    "en": {
        "subject": "Deadlines: {number} to do", "subject_one": "Deadlines: {title}", "hello": "To do:",
        "line": "- {when}: {title} ({place})", "late": "- LATE, was due {when}: {title} ({place})", "advised": " [advised]",
        "end": "All of it opens in the calendar of Locanda; what is marked as done is not reminded.",
    },
}  # fmt: skip


def configured() -> bool:
    """Whether there is a mail server to send through."""
    return bool(getattr(settings, "LOCANDA_MAIL_FROM", ""))


def job(now: datetime) -> int:
    """Once an hour, between seven and nine in the evening: send what is new to be reminded of. The number of mails."""
    if not configured() or not _FROM_HOUR <= now.astimezone(ROME).hour < _TO_HOUR:
        return 0
    if _last and timedelta(0) <= now - _last[0] < _EVERY:
        return 0
    _last[:] = [now]
    if _is_demo():
        return 0
    return sum(_remind(account, now) for account in Account.objects.order_by("pk"))


def _is_demo() -> bool:
    """The people of a demo are invented: nobody writes to them."""
    installation = Installation.current()
    return installation is not None and installation.demo


def to_remind(account: Account, properties: Iterable[Property], *, now: datetime) -> list[Entry]:
    """What anybody should hear of now: the day to remind has come, and it is not done."""
    today = rome_day(now)
    listed = entries(account, list(properties), from_=today - _BEHIND, to=today + _AHEAD, now=now)
    return [entry for entry in listed if entry.state != "done" and _is_time(entry, now)]


def _is_time(entry: Entry, now: datetime) -> bool:
    if entry.due.timestamp() < entry.property.created_at.timestamp():
        return False  # it was over before the property came here
    if isinstance(entry.prudent_due, datetime):
        return now.timestamp() >= (entry.prudent_due - _POLICE).timestamp()
    return day_of(entry.remind_by) - _LEAD <= rome_day(now)


def _remind(account: Account, now: datetime) -> int:
    members = Membership.objects.of(account).filter(role__in=_ROLES, person__is_active=True)
    people = list(members.select_related("person").prefetch_related("properties"))
    properties = list(Property.objects.of(account).filter(closed_at=None).select_related("credential"))
    if not people or not properties:
        return 0
    due = to_remind(account, properties, now=now)
    if not due:
        return 0
    subjects = {entry.subject for entry in due}
    sent = set(
        ReminderSent.objects.of(account).filter(subject__in=subjects)
        .values_list("person_id", "property_id", "obligation", "subject")
    )  # fmt: skip
    mails = 0
    for member in people:
        mine = {row.pk for row in member.properties.all()}
        new = [
            entry for entry in due
            if (not mine or entry.property.pk in mine) and (member.person_id, *entry.key) not in sent
        ]  # fmt: skip
        if new and _send(account, member.person, new, now):
            mails += 1
    return mails


def _send(account: Account, person: Person, due: Sequence[Entry], now: datetime) -> bool:
    """First it is written down, then sent: two processes never send the same. What could not be sent is tried again."""
    rows = [
        ReminderSent(
            account=account, property=entry.property, obligation=entry.obligation, subject=entry.subject, person=person,
            sent_at=now,
        )
        for entry in due
    ]  # fmt: skip
    try:
        with transaction.atomic():
            ReminderSent.everywhere.bulk_create(rows)
            data = {"duties": len(rows)}
            chain.append(account, "reminders.sent", at=now, actor="engine", subject=f"person:{person.pk}", data=data)
    except IntegrityError:  # another process was quicker
        return False
    try:
        digest(person, due, now).send()
    except OSError as error:  # what smtplib raises is one of these
        log.error("reminders could not be sent: %s", type(error).__name__)
        ReminderSent.objects.of(account).filter(pk__in=[row.pk for row in rows]).delete()
        return False
    return True


def digest(person: Person, due: Sequence[Entry], now: datetime) -> EmailMessage:
    """The mail: the late ones first, then by day. Names of properties and duties only, nobody's data."""
    language = "en" if person.language == "en" else "it"
    words = _WORDS[language]
    lines = []
    for entry in sorted(due, key=lambda entry: (entry.state != "overdue", entry.due.timestamp(), entry.property.name)):
        title = _title(entry, language)
        form = words["late"] if entry.state == "overdue" else words["line"]
        line = form.format(when=_when(entry), title=title, place=entry.property.name)
        lines.append(line + (words["advised"] if entry.advised else ""))
    one = len(due) == 1
    subject = words["subject_one"].format(title=_title(due[0], language)) if one else words["subject"].format(number=len(due))
    text = "\n".join([words["hello"], "", *lines, "", words["end"], ""])
    return EmailMessage(" ".join(subject.split()), text, settings.LOCANDA_MAIL_FROM, [person.email])


def _title(entry: Entry, language: str) -> str:
    title = entry.en if language == "en" else entry.it
    kind, _, label = entry.subject.partition(":")
    return f"{title} {label}" if kind == "period" else title


def _when(entry: Entry) -> str:
    local = entry.due.astimezone(ROME)
    return f"{local:%d/%m/%Y %H:%M}" if isinstance(entry.nominal, datetime) else f"{local:%d/%m/%Y}"
