"""When the key of a party is destroyed: its last schedina stands in a receipt, and nothing of it is in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from locanda.archive.chain import ENGINE
from locanda.archive.erasure import erase_party, sweep_journal
from locanda.archive.models import Delivery, Party, Segment
from locanda.delivery.machine import State

__all__ = ["erase_what_is_done", "finish_erasures"]


def erase_what_is_done(parties: Iterable[Party], *, at: datetime, actor: str = ENGINE) -> int:
    """Destroy the keys of the parties whose last schedina is receipted; the number erased."""
    done = 0
    for party in {party.pk: party for party in parties}.values():
        owed = Segment.objects.of(party.account_id).filter(party=party, receipted_at=None, cancelled_at=None)
        doubtful = Delivery.objects.of(party.account_id).filter(party=party, state__in=[State.IN_DOUBT, State.SENDING])
        if not owed.exists() and not doubtful.exists():
            done += erase_party(party, at=at, actor=actor, why="receipt")
    if done:
        sweep_journal()
    return done


def finish_erasures(at: datetime) -> int:
    """Erase what a process that died was about to; asked once when an engine starts."""
    segments = Segment.everywhere.filter(party=OuterRef("pk"))
    owed = segments.filter(receipted_at=None, cancelled_at=None)
    left = Party.everywhere.filter(Exists(segments), ~Exists(owed), wrapped_key__isnull=False)
    done = erase_what_is_done(left.select_related("account"), at=at)
    sweep_journal()
    return done
