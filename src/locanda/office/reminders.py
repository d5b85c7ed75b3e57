"""Reminders by e-mail: one digest a person with what is new to remind of; each thing once, and nothing that is done.

They go to owners and managers, for the properties they may see, in their language. Without a mail server (``LOCANDA_SMTP_URL``
and ``LOCANDA_MAIL_FROM``) nothing is sent, and the pages say so.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from babel.dates import format_date
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Q

from locanda.archive import chain
from locanda.archive.models import Account, Installation, Membership, Person, Property, ReminderSent
from locanda.core.time import ROME, rome_day
from locanda.delivery.record import clear_alarm, raise_alarm
from locanda.law.deadlines import day_of
from locanda.office.duty_list import Entry, entries
from locanda.office.duty_words import called, places, together

__all__ = ["configured", "digest", "job", "to_remind"]

log = logging.getLogger(__name__)

_EVERY = timedelta(hours=1)
_FROM_HOUR, _TO_HOUR = 7, 21
_BEHIND, _AHEAD = timedelta(days=10), timedelta(days=45)
_POLICE = timedelta(hours=3)
_LEAD = timedelta(days=3)
"""So long before the last day on which a person should hear of it: a reminder on the day itself helps nobody who is away."""
_AT_ONCE = 20
_NAMED = 10
"""Properties called by name in a line; of more, the first ones and how many."""
_MAIL = "mail"
_ROLES = (Membership.Role.OWNER, Membership.Role.MANAGER)
_last: list[datetime] = []

_WORDS = {
    "it": {
        "subject": "Scadenze: {number} da fare", "subject_one": "Scadenze: {title}", "late": "Già scaduti:", "open": "Da fare:",
        "line": "- {when}: {title} ({places})", "advised": " [consigliato]",
        "end": "Aprili da Locanda, nelle Scadenze: quello che segni come fatto non si ricorda più.",
        "why": "Ricevi questo promemoria perché in Locanda sei titolare o gestore di queste strutture.",
    },
    "en": {
        "subject": "Deadlines: {number} to do", "subject_one": "Deadlines: {title}", "late": "Already overdue:", "open": "To do:",
        "line": "- {when}: {title} ({places})", "advised": " [advised]",
        "end": "Open them in Locanda, under Duties: what you mark as done is reminded no more.",
        "why": "You get this reminder because in Locanda you own or manage these properties.",
    },
}  # fmt: skip


def configured() -> bool:
    """Whether there is a mail server to send through."""
    return bool(getattr(settings, "LOCANDA_MAIL_FROM", ""))


def job(now: datetime) -> int:
    """Once an hour, between seven and nine in the evening: send what is new to be reminded of. The number of mails.

    No more than :data:`_AT_ONCE` leave in one round, the others in the next: the police do not wait for a slow mail server. When
    the server cannot be reached or refuses us, nobody else is tried before the next hour.
    """
    if not configured() or not _FROM_HOUR <= now.astimezone(ROME).hour < _TO_HOUR:
        return 0
    if _last and timedelta(0) <= now - _last[0] < _EVERY:
        return 0
    if _is_demo():
        return 0
    post, mails = _Post(now), 0
    try:
        for account in Account.objects.order_by("pk"):
            mails += _remind(account, now, post)
            if post.full:
                return mails  # the next round goes on
            if post.broken:
                break
    finally:
        post.close()
    _last[:] = [now]
    return mails


class _Post:
    """One connection to the mail server for a round: opened when there is something to send, and given up when it breaks."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._server = get_connection()
        self._open = False
        self._left = _AT_ONCE
        self.broken = False

    @property
    def full(self) -> bool:
        return self._left <= 0

    def send(self, account: Account, person: Person, letter: EmailMessage) -> bool:
        """Whether the server took it; if not, an alarm says so until it does."""
        mine = f"person:{person.pk}"
        self._left -= 1
        try:
            if not self._open:
                self._server.open()
                self._open = True
            self._server.send_messages([letter])
        except (SMTPRecipientsRefused, SMTPDataError) as error:  # this one mail; the next may pass
            log.error("a reminder was refused: %s", type(error).__name__)
            raise_alarm(account, "mail_refused", mine, at=self._now, facts={"who": person.email})
            return False
        except OSError as error:  # what smtplib and ssl raise is one of these
            log.error("reminders could not be sent: %s", type(error).__name__)
            self.broken = True
            raise_alarm(account, "mail_fails", _MAIL, at=self._now, facts={"error": type(error).__name__})
            return False
        clear_alarm(account, "mail_fails", _MAIL, at=self._now)
        clear_alarm(account, "mail_refused", mine, at=self._now)
        return True

    def close(self) -> None:
        with suppress(OSError):
            self._server.close()


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


