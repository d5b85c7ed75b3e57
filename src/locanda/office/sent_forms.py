"""Forms that were sent, each with what it was answered, so that the same one sent twice does its work once.

They stand among the sessions, under names of their own: whoever claims a name first does the work, on any thread, process or
machine, and whoever comes second waits for the answer. Answers are sealed, and gone after a day.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from locanda.archive.vault import WrongKey, open_with_any, seal

__all__ = ["Answer", "answer_of", "answered", "claim", "forget_old", "let_go"]

_PREFIX = "form-"
_PURPOSE = "answer to a form"
_AT_WORK = timedelta(minutes=2)
"""After that, whoever works on a form is taken for dead."""
_KEPT = timedelta(days=1)
_KEPT_TROUBLE = timedelta(seconds=10)
"""What went wrong may go well when the same is sent later: only a double tap gets the same answer."""


class Answer(NamedTuple):
    """Where a form led, and what was said of it: pairs of a level and a text."""

    there: str
    said: tuple[tuple[int, str], ...] = ()
    trouble: bool = False


def claim(form: str, *, now: datetime) -> bool:
    """Take a form on; False when somebody has done so before. ``form`` is 32 hex digits."""
    while True:
        try:
            with transaction.atomic():
                Session.objects.create(session_key=_PREFIX + form, session_data="", expire_date=now + _AT_WORK)
            return True
        except IntegrityError:
            if not Session.objects.filter(session_key=_PREFIX + form, expire_date__lt=now).delete()[0]:
                return False


def answered(form: str, answer: Answer, *, now: datetime) -> None:
    """The work is done: whoever sends the same again is told the same."""
    text = base64.b64encode(seal(settings.KEYRING.derive(_PURPOSE), json.dumps(answer).encode(), _PURPOSE)).decode("ascii")
    until = now + (_KEPT_TROUBLE if answer.trouble else _KEPT)
    told = {"session_data": text, "expire_date": until}
    Session.objects.update_or_create(session_key=_PREFIX + form, defaults=told)  # what took long is claimed no more


def answer_of(form: str) -> Answer | None:
    """What was answered; None while somebody still works on it."""
    found = Session.objects.filter(session_key=_PREFIX + form).values_list("session_data", flat=True).first()
    if not found:
        return None
    try:
        text = open_with_any(settings.KEYRING.derive_all(_PURPOSE), base64.b64decode(found), _PURPOSE)
    except WrongKey:  # the master key has changed twice since: nothing is known of it any more
        let_go(form)
        return None
    there, said, trouble = json.loads(text)
    return Answer(there, tuple((level, words) for level, words in said), trouble)


def let_go(form: str) -> None:
    """Nothing came of it that could be told again: the same form is worked on anew."""
    Session.objects.filter(session_key=_PREFIX + form).delete()


def forget_old(now: datetime) -> int:
    """Answers that nobody asks for any more; how many."""
    return Session.objects.filter(session_key__startswith=_PREFIX, expire_date__lt=now).delete()[0]
