"""Erasure: the key of a party is destroyed, and with it everything sealed under it (D.M. 7/1/2013; GDPR art. 17).

What stays: sex, birth date, citizenship and residence for the statistics of the month, counts, receipts, the chain's
commitments, and until the year is over a keyed hash of the document, by which a guest is not registered twice and nights
are counted for the tax. What goes: name, birthplace, document, the bytes sent, the raw exchange, the portal's free texts.
"""

from __future__ import annotations

from datetime import datetime
from threading import Event

from django.db import OperationalError, connection, transaction

from locanda.archive import chain
from locanda.archive.models import Guest, Party, PreparedRequest, RememberedGuest, Stay

__all__ = ["erase_party", "sweep_due", "sweep_if_due", "sweep_journal"]

_BRIEFLY = 200
"""Milliseconds that a sweep waits for readers; a round of the engine must not stand still for them."""
_due = Event()


def erase_party(party: Party, *, at: datetime, actor: str, why: str) -> bool:
    """Destroy the key of a party. False when it was already gone."""
    with transaction.atomic():
        locked = Party.objects.of(party.account_id).select_for_update(no_key=True).get(pk=party.pk)
        if locked.wrapped_key is None:
            return False
        chain.append(
            party.account,
            "party.erased",
            at=at,
            actor=actor,
            subject=f"party:{party.pk}",
            data={"why": why, "guests": locked.size},
        )
        Guest.objects.of(party.account_id).filter(party=locked).update(sealed=b"")
        locked.wrapped_key, locked.erased_at = None, at
        locked.save(update_fields=["wrapped_key", "erased_at"])
    party.wrapped_key, party.erased_at = None, at
    return True


def sweep_due() -> None:
    """A key was destroyed just now: the next round of the engine sweeps. After a crash the first round does it anyway."""
    _due.set()


def sweep_if_due() -> bool:
    """Sweep when somebody asked for it; still due when readers were in the way. Whether nothing is left to sweep."""
    return sweep_journal() if _due.is_set() else True


def sweep_journal(*, patience: int = _BRIEFLY) -> bool:
    """Push erasures out of the write-ahead log, so that no old copy of a wrapped key waits there.

    Waits at most ``patience`` milliseconds for whoever reads; False when they were in the way, and then it is still due.

    SQLite zeroes freed pages (``secure_delete``) once the log is folded in. PostgreSQL keeps dead rows until VACUUM, which
    cannot run in a transaction; its write-ahead log goes with the server's own rotation.
    """
    _due.set()
    if connection.in_atomic_block:
        return False
    _due.clear()  # before the work: what is destroyed meanwhile is due again
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout={int(patience)}")
            try:
                busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except OperationalError:  # the table itself is locked just now
                busy = 1
            finally:
                cursor.execute(f"PRAGMA busy_timeout={int(usual)}")
            if busy:
                _due.set()
                return False
        else:
            for model in (Party, Stay, RememberedGuest, PreparedRequest):  # a stay holds the key of its draft until check-in
                cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
    return True
