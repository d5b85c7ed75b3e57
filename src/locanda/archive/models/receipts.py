"""Days of sending, their receipts, and what somebody must be told."""

from __future__ import annotations

from django.db import models

from locanda.archive.models.owned import Owned
from locanda.archive.models.properties import PoliceCredential

__all__ = ["Alarm", "Receipt", "SendingDay"]


class SendingDay(Owned):
    """A day on which a credential sent something, or may have: a receipt is expected from the day after."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        AGREES = "agrees"
        DIFFERS = "differs"  # the counts do not fit, or more than one explanation does
        UNREAD = "unread"  # the receipt is here but its counts cannot be read: a person must
        GONE = "gone"  # older than the portal gives receipts for
        EXPLAINED = "explained"  # a person said what else was sent with this account that day
        NOTHING = "nothing"  # the portal has no receipt, and we know of nothing that it took

    credential = models.ForeignKey(PoliceCredential, on_delete=models.PROTECT, related_name="sending_days")
    day = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    next_try_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=40, blank=True)
    expected_schedine = models.PositiveIntegerField(null=True)  # known accepted, when last compared
    expected_days = models.PositiveIntegerField(null=True)

    class Meta(Owned.Meta):
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["credential", "day"], name="one_sending_day")]


class Receipt(Owned):
    """A ricevuta as the portal gave it, byte for byte; kept five years (D.M. 7/1/2013). It bears no guest's name."""

    sending_day = models.OneToOneField(SendingDay, on_delete=models.PROTECT, related_name="receipt")
    credential = models.ForeignKey(PoliceCredential, on_delete=models.PROTECT, related_name="receipts")
    day = models.DateField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    fetched_at = models.DateTimeField()
    number = models.CharField(max_length=60, blank=True)
    schedine = models.PositiveIntegerField(null=True)
    total_days = models.PositiveIntegerField(null=True)
    unfit = models.CharField(max_length=12, blank=True)  # it says another day, another user, or that a simulator made it
    read_by = models.CharField(max_length=10, default="program")  # or "operator", who typed the counts
    keep_until = models.DateField()
    simulated = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        ordering = ["-day"]


class Alarm(Owned):
    """Something a person must know or do. Cleared when it no longer holds; never hidden by itself."""

    kind = models.CharField(max_length=40)  # a key of the texts: alarm.<kind>
    subject = models.CharField(max_length=80)  # what it is about, such as ``delivery:<id>``: one open alarm a subject
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)  # numbers, days, names of properties: never of guests

    class Meta(Owned.Meta):
        ordering = ["raised_at"]
        indexes = [models.Index(fields=["account", "cleared_at"], name="alarm_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "subject"], condition=models.Q(cleared_at=None), name="one_open_alarm"
            )
        ]
