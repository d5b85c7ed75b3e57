"""Reminders by e-mail: one digest a person with what is new to remind of; each thing once, and nothing that is done.

They go to owners and managers, for the properties they may see in all accounts that they work for, in their language, as often as
they chose: once a day, on Monday, or never. Between two digests leaves only what cannot wait for the next one. Without a mail
server (``LOCANDA_SMTP_URL`` and ``LOCANDA_MAIL_FROM``) nothing is sent, and the pages say so.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Q

from locanda.archive import chain
from locanda.archive.models import Account, Alarm, Installation, Membership, Person, Property, ReminderSent
from locanda.core.time import ROME, rome_day
from locanda.delivery.record import clear_alarm, raise_alarm
from locanda.law.deadlines import day_of
from locanda.office.digest import News, digest
from locanda.office.duty_list import Entry, entries

__all__ = ["choose", "configured", "gets_reminders", "job"]

log = logging.getLogger(__name__)

_EVERY = timedelta(hours=1)
_FROM_HOUR, _TO_HOUR = 7, 21
_BEHIND, _AHEAD = timedelta(days=10), timedelta(days=45)
_POLICE = timedelta(hours=3)
_LEAD = timedelta(days=3)
"""So long before the last day on which a person should hear of it: a reminder on the day itself helps nobody who is away."""
_AT_ONCE = 20
_MAIL = "mail"
_ROLES = (Membership.Role.OWNER, Membership.Role.MANAGER)
_last: list[datetime] = []
_reached: list[UUID] = []
"""The person with whom a round was full; the next one begins after them, or those whom the server refuses would fill it too."""


def configured() -> bool:
    """Whether there is a mail server to send through."""
    return bool(getattr(settings, "LOCANDA_MAIL_FROM", ""))


def gets_reminders(person: Person) -> bool:
    """Whether the person owns or manages anything: only then there is something to remind them of."""
    return Membership.everywhere.filter(person=person, role__in=_ROLES).exists()


def choose(person: Person, how: str, *, now: datetime) -> None:
    """How often they want to be reminded; who wants no mail has none that comes back."""
    person.reminders = how
    person.save(update_fields=["reminders"])
    if how == Person.Reminders.NEVER:
        for member in Membership.everywhere.filter(person=person).select_related("account"):
            clear_alarm(member.account, "mail_refused", f"person:{person.pk}", at=now)


def job(now: datetime) -> int:
    """Once an hour, between seven and nine in the evening: send what is new to be reminded of. The number of mails.

    No more than :data:`_AT_ONCE` leave in one round, the others in the next: the police do not wait for a slow mail server. When
    the server cannot be reached or refuses us, nobody else is tried before the next hour.
    """
    if not configured() or not _FROM_HOUR <= now.astimezone(ROME).hour < _TO_HOUR:
        _reached.clear()
        return 0
    if _last and timedelta(0) <= now - _last[0] < _EVERY:
        return 0
    if _is_demo():
        return 0
    post, mails = _Post(now), 0
    listed: dict[UUID, list[Entry]] = {}
    readers = Person.objects.filter(is_active=True).exclude(reminders=Person.Reminders.NEVER)
    if _reached:
        readers = readers.filter(pk__gt=_reached[0])
    try:
        for person in readers.order_by("pk"):
            mails += _remind(person, now, post, listed)
            if post.full:
                _reached[:] = [person.pk]
                return mails  # the next round goes on
            if post.broken:
                break
    finally:
        post.close()
    _take_back_refusals(now)
    _reached.clear()
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

    def send(self, accounts: Sequence[Account], person: Person, letter: EmailMessage) -> bool:
        """Whether the server took it; if not, an alarm says so until it does, in every account that the letter is about."""
        mine = f"person:{person.pk}"
        self._left -= 1
        try:
            if not self._open:
                self._server.open()
                self._open = True
            self._server.send_messages([letter])
        except (SMTPRecipientsRefused, SMTPDataError) as error:  # this one mail; the next may pass
            log.error("a reminder was refused: %s", type(error).__name__)
            for account in accounts:
                raise_alarm(account, "mail_refused", mine, at=self._now, facts={"who": person.email})
            return False
        except OSError as error:  # what smtplib and ssl raise is one of these
            log.error("reminders could not be sent: %s", type(error).__name__)
            self.broken = True
            for account in accounts:
                raise_alarm(account, "mail_fails", _MAIL, at=self._now, facts={"error": type(error).__name__})
            return False
        for account in accounts:
            clear_alarm(account, "mail_fails", _MAIL, at=self._now)
            clear_alarm(account, "mail_refused", mine, at=self._now)
        return True

    def close(self) -> None:
        with suppress(OSError):
            self._server.close()


def _take_back_refusals(now: datetime) -> None:
    """Where nothing is sent to somebody any more, nothing can be refused: they do other work, left, or want none."""
    reminded = Membership.everywhere.filter(role__in=_ROLES, person__is_active=True)
    reminded = reminded.exclude(person__reminders=Person.Reminders.NEVER)
    for alarm in Alarm.everywhere.filter(kind="mail_refused", cleared_at=None).select_related("account"):
        if not reminded.filter(account=alarm.account, person=alarm.subject.partition(":")[2]).exists():
            clear_alarm(alarm.account, "mail_refused", alarm.subject, at=now)


def _is_demo() -> bool:
    """The people of a demo are invented: nobody writes to them."""
    installation = Installation.current()
    return installation is not None and installation.demo


# what to tell whom, and when --------------------------------------------------------------------------------------------


class _Turn(NamedTuple):
    """What a round is to a person: whether it brings their digest, and the day of the next one after this."""

    digest: bool
    next: date


def _turn(person: Person, now: datetime) -> _Turn:
    """The digest of a day or week that has none yet leaves in its first round, be it on Tuesday because Monday had none."""
    today = rome_day(now)
    weekly = person.reminders == Person.Reminders.WEEKLY
    first = today - timedelta(days=today.weekday()) if weekly else today
    pending = person.digest_at is None or rome_day(person.digest_at) < first
    return _Turn(pending, first + timedelta(days=7 if weekly else 1))


def _is_time(entry: Entry, turn: _Turn, now: datetime) -> bool:
    """A digest tells all whose time comes before the next one; else only what falls due by the day of the next is told."""
    if isinstance(entry.prudent_due, datetime):
        return now.timestamp() >= _hour_to_tell(entry.prudent_due).timestamp()
    last = day_of(entry.remind_by)
    return last - _LEAD < turn.next if turn.digest else last <= turn.next


def _hour_to_tell(prudent: datetime) -> datetime:
    """Three hours before; where no round is sure to come so late or so early, the evening before."""
    at = (prudent - _POLICE).astimezone(ROME)
    if _FROM_HOUR <= at.hour < _TO_HOUR - 1:
        return at
    evening = at.date() - timedelta(days=1) if at.hour < _FROM_HOUR else at.date()
    return datetime.combine(evening, time(_TO_HOUR - 1), ROME)


def _still_open(account: Account, now: datetime) -> list[Entry]:
    """What is not done, but for what was over before its property came here."""
    today = rome_day(now)
    properties = list(Property.objects.of(account).filter(closed_at=None).select_related("credential"))
    listed = entries(account, properties, from_=today - _BEHIND, to=today + _AHEAD, now=now)
    return [entry for entry in listed if entry.state != "done" and not entry.was_before]


def _new(member: Membership, turn: _Turn, now: datetime, listed: Sequence[Entry]) -> list[Entry]:
    """What a member should hear of now and has not."""
    mine = {row.pk for row in member.properties.all()} if member.role != Membership.Role.OWNER else set()
    due = [entry for entry in listed if (not mine or entry.property.pk in mine) and _is_time(entry, turn, now)]
    if not due:
        return []
    known = ReminderSent.objects.of(member.account).filter(person=member.person_id, subject__in={one.subject for one in due})
    sent = set(known.exclude(_abandoned(now)).values_list("property_id", "obligation", "subject"))
    return [entry for entry in due if entry.key not in sent]


def _abandoned(now: datetime) -> Q:
    """Written down long ago by a process that died before its mail left."""
    return Q(delivered_at=None, sent_at__lte=now - _EVERY)


# one person's mail ------------------------------------------------------------------------------------------------------


def _remind(person: Person, now: datetime, post: _Post, listed: dict[UUID, list[Entry]]) -> bool:
    """Whether a mail left. ``listed`` keeps what is open in each account, for all who work there."""
    works = Membership.everywhere.filter(person=person).select_related("account").prefetch_related("properties")
    members, turn, news = list(works.order_by("account")), _turn(person, now), []
    for member in members:
        if member.role in _ROLES:
            if member.account_id not in listed:
                listed[member.account_id] = _still_open(member.account, now)
            if due := _new(member, turn, now, listed[member.account_id]):
                news.append(News(member.account, due))
    if news and not _send(person, news, now, post, several=len(members) > 1):
        return False
    if turn.digest and members and not any(_underway(member, now) for member in members):
        Person.objects.filter(pk=person.pk).update(digest_at=now)
    return bool(news)


def _underway(member: Membership, now: datetime) -> bool:
    """Whether another process is sending to them, or died of it just now: then nobody knows yet that they had their digest."""
    open_ = ReminderSent.objects.of(member.account).filter(person=member.person_id, delivered_at=None)
    return bool(open_.exclude(_abandoned(now)).exists())


def _send(person: Person, news: Sequence[News], now: datetime, post: _Post, *, several: bool) -> bool:
    """First it is written down, then sent, then noted as gone: two processes never send the same, and no crash swallows one."""
    rows = [
        ReminderSent(
            account=one.account, property=entry.property, obligation=entry.obligation, subject=entry.subject, person=person,
            sent_at=now,
        )
        for one in news for entry in one.due
    ]  # fmt: skip
    mine = [(one, ReminderSent.objects.of(one.account).filter(person=person)) for one in news]
    try:
        with transaction.atomic():
            for one, written in mine:
                written.filter(_abandoned(now), subject__in={entry.subject for entry in one.due}).delete()
            ReminderSent.everywhere.bulk_create(rows)
    except IntegrityError:  # another process was quicker
        return False
    claimed = [(one, written.filter(pk__in=[row.pk for row in rows])) for one, written in mine]
    if not post.send([one.account for one in news], person, digest(person, news, now, several=several)):
        for _, written in claimed:
            written.delete()
        return False
    with transaction.atomic():
        for one, written in claimed:
            written.update(delivered_at=now)
            data = {"duties": len(one.due)}
            chain.append(one.account, "reminders.sent", at=now, actor=chain.ENGINE, subject=f"person:{person.pk}", data=data)
    return True