def _remind(account: Account, now: datetime, post: _Post) -> int:
    members = Membership.objects.of(account).filter(role__in=_ROLES, person__is_active=True)
    people = list(members.select_related("person").prefetch_related("properties"))
    properties = list(Property.objects.of(account).filter(closed_at=None).select_related("credential"))
    if not people or not properties:
        return 0
    due = to_remind(account, properties, now=now)
    if not due:
        return 0
    subjects = {entry.subject for entry in due}
    known = ReminderSent.objects.of(account).filter(subject__in=subjects).exclude(_abandoned(now))
    sent = set(known.values_list("person_id", "property_id", "obligation", "subject"))
    mails = 0
    for member in people:
        mine = {row.pk for row in member.properties.all()} if member.role != Membership.Role.OWNER else set()
        new = [
            entry for entry in due
            if (not mine or entry.property.pk in mine) and (member.person_id, *entry.key) not in sent
        ]  # fmt: skip
        if new and _send(account, member.person, new, now, post):
            mails += 1
        if post.full or post.broken:
            break
    return mails


def _abandoned(now: datetime) -> Q:
    """Written down long ago by a process that died before its mail left."""
    return Q(delivered_at=None, sent_at__lte=now - _EVERY)


def _send(account: Account, person: Person, due: Sequence[Entry], now: datetime, post: _Post) -> bool:
    """First it is written down, then sent, then noted as gone: two processes never send the same, and no crash swallows one."""
    rows = [
        ReminderSent(
            account=account, property=entry.property, obligation=entry.obligation, subject=entry.subject, person=person,
            sent_at=now,
        )
        for entry in due
    ]  # fmt: skip
    mine = ReminderSent.objects.of(account).filter(person=person)
    try:
        with transaction.atomic():
            mine.filter(_abandoned(now), subject__in={row.subject for row in rows}).delete()
            ReminderSent.everywhere.bulk_create(rows)
    except IntegrityError:  # another process was quicker
        return False
    claimed = mine.filter(pk__in=[row.pk for row in rows])
    if not post.send(account, person, digest(person, due, now)):
        claimed.delete()
        return False
    with transaction.atomic():
        claimed.update(delivered_at=now)
        data = {"duties": len(rows)}
        chain.append(account, "reminders.sent", at=now, actor=chain.ENGINE, subject=f"person:{person.pk}", data=data)
    return True


def digest(person: Person, due: Sequence[Entry], now: datetime) -> EmailMessage:
    """The mail: the late ones first, then by day; what several properties owe by the same day is one line. Names of duties and
    properties only, nobody's data."""
    language = "en" if person.language == "en" else "it"
    words = _WORDS[language]
    lines = together(sorted(due, key=lambda entry: (entry.due.timestamp(), entry.property.name)))
    text = []
    for heading in ("late", "open"):
        mine = [line for line in lines if (line[0].state == "overdue") == (heading == "late")]
        if mine:
            text += [words[heading], *(_told(line, words["line"], language, now) for line in mine), ""]
    subject = words["subject"].format(number=len(lines))
    if len(lines) == 1:
        subject = words["subject_one"].format(title=called(due[0], language))
    text += [words["end"], words["why"], ""]
    headers = {"Message-ID": _message_id(person, due), "Auto-Submitted": "auto-generated"}
    body = "\n".join(text)
    return EmailMessage(" ".join(subject.split()), body, settings.LOCANDA_MAIL_FROM, [person.email], headers=headers)


def _told(line: Sequence[Entry], form: str, language: str, now: datetime) -> str:
    first = line[0]
    advised = _WORDS[language]["advised"] if first.advised else ""
    when = _when(first, language, now)
    return form.format(when=when, title=called(first, language), places=places(line, language, most=_NAMED)) + advised


def _message_id(person: Person, due: Sequence[Entry]) -> str:
    """The same for the same news to the same person: should a crash send it again, mail programs show it once."""
    told = "|".join([str(person.pk), *sorted(":".join(map(str, entry.key)) for entry in due)])
    place = settings.LOCANDA_MAIL_FROM.rpartition("@")[2].strip(" >")
    return f"<{hashlib.sha256(told.encode()).hexdigest()[:40]}@{place}>"


def _when(entry: Entry, language: str, now: datetime) -> str:
    """``venerdì 10 luglio``, with the year where it is another, with the hour where there is one."""
    local = entry.due.astimezone(ROME)
    day = format_date(local, "EEEE d MMMM" if local.year == now.astimezone(ROME).year else "EEEE d MMMM y", locale=language)
    return f"{day}, {local:%H:%M}" if isinstance(entry.nominal, datetime) else day
